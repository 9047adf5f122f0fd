"""The table of domains and ranges agrees with the ontologies, and a wrong line is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, VOID

from linkeddata.crosswalk import Crosswalk, Mapping
from linkeddata.crosswalk.domains import bundled_domains, load_domains
from linkeddata.errors import ConfigurationError
from linkeddata.record import Record
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import uri_token
from linkeddata.vocabulary.terms import BIBO

TABLE = ontology.path("domains.toml").read_text("utf-8")


@pytest.mark.parametrize("vocabulary", [DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, VOID], ids=str)
def test_every_property_is_one_of_its_vocabulary(vocabulary: Any) -> None:
    """As rdflib's own lists have it."""
    ours = {token[1:-1] for token in bundled_domains().properties if token.startswith(f"<{vocabulary}")}
    assert ours
    assert ours - set(map(str, dir(vocabulary))) == set()


def test_dublin_core_stands_here_whole() -> None:
    """So that what an operator maps to it can be judged; classes begin with a capital."""
    terms = {str(term) for term in dir(DCTERMS) if str(term).rpartition("/")[2][0].islower()}
    assert terms - {token[1:-1] for token in bundled_domains().properties} == set()


def test_every_property_published_stands_in_the_table(
    translated: list[tuple[Record, Mapping]], crosswalk: Crosswalk
) -> None:
    """What real records come to, and what the crosswalk's tables name besides."""
    said = {predicate for _, mapping in translated for _, predicate, _ in mapping.statements}
    profile = crosswalk.profile
    said |= {rule.predicate for rule in (*profile.record, *profile.document, *profile.source, *profile.about)}
    said |= {predicate for role in profile.roles.values() for predicate in (role.predicate, role.relator) if predicate}
    assert {predicate for predicate in said if bundled_domains().property(predicate) is None} == set()


def test_every_class_of_bibo_in_the_tables_is_one(crosswalk: Crosswalk) -> None:
    formats = crosswalk.profile.formats.values()
    classes = {each for one in formats for each in (*one.types, *one.scholarly, one.edited) if each}
    assert {each for each in classes if each.startswith(f"<{BIBO}")} - bundled_domains().classes == set()


@pytest.mark.parametrize(
    ("each", "over"),
    [
        ("AcademicArticle", ["Article", "Document"]),
        ("Journal", ["Periodical", "Collection"]),
        ("Issue", ["CollectedDocument", "Document"]),
        ("Chapter", ["BookSection", "DocumentPart", "Document"]),
        ("Map", ["Image", "Document"]),
    ],
)
def test_classes_are_closed_upwards(each: str, over: list[str]) -> None:
    found = bundled_domains().over([uri_token(BIBO[each])])
    ours = {token for token in found if token.startswith(f"<{BIBO}")}
    assert ours == {uri_token(BIBO[name]) for name in (each, *over)}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('value = "text", domain = ["bibo"]', "prefixed name"),
        ('value = "text", domain = ["nope:Thing"]', "unknown prefix"),
        ('value = "words"', "none of"),
        ('domain = ["bibo:Document"]', "'value' is missing"),
        ('value = "text", ranges = []', "unknown column 'ranges'"),
        ('value = "text", range = "x"', "a list of texts"),
    ],
)
def test_wrong_line_is_refused_with_its_place(row: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "domains.toml"
    file.write_text(TABLE.replace("[properties.bibo]\n", f"[properties.bibo]\nmistake = {{ {row} }}\n"))
    line = file.read_text().split("mistake")[0].count("\n") + 1
    with pytest.raises(ConfigurationError, match=rf"domains\.toml:{line}: .*{words}"):
        load_domains(file)


def test_unknown_prefix_of_properties_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "domains.toml"
    file.write_text(TABLE + "\n[properties.nope]\n")
    with pytest.raises(ConfigurationError, match="unknown prefix 'nope'"):
        load_domains(file)
