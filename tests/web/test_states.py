"""The states of a site that its pages tell of: what is said, and with which status."""

from __future__ import annotations

import logging
import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.folder import DRAFT, SEARCH
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.web import create_app

from .conftest import BASE, settings_for
from .well_filled import HUGE

HTML = {"Accept": "text/html"}
#: What each state of a thing says on its page: the address, the status, and the words.
TOLD = {
    "nothing known": ("/doc/record/bare.html", 200, "The source gives no author, date or subject."),
    "unknown type": ("/doc/record/unknown.html", 200, "Document (Zoetrope)"),
    "withdrawn": ("/doc/record/gone", 410, '<meta name="robots" content="noindex">'),
    "withdrawn since": (
        "/doc/record/gone",
        410,
        '<cite dir="auto">Gone</cite> is published here no longer, since <time',
    ),
    "never there": ("/doc/record/nottingham-4069", 404, 'value="nottingham-4069"'),
    "near it": ("/doc/record/nottingham-4069", 404, 'href="/id/record/nottingham-40697"'),
    "no such format": ("/doc/record/rtl?_mediatype=image/png", 406, 'href="/doc/record/rtl.ttl"'),
    "namesakes": (HUGE, 200, "Works by different people of the same name may stand here together"),
    "many works": (HUGE, 200, "5,000 works, 1980–2024"),
    "filter": (HUGE, 200, '<input type="hidden" name="person" value="prolific-anna-55567180">'),
    "whole list": (HUGE, 200, "search.csv?person=prolific-anna-55567180"),
    "further on": (HUGE, 200, '<link rel="next" href="/doc/name/prolific-anna-55567180?page=2">'),
    "sixty authors": ("/doc/record/sixty.html", 200, "<summary>and 51 more</summary>"),
    "forty subjects": ("/doc/record/sixty.html", 200, "<summary>and 21 more</summary>"),
}


@pytest.mark.parametrize("state", TOLD)
def test_state_is_told_in_words_and_by_status(full: Flask, state: str) -> None:
    """Each row of the table of states that is about one thing."""
    path, status, words = TOLD[state]
    answer = full.test_client().get(path, headers=HTML, follow_redirects=True)
    assert (answer.status_code, words in " ".join(answer.text.split())) == (status, True)


def test_who_asks_for_plain_text_is_told_in_plain_text(full: Flask) -> None:
    """What there is not is told in the format that was asked for."""
    answer = full.test_client().get("/doc/record/nottingham-4069", headers={"Accept": "text/plain"})
    assert (answer.status_code, answer.mimetype, "<" in answer.text) == (404, "text/plain", False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One record, published."""
    publish([Record("a", {"id": ["a"], "title": ["A"]})], Catalogue(tmp_path), Site(BASE), processes=1)
    return tmp_path


def client_of(data: Path) -> FlaskClient:
    return create_app(settings_for(data)).test_client()


@pytest.mark.parametrize(
    ("ago", "words"), [(0, "is being made and expected at about"), (9_000, "is being made and should be here soon")]
)
def test_foot_says_when_a_newer_edition_is_expected(data: Path, ago: int, words: str) -> None:
    """While one is being made, by how long the last one took; old data stay, and the page has another tag."""
    before = client_of(data).get("/doc/record/a.html")
    (data / DRAFT).mkdir()
    os.utime(data / "lock", (time.time() + 90 - ago, time.time() + 90 - ago))
    answer = client_of(data).get("/doc/record/a.html")
    assert words in answer.text and "Edition 1" in answer.text and words not in before.text
    assert answer.headers["ETag"] != before.headers["ETag"]
    with Catalogue(data).begin(Site(BASE).uris):
        assert words.partition(" and")[0] in client_of(data).get("/").text


def test_what_is_kept_is_not_given_with_an_old_foot(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was given before, and is asked for again when a newer edition is being made."""
    monkeypatch.setattr("linkeddata.web.current._LOOK_SECONDS", 0)
    client = client_of(data)
    assert "is being made" not in client.get("/").text + client.get("/").text
    (data / DRAFT).mkdir()
    assert "is being made" in client.get("/").text
    (data / DRAFT).rmdir()
    assert "is being made" not in client.get("/").text


def test_draft_that_was_left_behind_announces_nothing(data: Path) -> None:
    """Nothing was written in it for a while: the run that made it was ended."""
    (data / DRAFT).mkdir()
    os.utime(data / DRAFT, (time.time() - 3600, time.time() - 3600))
    assert Catalogue(data).coming() is None
    assert "is being made" not in client_of(data).get("/").text


def test_expected_is_when_it_began_and_as_long_as_the_last_one_took(data: Path) -> None:
    """Nothing else is known of it; where nothing is served yet, nothing is known at all."""
    (data / DRAFT).mkdir()
    os.utime(data / "lock", (1e9, 1e9))
    expected = Catalogue(data).coming()
    assert expected is not None and 0 < (expected - datetime.fromtimestamp(1e9, UTC)).total_seconds() < 300
    (data / "current").unlink()
    assert Catalogue(data).coming() is None


def test_keeper_reads_in_the_log_that_there_is_no_search(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And how to have one again."""
    (data / "current" / SEARCH).unlink()
    with caplog.at_level(logging.WARNING):
        assert client_of(data).get("/").status_code == 200
    assert "edition 1 has no search index, so there is no search: linkeddata remap makes one" in caplog.text


def test_fault_of_ours_has_a_number_that_is_in_the_log(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And nothing else of it is told to strangers."""
    client = client_of(data)
    client.application.view_functions["browse.home"] = lambda: 1 / 0  # type: ignore[assignment, return-value]
    answer = client.get("/", headers=HTML)
    found = re.search(r"Reference for the keeper of this site: <code>(\w+)</code>", answer.text)
    assert answer.status_code == 500 and found and found[1] in caplog.text
    assert "ZeroDivision" not in answer.text
