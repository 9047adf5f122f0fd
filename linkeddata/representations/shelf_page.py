"""Lists from A to Z, a page from any place on; and what stands beside the works of a thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import urlencode

from linkeddata.representations.histogram import Histogram, histogram
from linkeddata.representations.issue_groups import Item
from linkeddata.representations.listing_page import BrowsePage
from linkeddata.representations.parts import Pager, Text, capital
from linkeddata.representations.search_page import NARROWING, Asked, span
from linkeddata.representations.site_pages import years_picture
from linkeddata.vocabulary.uris import RECORD, Name, Uris
from linkeddata.wording import ENGLISH, Wording, marked

#: The list of all works of a thing for programs: its name and the ending of its address.
_WHOLE: Final = (("CSV", ".csv"), ("JSON", ".json"), ("Atom", ".atom"))
#: What stands beside the works of a thing of a kind: the heading of each list, and the kind it lists.
_BESIDE: Final = {
    "name": ((marked("Often writes with"), "name"), (marked("Writes about"), "concept")),
    "journal": ((marked("Often writes here"), "name"), (marked("Subjects"), "concept")),
    "concept": ((marked("Often together with"), "concept"), (marked("Often writes about it"), "name")),
    "org": ((marked("Often writes here"), "name"), (marked("Subjects"), "concept")),
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
    kind: str,
    shelf: Shelf,
    *,
    uris: Uris,
    labels: Mapping[str, str],
    years: Histogram | None = None,
    words: Wording = ENGLISH,
) -> BrowsePage:
    """The page of the list of all things of a kind."""
    address = f"{uris.local(uris.base)}browse/{kind}"
    return BrowsePage(
        kind,
        capital(labels.get(f"browse:{kind}", kind)),
        tuple(_item(Name(kind, key), label, works, uris=uris, words=words) for key, label, works, _ in shelf.rows),
        _numbered(address, shelf) if shelf.page else _pager(address, shelf),
        letters=tuple(_letter(address, letter, words.number(count), shelf.letter) for letter, count in shelf.letters),
        total=words.number(shelf.total),
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
    years: Mapping[int, int], words: Wording = ENGLISH,
) -> BrowsePage:  # fmt: skip
    """The page of a list by year, with the works of all years to choose others."""
    address, chosen = f"{uris.local(uris.base)}browse/{kind}", span(busiest.years)

    def turned(page: int) -> str:
        return f"{address}?{urlencode({'year': chosen, **({'page': str(page)} if page > 1 else {})})}"

    return BrowsePage(
        kind,
        words.say(
            "%(things)s with most works, %(years)s",
            things=capital(labels.get(f"browse:{kind}", kind)),
            years=chosen.replace("-", "–"),
        ),
        tuple(_item(Name(kind, key), label, works, uris=uris, words=words) for key, label, works in busiest.rows),
        Pager(
            busiest.page,
            turned(busiest.page - 1) if busiest.page > 1 else None,
            turned(busiest.page + 1) if busiest.behind else None,
        ),
        letters=tuple(_letter(address, letter, words.number(count), None) for letter, count in letters),
        histogram=by_year(kind, years, uris, busiest.years),
    )


def by_year(kind: str, years: Mapping[int, int], uris: Uris, chosen: tuple[int, int] | None = None) -> Histogram | None:
    """Works by year: each bar leads to the records of its years, or to the things of a kind with most works in them."""
    root = uris.local(uris.base)
    if kind == RECORD:
        return years_picture(years, root)
    return histogram(years, lambda years: f"{root}browse/{kind}?{urlencode({'year': span(years)})}", chosen)


def _item(name: Name, label: str, works: int | None, *, uris: Uris, words: Wording) -> Item:
    title = Text(label or name.key, href=uris.local(uris.thing(name)))
    if name.kind == RECORD:
        return Item(title, year=str(works or ""))
    return Item(title, count=words.plural("%(num)s work", "%(num)s works", works) if works else "")


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


def _letter(address: str, letter: str, count: str, chosen: str | None) -> Text:
    href = None if letter == chosen else f"{address}?{urlencode({'letter': letter})}"
    return Text(letter_words(letter), href=href, note=count)


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
    span: str
    histogram: Histogram | None
    beside: tuple[Beside, ...]
    search: str
    within: tuple[str, str]
    whole: tuple[Text, ...]


def surroundings(
    name: Name,
    years: Mapping[int, int],
    beside: Mapping[str, Sequence[tuple[str, str, int]]],
    *,
    uris: Uris,
    words: Wording = ENGLISH,
) -> Surroundings | None:
    """What stands about the works of a thing; None where nothing is counted of it. `beside` holds key, label
    and works by kind."""
    parameter = next((each for each, (kind, _) in NARROWING.items() if kind == name.kind), None)
    if parameter is None or not years:
        return None
    root = uris.local(uris.base)
    lists = (
        Beside(words.say(heading), _linked(kind, beside.get(kind, ()), uris, words=words))
        for heading, kind in _BESIDE.get(name.kind, ())
    )
    asked = Asked(root, under=((parameter, name.key),))
    return Surroundings(
        sum(years.values()),
        _span(years),
        years_picture(years, root, (parameter, name.key)),
        tuple(each for each in lists if each.values),
        asked.address(),
        (parameter, name.key),
        tuple(Text(words, href=asked.address(ending)) for words, ending in _WHOLE),
    )


def _span(years: Mapping[int, int]) -> str:
    """The first and the last year of works; 0 stands for those without one.

    >>> _span({0: 2, 1980: 1, 2024: 3}), _span({0: 1})
    ('1980–2024', '')
    """
    dated = [year for year in years if year]
    return "–".join(map(str, sorted({min(dated), max(dated)}))) if dated else ""


def _linked(kind: str, values: Sequence[tuple[str, str, int]], uris: Uris, *, words: Wording) -> tuple[Text, ...]:
    return tuple(
        Text(label, href=uris.local(uris.thing(Name(kind, key))), note=words.number(works))
        for key, label, works in values
    )


#: How related works are told apart: by the first of these kinds that they share with the record.
_RELATED: Final = {
    "name": marked("By these authors"),
    "journal": marked("In this journal"),
    "concept": marked("On these subjects"),
}
_MOST_OF_A_KIND: Final = 3
#: Id, title and year of a work, and how much it shares by kind.
_Work: TypeAlias = tuple[str, str, int | None, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class RelatedList:
    """Works that share something of one kind with a record; `whole` leads to all of them."""

    heading: str
    items: tuple[Item, ...]
    whole: Text | None


def related_lists(
    works: Sequence[_Work], wholes: Mapping[str, Text], *, uris: Uris, words: Wording = ENGLISH
) -> tuple[RelatedList, ...]:
    """Related works, from id, title, year, and how much is shared by kind; each stands once and says why.

    `wholes` gives where all works of a kind are listed. A list that would be empty is left out.
    """
    told: dict[str, list[Item]] = {kind: [] for kind in _RELATED}
    for work in works:
        kind = next((each for each in _RELATED if each in work[3]), None)
        if kind and len(told[kind]) < _MOST_OF_A_KIND:
            told[kind].append(_related(work, uris, words))
    return tuple(
        RelatedList(words.say(_RELATED[kind]), tuple(items), wholes.get(kind)) for kind, items in told.items() if items
    )


def _related(work: _Work, uris: Uris, words: Wording) -> Item:
    identifier, title, year, shared = work
    led = Text(title or identifier, href=uris.local(uris.record(identifier)))
    return Item(led, year=str(year or ""), part=_reasons(shared, words))


def _reasons(shared: Mapping[str, int], words: Wording = ENGLISH) -> str:
    """In words what two works share.

    >>> _reasons({"name": 2, "concept": 1, "journal": 1})
    '2 shared authors, 1 shared subject, the journal'
    """
    return ", ".join([_reason(kind, shared[kind], words) for kind in _REASONS if kind in shared])


@lru_cache(maxsize=1_024)
def _reason(kind: str, count: int, words: Wording) -> str:
    return _REASONS[kind](words, count)


_REASONS: Final[Mapping[str, Callable[[Wording, int], str]]] = {
    "name": lambda words, count: words.plural("%(num)s shared author", "%(num)s shared authors", count),
    "concept": lambda words, count: words.plural("%(num)s shared subject", "%(num)s shared subjects", count),
    "journal": lambda words, _: words.say("the journal"),
}
