"""What all records of an index count under, read once: what its columns and its portraits are made of."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from itertools import accumulate, count, pairwise
from typing import Final

_UNDER: Final = "SELECT doc, year, terms FROM under ORDER BY doc"


class Gathered:
    """The terms of an index in the order of their kinds, and of their numbers within these: a term's place here is its
    rank. `under` has the ranks of each record's terms, one record after the other: those of a record lie between the
    two of `ends` from its number on. By its number a record has its year, or 0, in `years`; by its rank a term has the
    number of its records in `works`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        (size,) = db.execute("SELECT coalesce(max(doc), 0) FROM under").fetchone()
        self.years, lengths = array("i", bytes(4 * (size + 1))), array("q", bytes(8 * (size + 1)))
        found: defaultdict[int, int] = defaultdict(count().__next__)
        # As plain numbers: objects of their own lie scattered in memory, which costs more than to make them again.
        under = array("I")
        for doc, year, terms in db.execute(_UNDER):
            numbers = array("q", terms)
            self.years[doc], lengths[doc] = year or 0, len(numbers)
            under.extend(map(found.__getitem__, numbers))
        self.ends = array("q", accumulate(lengths, initial=0))
        self.terms = sorted(found, key=_by_kind)
        ranks = array("I", bytes(4 * len(found)))
        for rank, term in enumerate(self.terms):
            ranks[found[term]] = rank
        del found
        self.under = array("I", map(ranks.__getitem__, under))
        self.works, self._starts, self._docs = self._turned()

    def _turned(self) -> tuple[array[int], array[int], array[int]]:
        """Of each term how many records it has, and where those begin in the records of all, which come third."""
        counted = Counter(self.under)
        works = array("I", [counted[rank] for rank in range(len(self.terms))])
        starts = array("q", accumulate(works, initial=0))
        docs, free = array("I", bytes(4 * starts[-1])), array("q", starts)
        for doc, (start, end) in enumerate(pairwise(self.ends)):
            for rank in self.under[start:end]:
                place = free[rank]
                docs[place], free[rank] = doc, place + 1
        return works, starts, docs

    def of_kind(self, kind: int) -> range:
        """The ranks of the terms of a kind."""
        first, behind = (bisect_left(self.terms, _by_kind(each), key=_by_kind) for each in (kind, kind + 1))
        return range(first, behind)

    def records(self, rank: int) -> array[int]:
        """The records of a term."""
        return self._docs[self._starts[rank] : self._starts[rank + 1]]


def _by_kind(term: int) -> int:
    return (term & 7) << 60 | term >> 3
