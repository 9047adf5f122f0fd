"""What no table can say: a record in its journal, volume and issue, or in its host book.

BIBO says `issue` of issues and `issn` of collections, never of articles (their domains would make an
issue or a collection of an article), so both get a node of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias, TypeVar

from linkeddata.crosswalk.dates import earliest, read_date
from linkeddata.crosswalk.profile import Rule
from linkeddata.crosswalk.sheet import A, Sheet
from linkeddata.crosswalk.text import label
from linkeddata.crosswalk.values import PERIODICAL, SAME_AS, TITLE
from linkeddata.vocabulary.identifiers import clean_isbn, clean_issn
from linkeddata.vocabulary.ntriples import Token, literal_token, uri_token
from linkeddata.vocabulary.terms import BIBO, DCTERMS, SCHEMA

T = TypeVar("T")
Isbn: TypeAlias = tuple[str, str | None]

_IS_PART_OF, _HAS_FORMAT = uri_token(DCTERMS.isPartOf), uri_token(DCTERMS.hasFormat)
_VOLUME, _ISSUE_NUMBER, _ISSN = uri_token(BIBO.volume), uri_token(BIBO.issue), uri_token(BIBO.issn)
_ISBN13, _ISBN10 = uri_token(BIBO.isbn13), uri_token(BIBO.isbn10)
_ISSUE: Final = (uri_token(BIBO.Issue), uri_token(SCHEMA.PublicationIssue))
_HOST: Final = (uri_token(BIBO.Book), uri_token(SCHEMA.Book))
_OTHER: Final = (uri_token(BIBO.Collection),)
_ARTICLES: Final = frozenset({uri_token(BIBO.Article), uri_token(BIBO.AcademicArticle)})
_SECTIONS: Final = frozenset({uri_token(BIBO.BookSection), uri_token(BIBO.Chapter)})
_BOOKS: Final = frozenset(
    uri_token(BIBO[name])
    for name in ("Book", "EditedBook", "Proceedings", "Report", "Manual", "Thesis", "ReferenceSource")
)


#: The fields that are read for it.
STANDING: Final = ("container_title", "container_volume", "container_issue", "issn", "isbn")


class Container(NamedTuple):
    """What a record is part of: its URI, its classes, and the key of issues where it is a periodical."""

    uri: Token
    classes: tuple[Token, ...]
    journal_key: str | None


class Standing(NamedTuple):
    """What a record stands in, as it is known, and the record's number in it."""

    title: str | None
    issns: Sequence[str]
    isbns: Sequence[Isbn]
    volume: str | None
    issue: str | None
    year: str | None


def container(sheet: Sheet, rule: Rule) -> None:
    """States the container of a record, its volume and issue, and where ISSN and ISBN belong."""
    state_standing(sheet, rule.predicate, standing_of(sheet))


def standing_of(sheet: Sheet) -> Standing:
    """What the fields say of a record's container; wrong numbers are refused."""
    issue = sheet.first("container_issue")
    return Standing(
        title=sheet.first("container_title"),
        issns=_checked(sheet, "issn", clean_issn, "not an ISSN: wrong form or check digit"),
        isbns=_checked(sheet, "isbn", clean_isbn, "not an ISBN: wrong form or check digit"),
        volume=sheet.first("container_volume"),
        issue=issue,
        year=year_of(sheet) if issue else None,
    )


def state_standing(sheet: Sheet, predicate: Token, standing: Standing, named: Standing | None = None) -> None:
    """States a container, and the record's number in it.

    Where `named` is enough to name the container, the container has the name that `named` gives it.
    """
    issns, isbns = standing.issns, standing.isbns
    if sheet.classes & _BOOKS:
        _state_isbns(sheet, sheet.subject, isbns)
        isbns = ()
    if sheet.is_collection:
        _state_issns(sheet, sheet.subject, issns)
        issns = ()
    found = named and _find(sheet, named.title, issns and named.issns, isbns and named.isbns)
    found = found or _find(sheet, standing.title, issns, isbns)
    if found is None:
        _drop(
            sheet,
            ("isbn", [isbn for isbn, _ in isbns]),
            ("container_issue", [standing.issue] if standing.issue else []),
        )
    else:
        _state(sheet, predicate, found, standing.title)
        _identify(sheet, found, issns, isbns)
    _number(sheet, predicate, found, standing)


