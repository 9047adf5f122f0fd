"""The portraits of an index, drawn all at once: what each record counts under is read one time, not once a term."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Container, Iterator
from heapq import nsmallest
from itertools import chain, pairwise
from operator import itemgetter

from linkeddata.catalogue.search_file import BESIDE, KEPT_FROM, NEIGHBOURS, PICTURED, Portrait
from linkeddata.catalogue.search_gathered import Gathered


class Drawing:
    """What can stand beside something in the records of an index."""

    def __init__(self, gathered: Gathered) -> None:
        self._all = gathered
        self._kinds = {kind: gathered.of_kind(kind) for kind in BESIDE}
        can_stand = set(chain.from_iterable(self._kinds.values()))
        self._ranks, self._ends = array("I"), array("q", [0])
        for start, end in pairwise(gathered.ends):
            self._ranks.extend([rank for rank in gathered.under[start:end] if rank in can_stand])
            self._ends.append(len(self._ranks))

    def portraits(self, among: Container[int] | None = None) -> Iterator[tuple[int, Portrait]]:
        """Each term that has many works, with its portrait; of some terms only, where these are told."""
        for kind in PICTURED:
            for rank in self._all.of_kind(kind):
                term = self._all.terms[rank]
                if self._all.works[rank] >= KEPT_FROM and (among is None or term in among):
                    yield term, self._portrait(rank)

    def _portrait(self, rank: int) -> Portrait:
        """As `search_file.portrait_of` draws it of the records of one term."""
        docs, ends, ranks = self._all.records(rank), self._ends, self._ranks
        counted = Counter(chain.from_iterable([ranks[ends[doc] : ends[doc + 1]] for doc in docs]))
        del counted[rank]
        years = Counter(itemgetter(*docs)(self._all.years))
        return Portrait(dict(sorted(years.items())), self._most(counted))

    def _most(self, counted: Counter[int]) -> dict[int, list[tuple[int, int]]]:
        """The terms that stand beside it most often, by kind. Of equals those of lower number, which have lower ranks
        within a kind."""
        terms, most = self._all.terms, {}
        # Most people have one work each, who are not even looked at if others are enough.
        several = sorted([(-works, rank) for rank, works in counted.items() if works > 1])
        for kind, ranks in self._kinds.items():
            first, behind = ranks.start, ranks.stop
            found = [pair for pair in several if first <= pair[1] < behind][:NEIGHBOURS]
            if len(found) < NEIGHBOURS:
                once = [rank for rank, works in counted.items() if works == 1 and first <= rank < behind]
                found += [(-1, rank) for rank in nsmallest(NEIGHBOURS - len(found), once)]
            most[kind] = [(terms[rank], -less) for less, rank in found]
        return most
