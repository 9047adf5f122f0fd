"""Lists from A to Z, a page from any place on; and what stands beside the works of a thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from linkeddata.representations.histogram import Histogram
from linkeddata.representations.issue_groups import Item
from linkeddata.representations.listing_page import BrowsePage
from linkeddata.representations.parts import Pager, Text, capital, number
from linkeddata.representations.search_page import NARROWING, Asked
from linkeddata.representations.site_pages import years_picture
from linkeddata.vocabulary.uris import RECORD, Name, Uris

#: The list of all works of a thing for programs: its name and the ending of its address.
_WHOLE: Final = (("CSV", ".csv"), ("JSON", ".json"), ("Atom", ".atom"))
#: What stands beside the works of a thing of a kind: the heading of each list, and the kind it lists.
_BESIDE: Final = {
    "name": (("Often writes with", "name"), ("Writes about", "concept")),
    "journal": (("Often writes here", "name"), ("Writes about", "concept")),
    "concept": (("Often together with", "concept"), ("Often writes about it", "name")),
    "org": (("Often writes here", "name"), ("Subjects", "concept")),
}
_SCRIPTS: Final = {"~cjk": "漢字", "~hangul": "한글", "~hiragana": "かな", "~katakana": "カナ"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of a list from A to Z: rows as (key, label, works or year, its place), the letters with the number of
    things under each, and the letter that was asked for; `before` and `behind`: whether the list goes on."""

    rows: Sequence[tuple[str, str, int | None, Mapping[str, str]]]
    letters: Sequence[tuple[str, int]]
    letter: str | None
    before: bool
    behind: bool


def shelf_page(
    kind: str, shelf: Shelf, *, uris: Uris, labels: Mapping[str, str], years: Histogram | None = None
) -> BrowsePage:
    """The page of the list of all things of a kind."""
    address = f"{uris.local(uris.base)}browse/{kind}"
    total = sum(count for letter, count in shelf.letters if shelf.letter in (None, letter))
    return BrowsePage(
        kind,
        capital(labels.get(f"browse:{kind}", kind)),
        tuple(_item(kind, key, label, works, uris) for key, label, works, _ in shelf.rows),
        _pager(address, shelf),
        letters=tuple(_letter(address, letter, count, shelf.letter) for letter, count in shelf.letters),
        total=number(total),
        histogram=years,
    )


def _item(kind: str, key: str, label: str, works: int | None, uris: Uris) -> Item:
    title = Text(label or key, href=uris.local(uris.thing(Name(kind, key))))
    if kind == RECORD:
        return Item(title, year=str(works or ""))
    return Item(title, count=f"{number(works)} work{'' if works == 1 else 's'}" if works else "")


def _pager(address: str, shelf: Shelf) -> Pager:
    def turned(way: str, place: Mapping[str, str]) -> str:
        said = {**({"letter": shelf.letter} if shelf.letter else {}), way: place["sort"], "at": place["key"]}
        return f"{address}?{urlencode(said)}"

    before = turned("before", shelf.rows[0][3]) if shelf.before and shelf.rows else None
    behind = turned("after", shelf.rows[-1][3]) if shelf.behind and shelf.rows else None
    return Pager(0, before, behind)


def _letter(address: str, letter: str, count: int, chosen: str | None) -> Text:
    href = None if letter == chosen else f"{address}?{urlencode({'letter': letter})}"
    return Text(letter_words(letter), href=href, note=number(count))


def letter_words(letter: str) -> str:
    """A letter as an index shows it; a script's name where it has no letters to show.

    >>> letter_words("w"), letter_words("~thai"), letter_words("#")
    ('W', 'Thai', '#')
    """
    if letter.startswith("~"):
        return _SCRIPTS.get(letter, letter[1:].capitalize())
    return unicodedata.normalize("NFC", letter.upper())


@dataclass(frozen=True, slots=True)
class Beside:
    """A list of what stands beside the works of a thing most often, with the number of works."""

    heading: str
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an edition has counted about a thing: its works by year, what stands beside it, where to search them (also
    by a form with a hidden parameter and its value), and the whole list for programs."""

    works: int
    histogram: Histogram | None
    beside: tuple[Beside, ...]
    search: str
    within: tuple[str, str]
    whole: tuple[Text, ...]


def surroundings(
    name: Name, years: Mapping[int, int], beside: Mapping[str, Sequence[tuple[str, str, int]]], *, uris: Uris
) -> Surroundings | None:
    """What stands about the works of a thing; None where nothing is counted of it. `beside` holds key, label
    and works by kind."""
    parameter = next((each for each, (kind, _) in NARROWING.items() if kind == name.kind), None)
    if parameter is None or not years:
        return None
    root = uris.local(uris.base)
    lists = (Beside(heading, _linked(kind, beside.get(kind, ()), uris)) for heading, kind in _BESIDE.get(name.kind, ()))
    asked = Asked(root, under=((parameter, name.key),))
    return Surroundings(
        sum(years.values()),
        years_picture(years, root, (parameter, name.key)),
        tuple(each for each in lists if each.values),
        asked.address(),
        (parameter, name.key),
        tuple(Text(words, href=asked.address(ending)) for words, ending in _WHOLE),
    )


def _linked(kind: str, values: Sequence[tuple[str, str, int]], uris: Uris) -> tuple[Text, ...]:
    return tuple(
        Text(label, href=uris.local(uris.thing(Name(kind, key))), note=number(works)) for key, label, works in values
    )


_SHARED: Final = {"name": "author", "concept": "subject"}


#: How related works are told apart: by the first of these kinds that they share with the record.
_RELATED: Final = {"name": "By these authors", "journal": "In this journal", "concept": "On these subjects"}
_MOST_OF_A_KIND: Final = 3


@dataclass(frozen=True, slots=True)
class RelatedList:
    """Works that share something of one kind with a record; `whole` leads to all of them."""

    heading: str
    items: tuple[Item, ...]
    whole: Text | None


def related_lists(
    works: Sequence[tuple[str, str, int | None, Mapping[str, int]]], wholes: Mapping[str, Text], *, uris: Uris
) -> tuple[RelatedList, ...]:
    """Related works, from id, title, year, and how much is shared by kind; each stands once and says why.

    `wholes` gives where all works of a kind are listed. A list that would be empty is left out.
    """
    told: dict[str, list[Item]] = {kind: [] for kind in _RELATED}
    for work in works:
        kind = next((each for each in _RELATED if each in work[3]), None)
        if kind and len(told[kind]) < _MOST_OF_A_KIND:
            told[kind].append(_related(*work, uris))
    return tuple(RelatedList(_RELATED[kind], tuple(items), wholes.get(kind)) for kind, items in told.items() if items)


def _related(identifier: str, title: str, year: int | None, shared: Mapping[str, int], uris: Uris) -> Item:
    led = Text(title or identifier, href=uris.local(uris.record(identifier)))
    return Item(led, year=str(year or ""), part=_reasons(shared))


def _reasons(shared: Mapping[str, int]) -> str:
    """In words what two works share.

    >>> _reasons({"name": 2, "concept": 1, "journal": 1})
    '2 authors, 1 subject, the journal'
    """
    counted = [
        f"{count} {_SHARED[kind]}{'' if count == 1 else 's'}" for kind, count in shared.items() if kind in _SHARED
    ]
    return ", ".join([*counted, *(["the journal"] if "journal" in shared else [])])
