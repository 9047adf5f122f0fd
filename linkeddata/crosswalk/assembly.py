"""Puts the profile together: the tables in `ontologies/`, and the operator's own file over them.

A wrong line in either is refused when the profile is loaded, with its file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from linkeddata.crosswalk.profile import Profile, Rule
from linkeddata.crosswalk.rows import FORMAT_COLUMNS, LANGUAGE_COLUMNS, ROLE_COLUMNS, Reader
from linkeddata.crosswalk.tables import (
    COUNT,
    LISTS,
    PAIRS,
    ROWS,
    TABLE,
    TEXT,
    TEXTS,
    Kind,
    Table,
    check,
    read_table,
    with_prefixes,
)
from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Token
from linkeddata.vocabulary.terms import PREFIXES


class _Line(Protocol):
    """A line that another about the same can take the place of."""

    @property
    def key(self) -> tuple[str, Token]: ...


T = TypeVar("T")
Lines = TypeVar("Lines", bound=_Line)
Key: TypeAlias = tuple[str, Token]
NamedRow: TypeAlias = tuple[str, Mapping[str, Any], str]

_RULES: Final = ("record", "document", "source")
_SHARED_PARTS: Final = {
    "latest_year": COUNT, "repositories": TEXTS, "record": ROWS, "document": ROWS, "source": ROWS, "about": ROWS,
    "ignored": LISTS, "orcid": PAIRS,
}  # fmt: skip
_OUR_PARTS: Final = {"version": TEXT, **_SHARED_PARTS}
_OWN_PARTS: Final = {
    **_SHARED_PARTS, "remove": ROWS, "prefixes": PAIRS, "formats": TABLE, "roles": TABLE, "languages": TABLE,
}  # fmt: skip
#: Columns that no row of a table that has them may lack.
_NEEDED: Final = frozenset({"types", "tag"})
#: Ways of reading that make something of which a record has one.
_ONCE: Final = frozenset({"format", "authors", "container"})
_NOTHING: Final = Table("", "", {})


def load_profile(read_as: Iterable[str], folder: Path | None = None, overrides: Path | None = None) -> Profile:
    """The profile in `ontologies/` (or another folder with the same files), with an operator's own file over it.

    `read_as` are the ways of reading a value that the crosswalk knows. With a file of one's own the
    version ends in `+` and its fingerprint. ConfigurationError names the file, the line and what is
    wrong with it.
    """
    folder, ways = folder or ontology.folder(), frozenset(read_as)
    ours = _checked(read_table(folder / "crosswalk.toml"), _OUR_PARTS)
    check(ours.content, _OUR_PARTS, ("version", "latest_year", "repositories", *_RULES), ours.name)
    own = _checked(read_table(overrides), _OWN_PARTS) if overrides else _NOTHING
    prefixes = with_prefixes(own.content.get("prefixes", {}), lambda key: own.place_of(key, "prefixes"))
    return _assembled(folder, (ours, Reader(ways, PREFIXES)), (own, Reader(ways, prefixes)))


def _assembled(folder: Path, ours: tuple[Table, Reader], own: tuple[Table, Reader]) -> Profile:
    content, theirs, reader = ours[0].content, own[0].content, own[1]
    gone = {reader.key(*row): row[1] for row in own[0].rows("remove")}
    record, document, source = (_merged(_rules(*ours, part), _rules(*own, part), gone) for part in _RULES)
    our_about, own_about = ([each.about(*row) for row in table.rows("about")] for table, each in (ours, own))
    about = _merged(our_about, own_about, gone)
    _check_removed(gone, {line.key for part in _RULES for line in _rules(*ours, part)} | {a.key for a in our_about})
    _check_once(record)
    return Profile(
        version=content["version"] + _fingerprint(own[0]),
        latest_year=theirs.get("latest_year", content["latest_year"]),
        repositories=frozenset(map(str.lower, (*content["repositories"], *theirs.get("repositories", ())))),
        record=record, document=document, source=source, about=about,
        ignored={**_ignored(content), **_ignored(theirs)},
        orcids={**content.get("orcid", {}), **theirs.get("orcid", {})},
        formats=_words(read_table(folder / "formats.toml"), own[0], FORMAT_COLUMNS, reader.format),
        roles=_words(read_table(folder / "roles.toml"), own[0], ROLE_COLUMNS, reader.role),
        languages=_words(read_table(folder / "languages.toml"), own[0], LANGUAGE_COLUMNS, reader.language),
    )  # fmt: skip


def _checked(table: Table, parts: Mapping[str, Kind]) -> Table:
    for key, value in table.content.items():
        check({key: value}, parts, (), table.place_of(key))
    return table


def _fingerprint(own: Table) -> str:
    """What the version says of an operator's file, so that all that depends on the mapping changes with it."""
    return f"+{ontology.own_mark(own.text)}" if own.name else ""


