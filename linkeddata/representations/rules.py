"""The documents of rules under `/def/`: how records are mapped, and what is read from their texts.

Both are made from the tables in `ontologies/` as plain data. A column or a section that is not known
here is shown as it is written, because the tables are checked elsewhere and must never break a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from linkeddata.representations.parts import Data, Text, capital

Table: TypeAlias = Mapping[str, Any]

_HEADINGS: Final = {
    "record": "What is said of the publication",
    "document": "What is said of the catalogue entry",
    "source": "What is said of the source’s own record",
    "about": "What is said of the institution or building",
}
_WHEN: Final = {"repository": "only in records of research repositories", "catalogue": "not in those of repositories"}
#: The columns that narrow a line, each put into words.
_CONDITIONS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "max": lambda most: f"at most {most} value{'s' if most != 1 else ''}",
        "first": lambda _: "only the first value that can be stated",
        "scheme": lambda scheme: f"in the list “{scheme}”",
        "tagged": lambda _: "tagged with the record’s language where it has one",
        "when": lambda when: _WHEN.get(when, str(when)),
        "unless": lambda curie: f"not where {curie} says the same",
        "documents": lambda _: "not of journals, series and websites",
        "strip": lambda characters: f"without “{characters.strip()}” at its end",
        "value": lambda curie: f"the value is {curie}",
        "of": lambda field: f"said of the one {field}",
    }
)
_PLACED: Final = ("from", "property", "as")
_FORMAT_NOTES: Final = {
    "also": "also called {}",
    "scholarly": "in records of research repositories {}",
    "edited": "with editors but no author {}",
    "carrier": "counts only where nothing else is known",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the crosswalk: fields, property, how the value is read, and a sentence on what narrows that."""

    fields: tuple[str, ...]
    property: Text
    reading: str
    narrowed: str


@dataclass(frozen=True, slots=True)
class Section:
    """The lines about one thing; `key` is the anchor."""

    key: str
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FormatLine:
    """What a word for a format makes of a record."""

    word: str
    types: tuple[Text, ...]
    note: str


@dataclass(frozen=True, slots=True)
class RoleLine:
    """What a role is stated as, and the words by which sources name it."""

    code: str
    stated: tuple[Text, ...]
    note: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What an operator's own file puts over the tables: lines, those it removes, formats, roles and ignored fields."""

    sections: tuple[Section, ...]
    removed: tuple[Line, ...]
    formats: tuple[FormatLine, ...]
    roles: tuple[RoleLine, ...]
    ignored: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """All rules of the mapping, in the order of the tables."""

    version: str
    own: Own | None
    with_own_lines: bool
    repositories: tuple[str, ...]
    sections: tuple[Section, ...]
    formats: tuple[FormatLine, ...]
    roles: tuple[RoleLine, ...]
    ignored: tuple[tuple[str, tuple[str, ...]], ...]
    files: tuple[Text, ...]
    data: Data


@dataclass(frozen=True, slots=True)
class MinedKey:
    """One thing that may be read from a text, and the name of the rule that reads it; `key` is the anchor."""

    key: str
    name: str
    level: str
    statement: str
    rule: str
    example: str
    gives: str


@dataclass(frozen=True, slots=True)
class MiningPage:
    """What is read from texts, and how sure each of it is."""

    version: str
    sources: tuple[str, ...]
    levels: Mapping[str, str]
    keys: tuple[MinedKey, ...]
    data: Data


class Words:
    """Terms in words, each leading to its place in the document of all terms."""

    def __init__(self, labels: Mapping[str, str], terms_path: str) -> None:
        self._labels = labels
        self._path = terms_path

    def term(self, curie: str) -> Text:
        """A term by its label; one without a label by its name, leading nowhere."""
        label = self._labels.get(curie)
        return Text(capital(label), href=f"{self._path}#{curie}", note=curie) if label else Text(curie)


