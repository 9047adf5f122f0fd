"""Ways to go through all documents that a question to Solr meets; the first that the core allows is taken.

A cursor needs a unique key that can be sorted by, and Solr 4.7. Where there is none, `start` counts the
documents from the first: slower the deeper it goes, and shifted by whatever comes or goes meanwhile, so
it is for who walks to count what was met. Any order will do, if it is the same for every page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from linkeddata.sources.solr_select import Answer, Select, SolrRefused

#: "can not sort on multivalued field: id", "sort param field can't be found: id", "Cursor functionality requires
#: a sort containing a uniqueKey field tie breaker", "Can not search using both cursorMark and timeAllowed", …
_NO_SUCH_WAY: Final = re.compile(r"can ?not sort|sort param|sort spec|cursor", re.IGNORECASE)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What Solr is asked for: query, filter queries, the list of fields, and documents in one answer."""

    query: str
    filters: tuple[str, ...]
    fields: str
    rows: int

    @property
    def parameters(self) -> list[tuple[str, str]]:
        filters = [("fq", each) for each in self.filters]
        return [("q", self.query), *filters, ("fl", self.fields), ("rows", str(self.rows))]


Way: TypeAlias = Callable[[Question], Iterator[Answer]]


class Pages:
    """The pages of questions to one core; the way that went once is taken again."""

    def __init__(self, select: Select, id_field: str, since_field: str) -> None:
        self._select = select
        # The last is the order in which the index has them: there in every core.
        orders = (f"{id_field} asc", f"{since_field} asc", "_docid_ asc")
        self._ways: list[Way] = [lambda question: self._by_cursor(question, f"{id_field} asc")]
        self._ways += [self._counting(order) for order in orders]
        self._all = len(self._ways)

    @property
    def counted(self) -> bool:
        """Whether there is no cursor, so that a change of the index may have shifted a document past its page."""
        return len(self._ways) < self._all

    def of(self, question: Question) -> Iterator[Answer]:
        """All answers, page after page. SourceError where Solr refuses the question, or every way."""
        while self._ways:
            pages = self._ways[0](question)
            try:
                first = next(pages)
            except SolrRefused as refused:
                if len(self._ways) == 1 or not _NO_SUCH_WAY.search(refused.reason):
                    raise
                _log.info("%s; another way is tried", refused)
                del self._ways[0]
                continue
            yield first
            yield from pages
            return

    def _by_cursor(self, question: Question, order: str) -> Iterator[Answer]:
        """Until the cursor stands still (Solr Reference Guide, Pagination of Results, Using Cursors).

        Or until a page is not full and all are there: what is being indexed would keep the cursor moving. Behind a
        page without documents there are none, wherever the cursor says that it is: it is made from the last document.
        """
        mark, got = "*", 0
        while True:
            answer = self._select.ask([*question.parameters, ("sort", order), ("cursorMark", mark)])
            if answer.next_mark is None and answer.found:
                # Older than 4.7: the cursor was not understood, and there would be no second page.
                raise SolrRefused(self._select.name, "no nextCursorMark, so there is no cursor")
            yield answer
            got += len(answer.documents)
            if answer.next_mark in (None, mark) or not answer.documents:
                return
            if got >= answer.found and len(answer.documents) < question.rows:
                return
            mark = answer.next_mark or mark

    def _counting(self, order: str) -> Way:
        def by_start(question: Question) -> Iterator[Answer]:
            start = 0
            while True:
                answer = self._select.ask([*question.parameters, ("sort", order), ("start", str(start))])
                yield answer
                start += len(answer.documents)
                if not answer.documents or start >= answer.found:
                    return

        return by_start
