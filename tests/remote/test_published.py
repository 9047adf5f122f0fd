"""What is published in a server is what is published with stores of our own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pyoxigraph import RdfFormat, parse

from linkeddata.catalogue import Edition
from linkeddata.config import Settings, read_settings
from linkeddata.publish import Site, preview
from linkeddata.record import Deletion, Record
from linkeddata.verify import Answer, Verifier, sample
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.vocabulary.uris import RECORD, Name
from linkeddata.web import create_app

BASE = "https://data.example.org/"
SITE = Site(BASE, "Example")
RESULTS = "application/sparql-results+json"


def test_server_holds_what_the_embedded_store_holds(pair: Any) -> None:
    """Statement by statement, graphs of what was mined and of the vocabulary included."""
    assert pair.agree()


def test_every_record_is_in_the_server_as_map_gives_it(pair: Any, records: list[Record]) -> None:
    """All that the mapping says of each of three hundred records; there are no blank nodes in a store."""
    held = pair.live.quads()
    for _, mapped in preview(records, SITE):  # type: ignore[misc]
        said = ntriples.text(mapped.statements).encode()
        assert set(parse(said, RdfFormat.N_TRIPLES)) <= held


def settings(data: Path, **values: str) -> Settings:
    return read_settings(
        {"store.path": str(data), "site.base_uri": BASE, "sparql.timeout": 60, "sparql.queue_seconds": 60, **values},
        {},
        here=data,
    )


@pytest.fixture(scope="module")
def sites(pair: Any) -> Iterator[tuple[Flask, Flask]]:
    """The two as sites."""
    server = pair.live.server
    there = {
        "store.endpoint": server.endpoint,
        "store.update_endpoint": server.update_endpoint,
        "store.graph": server.graph,
    }
    apps = create_app(settings(pair.embedded)), create_app(settings(pair.remote, **there))
    yield apps
    for app in apps:
        app.extensions["current"].close()


@dataclass(frozen=True)
class Asking:
    """Asks a site for `linkeddata verify`."""

    app: Flask

    def get(self, address: str) -> Answer:
        answer = self.app.test_client().get(f"/{address}")
        return Answer(answer.status_code, answer.headers["Content-Type"], answer.data)

    def query(self, text: str) -> Answer:
        answer = self.app.test_client().post("/sparql", data={"query": text}, headers={"Accept": RESULTS})
        return Answer(answer.status_code, answer.headers["Content-Type"], answer.data)


KINDS = ("record", "name", "journal", "concept", "org")


def test_documents_are_those_of_the_embedded_store(pair: Any) -> None:
    """Of every record, and of a dozen things of each kind that can be browsed, with all their pages."""
    here, there = (catalogue.current() for catalogue in pair.catalogues)
    uris = [f"{BASE}id/scheme/topic", *(row.uri for kind in KINDS for row in here.listing(kind, page=1).rows[:12])]
    names = [here.uris.name(uri) for uri in uris] + [Name(RECORD, identifier) for identifier in here.ids()]
    for name in filter(None, names):
        assert told(here, name) == told(there, name) != set()


def test_examples_are_those_of_the_embedded_store(pair: Any) -> None:
    """By the names that they have in the graph, though the server is not asked for them."""
    here, there = (catalogue.current() for catalogue in pair.catalogues)
    assert here.samples == there.samples
    assert here.samples.keys() >= {"record", "author"}


def told(edition: Edition, name: Name) -> set[bytes]:
    """What all pages of a document say."""
    lines: set[bytes] = set()
    page: int | None = 1
    while page and (found := edition.describe(name, page=page)):
        lines |= set(found.statements.splitlines())
        page = page + 1 if found.more else None
    return lines


def test_lists_to_browse_are_those_of_the_embedded_store(pair: Any) -> None:
    here, there = (catalogue.current() for catalogue in pair.catalogues)
    assert here.counts == there.counts
    assert [here.listing(kind, page=1) for kind in KINDS] == [there.listing(kind, page=1) for kind in KINDS]


@pytest.mark.parametrize("extension", ["html", "ttl", "jsonld", "nt", "rdf"])
def test_pages_of_a_site_are_those_of_the_embedded_store(sites: tuple[Flask, Flask], pair: Any, extension: str) -> None:
    """The same bytes of a record, and as many of a journal, in every format."""
    edition = pair.catalogues[0].current()
    path = f"/doc/record/{next(edition.ids())}.{extension}"
    one, other = (app.test_client().get(path) for app in sites)
    moments = [catalogue.current().issued.encode() for catalogue in pair.catalogues]
    assert (one.status_code, other.status_code) == (200, 200)
    assert shown(one.data, moments[0]) == shown(other.data, moments[1])


def shown(page: bytes, issued: bytes) -> bytes:
    """A page without the line that says when its edition was issued."""
    return b"".join(line for line in page.splitlines() if issued not in line)


QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a bibo:Article }",
    "SELECT ?type (COUNT(?s) AS ?n) { ?s a ?type } GROUP BY ?type",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p",
    "SELECT ?title { ?s a bibo:Article ; dcterms:title ?title } ORDER BY STR(?title) LIMIT 10",
    "SELECT DISTINCT ?year { ?s dcterms:issued ?year }",
    "SELECT (MIN(STR(?y)) AS ?first) (MAX(STR(?y)) AS ?last) { ?s dcterms:issued ?y }",
    "SELECT ?s ?doi { ?s bibo:doi ?doi }",
    "SELECT ?name (COUNT(?w) AS ?n) { ?w dcterms:creator/foaf:name ?name } GROUP BY ?name HAVING (COUNT(?w) > 1)",
    "SELECT ?s { ?s dcterms:title ?t FILTER(CONTAINS(LCASE(STR(?t)), 'translation')) }",
    "SELECT ?s { ?s dcterms:title ?t FILTER REGEX(STR(?t), '^[A-C]') }",
    "SELECT ?s ?lang { ?s dcterms:title ?t BIND(LANG(?t) AS ?lang) }",
    "SELECT ?s ?abstract { ?s a bibo:Article OPTIONAL { ?s dcterms:abstract ?abstract } }",
    "SELECT ?s { ?s a bibo:Article FILTER NOT EXISTS { ?s bibo:doi ?doi } }",
    "SELECT ?s { ?s a bibo:Article MINUS { ?s dcterms:abstract ?abstract } }",
    "SELECT ?j (COUNT(?s) AS ?n) { ?s dcterms:isPartOf ?j } GROUP BY ?j",
    "SELECT ?first { ?s bibo:authorList/rdf:first/foaf:name ?first }",
    "SELECT (COUNT(?name) AS ?n) { ?s bibo:authorList/rdf:rest*/rdf:first/foaf:name ?name }",
    "SELECT DISTINCT ?a ?b { ?s dcterms:creator ?a, ?b FILTER(STR(?a) < STR(?b)) }",
    "SELECT ?label { ?c skos:inScheme <https://data.example.org/id/scheme/topic> ; skos:prefLabel ?label }",
    "SELECT ?s ?o { VALUES ?type { bibo:Article bibo:Book } ?s a ?type ; dcterms:publisher ?o }",
    "SELECT ?x { { ?x a bibo:Journal } UNION { ?x a foaf:Organization } }",
    "SELECT ?p { ?p a foaf:Person ; foaf:familyName 'Müller' }",
    "SELECT ?name { ?p foaf:familyName ?name FILTER(CONTAINS(?name, 'ü') || REGEX(?name, '[^ -~]')) }",
    "SELECT (GROUP_CONCAT(STR(?t); separator=' ') AS ?all) { SELECT DISTINCT ?t { ?s a ?t } ORDER BY ?t }",
    "ASK { ?s a bibo:Journal }",
    "ASK { ?s dcterms:title 'no such title' }",
    "SELECT (COUNT(*) AS ?n) { GRAPH <https://data.example.org/graph/vocab> { ?s ?p ?o } }",
    "SELECT ?s ?p ?o { GRAPH <https://data.example.org/graph/vocab> { ?s ?p ?o } }",
    "SELECT ?s (STRDT(STR(?y), xsd:string) AS ?t) { ?s dcterms:issued ?y FILTER(DATATYPE(?y) = xsd:gYear) }",
)


def asked(app: Flask, query: str, accept: str) -> bytes:
    prefixes = "".join(f"PREFIX {prefix}: <{uri}>\n" for prefix, uri in PREFIXES.items())
    answer = app.test_client().post("/sparql", data={"query": prefixes + query}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers.get("X-Result-Truncated")) == (200, None), answer.text
    return answer.data


@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_those_of_the_embedded_store(sites: tuple[Flask, Flask], query: str) -> None:
    """Through the site's endpoint, row for row; where an order is asked for, in that."""
    here, there = (json.loads(asked(app, query, RESULTS)) for app in sites)
    if "boolean" in here:
        assert here == there
        return
    rows = [[json.dumps(row, sort_keys=True) for row in found["results"]["bindings"]] for found in (here, there)]
    assert rows[0] == rows[1] if query.find("} ORDER BY") > 0 else Counter(rows[0]) == Counter(rows[1])


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples"])
def test_constructed_graphs_are_those_of_the_embedded_store(sites: tuple[Flask, Flask], accept: str) -> None:
    query = "CONSTRUCT { ?s dcterms:title ?t ; dcterms:creator ?a } { ?s dcterms:title ?t ; dcterms:creator ?a }"
    form = RdfFormat.from_media_type(accept)
    one, other = (set(parse(asked(app, query, accept), form)) for app in sites)
    assert one == other


