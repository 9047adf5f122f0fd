"""The W3C's SPARQL 1.1 Protocol tests of queries, replayed; those of updates must be refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from werkzeug.test import TestResponse

from linkeddata.store import Limits, build, open_pool
from linkeddata.web import sparql

from .suite import MF, ROOT, Served

HT = Namespace("http://www.w3.org/2011/http#")
HTS = Namespace("http://www.w3.org/2011/http-statusCodes#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"
LIMITS = Limits(timeout_seconds=20, queue_seconds=20)
TABULAR = "application/sparql-results+json"
TYPES = {"boolean": {TABULAR}, "tabular": {TABULAR}, "RDF": {"text/turtle"}}


@dataclass(frozen=True)
class Exchange:
    """A request of a test, and what is expected of the answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: set[str]
    format: str | None
    boolean: bool | None


def exchanges(graph: Graph, test: Node) -> list[Exchange]:
    """The requests of a test, in order."""
    requests = graph.value(graph.value(test, MF.action), HT.requests)
    return [_exchange(graph, request) for request in Collection(graph, requests)]


def _exchange(graph: Graph, request: Node) -> Exchange:
    def said(subject: Node | None, predicate: URIRef, default: Any = None) -> Any:
        value = graph.value(subject, predicate)
        return default if value is None else value.toPython()  # type: ignore[attr-defined]

    body, answer = graph.value(request, HT.body), graph.value(request, HT.resp)
    listed = graph.value(request, HT.headers)
    headers = Collection(graph, listed) if listed is not None else []
    return Exchange(
        said(request, HT.methodName),
        str(said(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1),
        {said(header, HT.fieldName): said(header, HT.fieldValue) for header in headers},
        str(said(body, CNT.chars, "")).encode(said(body, CNT.characterEncoding, "utf-8")),
        {str(status).rpartition("#")[2] for status in graph.objects(answer, MF.expectedStatus)},
        said(answer, MF.expectedFormat),
        said(answer, MF.expectedBoolean),
    )


@pytest.fixture(scope="module")
def manifest(sparql11: Path) -> Graph:
    return Graph().parse(sparql11 / "protocol" / "manifest.ttl", publicID=f"{ROOT}protocol/manifest.ttl")


@pytest.fixture(scope="module")
def client(sparql11: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """An endpoint on the three graphs of the suite."""
    folder = tmp_path_factory.mktemp("protocol") / "store"

    def quads() -> Iterator[bytes]:
        for name in ("data1", "data2", "data3"):
            read = ox.parse((sparql11 / "protocol" / f"{name}.nt").read_bytes(), ox.RdfFormat.N_TRIPLES)
            graph = ox.NamedNode(f"{DATA}{name}.rdf")
            data = (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in read)
            yield ox.serialize(data, format=ox.RdfFormat.N_QUADS) or b""

    build(folder, quads())
    with open_pool(folder, workers=1, limits=LIMITS) as pool:
        app = Flask("linkeddata.web")
        app.register_blueprint(sparql.blueprint(Served(pool, LIMITS), DATA))  # type: ignore[arg-type]
        yield app.test_client()


def replayed(client: FlaskClient, exchange: Exchange) -> TestResponse:
    """The answer to a request; a body without a type is sent without one."""
    headers = {name.title(): value for name, value in exchange.headers.items()}
    return client.open(exchange.path, method=exchange.method, headers=headers, data=exchange.body or None)


def faults(exchange: Exchange, answer: TestResponse) -> list[str]:
    """What of an answer is not as expected."""
    allowed = {status.removeprefix("StatusCode")[0] for status in exchange.statuses}
    found = [] if str(answer.status_code)[0] in allowed else [f"status {answer.status_code}"]
    if exchange.format and answer.mimetype not in TYPES[exchange.format]:
        found.append(f"type {answer.mimetype}")
    if exchange.boolean is not None and answer.get_json(force=True).get("boolean") is not exchange.boolean:
        found.append("another truth value")
    return found


def test_all_of_queries_pass_and_all_updates_are_refused(manifest: Graph, client: FlaskClient) -> None:
    """Seven of the 34 tests update a store, which this endpoint refuses; of the others none fails."""
    wrong: dict[str, Any] = {}
    refused = []
    for test in manifest.subjects(RDF.type, MF.ProtocolTest):
        name = str(test).rpartition("#")[2]
        (first, answer), *_ = [(each, replayed(client, each)) for each in exchanges(manifest, test)]
        if name.startswith("update_"):
            refused.append(answer.status_code)
        elif found := faults(first, answer):
            wrong[name] = found
    assert wrong == {}
    assert refused == [403] * 7


def test_suite_is_whole(manifest: Graph) -> None:
    """34 tests, so that none is lost by a change of how they are read."""
    assert len(set(manifest.subjects(RDF.type, MF.ProtocolTest))) == 34
