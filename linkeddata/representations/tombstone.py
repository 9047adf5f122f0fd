"""What is said of a thing whose record was withdrawn: to people as a page, to programs as statements.

The catalogue entry went, not the publication that it described. So the document carries the time
(`prov:invalidatedAtTime`), and the thing only what it was called, that its URI should be used no
longer (`owl:deprecated`, OWL 2 section 5.5) and what took its place (`dcterms:isReplacedBy`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from linkeddata.representations.parts import Data, Text, date_text
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import literal_token, uri_token
from linkeddata.vocabulary.terms import DCTERMS, FOAF, OWL, PROV, RDF, XSD
from linkeddata.vocabulary.uris import RECORD, Name, Uris
from linkeddata.wording import ENGLISH, Wording


@dataclass(frozen=True, slots=True)
class Departure:
    """A record that is gone: its id, its title, when it was withdrawn (ISO 8601), and the id of its successor."""

    id: str
    title: str
    withdrawn: str
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class TombstonePage:
    """The page of a thing that is gone; `replaced` leads to the successor of its record."""

    uri: str
    id: str
    title: str
    withdrawn: Text
    is_record: bool
    replaced: Text | None
    data: Data


def tombstone_page(gone: Departure, name: Name, *, uris: Uris, data: Data, words: Wording = ENGLISH) -> TombstonePage:
    """The page of a withdrawn record, or of a thing that came with it."""
    heir = gone.successor
    replaced = Text(heir, href=uris.local(uris.record(heir))) if heir else None
    return TombstonePage(
        uris.thing(name), gone.id, gone.title, date_text(gone.withdrawn, words), name.kind == RECORD, replaced, data
    )


def tombstone_statements(gone: Departure, name: Name, *, uris: Uris) -> bytes:
    """What is said of a thing that is gone, as canonical N-Triples.

    Of an agent that came with a record only its own document's end is told, and that of the record.
    """
    said = list(_told(gone, Name(RECORD, gone.id), uris))
    if name.kind != RECORD:
        said = [*_ended(gone, name, uris), *said]
    return ntriples.text((uri_token(s), uri_token(p), value) for s, p, value in said).encode()


_Said: TypeAlias = tuple[str, str, str]


def _told(gone: Departure, record: Name, uris: Uris) -> list[_Said]:
    """The record: its title and identifier, its successor, and the end of its document."""
    thing = uris.thing(record)
    titled = [(thing, str(DCTERMS.title), literal_token(gone.title))] if gone.title else []
    heir = [(thing, str(DCTERMS.isReplacedBy), uri_token(uris.record(gone.successor)))] if gone.successor else []
    return [(thing, str(DCTERMS.identifier), literal_token(gone.id)), *titled, *heir, *_ended(gone, record, uris)]


def _ended(gone: Departure, name: Name, uris: Uris) -> list[_Said]:
    """The end of a thing's document."""
    thing, document = uris.thing(name), uris.document(name)
    precise = XSD.dateTime if "T" in gone.withdrawn else XSD.date
    moment = literal_token(gone.withdrawn, datatype=uri_token(precise))
    return [
        (thing, str(OWL.deprecated), literal_token("true", datatype=uri_token(XSD.boolean))),
        (thing, str(FOAF.isPrimaryTopicOf), uri_token(document)),
        (document, str(RDF.type), uri_token(FOAF.Document)),
        (document, str(RDF.type), uri_token(PROV.Entity)),
        (document, str(FOAF.primaryTopic), uri_token(thing)),
        (document, str(PROV.invalidatedAtTime), moment),
    ]
