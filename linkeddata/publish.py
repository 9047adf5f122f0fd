"""The whole life of a record: read, translated, entered, issued; or refused with its reason.

`publish` makes an edition of what a source yields, `preview` translates and stores nothing.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from time import monotonic, sleep
from typing import TypeAlias

import orjson

from linkeddata.catalogue import Catalogue, Draft, Said, Source, Translation, translation
from linkeddata.crosswalk import MINING_VERSION, Crosswalk, Mapping, profile_with, vocabulary_statements
from linkeddata.documents import document_writer
from linkeddata.errors import RecordRefused
from linkeddata.record import Deletion, Presence, Reading, Record, Refusal, standing
from linkeddata.report import Report
from linkeddata.vocabulary.uris import Uris

_BATCH = 200
#: So many batches per process wait for the writer; more would only fill memory.
_AHEAD = 3
_LOOK_SECONDS = 0.5

Outcome: TypeAlias = Translation | Deletion | Presence | Refusal
Progress: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Site:
    """What the statements depend on beside the record and the tables."""

    base_uri: str
    title: str = ""
    licence: str = ""
    mines: bool = True
    #: The file of the operator's own mapping; empty where there is none.
    overrides: str = ""

    #: Names of sources; of records with one id, that of the source named first is published.
    sources: tuple[str, ...] = ()
    #: Who publishes and whom to ask, for the dataset's description.
    publisher: str = ""
    contact: str = ""
    #: Names of the dumps that are written; that of all statements always is.
    dumps: tuple[str, ...] = ()

    @property
    def uris(self) -> Uris:
        return Uris(self.base_uri)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What came of a batch of readings, in their order."""

    outcomes: list[Outcome]
    values_refused: Counter[tuple[str, str]]
    fields: Counter[tuple[str, str]]


