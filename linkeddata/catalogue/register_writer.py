"""The register of a draft: what a run meets is entered, and held against the register of the edition before.

A draft that does not come to its end is thrown away, so nothing here need survive a crash before it is finished.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linkeddata.catalogue.kept import Pieces
from linkeddata.catalogue.register import COLUMNS, INDEXES, SCHEMA, SUCCEEDED, Entry, Mark, entry_of

_FIRST_ROWS: Final = 1 << 16
#: How a run came across a record: its id alone, or all of it.
_SEEN: Final = 1
_MET: Final = 2
#: KiB of the file that are held in memory.
_CACHE: Final = 32768
_VALUES: Final = f"INTO record ({COLUMNS}) VALUES ({','.join('?' * 20)})"
_PUT: Final = f"REPLACE {_VALUES}"
_ENTER: Final = f"INSERT OR IGNORE {_VALUES}"
# The records that are served now and were not, or said something else; and those that were and are not.
_CAME = """
SELECT record.row, old.row FROM main.record AS record
LEFT JOIN before.record AS old ON old.id = record.id AND old.published
WHERE record.published AND (old.row IS NULL OR old.fingerprint <> record.fingerprint)
"""
_WENT = """
SELECT old.row FROM before.record AS old
LEFT JOIN main.record AS record ON record.id = old.id AND record.published
WHERE old.published AND record.row IS NULL
"""
# What did not change since the edition before keeps its dates; what comes back keeps that of its first issue.
_DATE = """
UPDATE record SET
    first_issued = coalesce(
        (SELECT old.first_issued FROM before.record AS old WHERE old.id = record.id AND old.published),
        (SELECT gone.first_issued FROM withdrawn AS gone WHERE gone.id = record.id), :now),
    modified = coalesce(
        (SELECT old.modified FROM before.record AS old
         WHERE old.id = record.id AND old.published AND old.fingerprint = record.fingerprint), :now)
