"""The application profile: reads the tables in `ontologies/` and refuses a wrong line, naming it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from rdflib import URIRef

from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import COAR, REL, expand

_RULE_LINE = re.compile(r"\s*\{\s*from\b")
_KEYS: dict[str, type | tuple[type, ...]] = {
    "from": (str, list), "property": str, "as": str, "max": int, "scheme": str, "tagged": bool,
    "when": str, "unless": str, "documents": bool, "strip": str, "first": bool,
}  # fmt: skip
_OPTIONS = ("scheme", "tagged", "when", "unless", "documents", "strip", "first")
_WHEN = (None, "repository", "catalogue")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the crosswalk; what its columns mean is said at the head of `crosswalk.toml`."""

    fields: tuple[str, ...]
    predicate: URIRef
    read_as: str
    most: int | None = None
    scheme: str = ""
    tagged: bool = False
    when: str | None = None
    unless: str | None = None
    documents: bool = False
    strip: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """A field that says something of the one institution or building of a record."""

    field: str
    of: str
    predicate: URIRef
    scheme: str


@dataclass(frozen=True, slots=True)
class Format:
    """What a value of the field `format` makes of a record."""

    types: tuple[URIRef, ...]
    scholarly: tuple[URIRef, ...]
    edited: URIRef | None
    coar: URIRef | None
    carrier: bool


@dataclass(frozen=True, slots=True)
class Role:
    """The property for a role, the class it may stand on (None: any), and the MARC relator."""

    predicate: URIRef | None
    only_on: URIRef | None
    relator: URIRef


@dataclass(frozen=True, slots=True)
class Language:
    """A language's URI and the tag for texts in it (None: no tag)."""

    uri: URIRef
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
    file = folder / "crosswalk.toml"
    table, lines = _toml(file), _rule_lines(file)
    known, rules = frozenset(read_as), {}
    for part in ("record", "document", "source"):
        rows = table.get(part, [])
        rules[part] = tuple(_rule(row, known, f"{file.name}:{next(lines, '?')}") for row in rows)
    return Profile(
        version=str(table["version"]),
        latest_year=int(table["latest_year"]),
        repositories=frozenset(map(str.lower, table["repositories"])),
        about=tuple(_about(row, file.name) for row in table.get("about", [])),
        ignored={name: reason for reason, names in table.get("ignored", {}).items() for name in names},
        formats={name.casefold(): _format(row, name) for name, row in _toml(folder / "formats.toml").items()},
        roles=_roles(_toml(folder / "roles.toml")),
        languages=_languages(_toml(folder / "languages.toml")),
        **rules,
    )


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise ConfigurationError(f"{file.name}: {problem}") from problem


def _rule_lines(file: Path) -> Iterator[int]:
    """The numbers of the lines that hold a rule each: the TOML reader does not keep them."""
    lines = file.read_text("utf-8").splitlines()
    return iter([number for number, text in enumerate(lines, start=1) if _RULE_LINE.match(text)])


def _rule(row: dict[str, Any], known: frozenset[str], place: str) -> Rule:
    for key, value in row.items():
        if key not in _KEYS:
            raise ConfigurationError(f"{place}: unknown column {key!r}; known are {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise ConfigurationError(f"{place}: {key} = {value!r} is of the wrong kind")
    for key in ("from", "property", "as"):
        if key not in row:
            raise ConfigurationError(f"{place}: the column {key!r} is missing")
    if row["as"] not in known:
        raise ConfigurationError(
            f"{place}: no way to read a value as {row['as']!r}; known are {', '.join(sorted(known))}"
        )
    if row.get("when") not in _WHEN:
        raise ConfigurationError(f"{place}: when = {row['when']!r} is neither 'repository' nor 'catalogue'")
    fields = (row["from"],) if isinstance(row["from"], str) else tuple(row["from"])
    return Rule(
        fields,
        _term(row["property"], place),
        row["as"],
        most=row.get("max"),
        **{
            key: row[key] for key in ("scheme", "tagged", "when", "unless", "documents", "strip", "first") if key in row
        },
    )


@lru_cache
def _term(curie: str, place: str) -> URIRef:
    try:
        return expand(curie)
    except KeyError as unknown:
        raise ConfigurationError(f"{place}: unknown prefix {unknown} in {curie!r}") from unknown


def _about(row: dict[str, Any], place: str) -> About:
    return About(row["from"], row["of"], _term(row["property"], place), row["scheme"])


def _format(row: dict[str, Any], name: str) -> Format:
    def terms(key: str) -> tuple[URIRef, ...]:
        return tuple(_term(curie, f"formats.toml, {name!r}") for curie in row.get(key, ()))

    types = terms("types")
    edited = _term(row["edited"], name) if "edited" in row else None
    coar = URIRef(COAR + row["coar"]) if "coar" in row else None
    return Format(types, terms("scholarly") or types, edited, coar, bool(row.get("carrier")))


def _roles(table: dict[str, Any]) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for code, row in table.items():
        predicate, only_on = (_term(row[key], "roles.toml") if key in row else None for key in ("property", "only_on"))
        for word in (code, *row.get("also", ())):
            found[word.casefold()] = Role(predicate, only_on, URIRef(REL + code))
    return found


def _languages(table: dict[str, Any]) -> dict[str, Language]:
    found: dict[str, Language] = {}
    for code, row in table.items():
        language = Language(URIRef(f"http://id.loc.gov/vocabulary/iso639-2/{code}"), row["tag"] or None)
        for word in (code, *row["also"]):
            found.setdefault(word.casefold(), language)
    return found
