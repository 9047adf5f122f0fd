"""What is answered when something is wrong: from our errors to a status, in the kind the client reads.

People get a page, programs get problem details (RFC 9457), those who want text get text. No message
holds a path of this machine or a traceback.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Final

import orjson
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from linkeddata.errors import LinkedDataError, NotAcceptable, NothingPublished, QueryError, StoreError
from linkeddata.representations.formats import Format, negotiate
from linkeddata.representations.parts import Text
from linkeddata.representations.site_pages import ErrorPage, error_page

_LOG = logging.getLogger(__name__)
_PAGE = Format("html", "html", "text/html", "text/html; charset=utf-8", 1.0, {"application/xhtml+xml": 1.0})
_PROBLEM_TYPE = "application/problem+json"
_PROBLEM = Format("problem", "json", _PROBLEM_TYPE, _PROBLEM_TYPE, 0.9, {"application/json": 0.9})
_TEXT = Format("text", "txt", "text/plain", "text/plain; charset=utf-8", 0.8)
_KINDS: Final = (_PAGE, _PROBLEM, _TEXT)

#: From an error of ours to a status; the first class that fits.
STATUSES: Final[tuple[tuple[type[LinkedDataError], int], ...]] = (
    (NotAcceptable, 406),
    (NothingPublished, 503),
    (QueryError, 503),
    (StoreError, 503),
)
_CACHING: Final = {404: "public, max-age=60", 406: "public, max-age=60"}


def problem(status: int, sentence: str | None = None, *, links: Sequence[Text] = (), reference: str = "") -> Response:
    """An answer with an error status: a page, problem details or text, as the client accepts."""
    try:
        kind = negotiate(request.headers.get("Accept"), _KINDS)
    except NotAcceptable:
        kind = _PROBLEM
    page = error_page(status, sentence, links=links, reference=reference)
    if kind == _PAGE:
        body = render_template("error.html", error=page).encode()
    elif kind == _TEXT:
        body = "\n".join([page.heading, page.sentence, *(f"{link.value}: {link.href}" for link in links), ""]).encode()
    else:
        body = _details(page, status, links, reference)
    response = Response(body, status, content_type=kind.content_type)
    response.headers["Cache-Control"] = _CACHING.get(status, "no-store")
    response.headers["Vary"] = "Accept"
    return response


def _details(page: ErrorPage, status: int, links: Sequence[Text], reference: str) -> bytes:
    known: dict[str, object] = {
        "type": "about:blank", "title": page.heading, "status": status, "detail": page.sentence,
    }  # fmt: skip
    if links:
        known["variants"] = [{"type": link.value, "href": link.href} for link in links]
    if reference:
        known["instance"] = f"urn:reference:{reference}"
    return orjson.dumps(known)


def status_of(error: LinkedDataError) -> int:
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def install(app: Flask) -> None:
    """Answer every error of this app in the way of this file."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        response = problem(error.code or 500)
        if allowed := error.get_response().headers.get("Allow"):
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(NothingPublished)
    def empty(_: NothingPublished) -> Response:
        return problem(503, "Nothing has been published here yet.")

    @app.errorhandler(LinkedDataError)
    def ours(error: LinkedDataError) -> Response:
        return problem(status_of(error), str(error))

    # The web's last door: whatever else happens, the client gets a page and the log the traceback.
    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        reference = secrets.token_hex(4)
        _LOG.error("unforeseen error, reference %s", reference, exc_info=error)
        return problem(500, reference=reference)
