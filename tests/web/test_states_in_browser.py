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

from .browsing import CONTRAST, SIZE, UNFOLDED, faults, misplaced, visit
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


#: Pages with parts that open.
FOLDED = ("/", SEED, "/doc/record/sixty.html", HUGE)


@pytest.mark.parametrize("path", PATHS)
def test_every_state_is_accessible_fits_and_is_quiet(browser: Browser, client: FlaskClient, path: str) -> None:
    """Axe finds nothing, folded or unfolded, in either theme, whose colours are all in which they differ; nothing
    scrolls sideways, asks elsewhere or complains, and the order of the keyboard is that of the eye."""
    with visit(browser, client, path, color_scheme="light") as seen:
        folded = seen.overflows(), faults(seen.page) if path in FOLDED else [], misplaced(seen.page)
        seen.page.evaluate(UNFOLDED)
        assert (folded, seen.overflows(), faults(seen.page)) == (({}, [], []), {}, [])
        seen.page.emulate_media(color_scheme="dark")
        assert (faults(seen.page, *CONTRAST, *SIZE), misplaced(seen.page)) == ([], [])
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
        # What is gone is gone in every format and language.
        lead = {each: status(client, each) for each in wanted}
        assert {each: code for each, code in lead.items() if code not in (200, 303, seen.statuses[path])} == {}
        for form in [each for each in seen.forms() if not followed[each]]:
            followed[form] += 1
            assert seen.sent(form) < 400, form


def status(client: FlaskClient, address: str) -> int:
    with client.get(address, headers={"Accept": "text/html, */*;q=0.1"}) as answer:
        return answer.status_code


#: So many addresses of one shape are followed; the others differ in what they name only.
OF_A_SHAPE = 3


def shape(address: str) -> str:
    """What addresses have in common that lead through the same door: kind, ending and names of parameters."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    names = sorted({each.partition("=")[0] for each in query.split("&")})
    return " ".join([*parts[:3], parts[-1].rpartition(".")[2] if "." in parts[-1] else "", *names])


def nodes(html: str) -> int:
    """The elements of a page; what a script element holds is data."""
    return len(re.findall(r"<[a-z]", re.sub(r"<script.*?</script>", "<script>", html, flags=re.DOTALL)))


#: Bytes, bytes when packed, and elements of a page: of any record, and of one that names crowds.
BUDGET, CROWDED = (30_000, 8_192, 400), (66_000, 12_288, 800)


def over(client: FlaskClient, path: str) -> tuple[int, ...]:
    """What a record's page comes to, where it breaks its budget; a text of 6,000 letters counts for nothing."""
    html = re.sub('[^<"]{6000,}', "", client.get(path).text)
    size = (len(html.encode()), len(gzip.compress(html.encode())), nodes(html))
    people, subjects = html.count('rel="author"'), html.count('<li><a href="/id/concept/')
    most = CROWDED if people > 30 or subjects > 30 else BUDGET
    return size if any(one > limit for one, limit in zip(size, most, strict=True)) else ()


def test_records_keep_the_budget(client: FlaskClient, ordinary: list[str]) -> None:
    """At most 30 kB, 8 kB packed and 400 elements beside the longest texts; with more than thirty authors or subjects
    66 kB, 12 kB and 800."""
    pages = [SEED, *(f"{each}.html" for each in ordinary), *(f"/doc/record/nasty-0{n}.html" for n in range(37, 73))]
    assert {path: size for path in pages if (size := over(client, path))} == {}


def test_an_author_of_five_thousand_works_keeps_the_budget(client: FlaskClient) -> None:
    """Fifty works, the years, a search among them all, and the whole list for programs."""
    page = client.get(HUGE, headers={"Accept": "text/html"}, follow_redirects=True)
    assert "5,000 works, 1980–2024" in page.text
    assert len(page.data) <= 40_000
    assert page.text.count('<span class="t">') == 50
    assert "search.csv?person=" in page.text
