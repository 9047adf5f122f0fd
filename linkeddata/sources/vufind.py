"""A live VuFind by its REST API (`/api/v1/search`): for sites that give no access to their Solr.

The API gives less than Solr: no text that citations could be mined from, no time of change, no deletions,
and no more pages than the site allows. So every run fetches everything, there is no mark, and a run is
complete only if as many ids were met as there are results.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from linkeddata.errors import RecordRefused, SourceError
from linkeddata.record import Reading, Refusal
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.http import AnswerRefused, Fetcher, NotWhole
from linkeddata.sources.json_object import json_object
from linkeddata.sources.json_values import JsonValues, Unreadable, elements, members
from linkeddata.sources.lines import MAX_DOCUMENT, Flaw
from linkeddata.sources.solr_select import whole_number
from linkeddata.sources.vufind_api import FIELDS, read_api_record
from linkeddata.sources.walk import Met, fetcher_for, owned

_LIMIT: Final = 100  # the most that VuFind gives on one page, unless the site says otherwise
_ALL: Final = "*:*"  # Solr's way to ask for everything; VuFind's is to ask for nothing
#: There in VuFind's own configuration; by relevance, its default, all are equal and pages may overlap.
_ORDER: Final = "title"
_ADVICE: Final = "to have all of it, harvest its Solr index instead (kind solr), or cut it up by filters"
_ACCESS: Final = "the site has to give access to its API (permission access.api.Search in its permissions.ini)"
_log = logging.getLogger(__name__)


def open_vufind(endpoint: Endpoint, since: str | None, *, fetcher: Fetcher | None = None) -> Harvest:
    """A run over everything; nothing is asked before it is iterated. `since` cannot be asked for and is not.

    SourceError where the site gives no access, stops before the end, or answers what is no JSON.
    """
    if since:
        _log.info("%s: VuFind's API cannot tell what has changed; everything is fetched", endpoint.name)
    return _VufindHarvest(endpoint, fetcher or fetcher_for(endpoint))


@dataclass(slots=True)
class _Page:
    """What one answer says: how many results there are, the records of this page, and what went wrong."""

    found: int | None = None
    records: tuple[bytes | Flaw, ...] = ()
    error: str = ""


class _VufindHarvest:
    """The run of `open_vufind`; see `Harvest`."""

    def __init__(self, endpoint: Endpoint, fetcher: Fetcher) -> None:
        self.total: int | None = None
        self.mark: str | None = None
        self.complete = False
        self.shortfall = ""
        self._endpoint = endpoint
        self._fetcher = fetcher
        self._own = owned(endpoint)
        self._url = _search(endpoint.url)

    def __iter__(self) -> Iterator[Reading]:
        _log.warning("%s: VuFind's API gives no text to mine citations from", self._endpoint.name)
        met = Met()
        yield from self._own(self._walk(met))
        self.complete = met.whole
        if not met.whole:
            _log.warning("%s: %s; nothing can be taken for deleted", self._endpoint.name, met)

    def _walk(self, met: Met) -> Iterator[Reading]:
        number, got = 0, 0
        while self.total is None or got < self.total:
            number += 1
            found, records = self._page(number, got)
            self.total = found
            ids: list[str | None] = []
            for at, text in enumerate(records, start=got + 1):
                reading = _reading(text, f"{self._endpoint.name}:{at}")
                ids.append(None if isinstance(reading, Refusal) else reading.id)
                yield reading
            got += len(records)
            met.page(found, ids)
            if not records and got < found:
                raise self._stopped(got, "its next page is empty")

    def _page(self, number: int, got: int) -> tuple[int, tuple[bytes | Flaw, ...]]:
        try:
            page = self._fetcher.read(self._url, self._parameters(number), _read)
        except AnswerRefused as refused:
            if refused.status in (401, 403):
                raise SourceError(f"{refused}; {_ACCESS}") from refused
            if number > 1:
                raise self._stopped(got, str(refused)) from refused
            raise
        if page.error or page.found is None:
            raise self._stopped(got, page.error or "an answer without resultCount")
        return page.found, page.records

    def _stopped(self, got: int, reason: str) -> SourceError:
        where = f"VuFind stops behind record {got} of {self.total}" if got else "VuFind refuses"
        return SourceError(f"{self._endpoint.name}: {where}: {reason}" + (f"; {_ADVICE}" if got else ""))

    def _parameters(self, number: int) -> list[tuple[str, str]]:
        own = self._endpoint
        return [
            ("lookfor", "" if own.query == _ALL else own.query),
            ("type", "AllFields"),
            *(("filter[]", each) for each in own.filter),
            *(("field[]", each) for each in _fields(own)),
            ("sort", _ORDER),
            ("page", str(number)),
            ("limit", str(own.page_size or _LIMIT)),
        ]


def _fields(own: Endpoint) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("id", *own.fields))) if own.fields else FIELDS


def _search(url: str) -> str:
    """The address of the search, from that of the site, of the API or of the search itself."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.endswith("/search"):
        path = f"{path}/search" if path.endswith("/api/v1") else f"{path}/api/v1/search"
    return urlunsplit(parts._replace(path=path))


def _read(body: bytes) -> _Page:
    """The parts of an answer. NotWhole where it is no JSON, or ends too early."""
    values, page = JsonValues(iter([body]), MAX_DOCUMENT), _Page()
    if values.peek() != b"{":
        raise NotWhole(f"not JSON, it begins with {body[:60]!r}")
    try:
        for key in members(values):
            if key == b'"records"' and values.peek() == b"[":
                page.records = tuple(text for _, text in elements(values))
            else:
                _note(page, key, values.value())
    except Unreadable as broken:
        raise NotWhole(f"the answer breaks off or is no JSON: {broken}") from broken
    return page


def _note(page: _Page, key: bytes | Flaw, value: bytes | Flaw) -> None:
    if isinstance(value, Flaw):
        return
    if key == b'"resultCount"':
        page.found = whole_number(value)
    elif key == b'"status"' and value != b'"OK"':
        page.error = page.error or f"status {value.decode(errors='replace')}"
    elif key == b'"statusMessage"':
        page.error = value.decode(errors="replace").strip('"')[:300]


def _reading(text: bytes | Flaw, place: str) -> Reading:
    if isinstance(text, Flaw):
        return Refusal(place, text.reason)
    try:
        record: dict[str, Any] = json_object(text)
    except RecordRefused as refused:
        return Refusal(place, str(refused))
    (reading,) = read_api_record(record, place)
    return reading
