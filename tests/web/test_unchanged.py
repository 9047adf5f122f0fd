"""Conditional requests: 304 by the tag alone, in whatever way a client or proxy asks."""

from __future__ import annotations

import http.client
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.representations.variants import SUFFIXES
from linkeddata.web import create_app, documents

from .conftest import settings_for

RECORD = "/doc/record/nottingham-40697"
JOURNAL = "/doc/journal/issn-0028-0836"
AGENT = "/doc/agent/nottingham-40697/waring-justin-6f2d327e"
DOCUMENTS = [
    *(f"{RECORD}.{suffix}" for suffix in SUFFIXES),
    *(f"{JOURNAL}.{suffix}" for suffix in SUFFIXES),
    *(RECORD, JOURNAL, f"{AGENT}.ttl", "/doc/dataset/catalogue.ttl", f"{RECORD}.jsonld?form=expanded"),
]
PAGES = ["/", "/browse/record", "/browse/name", "/data", "/about"]
MADE = ["/ontologies/", "/ontologies/terms", "/def/profile-1.ttl", "/ontologies/crosswalk.toml", "/context.jsonld"]
STATIC = ["/static/site.css", "/sitemap.xml", "/sitemap/1.xml", "/changes", "/feed.atom", "/llms.txt"]
LONG_AGO, LONG_AHEAD = "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
KEPT = ("ETag", "Vary", "Cache-Control", "Last-Modified", "Content-Location")


@pytest.fixture
def cold(sample_data: Path) -> Iterator[Flask]:
    """An application that keeps nothing, as after a restart."""
    app = create_app(settings_for(sample_data, server__cache_mb=0))
    yield app
    app.extensions["current"].close()


