"""The register of an edition: which records it holds, of which source, in what state, and where their pieces are kept.

SQLite, one file. A finished register is opened immutable and only read; `register_writer` makes it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from linkeddata.catalogue.kept import Pieces
from linkeddata.catalogue.sqlite_file import is_cut
from linkeddata.errors import StoreError

SCHEMA: Final = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    source TEXT NOT NULL,           -- the name of the source, empty where it has none
    age TEXT NOT NULL,              -- what tells the newer of two with one id
    source_hash BLOB NOT NULL,      -- of the source's document
    fingerprint BLOB NOT NULL,      -- of the statements
    segment INTEGER NOT NULL, start INTEGER NOT NULL,   -- where the pieces are kept, and how long each is
    statements INTEGER NOT NULL, document INTEGER NOT NULL, mined INTEGER NOT NULL, clues INTEGER NOT NULL,
    owned INTEGER NOT NULL,         -- so many bytes of the statements are about the record's own things
    marks BLOB NOT NULL,            -- of the shared things that it speaks of
    title TEXT NOT NULL, year TEXT,
    place TEXT NOT NULL,            -- where it was read
    published INTEGER NOT NULL DEFAULT 1,       -- 1 for the one row of an id that is served
    first_issued TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',
    UNIQUE (id, source)
);
CREATE TABLE withdrawn (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, withdrawn TEXT NOT NULL, successor TEXT, first_issued TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE mark (
    source TEXT PRIMARY KEY, since TEXT,        -- where the next harvest begins
    settings TEXT NOT NULL,                     -- what was asked for; when it changes, the whole is asked for
    finished TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE thing (kind TEXT NOT NULL, uri TEXT NOT NULL, label TEXT NOT NULL);
"""
#: Made whenever it is missing, for registers that were begun without it.
SUCCEEDED: Final = """
CREATE INDEX IF NOT EXISTS withdrawn_by_successor ON withdrawn (successor) WHERE successor IS NOT NULL;
"""
#: By table; made when it is full, which is quicker than keeping them meanwhile.
INDEXES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "record": (
            "CREATE INDEX record_by_title ON record (title COLLATE NOCASE)",
            "CREATE INDEX record_by_change ON record (modified) WHERE published",
        ),
        "thing": (
            "CREATE INDEX thing_by_label ON thing (kind, label COLLATE NOCASE)",
            "CREATE INDEX thing_by_uri ON thing (uri)",
        ),
    }
)
COLUMNS: Final = (
    "row, id, source, age, source_hash, fingerprint, segment, start, statements, document, mined, clues, "
    "owned, marks, title, year, place, published, first_issued, modified"
)
#: Each thread's own; what it reads is in memory in the system, for all.
_CACHE_KIB: Final = 256
_MERGED: Final = """
WITH RECURSIVE led (id) AS (
    SELECT id FROM withdrawn WHERE successor = ?
    UNION SELECT withdrawn.id FROM withdrawn JOIN led ON withdrawn.successor = led.id)
SELECT id FROM led ORDER BY id LIMIT ?
"""


class Entry(NamedTuple):
    """A record in the register; `row` None before it is entered. The greater `standing` is the newer."""

    row: int | None
    id: str
    source: str
    age: str
    source_hash: bytes
    fingerprint: bytes
    pieces: Pieces
    owned: int
    marks: bytes
    title: str
    year: str | None
    place: str
    published: int = 1
    first_issued: str = ""
    modified: str = ""

    @property
    def standing(self) -> tuple[str, bytes]:
        """Tells the newer of two records of one id, whatever order they came in."""
        return self.age, self.source_hash


class Tombstone(NamedTuple):
    """What is left of a record that was withdrawn: its id, what it was called, when it went (ISO 8601),
    and the id of the record that took its place, where there is one."""

    id: str
    title: str
    withdrawn: str
    successor: str | None = None


class Mark(NamedTuple):
    """How far a source has been harvested: where the next run begins (None: at the beginning), what was
    asked for, and when the run ended."""

    since: str | None
    settings: str
    finished: str


@lru_cache(maxsize=64)
def _looked_up(count: int) -> str:
    """Asks for so many records by their ids; the withdrawn first: they have nothing but their id."""
    marks = ",".join(f"?{place + 1}" for place in range(count))
    return (
        f"SELECT NULL, id{', NULL' * (COLUMNS.count(',') - 1)} FROM withdrawn WHERE id IN ({marks}) "  # noqa: S608
        f"UNION ALL SELECT {COLUMNS} FROM record WHERE id IN ({marks}) AND published"
    )


def entry_of(row: tuple[Any, ...]) -> Entry:
    """An entry from the columns of `COLUMNS`."""
    return Entry._make((*row[:6], Pieces(*row[6:12]), *row[12:]))


