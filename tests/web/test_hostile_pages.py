"""Hostile records on every kind of page, in a real browser: nothing runs, nothing breaks the layout or complains."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from .browsing import HOST, OVERFLOW, visit
from .well_filled import BASE, TEXT

pytestmark = pytest.mark.browser

HOSTILE = ("hostile", "hostile-chapter", "hostile-kind")
#: The kinds of things that hostile records speak of; each has a page, and so has what they are counted under.
KINDS = ("agent", "collection", "concept", "host", "issue", "journal", "name", "org", "place", "record", "series")
TITLES = "SELECT * { ?work <http://purl.org/dc/terms/title> ?title FILTER(CONTAINS(?title, 'onerror')) }"
#: Pages of lists, searches, queries and refusals with something hostile on them.
PAGES = {
    "home": ["/"],
    "search": [f"/search?{urlencode({'q': text})}" for text in ("script", "alert onerror", TEXT)],
    "nothing found": [f"/search?{urlencode({'q': TEXT + ' nothingofthekind'})}"],
    "narrowed": [f"/search?{urlencode({'q': 'script', 'person': TEXT, 'type': TEXT, 'year': TEXT})}"],
    "browse": [
        *(f"/browse/{kind}?letter=%23" for kind in ("record", "name", "concept", "org")),
        *("/browse/journal", "/browse/name?year=1990", f"/browse/name?{urlencode({'after': TEXT, 'at': TEXT})}"),
    ],
    "type": ["/type/Article", "/type/BookSection", "/type/Document"],
    "year": ["/year/1990"],
    "SPARQL": [
        f"/sparql?{urlencode({'query': text})}"
        for text in (TITLES, TITLES.replace("SELECT *", "CONSTRUCT WHERE"), TEXT)
    ],
    "refused": [
        f"/doc/record/{quote(TEXT, safe='')}",
        f"/{quote(TEXT, safe='')}",
        f"/doc/record/hostile?format={quote(TEXT)}",
    ],
    "others": ["/data", "/about", "/sparql/help", "/ontologies/terms"],
}


def strange(browser: Browser, client: FlaskClient, paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The pages on which something ran, or that scroll sideways on a phone; none may complain or ask elsewhere."""
    wrong = {}
    with visit(browser, client, "/about") as seen:
        seen.page.set_viewport_size({"width": 320, "height": 800})
        for path in paths:
            seen.page.goto(f"{HOST}{path}", wait_until="domcontentloaded")
            ran, wide = seen.page.evaluate(f"[window.__ran, {OVERFLOW}]")
            if ran or wide > 0:
                wrong[path] = (ran, wide)
        # A browser notes every answer that is no success; that is no message of the page's.
        assert [each for each in seen.messages if "Failed to load resource" not in each] == []
        assert seen.outside == set()
    return wrong


@pytest.fixture(scope="module")
def client(full: Flask) -> FlaskClient:
    return full.test_client()


@pytest.fixture(scope="module")
def spoken_of(client: FlaskClient) -> dict[str, list[str]]:
    """The pages of the hostile records and of all things of ours that they speak of, by kind."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in HOSTILE:
        quads = ox.parse(client.get(f"/doc/record/{name}.nt").data, format=ox.RdfFormat.N_TRIPLES)
        nodes = {term.value for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
        for uri in sorted(nodes):
            if uri.startswith(f"{BASE}id/"):
                found[uri.removeprefix(f"{BASE}id/").partition("/")[0]].append(uri.removeprefix(BASE))
    return {
        kind: [f"/doc/{each.removeprefix('id/')}.html" for each in dict.fromkeys(uris)] for kind, uris in found.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_page_of_a_thing_with_a_hostile_name(
    browser: Browser, client: FlaskClient, spoken_of: dict[str, list[str]], kind: str
) -> None:
    """Whatever it is called, and whatever it stands beside, is text."""
    paths = spoken_of[kind]
    assert any("onerror" in client.get(path).text for path in paths)
    assert {path: client.get(path).status_code for path in paths if client.get(path).status_code != 200} == {}
    assert strange(browser, client, paths) == {}


@pytest.mark.parametrize("kind", PAGES)
def test_page_that_shows_something_hostile(browser: Browser, client: FlaskClient, kind: str) -> None:
    """In lists, results, refusals, and in the form that repeats what was asked."""
    assert kind in ("others", "home") or any(
        "onerror" in client.get(path, headers={"Accept": "text/html"}).text for path in PAGES[kind]
    )
    assert strange(browser, client, PAGES[kind]) == {}


def test_every_record_of_the_corpus_of_hostile_ones(browser: Browser, client: FlaskClient, shared: Path) -> None:
    """The page of each, with everything that it says."""
    told = (shared / "data" / "nasty.jsonl").read_bytes().splitlines()
    ids = dict.fromkeys(str(json.loads(each).get("id", "")) for each in told)
    paths = [f"/doc/record/{quote(each.encode('utf-8', 'replace'), safe='')}.html" for each in ids if each]
    shown = [path for path in paths if client.get(path).status_code == 200]
    assert len(shown) > 65
    assert strange(browser, client, shown) == {}
