"""Live OAI-PMH: what a repository holds, or what has changed in it since a time.

The protocol is OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html). A list comes to
its end or the run breaks off with a `SourceError`: an answer cut short, a token that is lost or leads in a
circle, fewer records than the repository said are never taken for all there is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from linkeddata.errors import SourceError
from linkeddata.record import Reading
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.http import AnswerRefused, Fetcher, NotWhole
from linkeddata.sources.oai_answer import OaiAnswer, read_answer
from linkeddata.sources.oai_list import Progress, Window
from linkeddata.sources.refusal import plain
from linkeddata.sources.walk import fetcher_for, owned
from linkeddata.sources.xml import XmlBroken, XmlCut

MAX_PAGE: Final = 64 * 1024 * 1024  # bytes of one answer, unpacked
_SECONDS: Final = "YYYY-MM-DDThh:mm:ssZ"
_BY_SECONDS: Final = "%Y-%m-%dT%H:%M:%SZ"
_OLDEST: Final = 1900  # a year; a clock that says less is not set
# Repositories stamp a record when they begin to save it, and list it when they have done (and by the
# clock of another machine); what is met twice changes nothing.
_OVERLAP: Final = timedelta(minutes=15)
_OVERLAP_OF_DAYS: Final = timedelta(days=1)

_log = logging.getLogger(__name__)


def open_oai_pmh(endpoint: Endpoint, since: str | None, *, fetcher: Fetcher | None = None) -> Harvest:
    """A run over all records, or those that have changed since a time (ISO 8601, UTC).

    A time that is none is a `SourceError`, a pattern for ids that is none a `ConfigurationError`, both at once;
    whatever the repository does wrong is a `SourceError` from the iteration.
    """
    asking = fetcher or fetcher_for(endpoint, MAX_PAGE)
    moment = _moment(since) if since else None
    if since and moment is None:
        raise SourceError(f"{endpoint.name}: not a time to harvest from: {since!r}")
    return _OaiHarvest(endpoint, moment, asking)


@dataclass(frozen=True, slots=True)
class _Repository:
    """What Identify says; without a word on deletions none are kept, without one on times they are days."""

    date: datetime | None
    by_seconds: bool
    keeps_deletions: bool

    def from_(self, moment: datetime | None) -> str:
        """In the granularity of the repository: a finer one is an error to it (OAI-PMH 2.0, 3.3.1)."""
        return moment.strftime(_BY_SECONDS if self.by_seconds else "%Y-%m-%d") if moment else ""

    @property
    def mark(self) -> str | None:
        """Where the next run begins; nowhere, that is with everything, if the repository told no time."""
        if self.date is None:
            return None
        if self.by_seconds:
            return (self.date - _OVERLAP).strftime(_BY_SECONDS)
        return (self.date - _OVERLAP_OF_DAYS).strftime("%Y-%m-%dT00:00:00Z")


class _TokenLost(Exception):
    """The repository does not know its own resumption token any more."""


class _OaiHarvest:
    """The harvest of a repository; see `Harvest`.

    `complete` is True after a whole list of the records, and also where changes were asked for of a repository that
    does not keep its deletions for ever: then a list of all identifiers follows, each a `Presence`.
    A record whose id cannot be read, or a list shorter than it might be, leaves it False.
    """

    def __init__(self, endpoint: Endpoint, since: datetime | None, fetcher: Fetcher) -> None:
        self.total: int | None = None
        self.mark: str | None = None
        self.complete = False
        self.shortfall = ""
        self._endpoint, self._since, self._fetcher = endpoint, since, fetcher
        self._own = owned(endpoint)
        self._given = 0
        self._certain = True  # as yet nothing was met that could hide a record

    def __iter__(self) -> Iterator[Reading]:
        repository = self._identify()
        for window in self._windows(repository):
            for reading in self._window(window):
                self._given += 1
                self._certain &= reading.id is not None
                yield reading
        self.mark = repository.mark
        self.complete = self._certain and not (self._since and repository.keeps_deletions)

    def _identify(self) -> _Repository:
        with self._at("Identify"):
            answer = self._answer([("verb", "Identify")], "Identify")
            self._refuse(answer)
        date = _moment(answer.date)
        if date is None:
            _log.warning("%s: no time of response (%r): the next run will begin anew", self._endpoint.name, answer.date)
        granularity, deletions = (answer.texts.get(name, [""])[0] for name in ("granularity", "deletedRecord"))
        return _Repository(date, granularity == _SECONDS, deletions == "persistent")

    def _windows(self, repository: _Repository) -> Iterator[Window]:
        prefix, sets = self._endpoint.metadata_prefix, self._endpoint.sets or ("",)
        since = repository.from_(self._since)
        yield from (Window("ListRecords", prefix, each, since) for each in sets)
        if since and not repository.keeps_deletions:
            yield from (Window("ListIdentifiers", prefix, each) for each in sets)

    def _window(self, window: Window) -> Iterator[Reading]:
        """The window once more, where the repository forgets its token: records met twice do no harm."""
        try:
            yield from self._pages(window)
        except _TokenLost as lost:
            _log.warning("%s: %s; the list is asked for anew", self._endpoint.name, lost)
            try:
                yield from self._pages(window)
            except _TokenLost as again:
                raise SourceError(f"{self._endpoint.name}: {again}, also after a new beginning") from again

    def _pages(self, window: Window) -> Iterator[Reading]:
        before, progress, token = self._given, Progress(), ""
        while token or not progress.pages:
            answer = self._page(window, progress, token)
            if progress.size is not None:
                self.total = before + progress.size
            yield from self._own(iter(answer.readings))
            token = answer.token
        with self._at(f"{window}page {progress.pages}"):
            progress.end()
        if progress.short:
            _log.warning("%s: %sfewer than were estimated: %d", self._endpoint.name, window, progress.got)
            self._certain = False

    def _page(self, window: Window, progress: Progress, token: str) -> OaiAnswer:
        place = f"{window}page {progress.pages + 1}"
        with self._at(place):
            answer = self._answer(window.question(token), place)
            if token and "badResumptionToken" in answer.codes:
                raise _TokenLost(f"{place}: {_told(answer)}")
            self._refuse(answer)
            progress.add(answer)
        return answer

    def _answer(self, question: list[tuple[str, str]], place: str) -> OaiAnswer:
        verb = question[0][1]

        def read(body: bytes) -> OaiAnswer:
            try:
                return read_answer(body, verb, f"{self._endpoint.name}: {place}")
            except XmlCut as cut:
                raise NotWhole(f"the XML ends too early, at line {cut.line}: {cut}") from cut
            except XmlBroken as broken:
                raise SourceError(f"not well-formed XML at line {broken.line}: {broken}") from broken

        try:
            return self._fetcher.read(self._endpoint.url, question, read)
        except AnswerRefused as refused:
            return _error_within(refused, verb)

    def _refuse(self, answer: OaiAnswer) -> None:
        """A `SourceError`, if the answer is an error, but for the one that only means: none."""
        if not answer.codes <= {"noRecordsMatch"}:
            known = self._formats() if "cannotDisseminateFormat" in answer.codes else ""
            raise SourceError(f"the answer is an error, {_told(answer)}{known}")

    def _formats(self) -> str:
        answer = self._answer([("verb", "ListMetadataFormats")], "ListMetadataFormats")
        known = ", ".join(answer.texts.get("metadataPrefix", [])) or "none"
        return f"; {self._endpoint.metadata_prefix!r} was asked for, there is {plain(known)}"

    @contextmanager
    def _at(self, place: str) -> Iterator[None]:
        try:
            yield
        except SourceError as error:
            raise SourceError(f"{self._endpoint.name}: {place}: {error}") from error


def _error_within(refused: AnswerRefused, verb: str) -> OaiAnswer:
    """The protocol's error that came with a status of HTTP's, as Invenio sends it (422); else the refusal stands."""
    try:
        answer = read_answer(refused.body, verb, "")
    except (XmlBroken, SourceError):
        raise refused from None
    if not answer.errors:
        raise refused
    return answer


def _told(answer: OaiAnswer) -> str:
    return "; ".join(f"{plain(code)}: {plain(text)}" for code, text in answer.errors)


def _moment(text: str) -> datetime | None:
    """A date or a time of ISO 8601; without a zone it is UTC, which is the only one that the protocol has.

    >>> _moment("2026-01-31"), _moment("soon")
    (datetime.datetime(2026, 1, 31, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _OLDEST else None