def test_verifying_finds_no_fault(sites: tuple[Flask, Flask], pair: Any) -> None:
    """Virtuoso does not find a string again that a table of values gives, and yet has it."""
    edition = pair.catalogues[1].current()
    verifier = Verifier(edition, SITE, Asking(sites[1]))
    for thing in sample(edition, 2, seed=1):
        verifier.verify(thing)
    assert verifier.report.faults == []


def changed(records: list[Record]) -> list[Record | Deletion]:
    """Twenty new ones, ten withdrawn, twenty with another title, publisher and journal than before."""
    others = {"title": ["Another title"], "publisher": ["Another"], "container_title": ["Another"]}
    again = [Record(each.id, {**each.fields, **others}, place=each.place) for each in records[20:40]]
    return [*records[60:80], *(Deletion(each.id) for each in records[:10]), *again]


def test_updates_and_rollback_change_the_server_as_the_embedded_store(fresh: Any, records: list[Record]) -> None:
    """After a load, an update, a rollback, and the update again, it holds what the edition served says."""
    fresh.load(records[:60])
    for change in (
        lambda: fresh.update(changed(records)),
        lambda: [catalogue.roll_back() for catalogue in fresh.catalogues],
        lambda: fresh.update(changed(records)),
        lambda: fresh.load(records[40:100]),
    ):
        change()
        assert fresh.agree()
