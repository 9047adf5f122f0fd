"""Authors, contributors and bodies: who is minted, listed, and with which role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linkeddata.vocabulary.uris import mint

WARING, CROMPTON = f"id/agent/r1/{mint('Waring, Justin')}", f"id/agent/r1/{mint('Crompton, Amanda')}"
AUTHORS = ["Waring, Justin", "Crompton, Amanda"]
ORCID = "0000-0002-1825-0097"


def members(told: Any, predicate: str) -> list[str]:
    """What a list holds, walked cell by cell to its end."""
    found, heads = [], told(predicate)
    while heads and heads != ["rdf:nil"]:
        [cell] = heads
        found += told("rdf:first", cell)
        heads = told("rdf:rest", cell)
    return found


def test_authors_are_creators_and_listed_in_order(tell: Callable[..., Any]) -> None:
    told = tell(author=AUTHORS)
    assert told("dcterms:creator") == members(told, "bibo:authorList") == [WARING, CROMPTON]
    assert told("dcterms:contributor") == []


def test_repeated_author_is_one_agent_listed_twice(tell: Callable[..., Any]) -> None:
    told = tell(author=[*AUTHORS, AUTHORS[0]])
    assert told("dcterms:creator") == [WARING, CROMPTON]
    assert members(told, "bibo:authorList") == [WARING, CROMPTON, WARING]


@pytest.mark.parametrize("kind", ["Journal", "Serial", "Newspaper", "Magazine", "Website"])
def test_collections_have_no_author_list(tell: Callable[..., Any], kind: str) -> None:
    told = tell(author=AUTHORS, author2="A, B", author2_role="edt", format=kind)
    assert told("bibo:authorList") == told("bibo:editorList") == told.all_of("rdf:first") == []
    assert told("dcterms:creator") == [WARING, CROMPTON]
    assert len(told("bibo:editor")) == 1


@pytest.mark.parametrize(
    ("name", "kind", "parts"),
    [
        (
            "Waring, Justin",
            "foaf:Person",
            {"foaf:name": "Justin Waring", "foaf:familyName": "Waring", "foaf:givenName": "Justin"},
        ),
        (
            "Smith, Dr John, Jr.",
            "foaf:Person",
            {"foaf:name": "John Smith Jr.", "bibo:prefixName": "Dr", "bibo:suffixName": "Jr."},
        ),
        ("Plato", "foaf:Agent", {"foaf:name": "Plato"}),
        ("Smith,", "foaf:Agent", {"foaf:name": "Smith"}),
    ],
)
def test_agent_keeps_its_heading_and_has_its_parts(
    tell: Callable[..., Any], name: str, kind: str, parts: dict[str, str]
) -> None:
    told = tell(author=name)
    [uri] = told("dcterms:creator")
    assert told("rdf:type", uri) == [kind]
    assert told("rdfs:label", uri) == [name]
    assert {predicate: told(predicate, uri) for predicate in parts} == {key: [value] for key, value in parts.items()}


def test_heading_ties_the_name_to_its_agent(tell: Callable[..., Any]) -> None:
    told = tell(author="Waring, Justin", author2="Waring, Justin")
    heading = f"id/name/{mint('Waring, Justin')}"
    assert told("skos:prefLabel", heading) == ["Waring, Justin"]
    assert told("skos:inScheme", heading) == ["id/scheme/name"]
    assert told("foaf:focus", heading) == told("dcterms:creator") == told("dcterms:contributor") == [WARING]


@pytest.mark.parametrize("placeholder", ["", "-", "[s.n.]", "unknown", "\x00"])
def test_placeholder_is_nobody_and_moves_nobody(tell: Callable[..., Any], placeholder: str) -> None:
    """The role and the ORCID iD of the next one stay his."""
    told = tell(
        author=[placeholder, AUTHORS[1]],
        author_orcid_str_mv=["", ORCID],
        author2=[placeholder, AUTHORS[0]],
        author2_role=["", "trl"],
    )
    assert told("dcterms:creator") == [f"id/agent/orcid-{ORCID}"]
    assert told("bibo:translator") == told("dcterms:contributor") == [WARING]


def test_field_without_a_name_is_nobodys(tell: Callable[..., Any]) -> None:
    """Of people who have no field of ORCID iDs it holds none, whatever stands in it."""
    told = tell(author_corporate="University of York", **{"": [ORCID]})
    assert told("dcterms:creator") == [f"id/agent/r1/{mint('University of York')}"]
    assert tell(author_corporate="University of York", **{"": ["x"]}).notes == []


def test_orcid_makes_an_agent_the_same_everywhere(tell: Callable[..., Any]) -> None:
    told = tell(author=AUTHORS, author_orcid_str_mv=["0000-0002-1825-0098", ORCID, "too many"])
    assert told("dcterms:creator") == [WARING, f"id/agent/orcid-{ORCID}"]
    assert told("schema:sameAs", f"id/agent/orcid-{ORCID}") == [f"https://orcid.org/{ORCID}"]
    assert told.notes == [("author_orcid_str_mv", "0000-0002-1825-0098")]


@pytest.mark.parametrize(
    ("field", "fuller", "expected"),
    [
        ("author", ["Waring, Justin J.", "Crompton, A."], ["Waring, Justin J."]),
        ("author2", ["Waring, Justin J.", ""], ["Waring, Justin J."]),
        ("author", ["Waring, Justin J."], []),
        ("author", ["Waring, Justin J.", "", ""], []),
        ("author", ["Waring,  Justin", "unknown"], []),
    ],
)
def test_fuller_form_is_another_label_of_the_heading(
    tell: Callable[..., Any], field: str, fuller: list[str], expected: list[str]
) -> None:
    """Only when as many as the names, because nothing else tells whose they are."""
    told = tell(**{field: AUTHORS, f"{field}_fuller": fuller})
    assert told("skos:altLabel", f"id/name/{mint(AUTHORS[0])}") == expected


def test_equal_names_in_one_record_are_one_agent(tell: Callable[..., Any]) -> None:
    """Also where only the first of them came with an ORCID iD."""
    told = tell(author=AUTHORS[0], author_orcid_str_mv=ORCID, author2=AUTHORS[0])
    assert told("dcterms:contributor") == told("dcterms:creator") == [f"id/agent/orcid-{ORCID}"]


@pytest.mark.parametrize(
    ("role", "kind", "predicate"),
    [
        ("edt", "Book", "bibo:editor"),
        ("Editor.", "Book", "bibo:editor"),
        ("trl", "Book", "bibo:translator"),
        ("pro", "Video", "bibo:producer"),
        ("drt", "Video", "bibo:director"),
        ("director", "Video", "bibo:director"),
        ("drt", "Book", "rel:drt"),
        ("ths", "Thesis", "rel:ths"),
        ("Thesis advisor", "Thesis", "rel:ths"),
        ("interviewee", "Book", "rel:ive"),
        ("ivr", "Book", "rel:ivr"),
        ("arc", "Book", "rel:arc"),
        ("Author of afterword, colophon, etc.", "Book", "rel:aft"),
    ],
)
def test_known_role_has_its_property(tell: Callable[..., Any], role: str, kind: str, predicate: str) -> None:
    """And everybody is a contributor besides."""
    told = tell(author2="Waring, Justin", author2_role=role, format=kind)
    assert told(predicate) == told("dcterms:contributor") == [WARING]
    assert told.notes == []


@pytest.mark.parametrize(("role", "notes"), [("wizard", [("author2_role", "wizard")]), ("", []), ("unknown", [])])
def test_unknown_role_is_no_role(tell: Callable[..., Any], role: str, notes: list[tuple[str, str]]) -> None:
    told = tell(author2="Waring, Justin", author2_role=[role])
    assert told.notes == notes
    assert told("dcterms:contributor") == [WARING]
    assert sum(value.endswith(WARING) and by == told.subject for by, _, value in told.triples) == 1


def test_editors_are_listed_in_order(tell: Callable[..., Any]) -> None:
    """Those of all fields together, in one list, and nobody else."""
    told = tell(
        author_corporate="Body",
        author_corporate_role="edt",
        author="X, Y",
        author2=[*AUTHORS, "Plato"],
        author2_role=["edt", "trl", "editor"],
    )
    editors = [f"id/agent/r1/{mint('Body')}", WARING, f"id/agent/r1/{mint('Plato')}"]
    assert members(told, "bibo:editorList") == told("bibo:editor") == editors
    assert len(members(told, "bibo:authorList")) == 1


@pytest.mark.parametrize(
    ("fields", "creators", "contributors"),
    [
        ({}, ["Body"], []),
        ({"author": "X, Y"}, ["X, Y"], ["Body"]),
        ({"author": "X, Y", "author_corporate_role": "aut"}, ["X, Y", "Body"], []),
        ({"author": "X, Y", "author_corporate_role": "Creator."}, ["X, Y", "Body"], []),
        ({"author": "X, Y", "author_corporate_role": "fnd"}, ["X, Y"], ["Body"]),
        ({"author": "[s.n.]"}, ["Body"], []),
    ],
)
def test_body_creates_by_its_role_or_where_nobody_else_does(
    tell: Callable[..., Any], fields: dict[str, str], creators: list[str], contributors: list[str]
) -> None:
    told = tell(author_corporate="Body", **fields)
    body = f"id/agent/r1/{mint('Body')}"
    assert told("dcterms:creator") == [f"id/agent/r1/{mint(name)}" for name in creators]
    assert told("dcterms:contributor") == [f"id/agent/r1/{mint(name)}" for name in contributors]
    assert told("rdf:type", body) == ["foaf:Organization"]
    assert told("rel:fnd") == ([body] if fields.get("author_corporate_role") == "fnd" else [])


def test_role_of_an_author_stands_beside_the_creator(tell: Callable[..., Any]) -> None:
    """That an author is an author goes without saying."""
    told = tell(author=AUTHORS, author_role=["aut", "ill"])
    assert told("dcterms:creator") == [WARING, CROMPTON]
    assert (told("rel:ill"), told("rel:aut")) == ([CROMPTON], [])


def test_additional_authors_are_contributors(tell: Callable[..., Any]) -> None:
    assert tell(author_additional="Waring, Justin")("dcterms:contributor") == [WARING]
