"""The doors for machines that know nothing of us yet: robots, language models, and those who watch the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, render_template

from linkeddata.catalogue import Edition, offered
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import answers
from linkeddata.web.issued import issued
from linkeddata.web.readiness import AGAIN, Readiness

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
        if number:
            return _json({"ready": True, "edition": number}, 200)
        response = _json({"ready": False, "reason": reason}, 503)
        response.headers["Retry-After"] = str(AGAIN)
        return response

    return door


def robots_text(uris: Uris) -> str:
    """What crawlers may walk (RFC 9309), and where the sitemap is."""
    path = urlsplit(uris.base).path
    rules = [f"Disallow: {path}{closed}" for closed in _CLOSED] + [f"Allow: {path}{opened}" for opened in _OPEN]
    return "\n".join(["User-agent: *", *rules, "", f"Sitemap: {uris.base}sitemap.xml", ""])


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json", headers={"Cache-Control": "no-store"})
