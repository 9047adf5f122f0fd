"""Every state of every kind of page in a real browser: both themes, three widths, with and without scripts."""

from __future__ import annotations

import gzip
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from linkeddata.catalogue.folder import SEARCH
from linkeddata.web import create_app

from .browsing import CONTRAST, UNFOLDED, faults, misplaced, visit
from .conftest import settings_for
from .well_filled import HUGE, PATHS, SEED, development

pytestmark = pytest.mark.browser

#: The states of a site that is not well: what breaks, the path, and the status.
BROKEN = {"empty": ("/", 200), "busy": ("/", 429), "fault": ("/", 500), "unindexed": ("/", 200)}


@pytest.fixture(scope="module")
def ordinary(shared: Path) -> list[str]:
    """The documents of the development records, without a suffix."""
    return [f"/doc/record/{quote(each, safe='')}" for each in dict.fromkeys(each.id for each in development(shared))]


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


@pytest.mark.parametrize("path", PATHS)
def test_every_state_is_accessible_fits_and_is_quiet(browser: Browser, client: FlaskClient, path: str) -> None:
    """Axe finds nothing, folded or unfolded, in either theme, whose colours are all in which they differ; nothing
    scrolls sideways, asks elsewhere or complains, and the order of the keyboard is that of the eye."""
    with visit(browser, client, path, color_scheme="light") as seen:
        folded = seen.overflows(), faults(seen.page), misplaced(seen.page)
        seen.page.evaluate(UNFOLDED)
        assert (folded, seen.overflows(), faults(seen.page)) == (({}, [], []), {}, [])
        seen.page.emulate_media(color_scheme="dark")
        assert (faults(seen.page, *CONTRAST), misplaced(seen.page)) == ([], [])
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


@pytest.fixture(scope="module")
def followed() -> Counter[str]:
    """How often an address of some shape, or a form, was tried."""
    return Counter()


@pytest.mark.parametrize("path", PATHS)
def test_every_state_works_without_scripts(
    browser: Browser, client: FlaskClient, followed: Counter[str], path: str
) -> None:
    """The heading is there, no button that does nothing is shown, nothing scrolls sideways; every link and every format
    leads somewhere, and every form gives a page."""
    with visit(browser, client, path, java_script_enabled=False) as seen:
        assert seen.page.locator("h1").count() == 1
        assert seen.page.locator("button:not(form button):visible").count() == 0
        assert seen.overflows() == {}
        wanted = [each for each in seen.addresses() if followed[shape(each)] < OF_A_SHAPE]
        followed.update(shape(each) for each in wanted)
        assert {each: status for each in wanted if (status := client.get(each).status_code) >= 400} == {}
        for form in [each for each in seen.forms() if not followed[each]]:
            followed[form] += 1
            assert seen.sent(form) < 400, form


#: So many addresses of one shape are followed; the others differ in what they name only.
OF_A_SHAPE = 3


def shape(address: str) -> str:
    """What addresses have in common that lead through the same door: kind, ending and names of parameters."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    names = sorted({each.partition("=")[0] for each in query.split("&")})
    return " ".join([*parts[:3], parts[-1].rpartition(".")[2] if "." in parts[-1] else "", *names])


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
