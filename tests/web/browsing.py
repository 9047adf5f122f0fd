"""A real browser before an application: what it shows, asks for and complains of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route

HOST = "http://localhost:8080"
WIDTHS = (1280, 390, 320)
#: What a hostile record would have to do to be seen: open a dialog, set a mark, or add an element that loads.
SENTINEL = "window.__ran = 0; window.alert = window.confirm = window.prompt = () => { window.__ran += 1; };"
UNFOLDED = "document.querySelectorAll('details').forEach(folded => { folded.open = true; })"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


#: The rules of axe that depend on colours.
CONTRAST = ("color-contrast", "link-in-text-block")
#: What axe looks for only when it is told to: targets of at least 24 by 24 pixels (WCAG 2.2, 2.5.8).
SIZE = ("target-size",)
#: What can be reached by keyboard and seen, in the order in which it is reached: its words and its first rectangle.
_REACHED = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const words = (each) => each.textContent.trim().slice(0, 40) || each.name || each.className;
  return [...document.querySelectorAll(all)]
    .filter((each) => each.checkVisibility() && !each.matches(".skip") && each.getClientRects().length)
    .map((each) => ({ words: words(each), index: each.tabIndex, ...each.getClientRects()[0].toJSON() }));
}"""


@dataclass
class Visit:
    """A page that is open, and what happened meanwhile."""

    page: Page
    messages: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    statuses: dict[str, int] = field(default_factory=dict)

    def addresses(self) -> list[str]:
        """Where the page's links lead within the site, those of its head included."""
        found = self.page.locator("a[href^='/'], a[href^='?'], link[href^='/']")
        whole = found.evaluate_all("all => all.map(link => new URL(link.getAttribute('href'), document.baseURI).href)")
        return [each.removeprefix(HOST).partition("#")[0] for each in dict.fromkeys(whole)]

    def forms(self) -> list[str]:
        """The forms of the page: each by where it leads, what it asks and what it carries."""
        told = "all => all.map(form => [form.action, ...[...form.elements].map(each => each.name)].join(' '))"
        found: list[str] = self.page.locator("form").evaluate_all(told)
        return found

    def sent(self, form: str) -> int:
        """Fill in a form, send it by its button, and go back; the status of what it led to."""
        place = self.page.locator("form").nth(self.forms().index(form))
        if place.locator("input[type=search]").count():
            place.locator("input[type=search]").fill("work")
        with self.page.expect_navigation():
            place.locator("button").click()
        status = self.statuses[self.page.url.removeprefix(HOST)]
        assert self.page.locator("h1").count() == 1
        self.page.go_back()
        return status

    def overflows(self) -> dict[int, int]:
        """How far the page scrolls sideways at each width at which it does."""
        found = {}
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            found[width] = self.page.evaluate(OVERFLOW)
        return {width: wide for width, wide in found.items() if wide > 0}


@contextmanager
def visit(browser: Browser, client: FlaskClient, path: str, **options: Any) -> Iterator[Visit]:
    """A path of an application, open in a browser whose every request the application answers."""
    context = browser.new_context(**options)
    seen = Visit(context.new_page())

    def answer(route: Route) -> None:
        target = urlsplit(route.request.url)
        if f"{target.scheme}://{target.netloc}" != HOST:
            seen.outside.add(route.request.url)
            return route.abort()
        told = {name: value for name, value in route.request.headers.items() if name != "accept-encoding"}
        # A redirect is followed here, because the browser would follow it past this function.
        path = route.request.url.removeprefix(HOST)
        reply = client.get(path, headers=told, base_url=HOST, follow_redirects=True)
        seen.statuses[path] = reply.status_code
        return route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.data)

    context.route("**/*", answer)
    seen.page.on("console", lambda message: seen.messages.append(message.text))
    seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
    if options.get("java_script_enabled", True):
        seen.page.add_init_script(SENTINEL)
    seen.page.goto(HOST + path)
    yield seen
    context.close()


def faults(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """What axe finds wrong, by all rules or some: the rule, and the elements that break it."""
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    violations: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [(found["id"], [node["html"][:200] for node in found["nodes"]]) for found in violations]


def misplaced(page: Page) -> list[tuple[str, str]]:
    """What the keyboard reaches after something that stands below it or, on one line, behind it; on a phone's width,
    where there is one column. Whatever is given another place in that order counts, too."""
    page.set_viewport_size({"width": 390, "height": 800})
    reached: list[dict[str, Any]] = page.evaluate(_REACHED)
    wrong = [(before["words"], each["words"]) for before, each in pairwise(reached) if _stands_before(each, before)]
    return wrong + [("", each["words"]) for each in reached if each["index"] > 0]


def _stands_before(each: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a rectangle lies above another, or on the same line to its left."""
    same_line = abs(each["top"] - other["top"]) < 1 and abs(each["bottom"] - other["bottom"]) < 1
    return bool(each["bottom"] <= other["top"] or (same_line and each["left"] < other["left"]))
