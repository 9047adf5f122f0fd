"""EPrints exports: JSON and XML to one record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.record import Deletion, Record, Refusal, readings_of
from linkeddata.sources import open_source
from linkeddata.sources.eprints import FORMATS, read_eprint
from linkeddata.sources.solr_file import cut_solr
from linkeddata.sources.xml_file import read_xml

URI = "https://eprints.example.org/id/eprint/7"
ARTICLE: dict[str, Any] = {
    "eprintid": 7,
    "uri": URI,
    "eprint_status": "archive",
    "type": "article",
    "title": "On water",
    "creators": [
        {"name": {"family": "Waring", "given": "Justin"}, "id": "j@example.org"},
        {"name": {"family": "Smith", "given": "Ann", "honourific": "Dr"}, "orcid": "0000-0002-1825-0097"},
    ],
    "editors": [{"name": {"family": "King", "given": "Martin", "lineage": "Jr."}}],
    "contributors": [{"type": "http://www.loc.gov/loc.terms/relators/THS", "name": {"family": "Lee", "given": "Bo"}}],
    "corp_creators": ["The Group"],
    "date": 2019,
    "date_type": "published",
    "lastmod": "2019-10-04 15:23:43",
    "datestamp": "2019-10-01 00:00:00",
    "publication": "Water Research",
    "volume": 7,
    "number": "2",
    "pagerange": "192-200",
    "issn": "0043-1354; 1879-2448",
    "id_number": "doi:10.5555/ABC",
    "official_url": "https://doi.org/10.5555/abc",
    "publisher": "Pergamon",
    "abstract": "About.",
    "keywords": "water; ice\nsteam",
    "subjects": ["QA75"],
    "divisions": ["sch_x"],
    "refereed": "TRUE",
    "documents": [{"docid": 1, "language": "en"}],
}
EXPECTED = {
    "title": ["On water"],
    "description": ["About."],
    "publisher": ["Pergamon"],
    "author": ["Waring, Justin", "Smith, Dr Ann"],
    "author_orcid_str_mv": ["", "0000-0002-1825-0097"],
    "author2": ["King, Martin, Jr.", "Lee, Bo"],
    "author2_role": ["editor", "ths"],
    "author_corporate": ["The Group"],
    "publishDate": ["2019"],
    "first_indexed": ["2019-10-01T00:00:00Z"],
    "last_indexed": ["2019-10-04T15:23:43Z"],
    "container_title": ["Water Research"],
    "container_volume": ["7"],
    "container_issue": ["2"],
    "container_start_page": ["192"],
    "container_end_page": ["200"],
    "issn": ["0043-1354", "1879-2448"],
    "doi_str_mv": ["10.5555/ABC"],
    "url": [URI, "https://doi.org/10.5555/abc"],
    "topic": ["water; ice", "steam"],
    "format": ["Article"],
    "recordtype": ["eprints"],
}


def fields(**changes: object) -> dict[str, list[str]]:
    """The fields of the article with some values changed; None takes one away."""
    reading = read_eprint({**ARTICLE, **changes}, "f:1")
    assert isinstance(reading, Record)
    return {name: list(values) for name, values in reading.fields.items()}


def xml_of(value: Any, name: str) -> str:
    """The XML that EPrints writes for a value of its JSON."""
    if isinstance(value, dict):
        inner = "".join(xml_of(each, key) for key, each in value.items())
    elif isinstance(value, list):
        inner = "".join(xml_of(each, "item") for each in value)
    else:
        inner = str(value).replace("&", "&amp;")
    return f"<{name}>{inner}</{name}>"


def test_article_is_the_same_from_json_and_xml() -> None:
    """Both exports give one record, field for field."""
    about = {key: value for key, value in ARTICLE.items() if key != "uri"}
    inner = "".join(xml_of(value, key) for key, value in about.items())
    xml = f'<eprints xmlns="http://eprints.org/ep2/data/2.0"><eprint id="{URI}">{inner}</eprint></eprints>'
    from_json = list(readings_of(cut_solr(iter([json.dumps([ARTICLE], indent=2).encode()]), "f")))
    from_xml = list(read_xml(iter([xml.encode()]), "f"))
    assert from_json == from_xml
    [record] = from_json
    assert isinstance(record, Record)
    assert (record.id, record.datestamp) == ("oai:eprints.example.org:7", "2019-10-04T15:23:43Z")
    assert record.fields == EXPECTED


@pytest.mark.parametrize(
    ("record", "own_id"),
    [
        ({"eprintid": 7, "uri": URI}, "oai:eprints.example.org:7"),
        ({"eprintid": "007", "uri": "http://Eprints.Example.ORG:8080/7/"}, "oai:eprints.example.org:007"),
        ({"eprintid": 7}, "eprints-7"),
        ({"eprintid": 7, "uri": "http://[half"}, "eprints-7"),
        ({"creators": [], "doi": "https://doi.org/10.5555/x"}, "doi:10.5555/x"),
    ],
)
def test_id_is_that_of_the_sites_own_oai_pmh(record: dict[str, Any], own_id: str) -> None:
    """Two sites never meet; without a number the DOI names the record."""
    assert read_eprint(record, "f:1").id == own_id


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"eprint_status": "deletion"}, Deletion("oai:eprints.example.org:7", "2019-10-04T15:23:43Z")),
        ({"eprint_status": "inbox"}, Refusal("f:1", "not public: eprint_status is 'inbox'", ARTICLE["uri"])),
        ({"eprint_status": "buffer"}, Refusal("f:1", "not public: eprint_status is 'buffer'", ARTICLE["uri"])),
        ({"metadata_visibility": "hide"}, Refusal("f:1", "not public: metadata_visibility is 'hide'", "")),
        ({"eprintid": None, "id_number": ""}, Refusal("f:1", "neither an eprintid nor a DOI that could name it", "")),
    ],
)
def test_what_is_not_public_is_not_published(changes: dict[str, Any], expected: Deletion | Refusal) -> None:
    """A deleted one is a deletion, one in review is refused with its status."""
    reading = read_eprint({**ARTICLE, **changes}, "f:1")
    if isinstance(expected, Refusal):
        assert isinstance(reading, Refusal) and reading.reason[:30] == expected.reason[:30]
    else:
        assert reading == expected


@pytest.mark.parametrize(("kind", "name"), FORMATS.items())
def test_types_have_the_names_eprints_shows(kind: str, name: str) -> None:
    """All types of the stock configuration."""
    assert fields(type=kind)["format"] == [name]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"type": "thesis", "thesis_type": "phd"}, "Doctoral Thesis"),
        ({"type": "thesis", "thesis_type": "other"}, "Thesis"),
        ({"type": "monograph", "monograph_type": "technical_report"}, "Technical Report"),
        ({"type": "article", "thesis_type": "phd"}, "Article"),
        ({"type": "oral_history"}, "Oral history"),
    ],
)
def test_kind_of_thesis_or_monograph_is_more_exact(changes: dict[str, Any], name: str) -> None:
    """A local type keeps its own word."""
    assert fields(**changes)["format"] == [name]


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"date": "2019-00-00"}, "publishDate", ["2019"]),
        ({"date": "2019-05-00"}, "publishDate", ["2019-05"]),
        ({"date_type": "submitted"}, "publishDate", None),
        ({"date_type": "completed"}, "publishDate", ["2019"]),
        ({"date": None, "dates": [{"date": "2018", "date_type": "published"}]}, "publishDate", ["2018"]),
        ({"lastmod": "2019-10-04"}, "last_indexed", None),
        ({"id_number": "ExampleOH:OH_X"}, "doi_str_mv", None),
        ({"doi": "10.5555/ABC"}, "doi_str_mv", ["10.5555/ABC"]),
        ({"pagerange": "e17"}, "container_start_page", ["e17"]),
        ({"pagerange": "1-5, 7-9"}, "container_reference", ["1-5, 7-9"]),
        ({"type": "book", "publication": None}, "container_issue", None),
        ({"type": "book_section", "publication": None, "book_title": "Host"}, "container_title", ["Host"]),
        ({"isbn": 9780596520687}, "isbn", ["9780596520687"]),
        ({"pages": 247}, "physical", ["247 p."]),
        ({"creators": [{"name": "Plain, Name"}, "Text, Only", {"name": {}}]}, "author", ["Plain, Name", "Text, Only"]),
        ({"creators": {"name": {"family": "One"}}}, "author", ["One"]),
        ({"title": ["", "Second"]}, "title", ["Second"]),
        ({"volume": True}, "container_volume", None),
    ],
)
def test_odd_values(changes: dict[str, Any], field: str, expected: list[str] | None) -> None:
    """Numbers stay text, cut dates stay cut, what is no date of publication is none."""
    assert fields(**changes).get(field) == expected


def test_real_export_keeps_orcids_beside_their_authors(shared: Path) -> None:
    """Authors without one keep their place."""
    record = next(iter(open_source(str(shared / "data/eprints/caltech_import_24.xml"))))
    assert isinstance(record, Record)
    by_name = dict(zip(record.fields["author"], record.fields["author_orcid_str_mv"], strict=True))
    assert by_name["Schlieder, Joshua E."] == "0000-0001-5347-7062"
    assert by_name["Feinstein, Adina D."] == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "family", "id", "type"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ARTICLE, "dates", "doi", "isbn", "pages", "book_title"]), JSON))
def test_any_object_is_a_record_or_a_refusal(record: dict[str, Any]) -> None:
    """Whatever stands where a text, a list or a name should."""
    reading = read_eprint(record, "f:1")
    assert isinstance(reading, Record | Refusal | Deletion)
    if isinstance(reading, Record):
        assert all(isinstance(value, str) for values in reading.fields.values() for value in values)
