"""Answers of bounded length: the engine writes them natively, and here they are cut between two rows.

Reading rows in Python only to write them again costs as much as the query, so rows are counted in
the written text instead.
"""

from __future__ import annotations

import contextlib
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from xml.sax.saxutils import quoteattr

T = TypeVar("T")
_STEP = 1 << 16


class Full(Exception):
    """The answer has reached its bound."""


@dataclass(frozen=True)
class RowText:
    """How rows look in one results format.

    `ends` finds the end of a row anywhere, unless the text holds `ambiguous`; then `row` is matched
    row by row. `linked` is the end of the head, and what takes its place in an answer with a link
    (SPARQL 1.1 Query Results JSON Format, 3.1.2; XML Format, 2.2).
    """

    begins: bytes
    ends: re.Pattern[bytes] | None
    row: re.Pattern[bytes]
    ambiguous: bytes
    tail: bytes
    linked: tuple[bytes, Callable[[str], str]] | None = None


# In JSON a quotation mark inside a string is escaped, so `,{"` and a letter can only begin a row.
# A row without any value is `{}`, which a string may hold; two levels of braces make a row, and each
# triple term adds two.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'


def _braces(depth: int) -> bytes:
    inner = rb"|" + _braces(depth - 1) if depth > 1 else b""
    return rb'\{(?:[^{}"]++|' + _STRING + inner + rb")*+\}"


ROW_TEXTS: Final[dict[str, RowText]] = {
    "json": RowText(
        b'"bindings":[',
        re.compile(rb'\}\}(?=,\{"[^,}]|\]\}\}\Z)'),
        re.compile(rb",?" + _braces(8), re.DOTALL),
        b"{}",
        b"]}}",
        (b'},"results":', lambda uri: f',"link":[{json.dumps(uri)}]}},"results":'),
    ),
    "xml": RowText(
        b"<results>",
        re.compile(rb"</result>|<result/>"),
        re.compile(rb"(?!)"),
        b"\0",
        b"</results></sparql>",
        (b"</head>", lambda uri: f"<link href={quoteattr(uri)}/></head>"),
    ),
    "tsv": RowText(b"\n", re.compile(rb"\n"), re.compile(rb"(?!)"), b"\0", b""),
    "csv": RowText(b"\n", None, re.compile(rb'(?:[^"\n]++|"[^"]*+")*+\n'), b"", b""),
}

_LINES: Final = RowText(b"", re.compile(rb"\n"), re.compile(rb"(?!)"), b"\0", b"")
#: Graphs in the formats that write one statement a line (RDF 1.1 N-Triples and N-Quads, section 2).
LINE_TEXTS: Final = {"nt": _LINES, "nq": _LINES}


class RowSink:
    """A file for the engine to write results to; it keeps whole rows up to the bounds.

    `write` raises `Full` once there is more than may be kept; `text` is well-formed either way.
    """

    def __init__(self, shape: RowText, *, max_rows: int, max_bytes: int, notice: str | None = None) -> None:
        """`notice` is the URI that an answer links to if it is cut, where its format has links."""
        self._shape, self._notice = shape, notice
        self._max_rows, self._max_bytes = max_rows, max_bytes
        self._buffer = bytearray()
        self._end = -1  # of the last row counted; -1 before the head is complete
        self._next_look = _STEP
        self.rows = 0
        self.truncated = False

    def write(self, piece: bytes) -> int:
        self._buffer += piece
        if len(self._buffer) >= self._next_look:
            self._count()
            # Looking only after the text has doubled since the last row keeps one huge row linear.
            self._next_look = len(self._buffer) + max(_STEP, len(self._buffer) - self._end)
        return len(piece)

    def flush(self) -> None:
        """Nothing to do; the engine asks for it."""

    def text(self) -> bytes | bytearray:
        """The whole answer, or as many whole rows as fit; `rows` and `truncated` are right from now on."""
        if not self.truncated:
            with contextlib.suppress(Full):
                self._count()
        if not self.truncated:
            return self._buffer
        kept = bytes(self._buffer[: self._end]) + self._shape.tail
        if self._notice and self._shape.linked:
            ending, with_link = self._shape.linked
            kept = kept.replace(ending, with_link(self._notice).encode(), 1)
        return kept

    def _count(self) -> None:
        if self._end < 0:
            self._end = self._head()
        ends = list(self._ends())
        fitting = ends[: min(self._max_rows - self.rows, bisect_right(ends, self._max_bytes))]
        self.rows += len(fitting)
        self._end = fitting[-1] if fitting else self._end
        if len(fitting) < len(ends):
            self._stop()
        if len(self._buffer) > self._max_bytes + _STEP:
            self._stop()

    def _stop(self) -> None:
        self.truncated = True
        raise Full

    def _head(self) -> int:
        start = self._buffer.find(self._shape.begins)
        return start + len(self._shape.begins) if start >= 0 else len(self._buffer)

    def _ends(self) -> Iterator[int]:
        shape, at = self._shape, self._end
        if shape.ends is not None and self._buffer.find(shape.ambiguous, at) < 0:
            yield from (found.end() for found in shape.ends.finditer(self._buffer, at))
            return
        while found := shape.row.match(self._buffer, at):
            at = found.end()
            yield at


class ByteSink:
    """A file that counts what is written to it."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def write(self, piece: bytes) -> int:
        self._buffer += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing to do; the engine asks for it."""

    def __len__(self) -> int:
        return len(self._buffer)

    def text(self) -> bytes | bytearray:
        return self._buffer


class Capped(Generic[T]):
    """What another iterator gives, until there are enough of them or the sink is full; counts them."""

    def __init__(self, found: Iterator[T], sink: ByteSink, *, max_rows: int, max_bytes: int) -> None:
        self._found, self._sink = found, sink
        self._max_rows, self._max_bytes = max_rows, max_bytes
        self.rows = 0
        self.truncated = False

    def __iter__(self) -> Iterator[T]:
        for one in self._found:
            if self.rows == self._max_rows or len(self._sink) > self._max_bytes:
                self.truncated = True
                return
            self.rows += 1
            yield one
