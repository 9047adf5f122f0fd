"""A graph in the institution's own SPARQL server. The wall round SPARQLWrapper.

Reading is by our own bounded queries, writing in requests that may be sent twice. Whatever goes wrong is a
StoreError with the server's own words and without any credentials.
"""

from __future__ import annotations

import ast
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError

from SPARQLWrapper import BASIC, DIGEST, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from linkeddata.errors import ConfigurationError, StoreError
from linkeddata.store.embedded import canonical
from linkeddata.store.quirks import AUTO, SERVERS, Quirks, recognised
from linkeddata.store.statements import Change, updates

_LOG = logging.getLogger(__name__)
_ROWS: Final = "application/sparql-results+json"
_GRAPH: Final = "application/n-triples, text/plain;q=0.5"
_ANYTHING: Final = "*/*"
_READING_SECONDS, _WRITING_SECONDS = 30, 300
_ATTEMPTS: Final = 5
_FIRST_PAUSE: Final = 0.5
#: A server that is starting, or a proxy before it.
_PASSING: Final = frozenset({429, 502, 503, 504})
_LONGEST_WORDS: Final = 400
#: What SPARQLWrapper lets through beside its own exceptions.
_FOREIGN: Final = (SPARQLWrapperException, OSError, HTTPException, ValueError)
_NAMED: Final = re.compile(r"\bGRAPH\s*<([^<>\s]*)>", re.IGNORECASE)


def _no_secret() -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A SPARQL server and the place in it where the graph is kept.

    `graph` names it; where that is empty it is the server's default graph. `secret` gives the password of `user`,
    empty where there is none.
    """

    endpoint: str
    update_endpoint: str = ""
    graph: str = ""
    kind: str = AUTO
    batch_bytes: int = 256 << 10
    user: str = ""
    secret: Callable[[], str] = field(default=_no_secret, repr=False, compare=False)

    @property
    def place(self) -> str:
        """Tells one place for a graph from another."""
        return f"{self.endpoint} {self.graph}".strip()


@dataclass(frozen=True, slots=True)
class _Said:
    """A server's answer: its body and headers."""

    body: bytes
    headers: Mapping[str, str]


class _Failure(Exception):
    """A request got no answer; `passing` says that another try may get one."""

    def __init__(self, words: str, *, passing: bool) -> None:
        super().__init__(words)
        self.passing = passing


class _Line:
    """The line to a server: one request at a time, each on a connection of its own."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def query(self, text: str, accept: str, graphs: Mapping[str, Iterable[str]]) -> _Said:
        wrapper = self._wrapper(_READING_SECONDS, accept)
        for parameter, uris in graphs.items():
            for uri in uris:
                wrapper.addParameter(parameter, uri)
        return _sent(wrapper, text, "SELECT")

    def update(self, text: str) -> _Said:
        return _sent(self._wrapper(_WRITING_SECONDS, _ANYTHING), text, "INSERT")

    def _wrapper(self, seconds: int, accept: str) -> SPARQLWrapper:
        server = self._server
        wrapper = SPARQLWrapper(server.endpoint, updateEndpoint=server.update_endpoint or None, agent="linkeddata")
        # Forms: Virtuoso never answers a query or an update that is posted as it is.
        wrapper.setMethod(POST)
        # Without this it adds three parameters of its own.
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", accept)
        wrapper.setTimeout(seconds)
        password = server.secret() if server.user else ""
        if password:
            wrapper.setHTTPAuth(DIGEST if _wants_digest(server) else BASIC)
            wrapper.setCredentials(server.user, password)
        return wrapper


def _wants_digest(server: Server) -> bool:
    """By its kind, or by the name that Virtuoso's door for those who are known has."""
    known = SERVERS.get(server.kind)
    return known.digest if known else server.update_endpoint.endswith("-auth")


def _sent(wrapper: SPARQLWrapper, text: str, form: str) -> _Said:
    # Said and not looked for: it would look for the form in megabytes, and a word in a text might mislead it.
    wrapper.queryString, wrapper.queryType = text, form
    asked = wrapper.endpoint if form == "SELECT" else wrapper.updateEndpoint
    try:
        with contextlib.closing(wrapper.query().response) as response:
            if response.geturl() != asked:
                # Python follows a redirected POST with a GET, which would lose an update without a word.
                raise _Failure(f"it redirects to {response.geturl()}; configure that address", passing=False)
            return _Said(response.read(), dict(response.headers.items()))
    except _FOREIGN as error:
        raise _failure(error) from error


