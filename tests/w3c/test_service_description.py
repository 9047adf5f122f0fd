"""The W3C's three tests of service descriptions, which it tells in words, held on a real edition."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from linkeddata.catalogue import Catalogue
from linkeddata.config import read_settings
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source
from linkeddata.vocabulary.terms import SCHEMA, SD, VOID
from linkeddata.web import create_app

from .suite import MF

BASE = "https://data.example.org/lib/"
ENDPOINT = URIRef(f"{BASE}sparql")
OGC = "http://www.opengis.net/def/"
FORMATS = Namespace("http://www.w3.org/ns/formats/")
TYPES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}
#: The schema (section 3 and http://www.w3.org/ns/sparql-service-description): subject's and value's class, if any.
SCHEMA_OF = {
    SD.endpoint: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.resultFormat: (SD.Service, None),
    SD.defaultEntailmentRegime: (SD.Service, None),
    SD.extensionFunction: (SD.Service, SD.Function),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
}
INDIVIDUALS = {SD.SPARQL11Query: SD.Language, SD.SPARQL10Query: SD.Language}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    data = tmp_path_factory.mktemp("described")
    sample = str(files("linkeddata") / "sample" / "records.jsonl")
    publish(open_source(sample), Catalogue(data), Site(BASE), processes=1)
    app = create_app(read_settings({"store.path": str(data), "site.base_uri": BASE}, {}, here=data))
    yield app
    app.extensions["current"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def description(client: FlaskClient) -> Graph:
    answer = client.get("/lib/sparql", headers={"Accept": "text/turtle"})
    return Graph().parse(data=answer.data, format="turtle")


def test_suite_has_these_three(sparql11: Path) -> None:
    """GET returns RDF, there is a matching endpoint, it conforms to the schema."""
    manifest = Graph().parse(sparql11 / "service-description" / "manifest.ttl")
    names = {str(test).rpartition("#")[2] for test in manifest.subjects(RDF.type, MF.ServiceDescriptionTest)}
    assert names == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


@pytest.mark.parametrize("path", ["/lib/sparql", "/lib/sparql?"])
@pytest.mark.parametrize("accept", TYPES)
def test_returns_rdf(client: FlaskClient, accept: str, path: str) -> None:
    """In every type asked for, with the same number of statements."""
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype, set(answer.vary)) == (200, accept, {"Accept", "Accept-Encoding"})
    plain = client.get("/lib/sparql?format=nt")
    assert len(list(parse(answer.data, TYPES[accept]))) == len(plain.data.splitlines())


def test_has_endpoint_triple(description: Graph) -> None:
    """The endpoint's address is made of the base URI, whatever host was asked."""
    assert [str(uri) for uri in description.objects(None, SD.endpoint)] == [str(ENDPOINT)]


def test_conforms_to_schema(description: Graph) -> None:
    """Every term of the vocabulary is one of it, and joins what it is meant to join."""
    used = {term for triple in description for term in triple if str(term).startswith(str(SD))}
    known = {*SCHEMA_OF, *INDIVIDUALS, SD.Service, SD.Dataset, SD.Graph, SD.NamedGraph, SD.Function}
    assert used <= known
    for subject, predicate, value in description:
        of, to = SCHEMA_OF.get(predicate, (None, None))
        assert of is None or (subject, RDF.type, of) in description
        assert to is None or (value, RDF.type, to) in description or INDIVIDUALS.get(value) == to


def test_says_what_there_is(client: FlaskClient, description: Graph) -> None:
    """The formats by their W3C names, the size of the default graph, and named graphs that answer."""
    assert {FORMATS["N-Quads"], FORMATS.SPARQL_Results_TSV} <= set(description.objects(None, SD.resultFormat))
    (count,) = description.objects(None, VOID.triples)
    asked = client.get("/lib/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"})
    assert asked.get_json(force=True)["results"]["bindings"][0]["n"]["value"] == str(count)
    graph = next(iter(description.objects(None, SD.name)))
    answer = client.get("/lib/sparql", query_string={"query": f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"})
    assert answer.get_json(force=True)["boolean"]


def test_states_limits(description: Graph) -> None:
    """Machines read them as property values."""
    bounds = {str(description.value(one, SCHEMA.propertyID)): description.value(one, SCHEMA.value) for one in
              description.objects(None, SCHEMA.additionalProperty)}  # fmt: skip
    assert isinstance(bounds["rows"], Literal)
    assert {name: float(value) for name, value in bounds.items()} == {
        "time": 30, "rows": 100_000, "answer": 64 << 20, "query": 65_536, "client-time": 60,
    }  # fmt: skip


def test_functions_are_there(client: FlaskClient, description: Graph) -> None:
    """Each that is named gives a value for some geometry, or two."""
    wkt = '"POLYGON((0 0,2 0,2 2,0 2,0 0))"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    line, metre = wkt.replace("POLYGON((", "LINESTRING(").replace("))", ")"), f"<{OGC}uom/OGC/1.0/metre>"
    functions = sorted(map(str, description.objects(None, SD.extensionFunction)))
    calls = (
        f"(COALESCE(<{each}>({wkt}), <{each}>({wkt}, {wkt}), <{each}>({line}, {metre})) AS ?f{number})"
        for number, each in enumerate(functions)
    )
    answer = client.post("/lib/sparql", data={"query": f"SELECT {' '.join(calls)} {{}}"})
    values = answer.get_json(force=True)["results"]["bindings"][0]
    assert [each for number, each in enumerate(functions) if f"f{number}" not in values] == []
    assert len(functions) == 34
