"""The check of statements: by the shapes of `ontologies/shapes.ttl`, and by the quick rules beside them.

The only place that knows pyshacl (extra `check`). Shapes are read once. pyshacl sets up every property
shape anew for each node that a node shape hands it, so the targets of a node shape are given to its
property shapes instead: each then runs once over all its nodes, which takes half the time. The results
are the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import Node

from linkeddata.crosswalk.domains import bundled_domains
from linkeddata.crosswalk.rules import VIOLATION, WARNING, Fault, faults
from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary import ntriples, ontology
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.terms import RDF, shorten


def _when_used(name: str) -> Any:
    """A library that is loaded when something of it is first used; None where it is not installed."""
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        return None
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


# It takes half a second to load, which only those should wait for who check.
pyshacl = sys.modules.get("pyshacl") or _when_used("pyshacl")

__all__ = ["BATCH", "Fault", "check_rules", "check_shapes", "check_statements", "need_shapes"]

#: So many records' statements are validated at once. Fewer cost time, more cost memory and save none.
BATCH = 100
_FILE, _BASE = "shapes.ttl", "http://localhost/ontologies/shapes.ttl"
_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
_SEVERITIES = {SH.Violation: VIOLATION, SH.Warning: WARNING, SH.Info: "info"}


@dataclass(frozen=True)
class Shapes:
    """Shapes ready for pyshacl, and the name of the node shape that each shape is part of."""

    graph: Graph
    names: dict[Node, str]


def check_statements(records: Sequence[Sequence[Statement]], *, shapes: bool = True) -> list[Fault]:
    """What is wrong with the statements of some records, each given for itself; no blank nodes.

    Rules look at each record alone, shapes at all of them together, so no two may have one id. With
    `shapes` ConfigurationError where pyshacl is not installed.
    """
    found = [fault for statements in records for fault in check_rules(statements)]
    return found + (check_shapes(records) if shapes else [])


def check_rules(statements: Sequence[Statement]) -> list[Fault]:
    """What the quick rules find wrong with one record."""
    return list(dict.fromkeys(faults(statements, bundled_domains())))


def check_shapes(records: Iterable[Iterable[Statement]]) -> list[Fault]:
    """What the shapes find wrong with some records together; ConfigurationError without pyshacl."""
    need_shapes()
    graph = Graph(bind_namespaces="none")
    for statements in records:
        for triple in ntriples.terms(statements):
            graph.add(triple)
    return validate(graph, bundled_shapes())


def need_shapes() -> None:
    """ConfigurationError where the shapes cannot be checked, with what can be done about it."""
    if pyshacl is None:
        raise ConfigurationError(
            "the shapes are checked by pyshacl, which is not installed: pip install 'linkeddata[check]'. "
            "Domains, ranges, literals, identifiers and lists can be checked without it: check --no-shapes"
        )


@lru_cache(maxsize=1)
def bundled_shapes() -> Shapes:
    """The shapes of `ontologies/`, read once."""
    return read_shapes(ontology.path(_FILE))


def read_shapes(file: Path) -> Shapes:
    """The shapes of a file, the targets of node shapes given to their property shapes."""
    graph = Graph().parse(file, format="turtle", publicID=_BASE)
    names: dict[Node, str] = {}
    for shape in set(graph.subjects(RDF.type, SH.NodeShape)):
        names[shape] = str(shape).rpartition("#")[2]
        names.update(dict.fromkeys(graph.objects(shape, SH.property), names[shape]))
        _spread(graph, shape)
    return Shapes(graph, names)


def _spread(graph: Graph, shape: Node) -> None:
    """Gives a node shape's targets to its property shapes; what a closed one allows is kept in a list."""
    targets = [(kind, target) for kind in _TARGETS for target in graph.objects(shape, kind)]
    if not targets:
        return
    parts = list(graph.objects(shape, SH.property))
    if (shape, SH.closed, Literal(True)) in graph:
        _allow(graph, shape, [path for part in parts for path in graph.objects(part, SH.path)])
    for part in parts:
        graph.remove((shape, SH.property, part))
        graph.add((part, RDF.type, SH.PropertyShape))
        for kind, target in targets:
            graph.add((part, kind, target))


def _allow(graph: Graph, shape: Node, paths: list[Node]) -> None:
    allowed = graph.value(shape, SH.ignoredProperties)
    known = list(Collection(graph, allowed)) if allowed else []
    graph.remove((shape, SH.ignoredProperties, None))
    graph.add((shape, SH.ignoredProperties, Collection(graph, BNode(), [*known, *paths]).uri))


def validate(graph: Graph, shapes: Shapes) -> list[Fault]:
    """What shapes find wrong with a graph, in a fixed order."""
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes.graph, inference="none", inplace=True)
    return [] if conforms else sorted(_faults(report, shapes), key=lambda fault: (fault.focus, fault.rule, fault.value))


def _faults(report: Graph, shapes: Shapes) -> Iterator[Fault]:
    for result in report.objects(None, SH.result):
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        severity = report.value(result, SH.resultSeverity)
        yield Fault(
            focus=str(report.value(result, SH.focusNode)),
            path=str(path or ""),
            value=str(value if value is not None else "")[:200],
            message=str(report.value(result, SH.resultMessage) or ""),
            severity=_SEVERITIES.get(severity, VIOLATION) if isinstance(severity, URIRef) else VIOLATION,
            rule=_rule(report, result, shapes),
        )


def _rule(report: Graph, result: Node, shapes: Shapes) -> str:
    """A rule's name: shape, path and kind of constraint, such as `Record dcterms:title MaxCount`."""
    source, path = report.value(result, SH.sourceShape), report.value(result, SH.resultPath)
    kind = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
    shape = shapes.names.get(source, "") if source else ""
    words = (shape, shorten(str(path)) or str(path) if path else "", kind.removesuffix("ConstraintComponent"))
    return " ".join(filter(None, words))
