"""The SPARQL endpoint and its page, at one address: programs get protocol answers, people a form and a table.

An answer cut at a limit is status 200 with `X-Result-Truncated: true`; the page says it in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import orjson
from flask import Blueprint, Response, render_template, request

from linkeddata.catalogue import Answer, Form, QueryPool
from linkeddata.errors import (
    LinkedDataError,
    NotAcceptable,
    QueryForbidden,
    QueryMalformed,
    QueryQueueFull,
    QueryTooCostly,
    StoreError,
)
from linkeddata.representations.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format, negotiate
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import answers, sparql_page
from linkeddata.web.current import Current
from linkeddata.web.problems import problem_kind
from linkeddata.web.query_request import Question, Refusal, read

PATH: Final = "/sparql"
_HTML: Final = "html"
_XML: Final = ("application/sparql-results+xml", {"application/xml": 0.1, "text/xml": 0.1})
_MORE_RESULTS: Final = (
    Format("xml", "srx", _XML[0], f"{_XML[0]}; charset=utf-8", 0.7, _XML[1]),
    Format("tsv", "tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8", 0.6),
)
_MORE_GRAPHS: Final = tuple(replace(fmt, quality=0.1) for fmt in DOCUMENT_FORMATS if fmt.name in ("rdf", _HTML))
_PAGE: Final = next(fmt for fmt in DOCUMENT_FORMATS if fmt.name == _HTML)
#: Seconds after which a query that was ended may be tried again, as long as the pool remembers it.
_RETRY_SECONDS: Final = 60


def _with(table: Sequence[Format], more: Sequence[Format]) -> tuple[Format, ...]:
    known = {fmt.name for fmt in table}
    return (*table, *(fmt for fmt in more if fmt.name not in known))


RESULTS: Final = _with(RESULT_FORMATS, _MORE_RESULTS)
GRAPHS: Final = _with(GRAPH_FORMATS, _MORE_GRAPHS)


def blueprint(current: Current, base: str) -> Blueprint:
    """The endpoint at `/sparql` over what is served now; relative IRIs in queries start from `base`."""
    door = Blueprint("sparql", __name__)
    endpoint = _Endpoint(current, Uris(base))
    door.add_url_rule(PATH, view_func=endpoint.reply, methods=["GET", "POST"], endpoint="query")
    return door


class _Endpoint:
    def __init__(self, current: Current, uris: Uris) -> None:
        self._current = current
        self._uris = uris

    def reply(self) -> Response:
        """The answer to this request, whatever it is."""
        question = Question(None)
        try:
            question = read(request, longest_query=self._current.limits.max_query_bytes)
            response = self._form() if question.query is None else self._answered(question, question.query)
        except Refusal as refusal:
            response = self._refused(question, refusal)
        except LinkedDataError as error:
            response = self._refused(question, _refusal(error))
        response.headers["Vary"] = "Accept"
        return response

    def _form(self) -> Response:
        try:
            # Whoever takes anything, as link checkers do, may have the form too.
            negotiate(request.headers.get("Accept"), [_PAGE])
        except NotAcceptable as error:
            raise Refusal(400, "There must be a query parameter; a browser gets a form here.") from error
        return self._page(sparql_page.blank(self._uris, self._current.limits))

    def _answered(self, question: Question, query: str) -> Response:
        gives_graph = _form_of(self._current.pool(), query).gives_graph
        fmt = _format(question.format, GRAPHS if gives_graph else RESULTS)
        if fmt.name != _HTML:
            return _protocol_answer(self._ask(question, query, fmt.name), fmt)
        media = "ttl" if gives_graph else "json"
        answer = self._ask(question, query, media, max_rows=sparql_page.ROWS)
        page = sparql_page.answered(self._uris, self._current.limits, query, answer=answer, media=media)
        return _marked(self._page(page), answer)

    def _ask(self, question: Question, query: str, media: str, max_rows: int | None = None) -> Answer:
        pool = self._current.pool()
        while True:
            try:
                return pool.answer(
                    query,
                    media=media,
                    base=self._uris.base,
                    default_graphs=question.default_graphs,
                    named_graphs=question.named_graphs,
                    max_rows=max_rows,
                    cancelled=request.environ.get("waitress.client_disconnected", _nobody_left),
                )
            except QueryQueueFull:
                # A new edition may have been issued between the two lines above.
                former, pool = pool, self._current.pool()
                if pool is former:
                    raise

    def _page(self, page: sparql_page.SparqlPage, status: int = 200) -> Response:
        body = render_template("sparql.html", page=page)
        return Response(body, status, content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})

    def _refused(self, question: Question, refusal: Refusal) -> Response:
        kind = problem_kind("problem")
        if kind.name == _HTML:
            page = sparql_page.refused(self._uris, self._current.limits, question.query, refusal=refusal)
            response = self._page(page, refusal.status)
        else:
            body = refusal.detail + "\n" if kind.name == "text" else _details(refusal)
            response = Response(body, refusal.status, content_type=kind.content_type)
        response.headers["Cache-Control"] = "no-store"
        if refusal.retry_after:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response


def _nobody_left() -> bool:
    return False


def _form_of(pool: QueryPool, query: str) -> Form:
    """What is asked for; a bound met here is met every time, so trying again later is no use."""
    try:
        return pool.examine(query).form
    except QueryTooCostly as error:
        raise Refusal(400, str(error)) from error


def _format(wanted: str | None, offered: Sequence[Format]) -> Format:
    """The format the page's own parameter names, else by Accept; clients that send other names there mean nothing."""
    named = next((fmt for fmt in offered if fmt.name == wanted), None)
    return named or negotiate(request.headers.get("Accept"), offered)


def _protocol_answer(answer: Answer, fmt: Format) -> Response:
    response = Response(answer.body, content_type=fmt.content_type, headers={"Cache-Control": answers.PRIVATE})
    if fmt.name in ("csv", "tsv"):
        # Values may begin like a spreadsheet's formula; the standard wants them raw.
        response.headers["Content-Disposition"] = f'attachment; filename="result.{fmt.extension}"'
    return _marked(response, answer)


def _marked(response: Response, answer: Answer) -> Response:
    if answer.truncated:
        response.headers["X-Result-Truncated"] = "true"
    return response


def _details(refusal: Refusal) -> bytes:
    """Problem details (RFC 9457)."""
    known: dict[str, object] = {
        "type": "about:blank",
        "title": sparql_page.TITLES.get(refusal.status, "The query was refused"),
        "status": refusal.status,
        "detail": refusal.detail,
    }
    if place := sparql_page.place(refusal.detail):
        known["line"], known["column"] = place
    return orjson.dumps(known)


def _refusal(error: LinkedDataError) -> Refusal:
    """What each error of ours is to a client."""
    if isinstance(error, QueryQueueFull):
        return Refusal(503, str(error), retry_after=error.retry_after)
    for kind, status, retry_after in (
        (QueryMalformed, 400, None),
        (QueryForbidden, 403, None),
        (QueryTooCostly, 503, _RETRY_SECONDS),
        (NotAcceptable, 406, None),
        (StoreError, 503, _RETRY_SECONDS),
    ):
        if isinstance(error, kind):
            return Refusal(status, str(error), retry_after=retry_after)
    raise error
