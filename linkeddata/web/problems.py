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

from linkeddata.errors import (
    LinkedDataError,
    NotAcceptable,
    NothingPublished,
    QueryError,
    RequestMistaken,
    StoreError,
)
from linkeddata.representations.formats import PROBLEM_FORMATS, Format, negotiate
from linkeddata.representations.parts import Text
from linkeddata.representations.site_pages import ErrorPage, error_page
from linkeddata.representations.variants import HTML
from linkeddata.web import answers
from linkeddata.web.tongues import words
from linkeddata.web.wishes import default_variant
from linkeddata.wording import ENGLISH, marked

_LOG = logging.getLogger(__name__)
#: What cannot be answered now may be later.
_PASSING: Final = 503
_RETRY_SECONDS: Final = 60

#: What each door's answers depend on, by the beginning of its path; the same on every status.
_VARY: Final = {
    "/id/": answers.VARY_ID,
    "/.well-known/": answers.VARY_ID,
    "/doc/": answers.VARY_DOC,
    "/linkset/": answers.VARY_DOC,
    "/def/": answers.VARY_DOC,
    "/ontologies/": answers.VARY_DOC,
}
#: From an error of ours to a status; the first class that fits.
STATUSES: Final[tuple[tuple[type[LinkedDataError], int], ...]] = (
    (NotAcceptable, 406),
    (RequestMistaken, 400),
    (NothingPublished, 503),
    (QueryError, 503),
    (StoreError, 503),
)
#: What a refusal of the framework's says beside its status: methods that are allowed, how long a file is.
_TOLD: Final = ("Allow", "Content-Range")
#: Whoever asks again in another kind must not get these from a cache that does not look at Vary.
_CACHING: Final = dict.fromkeys((404, 406, 410), answers.PRIVATE)


def problem(
    status: int,
    said: str | LinkedDataError | None = None,
    *,
    links: Sequence[Text] = (),
    reference: str = "",
    sought: str = "",
) -> Response:
    """An answer with an error status: a page, problem details or text, as the client accepts.

    What is `said` is a message or an error, which only the page translates: programs read English.
    `sought` is what was looked for in vain, which the page offers to search for.
    """
    kind = problem_kind(default_variant())
    spoken = words() if kind.name == HTML.name else ENGLISH
    page = error_page(status, said, links=links, reference=reference, sought=sought, words=spoken)
    if kind.name == HTML.name:
        body = render_template("error.html", error=page).encode()
    elif kind.name == "text":
        body = "\n".join([page.heading, page.sentence, *(f"{link.value}: {link.href}" for link in links), ""]).encode()
    else:
        body = _details(page, status, links, reference)
    response = Response(body, status, content_type=kind.content_type)
    response.headers["Cache-Control"] = _CACHING.get(status, "no-store")
    response.headers["Vary"] = vary_here()
    if status == _PASSING:
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def problem_kind(default: str) -> Format:
    """The kind of error body this request gets: the page is for those who would get a page, and for nobody else.

    RDF tools list HTML among what they can take, with a low quality, and could do nothing with ours.
    `default` names what is given to those who say nothing, be it a document's format or one of these.
    """
    accept = request.headers.get("Accept")
    is_ours = default in {fmt.name for fmt in PROBLEM_FORMATS}
    try:
        wants_page = negotiate(accept, default=HTML.name if is_ours else default) == HTML
        kinds = PROBLEM_FORMATS if wants_page else PROBLEM_FORMATS[1:]
        return negotiate(accept, kinds, default=default if is_ours else "")
    except NotAcceptable:
        return PROBLEM_FORMATS[1]


def vary_here(*, fixed: bool = False) -> str:
    """What an answer at this request's address depends on; `fixed` where a suffix decides."""
    if fixed:
        return answers.VARY_FIXED
    return next((vary for start, vary in _VARY.items() if request.path.startswith(start)), "Accept")


def _details(page: ErrorPage, status: int, links: Sequence[Text], reference: str) -> bytes:
    known: dict[str, object] = {
        "type": "about:blank", "title": page.heading, "status": status, "detail": page.sentence,
    }  # fmt: skip
    if links and status == 404:
        known["close"] = [link.href for link in links]
    elif links:
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
        told = error.get_response().headers
        response.headers.update({name: told[name] for name in _TOLD if name in told})
        return response

    @app.errorhandler(NothingPublished)
    def empty(_: NothingPublished) -> Response:
        return problem(503, marked("Nothing has been published here yet."))

    @app.errorhandler(StoreError)
    def unreadable(error: StoreError) -> Response:
        # The words of a server, or of the way out of a damage with its paths, are for the log.
        _LOG.error("not answered: %s", error)
        return problem(503, marked("What is published cannot be read at the moment; try again later."))

    @app.errorhandler(LinkedDataError)
    def ours(error: LinkedDataError) -> Response:
        return problem(status_of(error), error)

    # The web's last door: whatever else happens, the client gets a page and the log the traceback.
    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        reference = secrets.token_hex(4)
        _LOG.error("unforeseen error, reference %s", reference, exc_info=error)
        return problem(500, reference=reference)
