"""The doors for machines that know nothing of us yet: robots, language models, and those who watch the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, render_template

from linkeddata.catalogue import Edition, offered
from linkeddata.errors import NothingPublished
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import answers
from linkeddata.web.issued import issued

_TEXT: Final = "text/plain; charset=utf-8"
#: What no crawler should walk: questions have no end. Pages of long lists and variants by parameter have one.
_CLOSED: Final = ("sparql", "search", "reconcile", "*?")
_OPEN: Final = ("browse/*?page=", "browse/*?after=", "doc/*?page=", "doc/*?format=", "feed.atom?page=")


def blueprint(edition: Callable[[], Edition], uris: Uris) -> Blueprint:
    """The routes of `/robots.txt`, `/llms.txt`, `/healthz` and `/readyz`."""
    door, readiness = Blueprint("machines", __name__), Readiness(edition)

    @door.get("/robots.txt")
    def robots() -> Response:
        return Response(robots_text(uris), content_type=_TEXT, headers={"Cache-Control": answers.SHARED})

    @door.get("/llms.txt")
    def guide() -> Response:
        current = edition()
        facts = {"counts": current.counts, "example": current.facts["example"], "issued": current.issued}
        text = render_template("llms.txt", base=uris.base, dumps=offered(current.folder, current.issued), **facts)
        return issued(current, _TEXT, text.encode, text)

    @door.get("/healthz")
    def alive() -> Response:
        return _json({"alive": True}, 200)

    @door.get("/readyz")
    def ready() -> Response:
        number = readiness.edition_number()
        return _json({"ready": True, "edition": number} if number else {"ready": False}, 200 if number else 503)

    return door


def robots_text(uris: Uris) -> str:
    """What crawlers may walk (RFC 9309), and where the sitemap is."""
    path = urlsplit(uris.base).path
    rules = [f"Disallow: {path}{closed}" for closed in _CLOSED] + [f"Allow: {path}{opened}" for opened in _OPEN]
    return "\n".join(["User-agent: *", *rules, "", f"Sitemap: {uris.base}sitemap.xml", ""])


class Readiness:
    """Whether the edition served now has answered a look-up of ours already."""

    def __init__(self, edition: Callable[[], Edition]) -> None:
        self._edition = edition
        self._warm: Edition | None = None
        self._lock = threading.Lock()

    def edition_number(self) -> int | None:
        """The number of the edition when it is warm; None while there is none, or its first look-up goes on.

        What is wrong with the edition (StoreError) passes through.
        """
        try:
            edition = self._edition()
        except NothingPublished:
            return None
        return edition.number if edition is self._warm or self._look_up(edition) else None

    def _look_up(self, edition: Edition) -> bool:
        # Who asks meanwhile is told at once that we are not ready.
        if not self._lock.acquire(blocking=False):
            return False
        try:
            edition.warm_up()
            self._warm = edition
        finally:
            self._lock.release()
        return True


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json", headers={"Cache-Control": "no-store"})