def _failure(error: Exception) -> _Failure:
    """What the server, or the network, says went wrong."""
    if isinstance(error, HTTPError):
        with error:
            words = error.read(1 << 16).decode("utf-8", "replace")
        return _Failure(_short(f"{error.code} {error.reason}: {words}"), passing=error.code in _PASSING)
    if isinstance(error.__context__, HTTPError):
        # SPARQLWrapper leaves it open.
        error.__context__.close()
    if isinstance(error, SPARQLWrapperException):
        return _Failure(_short(_words(error)), passing=False)
    reason = error.reason if isinstance(error, URLError) else error
    refused = isinstance(reason, ValueError) and not isinstance(reason, OSError)
    return _Failure(_short(str(reason) or type(reason).__name__), passing=not refused)


def _words(error: SPARQLWrapperException) -> str:
    """What the server said; SPARQLWrapper keeps it as the text of a Python literal."""
    first, _, literal = str(error).partition("Response:\n")
    try:
        said = ast.literal_eval(literal)
    except (ValueError, SyntaxError):
        return first
    return said.decode("utf-8", "replace") if isinstance(said, bytes) and said else first


def _short(words: str) -> str:
    # Servers repeat the whole query.
    return " ".join(words.partition("SPARQL query:")[0].split())[:_LONGEST_WORDS]


def kind_of(server: Server, greet: Callable[[], Mapping[str, str]] | None = None) -> Quirks:
    """What kind of server it is: the one named, else by the headers of an answer; StoreError where it gives none."""
    if server.kind in SERVERS:
        return SERVERS[server.kind]
    try:
        headers = greet() if greet else _greeted(_Line(server)).headers
    except _Failure as failure:
        raise StoreError(f"the SPARQL server did not answer: {failure}") from failure
    return recognised(server.endpoint, headers)


def _greeted(line: _Line) -> _Said:
    return line.query("ASK { }", _ROWS, {})


class RemoteReader:
    """Answers our own bounded queries from a server; threads may share it. Nothing is asked until it is."""

    keeps_order = False

    def __init__(self, server: Server) -> None:
        self._server, self._line = server, _Line(server)

    def triples(self, sparql: str) -> bytes:
        """The graph a CONSTRUCT query gives, as canonical N-Triples."""
        return canonical(self._asked(sparql, _GRAPH).body)

    def rows(self, sparql: str) -> list[tuple[str | None, ...]]:
        """The rows a SELECT query gives, each value as its text, None where it has none."""
        found = self._results(sparql)
        names = found["head"]["vars"]
        return [tuple(row[name]["value"] if name in row else None for name in names)
                for row in found["results"]["bindings"]]  # fmt: skip

    def ask(self, sparql: str) -> bool:
        """What an ASK query says."""
        return bool(self._results(sparql)["boolean"])

    def _results(self, sparql: str) -> dict[str, Any]:
        said = self._asked(sparql, _ROWS)
        try:
            found: dict[str, Any] = json.loads(said.body)
        except ValueError as error:
            raise StoreError(f"the SPARQL server does not answer in SPARQL's JSON: {error}") from error
        return found

    def _asked(self, sparql: str, accept: str) -> _Said:
        try:
            return self._line.query(sparql, accept, dataset(self._server, sparql))
        except _Failure as failure:
            raise StoreError(f"the SPARQL server did not answer: {failure}") from failure


def dataset(server: Server, sparql: str) -> dict[str, list[str]]:
    """The graphs that a query is to be asked of, where the server's default graph is not the one meant.

    Who names a default graph has no named ones unless they are named, too (SPARQL 1.1 Protocol, section 2.1.4).
    """
    if not server.graph:
        return {}
    return {"default-graph-uri": [server.graph], "named-graph-uri": sorted(set(_NAMED.findall(sparql)))}


