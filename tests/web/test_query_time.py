"""Each client has its share of query time: counted whatever came of a query, given back evenly, told in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from linkeddata.errors import QueryBudgetSpent
from linkeddata.web import create_app
from linkeddata.web.query_time import QueryTime

from .conftest import settings_for

CHEAP = "ASK {}"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_share_is_used_up_and_comes_back_evenly() -> None:
    """After 70 of 60 seconds a client waits for eleven, and not longer."""
    clock = Clock()
    time = QueryTime(60, clock=clock)
    time.admit("a")
    time.charge("a", 70)
    with pytest.raises(QueryBudgetSpent) as refused:
        time.admit("a")
    clock.now = refused.value.retry_after
    time.admit("a")
    assert refused.value.retry_after == 11


def test_clients_do_not_pay_for_each_other() -> None:
    """One that is out of time leaves the others alone."""
    time = QueryTime(60, clock=Clock())
    time.charge("a", 100)
    time.admit("b")


def test_share_is_no_savings_account() -> None:
    """Whoever asks for nothing for an hour has one share, not sixty."""
    clock = Clock()
    time = QueryTime(60, clock=clock)
    time.charge("a", 1)
    clock.now = 3600
    time.charge("a", 61)
    with pytest.raises(QueryBudgetSpent):
        time.admit("a")


def test_memory_of_clients_is_bounded() -> None:
    """The one not heard of for longest is forgotten, and begins anew."""
    time = QueryTime(60, clock=Clock(), remembered=2)
    for client in ("a", "b", "c"):
        time.charge(client, 100)
    time.admit("a")
    with pytest.raises(QueryBudgetSpent):
        time.admit("c")


def test_share_of_nothing_is_any_number() -> None:
    """The setting 0 counts nobody's time."""
    time = QueryTime(0)
    time.charge("a", 1_000_000)
    time.admit("a")


@pytest.fixture
def strict(sample_data: Path) -> Iterator[Flask]:
    """A site behind one proxy whose clients have a millionth of a second."""
    app = create_app(settings_for(sample_data, sparql__client_seconds=1e-6, server__behind_proxy=1, sparql__workers=1))
    yield app
    app.extensions["current"].close()


def test_out_of_time_is_429_with_retry_after(strict: Flask) -> None:
    """Cheap queries count, too; another address behind the proxy is another client, a forged one is not."""
    client = strict.test_client()
    addresses = ("192.0.2.1", "192.0.2.1", "6.6.6.6, 192.0.2.1", "192.0.2.2")
    replies = [
        client.get("/sparql", query_string={"query": CHEAP}, headers={"X-Forwarded-For": each}) for each in addresses
    ]
    assert [reply.status_code for reply in replies] == [200, 429, 429, 200]
    assert int(replies[1].headers["Retry-After"]) > 0
    assert replies[1].headers["Cache-Control"] == "no-store"


def test_form_and_description_cost_nothing(strict: Flask) -> None:
    """Only queries are counted."""
    client = strict.test_client()
    client.get("/sparql", query_string={"query": CHEAP})
    assert client.get("/sparql", headers={"Accept": "text/html"}).status_code == 200
    assert client.get("/sparql", headers={"Accept": "text/turtle"}).status_code == 200


def test_query_that_cannot_be_read_is_charged(strict: Flask) -> None:
    """It had a process, so it counts."""
    client = strict.test_client()
    assert client.get("/sparql", query_string={"query": "ASK { ?s ?p }"}).status_code == 400
    assert client.get("/sparql", query_string={"query": CHEAP}).status_code == 429
