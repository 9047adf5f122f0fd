"""Searching an edition: what is found, in what order, and what it counts under."""

from __future__ import annotations

import json
import threading
from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from linkeddata.catalogue import spelling
from linkeddata.catalogue.known_as import identifier
from linkeddata.catalogue.search_columns import Chosen, most_first, most_of
from linkeddata.catalogue.search_file import kind_of, match_term, numbers
from linkeddata.catalogue.search_query import Query, read_query
from linkeddata.catalogue.search_ranking import WEIGHED, Ranking, all_of, in_order
from linkeddata.catalogue.search_reader import Counted, IndexFile
from linkeddata.catalogue.search_row import KINDS, TYPE, YEAR, term_number

#: So many values of each kind are told of a result.
MOST_VALUES: Final = 10
#: What a result can be ordered by; without words there is nothing to be relevant to.
ORDERS: Final = ("relevance", "newest", "oldest", "title")
#: A result of more records is counted from the terms' side.
COUNTED_ONE_BY_ONE: Final = 6000
_KEPT_RESULTS: Final = 64


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for: a text, the terms (kind and key) that all of it is under, a span of years, an order,
    and how many of the first are wanted."""

    text: str = ""
    under: tuple[tuple[str, str], ...] = ()
    years: tuple[int, int] | None = None
    order: str = "relevance"
    first: int = 10_000


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
    """What a wish finds: the places of the first records in order, the number of all, and what
    all of them count under.

    `values` holds the most frequent by kind, `years` all of them; `suggestion` is what the text may have
    meant, `names` are things called somewhat like it, both only where nothing is found.
    """

    docs: array[int]
    total: int
    values: Mapping[str, list[Counted]]
    years: Mapping[int, int]
    query: Query
    chosen: tuple[Counted, ...] = ()
    suggestion: str = ""
    names: tuple[Counted, ...] = ()


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
            while len(self.results) > _KEPT_RESULTS:
                self.results.popitem(last=False)


class Search:
    """The search of an edition; threads may share it."""

    def __init__(self, file: Path, *, weighed: int = WEIGHED, one_by_one: int = COUNTED_ONE_BY_ONE) -> None:
        """Results of more than `weighed` records are ordered by groups (see `search_ranking`), those of more than
        `one_by_one` counted from the terms' side."""
        self._file = IndexFile(file)
        self._kept = _Kept()
        self._weighed, self._one_by_one = weighed, one_by_one

    def find(self, wish: Wish) -> Result:
        """All that a wish finds. QueryError where that takes too long."""
        found = self._kept.get(wish)
        if found is None:
            found = self._find(wish)
            self._kept.keep(wish, found)
        return found

    def forget(self) -> None:
        """Let go of the results that are kept, as a measurement wants it."""
        self._kept = _Kept()

    def _find(self, wish: Wish) -> Result:
        query, narrowed = _query(wish.text), self._narrowed(wish)
        docs, chosen = self._all(wish, query, narrowed)
        first = array("I", islice(self._in_order(wish, query, narrowed, chosen, docs), wish.first))
        values, years = self._counts(chosen, docs)
        under = tuple(self._file.counted((_number(*each), 0) for each in wish.under))
        if docs or not query.parts:
            return Result(first, len(docs), values, years, query, under)
        mended = self._mended(query)
        meant, names = self._suggestion(wish, query, mended), self._resembling(query, mended)
        return Result(first, 0, values, years, query, under, meant, names)

    def _all(self, wish: Wish, query: Query, narrowed: list[str]) -> tuple[Sequence[int], Chosen]:
        """All records that are found, in no order."""
        docs: Sequence[int]
        columns = self._file.columns()
        if query.parts or wish.under:
            docs = self._file.docs(all_of(query.match, *narrowed))
        elif wish.years:
            # Many years are quicker found by their index than by their terms.
            docs = self._file.docs_of(*wish.years)
        else:
            docs = columns.orders["newest"].docs
        return docs, Chosen(docs, columns.size)

    def _narrowed(self, wish: Wish) -> list[str]:
        """What the full-text index is asked beside the words."""
        asked = [match_term(_number(kind, key)) for kind, key in wish.under]
        if wish.years:
            known = [row[0] for row in self._file.rows(_YEARS, YEAR, *wish.years)]
            # Where there is no such year, one that nothing is under.
            asked.append(match_term(*known or [_number("year", str(wish.years[0]))]))
        return asked

    def busiest(self, wish: Wish, kind: str, limit: int) -> list[Counted]:
        """What most of the records that a wish finds count under, of a kind: so many, those of most works first."""
        docs, chosen = self._all(wish, _query(wish.text), self._narrowed(wish))
        place = KINDS.index(kind)
        if len(docs) > self._one_by_one:
            return self._file.counted(self._file.columns().postings[place].most(chosen, limit))
        return self._file.counted(most_of(self._terms_of(docs), limit, [place])[place])

    def _terms_of(self, docs: Sequence[int]) -> Counter[int]:
        """The terms that some records are under, with how many of them are."""
        rows = self._file.rows(_TERMS, json.dumps(list(docs)))
        return Counter(numbers(b"".join([row[0] for row in rows])))

    def _in_order(
        self, wish: Wish, query: Query, narrowed: list[str], chosen: Chosen, docs: Sequence[int]
    ) -> Iterable[int]:
        """The records that were found, from the first on."""
        orders = self._file.columns().orders
        if query.parts and wish.order == "relevance":
            return Ranking(self._file, orders["newest"], self._weighed).best(query, narrowed, chosen, docs)
        order = orders.get(wish.order, orders["newest"])
        return in_order(order, chosen) if len(docs) > self._weighed else sorted(docs, key=order.place.__getitem__)

    def _counts(self, chosen: Chosen, docs: Sequence[int]) -> tuple[dict[str, list[Counted]], dict[int, int]]:
        """What the records count under: the most frequent of each kind, and every year."""
        if len(docs) > self._one_by_one:
            postings = self._file.columns().postings
            most = [each.most(chosen, _ALL if kind == YEAR else MOST_VALUES) for kind, each in enumerate(postings)]
        else:
            most = self._counted_one_by_one(docs)
        years = {int(each.key): each.works for each in self._file.counted(most[YEAR])}
        told = self._file.counted(pair for found in most for pair in found[:MOST_VALUES])
        values = {kind: [each for each in told if each.kind == kind] for kind in KINDS}
        return values, dict(sorted(years.items()))

    def _counted_one_by_one(self, docs: Sequence[int]) -> list[list[tuple[int, int]]]:
        """By kind the terms with most of the records, and all years."""
        counted = self._terms_of(docs)
        most = most_of(counted, MOST_VALUES, range(len(KINDS)))
        most[YEAR] = sorted((pair for pair in counted.items() if kind_of(pair[0]) == YEAR), key=most_first)
        return list(most.values())

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

    def _mended(self, query: Query) -> dict[str, str]:
        """The words of a query that no record has, of those that are looked at, each with the one that resembles it."""
        words = dict.fromkeys(word for part in query.parts for word in part.words)
        with self._file.patience() as db:
            unused = [word for word in words if not spelling.is_used(db, word)][:_MOST_MENDED]
            return {word: near for word in unused if (near := spelling.resembling(db, word))}

    def _suggestion(self, wish: Wish, query: Query, mended: Mapping[str, str]) -> str:
        """The text with words that no record has replaced by those they resemble; empty where that finds nothing."""
        if not mended:
            return ""
        text = " ".join(mended.get(word, word) for part in query.parts for word in part.words)
        match = all_of(read_query(text).match, *self._narrowed(wish))
        return text if self._file.rows("SELECT 1 FROM word WHERE word MATCH ? LIMIT 1", match) else ""

    def _resembling(self, query: Query, mended: Mapping[str, str]) -> tuple[Counted, ...]:
        """Names and subjects that share a word with the query, or a word that resembles one of it."""
        words = {word for part in query.parts for word in part.words if len(word) > 1} | set(mended.values())
        match = "{people subjects} : (" + " OR ".join(f'"{word}"' for word in sorted(words)[:40]) + ")"
        found = self._file.rows(_BEST, match) if words else []
        terms = Counter(numbers(b"".join(row[0] for row in found)))
        told = self._file.counted((term, works) for term, works in terms.items() if KINDS[kind_of(term)] in _NAMED)
        near = [each for each in told if words & set(read_query(f'"{each.label}"').folded.split())]
        near.sort(key=lambda each: (-len(words & set(read_query(each.label).folded.split())), -each.works, each.label))
        return tuple(near[:MOST_VALUES])


#: So many mistyped words are looked at.
_MOST_MENDED: Final = 5
_NAMED: Final = ("name", "concept")
_ALL: Final = 1 << 30
_YEARS: Final = "SELECT term FROM term WHERE kind = ? AND CAST(key AS INTEGER) BETWEEN ? AND ?"
_TERMS: Final = "SELECT terms FROM under WHERE doc IN (SELECT value FROM json_each(?))"
_BEST: Final = (
    "SELECT under.terms FROM word JOIN under ON under.doc = word.rowid WHERE word MATCH ? ORDER BY rank LIMIT 20"
)


def _query(text: str) -> Query:
    """What a text looks for: an identifier is one, however it is written."""
    found = identifier(text.strip())
    return replace(read_query(f'"{found}"'), typed=text) if found else read_query(text)


def _number(kind: str, key: str) -> int:
    return term_number(KINDS.index(kind), key)
