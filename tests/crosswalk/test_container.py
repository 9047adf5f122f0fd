"""A record in its journal, volume and issue, or in its host book; and where ISSN and ISBN stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linkeddata.vocabulary.uris import mint

ISSN, OTHER_ISSN = "1467-9566", "0141-9889"
ISBN13, ISBN10 = "9781558612747", "1558612742"
JOURNAL = f"id/journal/issn-{ISSN}"
ARTICLE = {"format": "Article", "container_title": "Sociology", "container_volume": "39", "container_issue": "7"}


def test_article_stands_in_its_issue_and_journal(tell: Callable[..., Any]) -> None:
    told = tell(**ARTICLE, issn=ISSN, container_start_page="1083", container_reference="39:7<1083")
    issue = f"id/issue/issn-{ISSN}/39-7"
    assert told("dcterms:isPartOf") == [JOURNAL, issue]
    assert told("rdf:type", JOURNAL) == ["bibo:Journal", "schema:Periodical"]
    assert told("dcterms:title", JOURNAL) == ["Sociology"]
    assert told("bibo:issn", JOURNAL) == [ISSN]
    assert told("schema:sameAs", JOURNAL) == [f"https://portal.issn.org/resource/ISSN/{ISSN}"]
    assert told("rdf:type", issue) == ["bibo:Issue", "schema:PublicationIssue"]
    assert (told("bibo:volume", issue), told("bibo:issue", issue)) == (["39"], ["7"])
    assert told("dcterms:isPartOf", issue) == [JOURNAL]
    assert (told("bibo:volume"), told("bibo:pageStart"), told("bibo:locator")) == (["39"], ["1083"], ["39:7<1083"])
    assert (told("bibo:issue"), told("bibo:issn"), told.notes) == ([], [], [])


@pytest.mark.parametrize(
    ("volume", "issue", "year", "key"),
    [
        ("39", "7", "2017", "39-7"),
        ("39A", "S1", "2017", "39A-S1"),
        (None, "7", "2017", "y2017-7"),
        (None, "7", "c2015-2017", "y2015-7"),
        ("39/40", "7-8", "2017", f"{mint('39/40')}-{mint('7-8')}"),
        ("٣٩", "7", "2017", f"{mint('٣٩')}-7"),
    ],
)
def test_issue_is_named_by_volume_or_year(
    tell: Callable[..., Any], volume: str | None, issue: str, year: str, key: str
) -> None:
    told = tell(**ARTICLE | {"container_volume": volume, "container_issue": issue}, publishDate=year)
    uri = f"id/issue/{mint('Sociology')}/{key}"
    assert told("dcterms:isPartOf")[1:] == [uri]
    assert told("bibo:volume", uri) == ([volume] if volume else [])


def test_sort_date_names_an_issue_where_the_date_is_missing(tell: Callable[..., Any]) -> None:
    told = tell(**ARTICLE | {"container_volume": None}, publishDateSort="2001")
    assert told("dcterms:isPartOf")[1] == f"id/issue/{mint('Sociology')}/y2001-7"


@pytest.mark.parametrize(
    ("fields", "noted"),
    [
        ({"container_title": None}, "container_issue"),
        ({"container_volume": None}, "container_issue"),
        ({"format": "Book Section"}, "container_issue"),
    ],
)
def test_issue_that_cannot_be_said_is_reported(tell: Callable[..., Any], fields: dict[str, Any], noted: str) -> None:
    """Without a periodical, or without volume and year, there is no issue; the volume stays on the record."""
    told = tell(**ARTICLE | fields)
    assert told.all_of("bibo:issue") == []
    assert [field for field, _ in told.notes] == [noted]
    assert told("bibo:volume") == (["39"] if "container_volume" not in fields else [])


@pytest.mark.parametrize(
    ("kind", "classes"),
    [
        ("Article", ["bibo:Journal", "schema:Periodical"]),
        ("Conference Paper", ["bibo:Journal", "schema:Periodical"]),
        ("Book Section", ["bibo:Book", "schema:Book"]),
        ("Book Chapter", ["bibo:Book", "schema:Book"]),
        ("Report", ["bibo:Collection"]),
        ("Conference or Workshop Item", ["bibo:Collection"]),
    ],
)
def test_container_is_what_the_record_calls_for(tell: Callable[..., Any], kind: str, classes: list[str]) -> None:
    told = tell(format=kind, container_title="C")
    [uri] = told("dcterms:isPartOf")
    assert told("rdf:type", uri) == classes
    assert uri == f"id/{'host' if 'Book' in kind else 'journal'}/{mint('C')}"


@pytest.mark.parametrize("title", ["Host", None])
def test_section_stands_in_its_host_by_isbn(tell: Callable[..., Any], title: str | None) -> None:
    told = tell(format="Book Section", container_title=title, isbn=f"{ISBN10} (pbk.)", issn=ISSN)
    host = f"id/host/isbn-{ISBN13}"
    assert told("dcterms:isPartOf") == [host]
    assert told("dcterms:title", host) == ([title] if title else [])
    assert (told("bibo:isbn13", host), told("bibo:isbn10", host)) == ([ISBN13], [ISBN10])
    assert told("schema:sameAs", host) == [f"urn:isbn:{ISBN13}"]
    assert told("bibo:isbn13") == []
    assert told.notes == [("issn", ISSN)]


@pytest.mark.parametrize("kind", ["Book", "eBook", "Conference Proceeding", "Thesis", "Report", "Dictionary"])
def test_isbn_of_a_book_is_its_own(tell: Callable[..., Any], kind: str) -> None:
    told = tell(format=kind, isbn=[ISBN10, "978-1-55861-274-7", "978-0-596-52068-7"])
    assert told("bibo:isbn13") == [ISBN13, "9780596520687"]
    assert told("bibo:isbn10") == [ISBN10]
    assert told("schema:sameAs") == [f"urn:isbn:{ISBN13}", "urn:isbn:9780596520687"]


def test_isbn_of_an_article_is_that_of_what_it_stands_in(tell: Callable[..., Any]) -> None:
    told = tell(**ARTICLE, isbn=ISBN13)
    assert told.all_of("bibo:isbn13") == [(f"id/journal/{mint('Sociology')}", ISBN13)]
    assert told.notes == []


@pytest.mark.parametrize("kind", ["Article", "Map", "Journal"])
def test_isbn_without_a_book_is_reported(tell: Callable[..., Any], kind: str) -> None:
    told = tell(format=kind, isbn=ISBN13)
    assert told.all_of("bibo:isbn13") == []
    assert told.notes == [("isbn", ISBN13)]


def test_second_issn_is_a_second_journal(tell: Callable[..., Any]) -> None:
    """Tied to the first, which alone names issues."""
    told = tell(**ARTICLE, issn=[ISSN, OTHER_ISSN, ISSN])
    other = f"id/journal/issn-{OTHER_ISSN}"
    assert told("dcterms:hasFormat", JOURNAL) == [other]
    assert (told("bibo:issn", JOURNAL), told("bibo:issn", other)) == ([ISSN], [OTHER_ISSN])
    assert told("rdf:type", other) == ["bibo:Journal", "schema:Periodical"]
    assert told("dcterms:isPartOf") == [JOURNAL, f"id/issue/issn-{ISSN}/39-7"]


def test_wrong_issn_is_reported_and_the_next_one_taken(tell: Callable[..., Any]) -> None:
    told = tell(**ARTICLE, issn=["1467-9567", "12345678", ISSN.lower()])
    assert told("dcterms:isPartOf")[0] == JOURNAL
    assert told.notes == [("issn", "1467-9567"), ("issn", "12345678")]


def test_journal_known_by_issn_alone_has_no_title(tell: Callable[..., Any]) -> None:
    told = tell(format="Article", issn=ISSN)
    assert told("dcterms:isPartOf") == [JOURNAL]
    assert told("dcterms:title", JOURNAL) == []


@pytest.mark.parametrize("kind", ["Journal", "Serial", "Newspaper", "Magazine"])
def test_serial_has_its_issns_itself(tell: Callable[..., Any], kind: str) -> None:
    told = tell(format=kind, issn=[ISSN, OTHER_ISSN], container_volume="3", container_start_page="1")
    assert told("bibo:issn") == [ISSN, OTHER_ISSN]
    assert told("dcterms:isPartOf") == told("bibo:volume") == told("bibo:pageStart") == []


def test_record_without_container_has_none(tell: Callable[..., Any]) -> None:
    assert tell(format="Article")("dcterms:isPartOf") == []
    assert tell(format="Article", container_title="[S.l.]")("dcterms:isPartOf") == []
