"""A live Solr core, by its `select` handler: everything, or what was indexed since some moment.

It is walked with a cursor over the unique key (`cursorMark`, `sort=id asc`): however deep the page, it costs
the same, and what comes or goes meanwhile shifts no other document past it. Solr tells of no deletions. So a
run from some moment on walks over all ids as well, and whoever has an id that was not met may withdraw it,
if, and only if, the run is `complete`. It is that only when exactly as many ids were met as Solr said there
are, and said so on every page: whatever a page loses, or an index that is being rebuilt lacks, is never
taken for deleted. Another walk over the ids is tried once; after that the next run will see.

The mark is the latest `since_field` seen, less ten minutes. That clock is the index's own, so ours need not
agree with it. A document's time is when its indexer made it, and it can be found some time after that: a
commit makes all visible that has reached Solr by then, so one from another indexer that was stamped earlier
may turn up later by what it spent in a queue, or by what the clocks of the two differ. Ten minutes are for
these. What is fetched twice for it is the same, and so is not even mapped again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from linkeddata.errors import ConfigurationError, RecordRefused
from linkeddata.record import Presence, Reading, Record, Refusal
from linkeddata.sources.document import identifier, read_document
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.http import Fetcher
from linkeddata.sources.instants import moment, next_mark, since_text
from linkeddata.sources.json_object import json_object
from linkeddata.sources.lines import Flaw
from linkeddata.sources.solr_pages import Pages, Question
from linkeddata.sources.solr_select import Select, SolrRefused
from linkeddata.sources.walk import Met, fetcher_for, owned

OVERLAP: Final = timedelta(minutes=10)
_ROWS: Final = 500
_ROWS_OF_IDS: Final = 10_000
_TRIES: Final = 2
_FIELD: Final = re.compile(r"[A-Za-z_][\w.-]*")
_NO_SUCH_FIELD: Final = re.compile(r"undefined field|can't be found", re.IGNORECASE)
Clock: TypeAlias = Callable[[], datetime]
_Reader: TypeAlias = Callable[[dict[str, Any], str, str], Reading]
_log = logging.getLogger(__name__)


def open_solr(
    endpoint: Endpoint,
    since: str | None,
    *,
    fetcher: Fetcher | None = None,
    presence: bool = True,
    clock: Clock = lambda: datetime.now(UTC),
) -> Harvest:
    """A run over a core, everything or what was indexed since; nothing is asked before it is iterated.

    Without `presence` no walk over the ids follows: the run is complete only where everything was asked for and
    was met. SourceError for a `since` that is no moment, ConfigurationError for a field or `id_pattern` that is none.
    """
    for name in (endpoint.id_field, endpoint.since_field):
        if not _FIELD.fullmatch(name):
            raise ConfigurationError(f"{endpoint.name}: {name!r} cannot be the name of a field of Solr")
    asking = fetcher or fetcher_for(endpoint)
    return _SolrHarvest(endpoint, since_text(since) if since else None, asking, presence, clock)


class _SolrHarvest:
    """The run of `open_solr`; see `Harvest`."""

    def __init__(self, endpoint: Endpoint, since: str | None, fetcher: Fetcher, presence: bool, clock: Clock) -> None:
        self.total: int | None = None
        self.mark: str | None = None
        self.complete = False
        self.shortfall = ""
        self._endpoint = endpoint
        self._since = since
        self._presence = presence
        self._clock = clock
        self._own = owned(endpoint)
        self._pages = Pages(Select(endpoint.url, fetcher, endpoint.name), endpoint.id_field, endpoint.since_field)
        self._latest: datetime | None = None
        self._undated = 0

    def __iter__(self) -> Iterator[Reading]:
        begun, met = self._clock(), Met()
        yield from self._records(met)
        whole = self._since is None and met.whole
        if not whole and self._presence:
            whole = yield from self._ids()
        self.complete = whole
        self.shortfall = str(met) if met.lacks else ""
        if met.lacks or (self._pages.counted and not met.whole):
            _log.warning("%s: %s; the next run begins where this one did", self._endpoint.name, met)
            self.mark = self._since
        else:
            self.mark = next_mark(self._since, self._latest, begun, OVERLAP)

    def _records(self, met: Met) -> Iterator[Reading]:
        """The documents of the run; all of them, if the index cannot tell when they were indexed."""
        asked = self._question()
        try:
            yield from self._own(self._walk(asked, met, self._record))
        except SolrRefused as refused:
            if self._since is None or not _NO_SUCH_FIELD.search(refused.reason):
                raise
            self._since = None
            _log.warning("%s: %s; so everything is fetched", self._endpoint.name, refused.reason)
            yield from self._own(self._walk(self._question(), met, self._record))
        if self._since and self._undated:
            own = self._endpoint
            _log.warning("%s: %d documents have no %s; each run fetches them", own.name, self._undated, own.since_field)

    def _question(self) -> Question:
        own = self._endpoint
        needed = (own.id_field, own.since_field, "_version_")
        fields = ",".join(dict.fromkeys((*own.fields, *needed))) if own.fields else "*"
        filters = own.filter
        if self._since:
            # Those without the field are asked for, too: they could never be seen otherwise.
            dated = f"{own.since_field}:[{self._since} TO *]"
            filters = (*filters, f"{dated} OR (*:* -{own.since_field}:[* TO *])")
        return Question(own.query, filters, fields, own.page_size or _ROWS)

    def _ids(self) -> Generator[Reading, None, bool]:
        """Says of every id that it is there; returns whether all were met."""
        own = self._endpoint
        asked = Question(own.query, own.filter, own.id_field, _ROWS_OF_IDS)
        for _ in range(_TRIES):
            met = Met()
            yield from self._own(self._walk(asked, met, self._here))
            if met.whole:
                return True
            _log.warning("%s: the index changed, or gave wrong pages: %s", own.name, met)
        _log.warning("%s: so nothing can be taken for deleted in this run", own.name)
        return False

    def _walk(
        self, asked: Question, met: Met, read: Callable[[dict[str, Any], str, str], Reading]
    ) -> Iterator[Reading]:
        """What is read from each document of all pages; an id that is not legible is a refusal."""
        number, before = 0, self.total or 0
        for answer in self._pages.of(asked):
            self.total = before + answer.found
            ids: list[str | None] = []
            for text in answer.documents:
                number += 1
                place = f"{self._endpoint.name}:{number}"
                try:
                    document, own_id = self._legible(text)
                except RecordRefused as refused:
                    ids.append(None)
                    yield Refusal(place, str(refused))
                    continue
                ids.append(own_id)
                yield read(document, own_id, place)
            met.page(answer.found, ids)

    def _legible(self, text: bytes | Flaw) -> tuple[dict[str, Any], str]:
        if isinstance(text, Flaw):
            raise RecordRefused(text.reason)
        document = json_object(text)
        if self._endpoint.id_field not in document:
            raise RecordRefused(f"no {self._endpoint.id_field}")
        return document, identifier(document[self._endpoint.id_field])

    def _record(self, document: dict[str, Any], own_id: str, place: str) -> Reading:
        (reading,) = read_document({**document, "id": own_id}, place)
        if isinstance(reading, Record):
            self._note_time(reading)
        return reading

    def _note_time(self, record: Record) -> None:
        times = [instant for text in record.fields.get(self._endpoint.since_field, ()) if (instant := moment(text))]
        if not times:
            self._undated += 1
        self._latest = max([*times, self._latest] if self._latest else times, default=self._latest)

    def _here(self, _: dict[str, Any], own_id: str, __: str) -> Reading:
        return Presence(own_id)
