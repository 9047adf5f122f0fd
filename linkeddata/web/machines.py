"""The doors for machines that know nothing of us yet: robots, language models, and those who watch the process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, render_template

from linkeddata.catalogue import Edition, offered
from linkeddata.errors import NothingPublished, StoreError
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import answers
from linkeddata.web.issued import issued

_LOG = logging.getLogger(__name__)
_LOOK_AGAIN_SECONDS: Final = 10.0
_TEXT: Final = "text/plain; charset=utf-8"
#: What no crawler should walk: questions have no end. Pages of long lists and variants by parameter have one.
_CLOSED: Final = ("sparql", "search", "*?")
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
        number, reason = readiness.told()
        return _json(
            {"ready": True, "edition": number} if number else {"ready": False, "reason": reason}, 200 if number else 503
        )

    return door


def robots_text(uris: Uris) -> str:
    """What crawlers may walk (RFC 9309), and where the sitemap is."""
    path = urlsplit(uris.base).path
    rules = [f"Disallow: {path}{closed}" for closed in _CLOSED] + [f"Allow: {path}{opened}" for opened in _OPEN]
    return "\n".join(["User-agent: *", *rules, "", f"Sitemap: {uris.base}sitemap.xml", ""])


class Readiness:
    """Whether the edition served now answers a look-up of ours, asked again every few seconds."""

    def __init__(self, edition: Callable[[], Edition], *, clock: Callable[[], float] = monotonic) -> None:
        self._edition, self._clock = edition, clock
        self._known: tuple[Edition, str, float] | None = None
        self._lock = threading.Lock()

    def told(self) -> tuple[int | None, str]:
        """The number of the edition when it answers, else None and why it does not."""
        try:
            edition = self._edition()
        except NothingPublished:
            return None, "nothing is published yet"
        except StoreError as damage:
            _LOG.error("not ready: %s", damage)
            return None, "the edition cannot be opened"
        reason = self._reason(edition)
        return (None, reason) if reason else (edition.number, "")

    def _reason(self, edition: Edition) -> str:
        known = self._known
        if known and known[0] is edition and self._clock() < known[2]:
            return known[1]
        # Who asks meanwhile is told at once what was found last: a server may take long to answer.
        if not self._lock.acquire(blocking=False):
            return known[1] if known and known[0] is edition else "the edition is being looked into"
        try:
            reason = self._found(edition)
            self._known = edition, reason, self._clock() + _LOOK_AGAIN_SECONDS
        finally:
            self._lock.release()
        return reason

    def _found(self, edition: Edition) -> str:
        try:
            edition.warm_up()
        except StoreError as problem:
            # Words of a server are for the log alone.
            _LOG.error("not ready: %s", problem)
            return "the store of the graph does not answer; documents of records are served"
        return ""


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json", headers={"Cache-Control": "no-store"})
