"""The search index of a draft: filled while records come, or changed from a copy by what differs.

A draft that does not come to its end is thrown away, so nothing here need survive a crash.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from linkeddata.catalogue import search_columns
from linkeddata.catalogue.search_drawing import Drawing
from linkeddata.catalogue.search_file import (
    FILLED,
    FILLING,
    INDEXES,
    PICTURED,
    TABLES,
    THING_INDEXES,
    Portrait,
    kind_of,
    numbers,
    packed,
    tokens,
)
from linkeddata.catalogue.search_gathered import Gathered
from linkeddata.catalogue.search_row import JOURNAL, KINDS, SHAPE, SORTED, Row, term_number
from linkeddata.catalogue.spelling import learn, learn_all
from linkeddata.catalogue.sqlite_file import is_cut
from linkeddata.vocabulary.folding import fold, letter, words

_WORDS: Final = "titles, people, subjects, besides, text, terms"
#: So many terms are remembered, so that most are entered only once.
_REMEMBERED: Final = 400_000
#: So many records are entered at once.
_AT_ONCE: Final = 50


def fits(file: Path) -> bool:
    """Whether an index is there that this version can go on from."""
    if not file.exists() or is_cut(file):
        return False
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True)) as opened:
        try:
            return bool(opened.execute("SELECT value FROM fact WHERE name = 'shape'").fetchone() == (SHAPE,))
        except sqlite3.Error:
            return False


class SearchWriter:
    """An index in the making: a new one, or a copy of `before` to be changed."""

    def __init__(self, file: Path, before: Path | None) -> None:
        if before is not None:
            shutil.copyfile(before, file)
        # One thread at a time uses it, but not always the same one.
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
        self._fresh = before is None
        self._is_counted = False
        if self._fresh:
            self._db.executescript(TABLES + FILLING)
        self._seen: set[int] = set()
        self._works: Counter[int] = Counter()
        self._words: set[str] = set()
        self._last: int = self._db.execute("SELECT coalesce(max(doc), 0) FROM shown").fetchone()[0]
        self._free: list[int] = []
        self._db.execute("BEGIN")

    def add(self, rows: Iterable[tuple[Row, bytes]]) -> None:
        """Add records, each with its version; what is in stays, too."""
        left = iter(rows)
        while some := list(islice(left, _AT_ONCE)):
            self._add([(self._number(), row, version) for row, version in some])

    def _number(self) -> int:
        """The place of one more record. Numbers stay low, for they are places in the index's columns."""
        if self._free:
            return self._free.pop()
        self._last += 1
        return self._last

    def _add(self, some: list[tuple[int, Row, bytes]]) -> None:
        """A table at a time: that takes three quarters of the time that a record at a time would."""
        many = self._db.executemany
        many(
            "INSERT INTO shown (doc, version, id, title, names, within, letter, sort, exact) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(doc, version, *row.shown()) for doc, row, version in some],
        )
        many(
            "INSERT INTO under (doc, year, terms) VALUES (?, ?, ?)",
            [(doc, row.year, row.terms) for doc, row, _ in some],
        )
        many(
            f"INSERT INTO word (rowid, {_WORDS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(doc, *row.words(), tokens(row.terms)) for doc, row, _ in some],
        )
        many("INSERT INTO number VALUES (?, ?)", [(number, doc) for doc, row, _ in some for number in row.numbers])
        many(
            "INSERT OR IGNORE INTO term (term, kind, key, label) VALUES (?, ?, ?, ?)",
            [named for _, row, _ in some for named in self._new_terms(row)],
        )
        if not self._fresh:
            for _, row, _ in some:
                self._note(row, 1)

    def _new_terms(self, row: Row) -> Iterator[tuple[int, int, str, str]]:
        """Those of a record's terms that were not entered lately."""
        terms, seen = numbers(row.terms), self._seen
        new = [place for place, number in enumerate(terms) if number not in seen]
        if new:
            named = row.named()
            for place in new:
                yield terms[place], kind_of(terms[place]), named[2 * place], named[2 * place + 1]
            if len(seen) > _REMEMBERED:
                seen.clear()
            seen.update(terms)

    def versions(self, identifier: str) -> list[tuple[int, bytes]]:
        """The places of what is in under an id, each with its version."""
        return self._db.execute("SELECT doc, version FROM shown WHERE id = ?", (identifier,)).fetchall()

    def remove(self, doc: int, row: Row) -> None:
        """Take out the record at a place; `row` is the very one that was added."""
        self._db.execute(
            f"INSERT INTO word (word, rowid, {_WORDS}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (doc, *row.words(), tokens(row.terms)),
        )
        for table in ("shown", "under", "number"):
            self._db.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))  # noqa: S608
        self._free.append(doc)
        self._note(row, -1)

    def _note(self, row: Row, change: int) -> None:
        """In a changed index: what is to be counted and spelt anew."""
        for term in set(numbers(row.terms)):
            self._works[term] += change
        self._words.update(words(row.titles), words(row.people), words(row.subjects))

    def forget_things(self, uris: Iterable[str] | None, base: str) -> None:
        """Take things out of the lists to browse (None: all), to be entered again as they are now."""
        if uris is None:
            self._db.execute("DELETE FROM thing")
            return
        names = (uri.removeprefix(f"{base}id/").partition("/") for uri in uris)
        terms = ((term_number(KINDS.index(kind), key),) for kind, _, key in names if kind in KINDS)
        self._db.executemany("DELETE FROM thing WHERE term = ?", terms)

    def entering(self, kind: str, rows: Iterable[tuple[str, str]], base: str) -> Iterator[tuple[str, str]]:
        """Hand on the things of a kind, as (URI, label), and enter them to be browsed."""
        place, start = KINDS.index(kind), len(f"{base}id/{kind}/")
        for uri, label in rows:
            key, sort = uri[start:], fold(label)[:SORTED]
            values = (term_number(place, key), kind, key, label, letter(sort), sort)
            self._db.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)", values)
            yield uri, label

    def count(self) -> None:
        """Count a new index that is full, and put it in order; the things to browse may still come."""
        gathered = Gathered(self._db)
        search_columns.make(self._db, gathered)
        self._db.execute("INSERT INTO fact VALUES ('shape', ?)", (SHAPE,))
        counted = zip(gathered.works, gathered.terms, strict=True)
        self._db.executemany("UPDATE term SET works = ? WHERE term = ?", counted)
        self._db.execute("DELETE FROM term WHERE works = 0")
        self._make_indexes(INDEXES)
        self._run(FILLED)
        learn_all(self._db)
        self._keep(Drawing(gathered).portraits())
        self._is_counted = True

    def finish(self) -> None:
        """Count, put in order, and close."""
        if not self._fresh:
            self._count_changes()
        elif not self._is_counted:
            self.count()
        self._make_indexes(THING_INDEXES)
        self._name_journals()
        self._list_letters()
        self._db.execute("COMMIT")
        self._db.close()

    def _make_indexes(self, statements: str) -> None:
        self._run(statements.replace(" INDEX ", " INDEX IF NOT EXISTS "))

    def _run(self, statements: str) -> None:
        # Not as a script, which would first end the transaction.
        for statement in filter(str.strip, statements.split(";")):
            self._db.execute(statement)

    def _count_changes(self) -> None:
        gathered = Gathered(self._db)
        search_columns.make(self._db, gathered)
        changes = ((change, term) for term, change in self._works.items() if change)
        self._db.executemany("UPDATE term SET works = works + ? WHERE term = ?", changes)
        gone = "DELETE FROM term WHERE term = ? AND works = 0"
        self._db.executemany(gone, ((term,) for term in self._works))
        learn(self._db, self._words)
        self._draw_changes(gathered)

    def _name_journals(self) -> None:
        """Journals are called what the graph calls them, the first in the alphabet of several names."""
        self._db.execute(
            """UPDATE term SET label = coalesce(
                 (SELECT min(thing.label) FROM thing WHERE thing.term = term.term),
                 CASE WHEN key LIKE 'issn-%' THEN 'ISSN ' || upper(substr(key, 6)) ELSE key END) WHERE kind = ?""",
            (JOURNAL,),
        )

    def _list_letters(self) -> None:
        self._db.execute("DELETE FROM letter")
        self._db.execute("INSERT INTO letter SELECT kind, letter, count(*) FROM thing GROUP BY kind, letter")
        self._db.execute("INSERT INTO letter SELECT 'record', letter, count(*) FROM shown GROUP BY letter")

    def _draw_changes(self, gathered: Gathered) -> None:
        """Keep the portraits of what has many works, where they have changed."""
        changed = {term for term in self._works if kind_of(term) in PICTURED}
        self._db.executemany("DELETE FROM portrait WHERE term = ?", ((term,) for term in changed))
        self._keep(Drawing(gathered).portraits(changed))

    def _keep(self, portraits: Iterable[tuple[int, Portrait]]) -> None:
        for term, portrait in portraits:
            self._db.execute("INSERT INTO portrait VALUES (?, ?, ?)", (term, *packed(portrait)))

    def close(self) -> None:
        self._db.close()