def _rules(table: Table, reader: Reader, part: str) -> list[Rule]:
    return [reader.rule(row, place, part) for row, place in table.rows(part)]


def _merged(ours: list[Lines], own: list[Lines], gone: Mapping[Key, str]) -> tuple[Lines, ...]:
    """Our lines, an operator's in the place of those about the same, and the rest of his behind them."""
    left = {line.key: [each for each in own if each.key == line.key] for line in own}
    found: list[Lines] = []
    for line in ours:
        if line.key not in {each.key for each in own} | gone.keys():
            found.append(line)
        found += left.pop(line.key, [])
    return *found, *(line for lines in left.values() for line in lines)


def _check_removed(gone: Mapping[Key, str], known: set[Key]) -> None:
    for (name, predicate), place in gone.items():
        if (name, predicate) not in known:
            raise ConfigurationError(f"{place}: no line of ours reads {name!r} as {predicate}, so none can be removed")


def _check_once(rules: Iterable[Rule]) -> None:
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.read_as in _ONCE and rule.read_as in seen:
            raise ConfigurationError(f"{rule.place}: only one line may read 'as {rule.read_as}': {seen[rule.read_as]}")
        seen[rule.read_as] = rule.place


def _ignored(content: Mapping[str, Any]) -> dict[str, str]:
    return {name: reason for reason, names in content.get("ignored", {}).items() for name in names}


def _words(
    ours: Table, own: Table, columns: Mapping[str, Kind], build: Callable[[str, Mapping[str, Any], str], T]
) -> dict[str, T]:
    """What each word comes to by a table of ours, and over it by the part of the operator's file of that name."""
    part = ours.name.removesuffix(".toml")
    rows = [(key, row, ours.place_of(key)) for key, row in ours.content.items()]
    over = [(key, row, own.place_of(key, part)) for key, row in own.content.get(part, {}).items()]
    found = _by_word(rows, {}, columns, build)
    return found | _by_word(over, {key.casefold(): row for key, row, _ in rows}, columns, build)


def _by_word(
    rows: Iterable[NamedRow],
    bases: Mapping[str, Mapping[str, Any]],
    columns: Mapping[str, Kind],
    build: Callable[[str, Mapping[str, Any], str], T],
) -> dict[str, T]:
    """What each row makes of its name and of the words in `also`; a word is taken once.

    A row with the name of one in `bases` changes the columns that it names, for all words of that one.
    """
    inherited, found = dict[str, T](), dict[str, T]()
    for key, row, place in rows:
        check({key: row}, {key: TABLE}, (), place)
        base = bases.get(key.casefold(), {})
        check({**base, **row}, columns, _NEEDED & columns.keys(), place)
        built = build(key, {**base, **row}, place)
        inherited |= dict.fromkeys(_names(key, base), built)
        for word in _names(key, row):
            if word in found:
                raise ConfigurationError(f"{place}: {word!r} stands for another row already")
            found[word] = built
    return inherited | found


def _names(key: str, row: Mapping[str, Any]) -> set[str]:
    return {each.casefold() for each in (key, *row.get("also", ()))}
