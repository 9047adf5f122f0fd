"""The portraits of a new index, drawn all at once: what each record counts under is read one time, not once a term."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise
from operator import itemgetter

from linkeddata.catalogue.search_file import BESIDE, KEPT_FROM, NEIGHBOURS, PICTURED, Portrait
from linkeddata.catalogue.search_gathered import Gathered


class Drawing:
    """What can stand beside something in the records of an index."""

    def __init__(self, gathered: Gathered) -> None:
        self._all = gathered
        self._kinds = {kind: gathered.of_kind(kind) for kind in BESIDE}
        can_stand = {rank for ranks in self._kinds.values() for rank in ranks}
        self._ranks, self._ends = list[int](), array("q", [0])
        for start, end in pairwise(gathered.ends):
            self._ranks += [rank for rank in gathered.under[start:end] if rank in can_stand]
            self._ends.append(len(self._ranks))

    def portraits(self) -> Iterator[tuple[int, Portrait]]:
        """Each term that has many works, with its portrait."""
        for kind in PICTURED:
            for rank in self._all.of_kind(kind):
                if self._all.works[rank] >= KEPT_FROM:
                    yield self._all.terms[rank], self._portrait(rank)

    def _portrait(self, rank: int) -> Portrait:
        """As `search_file.portrait_of` draws it of the records of one term."""
        docs, ends, ranks = self._all.records(rank), self._ends, self._ranks
        counted = Counter(chain.from_iterable([ranks[ends[doc] : ends[doc + 1]] for doc in docs]))
        del counted[rank]
        years = Counter(itemgetter(*docs)(self._all.years))
        return Portrait(dict(sorted(years.items())), {kind: self._most(counted, kind) for kind in BESIDE})

    def _most(self, counted: Counter[int], kind: int) -> list[tuple[int, int]]:
        """The terms of a kind that stand beside it most often. Of equals those of lower number: they have lower ranks,
        within a kind."""
        ranks, terms = self._kinds[kind], self._all.terms
        # Most people have one work each, who are not even looked at if others are enough.
        found = [(-works, rank) for rank, works in counted.items() if works > 1 and rank in ranks]
        if len(found) < NEIGHBOURS:
            found += [(-1, rank) for rank, works in counted.items() if works == 1 and rank in ranks]
        found.sort()
        return [(terms[rank], -less) for less, rank in found[:NEIGHBOURS]]
