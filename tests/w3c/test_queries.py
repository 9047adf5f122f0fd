"""The W3C's SPARQL 1.1 suites of queries and results, each test a request to our endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from linkeddata.store import Limits, build, open_pool
from linkeddata.web import sparql

from . import suite
from .suite import Case, Served

#: The tests that fail, each with its reason; the engine fails all of them by itself, too.
MISSES = {
    "aggregates/agg-groupconcat-04": "GROUP_CONCAT of texts in one language gives a text in it, as SPARQL 1.2 has it",
    "aggregates/agg-groupconcat-06": "the same, where the texts are in one language by chance",
    "aggregates/agg-empty-group-count-graph": "a sub-select that counts within GRAPH ?g counts once for all graphs",
    "bindings/graph": "VALUES within GRAPH ?g gives each row once, and not once for each graph",
    "csv-tsv-res/tsv03": "derived types of integers come back as xsd:integer",
    "functions/bnode01": "BNODE(text) gives the same blank node in every row",
    "negation/graph-minus": "MINUS within GRAPH ?g takes away rows that share only ?g",
    "property-path/zero_or_more_set_end": "a path of length zero does not begin at a term that the graph does not hold",
    "property-path/zero_or_more_set_start": "the same, at the other end",
    "property-path/zero_or_one_set_end": "the same, for an optional step",
    "property-path/zero_or_one_set_start": "the same, for an optional step at the other end",
}
LIMITS = Limits(timeout_seconds=20, queue_seconds=20)
ACCEPT = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "ttl": "application/sparql-results+xml, text/turtle",
    "": "application/sparql-results+json, text/turtle",
}


@pytest.fixture(scope="module")
def cases(sparql11: Path) -> list[Case]:
    manifests = ("manifest-sparql11-query.ttl", "manifest-sparql11-results.ttl")
    return [case for manifest in manifests for case in suite.cases(sparql11, manifest)]


@pytest.fixture(scope="module")
def clients(
    sparql11: Path, cases: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, FlaskClient]]:
    """An endpoint for each base of queries, all on one store of the whole suite's data."""
    folder = tmp_path_factory.mktemp("w3c") / "store"
    build(folder, suite.quads(sparql11, cases))
    with open_pool(folder, workers=1, limits=LIMITS) as pool:
        yield {base: _client(Served(pool, LIMITS), base) for base in {case.base for case in cases}}


def _client(served: Served, base: str) -> FlaskClient:
    app = Flask("linkeddata.web")
    app.register_blueprint(sparql.blueprint(served, base))  # type: ignore[arg-type]
    return app.test_client()


def asked(client: FlaskClient, case: Case, text: str) -> TestResponse:
    """The answer to a test's query; its dataset is named by the protocol, unless the query names it."""
    # A file of data without any statement is the default graph of the store, which has none either.
    default = [uri for uri in case.default if not uri.endswith("/empty.ttl")]
    named = {} if "FROM <" in text else {"default-graph-uri": default, "named-graph-uri": list(case.named)}
    accept = ACCEPT[case.result.rpartition(".")[2]]
    return client.post("/sparql", data={"query": text, **named}, headers={"Accept": accept})


def fault(case: Case, client: FlaskClient, sparql11: Path) -> str:
    """What is wrong with the answer to a test; empty where nothing is."""
    text = suite.file_of(sparql11, case.query).read_text("utf-8")
    answer = asked(client, case, text)
    if not case.result:
        return fault_of_syntax(case, answer)
    if answer.status_code != 200:
        return f"status {answer.status_code}: {answer.get_data(as_text=True)[:200]}"
    expected = suite.file_of(sparql11, case.result).read_bytes()
    if answer.mimetype == "text/turtle":
        same = suite.graph(answer.data, case.base) == suite.graph(expected, case.base)
    else:
        same = tables(answer.data, expected, case, ordered="ORDER BY" in text)
    return "" if same else f"another answer: {answer.get_data(as_text=True)[:1000]}"


def tables(found: bytes, expected: bytes, case: Case, *, ordered: bool) -> bool:
    """Whether a table is the one expected, which may be written as a graph."""
    extension = case.result.rpartition(".")[2]
    written = "srx" if extension == "ttl" else extension
    told = suite.table(found, written, case.base, ordered=ordered)
    return bool(told == suite.table(expected, extension, case.base, ordered=ordered))


def fault_of_syntax(case: Case, answer: TestResponse) -> str:
    """A query that is well-formed may call a function that nobody knows, which is no matter of syntax."""
    well_formed = answer.status_code == 200 or b"is not known here" in answer.data
    refused = answer.status_code == 400 and not well_formed
    right = refused if case.expects_refusal else well_formed
    return "" if right else f"status {answer.status_code}: {answer.get_data(as_text=True)[:200]}"


def test_all_tests_but_those_named_pass(cases: list[Case], clients: dict[str, FlaskClient], sparql11: Path) -> None:
    """Of 338, as many as the engine can; what fails is what the table says, no more and no less."""
    faults = {case.name: found for case in cases if (found := fault(case, clients[case.base], sparql11))}
    assert len(cases) == 338
    assert {name: said for name, said in faults.items() if name not in MISSES} == {}
    assert faults.keys() == MISSES.keys()
    assert len(cases) - len(faults) >= 327
