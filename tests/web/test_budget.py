"""Budgets: who a client is, how much it may send, and what it is told when that was too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.web import create_app
from linkeddata.web.budget import Buckets, client_of

from .conftest import settings_for


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "6.6.6.6", 0, "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.7", 1, "192.0.2.7"),
        ("10.0.0.1", "6.6.6.6,192.0.2.7, 10.0.0.2", 2, "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7", 2, "10.0.0.1"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "unknown", 1, "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7:4711", 1, "192.0.2.7"),
        ("10.0.0.1", "[2001:db8:1:2::9]:443", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", 0, "fe80::/64"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("", "", 0, ""),
    ],
)
def test_client_is_whom_our_own_proxies_saw(peer: str, forwarded: str, proxies: int, client: str) -> None:
    """Only the part of the header that our proxies wrote counts, and a household of IPv6 is one client."""
    assert client_of(peer, forwarded, proxies) == client


def test_bucket_is_filled_again_by_time() -> None:
    """After the burst a client has its rate; another client has a bucket of its own."""
    clock = Clock()
    buckets = Buckets(2.0, 3, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    clock.now = 0.5
    assert [buckets.take("a"), buckets.take("a") > 0] == [0, True]
    clock.now = 1000
    assert [buckets.take("a") == 0 for _ in range(4)] == [True, True, True, False]


def test_only_so_many_clients_are_remembered() -> None:
    """Memory is bounded, and who was seen last stays."""
    buckets = Buckets(0.001, 1, clock=Clock(), remembered=10)
    for number in range(1000):
        buckets.take(str(number))
    assert (len(buckets), buckets.take("999") > 0, buckets.take("0")) == (10, True, 0)


def test_too_many_requests_are_told_when_to_come_back(sample_data: Path) -> None:
    """A problem document with the seconds to wait and a link to the dump; health stays free."""
    client = create_app(settings_for(sample_data, server__rate=0.1, server__burst=2)).test_client()
    answers = [client.get("/data", headers={"Accept": "application/json"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert refused.headers["Link"] == '</dump/latest.nq.gz>; rel="alternate"; type="application/gzip"'
    assert (refused.json or {})["status"] == 429
    for path in ("/readyz", "/static/site.css"):
        with client.get(path) as free:
            assert free.status_code == 200


def test_proxied_clients_have_buckets_of_their_own(sample_data: Path) -> None:
    """Behind one proxy the address that it names counts, whatever a client wrote before it."""
    settings = settings_for(sample_data, server__rate=0.1, server__burst=1, server__behind_proxy=1)
    client = create_app(settings).test_client()
    sent = ("1.1.1.1, 192.0.2.1", "2.2.2.2, 192.0.2.1", "192.0.2.2")
    assert [client.get("/data", headers={"X-Forwarded-For": each}).status_code for each in sent] == [200, 429, 200]


def test_no_budget_is_kept_by_default(sample_data: Path) -> None:
    """Nobody is refused unless the operator says so."""
    client = create_app(settings_for(sample_data)).test_client()
    assert {client.get("/def/none").status_code for _ in range(300)} == {404}