WHERE modified = ''
"""
_BURY = """
INSERT OR REPLACE INTO withdrawn (id, title, withdrawn, successor, first_issued)
SELECT old.id, old.title, :now, NULL, old.first_issued FROM before.record AS old
LEFT JOIN main.record AS record ON record.id = old.id AND record.published
WHERE old.published AND record.row IS NULL
"""


@dataclass(frozen=True, slots=True)
class Entered:
    """What entering or withdrawing changed: whether the record is the one that is served, which were served
    until then, and which lost against another of the same id."""

    served: bool
    displaced: tuple[Entry, ...] = ()
    loser: Entry | None = None


_NEW: Final = Entered(served=True)


class RegisterWriter:
    """A register in the making. `before` is the register of the edition served now, where there is one."""

    def __init__(self, file: Path, before: Path | None, *, fresh: bool) -> None:
        # One thread at a time uses it, but not always the same one.
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, uri=True)
        # Ids come in no order, and each is looked for before it is entered.
        self._db.executescript(
            f"PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE};"
        )
        if fresh:
            self._db.executescript(SCHEMA)
        self._db.execute("ATTACH ? AS before", (f"{before.resolve().as_uri()}?immutable=1" if before else ":memory:",))
        if before is None:
            self._db.executescript(SCHEMA.replace("CREATE TABLE ", "CREATE TABLE before."))
        self._fresh = fresh
        #: The source that all records are of, as long as there is but one; None before the first.
        self._only: str | None = None
        self._has_one = fresh
        self._met = bytearray(_FIRST_ROWS)
        self._db.execute("BEGIN")

    def known(self, identifier: str, source: str) -> tuple[int, bytes] | None:
        """Row and hash of the source's document of a record, or None where it is not in."""
        query = "SELECT row, source_hash FROM record WHERE id = ? AND source = ?"
        row: tuple[int, bytes] | None = self._db.execute(query, (identifier, source)).fetchone()
        return row

    def see(self, row: int) -> None:
        """The source still has this record; what it says of it now is not told by that."""
        self._note(row, _SEEN)

    def meet(self, row: int) -> None:
        """The source has given this record, as it stands now."""
        self._note(row, _MET)

    def _note(self, row: int, how: int) -> None:
        if row >= len(self._met):
            self._met.extend(bytes(max(row + 1 - len(self._met), len(self._met))))
        self._met[row] = max(self._met[row], how)

    def met(self, row: int | None) -> bool:
        """Whether the source has given this record since the run began."""
        return row is not None and self._noted(row) == _MET

    def _noted(self, row: int) -> int:
        """How this run came across a record; 0 where it did not."""
        return self._met[row] if row < len(self._met) else 0

    def forget(self) -> None:
        """Begin another run: nothing has been met in it."""
        self._met = bytearray(len(self._met))

    def mark_place(self) -> None:
        """Remember the state of now, to `return_to_place` if need be."""
        self._db.execute("SAVEPOINT place")

    def go_on(self) -> None:
        """The place need not be remembered any more."""
        self._db.execute("RELEASE place")

    def return_to_place(self) -> None:
        self._db.execute("ROLLBACK TO place")
        self.go_on()

    def entries_since(self, segment: int, start: int) -> list[Entry]:
        """Records whose pieces are kept in a segment from a place on."""
        query = f"SELECT {COLUMNS} FROM record WHERE segment = ? AND start >= ?"  # noqa: S608
        return list(map(entry_of, self._db.execute(query, (segment, start))))

    def put(self, entry: Entry) -> Entered:
        """Enter a record. Of two that one run meets of one id and source the newer stays; what an earlier run
        entered gives way. Of several sources' records with one id the one of the greatest standing is served."""
        if self._is_of_one(entry.source) and self._enter(entry):
            return _NEW
        rows = self._rows(entry.id)
        same = self._same(rows, entry.source)
        again = same is not None and self.met(same.row)
        if same and again and same.standing >= entry.standing:
            return Entered(served=False, loser=entry)
        row = self._write(entry, same.row if same else None)
        others = [other for other in rows if other is not same]
        served = all(other.standing < entry.standing for other in others)
        if others:
            self._settle(entry.id)
        displaced = tuple(old for old in rows if old.published and (old is same or served))
        self.meet(row)
        return Entered(served, displaced, self._loser(entry, same if again else None, displaced, served=served))

    def _loser(self, entry: Entry, again: Entry | None, displaced: tuple[Entry, ...], *, served: bool) -> Entry | None:
        if not served:
            return entry
        return again or next((old for old in displaced if old.source != entry.source), None)

    def _same(self, rows: list[Entry], source: str) -> Entry | None:
        """The row that a record of this source takes the place of. One of no named source, left by an earlier
        run, belongs to whichever source names it next."""
        found = next((row for row in rows if row.source == source), None)
        return found or next((row for row in rows if not row.source and not self.met(row.row)), None)

    def _is_of_one(self, source: str) -> bool:
        """Whether all records are of one source, this one included."""
        if self._only is None:
            self._only = source
        self._has_one = self._has_one and source == self._only
        return self._has_one

    def _enter(self, entry: Entry) -> bool:
        """Enter a record of the only source, where it has none of the id: nothing need be looked up for that."""
        cursor = self._db.execute(_ENTER, _values(entry, None))
        if cursor.rowcount:
            self.meet(cursor.lastrowid or 0)
        return cursor.rowcount > 0

    def _write(self, entry: Entry, row: int | None) -> int:
        return self._db.execute(_PUT, _values(entry, row)).lastrowid or 0

    def _settle(self, identifier: str) -> None:
        """Of several sources' rows of one id serve one; what comes to be served anew gets new dates."""
        rows = self._rows(identifier)
        best = max(rows, key=lambda row: row.standing, default=None)
        for row in rows:
            if bool(row.published) != (row is best):
                self._db.execute(
                    "UPDATE record SET published = ?, modified = '' WHERE row = ?", (int(row is best), row.row)
                )

    def withdraw(self, identifier: str, source: str | None = None) -> Entered:
        """Take a record of a source out (of every source where none is named), or what an earlier run left of no named
        source. What another source has of the same id is served then."""
        rows = self._rows(identifier)
        own = self._same(rows, source) if source is not None else None
        gone = [row for row in rows if source is None or row is own]
        self._db.executemany("DELETE FROM record WHERE row = ?", ((row.row,) for row in gone))
        if len(gone) < len(rows):
            self._settle(identifier)
        return Entered(served=len(gone) < len(rows), displaced=tuple(row for row in gone if row.published))

    def absent(self, source: str) -> list[str]:
        """The ids of a source of which no reading of this run told."""
        rows = self._db.execute("SELECT row, id FROM record WHERE source = ?", (source,))
        return [identifier for row, identifier in rows if not self._noted(row)]

    def size(self, source: str) -> int:
        """How many records a source has."""
        size: int = self._db.execute("SELECT count(*) FROM record WHERE source = ?", (source,)).fetchone()[0]
        return size

    def count(self) -> int:
        """How many records are served."""
        count: int = self._db.execute("SELECT count(*) FROM record WHERE published").fetchone()[0]
        return count

    def entry(self, row: int) -> Entry:
        return entry_of(self._db.execute(f"SELECT {COLUMNS} FROM record WHERE row = ?", (row,)).fetchone())  # noqa: S608

    def served(self, identifier: str) -> Entry | None:
        """The record that is served under an id."""
        return next((row for row in self._rows(identifier) if row.published), None)

    def entries(self) -> Iterator[Entry]:
        """Records that are served, in the order of the files in which their pieces are kept."""
        query = f"SELECT {COLUMNS} FROM record WHERE published ORDER BY segment, start"  # noqa: S608
        return map(entry_of, self._db.execute(query))

    def kept_in(self, segment: int) -> list[tuple[int, Pieces]]:
        """Rows of which the pieces are kept in a segment, and where."""
        query = "SELECT row, segment, start, statements, document, mined, clues FROM record WHERE segment = ?"
        return [(row[0], Pieces(*row[1:])) for row in self._db.execute(query, (segment,))]

    def speakers(self) -> Iterator[tuple[bytes, int]]:
        """The marks of the shared things that each served record speaks of, and its row."""
        return iter(self._db.execute("SELECT marks, row FROM record WHERE published"))

    def came(self) -> list[tuple[int, int | None]]:
        """Rows of records that are served now and were not before, or said something else; with their row then."""
        return self._db.execute(_CAME).fetchall()

    def went(self) -> list[int]:
        """Rows, in the register before, of records that were served and are not any more."""
        return [row[0] for row in self._db.execute(_WENT)]

    def entry_before(self, row: int) -> Entry:
        """An entry of the register before."""
        query = f"SELECT {COLUMNS} FROM before.record WHERE row = ?"  # noqa: S608
        return entry_of(self._db.execute(query, (row,)).fetchone())

    def differs(self) -> bool:
        """Whether any source's document came, went or changed since the edition before."""
        query = """SELECT 1 FROM main.record AS a LEFT JOIN before.record AS b
                   ON b.id = a.id AND b.source = a.source AND b.source_hash = a.source_hash
                   WHERE b.row IS NULL LIMIT 1"""
        sizes = "SELECT (SELECT count(*) FROM main.record) - (SELECT count(*) FROM before.record)"
        return bool(self._db.execute(query).fetchone()) or self._db.execute(sizes).fetchone()[0] != 0

    def fact(self, name: str) -> str | None:
        """A fact of the edition that the draft began with."""
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def issued_before(self) -> str:
        """When the edition before was issued (ISO 8601); empty where there is none."""
        row = self._db.execute("SELECT value FROM before.fact WHERE name = 'issued'").fetchone()
        return row[0] if row else ""

    def first(self, limit: int) -> list[Entry]:
        """So many records that are served, those entered first."""
        query = f"SELECT {COLUMNS} FROM record WHERE published ORDER BY row LIMIT ?"  # noqa: S608
        return list(map(entry_of, self._db.execute(query, (limit,))))

    def enter_things(self, kind: str, rows: Iterable[tuple[str, str]]) -> int:
        """Enter things of a kind as (URI, label) for browsing; gives how many there are of it."""
        self._db.executemany("INSERT INTO thing VALUES (?, ?, ?)", ((kind, uri, label) for uri, label in rows))
        count: int = self._db.execute("SELECT count(*) FROM thing WHERE kind = ?", (kind,)).fetchone()[0]
        return count

    def forget_things(self, uris: Iterable[str] | None) -> None:
        """Take things out (None: all), to be entered again as they are now."""
        if uris is None:
            self._db.execute("DELETE FROM thing")
        else:
            self._db.executemany("DELETE FROM thing WHERE uri = ?", ((uri,) for uri in uris))

    def marks(self) -> dict[str, Mark]:
        rows = self._db.execute("SELECT source, since, settings, finished FROM mark")
        return {row[0]: Mark(*row[1:]) for row in rows}

    def set_mark(self, source: str, mark: Mark) -> None:
        self._db.execute("REPLACE INTO mark VALUES (?, ?, ?, ?)", (source, *mark))

    def usage(self) -> dict[int, int]:
        """Bytes in use in each segment."""
        query = "SELECT segment, sum(statements + document + mined + clues) FROM record GROUP BY segment"
        return dict(self._db.execute(query))

    def uses(self, segment: int) -> bool:
        """Whether anything is kept in a segment."""
        return self._db.execute("SELECT 1 FROM record WHERE segment = ? LIMIT 1", (segment,)).fetchone() is not None

    def move(self, row: int, pieces: Pieces) -> None:
        """A record's pieces are kept elsewhere now."""
        self._db.execute("UPDATE record SET segment = ?, start = ? WHERE row = ?", (*pieces[:2], row))

    def keep_marks(self) -> None:
        """Take over how far each source was harvested."""
        self._db.execute("INSERT OR IGNORE INTO mark SELECT * FROM before.mark")

    def date(self, now: str, successors: Mapping[str, str | None]) -> None:
        """Set the dates of what changed, and bury what went; `successors` of withdrawn ids, where known."""
        if self._fresh:
            self._db.execute("INSERT INTO withdrawn SELECT * FROM before.withdrawn")
        self._db.execute(_DATE, {"now": now})
        self._db.execute(_BURY, {"now": now})
        for identifier, successor in successors.items():
            self._bury(identifier, successor, now)
        # What is served is not gone.
        self._db.execute("DELETE FROM withdrawn WHERE id IN (SELECT id FROM record WHERE published)")

    def _bury(self, identifier: str, successor: str | None, now: str) -> None:
        """An id gets its successor, also one that was never published here, or loses it (None)."""
        if successor is not None:
            self._db.execute(
                "INSERT OR IGNORE INTO withdrawn VALUES (?, ?, ?, ?, ?)", (identifier, identifier, now, None, "")
            )
        self._db.execute("UPDATE withdrawn SET successor = ? WHERE id = ?", (successor, identifier))

    def successor(self, identifier: str) -> str | None:
        """The successor that was given to a withdrawn id before."""
        row = self._db.execute("SELECT successor FROM before.withdrawn WHERE id = ?", (identifier,)).fetchone()
        return row[0] if row else None

    def index(self, table: str) -> None:
        """A table (`record`, `thing`) is full: looking into it is quick from now on. It is, in a register that was
        begun as a copy."""
        for statement in INDEXES[table] if self._fresh else ():
            self._db.execute(statement)

    def finish(self, facts: Mapping[str, str]) -> None:
        """Write the facts of the edition, and close; both tables are indexed by then."""
        self._db.executemany("REPLACE INTO fact VALUES (?, ?)", facts.items())
        self._db.execute("COMMIT")
        self._db.executescript(SUCCEEDED)
        self._db.close()

    def close(self) -> None:
        self._db.close()

    def _rows(self, identifier: str) -> list[Entry]:
        query = f"SELECT {COLUMNS} FROM record WHERE id = ?"  # noqa: S608
        return list(map(entry_of, self._db.execute(query, (identifier,))))


def _values(entry: Entry, row: int | None) -> tuple[object, ...]:
    """An entry, served and as yet without dates, as the columns of a row."""
    return (row, *entry[1:6], *entry.pieces, *entry[7:12], 1, "", "")
