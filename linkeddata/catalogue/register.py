"""The register of an edition: which records it holds, in what state, and where their pieces are kept.

SQLite, one file; the wall round `sqlite3`. A finished register is opened immutable and only read.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkeddata.catalogue.kept import Place
from linkeddata.errors import StoreError

_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    id TEXT PRIMARY KEY,
    age TEXT NOT NULL,              -- what tells the newer of two with one id
    source_hash BLOB NOT NULL,      -- of the source's document
    fingerprint BLOB NOT NULL,      -- of the statements
    statements_start INTEGER NOT NULL, statements_length INTEGER NOT NULL,
    owned INTEGER NOT NULL,         -- so many bytes of the statements are about the record's own things
    source_start INTEGER NOT NULL, source_length INTEGER NOT NULL,
    mined_start INTEGER NOT NULL, mined_length INTEGER NOT NULL,    -- statements that were mined
    clues_start INTEGER NOT NULL, clues_length INTEGER NOT NULL,    -- what each was mined from
    title TEXT NOT NULL, year TEXT,
    place TEXT NOT NULL,            -- where it was read
    modified TEXT NOT NULL DEFAULT ''
);
CREATE TABLE thing (kind TEXT NOT NULL, uri TEXT NOT NULL, label TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX record_by_title ON record (title COLLATE NOCASE);
CREATE INDEX record_by_change ON record (modified);
CREATE INDEX thing_by_label ON thing (kind, label COLLATE NOCASE);
"""
_COLUMNS = (
    "id, age, source_hash, fingerprint, statements_start, statements_length, source_start, source_length, "
    "mined_start, mined_length, clues_start, clues_length, "
    "title, year, place, owned"
)
_INSERT = f"INSERT INTO record ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING"  # noqa: S608
_UPDATE = f"REPLACE INTO record ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"  # noqa: S608
# What did not change since the edition before keeps its time of change.
_DATE_FROM_BEFORE = """
UPDATE record SET modified = coalesce((
    SELECT old.modified FROM before.record AS old
    WHERE old.id = record.id AND old.fingerprint = record.fingerprint), ?)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in the register. `age` is compared as text: the greater is the newer."""

    id: str
    age: str
    source_hash: bytes
    fingerprint: bytes
    statements: Place
    source: Place
    mined: Place
    clues: Place
    title: str
    year: str | None
    place: str
    owned: int
    modified: str = ""


def _entry(row: tuple[Any, ...]) -> Entry:
    places = (Place(*row[start : start + 2]) for start in range(4, 12, 2))
    return Entry(*row[:4], *places, *row[12:])