def profile_page(
    tables: Mapping[str, Table], *, version: str, words: Words, files: Sequence[Text], data: Data
) -> ProfilePage:
    """The rules of the mapping from `tables` (crosswalk, formats, roles, readings; own where it is known).

    A version with a `+` has lines of the operator's own besides.
    """
    crosswalk = tables["crosswalk"]
    return ProfilePage(
        version=version,
        own=_own(tables["own"], tables, words) if "own" in tables else None,
        with_own_lines="+" in version,
        repositories=tuple(crosswalk.get("repositories", ())),
        sections=tuple(_sections(crosswalk, tables["readings"], words)),
        formats=tuple(_format_line(word, row, words) for word, row in tables["formats"].items()),
        roles=tuple(_role_line(code, row, words) for code, row in tables["roles"].items()),
        ignored=_ignored(crosswalk),
        files=tuple(files),
        data=data,
    )


def _own(own: Table, tables: Mapping[str, Table], words: Words) -> Own:
    """Rows with the name of one of ours change only the columns that they name."""
    formats = {key: {**tables["formats"].get(key, {}), **row} for key, row in own.get("formats", {}).items()}
    roles = {key: {**tables["roles"].get(key, {}), **row} for key, row in own.get("roles", {}).items()}
    sections = tuple(_sections(own, tables["readings"], words))
    return Own(
        sections=tuple(section for section in sections if section.key != "remove"),
        removed=tuple(line for section in sections if section.key == "remove" for line in section.lines),
        formats=tuple(_format_line(word, row, words) for word, row in formats.items()),
        roles=tuple(_role_line(code, row, words) for code, row in roles.items()),
        ignored=_ignored(own),
    )


def _ignored(table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((reason, tuple(names)) for reason, names in table.get("ignored", {}).items())


def _sections(crosswalk: Table, readings: Table, words: Words) -> Iterable[Section]:
    for key, rows in crosswalk.items():
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
            yield Section(key, _HEADINGS.get(key, capital(key)), tuple(_line(row, readings, words) for row in rows))


def _line(row: Table, readings: Table, words: Words) -> Line:
    read_as = row.get("as", "concept")
    return Line(
        fields=_several(row.get("from", ())),
        property=words.term(str(row.get("property", ""))),
        reading=str(readings.get(read_as, read_as)),
        narrowed=_sentence(
            _condition(column, value) for column, value in row.items() if column not in _PLACED and value
        ),
    )


def _condition(column: str, value: Any) -> str:
    words = _CONDITIONS.get(column)
    return words(value) if words else f"{column}: {', '.join(_several(value))}"


def _sentence(parts: Iterable[str]) -> str:
    """Remarks as one sentence; nothing where there are none."""
    joined = capital("; ".join(parts))
    return f"{joined}." if joined else ""


def _format_line(word: str, row: Table, words: Words) -> FormatLine:
    types = [*row.get("types", ()), *([f"coar:{row['coar']}"] if "coar" in row else [])]
    notes = (note.format(", ".join(_several(row[column]))) for column, note in _FORMAT_NOTES.items() if row.get(column))
    return FormatLine(word, tuple(map(words.term, types)), _sentence(notes))


def _role_line(code: str, row: Table, words: Words) -> RoleLine:
    """The property of our own choice where there is one, and the relator where that may not stand, or alone."""
    chosen, narrowed = row.get("property"), row.get("only_on")
    stated = [*([chosen] if chosen else []), *([] if chosen and not narrowed else [f"rel:{code}"])]
    note = f"the first only on {narrowed}" if chosen and narrowed else ""
    return RoleLine(code, tuple(map(words.term, stated)), note, tuple(row.get("also", ())))


def _several(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def mining_page(table: Table, *, data: Data) -> MiningPage:
    """What is read from texts, from `mining.toml`."""
    columns = ("name", "level", "statement", "rule", "example", "gives")
    keys = (MinedKey(key, *(str(row[column]) for column in columns)) for key, row in table["keys"].items())
    return MiningPage(table["version"], tuple(table["sources"]), table["levels"], tuple(keys), data)
