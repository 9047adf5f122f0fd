"""Searching an edition: what is found, in what order, and what it counts under."""

from __future__ import annotations

import threading
from array import array
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from pathlib import Path
from typing import Final, NamedTuple

from linkeddata.catalogue import spelling
from linkeddata.catalogue.search_file import kind_of, match_term, numbers
from linkeddata.catalogue.search_query import Query, read_query
from linkeddata.catalogue.search_reader import Counted, IndexFile
from linkeddata.catalogue.search_row import KINDS, TYPE, YEAR, term_number

#: So many values of each kind are told of a result.
MOST_VALUES: Final = 10
#: What a result can be ordered by; without words there is nothing to be relevant to.
_ORDERS: Final = {
    "relevance": "word.rank, under.year DESC, under.doc",
    "newest": "under.year DESC, under.doc",
    "oldest": "under.year IS NULL, under.year, under.doc",
    "title": "shown.letter, shown.sort, shown.id",
}
ORDERS: Final = tuple(_ORDERS)
_KEPT_RESULTS: Final = 64
_KEPT_RECORDS: Final = 2_000_000
#: A span of years is looked for year by year.
_LONGEST_SPAN: Final = 400


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for: a text, the terms (kind and key) that all of it is under, a span of years, an order."""

    text: str = ""
    under: tuple[tuple[str, str], ...] = ()
    years: tuple[int, int] | None = None
    order: str = "relevance"


class Hit(NamedTuple):
    """A record found, as a list shows it; `type` is a prefixed name."""

    id: str
    title: str
    names: str
    within: str
    year: int | None
    type: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a wish finds: the places of all records in order, and what they count under.

    `values` holds the most frequent by kind, `years` all of them; `suggestion` is what the text may have
    meant, `names` are things called somewhat like it, both only where nothing is found.
    """

    docs: array[int]
    values: Mapping[str, list[Counted]]
    years: Mapping[int, int]
    query: Query
    chosen: tuple[Counted, ...] = ()
    suggestion: str = ""
    names: tuple[Counted, ...] = ()

    @property
    def total(self) -> int:
        return len(self.docs)


@dataclass
class _Kept:
    """The last results, so that the next page need not search again; threads share it."""

    results: OrderedDict[Wish, Result] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, wish: Wish) -> Result | None:
        with self.lock:
            if wish in self.results:
                self.results.move_to_end(wish)
            return self.results.get(wish)

    def keep(self, wish: Wish, result: Result) -> None:
        with self.lock:
            self.results[wish] = result
            while len(self.results) > _KEPT_RESULTS or sum(each.total for each in self._many()) > _KEPT_RECORDS:
                self.results.popitem(last=False)

    def _many(self) -> list[Result]:
        return list(self.results.values()) if len(self.results) > 1 else []


