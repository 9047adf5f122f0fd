"""A real browser before an application: what it shows, asks for and complains of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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


@dataclass
class Visit:
    """A page that is open, and what happened meanwhile."""

    page: Page
    messages: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)

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
        reply = client.get(route.request.url.removeprefix(HOST), headers=told, base_url=HOST, follow_redirects=True)
        return route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.data)

    context.route("**/*", answer)
    seen.page.on("console", lambda message: seen.messages.append(message.text))
    seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
    if options.get("java_script_enabled", True):
        seen.page.add_init_script(SENTINEL)
    seen.page.goto(HOST + path)
    yield seen
    context.close()


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong: the rule, and the elements that break it."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(found["id"], [node["html"][:200] for node in found["nodes"]]) for found in violations]
