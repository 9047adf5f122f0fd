"""The schema.org view: what crawlers read in the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyld import jsonld as pyld

from linkeddata.representations import rdf
from linkeddata.representations.graph import Graph
from linkeddata.representations.schema_org import schema_org, script_json

BASE = "https://data.example.org/"
GENID = f"{BASE}.well-known/genid/"
SEED = f"{BASE}id/record/nottingham-40697"
PREFIXES = {
    "a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "bibo": "http://purl.org/ontology/bibo/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def long(term: str) -> str:
    """The token of a word: a text, a URI, `a` for rdf:type, a prefixed name, or a name under `http://e/`."""
    prefix, _, local = term.partition(":")
    if term[0] == '"':
        return term
    return f"<{PREFIXES[prefix]}{local}>" if prefix in PREFIXES else f"<{term if local else f'http://e/{term}'}>"


def view(*lines: str, of: str = "r") -> dict[str, Any]:
    """The view of `http://e/r`, a record unless told otherwise; a line is `subject property value`."""
    statements = ["r foaf:isPrimaryTopicOf d", *lines] if of == "r" else lines
    parts = (line.split(" ", 2) for line in statements)
    text = "".join(f"{' '.join(map(long, part))} .\n" for part in parts)
    return schema_org(Graph(rdf.tokens(text.encode(), genid=GENID)), f"http://e/{of}")


def seed_view(gold: bytes, uri: str = SEED) -> dict[str, Any]:
    return schema_org(Graph(rdf.tokens(gold, genid=GENID)), uri)


def test_seed_is_an_article_in_an_issue_of_a_journal(gold: bytes) -> None:
    """Class, title, year, pages, and the whole chain up to the journal."""
    told = seed_view(gold)
    issue = told["isPartOf"]
    assert (told["@type"], told["@id"], told["name"]) == ("ScholarlyArticle", SEED, told["headline"])
    assert (told["datePublished"], told["pagination"]) == ("2017", "1083-1099")
    assert (issue["@type"], issue["issueNumber"]) == ("PublicationIssue", "7")
    assert (issue["isPartOf"]["@type"], issue["isPartOf"]["volumeNumber"]) == ("PublicationVolume", "39")
    assert issue["isPartOf"]["isPartOf"]["name"] == "Sociology of Health and Illness"
    assert issue["isPartOf"]["isPartOf"]["issn"] == "1467-9566"


def test_seed_names_its_authors_in_order(gold: bytes) -> None:
    """As persons, family and given name apart."""
    first, second = seed_view(gold)["author"]
    assert (first["@type"], first["name"], first["familyName"]) == ("Person", "Justin Waring", "Waring")
    assert second["name"] == "Amanda Crompton"


def test_seed_tells_identifiers_links_and_sources(gold: bytes) -> None:
    """DOI, full text, subjects, publisher, and who made this description when."""
    told = seed_view(gold)
    assert told["identifier"] == {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1111/1467-9566.12560"}
    assert told["sameAs"] == "https://doi.org/10.1111/1467-9566.12560"
    assert told["url"] == "https://eprints.nottingham.ac.uk/40697/"
    assert told["mainEntityOfPage"] == f"{BASE}doc/record/nottingham-40697"
    assert told["keywords"][0] == "Health service organisations"
    assert told["publisher"]["name"] == "Wiley"
    assert told["sdPublisher"]["name"] == "University of Nottingham Malaysia Campus"
    assert told["sdDatePublished"] == "2025-11-14T19:42:54Z"
    assert told["abstract"] == told["description"]


def test_absent_data_is_an_absent_key(gold: bytes) -> None:
    """The seed has no language, editor or licence; a bare record has next to nothing."""
    assert not {"inLanguage", "editor", "translator", "sdLicense", "isbn", "issn"} & seed_view(gold).keys()
    assert view() == {
        "@context": {"@vocab": "http://schema.org/"},
        "@type": "CreativeWork",
        "@id": "http://e/r",
        "mainEntityOfPage": "http://e/d",
    }


def test_view_is_read_without_a_network(gold: bytes) -> None:
    """The context names one vocabulary and no document; every key becomes a property of schema.org."""

    def refuse(url: str, _options: object = None) -> Any:
        raise AssertionError(f"a remote document was asked for: {url}")

    (node,) = pyld.expand(seed_view(gold), {"documentLoader": refuse})
    assert all(key.startswith(("@", "http://schema.org/")) for key in node)


@pytest.mark.parametrize(
    ("lines", "key", "expected"),
    [
        (["r dcterms:identifier \"x1\""], "identifier", "x1"),
        (["r bibo:doi \"10.1/a\"", "r bibo:doi \"10.1/b\""], "identifier", ["10.1/a", "10.1/b"]),
        (["r dcterms:creator o", "o a foaf:Organization", "o foaf:name \"WHO\""], "author", [["Organization", "WHO"]]),
        (["r dcterms:creator o", "o a foaf:Agent", "o foaf:name \"Plato\""], "author", [[None, "Plato"]]),
        (["r dcterms:creator w", "r dcterms:contributor w"], "contributor", None),
        (["r bibo:editor w", "r dcterms:contributor w", "w foaf:name \"E\""], "editor", [None, "E"]),
        (["r bibo:editor w", "r dcterms:contributor w", "w foaf:name \"E\""], "contributor", None),
        (["r dcterms:contributor w", "w foaf:name \"C\""], "contributor", [None, "C"]),
        (["r bibo:translator w", "w foaf:name \"T\""], "translator", [None, "T"]),
        (["r bibo:isbn13 \"9780306406157\""], "isbn", None),
        (["r a schema:Book", "r bibo:isbn13 \"9780306406157\""], "isbn", "9780306406157"),
        (["r a schema:Book", "r bibo:numPages \"312\""], "numberOfPages", 312),
        (["r a schema:Book", "r bibo:edition \"2nd\""], "bookEdition", "2nd"),
        (["r a schema:Periodical", "r bibo:issn \"1467-9566\""], "issn", "1467-9566"),
        (["r bibo:pages \"e12-e20, 5\"", "r bibo:pageStart \"e12\""], "pagination", "e12-e20, 5"),
        (["r bibo:pageStart \"12\""], "pagination", None),
        (["r dcterms:subject c"], "keywords", None),
        (["r dcterms:subject c", "c skos:prefLabel \"Birds\""], "keywords", ["Birds"]),
        (["r a schema:Book", "r a schema:Thesis"], "@type", ["Book", "Thesis"]),
    ],
)  # fmt: skip
def test_property_becomes_a_key(lines: list[str], key: str, expected: Any) -> None:
    """One line a rule; agents as class and name, DOIs as their values."""
    told = view(*lines).get(key)
    if isinstance(told, dict):
        told = [told.get("@type"), told["name"]]
    elif isinstance(told, list) and isinstance(told[0], dict):
        told = [each["value"] if "value" in each else [each.get("@type"), each["name"]] for each in told]
    assert told == expected


@pytest.mark.parametrize(
    ("code", "tag"), [("eng", "en"), ("ger", "de"), ("ang", "ang"), ("und", None), ("nonsense", None)]
)
def test_language_is_a_bcp_47_tag(code: str, tag: str | None) -> None:
    """The two-letter code where there is one; nothing where the language is not known."""
    assert view(f"r dcterms:language http://id.loc.gov/vocabulary/iso639-2/{code}").get("inLanguage") == tag


ISSUE = ["r dcterms:isPartOf i", "i a bibo:Issue", "i a schema:PublicationIssue", "i bibo:issue \"7\""]  # fmt: skip
JOURNAL = ["j a schema:Periodical", "j dcterms:title \"J\""]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "chain"),
    [
        ([*ISSUE, "i bibo:volume \"39\"", "i dcterms:isPartOf j", "r dcterms:isPartOf j", *JOURNAL],
         ["PublicationIssue", "PublicationVolume", "Periodical"]),
        ([*ISSUE, "i dcterms:isPartOf j", *JOURNAL], ["PublicationIssue", "Periodical"]),
        (["r dcterms:isPartOf j", "r bibo:volume \"39\"", *JOURNAL], ["PublicationVolume", "Periodical"]),
        (["r dcterms:isPartOf j", *JOURNAL], ["Periodical"]),
        (["r dcterms:isPartOf j", "r bibo:volume \"2\"", "j a schema:Book", "j dcterms:title \"B\""], ["Book"]),
        (ISSUE, ["PublicationIssue"]),
    ],
)  # fmt: skip
def test_levels_without_data_are_skipped(lines: list[str], chain: list[str]) -> None:
    """Issue, volume and journal, each only where it is known; a book has no volume of this kind."""
    whole, found = view(*lines).get("isPartOf"), []
    while whole:
        found.append(whole["@type"])
        whole = whole.get("isPartOf")
    assert found == chain


@pytest.mark.parametrize(
    ("length", "expected"), [(10, 10 + len("Title. ")), (49, 49 + len("Title. ")), (50, 50), (5000, 5000), (9000, 5000)]
)
def test_description_of_a_dataset_has_the_length_that_is_wanted(length: int, expected: int) -> None:
    """From 50 to 5000 characters, cut at a word; the abstract stays whole."""
    text = ("word " * 2000)[: length - 1] + "."
    told = view("r a schema:Dataset", 'r dcterms:title "Title"', f'r dcterms:abstract "{text}"')
    assert expected - 5 <= len(told["description"]) <= expected
    assert told["abstract"] == text


@pytest.mark.parametrize(("given", "told"), [(100, 100), (101, 100), (3000, 100)])
def test_of_thousands_of_subjects_a_hundred_are_told(given: int, told: int) -> None:
    """As on the page that carries the view."""
    subjects = [f"r dcterms:subject c{number}" for number in range(given)]
    labels = [f'c{number} skos:prefLabel "Subject {number}"' for number in range(given)]
    assert len(view(*subjects, *labels)["keywords"]) == told


def test_description_of_anything_else_is_left_alone() -> None:
    """The limits are those of dataset search only."""
    assert view('r dcterms:description "Short."')["description"] == "Short."


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("id/journal/issn-1467-9566", "Periodical", "Sociology of Health and Illness"),
        ("id/org/wiley-206b7cc7", "Organization", "Wiley"),
        ("id/name/waring-justin-6f2d327e", "Person", "Waring, Justin"),
        ("id/agent/nottingham-40697/waring-justin-6f2d327e", "Person", "Justin Waring"),
        ("id/concept/topic/quality-of-care-ca73edcb", "DefinedTerm", "Quality of care"),
        ("id/collection/online-access-9ac1e626", "Collection", "Online Access"),
    ],
)
def test_other_things_have_a_class_a_name_and_a_url(gold: bytes, path: str, kind: str, name: str) -> None:
    """What is no record is told in few words."""
    told = seed_view(gold, BASE + path)
    assert (told["@type"], told["name"], told["url"]) == (kind, name, BASE + path)


def test_heading_of_something_unknown_is_a_term() -> None:
    """A name that nobody can tell for a person's stays a term."""
    lines = ["n a skos:Concept", 'n skos:prefLabel "Plato"', "n foaf:focus g", "g a foaf:Agent"]
    assert view(*lines, of="n")["@type"] == "DefinedTerm"


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "a & b", "\u2028\u2029", '"\\'])
def test_json_is_safe_inside_a_script_element(text: str) -> None:
    """No character that HTML or an old JavaScript would act on, and the same value when read."""
    written = script_json({"name": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"name": text}
