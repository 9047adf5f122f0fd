"""Lists from A to Z, a page from any place on; and what stands beside the works of a thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from linkeddata.representations.histogram import Histogram, histogram
from linkeddata.representations.listing_page import BrowsePage, Item
from linkeddata.representations.parts import Pager, Text, capital, number
from linkeddata.representations.search_page import NARROWING, Asked, span
from linkeddata.representations.site_pages import years_picture
from linkeddata.vocabulary.uris import RECORD, Name, Uris

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
    things under each, and the letter that was asked for; `before` and `behind`: whether the list goes on; the page's
    number and that of the last, 0 where it begins at a place."""

    rows: Sequence[tuple[str, str, int | None, Mapping[str, str]]]
    letters: Sequence[tuple[str, int]]
    letter: str | None
    before: bool
    behind: bool
    page: int = 0
    last: int = 0

    @property
    def total(self) -> int:
        """How many things there are under the letter, or all."""
        return sum(count for letter, count in self.letters if self.letter in (None, letter))


def shelf_page(
    kind: str, shelf: Shelf, *, uris: Uris, labels: Mapping[str, str], years: Histogram | None = None
) -> BrowsePage:
    """The page of the list of all things of a kind."""
    address = f"{uris.local(uris.base)}browse/{kind}"
    return BrowsePage(
        kind,
        capital(labels.get(f"browse:{kind}", kind)),
        tuple(_item(kind, key, label, works, uris) for key, label, works, _ in shelf.rows),
        _numbered(address, shelf) if shelf.page else _pager(address, shelf),
        letters=tuple(_letter(address, letter, count, shelf.letter) for letter, count in shelf.letters),
        total=number(shelf.total),
        histogram=years,
    )


@dataclass(frozen=True, slots=True)
class Busiest:
    """A page (from 1) of the things of a kind that have most works in a span of years, as (key, label, works of
    these years); `behind`: whether the list goes on."""

    rows: Sequence[tuple[str, str, int]]
    years: tuple[int, int]
    page: int
    behind: bool


def busiest_page(
    kind: str, busiest: Busiest, letters: Sequence[tuple[str, int]], *, uris: Uris, labels: Mapping[str, str],
    years: Mapping[int, int],
) -> BrowsePage:  # fmt: skip
    """The page of a list by year, with the works of all years to choose others."""
    address, chosen = f"{uris.local(uris.base)}browse/{kind}", span(busiest.years)

    def turned(page: int) -> str:
        return f"{address}?{urlencode({'year': chosen, **({'page': str(page)} if page > 1 else {})})}"

    return BrowsePage(
        kind,
        f"{capital(labels.get(f'browse:{kind}', kind))} with most works, {chosen.replace('-', '–')}",
        tuple(_item(kind, key, label, works, uris) for key, label, works in busiest.rows),
        Pager(
            busiest.page,
            turned(busiest.page - 1) if busiest.page > 1 else None,
            turned(busiest.page + 1) if busiest.behind else None,
        ),
        letters=tuple(_letter(address, letter, count, None) for letter, count in letters),
        histogram=by_year(kind, years, uris, busiest.years),
    )


def by_year(kind: str, years: Mapping[int, int], uris: Uris, chosen: tuple[int, int] | None = None) -> Histogram | None:
    """Works by year: each bar leads to the records of its years, or to the things of a kind with most works in them."""
    root = uris.local(uris.base)
    if kind == RECORD:
        return years_picture(years, root)
    return histogram(years, lambda years: f"{root}browse/{kind}?{urlencode({'year': span(years)})}", chosen)


def _item(kind: str, key: str, label: str, works: int | None, uris: Uris) -> Item:
    title = Text(label or key, href=uris.local(uris.thing(Name(kind, key))))
    if kind == RECORD:
        return Item(title, year=str(works or ""))
    return Item(title, count=f"{number(works)} work{'' if works == 1 else 's'}" if works else "")


def _numbered(address: str, shelf: Shelf) -> Pager:
    def turned(page: int) -> str:
        said = {**({"letter": shelf.letter} if shelf.letter else {}), **({"page": str(page)} if page > 1 else {})}
        return f"{address}?{urlencode(said)}" if said else address

    return Pager(
        shelf.page,
        turned(shelf.page - 1) if shelf.before else None,
        turned(shelf.page + 1) if shelf.behind else None,
        shelf.last,
        turned(1) if shelf.page > 2 else None,
        turned(shelf.last) if shelf.page < shelf.last - 1 else None,
    )


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
    """What an edition has counted about a thing: its works by year, what stands beside it, and where to search them."""

    histogram: Histogram | None
    beside: tuple[Beside, ...]
    search: str


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
    return Surroundings(
        years_picture(years, root, (parameter, name.key)),
        tuple(each for each in lists if each.values),
        Asked(root, under=((parameter, name.key),)).address(),
    )


def _linked(kind: str, values: Sequence[tuple[str, str, int]], uris: Uris) -> tuple[Text, ...]:
    return tuple(
        Text(label, href=uris.local(uris.thing(Name(kind, key))), note=number(works)) for key, label, works in values
    )


_SHARED: Final = {"name": "author", "concept": "subject"}


def related_items(works: Sequence[tuple[str, str, int | None, Mapping[str, int]]], *, uris: Uris) -> tuple[Item, ...]:
    """Related works, from id, title, year, and how much is shared by kind; each says why it is there."""
    return tuple(
        Item(
            Text(title or identifier, href=uris.local(uris.record(identifier))),
            year=str(year or ""),
            part=_reasons(shared),
        )
        for identifier, title, year, shared in works
    )


def _reasons(shared: Mapping[str, int]) -> str:
    """In words what two works share.

    >>> _reasons({"name": 2, "concept": 1, "journal": 1})
    '2 authors, 1 subject, the journal'
    """
    counted = [
        f"{count} {_SHARED[kind]}{'' if count == 1 else 's'}" for kind, count in shared.items() if kind in _SHARED
    ]
    return ", ".join([*counted, *(["the journal"] if "journal" in shared else [])])
