"""What was found: at which door a thing is told differently, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from linkeddata.verify.graphs import Lines

#: So many differing lines of each sort are told; all are counted.
TOLD: Final = 5
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """A door of a thing (by its URI) that says something else: what is wrong, lines that it lacks, and
    lines that it has too many."""

    thing: str
    door: str
    problem: str
    missing: Lines = frozenset()
    surplus: Lines = frozenset()

    def lines(self) -> Iterator[str]:
        """The fault in words, the first of the lines among them."""
        yield f"{self.thing} {self.door}: {self.problem}"
        for sign, found in (("-", self.missing), ("+", self.surplus)):
            yield from (f"  {sign} {line[:_LONGEST]}" for line in _first(found))
            if len(found) > TOLD:
                yield f"  {sign} … and {len(found) - TOLD} more"

    def as_json(self) -> dict[str, object]:
        return {
            "thing": self.thing, "door": self.door, "problem": self.problem,
            "missing": len(self.missing), "surplus": len(self.surplus),
            "first_missing": _first(self.missing), "first_surplus": _first(self.surplus),
        }  # fmt: skip


def _first(found: Lines) -> list[str]:
    """Some of the lines; those without blank nodes first, as the labels of these say nothing."""
    return sorted(found, key=lambda line: ("_:" in line, line))[:TOLD]


def differs(thing: str, door: str, wanted: Lines, found: Lines) -> Iterator[Fault]:
    """A fault where the lines are not the same."""
    if wanted != found:
        missing, surplus = wanted - found, found - wanted
        problem = f"{len(missing)} statements missing, {len(surplus)} too many"
        yield Fault(thing, door, problem, missing, surplus)


@dataclass
class Report:
    """What a run verified: things, documents (a long one has several), doors asked, statements compared."""

    things: int = 0
    documents: int = 0
    doors: int = 0
    statements: int = 0
    faults: list[Fault] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The report in words."""
        for fault in self.faults:
            yield from fault.lines()
        verdict = f"{len(self.faults)} faults" if self.faults else "every door says the same"
        yield (
            f"verified {self.things} things in {self.documents} documents, {self.doors} answers, "
            f"{self.statements} statements: {verdict}"
        )

    def as_json(self) -> dict[str, object]:
        """The report for programs."""
        return {
            "things": self.things, "documents": self.documents, "doors": self.doors,
            "statements": self.statements, "faults": [fault.as_json() for fault in self.faults],
        }  # fmt: skip
