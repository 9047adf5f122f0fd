"""Lists and pictures of an edition, from what its index has counted: A to Z, by year, what stands beside what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

from linkeddata.catalogue.search_columns import RELATED_BY, doc_of
from linkeddata.catalogue.search_file import Portrait, draw, kind_of, numbers, unpacked
from linkeddata.catalogue.search_reader import Counted, IndexFile
from linkeddata.catalogue.search_row import KINDS, YEAR, term_number
from linkeddata.vocabulary.uris import RECORD

#: Of more things shared, the first are looked at.
_MOST_THINGS: Final = 20
MOST_RELATED: Final = 5
_BUSIEST: Final = (
    "SELECT term, works FROM term WHERE kind = ? AND EXISTS (SELECT 1 FROM thing WHERE thing.term = term.term) "
    "ORDER BY works DESC, term LIMIT 1"
)


class Place(NamedTuple):
    """A place in a list from A to Z: the letter, the folded label and the key of a row."""

    letter: str
    sort: str = ""
    key: str = ""


class Shelved(NamedTuple):
    """A row of a list from A to Z: key, label, number of works (of a record: its year), and its place."""

    key: str
    label: str
    works: int | None
    place: Place


class Related(NamedTuple):
    """A work and what it shares with another: how many authors, subjects, and whether the journal."""

    id: str
    title: str
    year: int | None
    shared: dict[str, int]


class Lists:
    """The lists of an edition; threads may share it."""

    def __init__(self, file: Path) -> None:
        self._file = IndexFile(file)

    def letters(self, kind: str) -> list[tuple[str, int]]:
        """The letters that things of a kind (or records) stand under, and how many under each."""
        return self._file.rows("SELECT letter, things FROM letter WHERE kind = ? ORDER BY letter", kind)

    def shelf(
        self, kind: str, *, size: int, start: Place, letter: str | None = None, back: bool = False
    ) -> list[Shelved]:
        """Rows behind a place (`back`: before it, still in the order of the list), of one letter or all."""
        table, wanted = _table(kind), [kind, *start, *([] if letter is None else [letter])]
        sign, order = ("<", "DESC") if back else (">", "ASC")
        within = "AND letter = ?" if letter is not None else ""
        rows = self._file.rows(
            f"{table.rows} WHERE {table.of_kind} AND (letter, sort, {table.key}) {sign} (?, ?, ?) {within} "
            f"ORDER BY letter {order}, sort {order}, 1 {order} LIMIT ?",
            *wanted, size,
        )  # fmt: skip
        return _shelved(rows[::-1] if back else rows)

    def numbered(self, kind: str, page: int, *, size: int, letter: str | None = None) -> list[Shelved]:
        """The rows of a page (from 1), of one letter or all; none where there is no such page. What lies before it
        is not read but for its own letter, of which the index is passed over from the nearer end."""
        letters = [each for each in self.letters(kind) if letter in (None, each[0])]
        start = (page - 1) * size
        end = min(start + size, sum(count for _, count in letters))
        if not 0 <= start < end:
            return []
        (first, before), (last, behind) = _stands(letters, start, end)
        table, order = _table(kind), "ASC" if before <= behind else "DESC"
        rows = self._file.rows(
            f"{table.rows} WHERE {table.name}.rowid IN (SELECT rowid FROM {table.name} "  # noqa: S608
            f"WHERE {table.of_kind} AND letter BETWEEN ? AND ? "
            f"ORDER BY letter {order}, sort {order}, {table.key} {order} LIMIT ? OFFSET ?) ORDER BY letter, sort, 1",
            kind, first, last, end - start, min(before, behind),
        )  # fmt: skip
        return _shelved(rows)

    def things(self, kind: str, letter: str | None = None) -> int:
        """How many things of a kind (or records) there are in a list from A to Z, of one letter or all."""
        return sum(count for each, count in self.letters(kind) if letter in (None, each))

    def years(self) -> dict[int, int]:
        """The number of records of each year."""
        rows = self._file.rows("SELECT key, works FROM term WHERE kind = ? ORDER BY key", YEAR)
        return {int(key): works for key, works in rows}

    def values(self, kind: str, limit: int) -> list[Counted]:
        """What most records count under, of a kind."""
        place = KINDS.index(kind)
        rows = self._file.rows(
            "SELECT term, works FROM term WHERE kind = ? ORDER BY works DESC, term LIMIT ?", place, limit
        )
        return self._file.counted(rows)

    def busiest(self, kind: str) -> Counted | None:
        """What most records count under, of the things of a kind that the graph has a name for; None where it has
        none."""
        return next(iter(self._file.counted(self._file.rows(_BUSIEST, KINDS.index(kind)))), None)

    def works(self, things: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """How many records count under each of some things, by kind and key; those without any are left out."""
        known = {_number(*thing): thing for thing in things}
        return {known[term]: works for term, works in self._file.works(known)}

    def label(self, kind: str, key: str) -> str | None:
        """What a thing that records count under is called."""
        rows = self._file.rows("SELECT label FROM term WHERE term = ?", _number(kind, key))
        return rows[0][0] if rows else None

    def portrait(self, kind: str, key: str) -> tuple[dict[int, int], dict[str, list[Counted]]]:
        """The works of a thing by year (0: without one), and what stands beside it most often, by kind."""
        term = _number(kind, key)
        kept = self._file.rows("SELECT years, beside FROM portrait WHERE term = ?", term)
        portrait = unpacked(*kept[0]) if kept else self._drawn(term)
        beside = {KINDS[other]: self._file.counted(pairs) for other, pairs in portrait.beside.items()}
        return portrait.years, beside

    def _drawn(self, term: int) -> Portrait:
        """Of few works it is quicker made than kept."""
        with self._file.patience() as connection:
            return draw(connection, term)

    def related(self, identifier: str, most: int = MOST_RELATED) -> list[Related]:
        """The works, so many at most, that share most with a record; of equals the newer, then the first by id."""
        rows = self._file.rows("SELECT doc, terms FROM shown JOIN under USING (doc) WHERE id = ?", identifier)
        if not rows:
            return []
        ((own, terms),) = rows
        scores, shared = Counter[int](), {kind: Counter[int]() for kind in RELATED_BY}
        for term, works in self._relating(numbers(terms)):
            kind, ranked = kind_of(term), numbers(works).tolist()
            shared[kind].update(ranked)
            # Counted as often as it weighs: counting is done in C.
            scores.update(ranked * RELATED_BY[kind])
        best = sorted(sorted(scores), key=scores.__getitem__, reverse=True)[: most + 1]
        return self._told([each for each in best if doc_of(each) != own][:most], shared)

    def _relating(self, terms: Iterable[int]) -> list[tuple[int, bytes]]:
        """The terms that relate works, authors first, and the works of each."""
        wanted = sorted((t for t in terms if kind_of(t) in RELATED_BY), key=lambda t: -RELATED_BY[kind_of(t)])
        some = wanted[:_MOST_THINGS]
        marks = ",".join("?" * len(some))
        return self._file.rows(f"SELECT term, works FROM relating WHERE term IN ({marks})", *some)  # noqa: S608

    def _told(self, best: list[int], shared: dict[int, Counter[int]]) -> list[Related]:
        """The works, in this order; `shared` counts of each kind how much each of them shares."""
        docs = [doc_of(each) for each in best]
        marks = ",".join("?" * len(docs))
        query = f"SELECT doc, id, title, year FROM shown JOIN under USING (doc) WHERE doc IN ({marks})"  # noqa: S608
        known = {doc: (name, title, year) for doc, name, title, year in self._file.rows(query, *docs)}
        return [
            Related(*known[doc_of(each)], {KINDS[kind]: told[each] for kind, told in shared.items() if each in told})
            for each in best
        ]


class _Table(NamedTuple):
    """What a list from A to Z is read from."""

    rows: str
    name: str
    key: str
    of_kind: str


_THINGS: Final = _Table(
    "SELECT thing.key, thing.label, coalesce(term.works, 0), letter, sort FROM thing LEFT JOIN term USING (term)",
    "thing", "thing.key", "thing.kind = ?",
)  # fmt: skip
_RECORDS: Final = _Table(
    "SELECT id, title, year, letter, sort FROM shown JOIN under USING (doc)", "shown", "id", f"'{RECORD}' = ?"
)


def _table(kind: str) -> _Table:
    return _RECORDS if kind == RECORD else _THINGS


def _stands(letters: list[tuple[str, int]], start: int, end: int) -> tuple[tuple[str, int], tuple[str, int]]:
    """The letters of the first and the last of some rows, with how many rows of these stand before and behind."""
    ends = list(accumulate(count for _, count in letters))
    first, last = bisect_right(ends, start), bisect_left(ends, end)
    return (letters[first][0], start - ends[first] + letters[first][1]), (letters[last][0], ends[last] - end)


def _shelved(rows: Iterable[tuple[str, str, int | None, str, str]]) -> list[Shelved]:
    return [Shelved(key, label, works, Place(letter, sort, key)) for key, label, works, letter, sort in rows]


def _number(kind: str, key: str) -> int:
    return term_number(KINDS.index(kind), key)
