"""The SPARQL endpoint and its page, at one address: programs get protocol answers, people a form and a table.

An answer cut at a limit is status 200 with `X-Result-Truncated: true`; the page says it in words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import orjson
from flask import Blueprint, Response, render_template, request

from linkeddata.catalogue import Answer, Asker, Edition, Form, QueryPool, QueryWish
from linkeddata.errors import (
    LinkedDataError,
    NotAcceptable,
    NothingPublished,
    QueryBudgetSpent,
    QueryForbidden,
    QueryMalformed,
    QueryQueueFull,
    QueryTooCostly,
    StoreError,
)
from linkeddata.representations import represent
from linkeddata.representations.example_queries import Example, Thing, describe_examples, examples
from linkeddata.representations.formats import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    SERVICE_FORMATS,
    TURTLE,
    Format,
    by_extension,
    negotiate,
)
from linkeddata.representations.recipes import help_page
from linkeddata.representations.sparql_service import Bound, Holding, describe_service, service_address
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import answers, query_outcomes, sparql_page, tongues
from linkeddata.web.budget import client_of
from linkeddata.web.current import Current
from linkeddata.web.problems import problem, problem_kind
from linkeddata.web.query_request import Question, Refusal, read
from linkeddata.web.query_time import QueryTime
from linkeddata.wording import marked

_LOG = logging.getLogger(__name__)
PATH: Final = "/sparql"
HELP: Final = f"{PATH}/help"
_HTML: Final = "html"
#: Seconds after which a query that was ended may be tried again, as long as the pool remembers it.
_RETRY_SECONDS: Final = 60
_SHOWN_GRAPHS: Final = 100


@dataclass(frozen=True, slots=True)
class Clients:
    """Whom time is counted for: the seconds of query time a client has in a minute (0: any number), and how many
    proxies of ours a request comes through."""

    share: float = 0.0
    proxies: int = 0


def blueprint(current: Current, base: str, clients: Clients = Clients()) -> Blueprint:
    """The endpoint at `/sparql` over what is served now; relative IRIs in queries start from `base`."""
    door = Blueprint("sparql", __name__)
    endpoint = _Endpoint(current, Uris(base), clients)
    door.add_url_rule(PATH, view_func=endpoint.reply, methods=["GET", "POST"], endpoint="query")
    door.add_url_rule(HELP, view_func=endpoint.help, endpoint="help")
    door.add_url_rule(f"{PATH}/examples.<extension>", view_func=endpoint.examples, endpoint="examples")
    return door


class _Endpoint:
    def __init__(self, current: Current, uris: Uris, clients: Clients) -> None:
        self._current = current
        self._uris = uris
        self._clients = clients
        self._time = QueryTime(clients.share)

    def reply(self) -> Response:
        """The answer to this request, whatever it is."""
        question = Question(None)
        try:
            question = read(request, longest_query=self._current.limits.max_query_bytes)
            response = self._front(question) if question.query is None else self._answered(question, question.query)
            outcome = None if question.query is None else query_outcomes.of_answer(response)
        except Refusal as refusal:
            response, outcome = self._refused(question, refusal), query_outcomes.of_error(refusal)
        except LinkedDataError as error:
            response, outcome = self._refused(question, _refusal(error)), query_outcomes.of_error(error)
        request.environ[query_outcomes.OUTCOME] = outcome
        response.headers["Vary"] = "Accept"
        return response

    def help(self) -> Response:
        """How to ask from scripts and programs."""
        response = self._html(
            render_template("sparql_help.html", page=help_page(self._uris, self._bounds(), tongues.words()))
        )
        response.headers["Cache-Control"] = answers.SHARED
        return response

    def examples(self, extension: str) -> Response:
        """The examples in an RDF format."""
        fmt = by_extension(extension)
        if fmt is None or fmt.name == _HTML:
            return problem(404)
        told = describe_examples(self._examples(), address=service_address(self._uris))
        return self._rdf(told, fmt, answers.SHARED)

    def _front(self, question: Question) -> Response:
        """No query: the form, or the description of the endpoint."""
        try:
            # Whoever takes anything, as link checkers do, may have the form too.
            fmt = _format(question.format, SERVICE_FORMATS)
        except NotAcceptable as error:
            raise Refusal(400, "There must be a query parameter; a browser gets a form here.") from error
        if fmt.name == _HTML:
            response = self._page(sparql_page.blank(self._setting()))
        else:
            told = describe_service(self._uris, self._bounds(), self._holding())
            response = self._rdf(told, fmt, answers.PRIVATE)
        path = self._uris.local(service_address(self._uris))
        response.headers["Link"] = ", ".join(
            (answers.link(f"{path}?format=ttl", rel="describedby", type=TURTLE.content_type),
             answers.link(f"{path}/help", rel="help"))
        )  # fmt: skip
        return response

    def _rdf(self, statements: bytes, fmt: Format, caching: str) -> Response:
        body = represent(statements, fmt, focus=self._uris.base, genid=self._uris.genid, base=self._uris.base)
        return Response(body, content_type=fmt.content_type, headers={"Cache-Control": caching})

    def _answered(self, question: Question, query: str) -> Response:
        gives_graph = _form_of(self._current.pool(), query).gives_graph
        fmt = _format(question.format, GRAPH_FORMATS if gives_graph else RESULT_FORMATS)
        if fmt.name != _HTML:
            return _protocol_answer(self._ask(question, query, fmt.name), fmt)
        media = "ttl" if gives_graph else "json"
        answer = self._ask(question, query, media, rows=sparql_page.ROWS)
        page = sparql_page.answered(self._setting(), query, answer=answer, media=media, graphs=question.graphs)
        return _marked(self._page(page), answer)

    def _ask(self, question: Question, query: str, media: str, rows: int | None = None) -> Answer:
        client = client_of(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), self._clients.proxies)
        self._time.admit(client)
        pool = self._current.pool()
        while True:
            try:
                return pool.answer(
                    query,
                    media=media,
                    base=self._uris.base,
                    default_graphs=question.default_graphs,
                    named_graphs=question.named_graphs,
                    wish=QueryWish(question.seconds, rows, f"{self._uris.base}sparql/help#limits"),
                    asker=Asker(_hung_up(), partial(self._time.charge, client)),
                )
            except QueryQueueFull:
                # A new edition may have been issued between the two lines above.
                former, pool = pool, self._current.pool()
                if pool is former:
                    raise

    def _edition(self) -> Edition | None:
        try:
            return self._current.edition()
        except NothingPublished:
            return None

    def _examples(self) -> tuple[Example, ...]:
        edition = self._edition()
        return examples({kind: Thing(*thing) for kind, thing in edition.samples.items()} if edition else {})

    def _setting(self) -> sparql_page.Setting:
        return sparql_page.Setting(self._uris, self._current.limits, self._examples(), tongues.words())

    def _holding(self) -> Holding:
        edition = self._edition()
        if edition is None:
            return Holding()
        graphs = edition.named_graphs(_SHOWN_GRAPHS + 1)
        return Holding(edition.counts["statements"], graphs[:_SHOWN_GRAPHS], len(graphs) > _SHOWN_GRAPHS)

    def _bounds(self) -> tuple[Bound, ...]:
        limits = self._current.limits
        bounds = (
            Bound("time", limits.timeout_seconds, marked("seconds for a query")),
            Bound("rows", limits.max_rows, marked("rows or statements of an answer")),
            Bound("answer", limits.max_answer_bytes, marked("bytes of an answer")),
            Bound("query", limits.max_query_bytes, marked("bytes of a query")),
            Bound("client-time", self._clients.share, marked("seconds of query time for a client in a minute")),
        )
        return tuple(bound for bound in bounds if bound.value)

    def _page(self, page: sparql_page.SparqlPage, status: int = 200) -> Response:
        return self._html(render_template("sparql.html", page=page), status)

    def _html(self, body: str, status: int = 200) -> Response:
        return Response(body, status, content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})

    def _refused(self, question: Question, refusal: Refusal) -> Response:
        kind = problem_kind("problem")
        if kind.name == _HTML:
            page = sparql_page.refused(self._setting(), question.query, refusal=refusal)
            response = self._page(page, refusal.status)
        else:
            body = refusal.detail + "\n" if kind.name == "text" else _details(refusal)
            response = Response(body, refusal.status, content_type=kind.content_type)
        response.headers["Cache-Control"] = "no-store"
        if refusal.retry_after:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response


def _hung_up() -> Callable[[], bool]:
    """What tells that the client of this request has gone; no other server than ours does."""
    told: Callable[[], bool] = request.environ.get("waitress.client_disconnected", bool)
    return told


def _form_of(pool: QueryPool, query: str) -> Form:
    """What is asked for; a bound met here is met every time, so trying again later is no use."""
    try:
        return pool.examine(query).form
    except QueryTooCostly as error:
        raise Refusal.of(error, 400) from error


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
        "title": sparql_page.TITLES.get(refusal.status, sparql_page.REFUSED),
        "status": refusal.status,
        "detail": refusal.detail,
    }
    if place := sparql_page.place(refusal.detail):
        known["line"], known["column"] = place
    return orjson.dumps(known)


def _refusal(error: LinkedDataError) -> Refusal:
    """What each error of ours is to a client."""
    if isinstance(error, QueryQueueFull | QueryBudgetSpent):
        status = 429 if isinstance(error, QueryBudgetSpent) else 503
        return Refusal.of(error, status, error.retry_after)
    for kind, status, retry_after in (
        (QueryMalformed, 400, None),
        (QueryForbidden, 403, None),
        (QueryTooCostly, 503, _RETRY_SECONDS),
        (NotAcceptable, 406, None),
    ):
        if isinstance(error, kind):
            return Refusal.of(error, status, retry_after)
    if isinstance(error, StoreError):
        # The words of a server, its address among them perhaps, are for the log.
        _LOG.error("a query was not answered: %s", error)
        return Refusal(503, "The query could not be run.", retry_after=_RETRY_SECONDS)
    raise error
