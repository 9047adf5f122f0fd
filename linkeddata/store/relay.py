"""Strangers' SPARQL, answered by the institution's own server under our guard, limits and formats.

The server is always asked for the same two formats, and its answer is read, cut and written anew as it
streams in: so every format of ours is there whatever the server knows, and looks the same.
"""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import BinaryIO, Final, NoReturn, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results, serialize

from linkeddata.errors import QueryForbidden, QueryMalformed, QueryQueueFull, QueryTooCostly, StoreError, marked
from linkeddata.querying.cutting import ROW_TEXTS, ByteSink, Capped, Full, RowSink
from linkeddata.querying.query_process import GRAPHS, RESULTS
from linkeddata.store.admission import AS_ASKED, LATE, Stopped
from linkeddata.store.asking import NO_WISH, SOMEBODY, Answer, Asker, Standing, Wish
from linkeddata.store.call import Cut, Watch, called
from linkeddata.store.gate import Gate
from linkeddata.store.guard import Examined, examine, tokens
from linkeddata.store.limits import Limits
from linkeddata.store.quirks import Quirks
from linkeddata.store.remote import Server, dataset, kind_of

_LOG = logging.getLogger(__name__)
_ROWS: Final = "application/sparql-results+json"
_STATEMENTS: Final = "application/n-triples, text/plain;q=0.5"
_OWN: Final = marked("%(word)s: is refused: functions of the server's own are not for everybody.")
_LONGEST_WORDS: Final = 64 << 10
_SHOWN_WORDS: Final = 1_000
_END: Final = 200
_BUSY: Final = frozenset({429, 502, 503, 504})
#: What reading an answer may raise: a broken connection, or one that is no answer.
_FOREIGN: Final = (OSError, HTTPException, ValueError, SyntaxError)


class _Late(ValueError):
    """The server broke off because it took too long."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query, the form it is posted as, the format of the answer, how many rows and seconds it may have, and
    what a cut answer links to."""

    text: str
    fields: Sequence[tuple[str, str]]
    media: str
    rows: int
    seconds: float
    notice: str | None


