"""The application profile: what the tables say, ready for use. `assembly` puts it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from linkeddata.vocabulary.ntriples import Token


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the crosswalk; what its columns mean is said at the head of `crosswalk.toml`."""

    fields: tuple[str, ...]
    predicate: Token
    read_as: str
    most: int | None = None
    scheme: str = ""
    tagged: bool = False
    when: str | None = None
    unless: Token | None = None
    documents: bool = False
    strip: str = ""
    first: bool = False
    value: Token | None = None
    place: str = ""

    @property
    def key(self) -> tuple[str, Token]:
        """What makes two lines lines about the same: the first field, and the property."""
        return self.fields[0], self.predicate


@dataclass(frozen=True, slots=True)
class About:
    """A field that says something of the one institution or building of a record."""

    field: str
    of: str
    predicate: Token
    scheme: str
    place: str = ""

    @property
    def key(self) -> tuple[str, Token]:
        return self.field, self.predicate


@dataclass(frozen=True, slots=True)
class Format:
    """What a value of the field `format` makes of a record."""

    types: tuple[Token, ...]
    scholarly: tuple[Token, ...]
    edited: Token | None
    coar: Token | None
    carrier: bool


@dataclass(frozen=True, slots=True)
class Role:
    """The property for a role, the class it may stand on (None: any), and the MARC relator."""

    predicate: Token | None
    only_on: Token | None
    relator: Token


@dataclass(frozen=True, slots=True)
class Language:
    """A language's URI and the tag for texts in it (None: no tag)."""

    uri: Token
    tag: str | None


@dataclass(frozen=True)
class Profile:
    """The tables, ready for use; look-ups by a source's word are case-folded.

    `orcids` says of a field with names which field holds their ORCID iDs.
    """

    version: str
    latest_year: int
    repositories: frozenset[str]
    record: tuple[Rule, ...]
    document: tuple[Rule, ...]
    source: tuple[Rule, ...]
    about: tuple[About, ...]
    ignored: Mapping[str, str]
    orcids: Mapping[str, str]
    formats: Mapping[str, Format] = field(repr=False)
    roles: Mapping[str, Role] = field(repr=False)
    languages: Mapping[str, Language] = field(repr=False)

    def known_fields(self) -> set[str]:
        """The source fields that some line reads."""
        rules = (*self.record, *self.document, *self.source)
        named = {about.field for about in self.about}.union(self.orcids.values())
        return named.union(name for rule in rules for name in rule.fields)

    def why_ignored(self, name: str) -> str | None:
        """The reason for which a field is left out on purpose; None for an unknown one."""
        return next((reason for pattern, reason in self.ignored.items() if fnmatchcase(name, pattern)), None)
