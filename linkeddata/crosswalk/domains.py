"""The table of domains and ranges in `ontologies/`, ready for use: facts from the ontologies we publish in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from linkeddata.crosswalk.tables import TABLE, TEXT, TEXTS, Table, check, read_table, term
from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.terms import OWL, PREFIXES, RDFS, expand

_FILE = "domains.toml"
_PARTS = ("subclasses", "equivalents", "disjoint", "taken", "properties")
_COLUMNS = {"domain": TEXTS, "range": TEXTS, "includes": TEXTS, "value": TEXT}
#: What a column `value` may say.
VALUES = ("uri", "plain", "text", "date", "moment", "wkt")
#: Classes that everything has; to ask for one is to ask for nothing.
_EVERYTHING = frozenset({uri_token(OWL.Thing), uri_token(RDFS.Resource), uri_token(RDFS.Literal)})


@dataclass(frozen=True, slots=True)
class Property:
    """Where a property may stand and what it may point to; an empty set of classes allows all."""

    domain: frozenset[Token]
    range: frozenset[Token]
    includes: frozenset[Token]
    value: str


@dataclass(frozen=True)
class Domains:
    """The table. `above` gives of each class itself and all that are over it, `disjoint` pairs of classes."""

    properties: Mapping[Token, Property]
    families: Mapping[str, Property]
    above: Mapping[Token, frozenset[Token]]
    classes: frozenset[Token]
    disjoint: tuple[tuple[Token, Token], ...]

    def property(self, predicate: Token) -> Property | None:
        """What is known of a property; None where nothing is."""
        found = self.properties.get(predicate)
        if found is None:
            found = next((one for start, one in self.families.items() if predicate.startswith(start)), None)
        return found

    def over(self, classes: Iterable[Token]) -> frozenset[Token]:
        """These classes and all that are over them."""
        return frozenset().union(*(self.above.get(each, (each,)) for each in classes))


@lru_cache(maxsize=1)
def bundled_domains() -> Domains:
    """The table of `ontologies/`, read once."""
    return load_domains(ontology.path(_FILE))


def load_domains(file: Path) -> Domains:
    """The table in a file; ConfigurationError names the line and what is wrong with it."""
    table = read_table(file)
    check(table.content, dict.fromkeys(_PARTS, TABLE), _PARTS, table.name)
    known = dict(_properties(table))
    parents = _parents(table)
    return Domains(
        properties={uri_token(name): one for name, one in known.items() if not name.endswith("*")},
        families={f"<{name[:-1]}": one for name, one in known.items() if name.endswith("*")},
        above={each: _above(each, parents) for each in parents},
        classes=frozenset(_classes(table, "subclasses")),
        disjoint=tuple((each, other) for each, others in _classes(table, "disjoint").items() for other in others),
    )


def _properties(table: Table) -> Iterable[tuple[str, Property]]:
    for prefix, rows in table.content["properties"].items():
        if prefix not in PREFIXES:
            raise ConfigurationError(f"{table.name}: unknown prefix {prefix!r}")
        for local, row in rows.items():
            yield str(expand(f"{prefix}:{local}")), _property(row, table.place_of(local))


def _property(row: Mapping[str, Any], place: str) -> Property:
    check(row, _COLUMNS, ("value",), place)
    if row["value"] not in VALUES:
        raise ConfigurationError(f"{place}: value = {row['value']!r} is none of {', '.join(VALUES)}")
    domain, range_, includes = (_asked(row.get(key, ()), place) for key in ("domain", "range", "includes"))
    return Property(domain, range_, includes, row["value"])


def _asked(curies: Iterable[str], place: str) -> frozenset[Token]:
    classes = frozenset(term(curie, place) for curie in curies)
    return frozenset() if classes & _EVERYTHING else classes


def _classes(table: Table, part: str) -> dict[Token, list[Token]]:
    """Classes with those of their row."""
    rows = table.content[part].items()
    return {
        term(name, table.place_of(name)): [term(each, table.place_of(name)) for each in _listed(others)]
        for name, others in rows
    }


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _parents(table: Table) -> dict[Token, set[Token]]:
    """The classes directly over each class; of two equivalent classes each is over the other."""
    found: dict[Token, set[Token]] = {}
    for part in ("subclasses", "equivalents", "taken"):
        for each, others in _classes(table, part).items():
            found.setdefault(each, set()).update(others)
    for each, others in _classes(table, "equivalents").items():
        for other in others:
            found.setdefault(other, set()).add(each)
    return found


def _above(start: Token, parents: Mapping[Token, set[Token]]) -> frozenset[Token]:
    found, left = {start}, [start]
    while left:
        more = parents.get(left.pop(), set()) - found
        found |= more
        left += more
    return frozenset(found)
