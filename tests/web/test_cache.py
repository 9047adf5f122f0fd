"""Finished answers kept in the process: within their bound, of one edition, whatever threads do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.web import create_app
from linkeddata.web.cache import Answer, Cache

from .conftest import BASE, settings_for

ANSWER = Answer((("Content-Type", "text/plain"),), b"x" * 1000)
JOURNAL = "/doc/journal/issn-0028-0836"
DOCUMENTS = ["/doc/record/nottingham-40697.ttl", "/doc/record/nottingham-40697.html", f"{JOURNAL}.ttl", JOURNAL]


def cache(most: int = 100_000) -> Cache:
    """A cache of edition 1."""
    made = Cache(most)
    made.begin(1)
    return made


def test_what_was_kept_is_given_again() -> None:
    """Under its key, in its edition."""
    kept = cache()
    kept.put(1, "a", ANSWER)
    assert kept.get(1, "a") is ANSWER
    assert (kept.get(1, "b"), kept.get(2, "a")) == (None, None)


def test_bytes_stay_within_the_bound() -> None:
    """However many answers come, and `size` is what they sum up to."""
    kept = cache()
    for number in range(500):
        kept.put(1, number, ANSWER)
        assert kept.size <= 100_000
    held = [number for number in range(500) if kept.get(1, number)]
    assert kept.size == len(held) * ANSWER.size
    assert held[-1] == 499


def test_what_was_not_asked_for_longest_goes_first() -> None:
    """Asking for an answer keeps it."""
    kept = cache(10 * ANSWER.size)
    for number in range(10):
        kept.put(1, number, ANSWER)
    kept.get(1, 0)
    kept.put(1, "new", ANSWER)
    assert kept.get(1, 0) is not None
    assert kept.get(1, 1) is None


def test_one_large_answer_does_not_push_out_all_others() -> None:
    """More than an eighth of the room is not given to it."""
    kept = cache()
    kept.put(1, "small", ANSWER)
    kept.put(1, "large", Answer((), b"x" * 20_000))
    assert kept.get(1, "large") is None
    assert kept.get(1, "small") is not None


def test_nothing_is_kept_without_room() -> None:
    """0 turns it off."""
    kept = cache(0)
    kept.put(1, "a", ANSWER)
    assert (kept.get(1, "a"), kept.size) == (None, 0)


def test_another_edition_drops_everything() -> None:
    """And who still has the old one in hand can put nothing in."""
    kept = cache()
    kept.put(1, "a", ANSWER)
    kept.begin(2)
    kept.put(1, "b", ANSWER)
    assert (kept.get(2, "a"), kept.get(2, "b"), kept.size) == (None, None, 0)


def test_putting_an_answer_twice_counts_once() -> None:
    """Two threads that missed it both bring it."""
    kept = cache()
    kept.put(1, "a", ANSWER)
    kept.put(1, "a", ANSWER)
    assert kept.size == ANSWER.size


def test_threads_leave_the_count_right() -> None:
    """Many at once, taking turns as often as can be, with a bound that is always full, while the edition changes."""
    kept = cache(20 * ANSWER.size)
    together = Barrier(8, timeout=60)

    def work(seed: int) -> None:
        together.wait()
        for number in range(5000):
            kept.put(1, (seed, number), ANSWER)
            if number == 100 * seed:
                kept.begin(1)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(work, range(8)))
    finally:
        sys.setswitchinterval(interval)
    held = [key for key in product(range(8), range(5000)) if kept.get(1, key)]
    assert kept.size == len(held) * ANSWER.size


class Reads:
    """Counts the descriptions that an edition makes."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        edition = app.extensions["current"].edition()
        for name in ("describe", "describe_entry", "listing", "recent"):
            monkeypatch.setattr(edition, name, self._counted(getattr(edition, name)))
        for name in ("shelf", "numbered"):
            monkeypatch.setattr(edition.lists, name, self._counted(getattr(edition.lists, name)))

    def _counted(self, real: Any) -> Any:
        def counting(*values: Any, **named: Any) -> Any:
            self.count += 1
            return real(*values, **named)

        return counting


@pytest.fixture
def fresh(sample_data: Path) -> Iterator[Flask]:
    """An application of its own, so that its cache begins empty."""
    app = create_app(settings_for(sample_data))
    yield app
    app.extensions["current"].close()


@pytest.mark.parametrize("path", [*DOCUMENTS, "/", "/browse/name", "/browse/record?page=1"])
@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_repeated_document_is_not_made_again(
    fresh: Flask, monkeypatch: pytest.MonkeyPatch, path: str, coding: str
) -> None:
    """The second answer has the bytes and headers of the first, and the edition was not asked."""
    client, reads = fresh.test_client(), Reads(fresh, monkeypatch)
    first, second = (client.get(path, headers={"Accept-Encoding": coding}) for _ in range(2))
    assert (first.data, sorted(first.headers)) == (second.data, sorted(second.headers))
    assert reads.count == 1


def test_negotiated_and_fixed_address_share_their_bytes(fresh: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """One variant is kept once, and each address says of it what it should."""
    client, reads = fresh.test_client(), Reads(fresh, monkeypatch)
    fixed = client.get(f"{JOURNAL}.ttl")
    negotiated = client.get(JOURNAL, headers={"Accept": "text/turtle"})
    again = client.get(f"{JOURNAL}.ttl")
    assert (negotiated.data, again.headers["Cache-Control"]) == (fixed.data, fixed.headers["Cache-Control"])
    assert negotiated.headers["Cache-Control"] == "private, max-age=60"
    assert reads.count == 1


@pytest.mark.parametrize("path", [*DOCUMENTS, "/", "/browse/name"])
def test_nothing_is_kept_where_the_setting_says_so(
    sample_data: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """`server.cache_mb = 0`: every answer is made anew, and is the same."""
    app = create_app(settings_for(sample_data, server__cache_mb=0))
    client, reads = app.test_client(), Reads(app, monkeypatch)
    assert client.get(path).data == client.get(path).data
    assert reads.count == 2
    app.extensions["current"].close()


@pytest.mark.parametrize(
    "path", ["/doc/record/none.ttl", "/id/record/nottingham-40697", "/browse/none", "/sparql?query=ASK%20%7B%7D"]
)
def test_only_finished_documents_are_kept(fresh: Flask, path: str) -> None:
    """Neither errors nor redirects nor anything of SPARQL."""
    fresh.test_client().get(path)
    assert fresh.extensions["current"].answers.size == 0
    fresh.test_client().get(DOCUMENTS[0])
    assert fresh.extensions["current"].answers.size > 1000


def test_new_edition_is_served_at_once(tmp_path: Path) -> None:
    """What was kept of the old one is never sent again, of changed and unchanged things alike."""
    site = Site(BASE)
    publish([Record("a", {"id": ["a"], "title": ["Before"]})], Catalogue(tmp_path), site, processes=1)
    app = create_app(settings_for(tmp_path))
    client: FlaskClient = app.test_client()
    paths = ["/", "/browse/record", "/doc/record/a.html", "/doc/record/a.ttl"]
    assert all(b"Before" in client.get(path).data for path in paths)
    publish([Record("a", {"id": ["a"], "title": ["After"]})], Catalogue(tmp_path), site, processes=1)
    assert all(b"After" in client.get(path).data for path in paths)
    app.extensions["current"].close()
