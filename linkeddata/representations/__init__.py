"""A description to bytes, in any of the formats of `formats.py`; pure, and ignorant of HTTP and of the store.

HTML is not made here: `page.py` gives the view model that the web's templates print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from linkeddata.representations import jsonld, jsonld_forms, rdf, turtle
from linkeddata.representations.formats import Format

__all__ = ["represent"]


@dataclass(frozen=True, slots=True)
class _Matter:
    """What is written: statements (canonical N-Triples), and what the writers must know of them."""

    statements: bytes
    focus: str
    genid: str
    named: tuple[str, bytes]
    form: jsonld_forms.Form | None


_Writer: TypeAlias = Callable[[_Matter], bytes]


def _turtle(matter: _Matter) -> bytes:
    return turtle.write(rdf.tokens(matter.statements, genid=matter.genid))


def _trig(matter: _Matter) -> bytes:
    graph, inner = matter.named
    flat, named = rdf.tokens_of_both(matter.statements, inner, genid=matter.genid)
    return turtle.write_trig(flat, named, graph=graph)


def _jsonld(matter: _Matter) -> bytes:
    tokens = rdf.tokens(matter.statements, genid=matter.genid)
    if matter.form is None:
        return jsonld.write(tokens, focus=matter.focus)
    return jsonld_forms.in_form(jsonld.document(tokens, focus=matter.focus), matter.form, focus=matter.focus)


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
    writes URIs relative to `base`: a saved file would lose its meaning. Formats with named graphs
    hold the statements of `named` (the URI of a graph, and N-Triples) besides; `form` is one of JSON-LD.
    """
    return _WRITERS[fmt.name](_Matter(statements, focus, genid, named, form))
