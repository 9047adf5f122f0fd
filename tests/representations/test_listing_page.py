"""The pages of things that are not records: what is said of them, and what points at them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from linkeddata.representations.listing_page import ThingPage, browse_page, thing_page
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.vocabulary.uris import Name, Uris

from .viewing import URIS, described


def thing(turtle: str, kind: str, key: str, **paging: int) -> ThingPage:
    """The page of a thing that these statements describe."""
    prefixes = "".join(f"@prefix {prefix}: <{uri}> .\n" for prefix, uri in PREFIXES.items())
    triples = Graph().parse(data=f"@base <{URIS.base}> .\n{prefixes}{turtle}", format="turtle")
    more = bool(paging.get("more"))
    return thing_page(described(triples), Name(kind, key), page=paging.get("page", 1), more=more)


@pytest.mark.parametrize(
    ("kind", "key", "badges", "title"),
    [
        ("journal", "issn-1467-9566", ("Journal",), "Sociology of Health and Illness"),
        ("issue", "issn-1467-9566/39-7", ("Issue",), "Sociology of Health and Illness, 39 (7)"),
        ("name", "waring-justin-6f2d327e", ("Name",), "Waring, Justin"),
        ("agent", "nottingham-40697/waring-justin-6f2d327e", ("Person as named in one record",), "Justin Waring"),
        ("org", "wiley-206b7cc7", ("Organisation",), "Wiley"),
        ("concept", "topic/quality-of-care-ca73edcb", ("Subject",), "Quality of care"),
        ("collection", "online-access-9ac1e626", ("Collection",), "Online Access"),
    ],
)
def test_every_kind_of_thing_has_a_page_that_lists_the_record(
    shared: Path, kind: str, key: str, badges: tuple[str, ...], title: str
) -> None:
    """From every thing the seed record mentions a reader comes back to the record."""
    triples = Graph().parse(shared / "seed-record.ttl", format="turtle")
    page = thing_page(described(triples), Name(kind, key))
    assert (page.badges, page.title.value) == (badges, title)
    assert "/id/record/nottingham-40697" in [item.title.href for item in page.items]


def test_scheme_is_named_in_words_and_lists_its_concepts(shared: Path) -> None:
    """No record says how a scheme is called; labels.toml does."""
    triples = Graph().parse(shared / "seed-record.ttl", format="turtle")
    page = thing_page(described(triples), Name("scheme", "topic"))
    assert page.title.value == "Subjects"
    assert len(page.items) == 5


def test_name_page_lists_the_works_of_its_agents_and_not_the_agents() -> None:
    """The agents differ from record to record; the reader wants the works."""
    page = thing(
        """<id/name/n> skos:prefLabel "A, Ann" ; foaf:focus <id/agent/r1/n>, <id/agent/r2/n> .
        <id/record/r1> dcterms:creator <id/agent/r1/n> ; dcterms:title "One" ; dcterms:issued "2001"^^xsd:gYear .
        <id/record/r2> bibo:editor <id/agent/r2/n> ; dcterms:title "Two" . <id/agent/r1/n> foaf:name "Ann A" .""",
        "name",
        "n",
    )
    assert {(item.title.value, item.remarks) for item in page.items} == {("One", "Ann A · 2001"), ("Two", "editor")}
    assert [(row.label, row.values[0].value) for row in page.rows] == [("Same person elsewhere", "none known yet")]
    assert page.is_name


def test_only_three_makers_of_a_work_are_named_in_a_list() -> None:
    """A line of a list stays a line."""
    agents = "".join(
        f'<id/agent/r1/{n}> foaf:name "N{n}" . <id/record/r1> dcterms:creator <id/agent/r1/{n}> .' for n in range(5)
    )
    page = thing(f"<id/record/r1> dcterms:isPartOf <id/journal/j> . {agents}", "journal", "j")
    assert page.items[0].names.endswith(" and others")


def test_values_of_ours_and_of_others_are_named_and_linked() -> None:
    """Rows show the label where the statements tell it, and link only what is safe to click."""
    page = thing(
        """<id/issue/j/1-2> bibo:volume "1" ; bibo:issue "2" ; dcterms:isPartOf <id/journal/j> ;
            schema:sameAs <https://example.org/x>, <javascript:alert(1)> .
        <id/journal/j> dcterms:title "Journal" .""",
        "issue",
        "j/1-2",
    )
    shown = {row.label: [(text.value, text.href) for text in row.values] for row in page.rows}
    assert shown["Part of"] == [("Journal", "/id/journal/j")]
    assert sorted(shown["Same as"]) == [("example.org/x", "https://example.org/x"), ("javascript:alert(1)", None)]


@pytest.mark.parametrize(
    ("page", "more", "previous", "following"),
    [
        (1, 0, None, None),
        (1, 1, None, "/doc/journal/j?page=2"),
        (2, 1, "/doc/journal/j", "/doc/journal/j?page=3"),
        (3, 0, "/doc/journal/j?page=2", None),
    ],
)
def test_long_lists_lead_on_and_back(page: int, more: int, previous: str | None, following: str | None) -> None:
    """The first page has one address only."""
    pager = thing("", "journal", "j", page=page, more=more).pager
    assert (pager.previous, pager.following) == (previous, following)


def test_browse_page_links_within_a_site_under_a_path() -> None:
    """A site at /data/ leads nowhere else."""
    uris = Uris("https://example.org/data/")
    listed = [("https://example.org/data/id/journal/j", "Journal", None)]
    page = browse_page("journal", listed, uris=uris, labels=ontology.labels(), more=True)
    assert page.heading == "Journals"
    assert page.items[0].title.href == "/data/id/journal/j"
    assert page.pager.following == "/data/browse/journal?page=2"


def test_later_page_has_addresses_of_its_own() -> None:
    """Page 2 is not a copy of page 1, in no format."""
    data = thing("", "journal", "j", page=2).data
    assert data.canonical == "https://data.example.org/doc/journal/j?page=2"
    assert data.offers and all(offer.href.endswith("?page=2") for offer in data.offers)
    assert data.uri == "https://data.example.org/id/journal/j"


def test_catalogue_entries_are_listed_as_the_records_they_describe() -> None:
    """A collection, an institution and a kind of source are said of entries; the reader wants the works."""
    entry = "<doc/record/r1> foaf:primaryTopic <id/record/r1> ; prov:wasDerivedFrom <doc/record/r1#source> ."
    through_entry = thing(f"{entry} <doc/record/r1> dcterms:isPartOf <id/collection/c> .", "collection", "c")
    through_source = thing(
        f"{entry} <doc/record/r1#source> dcterms:type <id/concept/recordtype/e> .", "concept", "recordtype/e"
    )
    assert [item.title.href for item in through_entry.items] == ["/id/record/r1"]
    assert [item.title.href for item in through_source.items] == ["/id/record/r1"]
