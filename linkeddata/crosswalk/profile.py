"""The application profile: reads the tables in `ontologies/` and refuses a wrong line, naming it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

from linkeddata.crosswalk.tables import (
    COUNT,
    FLAG,
    LISTS,
    NAMES,
    ROWS,
    TABLE,
    TEXT,
    TEXTS,
    Kind,
    Table,
    check,
    read_table,
    term,
)
from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.terms import COAR, REL

T = TypeVar("T")

_RULES = ("record", "document", "source")
_PARTS = {
    "version": TEXT, "latest_year": COUNT, "repositories": TEXTS, "record": ROWS, "document": ROWS, "source": ROWS,
    "about": ROWS, "ignored": LISTS,
}  # fmt: skip
_RULE_COLUMNS = {
    "from": NAMES, "property": TEXT, "as": TEXT, "max": COUNT, "scheme": TEXT, "tagged": FLAG, "when": TEXT,
    "unless": TEXT, "documents": FLAG, "strip": TEXT, "first": FLAG,
}  # fmt: skip
_ABOUT_COLUMNS = {"from": TEXT, "of": TEXT, "property": TEXT, "scheme": TEXT}
_FORMAT_COLUMNS = {"types": TEXTS, "scholarly": TEXTS, "edited": TEXT, "coar": TEXT, "carrier": FLAG}
_ROLE_COLUMNS = {"property": TEXT, "only_on": TEXT, "also": TEXTS}
_LANGUAGE_COLUMNS = {"tag": TEXT, "also": TEXTS}
#: Columns that no row of a table that has them may lack.
_NEEDED = frozenset({"types", "tag"})
_OPTIONS = ("scheme", "tagged", "when", "documents", "strip", "first")
_WHEN = (None, "repository", "catalogue")
_NEED_SCHEME = ("concept", "subjects")


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
    place: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """A field that says something of the one institution or building of a record."""

    field: str
    of: str
    predicate: Token
    scheme: str
    place: str = ""


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
    """The tables, ready for use; look-ups by a source's word are case-folded."""

    version: str
    latest_year: int
    repositories: frozenset[str]
    record: tuple[Rule, ...]
    document: tuple[Rule, ...]
    source: tuple[Rule, ...]
    about: tuple[About, ...]
    ignored: Mapping[str, str]
    formats: Mapping[str, Format] = field(repr=False)
    roles: Mapping[str, Role] = field(repr=False)
    languages: Mapping[str, Language] = field(repr=False)

    def known_fields(self) -> frozenset[str]:
        """The source fields that some line reads."""
        rules = (*self.record, *self.document, *self.source)
        return frozenset(name for rule in rules for name in rule.fields) | {about.field for about in self.about}

    def why_ignored(self, name: str) -> str | None:
        """The reason for which a field is left out on purpose; None for an unknown one."""
        return next((reason for pattern, reason in self.ignored.items() if fnmatchcase(name, pattern)), None)


def load_profile(read_as: Iterable[str], folder: Path | None = None) -> Profile:
    """The profile in `ontologies/` (or another folder with the same files).

    `read_as` are the ways of reading a value that the crosswalk knows. ConfigurationError names the
    file, the line and what is wrong with it.
    """
    folder = folder or ontology.folder()
    table, known = read_table(folder / "crosswalk.toml"), frozenset(read_as)
    for key, value in table.content.items():
        check({key: value}, _PARTS, (), table.place_of(key))
    check(table.content, _PARTS, ("version", "latest_year", "repositories", *_RULES), table.name)
    record, document, source = (tuple(_rule(*row, known) for row in table.rows(part)) for part in _RULES)
    return Profile(
        version=table.content["version"],
        latest_year=table.content["latest_year"],
        repositories=frozenset(map(str.lower, table.content["repositories"])),
        record=record,
        document=document,
        source=source,
        about=tuple(_about(*row) for row in table.rows("about")),
        ignored={name: reason for reason, names in table.content.get("ignored", {}).items() for name in names},
        formats=_by_word(read_table(folder / "formats.toml"), _FORMAT_COLUMNS, _format),
        roles=_by_word(read_table(folder / "roles.toml"), _ROLE_COLUMNS, _role),
        languages=_by_word(read_table(folder / "languages.toml"), _LANGUAGE_COLUMNS, _language),
    )


def _rule(row: Mapping[str, Any], place: str, known: frozenset[str]) -> Rule:
    check(row, _RULE_COLUMNS, ("from", "property", "as"), place)
    if row["as"] not in known:
        ways = ", ".join(sorted(known))
        raise ConfigurationError(f"{place}: no way to read a value as {row['as']!r}; known are {ways}")
    if row["as"] in _NEED_SCHEME and not row.get("scheme"):
        raise ConfigurationError(f"{place}: the column 'scheme' is missing, which {row['as']!r} needs")
    if row.get("when") not in _WHEN:
        raise ConfigurationError(f"{place}: when = {row['when']!r} is neither 'repository' nor 'catalogue'")
    return Rule(
        fields=(row["from"],) if isinstance(row["from"], str) else tuple(row["from"]),
        predicate=term(row["property"], place),
        read_as=row["as"],
        most=row.get("max"),
        unless=_maybe_term(row, "unless", place),
        place=place,
        **{key: row[key] for key in _OPTIONS if key in row},
    )


def _about(row: Mapping[str, Any], place: str) -> About:
    check(row, _ABOUT_COLUMNS, _ABOUT_COLUMNS, place)
    return About(row["from"], row["of"], term(row["property"], place), row["scheme"], place)


def _by_word(
    table: Table, columns: Mapping[str, Kind], build: Callable[[str, Mapping[str, Any], str], T]
) -> dict[str, T]:
    """What each row of a table makes of its name and of the words in `also`; a word is taken once."""
    found: dict[str, T] = {}
    for key, row in table.content.items():
        place = table.place_of(key)
        check({key: row}, {key: TABLE}, (), place)
        check(row, columns, _NEEDED & columns.keys(), place)
        built = build(key, row, place)
        for word in {each.casefold() for each in (key, *row.get("also", ()))}:
            if word in found:
                raise ConfigurationError(f"{place}: {word!r} stands for another row already")
            found[word] = built
    return found


def _format(_: str, row: Mapping[str, Any], place: str) -> Format:
    types, scholarly = (tuple(term(curie, place) for curie in row.get(key, ())) for key in ("types", "scholarly"))
    coar = uri_token(COAR + row["coar"]) if "coar" in row else None
    return Format(types, scholarly or types, _maybe_term(row, "edited", place), coar, row.get("carrier", False))


def _role(code: str, row: Mapping[str, Any], place: str) -> Role:
    return Role(_maybe_term(row, "property", place), _maybe_term(row, "only_on", place), uri_token(REL + code))


def _language(code: str, row: Mapping[str, Any], _: str) -> Language:
    return Language(uri_token(f"http://id.loc.gov/vocabulary/iso639-2/{code}"), row["tag"] or None)


def _maybe_term(row: Mapping[str, Any], key: str, place: str) -> Token | None:
    return term(row[key], place) if key in row else None