def publish(
    readings: Iterable[Reading],
    catalogue: Catalogue,
    site: Site,
    *,
    processes: int | None = None,
    rebase: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Make a whole new edition of what a source yields, and serve it.

    `processes` is how many translate at once (as many as there are processors, unless said);
    `progress` is told how many readings are done. What cannot be published is in the report. When
    the source breaks (SourceError) or anything else fails, what is served stays as it was.
    """
    profile = _crosswalk(site).profile
    report = Report(mapping=profile.version)
    with catalogue.begin(site.uris, rebase=rebase) as draft:
        start = monotonic()
        for batch in _translated(readings, site, processes or os.cpu_count() or 1):
            _enter(draft, batch, report)
            progress(report.read)
        report.seconds["translated"] = monotonic() - start
        report.published = draft.records()
        if report.published:
            facts, vocabulary = {**_facts(site), "version": profile.version}, vocabulary_statements(site.uris, profile)
            known = draft.issue(
                facts, vocabulary, catalogue.current_folder(), document=document_writer(site.uris, site.dumps)
            )
            report.edition, report.statements = draft.number, int(known["statements"])
        report.seconds |= draft.seconds
    return report


def remap(
    catalogue: Catalogue, site: Site, *, processes: int | None = None, progress: Progress = lambda _: None
) -> Report:
    """A new edition from the source documents that are kept, by the mapping as it is now; nothing is fetched.

    NothingPublished where there is no edition. Records that were refused were not kept.
    """
    kept = (_restored(document, place) for document, place in catalogue.current().sources())
    return publish(kept, catalogue, site, processes=processes, progress=progress)


def rehearse(
    readings: Iterable[Reading],
    site: Site,
    *,
    processes: int | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """What `publish` would report, without writing anything; versions of one record are not told apart."""
    report = Report(rehearsed=True, mapping=_crosswalk(site).profile.version)
    for batch in _translated(readings, site, processes or os.cpu_count() or 1):
        _count(batch, report)
        report.published += sum(isinstance(outcome, Translation) for outcome in batch.outcomes)
        progress(report.read)
    return report


def preview(readings: Iterable[Reading], site: Site) -> Iterator[tuple[Record, Mapping] | Refusal]:
    """Translate what a source yields and store nothing; deletions say nothing here."""
    crosswalk = _crosswalk(site)
    for reading in readings:
        if isinstance(reading, Refusal):
            yield reading
        elif isinstance(reading, Record):
            try:
                yield reading, crosswalk(reading)
            except RecordRefused as reason:
                yield Refusal(reading.place, str(reason), reading.id)


def _facts(site: Site) -> dict[str, str]:
    """What the dataset's description says of the site."""
    return {"title": site.title, "licence": site.licence, "publisher": site.publisher, "contact": site.contact}


def _count(batch: _Batch, report: Report) -> None:
    report.read += len(batch.outcomes)
    report.values_refused.update(batch.values_refused)
    report.fields.update(batch.fields)
    report.deletions += sum(isinstance(outcome, Deletion) for outcome in batch.outcomes)
    report.refused += [outcome for outcome in batch.outcomes if isinstance(outcome, Refusal)]


def _enter(draft: Draft, batch: _Batch, report: Report) -> None:
    _count(batch, report)
    for outcome in batch.outcomes:
        if isinstance(outcome, Translation):
            if older := draft.put(outcome):
                report.superseded.append(
                    Refusal(older.place, "of this id a newer record, or an equal one, is published", older.id)
                )
        elif isinstance(outcome, Deletion):
            report.withdrawn += draft.withdraw(outcome.id)


def _translated(readings: Iterable[Reading], site: Site, processes: int) -> Iterator[_Batch]:
    """Batches in the source's order, translated by several processes when there is more than one."""
    source = iter(readings)
    batches: Iterator[list[Reading]] = iter(lambda: list(islice(source, _BATCH)), [])
    head = list(islice(batches, 2))
    if len(head) < 2 or processes < 2:
        yield from (_translate(site, batch) for batch in _chained(head, batches))
        return
    # Started fresh, never forked: the parent may hold an open store.
    fresh = get_context("spawn")
    with ProcessPoolExecutor(processes, fresh, initializer=_end_with, initargs=(os.getpid(),)) as pool:
        yield from _in_order(pool, site, _chained(head, batches), ahead=processes * _AHEAD)


def _end_with(parent: int) -> None:
    """Let this process end soon after its parent has, in whatever way that ended: a pool's own would wait for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            sleep(_LOOK_SECONDS)
        os._exit(1)

    # Ctrl-C reaches every process of a terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def _chained(head: list[list[Reading]], rest: Iterator[list[Reading]]) -> Iterator[list[Reading]]:
    yield from head
    yield from rest


def _in_order(pool: Executor, site: Site, batches: Iterator[list[Reading]], *, ahead: int) -> Iterator[_Batch]:
    waiting: deque[Future[_Batch]] = deque()
    for batch in batches:
        waiting.append(pool.submit(_translate, site, batch))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _translate(site: Site, readings: list[Reading]) -> _Batch:
    """The work of one process: translate a batch. No record's fault leaves this function as an exception."""
    crosswalk = _crosswalk(site)
    batch = _Batch([], Counter(), Counter())
    for reading in readings:
        if not isinstance(reading, Record):
            batch.outcomes.append(reading)
            continue
        try:
            mapping = crosswalk(reading)
        except RecordRefused as reason:
            batch.outcomes.append(Refusal(reading.place, str(reason), reading.id))
            continue
        said = Said(mapping.statements, mapping.owned, mapping.mined, _clues(mapping))
        made = translation(site.uris, reading.id, said, _source(reading, site))
        batch.outcomes.append(made)
        batch.values_refused.update((note.field, note.reason) for note in mapping.notes)
        batch.fields.update((name, crosswalk.fate(name)) for name in reading.fields)
    return batch


def _clues(mapping: Mapping) -> bytes:
    """What was mined and from which text, as the record's page tells it."""
    if not mapping.mined:
        return b""
    return orjson.dumps({"version": MINING_VERSION, "pieces": mapping.pieces})


@lru_cache(maxsize=1)
def _crosswalk(site: Site) -> Crosswalk:
    return Crosswalk(site.uris, profile_with(site.overrides), site.licence, mines=site.mines)


def _source(record: Record, site: Site) -> Source:
    """The record as canonical text, and its standing among records of the same id."""
    ranks = {name: rank for rank, name in enumerate(reversed(site.sources), start=1)}
    return Source(_canonical(record), f"{standing(record, ranks.get(record.source, 0))} ", record.place)


def _restored(document: bytes, place: str) -> Record:
    """The record that `_canonical` wrote."""
    found = json.loads(document)
    return Record(found["id"], found["fields"], found["datestamp"], place, found["source"])


def _canonical(record: Record) -> bytes:
    document = {
        "datestamp": record.datestamp, "fields": dict(record.fields), "id": record.id, "source": record.source,
    }  # fmt: skip
    try:
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # A lone surrogate, which JSON can only hold escaped.
        return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