class RemoteWriter:
    """Changes the graph in a server. `base` is what the names of our own named graphs begin with."""

    def __init__(
        self, server: Server, base: str, *, sleep: Callable[[float], None] = time.sleep, attempts: int = _ATTEMPTS
    ) -> None:
        self._server, self._base, self._sleep, self._attempts = server, base, sleep, attempts
        self._line = _Line(server)
        self._quirks: Quirks | None = None

    @property
    def quirks(self) -> Quirks:
        """What kind of server it is; asked once."""
        if self._quirks is None:
            self._quirks = kind_of(self._server, lambda: self._tried(lambda: _greeted(self._line)).headers)
        return self._quirks

    def check(self) -> None:
        """Whether a graph can be kept there; ConfigurationError where the default graph is all graphs joined.

        Statements of our named graphs would come back twice through it.
        """
        quirks = self.quirks
        if not self._server.graph and (quirks.joined or self._is_joined()):
            raise ConfigurationError(
                f"store.graph must be set: the default graph of this server ({quirks.name}) is the union of all graphs"
            )

    def _is_joined(self) -> bool:
        """Whether a statement in a named graph is seen without naming it."""
        probe = f"<{self._base}graph/probe>"
        data = f"DATA {{ GRAPH {probe} {{ {probe} {probe} {probe} }} }}"
        self._send(f"INSERT {data}")
        try:
            asked = self._tried(lambda: self._line.query(f"ASK {{ {probe} ?by ?to }}", _ROWS, {}))
            return bool(json.loads(asked.body)["boolean"])
        finally:
            self._send(f"DELETE {data}")

    def clear(self) -> None:
        """Take everything out: the graph, and the named graphs that are ours."""
        self._send(f"CLEAR SILENT {f'GRAPH <{self._server.graph}>' if self._server.graph else 'DEFAULT'}")
        while names := self._graphs():
            self._send(" ;\n".join(f"CLEAR SILENT GRAPH <{name}>" for name in names))

    def _graphs(self) -> list[str]:
        """Names of some of our named graphs."""
        text = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({self._ours}) }} LIMIT 500"
        return [row[0] for row in self._rows(text)]

    def load(self, quads: Iterable[bytes]) -> None:
        """Add N-Quads text in pieces, cut anywhere."""
        self.apply((True, line) for line in _lines(quads))

    def change(self, removed: bytes, added: bytes) -> None:
        """Take out and put in N-Quads lines."""
        self.apply((sign, line) for sign, text in ((False, removed), (True, added)) for line in _lines([text]))

    def apply(self, changes: Iterable[Change]) -> None:
        """Let lines come and go, of which none does both; in requests that are each sent until it is done."""
        server, most = self._server, self.quirks.most
        for text in updates(changes, graph=server.graph, longest=server.batch_bytes, most=most):
            self._send(text)

    def optimize(self) -> None:
        """Servers do that by themselves."""

    def close(self) -> None:
        """Nothing is open between two requests."""

    def count(self) -> int:
        """The number of statements in the graph and in the named graphs that are ours."""
        return sum(self.counts())

    def counts(self) -> tuple[int, int]:
        """The same, each by itself."""
        own = f"GRAPH <{self._server.graph}> {{ ?s ?p ?o }}" if self._server.graph else "?s ?p ?o"
        named = f"GRAPH ?g {{ ?s ?p ?o }} FILTER({self._ours})"
        plain, ours = (int(self._rows(f"SELECT (COUNT(*) AS ?n) {{ {what} }}")[0][0]) for what in (own, named))
        return plain, ours

    def greet(self) -> None:
        """StoreError where the server does not answer."""
        self._tried(lambda: _greeted(self._line))

    def sees_through(self, graph: str) -> bool | None:
        """Whether the default graph shows the statements of a named graph, which stand nowhere else; None where it
        has none."""
        named = f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        if not self._rows(f"SELECT ?s {{ {named} }} LIMIT 1"):
            return None
        return bool(self._rows(f"SELECT ?s {{ {named} ?s ?p ?o }} LIMIT 1"))

    @property
    def _ours(self) -> str:
        test = f'STRSTARTS(STR(?g), "{self._base}")'
        return f"{test} && ?g != <{self._server.graph}>" if self._server.graph else test

    def _rows(self, text: str) -> list[tuple[str, ...]]:
        said = self._tried(lambda: self._line.query(text, _ROWS, {}))
        found = json.loads(said.body)
        return [tuple(row[name]["value"] for name in found["head"]["vars"]) for row in found["results"]["bindings"]]

    def _send(self, update: str) -> None:
        self._tried(lambda: self._line.update(update))

    def _tried(self, send: Callable[[], _Said]) -> _Said:
        """Send until it is done. What is sent twice does no more than once: it names what is there and what is not."""
        for attempt in range(self._attempts):
            try:
                return send()
            except _Failure as failure:
                again = self._quirks.again if self._quirks else ()
                passing = failure.passing or any(word in str(failure) for word in again)
                if not passing or attempt == self._attempts - 1:
                    raise StoreError(f"the SPARQL server cannot be reached, or refuses: {failure}") from failure
                _LOG.warning("the SPARQL server is asked again: %s", failure)
                self._sleep(_FIRST_PAUSE * 2**attempt)
        raise AssertionError("the loop ends by returning or raising")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines of pieces that were cut anywhere."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line + b"\n" for line in whole)
    if rest:
        raise StoreError("the last line of what is to be stored is cut off")
