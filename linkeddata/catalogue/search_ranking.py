"""In what order records that fit a query come: what was meant first, without weighing every record that has the words.

Weighing a record (BM25, by where its words stand) takes the engine one or two microseconds, finding it a tenth of that.
So all are weighed only where they are few. Of many, those come first whose titles have all the words; where they
are few, those follow that have them in titles, names and subjects. A group is weighed if it is small enough, and else
comes newest first, as does the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress
from typing import Final

from linkeddata.catalogue.known_as import numbers_of
from linkeddata.catalogue.search_columns import Chosen, Order
from linkeddata.catalogue.search_query import Query
from linkeddata.catalogue.search_reader import IndexFile
from linkeddata.catalogue.search_row import term_number

#: More records than these are not weighed.
WEIGHED: Final = 3000
#: So many whose titles have the words are enough to fill the pages that anybody looks at.
_ENOUGH: Final = 400
_AT_ONCE: Final = 2000
_WEIGH: Final = "SELECT rowid, rank FROM word WHERE word MATCH ?"
_EXACT: Final = """SELECT doc FROM shown WHERE exact = ?
                   UNION SELECT doc FROM number WHERE number IN (SELECT value FROM json_each(?))"""


class Ranking:
    """The order by relevance, in an index of which `newest` is the order by year; up to `weighed` are weighed."""

    def __init__(self, file: IndexFile, newest: Order, weighed: int = WEIGHED) -> None:
        self._file, self._newest, self._weighed = file, newest, weighed

    def best(self, query: Query, narrowed: Sequence[str], chosen: Chosen, docs: Sequence[int]) -> Iterator[int]:
        """The records that were found, the best first: before all those whose whole title, or an identifier, was
        asked for."""
        rest: Iterable[int]
        if len(docs) <= self._weighed:
            rest = self._weigh(all_of(query.match, *narrowed))
        else:
            rest = chain(self._grouped(query, narrowed), in_order(self._newest, chosen))
        return _once(chain(self._exact(query, chosen), rest))

    def _exact(self, query: Query, chosen: Chosen) -> list[int]:
        numbers = json.dumps(list(numbers_of(query.typed)))
        asked = self._file.rows(_EXACT, term_number(0, query.folded), numbers)
        return self._by_year(doc for (doc,) in asked if doc in chosen)

    def _grouped(self, query: Query, narrowed: Sequence[str]) -> Iterator[int]:
        match = all_of(f"{{titles}} : ({query.match})", *narrowed)
        titles = self._file.docs(match)
        if len(titles) > self._weighed:
            opening = all_of(f"{{titles}} : ({query.opening})", *narrowed)
            yield from self._group(opening, self._file.docs(opening))
        yield from self._group(match, titles)
        if len(titles) < _ENOUGH:
            match = all_of(f"{{titles people subjects}} : ({query.match})", *narrowed)
            yield from self._group(match, self._file.docs(match))

    def _group(self, match: str, docs: Sequence[int]) -> list[int]:
        return self._weigh(match) if len(docs) <= self._weighed else self._by_year(docs)

    def _weigh(self, match: str) -> list[int]:
        """Those of a match, the weightiest first; of equals the newest."""
        rows, place = self._file.rows(_WEIGH, match), self._newest.place
        return [doc for _, _, doc in sorted((rank, place[doc], doc) for doc, rank in rows)]

    def _by_year(self, docs: Iterable[int]) -> list[int]:
        return sorted(docs, key=self._newest.place.__getitem__)


def in_order(order: Order, chosen: Chosen) -> Iterator[int]:
    """The chosen records in an order."""
    for start in range(0, len(order.docs), _AT_ONCE):
        docs = order.docs[start : start + _AT_ONCE]
        yield from compress(docs, chosen.among(docs))


def all_of(*matches: str) -> str:
    """What finds the records that all of some matches find; an empty one says nothing."""
    return " AND ".join(f"({match})" for match in matches if match)


def _once(docs: Iterable[int]) -> Iterator[int]:
    seen = set[int]()
    for doc in docs:
        if doc not in seen:
            seen.add(doc)
            yield doc