class RegisterWriter:
    """A register in the making."""

    def __init__(self, file: Path) -> None:
        # One thread at a time uses it, but not always the same one.
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        # A load starts anew after any crash, so its draft need not survive one.
        self._db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA + "BEGIN;")

    def put(self, entry: Entry) -> Entry | None:
        """Enter a record. Of two with one id the newer stays; the other is returned."""
        row = (
            entry.id, entry.age, entry.source_hash, entry.fingerprint, *entry.statements, *entry.source,
            *entry.mined, *entry.clues, entry.title, entry.year, entry.place, entry.owned,
        )  # fmt: skip
        if self._db.execute(_INSERT, row).rowcount:
            return None
        known = self._one(entry.id)
        if known is None or known.age >= entry.age:
            return entry
        self._db.execute(_UPDATE, row)
        return known

    def withdraw(self, identifier: str) -> bool:
        """Take a record out; False where it was not in."""
        return self._db.execute("DELETE FROM record WHERE id = ?", (identifier,)).rowcount > 0

    def entries(self) -> Iterator[Entry]:
        """All records, in the order of the file in which their pieces are kept."""
        query = f"SELECT {_COLUMNS} FROM record ORDER BY statements_start"  # noqa: S608
        return map(_entry, self._db.execute(query))

    def count(self) -> int:
        count: int = self._db.execute("SELECT count(*) FROM record").fetchone()[0]
        return count

    def first_id(self) -> str | None:
        """The record entered first: the example that is shown."""
        row = self._db.execute("SELECT id FROM record ORDER BY rowid LIMIT 1").fetchone()
        return row[0] if row else None

    def enter_things(self, kind: str, rows: Iterable[tuple[str, str]]) -> int:
        """Enter things of a kind as (URI, label) for browsing; gives their number."""
        before = self._db.total_changes
        self._db.executemany("INSERT INTO thing VALUES (?, ?, ?)", ((kind, uri, label) for uri, label in rows))
        return self._db.total_changes - before

    def date(self, now: str, before: Path | None) -> None:
        """Set each record's time of change: now, or as in the register before where nothing changed."""
        if before is None:
            self._db.execute("UPDATE record SET modified = ?", (now,))
            return
        self._db.execute("COMMIT")
        self._db.execute("ATTACH ? AS before", (f"file:{before}?immutable=1",))
        self._db.execute("BEGIN")
        self._db.execute(_DATE_FROM_BEFORE, (now,))

    def finish(self, facts: Mapping[str, str]) -> None:
        """Write the facts of the edition and close; everything is on disk when this returns."""
        self._db.executemany("INSERT INTO fact VALUES (?, ?)", facts.items())
        self._db.execute("COMMIT")
        self._db.executescript("PRAGMA synchronous = FULL; BEGIN;" + _INDEXES + "COMMIT;")
        self._db.close()

    def close(self) -> None:
        self._db.close()

    def _one(self, identifier: str) -> Entry | None:
        row = self._db.execute(f"SELECT {_COLUMNS} FROM record WHERE id = ?", (identifier,)).fetchone()  # noqa: S608
        return _entry(row) if row else None


class Register:
    """The register of a finished edition; threads may share it, each has its own connection."""

    def __init__(self, file: Path) -> None:
        self._uri = f"{file.resolve().as_uri()}?immutable=1&mode=ro"
        self._mine = threading.local()
        try:
            self.facts: dict[str, str] = dict(self._rows("SELECT name, value FROM fact"))
        except sqlite3.Error as problem:
            raise StoreError(f"the register of {file.parent.name} cannot be read: {problem}") from problem

    def entry(self, identifier: str) -> Entry | None:
        """The record with an id, or None."""
        rows = self._rows(f"SELECT {_COLUMNS}, modified FROM record WHERE id = ?", identifier)  # noqa: S608
        return _entry(rows[0]) if rows else None

    def has(self, identifier: str) -> bool:
        return bool(self._rows("SELECT 1 FROM record WHERE id = ?", identifier))

    def records(self, *, limit: int, offset: int = 0) -> list[tuple[str, str, str | None]]:
        """Records as (id, title, year), by title."""
        query = "SELECT id, title, year FROM record ORDER BY title COLLATE NOCASE, id LIMIT ? OFFSET ?"
        return self._rows(query, limit, offset)

    def recent(self, limit: int) -> list[tuple[str, str, str | None]]:
        """The records changed last, as (id, title, year)."""
        return self._rows("SELECT id, title, year FROM record ORDER BY modified DESC, rowid LIMIT ?", limit)

    def things(self, kind: str, *, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """Things of a kind as (URI, label), by label."""
        query = "SELECT uri, label FROM thing WHERE kind = ? ORDER BY label COLLATE NOCASE, uri LIMIT ? OFFSET ?"
        return self._rows(query, kind, limit, offset)

    def sources(self) -> Iterator[tuple[Place, str]]:
        """Where the sources' documents of all records are kept, and where each was read."""
        query = "SELECT source_start, source_length, place FROM record ORDER BY source_start"
        return ((Place(*row[:2]), row[2]) for row in self._connection.execute(query))

    def ids(self) -> Iterator[str]:
        """All ids, in the order of entry."""
        return (row[0] for row in self._connection.execute("SELECT id FROM record ORDER BY rowid"))

    def select(self, query: str, *values: object) -> Iterator[Any]:
        """The rows of a query of this room, as they are found."""
        return self._connection.execute(query, values)

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = sqlite3.connect(self._uri, uri=True)
        connection: sqlite3.Connection = self._mine.connection
        return connection

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._connection.execute(query, values).fetchall()