class Register:
    """The register of a finished edition; threads may share it, each has its own connection."""

    def __init__(self, file: Path) -> None:
        self._uri = f"{file.resolve().as_uri()}?immutable=1&mode=ro"
        self._mine = threading.local()
        self._mark = f"the register of {file.parent.name}"
        self._refuse_cut(file)
        self.facts: dict[str, str] = dict(self._rows("SELECT name, value FROM fact"))

    def entry(self, identifier: str) -> Entry | None:
        """The record that is served under an id, or None."""
        rows = self._rows(f"SELECT {COLUMNS} FROM record WHERE id = ? AND published", identifier)  # noqa: S608
        return entry_of(rows[0]) if rows else None

    def looked_up(self, identifiers: Iterable[str]) -> dict[str, Entry | None]:
        """Those of these records that are served, by id; None for those that were withdrawn. One look-up for all."""
        wanted = [*identifiers]
        rows = self._rows(_looked_up(len(wanted)), *wanted)
        return {row[1]: None if row[0] is None else entry_of(row) for row in rows}

    def has(self, identifier: str) -> bool:
        return bool(self._rows("SELECT 1 FROM record WHERE id = ? AND published", identifier))

    def around(self, identifier: str, limit: int) -> list[str]:
        """So many ids of records that are served on each side of a place in their order."""
        query = "SELECT DISTINCT id FROM record WHERE id {} ? AND published ORDER BY id {} LIMIT ?"
        before = self._rows(query.format("<", "DESC"), identifier, limit)
        return [row[0] for row in (*before, *self._rows(query.format(">=", "ASC"), identifier, limit))]

    def tombstone(self, identifier: str) -> Tombstone | None:
        """What is left of a withdrawn record, or None."""
        rows = self._rows("SELECT id, title, withdrawn, successor FROM withdrawn WHERE id = ?", identifier)
        return Tombstone(*rows[0]) if rows else None

    def merged_into(self, identifier: str, limit: int) -> list[str]:
        """So many of the withdrawn ids that were replaced by this one, or by one that was."""
        return [row[0] for row in self._rows(_MERGED, identifier, limit)] if self._has_successors else []

    @cached_property
    def _has_successors(self) -> bool:
        """Whether any record was replaced: it is asked for every page, and mostly none was."""
        return bool(self._rows("SELECT 1 FROM withdrawn WHERE successor IS NOT NULL LIMIT 1"))

    def marks(self) -> dict[str, Mark]:
        """How far each source has been harvested."""
        return {row[0]: Mark(*row[1:]) for row in self._rows("SELECT source, since, settings, finished FROM mark")}

    def sizes(self) -> dict[str, int]:
        """The number of records by source."""
        return dict(self._rows("SELECT source, count(*) FROM record GROUP BY source"))

    def records(self, *, limit: int, offset: int = 0) -> list[tuple[str, str, str | None]]:
        """Records as (id, title, year), by title."""
        query = "SELECT id, title, year FROM record WHERE published ORDER BY title COLLATE NOCASE, id LIMIT ? OFFSET ?"
        return self._rows(query, limit, offset)

    def recent(self, limit: int) -> list[tuple[str, str, str | None]]:
        """The records changed last, as (id, title, year); of equals those entered last, as the index has them."""
        query = "SELECT id, title, year FROM record WHERE published ORDER BY modified DESC, row DESC LIMIT ?"
        return self._rows(query, limit)

    def things(self, kind: str, *, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """Things of a kind as (URI, label), by label."""
        query = "SELECT uri, label FROM thing WHERE kind = ? ORDER BY label COLLATE NOCASE, uri LIMIT ? OFFSET ?"
        return self._rows(query, kind, limit, offset)

    def entries(self) -> Iterator[Entry]:
        """All records of all sources, in the order of the files in which they are kept."""
        query = f"SELECT {COLUMNS} FROM record ORDER BY segment, start"  # noqa: S608
        return map(entry_of, self.select(query))

    def ids(self) -> Iterator[str]:
        """All ids that are served, in the order of entry."""
        return (row[0] for row in self.select("SELECT id FROM record WHERE published ORDER BY row"))

    def select(self, query: str, *values: object) -> Iterator[Any]:
        """The rows of a query of this room, as they are found."""
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.DatabaseError as problem:
            raise self._unreadable(problem) from problem

    def _refuse_cut(self, file: Path) -> None:
        try:
            cut = is_cut(file)
        except OSError as problem:
            raise StoreError(f"{self._mark} cannot be read: {problem.strerror}") from problem
        if cut:
            raise StoreError(f"{self._mark} is cut short")

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._mine, "connection"):
            opened = sqlite3.connect(self._uri, uri=True)
            opened.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._mine.connection = opened
        connection: sqlite3.Connection = self._mine.connection
        return connection

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as problem:
            raise self._unreadable(problem) from problem

    def _unreadable(self, problem: sqlite3.DatabaseError) -> StoreError:
        return StoreError(f"{self._mark} cannot be read: {problem}")
