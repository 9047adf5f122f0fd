"""OAI-PMH answers saved as files, with oai_dc, DOAJ and MARC metadata."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from linkeddata.errors import SourceError
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources import open_source
from linkeddata.sources.dublin_core_types import format_name
from linkeddata.sources.xml_file import read_xml

ANSWER = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request verb="ListRecords"/>{}</OAI-PMH>'
HEADER = "<header><identifier>oai:x:1</identifier><datestamp>2020-01-02T03:04:05Z</datestamp></header>"
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">{}</oai_dc:dc>'
)


def read(inner: str) -> list[Reading]:
    return list(read_xml(iter([ANSWER.format(inner).encode()]), "f"))


def record(metadata: str) -> str:
    return f"<ListRecords><record>{HEADER}<metadata>{metadata}</metadata></record></ListRecords>"


def fields(*elements: tuple[str, str]) -> dict[str, list[str]]:
    """The fields of one oai_dc record."""
    [found] = read(record(DC.format("".join(f"<dc:{name}>{text}</dc:{name}>" for name, text in elements))))
    assert isinstance(found, Record)
    return {name: list(values) for name, values in found.fields.items()}


def test_header_gives_id_and_datestamp() -> None:
    """The identifier is verbatim, and the datestamp is when the entry changed."""
    [found] = read(record(DC.format("<dc:title>T</dc:title>")))
    assert found == Record(
        "oai:x:1",
        {"recordtype": ["oai_dc"], "title": ["T"], "last_indexed": ["2020-01-02T03:04:05Z"]},
        datestamp="2020-01-02T03:04:05Z",
    )


def test_prefix_that_stands_for_nothing_ends_the_file() -> None:
    """Written by hand, or cut out of another document: its element comes before the parser tells of the fault."""
    with pytest.raises(SourceError, match=r"^f:1: .*Namespace prefix oai_dc on dc is not defined"):
        read(record("<oai_dc:dc><dc:title>T</dc:title></oai_dc:dc>"))


@pytest.mark.parametrize(
    ("element", "text", "field", "value"),
    [
        ("title", " Two\n lines ", "title", "Two\n lines"),
        ("creator", "Waring, Justin", "author", "Waring, Justin"),
        ("contributor", "Smidts, A.", "author2", "Smidts, A."),
        ("publisher", "P", "publisher", "P"),
        ("description", "D", "description", "D"),
        ("language", "en_US", "language", "en_US"),
        ("language", "other", "language", None),
        ("date", "2001-01-04", "publishDate", "2001-01-04"),
        ("date", "2003-04-15T10:18:51Z", "publishDate", None),
        ("date", "2015-06-01T00:00:00Z", "publishDate", "2015-06-01T00:00:00Z"),
        ("date", "info:eu-repo/date/embargoEnd/2015-01-01", "publishDate", None),
        ("subject", "spatial planning", "topic", "spatial planning"),
        ("subject", "85.00;85.05;85.08", "topic", None),
        ("subject", "5001-6182;5410-5417.5;HF 5415.32+", "topic", None),
        ("subject", "M;M10;L2;L14", "topic", None),
        ("subject", "1914-1918;1939-1945", "topic", "1914-1918;1939-1945"),
        ("subject", "3D; EEG", "topic", "3D; EEG"),
        ("identifier", "https://doi.org/10.5555/x", "doi_str_mv", "10.5555/x"),
        ("identifier", "doi:10.5555/x", "doi_str_mv", "10.5555/x"),
        ("identifier", "http://hdl.handle.net/1765/308", "url", "http://hdl.handle.net/1765/308"),
        ("identifier", "90 - 5892 - 032 - 1", "isbn", "90-5892-032-1"),
        ("identifier", "urn:isbn:978-0-596-52068-7", "isbn", "978-0-596-52068-7"),
        ("identifier", "1566-5283", "issn", "1566-5283"),
        ("identifier", "RePEc:dgr:eureri:2001134", "ctrlnum", "RePEc:dgr:eureri:2001134"),
        ("identifier", "-", "ctrlnum", None),
        ("identifier", "Steijn, A.J. (1999). De arbeidsmarkt", "ctrlnum", None),
        ("relation", "info:eu-repo/semantics/altIdentifier/doi/10.5555/x", "doi_str_mv", "10.5555/x"),
        ("relation", "https://doi.org/10.5555/other", "doi_str_mv", None),
        ("source", "Journal; 3, 1-10", "container_reference", "Journal; 3, 1-10"),
        ("source", "ISSN: 1566-5283", "issn", "1566-5283"),
        ("source", "http://example.org/", "container_reference", None),
        ("format", "19 pages", "physical", "19 pages"),
        ("format", "application/pdf", "physical", None),
        ("type", "info:eu-repo/semantics/article", "format", "Article"),
        ("type", "PeerReviewed", "format", None),
        ("type", "info:eu-repo/semantics/publishedVersion", "format", None),
    ],
)
def test_element_goes_where_its_form_says(element: str, text: str, field: str, value: str | None) -> None:
    """What has no certain place is left out."""
    assert fields((element, text)).get(field) == ([value] if value else None)


def test_creators_who_stand_among_contributors_too_are_authors_only() -> None:
    """DSpace of old gives every author twice; equal authors of one record keep their places."""
    found = fields(("creator", "A, B"), ("creator", "A, B"), ("contributor", "A, B"), ("contributor", "C, D"))
    assert (found["author"], found["author2"]) == (["A, B", "A, B"], ["C, D"])


def test_further_titles_are_alternatives() -> None:
    """A record has one title; translations stand beside it."""
    found = fields(("title", "Eén"), ("title", "One"), ("title", "Un"))
    assert (found["title"], found["title_alt"]) == (["Eén"], ["One", "Un"])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("info:eu-repo/semantics/doctoralThesis", "Doctoral Thesis"),
        ("http://purl.org/coar/resource_type/c_db06", "Doctoral Thesis"),
        ("http://purl.org/dc/dcmitype/StillImage", "Image"),
        ("doc-type:article", "Article"),
        ("Working Paper", "Working Paper"),
        ("Book chapter", "Book chapter"),
        ("Inaugural Address", "Inaugural Address"),
    ],
)
def test_types(value: str, name: str) -> None:
    """Vocabularies of types become the names of formats; other words stay."""
    assert format_name(value) == name


def test_doaj_article_has_its_journal() -> None:
    """Keywords lose the marks between them, and a date the day that DOAJ adds."""
    inner = (
        '<d:doajArticle xmlns:d="http://doaj.org/features/oai_doaj/1.0/"><d:title>T</d:title>'
        "<d:authors><d:author><d:name>Ann Lee</d:name></d:author></d:authors><d:issn>2529-850X</d:issn>"
        "<d:eissn>2529-850X</d:eissn><d:publicationDate>2017-01-01</d:publicationDate><d:endPage>e2 </d:endPage>"
        "<d:keywords><d:keyword>; Blogs</d:keyword><d:keyword>;</d:keyword></d:keywords></d:doajArticle>"
    )
    [found] = read(record(inner))
    assert isinstance(found, Record)
    expected = {"author": ["Ann Lee"], "issn": ["2529-850X"], "publishDate": ["2017"], "topic": ["Blogs"]}
    assert {name: found.fields[name] for name in expected} == expected
    assert found.fields["container_end_page"] == ["e2"]


def test_marc_in_an_answer_has_the_header_s_id() -> None:
    """Not that of 001, by which the repository does not speak of it."""
    inner = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
        '<controlfield tag="001">9</controlfield><datafield tag="245" ind1="0" ind2="0">'
        '<subfield code="a">T /</subfield></datafield></record>'
    )
    [found] = read(record(inner))
    assert isinstance(found, Record)
    assert (found.id, found.fields["title"]) == ("oai:x:1", ["T"])


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (record('<x xmlns="http://example.org/ns"/>'), "metadata in a format that is not read: http://example.org/ns"),
        (record("").replace("<metadata></metadata>", ""), "a record without metadata that is not deleted either"),
        (record("").replace("oai:x:1", ""), "the header's id is empty"),
    ],
)
def test_record_that_says_nothing_is_refused(inner: str, reason: str) -> None:
    """With the namespace that is not known."""
    [found] = read(inner)
    assert isinstance(found, Refusal)
    assert (found.reason, found.place) == (reason, "f:1")


def test_deleted_header_is_a_deletion() -> None:
    """With the time of the deletion."""
    header = HEADER.replace("<header>", '<header status="deleted">')
    assert read(f"<GetRecord><record>{header}</record></GetRecord>") == [Deletion("oai:x:1", "2020-01-02T03:04:05Z")]


@pytest.mark.parametrize("file", ["error_badResumptionToken.xml", "error_token.xml"])
def test_error_is_a_source_error(shared: Path, file: str) -> None:
    """The answer's own words are told."""
    with pytest.raises(SourceError, match=r"the OAI-PMH answer is an error, badResumptionToken: \w+"):
        list(open_source(str(shared / "data/oai" / file)))


def test_no_records_match_means_none() -> None:
    """It is an error to the protocol only."""
    assert read('<error code="noRecordsMatch"/>') == []


def test_answer_to_another_question_is_a_source_error() -> None:
    """Whoever loads the answer to Identify has taken the wrong file."""
    with pytest.raises(SourceError, match="neither records nor an error"):
        read("<Identify><repositoryName>x</repositoryName></Identify>")


def test_resumption_token_is_noted(shared: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The file is a page of a longer list."""
    with caplog.at_level(logging.INFO, "linkeddata"):
        list(open_source(str(shared / "data/oai/listrecords_doaj_2017_token.xml")))
    assert caplog.messages[0].endswith("a page of a list that goes on (of 2460909 records)")


def test_empty_resumption_token_ends_the_list(caplog: pytest.LogCaptureFixture) -> None:
    """The last page says so with an empty element."""
    with caplog.at_level(logging.INFO, "linkeddata"):
        read("<ListRecords><resumptionToken/></ListRecords>")
    assert caplog.messages == []