class Search:
    """The search of an edition; threads may share it."""

    def __init__(self, file: Path) -> None:
        self._file = IndexFile(file)
        self._kept = _Kept()

    def find(self, wish: Wish) -> Result:
        """All that a wish finds. QueryError where that takes too long."""
        found = self._kept.get(wish)
        if found is None:
            found = self._find(wish)
            self._kept.keep(wish, found)
        return found

    def _find(self, wish: Wish) -> Result:
        query = read_query(wish.text)
        match = " AND ".join(filter(None, (query.match, *_narrowed(wish))))
        rows = self._matching(match, wish.order if query.parts or wish.order != "relevance" else "newest")
        docs = array("q", (row[0] for row in rows))
        if query.parts and wish.order == "relevance":
            docs = self._exact_first(query, docs)
        values, years = self._counts(b"".join(row[1] for row in rows))
        chosen = tuple(self._file.counted((_number(*each), 0) for each in wish.under))
        if docs or not query.parts:
            return Result(docs, values, years, query, chosen)
        return Result(docs, values, years, query, chosen, self._suggestion(wish, query), self._resembling(query))

    def _matching(self, match: str, order: str) -> list[tuple[int, bytes]]:
        joined = "JOIN shown ON shown.doc = under.doc" if order == "title" else ""
        if match:
            found = f"word JOIN under ON under.doc = word.rowid {joined} WHERE word MATCH ?"
        else:
            found = f"under {joined} WHERE ? = ''"
        return self._file.rows(f"SELECT under.doc, under.terms FROM {found} ORDER BY {_ORDERS[order]}", match)  # noqa: S608

    def _exact_first(self, query: Query, docs: array[int]) -> array[int]:
        """Those whose whole title was asked for go before all others."""
        same = {
            row[0] for row in self._file.rows("SELECT doc FROM shown WHERE exact = ?", term_number(0, query.folded))
        }
        if not same:
            return docs
        return array("q", sorted(docs, key=lambda doc: doc not in same))

    def _counts(self, terms: bytes) -> tuple[dict[str, list[Counted]], dict[int, int]]:
        """What the records count under: the most frequent of each kind, and every year."""
        by_kind: dict[int, list[tuple[int, int]]] = {kind: [] for kind in range(len(KINDS))}
        for pair in Counter(numbers(terms)).items():
            by_kind[pair[0] & 7].append(pair)
        years = {int(each.key): each.works for each in self._file.counted(by_kind[YEAR])}
        most = {kind: _most(found) for kind, found in by_kind.items()}
        told = self._file.counted(pair for found in most.values() for pair in found)
        values = {kind: [each for each in told if each.kind == kind] for kind in KINDS}
        return values, dict(sorted(years.items()))

    def page(self, result: Result, start: int, size: int) -> list[Hit]:
        """Some of the records of a result."""
        docs = result.docs[start : start + size]
        marks = ",".join("?" * len(docs))
        query = f"""SELECT doc, id, title, names, within, year, terms FROM shown JOIN under USING (doc)
                    WHERE doc IN ({marks})"""  # noqa: S608
        found = {row[0]: row[1:] for row in self._file.rows(query, *docs)}
        types = {terms: next(iter(numbers(terms)), 0) for *_, terms in found.values()}
        named = {
            term: self._file.counted([(term, 0)])[0].label for term in set(types.values()) if kind_of(term) == TYPE
        }
        return [Hit._make((*found[doc][:5], named.get(types[found[doc][5]], ""))) for doc in docs]

    def by_number(self, number: str) -> list[str]:
        """The ids of records that have an identifier (without hyphens, in lower case)."""
        query = "SELECT DISTINCT id FROM number JOIN shown USING (doc) WHERE number = ? LIMIT 2"
        return [row[0] for row in self._file.rows(query, number)]

    def _suggestion(self, wish: Wish, query: Query) -> str:
        """The text with words that no record has replaced by those they resemble; empty where that finds nothing."""
        with self._file.patience() as db:
            words = [word for part in query.parts for word in part.words]
            better = [word if spelling.is_used(db, word) else spelling.resembling(db, word) or word for word in words]
        text = " ".join(better)
        if better == words:
            return ""
        match = " AND ".join(filter(None, (read_query(text).match, *_narrowed(wish))))
        return text if self._file.rows("SELECT 1 FROM word WHERE word MATCH ? LIMIT 1", match) else ""

    def _resembling(self, query: Query) -> tuple[Counted, ...]:
        """Names and subjects that share a word with the query, or a word that resembles one of it."""
        with self._file.patience() as db:
            words = {word for part in query.parts for word in part.words if len(word) > 1}
            words |= {other for word in words if (other := spelling.resembling(db, word))}
        match = "{people subjects} : (" + " OR ".join(f'"{word}"' for word in sorted(words)[:40]) + ")"
        found = self._file.rows(_BEST, match) if words else []
        terms = Counter(numbers(b"".join(row[0] for row in found)))
        told = self._file.counted((term, works) for term, works in terms.items() if KINDS[kind_of(term)] in _NAMED)
        near = [each for each in told if words & set(read_query(f'"{each.label}"').folded.split())]
        near.sort(key=lambda each: (-len(words & set(read_query(each.label).folded.split())), -each.works, each.label))
        return tuple(near[:MOST_VALUES])


_NAMED: Final = ("name", "concept")
_BEST: Final = (
    "SELECT under.terms FROM word JOIN under ON under.doc = word.rowid WHERE word MATCH ? ORDER BY rank LIMIT 20"
)


def _number(kind: str, key: str) -> int:
    return term_number(KINDS.index(kind), key)


def _narrowed(wish: Wish) -> list[str]:
    """What the full-text index is asked beside the words."""
    asked = [match_term(_number(kind, key)) for kind, key in wish.under]
    if wish.years:
        first, last = wish.years
        span = range(first, min(last, first + _LONGEST_SPAN) + 1)
        asked.append(match_term(*(term_number(YEAR, str(year)) for year in span)))
    return asked


def _most(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The terms with most works. Most people have one each, which are not even looked at if others are enough."""
    several = [pair for pair in found if pair[1] > 1]
    return nsmallest(MOST_VALUES, several if len(several) >= MOST_VALUES else found, key=_most_first)


def _most_first(pair: tuple[int, int]) -> tuple[int, int]:
    return -pair[1], pair[0]
