"""The records of an edition in the order in which they came and changed, read in bounded pieces for those who follow.

A part of the records is a range of rows, so it stays the same when others come. A page of changes begins at
a place in the order of time, and the places are looked up once for an edition; nothing here skips over rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import chain, islice
from typing import Final, Literal, NamedTuple, TypeAlias

from linkeddata.catalogue.register import Register

Kind: TypeAlias = Literal["Create", "Update", "Delete"]
#: A place in the order of changes: moment, whether it is a withdrawal (they come last), and row or id.
_Place: TypeAlias = tuple[str, int, int | str]

_PARTS: Final = "SELECT (row - 1) / ? + 1 AS part, max(modified) FROM record WHERE published GROUP BY part"
_PART: Final = "SELECT id, modified FROM record WHERE row > ? AND row <= ? AND published ORDER BY row"
_NEWEST: Final = """
SELECT id, title, modified, first_issued FROM record WHERE published ORDER BY modified DESC, row DESC LIMIT ? OFFSET ?
"""
_STARTS: Final = """
SELECT time, gone, key FROM (
    SELECT *, row_number() OVER (ORDER BY time, gone, key) AS position FROM (
        SELECT modified AS time, 0 AS gone, row AS key FROM record WHERE published
        UNION ALL SELECT withdrawn, 1, id FROM withdrawn))
WHERE position % ? = 1 % ? ORDER BY position
"""
_COUNT: Final = "SELECT (SELECT count(*) FROM record WHERE published) + (SELECT count(*) FROM withdrawn)"
_FIRST: Final = """
SELECT min(issued) FROM (
    SELECT min(first_issued) AS issued FROM record WHERE published UNION ALL SELECT min(first_issued) FROM withdrawn)
"""
_PUT: Final = """
SELECT modified, 0, row, id, title, first_issued FROM record
WHERE published AND modified {} ORDER BY modified, row LIMIT ?
"""
# Two ways into the index: SQLite would walk through all rows of the first moment for `(modified, row) >= (?, ?)`.
_PUT_THEN: Final = _PUT.format("= ? AND row >= ?")
_PUT_LATER: Final = _PUT.format("> ?")
_WITHDRAWN: Final = """
SELECT withdrawn, 1, id, id, title, first_issued FROM withdrawn
WHERE (withdrawn, id) >= (?, ?) ORDER BY withdrawn, id LIMIT ?
"""
# Greater than any row, and less than any id.
_LAST_ROW: Final = (1 << 63) - 1


class Part(NamedTuple):
    """A part of the records: its number from 1, and when one of them last changed (ISO 8601)."""

    number: int
    modified: str


class Change(NamedTuple):
    """The last thing that happened to a record, and when (ISO 8601); `issued` is when it first came."""

    kind: Kind
    id: str
    title: str
    time: str
    issued: str


class Changes:
    """What happened to the records of an edition up to its issue; threads may share it."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._starts: dict[int, tuple[_Place, ...]] = {}
        self._parts: dict[int, tuple[Part, ...]] = {}

    def parts(self, size: int) -> Sequence[Part]:
        """The parts of at most `size` records that hold any."""
        if size not in self._parts:
            self._parts[size] = tuple(Part(*row) for row in self._register.select(_PARTS, size))
        return self._parts[size]

    def part(self, number: int, size: int) -> Iterator[tuple[str, str]]:
        """The records of a part as (id, time of change), as they are found."""
        return self._register.select(_PART, (number - 1) * size, number * size)

    def newest(self, limit: int, offset: int) -> list[Change]:
        """Records that are there, those changed last first; `offset` is for small numbers."""
        rows = self._register.select(_NEWEST, limit, offset)
        return [_change((time, 0, 0, identifier, title, issued)) for identifier, title, time, issued in rows]

    def count(self) -> int:
        """How many changes there are: one for each record that is there or was withdrawn."""
        return int(next(self._register.select(_COUNT))[0])

    def first(self) -> str | None:
        """When a record was first issued, of all that are or were there; None where none was."""
        first: str | None = next(self._register.select(_FIRST))[0]
        return first

    def pages(self, size: int) -> int:
        """How many pages of `size` changes there are."""
        return len(self._places(size))

    def page(self, number: int, size: int) -> list[Change]:
        """A page (from 1, the oldest) of changes in order of time; empty where there is none."""
        places = self._places(size)
        if not 1 <= number <= len(places):
            return []
        return list(islice(map(_change, self._since(places[number - 1], size)), size))

    def _since(self, place: _Place, limit: int) -> Iterator[tuple[str, int, int | str, str, str, str]]:
        time, gone, key = place
        then = self._register.select(_PUT_THEN, time, _LAST_ROW if gone else key, limit)
        put = chain(then, self._register.select(_PUT_LATER, time, limit))
        withdrawn = self._register.select(_WITHDRAWN, time, key if gone else "", limit)
        return merge(put, withdrawn, key=lambda row: row[:3])

    def _places(self, size: int) -> Sequence[_Place]:
        if size not in self._starts:
            self._starts[size] = tuple(self._register.select(_STARTS, size, size))
        return self._starts[size]


def _change(row: tuple[str, int, int | str, str, str, str]) -> Change:
    time, gone, _, identifier, title, issued = row
    kind: Kind = "Delete" if gone else "Create" if time == issued else "Update"
    return Change(kind, identifier, title, time, issued)
