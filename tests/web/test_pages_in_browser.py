"""The pages in a real browser: with and without scripts, in both themes, wide and narrow, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from .browsing import OVERFLOW, faults

pytestmark = pytest.mark.browser

SEED = "id/record/nottingham-40697"
MANY_AUTHORS = "id/record/landmark-numpy-2020"
RULES = ("ontologies/", "ontologies/terms", "def/profile-1", "def/mining-1")
PAGES = (
    SEED,
    MANY_AUTHORS,
    "id/name/waring-justin-6f2d327e",
    "",
    "browse/journal",
    "browse/record",
    "search?q=theory",
    "search?q=theroy+of+everythingg",
    "type/Book",
    "data",
    "about",
    f"{SEED}?lang=de",
    "sparql",
    *RULES,
    "id/record/none",
)
#: Each theme once, and each width; every state at every width in both is seen by `test_states_in_browser`.
SEEN = pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


@SEEN
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_fits(browser: Browser, live_site: str, path: str, scheme: Any, width: int) -> None:
    """Axe finds nothing with everything unfolded, and no page scrolls sideways."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(live_site + path)
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true; })")
    overflow = page.evaluate(OVERFLOW)
    found = faults(page)
    context.close()
    assert found == []
    assert overflow <= 0


@pytest.mark.parametrize("path", PAGES[:-1])
def test_page_is_quiet(context: BrowserContext, live_site: str, path: str) -> None:
    """Nothing is asked of another host, nothing is refused by the policy, no cookie is set."""
    page = context.new_page()
    messages: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(live_site + path, wait_until="networkidle")
    assert messages == []
    assert hosts - {""} == {urlsplit(live_site).netloc}
    assert context.cookies() == []


@pytest.mark.parametrize("path", PAGES)
def test_skip_link_is_first_and_brand_second(context: BrowserContext, live_site: str, path: str) -> None:
    """By keyboard the content is one step away, and the order is that of the eye."""
    page = context.new_page()
    page.goto(live_site + path)
    reached: list[str] = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert reached[0] == page.locator("a.skip").text_content()
    # The search box stands in the head, or is the first thing of the page's own.
    before_places = reached[2 : reached.index(page.locator("nav.main a").first.inner_text())]
    button = page.locator("header form[role=search] button").all_inner_texts()
    assert before_places == (["", *button] if button else [])


def test_record_is_whole_without_scripts(without_scripts: BrowserContext, live_site: str) -> None:
    """Title, authors, abstract, subjects, citation and formats need no script; useless buttons are not shown."""
    page = without_scripts.new_page()
    page.goto(live_site + SEED)
    assert page.locator("h1").inner_text().startswith("A ‘movement for improvement’?")
    assert page.get_by_role("list", name="Authors").get_by_role("link").all_inner_texts() == [
        "Justin Waring",
        "Amanda Crompton",
    ]
    assert page.get_by_role("heading", name="Abstract").is_visible()
    assert page.locator(".chips a").count() >= 10
    assert "Waring, Justin and Crompton, Amanda (2017)" in page.locator("#cit").inner_text()
    assert not page.get_by_role("button", name="Copy URI").is_visible()


def test_copy_button_tells_what_it_did(context: BrowserContext, live_site: str) -> None:
    """With scripts the button appears, copies the URI and says so to everybody."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(live_site + SEED)
    page.get_by_role("button", name="Copy URI").click()
    page.get_by_text("Copied: ").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#uri").inner_text()
    assert page.get_by_role("status").inner_text().startswith("Copied: ")


def test_folded_authors_open_in_place(context: BrowserContext, live_site: str) -> None:
    """Twenty-six authors: nine are read at once, seventeen open by keyboard."""
    page = context.new_page()
    page.goto(live_site + MANY_AUTHORS)
    folded = page.get_by_text("and 17 more")
    assert page.locator("a[rel=author]:visible").count() == 9
    folded.focus()
    page.keyboard.press("Enter")
    assert page.locator("a[rel=author]:visible").count() == 26


@pytest.mark.parametrize("path", [SEED, MANY_AUTHORS])
def test_every_author_leads_to_a_page_that_lists_the_record(
    without_scripts: BrowserContext, live_site: str, path: str
) -> None:
    """No author link is a dead end."""
    page = without_scripts.new_page()
    page.goto(live_site + path)
    authors = page.locator("a[rel=author]")
    hrefs = [str(authors.nth(n).get_attribute("href")) for n in range(authors.count())]
    assert hrefs
    for href in hrefs:
        page.goto(live_site.rstrip("/") + href)
        assert page.locator(f'main a[href$="/{path}"]').count() == 1, href


def test_every_format_is_sent_as_the_page_says(context: BrowserContext, live_site: str) -> None:
    """The type of each alternate equals, to the letter, the Content-Type its address answers with."""
    page = context.new_page()
    page.goto(live_site + SEED)
    # The page in other languages is the same format.
    alternates = page.locator("link[rel=alternate]:not([hreflang])")
    links = [alternates.nth(n) for n in range(alternates.count())]
    stated = {link.get_attribute("href"): link.get_attribute("type") for link in links}
    answers = {href: page.request.get(live_site.rstrip("/") + str(href)) for href in stated}
    assert {href: answer.headers["content-type"] for href, answer in answers.items()} == stated
    assert all(answer.status == 200 for answer in answers.values())


def test_no_link_of_ours_is_dead(context: BrowserContext, live_site: str) -> None:
    """Whatever the record page, the home page and those of terms and rules link to within the site is there."""
    page = context.new_page()
    links: set[str] = set()
    for path in (SEED, "", *RULES):
        page.goto(live_site + path)
        found = page.locator("a[href^='/']").evaluate_all("all => all.map(link => link.getAttribute('href'))")
        links |= {link.partition("#")[0] for link in found}
    statuses = {link: page.request.get(live_site.rstrip("/") + link).status for link in sorted(links)}
    assert {link: status for link, status in statuses.items() if status != 200} == {}


def test_print_leaves_out_what_only_works_on_a_screen(context: BrowserContext, live_site: str) -> None:
    """On paper there are citation and identifiers, and no controls."""
    page = context.new_page()
    page.goto(live_site + SEED)
    page.emulate_media(media="print")
    assert page.locator("#cit").is_visible()
    assert page.get_by_role("heading", name="Identifiers").is_visible()
    assert page.locator("nav:visible, button:visible, .acts:visible").count() == 0
    address = "link => getComputedStyle(link, '::after').content.includes(link.getAttribute('href'))"
    links = page.locator("main a[href^=http]:visible")
    assert links.count() and all(links.nth(n).evaluate(address) for n in range(links.count()))
