"""Where a work appeared: journal or book, volume, issue, pages, publisher, date."""

from __future__ import annotations

from dataclasses import dataclass

from linkeddata.representations.described import Described, volume_and_issue
from linkeddata.representations.parts import Text, literal_text
from linkeddata.vocabulary.ntriples import Token, is_literal
from linkeddata.vocabulary.tokens import BIBO, DCTERMS
from linkeddata.wording import ENGLISH, Wording


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is known of where and when a work appeared; every part may be missing."""

    container: Text | None
    in_journal: bool
    volume: str
    issue: str
    article: str
    first_page: str
    last_page: str
    pages: str
    issue_href: str | None
    publishers: tuple[Text, ...]
    date: Text | None
    issns: tuple[str, ...]
    isbns: tuple[str, ...]
    numbers_mined: bool = False
    pages_mined: bool = False
    words: Wording = ENGLISH

    @property
    def numbers(self) -> Text | None:
        """Volume and issue, leading to the issue where it has a page."""
        said = volume_and_issue(self.volume, self.issue, self.words)
        return Text(said, href=self.issue_href, mined=self.numbers_mined) if said else None

    @property
    def place(self) -> str:
        """Pages or article number; "p." and "pp." only where no volume stands before them."""
        if self.article:
            return self.words.say("article %(number)s", number=self.article)
        if not self.pages or self.numbers:
            return self.pages
        return pages_said(self.pages, self.words)

    @property
    def year(self) -> str:
        return (self.date.moment or "")[:4] if self.date else ""

    def __bool__(self) -> bool:
        return bool(self.container or self.numbers or self.place or self.publishers or self.date)


def pages_said(pages: str, words: Wording) -> str:
    """Pages with the abbreviation before them."""
    return words.say("pp. %(pages)s", pages=pages) if "–" in pages else words.say("p. %(pages)s", pages=pages)


def appearance(view: Described, work: Token) -> Appearance:
    """Where a work appeared, read from it, its issue and its journal or host book."""
    wholes = view.values(work, DCTERMS.isPartOf)
    issue = next((whole for whole in wholes if view.kind(whole) == "issue"), work)
    container = next((whole for whole in wholes if view.kind(whole) in {"journal", "host"}), None)
    first, last = view.said(work, BIBO.pageStart), view.said(work, BIBO.pageEnd)
    issued = view.literal(work, DCTERMS.issued)
    return Appearance(
        container=_container(view, work, container),
        in_journal=container is not None and view.kind(container) == "journal",
        volume=view.said(work, BIBO.volume) or view.said(issue, BIBO.volume),
        issue=view.said(issue, BIBO.issue),
        article=view.said(work, BIBO.number),
        first_page=first,
        last_page=last,
        pages=_pages(view.said(work, BIBO.pages), first, last),
        issue_href=view.href(issue) if issue != work else None,
        publishers=view.texts(work, DCTERMS.publisher),
        date=literal_text(issued, words=view.words) if issued is not None else None,
        issns=_both(view, work, container, "issn"),
        isbns=_both(view, work, container, "isbn13") or _both(view, work, container, "isbn10"),
        numbers_mined=_is_mined(view, work, BIBO.volume) or _is_mined(view, issue, BIBO.issue),
        pages_mined=_is_mined(view, work, BIBO.pageStart),
        words=view.words,
    )


def _container(view: Described, work: Token, container: Token | None) -> Text | None:
    if container is None:
        return None
    return view.text(container, mined=view.is_mined(work, DCTERMS.isPartOf, container))


def _is_mined(view: Described, subject: Token, predicate: Token) -> bool:
    value = next(filter(is_literal, view.values(subject, predicate)), None)
    return value is not None and view.is_mined(subject, predicate, value)


def _pages(stated: str, first: str, last: str) -> str:
    if stated:
        return stated
    return f"{first}–{last}" if last and last != first else first


def _both(view: Described, work: Token, container: Token | None, local: str) -> tuple[str, ...]:
    found = view.literals(work, BIBO[local]) + (view.literals(container, BIBO[local]) if container is not None else [])
    return tuple(dict.fromkeys(found))
