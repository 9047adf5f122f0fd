"""What the rows of the tables mean: each checked, and made a rule, a format, a role or a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkeddata.crosswalk.profile import About, Format, Language, Role, Rule
from linkeddata.crosswalk.tables import COUNT, FLAG, NAMES, TEXT, TEXTS, check, term
from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.terms import COAR, REL

_RULE_COLUMNS = {
    "from": NAMES, "property": TEXT, "as": TEXT, "max": COUNT, "scheme": TEXT, "tagged": FLAG, "when": TEXT,
    "unless": TEXT, "documents": FLAG, "strip": TEXT, "first": FLAG, "value": TEXT,
}  # fmt: skip
_ABOUT_COLUMNS = {"from": TEXT, "of": TEXT, "property": TEXT, "scheme": TEXT}
_KEY_COLUMNS = {"from": TEXT, "property": TEXT}
FORMAT_COLUMNS = {"types": TEXTS, "scholarly": TEXTS, "edited": TEXT, "coar": TEXT, "carrier": FLAG, "also": TEXTS}
ROLE_COLUMNS = {"property": TEXT, "only_on": TEXT, "also": TEXTS}
LANGUAGE_COLUMNS = {"tag": TEXT, "also": TEXTS}
_OPTIONS = ("scheme", "tagged", "when", "documents", "strip", "first")
_WHEN = (None, "repository", "catalogue")
#: The column that some ways of reading cannot do without.
_NEED = {"concept": "scheme", "subjects": "scheme", "class": "scheme", "fixed": "value"}
#: Ways that state something of the record, wherever their line stands.
_OF_RECORD = frozenset({
    "identifier", "format", "authors", "contributors", "bodies", "container", "area", "date", "subjects",
    "doi", "oclc", "lccn", "page",
})  # fmt: skip
# Schemes stand in URIs; codes are those of ISO 639-2 and of the MARC relators.
_SCHEME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[a-z]{3}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows; knows the ways of reading a value, and the prefixes in force. Refuses a row, naming its place."""

    ways: frozenset[str]
    prefixes: Mapping[str, str]

    def rule(self, row: Mapping[str, Any], place: str, part: str) -> Rule:
        """A line of the crosswalk, of `part` record, document or source."""
        check(row, _RULE_COLUMNS, ("from", "property", "as"), place)
        self._check_way(row, place, part)
        if row.get("when") not in _WHEN:
            raise ConfigurationError(f"{place}: when = {row['when']!r} is neither 'repository' nor 'catalogue'")
        return Rule(
            fields=(row["from"],) if isinstance(row["from"], str) else tuple(row["from"]),
            predicate=self._term(row["property"], place),
            read_as=row["as"],
            most=row.get("max"),
            unless=self._maybe_term(row, "unless", place),
            value=self._maybe_term(row, "value", place),
            place=place,
            **{key: row[key] for key in _OPTIONS if key in row},
        )

    def _check_way(self, row: Mapping[str, Any], place: str, part: str) -> None:
        way = row["as"]
        if way not in self.ways:
            known = ", ".join(sorted(self.ways))
            raise ConfigurationError(f"{place}: no way to read a value as {way!r}; known are {known}")
        if way in _OF_RECORD and part != "record":
            raise ConfigurationError(f"{place}: {way!r} says something of the record, and stands in 'record' only")
        if way in _NEED and not row.get(_NEED[way]):
            raise ConfigurationError(f"{place}: the column {_NEED[way]!r} is missing, which {way!r} needs")
        _check_scheme(row, place)

    def about(self, row: Mapping[str, Any], place: str) -> About:
        check(row, _ABOUT_COLUMNS, _ABOUT_COLUMNS, place)
        _check_scheme(row, place)
        return About(row["from"], row["of"], self._term(row["property"], place), row["scheme"], place)

    def key(self, row: Mapping[str, Any], place: str) -> tuple[str, Token]:
        """What a row of `remove` names: a line's first field, and its property."""
        check(row, _KEY_COLUMNS, _KEY_COLUMNS, place)
        return row["from"], self._term(row["property"], place)

    def format(self, _: str, row: Mapping[str, Any], place: str) -> Format:
        types, scholarly = (
            tuple(self._term(name, place) for name in row.get(key, ())) for key in ("types", "scholarly")
        )
        coar = uri_token(COAR + row["coar"]) if row.get("coar") else None
        edited = self._maybe_term(row, "edited", place)
        return Format(types, scholarly or types, edited, coar, row.get("carrier", False))

    def role(self, code: str, row: Mapping[str, Any], place: str) -> Role:
        _check_code(code, place, "a MARC relator; name your word in the column 'also' of one")
        predicate, only_on = (self._maybe_term(row, key, place) for key in ("property", "only_on"))
        return Role(predicate, only_on, uri_token(REL + code))

    def language(self, code: str, row: Mapping[str, Any], place: str) -> Language:
        _check_code(code, place, "ISO 639-2; name your word in the column 'also' of one")
        return Language(uri_token(f"http://id.loc.gov/vocabulary/iso639-2/{code}"), row["tag"] or None)

    def _term(self, name: str, place: str) -> Token:
        return term(name, place, self.prefixes)

    def _maybe_term(self, row: Mapping[str, Any], key: str, place: str) -> Token | None:
        return self._term(row[key], place) if key in row else None


def _check_scheme(row: Mapping[str, Any], place: str) -> None:
    if "scheme" in row and not _SCHEME.fullmatch(row["scheme"]):
        raise ConfigurationError(f"{place}: scheme = {row['scheme']!r} is not a word of a-z, 0-9 and hyphens")


def _check_code(code: str, place: str, whose: str) -> None:
    if not _CODE.fullmatch(code):
        raise ConfigurationError(f"{place}: {code!r} is no code of {whose}")