class _Kept:
    """An answer as it is read, and the last of it."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.end = b""

    def read(self, size: int = -1) -> bytes:
        piece = self._response.read(size)
        self.end = (self.end + piece)[-_END:]
        return piece


class RemotePool:
    """Strangers' queries on a server, `workers` of them at once; any number of threads may ask."""

    def __init__(self, server: Server, *, workers: int, limits: Limits, prefixes: Mapping[str, str]) -> None:
        self.limits = limits
        self._server, self._prefixes = server, dict(prefixes)
        self._gate = Gate(workers, limits)
        self._stopped = Stopped(limits.remember_seconds)
        self._known: Quirks | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> RemotePool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, *, wait: bool = True) -> None:
        """Nothing is held open; queries under way come to their end."""

    def standing(self) -> Standing:
        """How many queries the server has from us, and how many wait."""
        return self._gate.standing()

    def examine(self, text: str) -> Examined:
        """What a query asks for, without running it; raises what `guard.examine` does, and QueryForbidden for
        the server's own functions."""
        examined = examine(text, self.limits)
        for token in tokens(text):
            word = token.text.lstrip("<").partition(":")[0].lower()
            if token.kind in ("name", "word", "iri") and word in self._quirks.own_words:
                raise QueryForbidden(_OWN, word=word)
        return examined

    def answer(
        self,
        text: str,
        *,
        media: str,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        wish: Wish = NO_WISH,
        asker: Asker = SOMEBODY,
    ) -> Answer:
        """Run a query and give its whole answer in a format named as in `query_process`.

        Raises what `workers.Pool.answer` does, and StoreError where the server gives no answer.
        """
        examined = self.examine(text)
        if media not in (GRAPHS if examined.form.gives_graph else RESULTS):
            raise QueryMalformed("this query cannot be answered as %(format)s", format=media)
        self._stopped.refuse(text)
        graphs = {"default-graph-uri": default_graphs, "named-graph-uri": named_graphs}
        asked = self._asked(text, media, wish, self._fields(text, base, graphs))
        watch = Watch(asked.seconds, asker.cancelled)  # before the gate, so that waiting there is part of its time
        with self._gate.passed(look_up=examined.cheap, cancelled=asker.cancelled) as stay:
            began = time.monotonic()
            try:
                return self._answered(asked, watch)
            finally:
                asker.charged(time.monotonic() - began)
                # A server that does not notice works on it until the time it was told is over.
                stay.seconds = watch.left if watch.cut is Cut.ABANDONED else 0.0

    def _asked(self, text: str, media: str, wish: Wish, fields: list[tuple[str, str]]) -> _Asked:
        """The question, as far as the limits let it go."""
        rows = min(wish.rows or self.limits.max_rows, self.limits.max_rows)
        seconds = min(wish.seconds or math.inf, self.limits.timeout_seconds)
        return _Asked(text, [*fields, *self._time(seconds)], media, rows, seconds, wish.notice)

    def _answered(self, asked: _Asked, watch: Watch) -> Answer:
        began = time.monotonic()
        accept, write = (_STATEMENTS, self._graph) if asked.media in GRAPHS else (_ROWS, self._table)
        with self._called(asked, accept, watch) as response:
            body, found, cut = write(_Kept(response), asked)
            return Answer(body, cut or self._partial(response, found), found, time.monotonic() - began)

    @property
    def _quirks(self) -> Quirks:
        with self._lock:
            if self._known is None:
                self._known = kind_of(self._server)
            return self._known

    def _fields(self, text: str, base: str | None, graphs: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        """The form that is posted. Whoever names graphs, there or by FROM, gets those; else it is the graph of ours."""
        named = any(graphs.values()) or any(token.text == "FROM" for token in tokens(text) if token.kind == "word")
        wanted = graphs if named else dataset(self._server, text)
        # On the first line, so that errors tell the lines of the stranger's own text.
        fields = [("query", f"BASE <{base}> {text}" if base else text)]
        fields += [(field, uri) for field, uris in wanted.items() for uri in uris]
        return fields

    def _time(self, seconds: float) -> list[tuple[str, str]]:
        """What tells the server how long it may work on a query: a second more than we wait, so that the answer is
        always that of our own limit."""
        if self._quirks.time_parameter is None:
            return []
        field, pattern = self._quirks.time_parameter
        return [(field, pattern.format(seconds=math.ceil(seconds + 1), milliseconds=math.ceil(seconds * 1000) + 1000))]

    @contextmanager
    def _called(self, asked: _Asked, accept: str, watch: Watch) -> Iterator[HTTPResponse]:
        try:
            with called(self._server, asked.fields, accept=accept, watch=watch) as response:
                if response.status != 200:
                    self._refused(asked, response)
                yield response
        except _FOREIGN as error:
            if watch.cut is Cut.ABANDONED:
                raise QueryTooCostly(
                    "The query was ended because nobody waited for its answer.", "abandoned"
                ) from error
            if watch.cut is Cut.LATE or isinstance(error, _Late):
                self._too_costly(asked)
            _LOG.warning("the SPARQL server gave no answer: %s", error)
            raise StoreError("The query could not be run.") from error

    def _refused(self, asked: _Asked, response: HTTPResponse) -> NoReturn:
        """What an answer that is none is to the stranger."""
        words = response.read(_LONGEST_WORDS).decode("utf-8", "replace").partition("SPARQL query:")[0].strip()
        if response.status >= 500 and self._quirks.late.search(words):
            self._too_costly(asked)
        if response.status == 400:
            raise QueryMalformed(words[:_SHOWN_WORDS] or "The server cannot read this query.")
        if response.status in _BUSY:
            raise QueryQueueFull("The SPARQL server is busy; try again in a moment.")
        _LOG.warning("the SPARQL server answered %d: %s", response.status, words[:_SHOWN_WORDS])
        raise StoreError("The query could not be run.")

    def _too_costly(self, asked: _Asked) -> NoReturn:
        if asked.seconds < self.limits.timeout_seconds:
            # The asker's own limit says nothing about the query to others.
            raise QueryTooCostly(AS_ASKED, "time", seconds=f"{asked.seconds:g}")
        late = QueryTooCostly(LATE, "time", seconds=f"{asked.seconds:g}")
        self._stopped.remember(asked.text, late)
        raise late

    def _partial(self, response: HTTPResponse, rows: int | None) -> bool:
        """Whether the server says that there is more."""
        quirks = self._quirks
        limit = response.headers.get(quirks.row_limit, "") if quirks.row_limit else ""
        at_limit = limit.isdecimal() and rows is not None and rows >= int(limit)
        return at_limit or bool(quirks.partial and response.headers.get(quirks.partial))

    def _table(self, kept: _Kept, asked: _Asked) -> tuple[bytes, int | None, bool]:
        sink = RowSink(
            ROW_TEXTS[asked.media], max_rows=asked.rows, max_bytes=self.limits.max_answer_bytes, notice=asked.notice
        )
        with self._read(kept):
            found = parse_query_results(cast(BinaryIO, kept), format=QueryResultsFormat.JSON)
            try:
                if isinstance(found, QueryBoolean):
                    return found.serialize(None, RESULTS[asked.media]) or b"", None, False
                with contextlib.suppress(Full):
                    found.serialize(cast(BinaryIO, sink), RESULTS[asked.media])
            finally:
                # Only the thread that made it may let it go; in a traceback it would outlive this call.
                del found
        return bytes(sink.text()), sink.rows, sink.truncated

    def _graph(self, kept: _Kept, asked: _Asked) -> tuple[bytes, int | None, bool]:
        sink = ByteSink()
        with self._read(kept):
            read = (quad.triple for quad in parse(cast(BinaryIO, kept), format=RdfFormat.N_TRIPLES))
            triples = Capped(read, sink, max_rows=asked.rows, max_bytes=self.limits.max_answer_bytes)
            try:
                serialize(triples, cast(BinaryIO, sink), GRAPHS[asked.media], prefixes=self._prefixes)
            finally:
                read.close()  # lets go of the engine's reader here, as above
        return bytes(sink.text()), triples.rows, triples.truncated

    @contextmanager
    def _read(self, kept: _Kept) -> Iterator[None]:
        """An answer that breaks off with words about time is one that came too late: Oxigraph has begun it then."""
        try:
            yield
        except (ValueError, SyntaxError) as error:
            words = kept.end.decode("utf-8", "replace")
            raise (_Late if self._quirks.late.search(words) else ValueError)(str(error)) from error
