"""The check of what would be, or is, published, on one screen: records in, a report of faults out.

Records are checked in batches, so that memory stays bounded however many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from linkeddata.catalogue import Edition
from linkeddata.crosswalk import Mapping
from linkeddata.crosswalk.shapes import BATCH, Fault, check_rules, check_shapes, need_shapes
from linkeddata.record import Record, Refusal, encodable
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token, uri_token
from linkeddata.vocabulary.terms import SKOS, shorten
from linkeddata.vocabulary.uris import RECORD, Name

#: Of each rule so many faults are told in full; all are counted.
TOLD = 100
_SHOWN = 20
_IN_SCHEME = uri_token(SKOS.inScheme)

Progress: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Told:
    """What is checked: a record's statements. `id` is None for statements that no record makes."""

    id: str | None
    statements: list[Statement]


@dataclass(frozen=True, slots=True)
class Found:
    """A fault, and the record (one of them, for a thing that several share) in which it was found."""

    record: str | None
    fault: Fault

    def __str__(self) -> str:
        path = shorten(self.fault.path) or self.fault.path
        value = f" {self.fault.value[:60]!r}" if self.fault.value else ""
        return f"{self.record or self.fault.focus}: {path}{value}: {self.fault.message} <{self.fault.focus}>"

    def as_json(self) -> dict[str, str | None]:
        fault = self.fault
        return {
            "record": self.record, "focus": fault.focus, "path": fault.path, "value": fault.value,
            "message": fault.message, "severity": fault.severity, "rule": fault.rule,
        }  # fmt: skip


@dataclass
class CheckReport:
    """What a check found. `rules` counts all faults, `found` holds the first ones of each rule."""

    shapes: bool
    records: int = 0
    statements: int = 0
    refused: list[Refusal] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)

    def add(self, found: Found) -> None:
        self.rules[found.fault.rule] += 1
        if self.rules[found.fault.rule] <= TOLD:
            self.found.append(found)

    def lines(self) -> Iterator[str]:
        """The report in words; of the faults the first twenty."""
        yield f"checked {self.records} records, {self.statements} statements; refused {len(self.refused)}"
        yield from (f"refused: {refusal}" for refusal in self.refused[:_SHOWN])
        if not self.shapes:
            yield "the shapes were not checked"
        if not self.rules:
            yield "no faults"
            return
        yield f"{self.rules.total()} faults:"
        yield from (f"  {count:6} {rule}" for rule, count in self.rules.most_common())
        yield "the first of them:"
        yield from (f"  {found}" for found in self.found[:_SHOWN])

    def as_json(self) -> dict[str, object]:
        """The report for programs."""
        refused = [
            {"place": encodable(one.place), "id": one.id, "reason": encodable(one.reason)} for one in self.refused
        ]
        return {
            "records": self.records, "statements": self.statements, "shapes": self.shapes, "refused": refused,
            "rules": dict(self.rules.most_common()), "faults": [found.as_json() for found in self.found],
        }  # fmt: skip


def check(told: Iterable[Told | Refusal], *, shapes: bool = True, progress: Progress = lambda _: None) -> CheckReport:
    """Check what is told, record by record; with `shapes` ConfigurationError where pyshacl is not installed."""
    if shapes:
        need_shapes()
    report = CheckReport(shapes)
    for batch in _batches(_accepted(told, report)):
        report.records += sum(one.id is not None for one in batch)
        report.statements += sum(len(one.statements) for one in batch)
        for found in _found(batch, shapes=shapes):
            report.add(found)
        progress(report.records)
    return report


def translated(outcomes: Iterable[tuple[Record, Mapping] | Refusal]) -> Iterator[Told | Refusal]:
    """What a preview gives, to be checked."""
    for outcome in outcomes:
        yield outcome if isinstance(outcome, Refusal) else Told(outcome[0].id, outcome[1].statements)


def published(edition: Edition, limit: int | None = None) -> Iterator[Told]:
    """What an edition holds, to be checked: the kept statements of its records (the first `limit`), which
    are all that is said of shared things too, and those of the concept schemes that they name."""
    schemes: dict[Token, None] = {}
    for identifier in islice(edition.ids(), limit):
        told = _described(edition, Name(RECORD, identifier))
        schemes.update((value, None) for _, predicate, value in told if predicate == _IN_SCHEME)
        yield Told(identifier, told)
    names = [(scheme, edition.uris.name(scheme[1:-1])) for scheme in schemes]
    about = [(scheme, said) for scheme, name in names if name for said in _described(edition, name)]
    yield Told(None, [said for scheme, said in about if said[0] == scheme])


def _described(edition: Edition, name: Name) -> list[Statement]:
    found = edition.describe(name)
    return ntriples.read(found.statements.decode()) if found else []


def _accepted(told: Iterable[Told | Refusal], report: CheckReport) -> Iterator[Told]:
    for one in told:
        if isinstance(one, Refusal):
            report.refused.append(one)
        else:
            yield one


def _batches(told: Iterable[Told]) -> Iterator[list[Told]]:
    """Batches in which no id comes twice: two versions of a record are two, not one with two titles."""
    batch: dict[str | None, Told] = {}
    for one in told:
        if len(batch) == BATCH or one.id in batch:
            yield list(batch.values())
            batch = {}
        batch[one.id] = one
    if batch:
        yield list(batch.values())


def _found(batch: list[Told], *, shapes: bool) -> Iterator[Found]:
    for one in batch:
        yield from (Found(one.id, fault) for fault in check_rules(one.statements))
    if shapes:
        faults = check_shapes(one.statements for one in batch)
        owners = _owners(batch) if faults else {}
        yield from (Found(owners.get(uri_token(fault.focus)), fault) for fault in faults)


def _owners(batch: list[Told]) -> dict[Token, str | None]:
    """For each node the first record that says anything of it, or else that points to it."""
    subjects = ((subject, one.id) for one in batch for subject, _, _ in one.statements)
    objects = ((value, one.id) for one in batch for _, _, value in one.statements)
    owners: dict[Token, str | None] = {}
    for node, identifier in (*subjects, *objects):
        owners.setdefault(node, identifier)
    return owners
