"""A description to bytes, in any of the formats of `formats.py`; pure, and ignorant of HTTP and of the store.

HTML is not made here: `page.py` gives the view model that the web's templates print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

import orjson

from linkeddata.representations import jsonld, jsonld_forms, jsonld_written, rdf, turtle
from linkeddata.representations.formats import Format
from linkeddata.vocabulary.ntriples import Statement

__all__ = ["represent"]


@dataclass(frozen=True, slots=True)
class _Matter:
    """What is written: statements (canonical N-Triples), and what the writers must know of them."""

    statements: bytes
    focus: str
    genid: str
    base: str
    named: tuple[str, bytes]
    form: jsonld_forms.Form | None


_Writer: TypeAlias = Callable[[_Matter], bytes]


def _turtle(matter: _Matter) -> bytes:
    return turtle.write(rdf.gathered(matter.statements, genid=matter.genid), own=matter.base)


def _trig(matter: _Matter) -> bytes:
    graph, inner = matter.named
    flat, named = rdf.tokens_of_both(matter.statements, inner, genid=matter.genid)
    return turtle.write_trig(flat, named, graph=graph, own=matter.base)


def _jsonld(matter: _Matter) -> bytes:
    write = _SHAPES.get(matter.form.shape) if matter.form else None
    if write is None:
        return jsonld.write(rdf.gathered(matter.statements, genid=matter.genid), focus=matter.focus, own=matter.base)
    tokens = rdf.tokens(matter.statements, genid=matter.genid)
    return orjson.dumps(write(tokens, matter.focus), option=orjson.OPT_APPEND_NEWLINE)


def _framed(tokens: list[Statement], focus: str) -> object:
    return jsonld_written.framed(jsonld.document(tokens, focus=focus), focus=focus)


#: The shapes of JSON-LD but for the compacted one, which has a quicker way of its own.
_SHAPES: Final[Mapping[str, Callable[[list[Statement], str], object]]] = MappingProxyType(
    {
        "expanded": lambda tokens, focus: jsonld_written.expanded(tokens, focus=focus),
        "flattened": lambda tokens, focus: jsonld_written.flattened(tokens, focus=focus),
        "framed": _framed,
    }
)


def _ntriples(matter: _Matter) -> bytes:
    return rdf.ntriples(matter.statements, genid=matter.genid)


def _nquads(matter: _Matter) -> bytes:
    graph, inner = matter.named
    return rdf.nquads(matter.statements, inner, genid=matter.genid, graph=graph)


def _rdfxml(matter: _Matter) -> bytes:
    return rdf.rdfxml(matter.statements, genid=matter.genid)


_WRITERS: Final[Mapping[str, _Writer]] = MappingProxyType(
    {
        "ttl": _turtle,
        "jsonld": _jsonld,
        "json": _jsonld,
        "nt": _ntriples,
        "rdf": _rdfxml,
        "nq": _nquads,
        "trig": _trig,
    }
)


def represent(
    statements: bytes,
    fmt: Format,
    *,
    focus: str,
    genid: str,
    base: str,
    named: tuple[str, bytes] = ("", b""),
    form: jsonld_forms.Form | None = None,
) -> bytes:
    """The statements (canonical N-Triples) in an RDF format; KeyError for HTML.

    `focus` is the URI of what is described, `genid` the start of the URIs of list cells. No format
    writes URIs relative to `base`, with which ours begin: a saved file would lose its meaning. Formats with named
    graphs hold the statements of `named` (the URI of a graph, and N-Triples) besides; `form` is one of JSON-LD.
    """
    return _WRITERS[fmt.name](_Matter(statements, focus, genid, base, named, form))
