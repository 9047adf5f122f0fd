"""The life of a disposable process that runs strangers' queries; `query_processes` gives birth to it.

It opens a finished store, gives up network, files and memory beyond its bound, and then answers the
messages on its standard input one by one until that ends. It is ended when a query takes too long; a query
that overflows the stack or the memory ends it by itself.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any, BinaryIO, Final, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from linkeddata.querying import confinement, frames
from linkeddata.querying.cutting import LINE_TEXTS, ROW_TEXTS, ByteSink, Capped, Full, RowSink

RESULTS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_UNKNOWN_FUNCTION = re.compile(r"custom function (<[^>]*>) is not supported")
_KILOBYTE = 1024
_Body = bytes | bytearray
_Reply = tuple[dict[str, Any], _Body]
_Graph = NamedNode | BlankNode | DefaultGraph


def main(folder: str, parent: int) -> None:
    """Serve until standard input ends, or the parent does."""
    confinement.die_with_parent(parent)
    questions, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    os.dup2(2, 1)  # so that nothing printed by accident can break a message
    setup, _ = frames.read(questions) or sys.exit(1)
    store = _confined_store(folder, setup["memory_bytes"])
    _Service(questions, answers, lambda question: _reply(store, question, setup)).run()


class _Service:
    """Answers one question after the other, in a thread that is not the first: the C library gives that a heap of its
    own, which grows and shrinks with fewer calls to the system. So does the engine's own server.

    A thread that was told to give way to others cannot be told otherwise again, but another can take its place.
    """

    def __init__(self, questions: BinaryIO, answers: int, reply: Callable[[dict[str, Any]], _Reply]) -> None:
        self._questions, self._answers, self._reply = questions, answers, reply
        self._niceness = os.getpriority(os.PRIO_PROCESS, 0)
        self._fresh_wanted: SimpleQueue[bool] = SimpleQueue()
        self._fresh: SimpleQueue[int] = SimpleQueue()
        self._thread = threading.current_thread()

    def run(self) -> None:
        """Return when no more questions come."""
        _send(self._answers, {"status": "ready", "thread": self._begin()})
        while self._fresh_wanted.get():
            self._fresh.put(self._begin())
        self._thread.join()  # so that it can say why, where that is not the end of questions

    def _begin(self) -> int:
        """Start a thread; the number by which it is told to give way."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return _number(self._thread.native_id)

    def _work(self) -> None:
        own, is_usual = _number(threading.get_native_id()), True
        try:
            while is_usual and (message := frames.read(self._questions)):
                head, body = self._reply(message[0])
                is_usual = os.getpriority(os.PRIO_PROCESS, 0) == self._niceness
                _send(self._answers, {**head, "thread": own if is_usual else self._successor()}, body)
        finally:
            if is_usual:
                self._fresh_wanted.put(False)

    def _successor(self) -> int:
        # It would be as this one is, had this one started it.
        self._fresh_wanted.put(True)
        return self._fresh.get()


def _number(thread: int | None) -> int:
    # Elsewhere a process gives way as a whole.
    return thread if thread and sys.platform == "linux" else os.getpid()


def _send(answers: int, head: Mapping[str, Any], body: _Body = b"") -> None:
    """`burnt`, the seconds of processor time so far, tells the parent from where to count the next query's."""
    start = frames.start({**head, "burnt": time.process_time()}, len(body))
    # In one call, so that the parent wakes once for a short answer.
    rest = memoryview(body)[max(0, os.writev(answers, (start, body)) - len(start)) :]
    while rest:
        rest = rest[os.write(answers, rest) :]


def _confined_store(folder: str, memory_bytes: int) -> Store:
    # Before the store's own threads start, because the filter covers a thread and its children.
    offline = confinement.refuse_network()
    store = Store.read_only(folder)
    # Touches the table files; without the filter a full scan must open every one of them now.
    store.query("ASK { ?s ?p ?o }" if offline else "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    confinement.limit(memory_bytes)
    if not offline:
        confinement.refuse_new_files()
    return store


def _reply(store: Store, question: Mapping[str, Any], setup: Mapping[str, Any]) -> _Reply:
    try:
        body, rows, truncated = _answer(store, question, setup)
    except (SyntaxError, ValueError) as error:
        return {"status": "malformed", "message": _readable(str(error))}, b""
    except MemoryError:
        return {"status": "memory", "spent": True}, b""
    except (OSError, RuntimeError) as error:
        if unknown := _UNKNOWN_FUNCTION.search(str(error)):
            return {"status": "malformed", "message": f"The function {unknown[1]} is not known here."}, b""
        return {"status": "failed", "message": str(error)}, b""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE
    # Memory once used is seldom given back; a process that has used much makes room for a new one.
    spent = peak > setup["memory_bytes"] // 2
    return {"status": "done", "rows": rows, "truncated": truncated, "spent": spent}, body


def _answer(store: Store, question: Mapping[str, Any], setup: Mapping[str, Any]) -> tuple[_Body, int | None, bool]:
    found = store.query(question["query"], base_iri=question["base"], **_dataset(question))
    media, bounds = question["media"], {"max_rows": question["max_rows"], "max_bytes": setup["max_answer_bytes"]}
    wanted = GRAPHS if isinstance(found, QueryTriples) else RESULTS
    if media not in wanted:
        raise ValueError(f"this query cannot be answered as {media}")
    if isinstance(found, QueryBoolean):
        return found.serialize(None, RESULTS[media]) or b"", None, False
    if isinstance(found, QuerySolutions):
        return _table(found, media, bounds, question["notice"])
    return _graph(found, media, bounds, setup["prefixes"])


def _dataset(question: Mapping[str, Any]) -> dict[str, Any]:
    """The graphs the protocol names, which take the place of FROM (SPARQL 1.1 Protocol, 2.1.4)."""
    if not question["default_graphs"] and not question["named_graphs"]:
        return {}
    default: list[_Graph] = [NamedNode(uri) for uri in question["default_graphs"]]
    return {"default_graph": default, "named_graphs": [NamedNode(uri) for uri in question["named_graphs"]]}


def _table(found: QuerySolutions, media: str, bounds: Mapping[str, int], notice: str | None) -> tuple[_Body, int, bool]:
    sink = RowSink(ROW_TEXTS[media], notice=notice, **bounds)
    with contextlib.suppress(Full):
        found.serialize(cast(BinaryIO, sink), RESULTS[media])
    return sink.text(), sink.rows, sink.truncated


def _graph(
    found: QueryTriples, media: str, bounds: Mapping[str, int], prefixes: dict[str, str]
) -> tuple[_Body, int, bool]:
    if media in LINE_TEXTS:  # twice as fast as one by one
        lines = RowSink(LINE_TEXTS[media], max_rows=bounds["max_rows"], max_bytes=bounds["max_bytes"])
        with contextlib.suppress(Full):
            found.serialize(cast(BinaryIO, lines), GRAPHS[media])
        return lines.text(), lines.rows, lines.truncated
    sink = ByteSink()
    triples = Capped(iter(found), sink, **bounds)
    serialize(triples, cast(BinaryIO, sink), GRAPHS[media], prefixes=prefixes)
    return sink.text(), triples.rows, triples.truncated


def _readable(message: str) -> str:
    """The engine's message with its place in words and without its tables of characters."""
    found = _PLACE.fullmatch(message)
    if not found:
        return message
    line, column, detail = found.groups()
    if "Prefix not found" in detail:
        detail = "this prefix is not declared"
    else:
        detail = detail.split(", ['")[0].split("['")[0].strip(" ,")
    return f"Line {line}, column {column}: {detail or 'something else was expected'}."
