"""Columns of a search index, for results that hold a large part of all records.

Under which terms which records stand, terms of most records first; and the records in each order. They are made
when an index is finished, and kept in memory as numbers by whoever reads it: some 100 bytes a record. A large result
is counted from the terms' side, which for most terms need not be done: once ten values are known, those that have
fewer records in all than the tenth has in the result cannot come before it.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from itertools import accumulate, chain, pairwise
from operator import itemgetter
from typing import Final, NamedTuple

from linkeddata.catalogue.search_gathered import Gathered
from linkeddata.catalogue.search_row import CONCEPT, JOURNAL, KINDS, NAME

#: What holds a smaller part of all records than this is a list of records, what holds more is a number of as many bits.
_SPARSE: Final = 200
#: So many records, or terms of many, are looked at between two looks at whether that is enough.
_PART, _LARGE_PART = 2000, 20
_BINARY: Final = bytes.maketrans(b"\0\1", b"01")
_ORDERS: Final = {
    "newest": "SELECT doc FROM under JOIN shown USING (doc) ORDER BY year DESC, id",
    "oldest": "SELECT doc FROM under JOIN shown USING (doc) ORDER BY year IS NULL, year, id",
    "title": "SELECT doc FROM shown ORDER BY letter, sort, id",
}
#: A work is related to those it shares most with; an author counts this much, a subject, the journal.
RELATED_BY: Final = {NAME: 3, CONCEPT: 2, JOURNAL: 1}
#: What so many works share relates none of them.
MOST_SHARED: Final = 200
_DOC: Final = 32


class Chosen:
    """Some of the records of an index of a `size`: for each a byte that is 0 or 1, and a bit."""

    def __init__(self, docs: Iterable[int], size: int) -> None:
        self._mask = bytearray(size + 1)
        for doc in docs:
            self._mask[doc] = 1
        self.bits = int(self._mask.translate(_BINARY), 2)

    def __contains__(self, doc: int) -> bool:
        return bool(self._mask[doc])

    def among(self, docs: Iterable[int]) -> bytes:
        """For each of some records, whether it is one."""
        # With one argument alone there would be no tuple; no record has the number 0.
        return bytes(itemgetter(0, *docs)(self._mask))[1:]


class Postings:
    """The records under each term of one kind: the terms, how many records each has, and these one after the other."""

    def __init__(self, terms: bytes, works: bytes, docs: bytes, size: int) -> None:
        self._terms, self._works, self._docs = _longs(terms), _shorts(works), _shorts(docs)
        self._ends = array("q", accumulate(self._works, initial=0))
        large = sum(1 for works in self._works if works * _SPARSE > size)
        self._large = [Chosen(self._under(place).tolist(), size).bits for place in range(large)]
        self._parts = list(self._cut(large))
        # The lists of what is known as bits are not needed.
        self._docs = self._docs[self._ends[large] :]

    def _under(self, place: int) -> array[int]:
        return self._docs[self._ends[place] : self._ends[place + 1]]

    def _cut(self, large: int) -> Iterator[tuple[int, int]]:
        """The terms in parts, of each the first and the one behind the last."""
        cuts = list(range(0, large, _LARGE_PART))
        first = large
        while first < len(self._works):
            cuts.append(first)
            weight = 0
            while weight < _PART and first < len(self._works):
                weight, first = weight + self._works[first], first + 1
        return pairwise([*cuts, len(self._works)])

    def most(self, chosen: Chosen, limit: int) -> list[tuple[int, int]]:
        """The terms of most chosen records, with how many: at most so many, and of equals those of lower number."""
        found: list[tuple[int, int]] = []
        least = 1
        for first, last in self._parts:
            if self._works[first] < least:
                break
            count = self._in_bits if last <= len(self._large) else self._in_lists
            if better := [pair for pair in count(chosen, first, last) if pair[1] >= least]:
                found = nsmallest(limit, found + better, key=most_first)
                least = found[-1][1] if len(found) == limit else 1
        return found

    def _in_bits(self, chosen: Chosen, first: int, last: int) -> Iterator[tuple[int, int]]:
        bits = chosen.bits
        counts = ((bits & large).bit_count() for large in self._large[first:last])
        return zip(self._terms[first:last], counts, strict=True)

    def _in_lists(self, chosen: Chosen, first: int, last: int) -> Iterator[tuple[int, int]]:
        start, begin = self._ends[len(self._large)], self._ends[first]
        said = chosen.among(self._docs[begin - start : self._ends[last] - start])
        if 1 not in said:
            return iter(())
        ends = [place - begin for place in self._ends[first : last + 1]]
        counts = (said.count(1, *each) for each in pairwise(ends))
        return zip(self._terms[first:last], counts, strict=True)


class Order:
    """All records in an order, and the place of each in it."""

    def __init__(self, docs: bytes, size: int) -> None:
        self.docs = _shorts(docs)
        self.place = _shorts(bytes(4 * (size + 1)))
        for place, doc in enumerate(self.docs):
            self.place[doc] = place


class Columns(NamedTuple):
    """What an index has in columns; `size` is the highest number of a record."""

    size: int
    postings: tuple[Postings, ...]
    orders: dict[str, Order]


def make(db: sqlite3.Connection, gathered: Gathered) -> None:
    """Make the columns of an index that is full, of what all its records count under."""
    for table in ("ordered", "posting", "relating"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608
    orders = {name: array("I", (row[0] for row in db.execute(query))) for name, query in _ORDERS.items()}
    db.executemany("INSERT INTO ordered VALUES (?, ?)", ((name, docs.tobytes()) for name, docs in orders.items()))
    db.executemany("INSERT INTO posting VALUES (?, ?, ?, ?)", (_column(gathered, kind) for kind in range(len(KINDS))))
    db.executemany("INSERT INTO relating VALUES (?, ?)", _relating(gathered, orders["newest"]))


def _column(gathered: Gathered, kind: int) -> tuple[int, bytes, bytes, bytes]:
    """The terms of a kind as its row, those of most records first."""
    ranks = sorted(gathered.of_kind(kind), key=gathered.works.__getitem__, reverse=True)
    terms, works = array("q", [gathered.terms[rank] for rank in ranks]), array("I", [gathered.works[r] for r in ranks])
    return kind, terms.tobytes(), works.tobytes(), b"".join([gathered.records(rank) for rank in ranks])


def _relating(gathered: Gathered, newest: array[int]) -> Iterator[tuple[int, bytes]]:
    """What few records share, with these, which are told by their places among the newest, too."""
    ranked = array("q", bytes(8 * len(gathered.years)))
    for place, doc in enumerate(newest):
        ranked[doc] = place << _DOC | doc
    of_kinds = chain.from_iterable(map(gathered.of_kind, RELATED_BY))
    shared = [rank for rank in of_kinds if 2 <= gathered.works[rank] <= MOST_SHARED]
    for rank in sorted(shared, key=gathered.terms.__getitem__):
        yield gathered.terms[rank], array("q", itemgetter(*gathered.records(rank))(ranked)).tobytes()


def doc_of(ranked: int) -> int:
    """The record of a number in `relating`, the lower of which are those of newer records."""
    return ranked & (1 << _DOC) - 1


def read(db: sqlite3.Connection) -> Columns:
    """The columns of an index."""
    (size,) = db.execute("SELECT coalesce(max(doc), 0) FROM shown").fetchone()
    rows = db.execute("SELECT terms, works, docs FROM posting ORDER BY kind")
    postings = tuple(Postings(terms, works, docs, size) for terms, works, docs in rows)
    return Columns(size, postings, {name: Order(docs, size) for name, docs in db.execute("SELECT * FROM ordered")})


def most_of(counted: Mapping[int, int], limit: int, kinds: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Of terms with their numbers of records, those of most by kind, at most so many of each."""
    # Most people have one work each, who are not even looked at if others are enough.
    several = [pair for pair in counted.items() if pair[1] > 1]
    found = {kind: [pair for pair in several if pair[0] & 7 == kind] for kind in kinds}
    for kind, pairs in found.items():
        if len(pairs) < limit:
            found[kind] = [pair for pair in counted.items() if pair[0] & 7 == kind]
    return {kind: nsmallest(limit, pairs, key=most_first) for kind, pairs in found.items()}


def most_first(pair: tuple[int, int]) -> tuple[int, int]:
    """What terms with their numbers of records are sorted by."""
    return -pair[1], pair[0]


def _longs(blob: bytes) -> array[int]:
    found = array("q")
    found.frombytes(blob)
    return found


def _shorts(blob: bytes) -> array[int]:
    found = array("I")
    found.frombytes(blob)
    return found
