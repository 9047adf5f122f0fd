"""The W3C's test suites as Python sees them: tests of a manifest, the store of their data, and equality of answers."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib import RDF, XSD, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from linkeddata.catalogue import Edition
from linkeddata.errors import NothingPublished
from linkeddata.store import Limits, Pool

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
#: What stands for the suite's folder in URIs.
ROOT = "http://w3c.example.org/sparql11/"
_DATA = {"ttl": ox.RdfFormat.TURTLE, "rdf": ox.RdfFormat.RDF_XML, "nt": ox.RdfFormat.N_TRIPLES}
_RESULTS = {"srx": ox.QueryResultsFormat.XML, "srj": ox.QueryResultsFormat.JSON, "tsv": ox.QueryResultsFormat.TSV}


@dataclass(frozen=True)
class Case:
    """One test of a query: its kind, the file of the query, the data of the dataset and the file of the result."""

    name: str
    kind: str
    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    result: str = ""

    @property
    def base(self) -> str:
        """What relative URIs of the query begin with: the folder's URI."""
        return self.query.rpartition("/")[0] + "/"

    @property
    def expects_refusal(self) -> bool:
        return self.kind.startswith("Negative")


@dataclass
class Served:
    """What the endpoint needs of `web.current.Current`."""

    served: Pool
    limits: Limits

    def pool(self) -> Pool:
        return self.served

    def edition(self) -> Edition:
        raise NothingPublished("there is a store, and no edition round it")


def cases(folder: Path, manifest: str) -> list[Case]:
    """The tests of a manifest and of those that it includes."""
    graph = Graph().parse(folder / manifest, format="turtle", publicID=f"{ROOT}{manifest}")
    this = URIRef(f"{ROOT}{manifest}")
    found = [_case(graph, entry) for entry in _items(graph, graph.value(this, MF.entries))]
    for included in _items(graph, graph.value(this, MF.include)):
        found += cases(folder, str(included).removeprefix(ROOT))
    return found


def _items(graph: Graph, head: Node | None) -> list[Node]:
    return list(Collection(graph, head)) if head is not None else []


def _case(graph: Graph, entry: Node) -> Case:
    action, kind = graph.value(entry, MF.action), str(graph.value(entry, RDF.type)).rpartition("#")[2]
    folder = str(graph.value(entry, MF.result) or action).removeprefix(ROOT).partition("/")[0]
    name = f"{folder}/{str(entry).rpartition('#')[2]}"
    if "Syntax" in kind:
        return Case(name, kind, str(action))
    default, named = (
        tuple(str(uri) for uri in graph.objects(action, predicate)) for predicate in (QT.data, QT.graphData)
    )
    return Case(name, kind, str(graph.value(action, QT.query)), default, named, str(graph.value(entry, MF.result)))


def file_of(folder: Path, uri: str) -> Path:
    """The file that a URI of the suite stands for."""
    return folder / uri.removeprefix(ROOT)


def quads(folder: Path, found: Iterable[Case]) -> Iterator[bytes]:
    """Every file of data as a named graph called like it, so that one store serves all tests."""
    for uri in sorted({uri for case in found for uri in (*case.default, *case.named)}):
        file = file_of(folder, uri)
        read = ox.parse(file.read_bytes(), _DATA[file.suffix[1:]], base_iri=uri, rename_blank_nodes=True)
        graph = ox.NamedNode(uri)
        data = (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in read)
        yield ox.serialize(data, format=ox.RdfFormat.N_QUADS) or b""


def table(body: bytes, extension: str, base: str, *, ordered: bool) -> Any:
    """Results to compare by `==`: a truth value, or rows with blank nodes named by their place in it all."""
    if extension == "csv":
        rows = csv.DictReader(io.StringIO(body.decode("utf-8"), newline=""))
        return Counter(tuple(sorted((name, _bare(value)) for name, value in row.items())) for row in rows)
    if extension == "ttl":
        return _from_graph(body, base)
    found = ox.parse_query_results(body, _RESULTS[extension])
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return sorted(names), _as_dataset(names, list(found), ordered)


def _bare(value: str) -> str:
    """A value of a CSV table: a number by its value, a blank node without its label."""
    try:
        return f"{float(value):.12g}"
    except ValueError:
        return re.sub("^_:.*", "_:", value)


def _from_graph(body: bytes, base: str) -> Any:
    """Results as the vocabulary of the tests writes them."""
    read = Graph().parse(data=body, format="turtle", publicID=base)
    this = read.value(predicate=RDF.type, object=RS.ResultSet)
    rows: list[dict[str, Any]] = []
    for solution in read.objects(this, RS.solution):
        bindings = read.objects(solution, RS.binding)
        pairs = [(str(read.value(one, RS.variable)), read.value(one, RS.value)) for one in bindings]
        rows.append({name: _term(value) for name, value in pairs if value is not None})
    names = sorted(map(str, read.objects(this, RS.resultVariable)))
    return names, _as_dataset(names, [{name: row.get(name) for name in names} for row in rows], ordered=False)


def _term(value: Node) -> Any:
    return next(ox.parse(f"<a:> <a:> {value.n3()} .", ox.RdfFormat.N_TRIPLES)).object


def _as_dataset(names: list[str], rows: list[Any], ordered: bool) -> ox.Dataset:
    """Each row as a blank node with its values, so that blank nodes are compared as those of a graph are."""
    dataset = ox.Dataset()
    for number, row in enumerate(rows):
        subject = ox.BlankNode(f"row{number}")
        values = {name: row[name] for name in names if row[name] is not None}
        if ordered:
            values["#"] = ox.Literal(number)
        for name, value in {**values, "row": ox.Literal("row")}.items():
            dataset.add(ox.Quad(subject, ox.NamedNode(f"urn:{name}"), _comparable(value)))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _comparable(value: Any) -> Any:
    """A number or truth value by its value, for the suite writes `2.0` and `0E1` where we write `2` and `0.0E0`."""
    if not isinstance(value, ox.Literal) or not value.datatype.value.startswith(str(XSD)):
        return value
    number = rdflib.Literal(value.value, datatype=URIRef(value.datatype.value)).toPython()
    if isinstance(number, bool | int | float | Decimal):
        return ox.Literal(f"{float(number):.12g}", datatype=value.datatype)
    return value


def graph(body: bytes, base: str) -> ox.Dataset:
    """A graph in Turtle, to compare by `==`."""
    dataset = ox.Dataset(ox.parse(body, ox.RdfFormat.TURTLE, base_iri=base))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset
