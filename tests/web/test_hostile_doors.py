"""What strangers put into addresses, and records into links: at no door does it become more than text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.web import create_app

from .conftest import BASE, settings_for

SEED = "record/nottingham-40697"
#: Every place where an address takes what anybody writes.
PLACES = (
    *("/{}", "/id/{}", "/id/record/{}", "/doc/{}", "/doc/record/{}", "/doc/record/{}.ttl", "/linkset/{}"),
    *("/linkset/record/{}.json", "/.well-known/{}", "/.well-known/genid/{}", "/.well-known/genid/{}/authors/1"),
    *(f"/doc/{SEED}?{name}={{}}" for name in ("format", "_mediatype", "_profile", "form", "view", "page", "lang")),
    *(f"/id/{SEED}?{name}={{}}" for name in ("format", "_mediatype", "_profile", "form", "view", "page")),
    *("/browse/{}", "/browse/record?page={}", "/browse/name?letter={}", "/type/{}", "/year/{}", "/search.{}"),
    *("/search?q={}", "/search?q=a&format={}", "/search?q=a&sort={}", "/search?q=a&year={}", "/search?q=a&type={}"),
    *("/sparql?query={}", "/sparql?query=ASK%20%7B%7D&format={}", "/sparql/examples.{}", "/sparql/{}"),
    *("/sparql?query=ASK%20%7B%7D&default-graph-uri={}", "/dump/{}", "/dump/latest.{}", "/sitemap/{}.xml"),
    *("/changes/{}", "/feed.atom?page={}", "/ontologies/{}", "/def/{}", "/context/{}.jsonld", "/static/{}"),
)
SCRIPT = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
TEXTS = {
    "line breaks": "x\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "script": SCRIPT,
    "javascript": "javascript:alert(1)",
    "another host": "//evil.example/",
    "whole address": "https://evil.example/",
    "backslashes": "/\\evil.example",
    "files above": "../../../../../../etc/passwd",
    "files of ours": "../editions/000001/register.sqlite",
    "NUL": "\x00.ttl",
    "no UTF-8": "\udcff",
}


class Attributes(HTMLParser):
    """The attributes of a page that lead somewhere or run something, and what stands in its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.leading: list[str] = []
        self.running: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.leading += [(value or "").strip().lower() for name, value in attrs if name in ("href", "src", "action")]
        self.running += [name for name, _ in attrs if name.startswith("on")]
        if tag == "script" and dict(attrs).keys() & {"src", "type"} == set():
            self.running.append(tag)


def check(answer: TestResponse) -> None:
    """What must hold whatever was asked."""
    assert answer.status_code != 500
    assert "Set-Cookie" not in answer.headers
    assert not any(re.search(r"[\r\n\0]", value) for value in answer.headers.values())
    assert re.match(r"/(?![/\\])", answer.headers.get("Location", "/"))
    assert not re.search(rb"root:.*:0:0:|SQLite format", answer.data)
    if answer.mimetype == "text/html":
        page = Attributes(answer.text)
        assert page.running == []
        assert [each for each in page.leading if re.match(r"(javascript|data:(?!,$)|//|https?://evil)", each)] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("coded", [True, False], ids=["coded", "raw"])
def test_text_in_an_address_stays_text(client: FlaskClient, text: str, coded: bool) -> None:
    """At every door: no header of its own, no script, no file, and no way to another site."""
    written = quote(text.encode("utf-8", "surrogateescape"), safe="" if coded else "/\\:<>\"'=;()")
    for place in PLACES:
        with client.get(place.replace("{}", written), headers={"Accept": "text/html"}) as answer:
            check(answer)


#: Doors that redirect, and some of the others.
LEADING = (
    *(f"/id/{SEED}", "/.well-known/void", "/.well-known/genid/nottingham-40697/authors/1", "/ontologies", ""),
    *("/search?q=nottingham-40697", "/search?q=0028-0836", f"/doc/{SEED}.html", "/", "/sparql", "/nothing"),
)
FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "ftp",
    "Forwarded": "host=evil",
}


@pytest.mark.parametrize("path", LEADING)
def test_forged_host_leads_nobody_away(client: FlaskClient, path: str) -> None:
    """Neither in redirects nor in links nor on pages."""
    answer = client.get(path, headers={**FORGED, "Accept": "text/html"})
    assert b"evil" not in answer.data
    assert not any("evil" in value for value in answer.headers.values())
    check(answer)


RUNS = " JavaScript:alert(1)"
FIELDS = ("url", "doi_str_mv", "thumbnail", "topic_uri_str_mv", "publisher", "author", "topic", "description", "series")


@pytest.fixture(scope="module")
def armed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A record that has addresses which run something wherever a field may hold one."""
    data: Path = tmp_path_factory.mktemp("armed")
    values = [RUNS, "data:text/html,<script>alert(1)</script>", "vbscript:x", "java\tscript:alert(1)"]
    fields = {"id": ["r"], "title": [RUNS], **dict.fromkeys(FIELDS, values)}
    publish([Record("r", fields)], Catalogue(data), Site(BASE), processes=1)
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


def test_addresses_that_run_something_are_no_links(armed: Flask) -> None:
    """On the pages of the record and of everything that it speaks of, in lists and results, and in headers."""
    client, edition = armed.test_client(), armed.extensions["current"].edition()
    about = {row.uri for kind in ("name", "concept", "org") for row in edition.listing(kind, page=1).rows}
    pages = {f"{uri.replace('/id/', '/doc/').removeprefix(BASE)}.html" for uri in (f"{BASE}id/record/r", *about)}
    assert len(pages) > 8
    for page in (*pages, "", "browse/record", "browse/name", "search?q=alert"):
        answer = client.get(f"/{page}")
        check(answer)
        assert not re.search(r"<\s*(javascript|vbscript|data):", answer.headers.get("Link", ""), re.IGNORECASE)


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld?form=expanded"])
def test_addresses_that_run_something_are_no_resources(armed: Flask, suffix: str) -> None:
    """In the data they are texts, or nothing."""
    body = armed.test_client().get(f"/doc/record/r.{suffix}").text
    assert "alert(1)" in body
    assert not re.search(r'(<|"@id":\s*")\s*(javascript|vbscript|data):', body, re.IGNORECASE)
