"""Readings to what is entered of them: translated by several processes at once, in the order in which they came.

Nothing here writes; what comes of a batch is handed on as packed pieces.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from multiprocessing import get_context
from time import sleep
from typing import TypeAlias

import orjson

from linkeddata import __version__
from linkeddata.catalogue import Said, Source, Translation, digest, translation
from linkeddata.crosswalk import MINING_VERSION, Crosswalk, Mapping, Profile, profile_with
from linkeddata.errors import RecordRefused, TranslatorLost
from linkeddata.record import Deletion, Presence, Reading, Record, Refusal, standing
from linkeddata.vocabulary.uris import Uris

_BATCH = 200
#: A batch ends before, where its values have so many characters: two hundred full texts would fill any memory.
_HEAVY = 1 << 22
#: So many batches per process wait for the writer, or so many characters in all; more would only fill memory.
_AHEAD = 3
_HEAVY_AHEAD = 1 << 26
_LOOK_SECONDS = 0.5

Outcome: TypeAlias = Translation | Deletion | Presence | Refusal
Progress: TypeAlias = Callable[[int, int | None], None]


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

    @property
    def said(self) -> dict[str, str]:
        """What the dataset's description says of the site."""
        return {"title": self.title, "licence": self.licence, "publisher": self.publisher, "contact": self.contact}

    @property
    def profile(self) -> Profile:
        return crosswalk(self).profile

    @property
    def mapping(self) -> str:
        """Everything that a record's statements and its standing depend on but the record itself: when this
        changes, all records are translated again."""
        mining = MINING_VERSION if self.mines else ""
        return f"{__version__} {self.profile.version} mining:{mining} {self.licence} sources:{' '.join(self.sources)}"


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a batch of readings, in their order."""

    outcomes: list[Outcome]
    values_refused: Counter[tuple[str, str]]
    fields: Counter[tuple[str, str]]
    mined: Counter[str]


def translated(readings: Iterable[Reading], site: Site, processes: int | None = None) -> Iterator[Batch]:
    """Batches in the source's order, translated by several processes (as many as there are processors, unless
    said) when there is more than one batch. TranslatorLost where one of them is ended from outside."""
    processes = processes or os.cpu_count() or 1
    batches = _batches(readings)
    head = list(islice(batches, 2))
    if len(head) < 2 or processes < 2:
        yield from (_translate(site, batch) for batch in _chained(head, batches))
        return
    # Started fresh, never forked: the parent may hold an open store.
    fresh = get_context("spawn")
    with _told_when_lost(), ProcessPoolExecutor(processes, fresh, _end_with, (os.getpid(),)) as pool:
        yield from _in_order(pool, site, _chained(head, batches), ahead=processes * _AHEAD)


@contextmanager
def _told_when_lost() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as lost:
        raise TranslatorLost(
            "a process that translates was ended from outside, perhaps for want of memory; "
            "fewer need less (setting mapping.processes)"
        ) from lost


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


def _batches(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    batch, weight = list[Reading](), 0
    for reading in readings:
        batch.append(reading)
        weight += _weight(reading)
        if len(batch) == _BATCH or weight > _HEAVY:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _weight(reading: Reading) -> int:
    """The characters of its values."""
    return sum(map(len, chain.from_iterable(reading.fields.values()))) if isinstance(reading, Record) else 0


def _in_order(pool: Executor, site: Site, batches: Iterator[list[Reading]], *, ahead: int) -> Iterator[Batch]:
    waiting: deque[tuple[Future[Batch], int]] = deque()
    weight = 0
    for batch in batches:
        heavy = sum(map(_weight, batch))
        weight += heavy
        waiting.append((pool.submit(_translate_sent, site, _sent(batch)), heavy))
        while len(waiting) > ahead or weight > _HEAVY_AHEAD:
            future, heavy = waiting.popleft()
            weight -= heavy
            yield future.result()
    while waiting:
        yield waiting.popleft()[0].result()


def _sent(readings: list[Reading]) -> bytes | list[Reading]:
    """A batch as another process is sent it: records alone as JSON, which costs a tenth of pickling them."""
    if all(isinstance(reading, Record) for reading in readings):
        with suppress(TypeError):  # half a surrogate pair
            return orjson.dumps(readings)
    return readings


def _translate_sent(site: Site, sent: bytes | list[Reading]) -> Batch:
    return _translate(site, [Record(**each) for each in orjson.loads(sent)] if isinstance(sent, bytes) else sent)


def _translate(site: Site, readings: list[Reading]) -> Batch:
    """The work of one process: translate a batch. No record's fault leaves this function as an exception."""
    translate = crosswalk(site)
    batch = Batch([], Counter(), Counter(), Counter())
    for reading in readings:
        if not isinstance(reading, Record):
            batch.outcomes.append(reading)
            continue
        try:
            mapping = translate(reading)
        except RecordRefused as reason:
            batch.outcomes.append(Refusal(reading.place, str(reason), reading.id, reading.source))
            continue
        said = Said(mapping.statements, mapping.owned, mapping.mined, _clues(mapping))
        batch.outcomes.append(translation(site.uris, reading.id, said, _source_of(reading, site)))
        origins = (mapping.origins[statement] for statement in mapping.mined)
        batch.mined.update(origin.place for origin in origins if origin.field)
        batch.values_refused.update((note.field, note.reason) for note in mapping.notes)
        batch.fields.update((name, translate.fate(name)) for name in reading.fields)
    return batch


def _clues(mapping: Mapping) -> bytes:
    """What was mined and from which text, as the record's page tells it."""
    if not mapping.mined:
        return b""
    return orjson.dumps({"version": MINING_VERSION, "pieces": mapping.pieces})


@lru_cache(maxsize=1)
def crosswalk(site: Site) -> Crosswalk:
    """The crosswalk of a site, made once in each process."""
    return Crosswalk(site.uris, profile_with(site.overrides), site.licence, mines=site.mines)


def _source_of(record: Record, site: Site) -> Source:
    """The record as canonical text, and its standing among records of the same id."""
    ranks = {name: rank for rank, name in enumerate(reversed(site.sources), start=1)}
    return Source(_canonical(record), standing(record, ranks.get(record.source, 0)), record.place, record.source)


def document_hash(record: Record) -> bytes:
    """The hash of the document that is kept of a record, by which an unchanged one is known."""
    return digest(_canonical(record))


def restored(document: bytes, place: str) -> Record:
    """The record that a `Source` was made of."""
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
