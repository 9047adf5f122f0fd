"""The description of the dataset says what SPARQL says, and what the dumps really are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.catalogue.dump import Tally
from linkeddata.errors import StoreError
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source
from linkeddata.store import Reader
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import DCAT, DCTERMS, FOAF, RDF, SPDX, VCARD, VOID, shorten

BASE = "https://example.org/data/"
DATASET = URIRef(f"{BASE}id/dataset/catalogue")
SITE = Site(
    BASE, "Test", "https://example.org/licence", publisher="A library", contact="a@example.org", dumps=("nq", "jsonld")
)


@pytest.fixture(scope="module")
def edition(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """An edition of the development records."""
    catalogue = Catalogue(tmp_path_factory.mktemp("void"))
    publish(open_source(str(shared / "data" / "dev.jsonl.gz")), catalogue, SITE, processes=1)
    return catalogue.current()


@pytest.fixture(scope="module")
def graph(edition: Edition) -> Graph:
    """Its description."""
    return Graph().parse(edition.folder / "dataset.nt", format="nt")


@pytest.fixture(scope="module")
def store(edition: Edition) -> Reader:
    return Reader(edition.folder / "store")


@pytest.mark.parametrize(
    ("term", "counted"),
    [
        (VOID.triples, "(COUNT(*) AS ?n) { ?s ?p ?o }"),
        (VOID.distinctSubjects, "(COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        (VOID.entities, f"(COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{BASE}id/')) }}"),
        (VOID.documents, f"(COUNT(*) AS ?n) {{ ?s a <{FOAF.Document}> }}"),
        (VOID.classes, "(COUNT(DISTINCT ?o) AS ?n) { ?s a ?o }"),
        (VOID.properties, "(COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
    ],
)
def test_totals_are_those_of_sparql(graph: Graph, store: Reader, term: URIRef, counted: str) -> None:
    """Each number of the whole is what a query counts in the default graph."""
    assert [(str(graph.value(DATASET, term)),)] == store.rows(f"SELECT {counted}")


@pytest.mark.parametrize(
    ("leads", "names", "counts", "query"),
    [
        (VOID.classPartition, VOID["class"], VOID.entities, "?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x } GROUP BY ?x"),
        (VOID.propertyPartition, VOID.property, VOID.triples, "?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x"),
    ],
)
def test_partitions_are_those_of_sparql(
    graph: Graph, store: Reader, leads: URIRef, names: URIRef, counts: URIRef, query: str
) -> None:
    """Every class with its entities and every property with its triples, and no other."""
    told = {(str(graph.value(part, names)), str(graph.value(part, counts))) for part in graph.objects(DATASET, leads)}
    assert told == set(store.rows(f"SELECT {query}"))
    assert len(told) > 20


@pytest.mark.parametrize("ending", ["nq.gz", "jsonl.gz"])
def test_distribution_is_the_file_it_tells_of(edition: Edition, graph: Graph, ending: str) -> None:
    """Size and checksum of each dump are those of its file, and its address is that of this edition."""
    address = URIRef(f"{BASE}dump/000001-{edition.issued[:10]}.{ending}")
    dump = graph.value(None, DCAT.downloadURL, address)
    body = (edition.folder / f"dump.{ending}").read_bytes()
    assert graph.value(dump, DCAT.byteSize) == Literal(len(body), datatype=XSD.nonNegativeInteger)
    checksum = graph.value(graph.value(dump, SPDX.checksum), SPDX.checksumValue)
    assert str(checksum).lower() == hashlib.sha256(body).hexdigest()
    assert graph.value(dump, DCTERMS.license) == URIRef(SITE.licence)
    assert (DATASET, DCAT.distribution, dump) in graph


def test_every_term_of_the_description_is_explained(graph: Graph) -> None:
    """Each property and class of our vocabularies has a label, so that its page is in words."""
    used = {*graph.predicates(), *graph.objects(None, RDF.type)}
    assert {term for uri in used if (term := shorten(str(uri)))} - ontology.labels().keys() == set()


def test_people_behind_the_data_are_named_where_they_are_set(graph: Graph) -> None:
    """Publisher and contact come from the settings."""
    assert graph.value(graph.value(DATASET, DCTERMS.publisher), FOAF.name) == Literal("A library")
    assert graph.value(graph.value(DATASET, DCAT.contactPoint), VCARD.hasEmail) == URIRef("mailto:a@example.org")


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        (rb'<a:s> <a:p> "<b:o> <b:g> ." .', 1),
        (rb'<a:s> <a:p> "x \" <q> ." <a:g> .', 0),
        (rb'<a:s> <a:p> "back\\" .', 1),
        (rb'<a:s> <a:p> "x"@en-gb <a:g> .', 0),
        (rb'<a:s> <a:p> "1"^^<a:int> .', 1),
        (rb'<a:s> <a:p> "1"^^<a:int> <a:g> .', 0),
        (b"<a:s> <a:p> <a:o> .", 1),
        (b"<a:s> <a:p> <a:o> <a:g> .", 0),
        ('<a:s> <a:p> "\u2028\u0085" .'.encode(), 1),
    ],
)
def test_only_lines_of_the_default_graph_are_counted(line: bytes, counted: int) -> None:
    """What a literal holds is not taken for a graph, nor a graph for an object."""
    tally = Tally()
    tally.add(line + b"\n")
    assert (tally.statements, tally.subjects) == (counted, counted)


def test_line_that_is_none_is_refused() -> None:
    """A count that would be wrong is no count."""
    with pytest.raises(StoreError):
        Tally().add(b"<a:s> <a:p> .\n")
