"""What the tasks of a job do with records: map those of a partition, and choose among those of an id. No Spark here;
a task is given an iterator and gives one."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Final, TypeAlias
from zlib import crc32

from linkeddata.catalogue import Translation
from linkeddata.mapped import (
    LOST,
    SERVED,
    STANDS_BACK,
    WITHDRAWN,
    Kept,
    Listed,
    Settled,
    Version,
    frame,
    read_frames,
    withdrawal_frame,
)
from linkeddata.mapped.choosing import Event, Order
from linkeddata.record import Deletion, Presence, Reading, Refusal
from linkeddata.report import Report
from linkeddata.sources import read_line
from linkeddata.spark.lines import Before, Line, Row, numbered
from linkeddata.spark.ordering import quads_of
from linkeddata.spark.writing import Written
from linkeddata.translate import Batch, Site, translated
from linkeddata.vocabulary.uris import Uris

#: Events of an id come together and in the order in which they were read; what has no id has an empty one.
Key: TypeAlias = tuple[str, Order]
Keyed: TypeAlias = tuple[Key, Event | Report]
Refused: TypeAlias = tuple[Order, Refusal]

#: Of some records one statement in so many is looked at to find ranges of equal size, but no more than so many in all.
_LINES, _MOST = 7, 600
_LONGEST: Final = 200


def partition_of(key: Key, partitions: int) -> int:
    """Where an id's events meet, the same in every process."""
    identifier, (file, line, _) = key
    return crc32((identifier or f"{file}:{line}").encode("utf-8", "surrogatepass")) % partitions


def mapped(rows: Iterable[Row], before: Before, site: Site) -> Iterator[Keyed]:
    """What is to be entered of the lines of a partition, and a report of the mapping at the end."""
    orders, report = deque[Order](), Report()
    readings = _noted(numbered(rows, before), orders)
    for batch in translated(readings, site, 1):
        yield from _keyed(batch, orders)
        report.count(batch.outcomes, batch.values_refused, batch.fields, batch.mined)
    # They come by themselves, with their order.
    report.refused.clear()
    yield ("", ("", 0, 0)), report


def _noted(lines: Iterable[Line], orders: deque[Order]) -> Iterator[Reading]:
    """The readings of lines; where each stood is noted."""
    for line in lines:
        for each, reading in enumerate(read_line(line.text, f"{line.file}:{line.number}")):
            orders.append((line.file, line.number, each))
            yield replace(reading, source=line.source) if line.source else reading


def _keyed(batch: Batch, orders: deque[Order]) -> Iterator[Keyed]:
    for outcome in batch.outcomes:
        order = orders.popleft()
        if isinstance(outcome, Translation):
            yield (outcome.id, order), _version(outcome, order, frame(outcome))
        elif not isinstance(outcome, Presence):
            yield (outcome.id or "", order), outcome


def _version(record: Translation, order: Order, framed: bytes, *, earlier: bool = False) -> Version:
    return Version(order, record.source, record.age, record.source_hash, record.place, framed, earlier)


def carried_over(kept: Iterable[Kept]) -> Iterator[Keyed]:
    """What an earlier job left of each id, before all that this one reads."""
    for number, each in enumerate(kept):
        order, outcome = ("", 0, number), each.outcome
        event = outcome if isinstance(outcome, Deletion) else _version(outcome, order, each.frame, earlier=True)
        yield (outcome.id, order), event


@dataclass(slots=True)
class Chosen:
    """What came of the ids of a partition: the file with its records, how many are published, what the report is made
    of, and what some of them say: one in `every` so many was `seen`, their size, and lines of theirs."""

    file: Listed | None = None
    records: int = 0
    seen: int = 0
    seen_size: int = 0
    every: int = 1
    sample: list[bytes] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    losers: list[Refused] = field(default_factory=list)

    def settle(self, identifier: str, events: Iterable[Keyed], written: Written, uris: Uris) -> None:
        """Choose among the versions of an id, and write what is kept of it."""
        settled = Settled.of(self._passing(events))
        self.losers += [
            (order, Refusal(version.place, LOST, identifier, version.source)) for order, version in settled.losers
        ]
        served = settled.served
        for version in sorted(settled.kept.values(), key=lambda version: version.source):
            written.write((SERVED if version is served else STANDS_BACK) + version.frame)
        if served is None and settled.successor:
            written.write(WITHDRAWN + withdrawal_frame(identifier, settled.successor))
        self.records += served is not None
        if served and self.records % self.every == 0:
            self._look_at(served, uris)

    def note(self, events: Iterable[Keyed]) -> None:
        """What has no id: refusals, and reports."""
        deque(self._passing(events), maxlen=0)

    def _passing(self, events: Iterable[Keyed]) -> Iterator[Event]:
        """What can be chosen from; the rest is noted on the way."""
        for (_, order), event in events:
            if isinstance(event, Refusal):
                self.refused.append((order, event))
            if isinstance(event, Report):
                self.reports.append(event)
            else:
                yield event

    def _look_at(self, version: Version, uris: Uris) -> None:
        """Let a record stand for others of which it is not seen what they say."""
        [kept] = read_frames(io.BytesIO(SERVED + version.frame), version.place)
        if isinstance(kept.outcome, Translation):
            lines = quads_of(kept.outcome, uris)
            self.seen += 1
            self.seen_size += sum(map(len, lines))
            self.sample += map(_bound, lines[self.records % _LINES :: _LINES])
            if len(self.sample) > _MOST:
                # Thinned evenly: the ids come in order, and so do what they say.
                del self.sample[::2]
                self.every *= 2

    @property
    def size(self) -> int:
        """About as many bytes as all records say."""
        return self.seen_size * self.records // max(self.seen, 1)


def _bound(line: bytes) -> bytes:
    """A line as the beginning of a range, in which no character is cut in two."""
    return line[:_LONGEST].decode("utf-8", "ignore").encode()


def chosen(events: Iterable[Keyed], file: Path, uris: Uris) -> Chosen:
    """Choose among the versions of the ids of a partition, whose events come in order, and write those into a file."""
    done = Chosen()
    with Written(file) as written:
        for identifier, group in groupby(events, key=lambda event: event[0][0]):
            if identifier:
                done.settle(identifier, group, written, uris)
            else:
                done.note(group)
    done.file = written.listed(done.records)
    return done
