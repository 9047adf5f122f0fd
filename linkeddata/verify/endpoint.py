"""What the SPARQL endpoint says, asked as a stranger would ask: which statements does it not have, and has it more?

Cells of lists have URIs there, so a record's statements can be asked for as they are; where a document
names blank nodes, they stand in the query as they do in the document, and match any node (SPARQL 1.1, 4.1.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from linkeddata.verify.doors import Client, value_of
from linkeddata.verify.graphs import Lines, Unreadable, as_lines, token_of
from linkeddata.vocabulary.ntriples import Statement, Token

#: Bytes of terms in one query: the endpoint's own limit is 64 kB, unless it is set otherwise.
_ROOM: Final = 40_000
#: A statement longer than this is not sent there, but what the endpoint has in its place is fetched.
_LONG: Final = 5_000
_ABSENT: Final = "SELECT ?s ?p ?o {{ VALUES (?s ?p ?o) {{ {rows} }} {filters} }}"
_NONE: Final = "FILTER NOT EXISTS {{ {pattern} }}"
_STATEMENT: Final = "?s ?p ?o"
_PAIRS: Final = "SELECT ?s ?p ?o {{ VALUES (?s ?p) {{ {rows} }} ?s ?p ?o }}"
_ABOUT: Final = "SELECT ?s ?p ?o {{ VALUES ?s {{ {rows} }} {pattern} }}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The endpoint of a site. Unreadable where it answers anything but results in JSON."""

    client: Client

    def lacks(self, statements: Iterable[Statement], *graphs: str) -> Lines:
        """Those of the statements that stand in none of these graphs (the empty name: the default one)."""
        short, long, blank = _sorted(statements)
        filters = " ".join(_NONE.format(pattern=_within(graph)) for graph in graphs or ("",))
        # Virtuoso does not find a string again that a table of values gives, so what seems absent is looked for, too.
        sought = [*long, *self._rows(_ABSENT, map(" ".join, short), filters=filters)]
        found = as_lines(self._rows(_PAIRS, dict.fromkeys(f"{s} {p}" for s, p, _ in sought)))
        return (as_lines(sought) - found) | self._unmatched(blank)

    def says_of(self, subjects: Iterable[Token], graph: str = "") -> list[Statement]:
        """All that it says of these subjects (their tokens) in a graph."""
        return [*self._rows(_ABOUT, subjects, pattern=_within(graph))]

    def graph(self, graph: str) -> list[Statement]:
        """All that stands in a named graph."""
        return [*self._select(f"SELECT {_STATEMENT} {{ {_within(graph)} }}")]

    def _unmatched(self, blank: list[Statement]) -> Lines:
        """Statements with blank nodes match together or not at all."""
        if not blank:
            return frozenset()
        matched = self._results(f"ASK {{ {' . '.join(map(' '.join, blank))} }}").get("boolean")
        return frozenset() if matched else as_lines(blank)

    def _rows(self, template: str, rows: Iterable[str], **parts: str) -> Iterator[Statement]:
        bracket = "{}" if template == _ABOUT else "({})"
        for batch in _batches(rows):
            yield from self._select(template.format(rows=" ".join(map(bracket.format, batch)), **parts))

    def _select(self, query: str) -> Iterator[Statement]:
        for row in self._results(query)["results"]["bindings"]:
            yield token_of(row["s"]), token_of(row["p"]), token_of(row["o"])

    def _results(self, query: str) -> Any:
        answer = self.client.query(query)
        if answer.status != 200:
            raise Unreadable(f"status {answer.status}: {answer.body[:300].decode('utf-8', 'replace')}")
        return value_of(answer.body)


def _within(graph: str) -> str:
    return f"GRAPH <{graph}> {{ {_STATEMENT} }}" if graph else _STATEMENT


def _sorted(statements: Iterable[Statement]) -> tuple[list[Statement], list[Statement], list[Statement]]:
    """Statements that fit into a query, those that are too long for that, and those with blank nodes."""
    short, long, blank = list[Statement](), list[Statement](), list[Statement]()
    for said in statements:
        has_blank = said[0].startswith("_:") or said[2].startswith("_:")
        kind = blank if has_blank else long if len(" ".join(said).encode()) > _LONG else short
        kind.append(said)
    return short, long, blank


def _batches(rows: Iterable[str]) -> Iterator[list[str]]:
    """Rows that fit into one query."""
    batch, size = list[str](), 0
    for row in rows:
        length = len(row.encode()) + 4
        if batch and size + length > _ROOM:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        yield batch