class Broken:
    """Stands where a part of the edition was; using it fails."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was used")


@pytest.mark.parametrize("path", [*DOCUMENTS, *PAGES, *MADE, *STATIC])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_304_has_the_headers_of_200(client: FlaskClient, path: str, coding: str) -> None:
    """Those by which a cache renews what it holds, Link among them, for GET and HEAD."""
    first = client.get(path, headers={"Accept-Encoding": coding})
    asked = {"Accept-Encoding": coding, "If-None-Match": first.headers["ETag"]}
    for again in (client.get(path, headers=asked), client.head(path, headers=asked)):
        assert (again.status_code, again.data) == (304, b"")
        for name in (*KEPT, "Link"):
            assert again.headers.get(name) == first.headers.get(name)
        assert "Content-Type" not in again.headers
        assert "Content-Encoding" not in again.headers


@pytest.mark.parametrize("path", [*DOCUMENTS, *PAGES])
def test_304_touches_no_store_and_writes_nothing(cold: Flask, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """With the store taken away and every writer broken it still comes, with nothing kept in memory."""
    client, edition = cold.test_client(), cold.extensions["current"].edition()
    first = client.get(path)
    monkeypatch.setattr(edition, "_reader", Broken())
    monkeypatch.setattr(documents, "represent", Broken())
    monkeypatch.setattr(documents, "render_template", Broken())
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in KEPT:
        assert again.headers.get(name) == first.headers.get(name)


@pytest.mark.parametrize("path", [*DOCUMENTS, *PAGES])
def test_304_costs_one_look_up_at_most(cold: Flask, path: str) -> None:
    """One statement to the register for a record, none for a page or a shared thing."""
    client, edition = cold.test_client(), cold.extensions["current"].edition()
    tag = client.get(path).headers["ETag"]
    seen: list[str] = []
    connection: sqlite3.Connection = edition._register._connection
    connection.set_trace_callback(seen.append)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    connection.set_trace_callback(None)
    assert len(seen) == ("/record/" in path)


@pytest.mark.parametrize("path", [f"{RECORD}.ttl", RECORD, f"{RECORD}.html"])
def test_304_of_a_record_has_its_links_even_when_nothing_is_kept(cold: Flask, path: str) -> None:
    """They are made of what the register leads to."""
    client = cold.test_client()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Link"]) == (304, first.headers["Link"])


@pytest.mark.parametrize("path", [f"{RECORD}.ttl", f"{JOURNAL}.html", "/", "/ontologies/terms"])
@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ('{tag} , W/"other"', 304),
        ("*", 304),
        ('"other"', 200),
        ('W/"other"', 200),
        ('"*"', 200),
        ('""', 200),
        ("nonsense", 200),
    ],
)
def test_if_none_match_is_read_as_the_standard_says(client: FlaskClient, path: str, written: str, status: int) -> None:
    """Lists, the star, and weak tags such as proxies make of ours (RFC 9110, section 13.1.2)."""
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": written.format(tag=tag)}).status_code == status


@pytest.mark.parametrize(
    "path", ["/doc/journal/none.ttl", "/doc/record/none.ttl", "/browse/none", f"{RECORD}.ttl?page=2"]
)
@pytest.mark.parametrize("asked", [{"If-None-Match": "*"}, {"If-Modified-Since": LONG_AHEAD}])
def test_what_is_not_there_is_404_however_it_is_asked(client: FlaskClient, path: str, asked: dict[str, str]) -> None:
    """That nothing changed can be said only of something."""
    assert client.get(path, headers=asked).status_code == 404


@pytest.mark.parametrize("path", [f"{RECORD}.ttl", f"{RECORD}.html", f"{JOURNAL}.ttl", RECORD, "/"])
def test_if_modified_since_compares_dates(client: FlaskClient, path: str) -> None:
    """The date we gave and any later one is 304, an earlier or unreadable one is 200."""
    dated = client.get(path).headers["Last-Modified"]
    for since, status in ((dated, 304), (LONG_AHEAD, 304), (LONG_AGO, 200), ("yesterday", 200)):
        assert client.get(path, headers={"If-Modified-Since": since}).status_code == status


@pytest.mark.parametrize("path", [f"{RECORD}.ttl", f"{JOURNAL}.ttl", "/"])
def test_if_none_match_wins_over_the_date(client: FlaskClient, path: str) -> None:
    """Both ways round (RFC 9110, section 13.2.2)."""
    first = client.get(path)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    other = client.get(path, headers={"If-None-Match": '"other"', "If-Modified-Since": date})
    same = client.get(path, headers={"If-None-Match": tag, "If-Modified-Since": LONG_AGO})
    assert (other.status_code, same.status_code) == (200, 304)


@pytest.mark.parametrize("path", ["/id/record/nottingham-40697", "/doc/record/none", "/sparql?query=ASK%20%7B%7D"])
def test_what_has_no_tag_is_never_304(client: FlaskClient, path: str) -> None:
    """Redirects, errors and queries are answered each time."""
    first = client.get(path)
    assert "ETag" not in first.headers
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == first.status_code


def test_every_variant_of_every_thing_has_its_own_tag(client: FlaskClient) -> None:
    """Format, profile, form, view, page and coding all tell: no two share a tag."""
    paths = [
        *(f"{thing}.{suffix}" for thing in (RECORD, JOURNAL, AGENT) for suffix in SUFFIXES),
        *(f"{RECORD}.jsonld?form={form}" for form in ("expanded", "flattened", "framed")),
        *(f"{RECORD}.ttl?view=plain", f"{RECORD}.ttl?_profile=schema", f"{RECORD}.bib"),
    ]
    tags = [
        client.get(path, headers={"Accept-Encoding": coding}).headers["ETag"]
        for path in paths
        for coding in ("identity", "gzip", "br")
    ]
    assert len(set(tags)) == len(tags)


def test_settings_of_the_site_change_the_tags_of_pages(sample_data: Path) -> None:
    """A new title stands on every page and in no data."""
    tags = []
    for title in ("One", "Two"):
        app = create_app(settings_for(sample_data, site__title=title))
        tags.append([app.test_client().get(path).headers["ETag"] for path in ("/", f"{RECORD}.html", f"{RECORD}.ttl")])
        app.extensions["current"].close()
    assert [one == other for one, other in zip(*tags, strict=True)] == [False, False, True]


def test_connection_stays_open_after_an_answer_without_body(live_site: str) -> None:
    """A client that asks after a hundred documents needs one connection; one that wants it closed has it closed."""
    with closing(http.client.HTTPConnection(urlsplit(live_site).netloc, timeout=10)) as connection:
        connection.request("GET", f"{RECORD}.ttl")
        first = connection.getresponse()
        first.read()
        tag = first.headers["ETag"]
        for method, headers, status in (
            ("GET", {"If-None-Match": tag}, 304),
            ("OPTIONS", {}, 204),
            ("HEAD", {"If-None-Match": tag}, 304),
            ("GET", {"If-None-Match": tag, "Connection": "close"}, 304),
        ):
            connection.request(method, f"{RECORD}.ttl", headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert (answer.status, answer.will_close) == (status, "Connection" in headers)
