"""The sheet on which one record is translated: what is stated so far, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple, TypeAlias

from linkeddata.crosswalk.profile import Profile
from linkeddata.crosswalk.text import is_absent, label
from linkeddata.record import Record
from linkeddata.vocabulary.ntriples import Statement, Token, literal_token, uri_token
from linkeddata.vocabulary.terms import BIBO, RDF, SKOS
from linkeddata.vocabulary.uris import Uris

#: What is said of one thing, which is the subject of all.
Statements: TypeAlias = tuple[Statement, ...]

A: Final = uri_token(RDF.type)
CONCEPT: Final = uri_token(SKOS.Concept)
PREF_LABEL: Final = uri_token(SKOS.prefLabel)
IN_SCHEME: Final = uri_token(SKOS.inScheme)
#: Classes that BIBO counts as collections: no author list, volume, edition or page on them.
COLLECTIONS: Final = frozenset(
    uri_token(BIBO[name])
    for name in ("Collection", "Journal", "Periodical", "Newspaper", "Magazine", "Website", "Series")
)


class Origin(NamedTuple):
    """Where a statement came from: the field and value it was read from, and the line of the tables that reads it.

    Empty field: what is stated of every record. Empty value: the field as a whole.
    """

    field: str
    value: str
    place: str


#: Makes an origin of its three texts in a tuple: at half the cost of naming them, which each value of a record has.
origin_of: Callable[[tuple[str, str, str]], Origin] = partial(tuple.__new__, Origin)
OF_EVERY_RECORD: Final = Origin("", "", "stated of every record")


@dataclass(frozen=True, slots=True)
class Note:
    """A value that was not stated: of which field, and why."""

    field: str
    value: str
    reason: str


class Sheet:
    """What one record comes to. Statements keep their order, stand once, and know what they first came from."""

    __slots__ = (
        "agents", "classes", "document", "editors", "fields", "is_repository", "notes",
        "now", "own", "own_agents", "profile", "record", "source", "statements",
        "subject", "tag", "uris",
    )  # fmt: skip

    def __init__(self, record: Record, uris: Uris, profile: Profile) -> None:
        self.record = record
        self.fields = record.fields
        self.uris = uris
        self.profile = profile
        self.subject = uri_token(uris.record(record.id))
        self.document = uri_token(uris.entry(record.id))
        self.source = f"{self.document[:-1]}#source>"
        #: What the record's own agents begin with; a key and a bracket follow.
        self.own_agents = uri_token(uris.agents(record.id))[:-1]
        #: The record's own things (`Uris.owner_test`), to which agents and list cells come.
        self.own: set[Token] = {self.subject, self.document, self.source}
        self.statements: dict[Statement, Origin] = {}
        self.now = OF_EVERY_RECORD
        self.notes: list[Note] = []
        self.classes: frozenset[str] = frozenset()
        self.tag: str | None = None
        self.agents: dict[str, Token] = {}
        self.editors: list[Token] = []
        kind = self.first("recordtype") or self.first("record_format")
        self.is_repository = (kind or "").lower() in profile.repositories

    def state(self, subject: Token, predicate: Token, value: Token) -> None:
        self.statements.setdefault((subject, predicate, value), self.now)

    def say(self, predicate: Token, value: Token) -> None:
        """A statement about the record itself."""
        self.statements.setdefault((self.subject, predicate, value), self.now)

    def refuse(self, field: str, value: str, reason: str) -> None:
        self.notes.append(Note(field, value[:200], reason))

    def values(self, field: str) -> list[str]:
        """The values of a field that say anything, as the source has them."""
        values = self.fields.get(field)
        return [value for value in values if not is_absent(value)] if values else []

    def has(self, field: str) -> bool:
        """Whether a field says anything."""
        return self.chosen_field((field,)) != ""

    def chosen_field(self, fields: Sequence[str]) -> str:
        """The first of several fields that has values; empty where none has."""
        for name in fields:
            for value in self.fields.get(name, ()):
                if not is_absent(value):
                    return name
        return ""

    def chosen(self, fields: Sequence[str]) -> tuple[str, list[str]]:
        """The first of several fields that has values, and its values, each once; empty where none has."""
        for name in fields:
            values = self.fields.get(name, ())
            if len(values) == 1:  # as most have
                if not is_absent(values[0]):
                    return name, [values[0]]
            elif found := [value for value in values if not is_absent(value)]:
                return name, list(dict.fromkeys(found))
        return "", []

    def values_of(self, fields: Sequence[str]) -> list[str]:
        """The values of the first of several fields that has any, each once."""
        return self.chosen(fields)[1]

    def first(self, field: str) -> str | None:
        """The first value of a field as one line of clean text."""
        for value in self.fields.get(field, ()):
            if not is_absent(value):
                return label(value)
        return None

    def concept(self, scheme: str, text: str) -> Token:
        """A concept, named and labelled by its text, with its statements."""
        return self.take(_concept(self.uris, scheme, text))

    def take(self, statements: Statements) -> Token:
        """Take over statements about one thing; gives the thing."""
        stated, now = self.statements, self.now
        kept: tuple[Any, ...] = statements  # which the compiler passes on as they are: tuples of three it makes anew
        for statement in kept:
            stated.setdefault(statement, now)
        return statements[0][0]

    @property
    def is_collection(self) -> bool:
        """Whether BIBO counts the record as a collection, such as a journal or a website."""
        return not self.classes.isdisjoint(COLLECTIONS)


@lru_cache(maxsize=32768)
def _concept(uris: Uris, scheme: str, text: str) -> Statements:
    """What is said of a concept; kept, because subjects return in record after record."""
    uri = uri_token(uris.concept(scheme, text))
    return (uri, A, CONCEPT), (uri, PREF_LABEL, literal_token(text)), (uri, IN_SCHEME, uri_token(uris.scheme(scheme)))
