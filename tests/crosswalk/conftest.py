"""Records translated for the tests: one made of the fields a test names, or all real and all nasty ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import Literal, URIRef
from rdflib.term import Node

from linkeddata.crosswalk import Crosswalk, Mapping, profile_with
from linkeddata.errors import RecordRefused
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.vocabulary.terms import expand, shorten
from linkeddata.vocabulary.uris import Uris

BASE = "https://data.example.org/"


class Told:
    """What a record came to; called with a property it gives the values in short form.

    `told("dcterms:issued")` gives `["2017^^xsd:gYear"]`, a text in English ends in `@en`, a URI of ours
    is given from behind the base, one of a vocabulary by its prefixed name.
    """

    def __init__(self, mapping: Mapping, subject: URIRef) -> None:
        self.triples = mapping.triples
        self.statements = mapping.statements
        self.subject = subject
        self.document = URIRef(subject.replace("/id/", "/doc/", 1))
        self.notes = [(note.field, note.value) for note in mapping.notes]

    def __call__(self, predicate: str, subject: str | None = None) -> list[str]:
        about = URIRef(BASE + subject) if subject else self.subject
        named = URIRef(predicate) if predicate.startswith("http") else expand(predicate)
        return [_short(value) for by, what, value in self.triples if by == about and what == named]

    def of_document(self, predicate: str) -> list[str]:
        return self(predicate, self.document.removeprefix(BASE))

    def of_source(self, predicate: str) -> list[str]:
        return self(predicate, f"{self.document.removeprefix(BASE)}#source")

    def all_of(self, predicate: str) -> list[tuple[str, str]]:
        """Subject and value of every statement with a property."""
        return [(_short(by), _short(value)) for by, what, value in self.triples if what == expand(predicate)]


def _short(term: Node) -> str:
    if isinstance(term, Literal):
        ending = f"@{term.language}" if term.language else f"^^{shorten(term.datatype)}" if term.datatype else ""
        return f"{term}{ending}"
    return str(term).removeprefix(BASE) if str(term).startswith(BASE) else shorten(str(term)) or str(term)


def record_of(**fields: Any) -> Record:
    """A record `r1` titled "T" with these fields, a text standing for a list of one."""
    whole = {"id": "r1", "title": "T", **fields}
    lists = {name: [value] if isinstance(value, str) else value for name, value in whole.items()}
    return Record(lists["id"][0], {name: values for name, values in lists.items() if values})


@pytest.fixture(scope="session")
def crosswalk() -> Crosswalk:
    return Crosswalk(Uris(BASE))


@pytest.fixture(scope="session")
def tell(crosswalk: Crosswalk) -> Callable[..., Told]:
    """Translates a record made of the fields given."""

    return lambda **fields: _told(crosswalk, fields)


@pytest.fixture(scope="session")
def tell_by() -> Callable[..., Told]:
    """Translates such a record by the mapping with a file of one's own over it, whose path comes first."""
    return lambda overrides, **fields: _told(Crosswalk(Uris(BASE), profile_with(overrides)), fields)


def _told(crosswalk: Crosswalk, fields: dict[str, Any]) -> Told:
    record = record_of(**fields)
    return Told(crosswalk(record), URIRef(crosswalk.uris.record(record.id)))


@pytest.fixture(scope="session")
def translated(shared: Path, crosswalk: Crosswalk) -> list[tuple[Record, Mapping]]:
    """Every record of the development files and of the nasty ones that is not refused, with its mapping."""
    return list(_translated(shared / "data", crosswalk))


def _translated(data: Path, crosswalk: Crosswalk) -> Iterator[tuple[Record, Mapping]]:
    for name in ("dev.jsonl.gz", "dev_extended.jsonl.gz", "nasty.jsonl"):
        for reading in open_source(str(data / name)):
            if isinstance(reading, Record):
                try:
                    yield reading, crosswalk(reading)
                except RecordRefused:
                    continue
