"""Cuts JSON that runs over many lines into its values, holding one value at a time.

Only strings and brackets are understood here, which is all it takes to find where a value ends;
whether it is JSON is decided by who parses it. So a document with a fault inside costs itself, not
the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkeddata.sources.lines import Flaw, too_long

_BLANKS = re.compile(rb"[ \t\r\n]*")
_SCALAR = re.compile(rb"[^ \t\r\n,:\[\]{}\"]*")
# Up to the next bracket, or to the quote of a string whose end is not in the buffer yet.
_BETWEEN_BRACKETS = re.compile(rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
_REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_QUOTE = ord('"')
_LOOKAHEAD = 256


class Unreadable(Exception):
    """From `line` on nothing can be told apart any more."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class JsonValues:
    """Takes value after value off a stream of bytes; `line` is where the next one begins after a `peek`."""

    def __init__(self, pieces: Iterator[bytes], limit: int) -> None:
        self._pieces = pieces
        self._limit = limit
        self._buffer = b""
        self._at = 0
        self.line = 1

    def peek(self) -> bytes:
        """The next byte that is no blank; nothing at the end of the file."""
        while True:
            self._pass(_end(_BLANKS, self._buffer, self._at))
            if self._at < len(self._buffer):
                return self._buffer[self._at : self._at + 1]
            if not self._refill():
                return b""

    def skip(self) -> None:
        """Go past the byte that `peek` showed."""
        self._at += 1

    def begins(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether what comes next looks so, judged by a few hundred bytes."""
        while len(self._buffer) - self._at < _LOOKAHEAD and self._refill():
            pass
        return pattern.match(self._buffer, self._at) is not None

    def value(self) -> bytes | Flaw:
        """The next value as it is written; a flaw, and nothing held, where it is longer than the limit."""
        first, start = self.peek(), self.line
        if not first:
            raise Unreadable(start, "the file ends before its list or object is closed")
        if first in b"]}:,":
            raise Unreadable(start, f"{first.decode()!r} stands where a value should")
        return self._take(_Nesting(first) if first in b'"[{' else _Scalar(), start)

    def _take(self, shape: _Scalar | _Nesting, start: int) -> bytes | Flaw:
        parts = [self._pass(self._at + 1)]
        size = 1
        while True:
            part = self._pass(shape.advance(self._buffer, self._at))
            size += len(part)
            parts.append(part)
            if size > self._limit:
                parts.clear()
            if shape.closed:
                return b"".join(parts) if size <= self._limit else too_long(self._limit)
            if not self._refill():
                raise Unreadable(start, "the file ends within the value that begins there")

    def _pass(self, end: int) -> bytes:
        passed = self._buffer[self._at : end]
        self._at = end
        self.line += passed.count(b"\n")
        return passed

    def _refill(self) -> bool:
        piece = next(self._pieces, b"")
        self._buffer = self._buffer[self._at :] + piece
        self._at = 0
        return bool(piece)


def elements(values: JsonValues) -> Iterator[tuple[int, bytes | Flaw]]:
    """What stands in a list, each with its line; a comma too many or too few between them loses none."""
    values.skip()
    while (byte := values.peek()) != b"]":
        if byte == b",":
            values.skip()
        else:
            yield values.line, values.value()
    values.skip()


def members(values: JsonValues) -> Iterator[bytes | Flaw]:
    """The keys of an object, as they are written; whoever asks takes the value before the next."""
    values.skip()
    while (byte := values.peek()) != b"}":
        if byte == b",":
            values.skip()
            continue
        key = values.value()
        if values.peek() != b":":
            raise Unreadable(values.line, "a key without a colon")
        values.skip()
        yield key
    values.skip()


class _Scalar:
    """A number or a word behind its first byte, up to the byte that ends it."""

    __slots__ = ("closed",)

    def __init__(self) -> None:
        self.closed = False

    def advance(self, text: bytes, at: int) -> int:
        end = _end(_SCALAR, text, at)
        self.closed = end < len(text)
        return end


class _Nesting:
    """A string, list or object behind its first byte, up to the quote or bracket that closes it."""

    __slots__ = ("_depth", "_in_string", "closed")

    def __init__(self, first: bytes) -> None:
        self._in_string = first == b'"'
        self._depth = 0 if self._in_string else 1
        self.closed = False

    def advance(self, text: bytes, at: int) -> int:
        """How far the value reaches in this text; the end of the text if it is not closed there."""
        if self._in_string:
            rest = _REST_OF_STRING.match(text, at)
            if rest is None:
                return _before_open_escape(text)
            self._in_string, at = False, rest.end()
            self.closed = self._depth == 0
        return at if self.closed else self._advance_outside(text, at)

    def _advance_outside(self, text: bytes, at: int) -> int:
        while (at := _end(_BETWEEN_BRACKETS, text, at)) < len(text):
            if text[at] == _QUOTE:
                self._in_string = True
                return _before_open_escape(text)
            self._depth += 1 if text[at] in b"[{" else -1
            at += 1
            if self._depth == 0:
                self.closed = True
                return at
        return at


def _before_open_escape(text: bytes) -> int:
    """The end of the text, less a backslash whose other half is still to come."""
    backslashes = len(text) - len(text.rstrip(b"\\"))
    return len(text) - backslashes % 2


def _end(pattern: re.Pattern[bytes], text: bytes, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
