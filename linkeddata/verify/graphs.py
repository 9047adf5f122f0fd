"""Answers read back as graphs that can be compared: the wall round the parsers of this room.

RDF is read by pyoxigraph, JSON-LD by PyLD, which is given no network. Graphs are canonicalised by RDFC-1.0
(RDF Dataset Canonicalization, W3C Recommendation of 21 May 2024), so that two are equal if their lines are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeAlias

import orjson
import pyoxigraph as ox
from pyld import jsonld as pyld

from linkeddata.vocabulary.ntriples import Statement, Token, literal_token, text, uri_token
from linkeddata.vocabulary.terms import RDF

#: The lines (N-Triples) of a graph in canonical form.
Lines: TypeAlias = frozenset[str]

_FIRST, _REST = ox.NamedNode(RDF.first), ox.NamedNode(RDF.rest)
_PLACE = ox.NamedNode("urn:place-in-list")
#: Canonicalising takes time that grows fast with the cells that say the same (measured: 300 take 4 seconds).
_MOST_ALIKE: Final = 50


class Unreadable(Exception):
    """An answer is not what its type says; the text is the parser's."""


@dataclass(frozen=True, slots=True)
class Read:
    """What an answer says: in its default graph, and in each named graph by its URI."""

    default: Lines
    named: Mapping[str, Lines]


def read_rdf(body: bytes, media_type: str) -> Read:
    """An answer in one of the RDF formats that are no JSON; Unreadable where it is not well-formed."""
    fmt = ox.RdfFormat.from_media_type(media_type)
    if fmt is None:
        raise Unreadable(f"nothing reads {media_type}")
    try:
        return _read(ox.parse(body, format=fmt))
    except (SyntaxError, ValueError) as error:
        raise Unreadable(str(error)) from error


def read_jsonld(body: bytes) -> Read:
    """An answer in JSON-LD of any form; Unreadable where it is not, or names a context that is elsewhere."""
    options = {"documentLoader": _refuse, "format": "application/n-quads"}
    try:
        quads: str = pyld.to_rdf(orjson.loads(body), options)
        return _read(ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS))
    except pyld.JsonLdError as error:
        raise Unreadable(_innermost(error)) from error
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def _innermost(error: BaseException) -> str:
    """What PyLD says of the cause, and not of what could not be done because of it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error.args[0] if error.args else error)


def _refuse(url: str, _options: object = None) -> NoReturn:
    raise pyld.JsonLdError(f"a context stands elsewhere: {url}", "jsonld.LoadDocumentError")


def canonical(statements: Iterable[Statement], *, genid: str) -> Lines:
    """Statements whose list cells have URIs that begin with `genid`, which are read as blank nodes."""
    cells: dict[str, ox.BlankNode] = {}

    def term(known: Any) -> Any:
        is_cell = isinstance(known, ox.NamedNode) and known.value.startswith(genid)
        return cells.setdefault(known.value, ox.BlankNode()) if is_cell else known

    quads = ox.parse(text(statements).encode(), format=ox.RdfFormat.N_TRIPLES)
    return _canonical(ox.Dataset(ox.Quad(term(q.subject), q.predicate, term(q.object)) for q in quads))


def as_lines(statements: Iterable[Statement]) -> Lines:
    """Statements as they stand, their terms written in the one way in which this room writes them."""
    return frozenset(map(_line, ox.parse(text(statements).encode(), format=ox.RdfFormat.N_TRIPLES)))


def token_of(value: Mapping[str, str]) -> Token:
    """The token of a term in the SPARQL results format in JSON (section 3.2.2)."""
    if value["type"] == "uri":
        return uri_token(value["value"])
    if value["type"] == "bnode":
        return f"_:{value['value']}"
    datatype = value.get("datatype")
    return literal_token(
        value["value"], language=value.get("xml:lang"), datatype=uri_token(datatype) if datatype else None
    )


def _read(quads: Iterable[ox.Quad]) -> Read:
    graphs: dict[str, ox.Dataset] = {}
    for quad in quads:
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        graphs.setdefault(graph, ox.Dataset()).add(ox.Quad(quad.subject, quad.predicate, quad.object))
    default = graphs.pop("", ox.Dataset())
    return Read(_canonical(default), {graph: _canonical(inner) for graph, inner in graphs.items()})


def _canonical(graph: ox.Dataset) -> Lines:
    # Where a cell stands in its list is the same in equal graphs, so saying it changes nothing but the time.
    places = [*_places(graph)] if _is_repetitive(graph) else []
    for place in places:
        graph.add(place)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(_line(quad) for quad in graph if quad.predicate != _PLACE)


def _is_repetitive(graph: ox.Dataset) -> bool:
    members = Counter(quad.object for quad in graph.quads_for_predicate(_FIRST))
    return any(count > _MOST_ALIKE for count in members.values())


def _places(graph: ox.Dataset) -> Iterable[ox.Quad]:
    """Each list cell that can be reached from the head of a list, with its place in it."""
    following = {quad.subject: quad.object for quad in graph.quads_for_predicate(_REST)}
    for head in following.keys() - set(following.values()):
        cell: Any = head
        for place in range(len(following)):
            if not isinstance(cell, ox.BlankNode):
                break
            yield ox.Quad(cell, _PLACE, ox.Literal(str(place)))
            cell = following.get(cell)


def _line(quad: ox.Quad | ox.Triple) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object} ."
