"""The page of search results: what was asked, what was found, and the links that narrow, widen, order, turn pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from linkeddata.representations.histogram import Histogram
from linkeddata.representations.issue_groups import Item
from linkeddata.representations.parts import Offer, Pager, Text, capital
from linkeddata.vocabulary.uris import Uris
from linkeddata.wording import ENGLISH, Wording, marked

#: The parameters that narrow a search: the kind of thing that each names, and the heading of its list.
NARROWING: Final = {
    "type": ("type", marked("Type")),
    "journal": ("journal", marked("Journal")),
    "subject": ("concept", marked("Subject")),
    "person": ("name", marked("Person")),
    "collection": ("collection", marked("Collection")),
    "publisher": ("org", marked("Publisher or institution")),
}
#: Those of them that have a list beside the results.
FACETS: Final = ("type", "journal", "subject", "person", "collection")
ORDERS: Final = {
    "relevance": marked("best match"),
    "newest": marked("newest"),
    "oldest": marked("oldest"),
    "title": marked("title"),
}
#: Works on a page for people.
SIZE: Final = 20
#: A page further on is refused.
DEEPEST: Final = 100
_SPAN: Final = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a search says: the text, what it is narrowed to as (parameter, key), a span of years,
    the order, and the page."""

    root: str
    text: str = ""
    under: tuple[tuple[str, str], ...] = ()
    years: tuple[int, int] | None = None
    order: str = "relevance"
    page: int = 1

    def address(self, suffix: str = "") -> str:
        """The address that asks this; what is as usual is not said."""
        said: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        said += self.under
        if self.years:
            said.append(("year", span(self.years)))
        if self.order != "relevance":
            said.append(("sort", self.order))
        if self.page > 1:
            said.append(("page", str(self.page)))
        return f"{self.root}search{suffix}" + (f"?{urlencode(said)}" if said else "")

    def with_(self, parameter: str, key: str) -> Asked:
        """Narrowed by one more."""
        return replace(self, under=(*self.under, (parameter, key)), page=1)

    def without(self, parameter: str, key: str) -> Asked:
        """Not narrowed by that any more."""
        return replace(self, under=tuple(each for each in self.under if each != (parameter, key)), page=1)


def span(years: tuple[int, int]) -> str:
    """A span of years as addresses and pages write it.

    >>> span((1999, 1999)), span((1990, 1994))
    ('1999', '1990-1994')
    """
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"


def read_span(text: str) -> tuple[int, int] | None:
    """The span of years that an address names; None for what is none.

    >>> read_span("1999"), read_span("1990-1994"), read_span("soon")
    ((1999, 1999), (1990, 1994), None)
    """
    found = _SPAN.fullmatch(text)
    return (int(found[1]), int(found[2] or found[1])) if found else None


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of one kind in a result, each with its number of works and a link that narrows to it."""

    heading: str
    values: tuple[Text, ...]


@dataclass(frozen=True)
class SearchPage:
    """Results, or why there are none; `ends_early` where there are more than are shown."""

    asked: Asked
    heading: str
    total: int
    items: tuple[Item, ...]
    chosen: tuple[Text, ...]
    facets: tuple[Facet, ...]
    orders: tuple[Text, ...]
    histogram: Histogram | None
    pager: Pager
    offers: tuple[Offer, ...]
    hidden: tuple[tuple[str, str], ...]
    suggestion: Text | None = None
    names: tuple[Text, ...] = ()
    cut: bool = False
    ends_early: bool = False


def orders(asked: Asked, words: Wording = ENGLISH) -> tuple[Text, ...]:
    """The ways to order a result, each a link but the one that is."""
    known = {key: message for key, message in ORDERS.items() if asked.text or key != "relevance"}
    current = asked.order if asked.order in known else "newest"
    return tuple(
        Text(words.say(message), href=None if key == current else replace(asked, order=key, page=1).address())
        for key, message in known.items()
    )


def facet(parameter: str, values: Sequence[tuple[str, str, int]], asked: Asked, words: Wording = ENGLISH) -> Facet:
    """A list of values (key, what it is called, works) that the result can be narrowed to."""
    chosen = {key for name, key in asked.under if name == parameter}
    shown = tuple(
        Text(label, href=asked.with_(parameter, key).address(), note=words.number(works))
        for key, label, works in values
        if key not in chosen
    )
    return Facet(words.say(NARROWING[parameter][1]), shown)


def chosen(labels: Sequence[tuple[str, str, str]], asked: Asked, words: Wording = ENGLISH) -> tuple[Text, ...]:
    """What the result is narrowed to, as (parameter, key, what it is called): each a link that takes it away."""
    found = [
        Text(f"{words.say(NARROWING[parameter][1])}: {label}", href=asked.without(parameter, key).address())
        for parameter, key, label in labels
    ]
    if asked.years:
        found.append(
            Text(
                words.say("Year: %(years)s", years=span(asked.years).replace("-", "–")),
                href=replace(asked, years=None, page=1).address(),
            )
        )
    return tuple(found)


def hidden(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What the form of the page sends beside the text, so that a new text is looked for within the same."""
    said = list(asked.under)
    if asked.years:
        said.append(("year", span(asked.years)))
    return tuple(said)


def turned(asked: Asked, total: int) -> Pager:
    """The neighbours of this page; there is none behind the deepest."""
    last = max(1, -(-total // SIZE))
    before = replace(asked, page=asked.page - 1).address() if asked.page > 1 else None
    more = asked.page < min(last, DEEPEST)
    return Pager(asked.page, before, replace(asked, page=asked.page + 1).address() if more else None, last)


def type_label(curie: str, labels: Mapping[str, str]) -> str:
    """A type in words."""
    return capital(labels.get(curie, curie.partition(":")[2] or "work"))


def item(hit: tuple[str, str, str, str, int | None, str], *, uris: Uris) -> Item:
    """A line of the list, from id, title, names, what it stands in, year and type."""
    identifier, title, names, within, year, _ = hit
    return Item(
        Text(title or identifier, href=uris.local(uris.record(identifier))),
        names=names,
        year=str(year) if year else "",
        part=within,
    )
