"""The lines of a list of works, and those of a journal by volume and issue, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linkeddata.representations.described import Described, volume_and_issue
from linkeddata.representations.parts import Text
from linkeddata.vocabulary.ntriples import Token
from linkeddata.vocabulary.tokens import BIBO, DCTERMS
from linkeddata.wording import Wording


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: what it is called and where it leads, who made it, when, in what part."""

    title: Text
    names: str = ""
    year: str = ""
    part: str = ""
    count: str = ""

    @property
    def remarks(self) -> str:
        return " · ".join(part for part in (self.names, self.year, self.part) if part)


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """The works of one issue, or of a volume where no issue is told; the heading leads to the issue."""

    heading: Text
    items: tuple[Item, ...]


_Numbers = tuple[str, str]


def by_issue(view: Described, listed: Mapping[Token, Item]) -> tuple[IssueGroup, ...]:
    """The works that point at a journal by volume and issue; none where nothing is told of either.

    Issues point at their journal, too: they are the headings. A volume that is no number stands behind those that are.
    """
    issues = {node: _numbers(view, node) for node in listed if view.kind(node) == "issue"}
    groups: dict[_Numbers, list[Item]] = {}
    for work, item in listed.items():
        if work not in issues:
            groups.setdefault(_issue_of(view, work), []).append(item)
    if not any(volume or issue for volume, issue in groups):
        return ()
    ways = {numbers: view.href(node) for node, numbers in _known(view).items()}
    ordered = sorted(groups, key=lambda numbers: tuple(map(_order, numbers)), reverse=True)
    return tuple(IssueGroup(_heading(each, ways.get(each), view.words), tuple(groups[each])) for each in ordered)


def _known(view: Described) -> dict[Token, _Numbers]:
    """The issues that the description tells of."""
    return {node: _numbers(view, node) for node in view.all() if view.kind(node) == "issue"}


def _issue_of(view: Described, work: Token) -> _Numbers:
    """Volume and issue that a work appeared in: those of the issue it is part of, else its own."""
    whole = next((each for each in view.values(work, DCTERMS.isPartOf) if view.kind(each) == "issue"), work)
    return _numbers(view, whole)


def _numbers(view: Described, node: Token) -> _Numbers:
    return view.said(node, BIBO.volume), view.said(node, BIBO.issue)


def _order(number: str) -> tuple[int, str]:
    """How high a number stands; what is none stands lowest.

    >>> sorted(["9", "Suppl", "39", ""], key=_order)
    ['', 'Suppl', '9', '39']
    """
    return (int(number), "") if number.isascii() and number.isdigit() and len(number) < 10 else (-1, number)


def _heading(numbers: _Numbers, href: str | None, words: Wording) -> Text:
    """The heading of a group.

    >>> from linkeddata.wording import ENGLISH
    >>> _heading(("39", "7"), None, ENGLISH).value, _heading(("", ""), None, ENGLISH).value
    ('Volume 39 (7)', 'Without a volume')
    """
    volume, issue = numbers
    if volume:
        return Text(words.say("Volume %(numbers)s", numbers=volume_and_issue(volume, issue or None)), href=href)
    return Text(words.say("Issue %(number)s", number=issue) if issue else words.say("Without a volume"), href=href)
