"""Every state of every kind of page in a real browser: both themes, three widths, with and without scripts."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.folder import SEARCH
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Deletion, Record
from linkeddata.sources import open_source
from linkeddata.web import create_app

from .browsing import OVERFLOW, UNFOLDED, faults, visit
from .conftest import BASE, settings_for

pytestmark = pytest.mark.browser

FORMATS = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
HUGE = "/id/name/prolific-anna-55567180"
SEED = "/doc/record/nottingham-40697.html"
CONCEPT = "/doc/concept/topic/organisational-theory-f5ed5535.html"
PUBLISHER = "/doc/org/wiley-206b7cc7.html"
#: Lists in which hostile records and what they speak of stand among others.
LISTS = ("/", "/search?q=script", "/search?q=alert", "/browse/record?letter=%23", "/browse/name",
         "/browse/concept", "/browse/org", "/type/Article", "/sparql", "/data")  # fmt: skip
#: Paths of the well-filled site; what is missing in a record is shown by records that lack it.
PATHS = (
    "/", "/search?q=work", "/search?q=nothingofthekind", "/search?q=%3Cscript%3E", "/browse/name", "/browse/record",
    "/type/Article", "/year/1990", "/data", "/sparql", "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3",
    "/sparql?query=SELECT+%7B", "/id/record/nottingham-4069", "/id/record/gone", SEED,
    "/doc/record/nottingham-40697?_mediatype=image/png",
    "/doc/record/sixty.html", "/doc/record/bare.html", "/doc/record/unknown.html", "/doc/record/long.html",
    "/doc/record/rtl.html", HUGE, f"{HUGE}?page=2", "/doc/journal/issn-1467-9566.html", CONCEPT, PUBLISHER,
)  # fmt: skip
#: The states of a site that is not well: what breaks, the path, and the status.
BROKEN = {"empty": ("/", 200), "busy": ("/", 429), "fault": ("/", 500), "unindexed": ("/", 200)}
PLAIN = {"author": ["A, Ann"], "format": ["Article"], "publishDate": ["1990"], "topic": ["x"]}


def composed() -> Iterator[Record]:
    """Records that show a state each, and an author of 5,000 works."""
    sixty = {"author": [f"Writer{n}, Will" for n in range(60)], "topic": [f"Subject of study {n}" for n in range(40)]}
    told: dict[str, dict[str, list[str]]] = {
        "sixty": {**PLAIN, "title": ["Sixty people"], **sixty},
        "bare": {},
        "unknown": {"title": ["Of a kind nobody knows"], "format": ["Zoetrope"]},
        "long": {**PLAIN, "title": ["Longwordwithoutanyspace" * 14], "author": ["Q" * 300]},
        "rtl": {**PLAIN, "title": ["קדסטר תלת-ממדי <b>👩‍🔬</b> a\u0300\u0301\u0302\u0303"]},
        "gone": {**PLAIN, "title": ["Gone"]},
    }
    for each, fields in told.items():
        yield Record(each, {"id": [each], **fields})
    for n in range(5000):
        fields = {**PLAIN, "title": [f"Work {n} on care"], "author": ["Prolific, Anna"]}
        yield Record(f"huge-{n}", {"id": [f"huge-{n}"], **fields, "publishDate": [str(1980 + n % 45)]})


def development(shared: Path) -> Iterator[Any]:
    """Every ninth of the development records."""
    return islice(open_source(str(shared / "data" / "dev.jsonl.gz")), None, None, 9)


@pytest.fixture(scope="module")
def ordinary(shared: Path) -> list[str]:
    """The documents of the development records, without a suffix."""
    return [f"/doc/record/{quote(each, safe='')}" for each in dict.fromkeys(each.id for each in development(shared))]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Flask]:
    """A site with the seed, 200 development records, those made above, and all hostile ones."""
    data = tmp_path_factory.mktemp("states")
    hostile, seed = (open_source(str(shared / name)) for name in ("data/nasty.jsonl", "seed-record.json"))
    publish([*composed(), *development(shared), *hostile, *seed], Catalogue(data), Site(BASE), processes=1)
    update([Run(lambda _: Given([Deletion("gone")]))], Catalogue(data), Work(Site(BASE), processes=1))
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


@pytest.fixture(scope="module")
def client(full: Flask) -> FlaskClient:
    return full.test_client()


@pytest.fixture(scope="module")
def broken(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    """Sites that are empty, refuse, fail, or have no search index."""
    bare = tmp_path_factory.mktemp("unindexed") / "data"
    shutil.copytree(sample_data, bare, symlinks=True)
    for index in bare.glob(f"editions/*/{SEARCH}"):
        index.unlink()
    busy = settings_for(sample_data, server__rate=0.001, server__burst=1)
    apps = {
        "empty": create_app(settings_for(tmp_path_factory.mktemp("empty"))),
        "busy": create_app(busy),
        "fault": create_app(settings_for(sample_data)),
        "unindexed": create_app(settings_for(bare)),
    }
    apps["fault"].view_functions["browse.home"] = lambda: 1 / 0  # type: ignore[assignment, return-value]
    apps["busy"].test_client().get("/")
    yield apps
    for app in apps.values():
        app.extensions["current"].close()


def ways(full: Flask, prefix: str) -> list[str]:
    """The pages of records whose id begins so."""
    edition = full.extensions["current"].edition()
    return [f"/doc/record/{quote(each, safe='')}.html" for each in edition.ids() if each.startswith(prefix)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_every_state_is_accessible_fits_and_is_quiet(
    browser: Browser, client: FlaskClient, path: str, scheme: Any
) -> None:
    """Axe finds nothing, folded or unfolded; nothing scrolls sideways, asks elsewhere or complains."""
    with visit(browser, client, path, color_scheme=scheme) as seen:
        folded = seen.overflows()
        seen.page.evaluate(UNFOLDED)
        assert (folded, seen.overflows(), faults(seen.page)) == ({}, {}, [])
        # A browser notes every answer that is no success; that is no message of the page's.
        assert [each for each in seen.messages if "Failed to load resource" not in each] == []
        assert seen.outside == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", BROKEN)
def test_a_site_that_is_not_well_is_still_readable(
    browser: Browser, broken: dict[str, Flask], state: str, scheme: Any
) -> None:
    """Nothing loaded, too many requests, a fault of ours, no search index, a format that is not offered."""
    path, status = BROKEN[state]
    client = broken[state].test_client()
    with visit(browser, client, path, color_scheme=scheme) as seen:
        assert (seen.overflows(), faults(seen.page)) == ({}, [])
        assert client.get(path, headers={"Accept": "text/html"}).status_code == status


@pytest.mark.parametrize("path", PATHS)
def test_every_state_is_read_without_scripts(browser: Browser, client: FlaskClient, path: str) -> None:
    """The heading is there, no button that does nothing is shown, and nothing scrolls sideways."""
    with visit(browser, client, path, java_script_enabled=False) as seen:
        assert seen.page.locator("h1").count() == 1
        assert seen.page.locator("button:not(form button):visible").count() == 0
        assert seen.overflows() == {}


def test_hostile_records_run_nothing_and_break_nothing(browser: Browser, client: FlaskClient, full: Flask) -> None:
    """Whatever a record says is text, on its page and on those of all that it speaks of."""
    paths, wrong = ways(full, "nasty-"), {}
    around = re.compile(r'href="(/id/(?:name|journal|org|concept|issue|series|host)/[^"]+)"')
    things = {found for path in paths for found in around.findall(client.get(path).text)}
    strange = sorted(things, key=lambda path: (-len(path), path))[:25]
    with visit(browser, client, "/") as seen:
        seen.page.set_viewport_size({"width": 320, "height": 800})
        for path in [*paths, *strange, *LISTS]:
            seen.page.goto(f"http://localhost:8080{path}")
            ran, wide = seen.page.evaluate(f"[window.__ran, {OVERFLOW}]")
            if ran or wide > 0:
                wrong[path] = (ran, wide)
        assert (wrong, seen.outside, [each for each in seen.messages if "Failed to load" not in each]) == (
            {},
            set(),
            [],
        )


def test_slash_leads_to_the_search_box_but_not_out_of_a_field(browser: Browser, client: FlaskClient) -> None:
    """It is the only single key; whoever writes a slash writes it."""
    with visit(browser, client, SEED) as seen:
        seen.page.keyboard.press("/")
        assert seen.page.evaluate("document.activeElement.id") == "find"
        seen.page.keyboard.type("a/b")
        assert seen.page.locator("#find").input_value() == "a/b"


def test_tab_goes_from_the_head_to_the_first_author_and_is_never_caught(browser: Browser, client: FlaskClient) -> None:
    """Skip link, brand, search, navigation, first author; at the end focus leaves the page."""
    with visit(browser, client, SEED) as seen:
        reached = []
        for _ in range(120):
            seen.page.keyboard.press("Tab")
            reached.append(
                seen.page.evaluate("(document.activeElement.textContent || document.activeElement.name).trim()")
            )
        assert [*reached[:4], reached[10]] == ["Skip to content", "Linked data", "q", "Search", "Justin Waring"]
        assert reached.count("Skip to content") > 1


def test_copy_selects_where_the_clipboard_is_not_to_be_had(browser: Browser, client: FlaskClient) -> None:
    """Browsers refuse it to plain http; then the text is selected, and that is said."""
    with visit(browser, client, SEED) as seen:
        seen.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        seen.page.get_by_role("button", name="Copy URI").click()
        assert seen.page.get_by_role("status").inner_text() == "Selected, press Ctrl C to copy"
        assert seen.page.evaluate("getSelection().toString()") == seen.page.locator("#uri").inner_text()


def test_tables_that_scroll_are_regions_with_names(browser: Browser, client: FlaskClient) -> None:
    """They can be reached by keyboard, and their heads say what they are heads of."""
    with visit(browser, client, SEED) as seen:
        seen.page.evaluate(UNFOLDED)
        assert seen.page.locator(".scroll:not([tabindex='0'][role=region][aria-label])").count() == 0
        assert seen.page.locator("th:not([scope])").count() == 0


def test_a_record_prints_on_two_pages(browser: Browser, client: FlaskClient) -> None:
    """On A4, with the statements folded."""
    with visit(browser, client, SEED) as seen:
        printed = seen.page.pdf(format="A4")
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2


def nodes(html: str) -> int:
    """The elements of a page; what a script element holds is data."""
    return len(re.findall(r"<[a-z]", re.sub(r"<script.*?</script>", "<script>", html, flags=re.DOTALL)))


def test_records_keep_the_budget(client: FlaskClient, ordinary: list[str]) -> None:
    """At most 30 kB, 8 kB packed and 400 elements, but for more than thirty authors or a text of 6,000 letters."""
    over = {}
    for path in [SEED, *(f"{each}.html" for each in ordinary)]:
        html = client.get(path).text
        size = (len(html.encode()), len(gzip.compress(html.encode())), nodes(html))
        if any(one > most for one, most in zip(size, (30_000, 8_192, 400), strict=True)):
            over[path] = (html.count('rel="author"') > 30 or bool(re.search(">[^<]{6000}", html)), *size)
    assert {path: each for path, each in over.items() if not each[0]} == {}


def test_an_author_of_five_thousand_works_keeps_the_budget(client: FlaskClient) -> None:
    """Fifty works, the years, a search among them all, and the whole list for programs."""
    page = client.get(HUGE, headers={"Accept": "text/html"}, follow_redirects=True)
    assert "5,000 works, 1980–2024" in page.text
    assert len(page.data) <= 40_000
    assert page.text.count('<span class="t">') == 50
    assert "search.csv?person=" in page.text


def test_page_turtle_and_jsonld_say_the_same(client: FlaskClient, ordinary: list[str]) -> None:
    """Of 200 development records each field shown is in the graph, and the two formats hold the same graph."""
    assert len(ordinary) >= 200
    for path in ordinary[:200]:
        page = client.get(f"{path}.html").text
        turtle, told = (read(client, f"{path}.{suffix}", fmt) for suffix, fmt in FORMATS.items())
        assert named(turtle) == named(told), path
        assert len(turtle) == len(told), path
        assert set(shown(page)) <= {clean(each.object.value) for each in named(turtle)}, path


def read(client: FlaskClient, path: str, fmt: ox.RdfFormat) -> list[ox.Quad]:
    return list(ox.parse(client.get(path).data, format=fmt, base_iri=BASE))


def named(quads: list[ox.Quad]) -> set[ox.Quad]:
    """Those that hold no cell of a list, which has no name of its own."""
    return {each for each in quads if ox.BlankNode not in (type(each.subject), type(each.object))}


def clean(text: str) -> str:
    return " ".join(text.split())


def shown(page: str) -> Iterator[str]:
    """What the page says of title, authors, subjects and abstract."""
    for pattern in (
        r"<h1[^>]*>(.*?)</h1>",
        r'rel="author"[^>]*>(.*?)</a>',
        r'href="/id/concept/topic/[^>]*>([^<]*)</a></li>',
        r'class="prose"[^>]*>(.*?)</p>',
    ):
        yield from (clean(unescape(found)) for found in re.findall(pattern, page, flags=re.DOTALL))
