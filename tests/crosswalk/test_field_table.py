"""The table of source fields, line by line: what each field comes to, on what, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linkeddata.crosswalk import Crosswalk
from linkeddata.crosswalk.mapper import bundled_profile
from linkeddata.record import Record
from linkeddata.vocabulary.uris import mint

Fields = dict[str, Any]
LANGUAGE = "http://id.loc.gov/vocabulary/iso639-2/"
UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
SERIAL = {"format": "Journal"}
BOOK = {"format": "Book"}
ARTICLE = {"format": "Article", "container_title": "Sociology"}
VOLUME = ARTICLE | {"container_volume": "3"}
EPRINT = {"recordtype": "eprints"}
TWO = {"institution": ["X", "Y"], "building": ["X", "Y"]}


def minted(kind: str, text: str) -> str:
    return f"id/{kind}/{mint(text)}"


def concept(scheme: str, text: str) -> str:
    return f"id/concept/{scheme}/{mint(text)}"


SOCIOLOGY = minted("journal", "Sociology")

# Field, its value, other fields of the record, and what then stands on the record, in the order of the table.
OF_RECORD: list[tuple[str, Any, Fields, str, list[str]]] = [
    ("id", "a/b", {}, "dcterms:identifier", ["a/b"]),
    ("title", "A", {"title_full": "A / by B"}, "dcterms:title", ["A"]),
    ("title_full", "A / by B", {"title": None}, "dcterms:title", ["A / by B"]),
    ("title_short", "S", {"title": None}, "dcterms:title", ["S"]),
    ("title_short", "S", {}, "bibo:shortTitle", ["S"]),
    ("title_short", "T", {}, "bibo:shortTitle", []),
    ("title_short", "S", SERIAL, "bibo:shortTitle", []),
    ("title_sub", "a subtitle", {}, "rdau:P60493", ["a subtitle"]),
    ("title_alt", ["A", "B"], {}, "dcterms:alternative", ["A", "B"]),
    ("title_old", ["Old", "Older"], SERIAL, "dcterms:replaces", [minted("journal", "Old"), minted("journal", "Older")]),
    ("title_old", "Old", {"format": "Newspaper"}, "dcterms:replaces", [minted("journal", "Old")]),
    ("title_old", "Old", BOOK, "dcterms:replaces", []),
    ("title_old", "Old", {"format": "Website"}, "dcterms:replaces", []),
    ("title_new", "New", SERIAL, "dcterms:isReplacedBy", [minted("journal", "New")]),
    ("title_new", "New", {}, "dcterms:isReplacedBy", []),
    ("author", "Waring, Justin", {}, "dcterms:creator", [f"id/agent/r1/{mint('Waring, Justin')}"]),
    ("author2", "Plato", {"author2_role": "trl"}, "bibo:translator", [f"id/agent/r1/{mint('Plato')}"]),
    ("author2", "Plato", {"author2_role": "trl"}, "dcterms:contributor", [f"id/agent/r1/{mint('Plato')}"]),
    ("author_corporate", "NHS", {}, "dcterms:creator", [f"id/agent/r1/{mint('NHS')}"]),
    ("author_corporate", "NHS", {"author": "A, B"}, "dcterms:contributor", [f"id/agent/r1/{mint('NHS')}"]),
    ("author_additional", "Plato", {}, "dcterms:contributor", [f"id/agent/r1/{mint('Plato')}"]),
    ("publisher", "Wiley :", {}, "dcterms:publisher", [minted("org", "Wiley")]),
    ("publishDate", ["2017", "2015"], {}, "dcterms:issued", ["2015^^xsd:gYear"]),
    ("publishDateSort", "2001", {}, "dcterms:issued", ["2001^^xsd:gYear"]),
    ("publishDateSort", "2001", {"publishDate": "2002"}, "dcterms:issued", ["2002^^xsd:gYear"]),
    ("dateSpan", ["Vol. 1 (1901)-", "Ceased 1950"], SERIAL, "rdau:P60135", ["Vol. 1 (1901)-", "Ceased 1950"]),
    ("edition", "2nd ed.", {}, "bibo:edition", ["2nd ed."]),
    ("edition", "2nd ed.", SERIAL, "bibo:edition", []),
    ("physical", ["170 p.", "ill."], {}, "rdau:P60550", ["170 p.", "ill."]),
    ("physical", "170 p.", {}, "bibo:numPages", ["170"]),
    ("physical", "170p", {}, "bibo:numPages", ["170"]),
    ("physical", "170 pp.", {}, "bibo:numPages", ["170"]),
    ("physical", "170 pages", {}, "bibo:numPages", ["170"]),
    ("physical", "170 S.", {}, "bibo:numPages", ["170"]),
    ("physical", "170 p. ; 22 cm.", {}, "bibo:numPages", []),
    ("physical", "xii, 170 p.", {}, "bibo:numPages", []),
    ("physical", "170 P.", {}, "bibo:numPages", []),
    ("physical", "000 p.", {}, "bibo:numPages", []),
    ("physical", "170 p.", SERIAL, "bibo:numPages", []),
    ("description", "D", EPRINT, "dcterms:abstract", ["D"]),
    ("description", "D", {}, "dcterms:description", ["D"]),
    ("contents", ["One", "Two"], {}, "dcterms:tableOfContents", ["One", "Two"]),
    ("language", ["English", "ger"], {}, "dcterms:language", [f"{LANGUAGE}eng", f"{LANGUAGE}ger"]),
    ("language", "Klingonese", {}, "dcterms:language", []),
    ("format", "Patent", {}, "rdf:type", ["bibo:Patent", "schema:CreativeWork"]),
    ("format", "Patent", {}, "dcterms:type", ["coar:c_15cd"]),
    ("format", "Holograph", {}, "dcterms:type", [concept("format", "Holograph")]),
    ("topic", "A; B (C; D). ", {}, "dcterms:subject", [concept("topic", "A"), concept("topic", "B (C; D)")]),
    ("topic", "A, B / C -- D.", {}, "dcterms:subject", [concept("topic", "A, B / C -- D")]),
    ("topic_facet", "A", {}, "dcterms:subject", [concept("topic", "A")]),
    ("topic_facet", "A", {"topic": "B"}, "dcterms:subject", [concept("topic", "B")]),
    ("genre", ["Novels", "Essays"], {}, "dcterms:type", [concept("genre", "Novels"), concept("genre", "Essays")]),
    ("genre_facet", "Novels", {"genre": "Essays"}, "dcterms:type", [concept("genre", "Essays")]),
    ("geographic", "Yemen", {"geographic_facet": "X"}, "dcterms:spatial", [minted("place", "Yemen")]),
    ("geographic_facet", "Yemen", {}, "dcterms:spatial", [minted("place", "Yemen")]),
    ("era", "20th century", {"era_facet": "X"}, "dcterms:temporal", [concept("era", "20th century")]),
    ("era_facet", "20th century", {}, "dcterms:temporal", [concept("era", "20th century")]),
    ("long_lat", "ENVELOPE(1,2,4,3)", {"long_lat_label": "Site"}, "dcterms:spatial", [minted("place", "Site")]),
    ("long_lat", "ENVELOPE(1,1,4,4)", {}, "dcterms:spatial", [minted("place", "POINT(1 4)")]),
    ("series", "Notes", {"series2": "X"}, "dcterms:isPartOf", [minted("series", "Notes")]),
    ("series2", "Notes", {}, "dcterms:isPartOf", [minted("series", "Notes")]),
    ("container_title", "Sociology", {"format": "Article"}, "dcterms:isPartOf", [SOCIOLOGY]),
    ("container_title", "Essays", {"format": "Book Section"}, "dcterms:isPartOf", [minted("host", "Essays")]),
    ("container_volume", "39A", ARTICLE, "bibo:volume", ["39A"]),
    ("container_issue", "7", VOLUME, "dcterms:isPartOf", [SOCIOLOGY, f"id/issue/{mint('Sociology')}/3-7"]),
    ("container_issue", "7", VOLUME, "bibo:issue", []),
    ("container_start_page", "e12", ARTICLE, "bibo:pageStart", ["e12"]),
    ("container_end_page", "e19", ARTICLE, "bibo:pageEnd", ["e19"]),
    ("container_reference", "39:7<1083", ARTICLE, "bibo:locator", ["39:7<1083"]),
    ("issn", ["1467-9566", "01419889"], SERIAL, "bibo:issn", ["1467-9566", "0141-9889"]),
    ("issn", "1467-9567", SERIAL, "bibo:issn", []),
    ("issn", "1467-9566", ARTICLE, "bibo:issn", []),
    ("isbn", "1558612742 (pbk.)", BOOK, "bibo:isbn13", ["9781558612747"]),
    ("isbn", "1558612742 (pbk.)", BOOK, "bibo:isbn10", ["1558612742"]),
    ("isbn", "1558612743", BOOK, "bibo:isbn13", []),
    ("isbn", "1558612742", ARTICLE, "bibo:isbn13", []),
    ("doi_str_mv", "https://doi.org/10.5555/A(1)", {}, "bibo:doi", ["10.5555/a(1)"]),
    ("doi_str_mv", "10.5555/A(1)<2>", {}, "schema:sameAs", ["https://doi.org/10.5555/a(1)%3C2%3E"]),
    ("oclc_num", "(OCoLC)ocm00123", {}, "bibo:oclcnum", ["123"]),
    ("oclc_num", "on123", {}, "schema:sameAs", ["http://www.worldcat.org/oclc/123"]),
    ("lccn", "n 78-89035", {}, "bibo:lccn", ["n78089035"]),
    ("lccn", "85-2/r", {}, "schema:sameAs", ["https://lccn.loc.gov/85000002"]),
    ("upc_str_mv", ["036000291452", "1"], {}, "bibo:upc", ["036000291452", "1"]),
    ("uuid_str_mv", f"urn:uuid:{UUID.upper()}", {}, "dcterms:identifier", ["r1", f"urn:uuid:{UUID}"]),
    ("uuid_str_mv", "f81d4fae", {}, "dcterms:identifier", ["r1"]),
    ("ctrlnum", ["(DE-599)ZDB1", "12"], {}, "dcterms:identifier", ["r1", "(DE-599)ZDB1", "12"]),
    ("ctrlnum", ["(OCoLC)ocm00123", "x"], {"oclc_num": "123"}, "dcterms:identifier", ["r1", "x"]),
    ("ctrlnum", "(OCoLC)ocm00123", {"oclc_num": "124"}, "dcterms:identifier", ["r1", "(OCoLC)ocm00123"]),
    ("callnumber-raw", ["PS3552.R878 T47 2001"], {}, "bibo:locator", ["PS3552.R878 T47 2001"]),
    ("callnumber-raw", ["PS3552.R878 T47 2001"], SERIAL, "bibo:locator", []),
    ("callnumber-first", "P - Literature", {}, "dcterms:subject", [concept("lcc", "P - Literature")]),
    ("callnumber-subject", "PS", {"callnumber-first": "P - L"}, "dcterms:subject", [concept("lcc", "PS")]),
    ("callnumber-label", "PS3552", {"callnumber-subject": "PS - Lit"}, "dcterms:subject", [concept("lcc", "PS3552")]),
    ("dewey-full", ["1.2", "3"], {"dewey-ones": "3"}, "dcterms:subject", [concept("ddc", "1.2"), concept("ddc", "3")]),
    ("dewey-ones", "123 - Determinism", {"dewey-tens": "1"}, "dcterms:subject", [concept("ddc", "123 - Determinism")]),
    ("dewey-hundreds", "100 - Philosophy", {}, "dcterms:subject", [concept("ddc", "100 - Philosophy")]),
    ("url", ["http://x.org/a", "http://x.org/a", "javascript:a"], {}, "foaf:page", ["http://x.org/a"]),
    ("url", "http://dx.doi.org/10.5555/A", {}, "bibo:doi", ["10.5555/a"]),
    ("url", "https://hdl.handle.net/2027/x", {}, "bibo:handle", ["2027/x"]),
    ("thumbnail", "https://x.org/a.jpg", {}, "foaf:depiction", ["https://x.org/a.jpg"]),
    ("thumbnail", ["https://x.org/a.jpg", "https://x.org/b.jpg"], {}, "foaf:depiction", ["https://x.org/a.jpg"]),
    ("thumbnail", "javascript:alert(1)", {}, "foaf:depiction", []),
    ("hierarchy_parent_id", ["a/b", "r1", "c"], {}, "dcterms:isPartOf", ["id/record/a%2Fb", "id/record/c"]),
    ("hierarchy_parent_id", "a\ud800", {}, "dcterms:isPartOf", []),
    ("is_hierarchy_id", "r1", BOOK, "rdf:type", ["bibo:Book", "schema:Book", "dcmitype:Collection"]),
]  # fmt: skip

OF_DOCUMENT: list[tuple[str, Any, Fields, str, list[str]]] = [
    ("institution", ["X", "Y"], {}, "prov:wasAttributedTo", [minted("org", "X"), minted("org", "Y")]),
    ("building", "1/Main/Annex/", {}, "dcterms:isPartOf", [minted("collection", "Annex")]),
    ("collection", ["Online"], {}, "dcterms:isPartOf", [minted("collection", "Online")]),
    ("institution_category", "University", TWO, "dcterms:type", [concept("institution-category", "University")]),
    ("institution_category", "University", {"institution": "X"}, "dcterms:type", []),
    ("repository_type", "Digital", TWO, "dcterms:type", [concept("repository-type", "Digital")]),
    ("first_indexed", "2025-11-14T19:42:54Z", {}, "dcterms:created", ["2025-11-14T19:42:54Z^^xsd:dateTime"]),
    ("last_indexed", "2025-11-14T19:42:54Z", {}, "dcterms:modified", ["2025-11-14T19:42:54Z^^xsd:dateTime"]),
    ("last_indexed", "yesterday", {}, "dcterms:modified", []),
]  # fmt: skip

SILENT = [
    "title_fullStr", "title_full_unstemmed", "title_auth", "title_sort", "title_in_hierarchy", "author_variant",
    "author2_variant", "author_facet", "author_sort", "author_browse", "long_lat_display", "callnumber-sort",
    "callnumber-search", "dewey-sort", "dewey-search", "dewey-raw", "illustrated", "fulltext", "fulltext_unstemmed",
    "allfields", "allfields_unstemmed", "allfieldsProper", "marc_error", "spellingShingle", "topic_browse",
    "topic_unstemmed", "hierarchy_browse", "publisherStr", "score", "_version_", "fullrecord", "spelling",
    "hierarchy_top_id", "hierarchy_top_title", "hierarchy_parent_title", "hierarchytype", "hierarchy_sequence",
    "work_keys_str_mv", "x_str", "x_str_mv", "x_txt", "x_txt_mv", "x_txtF", "x_txtP", "x_date", "x_isn", "x_geo",
    "x_boolean",
]  # fmt: skip

READ_TOGETHER = ["container_volume", "container_issue", "issn", "isbn", "author2_role", "author2_fuller"]
PLACEHOLDERS = ["", "  ", "[s.n.]", "s.n.", "[S.l.]", "n/a", "N/A", "Unknown", "(:Unav)", "(:unkn)", "-"]


@pytest.mark.parametrize(("field", "value", "others", "predicate", "expected"), OF_RECORD)
def test_field_of_the_record(
    tell: Callable[..., Any], field: str, value: Any, others: Fields, predicate: str, expected: list[str]
) -> None:
    assert tell(**others | {field: value})(predicate) == expected


@pytest.mark.parametrize(("field", "value", "others", "predicate", "expected"), OF_DOCUMENT)
def test_field_of_the_entry(
    tell: Callable[..., Any], field: str, value: Any, others: Fields, predicate: str, expected: list[str]
) -> None:
    assert tell(**others | {field: value}).of_document(predicate) == expected


@pytest.mark.parametrize("field", ["recordtype", "record_format"])
def test_kind_of_source_record_is_said_of_the_source_record(tell: Callable[..., Any], field: str) -> None:
    assert tell(**{field: "marc"}).of_source("dcterms:type") == [concept("recordtype", "marc")]


@pytest.mark.parametrize("field", SILENT)
def test_field_that_says_nothing_is_known_and_says_nothing(
    tell: Callable[..., Any], crosswalk: Crosswalk, field: str
) -> None:
    assert tell(**{field: "A; B"}).triples == tell().triples
    assert crosswalk.fate(field) not in ("mapped", "unknown")


def test_every_field_of_the_tables_has_its_line_here() -> None:
    """A new line of the crosswalk asks for its test."""
    helpers = {"author_orcid_str_mv", "dewey-tens"}
    tested = {row[0] for row in (*OF_RECORD, *OF_DOCUMENT)} | {"recordtype", "record_format", *helpers}
    assert bundled_profile().known_fields() - tested == set()


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_placeholder_in_any_field_is_no_thing(tell: Callable[..., Any], crosswalk: Crosswalk, placeholder: str) -> None:
    """Neither alone nor beside a value, and nothing is reported of it."""
    names = crosswalk.profile.known_fields() - {"id", "title"} | set(READ_TOGETHER)
    told = tell(**{name: [placeholder, placeholder] for name in names})
    assert (told.triples, told.notes) == (tell().triples, [])


MOJIBAKE = "ZÃ¼rich â€“ l’Ã©tÃ©"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (MOJIBAKE, MOJIBAKE),
        ("“smart” ‘quotes’ – dashes…", "“smart” ‘quotes’ – dashes…"),
        ("e\u0301te\u0301", "été"),
        ("a\x00b\x07c\ufeff", "abc"),
        ("AT&amp;T &amp;amp; x", "AT&T &amp; x"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("tab\tand\r\nline", "tab and line"),
    ],
)
def test_titles_are_cleaned_and_not_corrected(tell: Callable[..., Any], text: str, title: str) -> None:
    """What looks wrongly decoded stays: a guess would spoil what is right."""
    assert tell(title=text)("dcterms:title") == [title]


@pytest.mark.parametrize(
    ("field", "value", "others"),
    [
        ("title_old", "Old", BOOK),
        ("title_new", "New", {}),
        ("language", "Klingonese", {}),
        ("long_lat", "ENVELOPE(1,2,91,3)", {}),
        ("container_issue", "7", {"format": "Article"}),
        ("uuid_str_mv", "f81d4fae", {}),
        ("thumbnail", "data:image/png;base64,x", {}),
        ("hierarchy_parent_id", "a\ud800", {}),
    ],
)
def test_what_cannot_be_said_is_reported(tell: Callable[..., Any], field: str, value: str, others: Fields) -> None:
    told = tell(**others | {field: value})
    assert told.notes == [(field, value)]
    assert told.triples == tell(**others).triples


@pytest.mark.parametrize(
    ("value", "notation"), [("PS3552", "PS3552"), ("PS - American Literature", "PS"), ("123.45.I39", "123.45.I39")]
)
@pytest.mark.parametrize(("field", "scheme"), [("callnumber-label", "lcc"), ("dewey-full", "ddc")])
def test_class_is_a_concept_with_its_notation(
    tell: Callable[..., Any], field: str, scheme: str, value: str, notation: str
) -> None:
    told = tell(**{field: value})
    uri = concept(scheme, value)
    assert told("rdf:type", uri) == ["skos:Concept"]
    assert (told("skos:prefLabel", uri), told("skos:notation", uri)) == ([value], [notation])
    assert told("skos:inScheme", uri) == [f"id/scheme/{scheme}"]


def test_earlier_title_is_a_journal(tell: Callable[..., Any]) -> None:
    told, uri = tell(title_old="Old", **SERIAL), minted("journal", "Old")
    assert (told("rdf:type", uri), told("dcterms:title", uri)) == (["bibo:Journal", "schema:Periodical"], ["Old"])


def test_unknown_field_never_fails(crosswalk: Crosswalk) -> None:
    record = Record("r1", {"title": ["T"], "": ["x"], "a b\x00": ["\ud800"]})
    assert crosswalk(record).notes == ()
    assert {crosswalk.fate(name) for name in ("", "a b\x00")} == {"unknown"}
