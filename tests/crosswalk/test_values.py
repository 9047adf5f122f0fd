"""Single values: what each way of reading makes of them, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linkeddata.crosswalk.values import collection_title, language_word
from linkeddata.vocabulary.uris import mint

DOI = "10.1111/1467-9566.12560"


@pytest.mark.parametrize(
    ("publisher", "name"),
    [
        ("Wiley", "Wiley"),
        ("Wiley :", "Wiley"),
        ("Wiley,;: ", "Wiley"),
        ("John  Wiley & Sons", "John Wiley & Sons"),
        ("[s.n.],", None),
        (" : ", None),
    ],
)
def test_publisher_is_an_organisation_by_its_exact_name(
    tell: Callable[..., Any], publisher: str, name: str | None
) -> None:
    """Less the punctuation that cataloguers put behind it."""
    told = tell(publisher=publisher)
    assert told("dcterms:publisher") == ([f"id/org/{mint(name)}"] if name else [])
    assert told.all_of("foaf:name") == ([(f"id/org/{mint(name)}", name)] if name else [])


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("Nottingham Research Data Repository", "Nottingham Research Data Repository"),
        ("0/Main/", "Main"),
        ("2/Main/Floor 1/Reading room/", "Reading room"),
        ("24/7", "24/7"),
        ("a/b/", "a/b/"),
        ("0/", ""),
    ],
)
def test_collection_of_a_hierarchy_is_its_last_level(value: str, title: str) -> None:
    assert collection_title(value) == title


def test_building_and_collection_are_collections_of_the_entry(tell: Callable[..., Any]) -> None:
    told = tell(building=["0/Main/", "0/"], collection=["Main", "Online Access"])
    uris = [f"id/collection/{mint('Main')}", f"id/collection/{mint('Online Access')}"]
    assert told.of_document("dcterms:isPartOf") == uris
    assert [told("rdf:type", uri) for uri in uris] == [["dcmitype:Collection"]] * 2
    assert [told("dcterms:title", uri) for uri in uris] == [["Main"], ["Online Access"]]
    assert told("dcterms:isPartOf") == []


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("English", "english"),
        ("en_GB", "en"),
        ("zh-Hant-TW", "zh"),
        ("ENG", "eng"),
        ("Afro-Asiatic languages", "afro-asiatic languages"),
        ("x", "x"),
    ],
)
def test_language_is_looked_up_without_its_region(value: str, word: str) -> None:
    assert language_word(value) == word


def test_language_of_no_table_is_reported(tell: Callable[..., Any]) -> None:
    told = tell(language=["xx", "fi", "unknown"])
    assert told("dcterms:language") == ["http://id.loc.gov/vocabulary/iso639-2/fin"]
    assert told.notes == [("language", "xx")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doi_str_mv", DOI),
        ("doi_str_mv", f"doi:{DOI}"),
        ("doi_str_mv", f"https://doi.org/{DOI}"),
        ("url", f"https://doi.org/{DOI}"),
        ("url", f"http://dx.doi.org/{DOI.upper()}"),
    ],
)
def test_doi_is_an_identifier_wherever_it_stands(tell: Callable[..., Any], field: str, value: str) -> None:
    """In an address too, and then it is no page."""
    told = tell(**{field: [value, value]})
    assert (told("bibo:doi"), told("schema:sameAs"), told("foaf:page")) == ([DOI], [f"https://doi.org/{DOI}"], [])
    assert told.notes == []


def test_handle_address_is_an_identifier(tell: Callable[..., Any]) -> None:
    told = tell(url=["http://hdl.handle.net/2027/mdp.39015", "https://example.org/x"])
    assert told("bibo:handle") == ["2027/mdp.39015"]
    assert told("schema:sameAs") == ["https://hdl.handle.net/2027/mdp.39015"]
    assert told("foaf:page") == ["https://example.org/x"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doi_str_mv", "10.1/x"),
        ("doi_str_mv", "10.1234/\ud800x y"),
        ("oclc_num", "ocm"),
        ("lccn", "x/1"),
        ("issn", "1467-9567"),
    ],
)
def test_false_identifier_is_reported_and_nothing_else(tell: Callable[..., Any], field: str, value: str) -> None:
    told = tell(**{field: value})
    assert told.triples == tell().triples
    assert told.notes == [(field, value)]


def test_numbers_of_catalogues_lead_there(tell: Callable[..., Any]) -> None:
    told = tell(oclc_num=["(OCoLC)ocm00123"], lccn="n 78-89035")
    assert (told("bibo:oclcnum"), told("bibo:lccn")) == (["123"], ["n78089035"])
    assert told("schema:sameAs") == ["http://www.worldcat.org/oclc/123", "https://lccn.loc.gov/n78089035"]


def test_place_and_period_have_their_classes(tell: Callable[..., Any]) -> None:
    told = tell(geographic="Yemen.", era="20th century.", genre="Novels", series="Lecture notes")
    place, period = f"id/place/{mint('Yemen')}", f"id/concept/era/{mint('20th century')}"
    assert (told("dcterms:spatial"), told("rdf:type", place)) == ([place], ["dcterms:Location"])
    assert (told("dcterms:temporal"), told("rdf:type", period)) == ([period], ["dcterms:PeriodOfTime"])
    assert told("skos:inScheme", period) == ["id/scheme/era"]
    assert told("dcterms:type") == [f"id/concept/genre/{mint('Novels')}"]
    assert told("rdf:type", told("dcterms:isPartOf")[0]) == ["bibo:Series", "schema:CreativeWorkSeries"]


def test_abstract_keeps_its_lines_and_loses_its_tags(tell: Callable[..., Any]) -> None:
    told = tell(description="<p>One  <i>two</i></p>\n<p>&lt;three&gt;</p>", recordtype="eprints")
    assert told("dcterms:abstract") == ["One  two\n\n\n<three>"]
