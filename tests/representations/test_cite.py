"""References: the sentence under "Cite as", and the tags for Google Scholar."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from linkeddata.representations.page import RecordPage, record_page
from linkeddata.vocabulary.terms import PREFIXES, RDFS
from linkeddata.vocabulary.uris import Name

from .viewing import URIS, described

JOURNAL = 'dcterms:isPartOf <id/journal/j> . <id/journal/j> dcterms:title "Journal" .'
BOOK = 'dcterms:isPartOf <id/host/h> . <id/host/h> dcterms:title "Host" .'
LINK = "https://data.example.org/id/record/r1"


def page_of(statements: str, authors: list[str] | None = None) -> RecordPage:
    """The page of a record of which this is said, with authors written like this."""
    prefixes = "".join(f"@prefix {prefix}: <{uri}> .\n" for prefix, uri in PREFIXES.items())
    cells = [f"<id/agent/r1/a{n}>" for n, _ in enumerate(authors or [])]
    listed = f"<id/record/r1> bibo:authorList ( {' '.join(cells)} ) .\n" if cells else ""
    triples = Graph().parse(
        data=f"@base <{URIS.base}> .\n{prefixes}<id/record/r1> {statements}\n{listed}", format="turtle"
    )
    for n, name in enumerate(authors or []):
        triples.add((URIRef(f"{URIS.base}id/agent/r1/a{n}"), RDFS.label, Literal(name)))
    return record_page(described(triples), Name("record", "r1"))


@pytest.mark.parametrize(
    ("statements", "authors", "sentence"),
    [
        ('dcterms:title "T" .', [], f"(no date) T. {LINK}"),
        ('dcterms:title "Why?" .', ["A, B"], f"A, B (no date) Why? {LINK}"),
        (
            f'dcterms:title "T" ; bibo:volume "3" ; bibo:pageStart "7" ; bibo:pageEnd "9" ; {JOURNAL}',
            ["A, B", "C, D", "E, F"],
            f"A, B, C, D and E, F (no date) T. Journal, 3, pp. 7–9. {LINK}",
        ),
        (
            f'dcterms:title "T" ; bibo:pageStart "7" ; {BOOK}',
            ["A, B"],
            f"A, B (no date) T. In: Host, p. 7. {LINK}",
        ),
        (
            'dcterms:title "T" ; dcterms:issued "1999"^^xsd:gYear ; dcterms:publisher <id/org/o> . '
            '<id/org/o> foaf:name "Press" .',
            ["A, B"],
            f"A, B (1999) T. Press. {LINK}",
        ),
        ('dcterms:title "T" ; bibo:doi "10.1/x" .', [], "(no date) T. https://doi.org/10.1/x"),
    ],
)
def test_sentence_leaves_out_what_is_not_known(statements: str, authors: list[str], sentence: str) -> None:
    """Names as the source writes them, then year, title, place of publication, link."""
    assert page_of(statements, authors).citation.sentence == sentence


def test_long_list_of_authors_is_cut_in_the_sentence_only() -> None:
    """After nine names stands et al.; the tags name everybody."""
    page = page_of('a bibo:Article ; dcterms:title "T" .', [f"N{n}, X" for n in range(12)])
    assert page.citation.sentence.startswith("N0, X, N1, X")
    assert "N8, X et al. (no date)" in page.citation.sentence
    assert sum(name == "citation_author" for name, _ in page.meta) == 12


def test_works_that_are_not_scholarly_have_no_tags() -> None:
    """Google Scholar does not want pictures, nor works without a title."""
    assert page_of('a bibo:Image ; dcterms:title "T" .').meta == ()
    assert page_of("a bibo:Article .").meta == ()


def test_thesis_names_where_it_was_accepted() -> None:
    """The body that issued it, else its publisher."""
    page = page_of('a bibo:Thesis ; dcterms:title "T" ; dcterms:publisher <id/org/o> . <id/org/o> foaf:name "MIT" .')
    assert ("citation_dissertation_institution", "MIT") in page.meta


@pytest.mark.parametrize(
    ("said", "tag", "value"),
    [
        (f'a bibo:Document ; dcterms:type coar:c_c94f ; {BOOK}', "conference_title", "Host"),
        (f'a bibo:AcademicArticle ; dcterms:type coar:c_5794 ; {JOURNAL}', "conference_title", None),
        (f'a bibo:AcademicArticle ; dcterms:type coar:c_5794 ; {JOURNAL}', "journal_title", "Journal"),
        (f'a bibo:BookSection ; {BOOK}', "conference_title", None),
        ('a bibo:Report ; bibo:number "17" ; dcterms:publisher <id/org/o>', "technical_report_institution", "Body"),
        ('a bibo:Report ; bibo:number "17" ; dcterms:publisher <id/org/o>', "technical_report_number", "17"),
        ('a bibo:Thesis ; bibo:issuer <id/org/o>', "dissertation_institution", "Body"),
        ('a bibo:Article ; bibo:number "e17" ; dcterms:publisher <id/org/o>', "technical_report_number", None),
        ("a bibo:Article ; foaf:page <https://data.example.org/files/a.pdf>", "pdf_url",
         "https://data.example.org/files/a.pdf"),
        ("a bibo:Article ; foaf:page <https://elsewhere.example.org/a.pdf>", "pdf_url", None),
        ("a bibo:Article ; foaf:page <https://data.example.org/a.html>", "pdf_url", None),
        ('a bibo:Article ; dcterms:issued "2017-06-21"^^xsd:date', "publication_date", "2017/06/21"),
        ('a bibo:Book ; bibo:isbn13 "9780306406157"', "isbn", "9780306406157"),
    ],
)  # fmt: skip
def test_tag_holds_what_its_kind_of_work_has(said: str, tag: str, value: str | None) -> None:
    """Conferences, reports and theses have tags of their own; a PDF counts on the page's own site only."""
    stop = "" if said.endswith(" .") or said.endswith(".") else " ."
    page = page_of(f'dcterms:title "T" ; {said}{stop} <id/org/o> foaf:name "Body" .')
    assert dict(page.meta).get(f"citation_{tag}") == value


def test_gold_record_has_the_tags_of_its_article(shared: Path) -> None:
    """Title, authors in source form, year, journal, volume, issue, pages, ISSN, DOI."""
    triples = Graph().parse(shared / "seed-record.ttl", format="turtle")
    page = record_page(described(triples), Name("record", "nottingham-40697"))
    tags = [(name.removeprefix("citation_"), value) for name, value in page.meta]
    assert [value for name, value in tags if name == "author"] == ["Waring, Justin", "Crompton, Amanda"]
    assert dict(tags) | {"title": "", "author": "", "keywords": ""} == {
        "title": "",
        "author": "",
        "publication_date": "2017",
        "journal_title": "Sociology of Health and Illness",
        "volume": "39",
        "issue": "7",
        "firstpage": "1083",
        "lastpage": "1099",
        "issn": "1467-9566",
        "doi": "10.1111/1467-9566.12560",
        "keywords": "",
        "abstract_html_url": "https://data.example.org/doc/record/nottingham-40697",
    }
