"""Pages by keyboard, on paper and for those who listen; what holds of every page is in `test_states_in_browser`."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from .browsing import UNFOLDED, visit
from .well_filled import HUGE, SEED

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.id || document.activeElement.tagName.toLowerCase()"
ROWS = "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3"
#: Every key that writes something, but the one that leads to the search box.
KEYS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;-_?!+*#"


@pytest.fixture(scope="module")
def client(full: Flask) -> FlaskClient:
    return full.test_client()


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


def state(page: Page) -> tuple[object, ...]:
    """All that a key could have changed."""
    seen: list[object] = page.evaluate(f"[document.body.innerHTML, scrollY, {FOCUSED}]")
    return (page.url, *seen)


@pytest.mark.parametrize("path", ["/", SEED, "/search?q=work", "/sparql"])
def test_no_other_single_key_does_anything(browser: Browser, client: FlaskClient, path: str) -> None:
    """Who speaks to the computer, or leans on its keys, starts nothing (WCAG 2.2, 2.1.4)."""
    with visit(browser, client, path) as seen:
        before = state(seen.page)
        for key in [*KEYS, "Control+/", "Alt+/"]:
            seen.page.keyboard.press(key)
        assert state(seen.page) == before


def test_tab_leaves_the_box_for_queries_and_ctrl_enter_runs_one(browser: Browser, client: FlaskClient) -> None:
    """It writes no tab; the answer is on the page that comes."""
    with visit(browser, client, "/sparql") as seen:
        seen.page.locator("#query").fill("ASK {}")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate(FOCUSED) == "select"
        seen.page.locator("#query").focus()
        with seen.page.expect_navigation():
            seen.page.keyboard.press("Control+Enter")
        assert seen.page.locator("#rs").inner_text().startswith("Yes")


@pytest.mark.parametrize("path", [ROWS, HUGE, "/search?q=work", "/browse/name"])
def test_tab_passes_through_every_kind_of_page(browser: Browser, client: FlaskClient, path: str) -> None:
    """From the last thing that can be reached it leaves the page, and comes back to the skip link."""
    with visit(browser, client, path) as seen:
        seen.page.evaluate("[...document.querySelectorAll('main a')].slice(3, -3).forEach(link => link.remove())")
        for _ in range(120):
            seen.page.keyboard.press("Tab")
            if seen.page.evaluate("document.activeElement.className") == "skip" and _:
                break
        else:
            pytest.fail(f"caught at {seen.page.evaluate('document.activeElement.outerHTML')}")


def test_what_is_reached_is_ringed(browser: Browser, client: FlaskClient) -> None:
    """By three pixels, in either theme."""
    with visit(browser, client, SEED) as seen:
        for _ in range(12):
            seen.page.keyboard.press("Tab")
            assert seen.page.evaluate("getComputedStyle(document.activeElement).outline").endswith("solid 3px")


def test_copying_is_told_in_the_language_of_the_page(browser: Browser, client: FlaskClient) -> None:
    """To who sees the button and to who listens."""
    with visit(browser, client, f"{SEED}?lang=de", permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.page.get_by_role("button", name="URI kopieren").click()
        seen.page.get_by_text("Kopiert: ").wait_for(state="attached")
        assert seen.page.get_by_role("button", name="Kopiert").count() == 1


def test_statements_are_printed_only_when_opened(browser: Browser, client: FlaskClient) -> None:
    """Paper shows what the reader had open."""
    with visit(browser, client, SEED) as seen:
        seen.page.emulate_media(media="print")
        table = seen.page.get_by_role("region", name="Table of statements")
        assert not table.is_visible()
        seen.page.evaluate(UNFOLDED)
        assert table.is_visible()