def _checked(sheet: Sheet, field: str, clean: Callable[[str], T | None], reason: str) -> list[T]:
    """The identifiers of a field, each once, in their order; what is none is refused."""
    found: dict[T, None] = {}
    for value in sheet.values(field):
        identifier = clean(label(value))
        if identifier is None:
            sheet.refuse(field, value, reason)
        else:
            found[identifier] = None
    return list(found)


def _find(sheet: Sheet, title: str | None, issns: Sequence[str], isbns: Sequence[Isbn]) -> Container | None:
    if sheet.classes & _SECTIONS and (title or isbns):
        return Container(uri_token(sheet.uris.host(title, isbns[0][0] if isbns else None)), _HOST, None)
    if not title and not issns:
        return None
    key = sheet.uris.journal_key(title, issns[0] if issns else None)
    return Container(uri_token(sheet.uris.journal(key)), PERIODICAL if sheet.classes & _ARTICLES else _OTHER, key)


def _state(sheet: Sheet, predicate: Token, found: Container, title: str | None) -> None:
    sheet.say(predicate, found.uri)
    for each in found.classes:
        sheet.state(found.uri, A, each)
    if title:
        sheet.state(found.uri, TITLE, literal_token(title))


def _identify(sheet: Sheet, found: Container, issns: Sequence[str], isbns: Sequence[Isbn]) -> None:
    """ISBNs go to the container, ISSNs to one that is a periodical, a second one to a second journal."""
    _state_isbns(sheet, found.uri, isbns)
    if found.journal_key is None:
        _drop(sheet, ("issn", issns))
        return
    _state_issns(sheet, found.uri, issns[:1])
    for issn in issns[1:]:
        other = uri_token(sheet.uris.journal(sheet.uris.journal_key(None, issn)))
        sheet.state(found.uri, _HAS_FORMAT, other)
        for each in found.classes:
            sheet.state(other, A, each)
        _state_issns(sheet, other, [issn])


def _number(sheet: Sheet, predicate: Token, found: Container | None, standing: Standing) -> None:
    """The volume on the record and on its issue; the issue between record and periodical."""
    volume, issue, year = standing.volume, standing.issue, standing.year
    if volume and not sheet.is_collection:
        sheet.say(_VOLUME, literal_token(volume))
    if not issue or found is None:
        return
    if found.journal_key is None or not (volume or year):
        sheet.refuse("container_issue", issue, "an issue needs a periodical, and a volume or a year")
        return
    uri = uri_token(sheet.uris.issue(found.journal_key, volume=volume, issue=issue, year=year))
    sheet.say(predicate, uri)
    for each in _ISSUE:
        sheet.state(uri, A, each)
    if volume:
        sheet.state(uri, _VOLUME, literal_token(volume))
    sheet.state(uri, _ISSUE_NUMBER, literal_token(issue))
    sheet.state(uri, _IS_PART_OF, found.uri)


def year_of(sheet: Sheet) -> str | None:
    """The year of a record's publication, by its fields."""
    values = sheet.values_of(("publishDate", "publishDateSort"))
    date = earliest(read_date(label(value), sheet.profile.latest_year) for value in values)
    return f"{date.parts[0]:04d}" if date.parts else None


def _state_issns(sheet: Sheet, uri: Token, issns: Sequence[str]) -> None:
    for issn in issns:
        sheet.state(uri, _ISSN, literal_token(issn))
        sheet.state(uri, SAME_AS, uri_token(f"https://portal.issn.org/resource/ISSN/{issn}"))


def _state_isbns(sheet: Sheet, uri: Token, isbns: Sequence[Isbn]) -> None:
    for isbn13, isbn10 in isbns:
        sheet.state(uri, _ISBN13, literal_token(isbn13))
        if isbn10:
            sheet.state(uri, _ISBN10, literal_token(isbn10))
        sheet.state(uri, SAME_AS, uri_token(f"urn:isbn:{isbn13}"))


def _drop(sheet: Sheet, *dropped: tuple[str, Sequence[object]]) -> None:
    for field, values in dropped:
        for value in values:
            sheet.refuse(field, str(value), "nothing in this record that it can be said of")
