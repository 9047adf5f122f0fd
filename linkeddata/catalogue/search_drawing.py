"""The portraits of a new index, drawn all at once: what each record counts under is read one time, not once a term."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from itertools import accumulate, chain
from operator import itemgetter
from typing import Final

from linkeddata.catalogue.search_columns import under_each
from linkeddata.catalogue.search_file import BESIDE, KEPT_FROM, PICTURED, Portrait, numbers, portrait_of

_UNDER: Final = "SELECT doc, year, terms FROM under ORDER BY doc"


class Drawing:
    """The years of all records of an index, and what can stand beside something in them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        (size,) = db.execute("SELECT coalesce(max(doc), 0) FROM under").fetchone()
        self._years, lengths = array("i", bytes(4 * (size + 1))), array("q", bytes(8 * (size + 1)))
        self._terms = array("q")
        for doc, year, terms in db.execute(_UNDER):
            beside = [term for term in numbers(terms) if term & 7 in BESIDE]
            self._years[doc], lengths[doc] = year or 0, len(beside)
            self._terms.extend(beside)
        self._ends = array("q", accumulate(lengths, initial=0))

    def portraits(self) -> Iterator[tuple[int, Portrait]]:
        """Each term that has many works, with its portrait."""
        for kind in PICTURED:
            for term, docs in under_each(self._db, kind, KEPT_FROM):
                yield term, portrait_of(term, itemgetter(*docs)(self._years), self._beside(docs))

    def _beside(self, docs: array[int]) -> chain[int]:
        ends, terms = self._ends, self._terms
        return chain.from_iterable([terms[ends[doc] : ends[doc + 1]] for doc in docs])
