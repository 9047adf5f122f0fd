"""What sources bring, read and translated by several processes at once, in the order in which it came.

Nothing here writes; what comes of a batch is handed on as packed pieces.
"""

from __future__ import annotations

import json
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain, islice
from pickle import PickleBuffer
from typing import TypeAlias
from uuid import uuid4

import orjson

from linkeddata import __version__
from linkeddata.catalogue import HASHES, Filling, Said, Source, Translation, digest, translation
from linkeddata.crosswalk import MINING_VERSION, Crosswalk, Mapping, Profile, profile_with
from linkeddata.errors import RecordRefused
from linkeddata.ordered_pool import OrderedPool
from linkeddata.record import Brought, Deletion, Presence, Record, Refusal, Unread, readings_of, standing
from linkeddata.vocabulary.uris import Uris

_BATCH = 200
#: A batch ends before, where its values weigh so much: two hundred full texts would fill any memory.
_HEAVY = 1 << 22
#: What a value weighs beside its characters, for it comes to several statements.
_PER_VALUE = 64
#: So many batches per process wait for the writer, or so much weight in all; more would only fill memory.
_AHEAD = 3
_HEAVY_AHEAD = 1 << 26

Outcome: TypeAlias = Translation | Deletion | Presence | Refusal
#: What was brought, and what it weighs.
_Weighed: TypeAlias = tuple[list[Brought], int]
_Sent: TypeAlias = bytes | list[Brought]


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
        ours = f"{__version__} {self.profile.version} mining:{mining} hashes:{HASHES}"
        return f"{ours} {self.licence} sources:{' '.join(self.sources)}"


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a batch of readings, in their order."""

    outcomes: list[Outcome]
    values_refused: Counter[tuple[str, str]]
    fields: Counter[tuple[str, str]]
    mined: Counter[str]
    #: What all its records say, as N-Quads, where a new store is to be filled.
    quads: bytes = b""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled with the quads beside it: nobody looks at them between here and the store."""
        counted = (self.values_refused, self.fields, self.mined)
        return Batch, (self.outcomes, *counted, PickleBuffer(self.quads))


def translated(
    brought: Iterable[Brought], site: Site, processes: int | None = None, *, fills: bool = False
) -> Iterator[Batch]:
    """Batches in the source's order, translated by several processes (as many as there are processors, unless
    said) when there is more than one batch; with quads where they are to fill (`fills`) a new store.

    TranslatorLost where one of them is ended from outside."""
    processes = processes or os.cpu_count() or 1
    run = uuid4().hex if fills else ""
    batches = _batches(brought)
    head = list(islice(batches, 2))
    if len(head) < 2 or processes < 2:
        yield from (_translate(site, run, batch) for batch, _ in _chained(head, batches))
        return
    with OrderedPool(partial(_translate_sent, site, run), processes) as pool:
        yield from _in_order(pool, _chained(head, batches), ahead=processes * _AHEAD)


def _chained(head: list[_Weighed], rest: Iterator[_Weighed]) -> Iterator[_Weighed]:
    yield from head
    yield from rest


def _batches(brought: Iterable[Brought]) -> Iterator[_Weighed]:
    batch, weight = list[Brought](), 0
    for each in brought:
        batch.append(each)
        weight += _weight(each)
        if len(batch) == _BATCH or weight > _HEAVY:
            yield batch, weight
            batch, weight = [], 0
    if batch:
        yield batch, weight


def _weight(brought: Brought) -> int:
    """What its values weigh, in characters."""
    if isinstance(brought, Unread):
        # A comma stands between one value and the next, whatever else stands there.
        return len(brought.text) + _PER_VALUE * brought.text.count(b",")
    if not isinstance(brought, Record):
        return 0
    fields = brought.fields.values()
    return sum(map(len, chain.from_iterable(fields))) + _PER_VALUE * sum(map(len, fields))


def _in_order(pool: OrderedPool[_Sent, Batch], batches: Iterator[_Weighed], *, ahead: int) -> Iterator[Batch]:
    weights = deque[int]()
    for batch, weight in batches:
        pool.give(_sent(batch))
        weights.append(weight)
        while len(weights) > ahead or sum(weights) > _HEAVY_AHEAD:
            weights.popleft()
            yield pool.take()
    while weights:
        weights.popleft()
        yield pool.take()


def _sent(batch: list[Brought]) -> _Sent:
    """A batch as another process is sent it: records alone as JSON, which costs a tenth of pickling them."""
    if all(isinstance(each, Record) for each in batch):
        with suppress(TypeError):  # half a surrogate pair
            return orjson.dumps(batch)
    return batch


def _translate_sent(site: Site, run: str, sent: _Sent) -> Batch:
    return _translate(site, run, [Record(**each) for each in orjson.loads(sent)] if isinstance(sent, bytes) else sent)


def _why(reason: Exception) -> str:
    """Why a record is refused: what is wrong with it, or else what nobody foresaw."""
    if isinstance(reason, RecordRefused):
        return str(reason)
    return f"an unforeseen fault of the mapping, please report it ({type(reason).__name__}: {reason})"


def _translate(site: Site, run: str, brought: list[Brought]) -> Batch:
    """The work of one process: translate a batch. No record's fault leaves this function as an exception."""
    translate = crosswalk(site)
    filling = _filling(run, site.uris) if run else None
    batch, names = Batch([], Counter(), Counter(), Counter()), list[str]()
    refused, mined = list[tuple[str, str]](), list[str]()
    for reading in readings_of(brought):
        if not isinstance(reading, Record):
            batch.outcomes.append(reading)
            continue
        try:
            mapping = translate(reading)
        except Exception as reason:  # noqa: BLE001 - a fault of ours costs the record that shows it, and no other
            batch.outcomes.append(Refusal(reading.place, _why(reason), reading.id, reading.source))
            continue
        said = Said(mapping.statements, mapping.owned, mapping.mined, _clues(mapping))
        batch.outcomes.append(translation(site.uris, reading.id, said, _source_of(reading, site), filling))
        origins = [mapping.origins[statement] for statement in mapping.mined]
        mined += [origin.place for origin in origins if origin.field]
        refused += [(note.field, note.reason) for note in mapping.notes]
        names += reading.fields
    batch.mined.update(mined)
    batch.values_refused.update(refused)
    batch.fields.update({(name, translate.fate(name)): count for name, count in Counter(names).items()})
    return replace(batch, quads=filling.take()) if filling else batch


@lru_cache(maxsize=1)
def _filling(_run: str, uris: Uris) -> Filling:
    """What a process adds quads to throughout a run, which remembers the lines that it gave already."""
    return Filling(uris)


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


def reread(document: bytes, place: str) -> tuple[Record]:
    """All that the document of a `Source` says, as `Unread` has it read."""
    return (restored(document, place),)


def _canonical(record: Record) -> bytes:
    document = {
        "datestamp": record.datestamp, "fields": dict(record.fields), "id": record.id, "source": record.source,
    }  # fmt: skip
    try:
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # A lone surrogate, which JSON can only hold escaped.
        return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
