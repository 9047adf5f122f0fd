"""Bytes to numbered lines, with a bound on what one line may cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_LONG_RUN = 4096
MAX_DOCUMENT = 32 * 1024 * 1024  # bytes of one record: room for a full text, a bound for a bomb


@dataclass(frozen=True, slots=True)
class Flaw:
    """Stands where a text should stand, and says why it does not."""

    reason: str


Numbered = tuple[int, bytes | Flaw]


def too_long(limit: int) -> Flaw:
    """The flaw of a record of more than `limit` bytes."""
    size = f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit} bytes"
    return Flaw(f"longer than {size}")


def numbered_lines(pieces: Iterator[bytes], limit: int = MAX_DOCUMENT) -> Iterator[Numbered]:
    """Every line with its number from 1, without its end; one over `limit` is a flaw and is not held. Of a long
    run of empty lines not every one is given: a packed file may hold thousands of millions of them.

    >>> list(numbered_lines(iter([b"one\\nt", b"wo\\n", b"a long one\\nlast"]), limit=5))
    [(1, b'one'), (2, b'two'), (3, Flaw(reason='longer than 5 bytes')), (4, b'last')]
    """
    return ((number, text) for number, text, _ in numbered_parts(pieces, b"\n", limit, all_empty=False))


def numbered_parts(
    pieces: Iterator[bytes], mark: bytes, limit: int, *, all_empty: bool = True
) -> Iterator[tuple[int, bytes | Flaw, bool]]:
    """What stands before each mark, numbered from 1, and whether its mark was there; the last may lack it.

    Without `all_empty`, pieces of some length that hold nothing but marks are passed over.
    """
    number, open_line = 1, _OpenLine(limit)
    for piece in pieces:
        if not all_empty and len(piece) >= _LONG_RUN and not (open_line.size or piece.strip(mark)):
            number += len(piece)
            continue
        *ended, rest = piece.split(mark)
        for text in ended:
            open_line.add(text)
            yield number, open_line.close(), True
            number += 1
        open_line.add(rest)
    if open_line.size:
        yield number, open_line.close(), False


class _OpenLine:
    """A line whose end has not been seen."""

    __slots__ = ("_limit", "_parts", "size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self.size = 0

    def add(self, text: bytes) -> None:
        self.size += len(text)
        if self.size > self._limit:
            self._parts.clear()
        elif text:
            self._parts.append(text)

    def close(self) -> bytes | Flaw:
        line = b"".join(self._parts) if self.size <= self._limit else too_long(self._limit)
        self._parts.clear()
        self.size = 0
        return line
