"""A description to bytes, in any of the formats of `formats.py`; pure, and ignorant of HTTP and of the store.

HTML is not made here: `page.py` gives the view model that the web's templates print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from linkeddata.representations import jsonld, rdf, turtle
from linkeddata.representations.formats import Format

__all__ = ["represent"]

_Writer: TypeAlias = Callable[[bytes, str, str], bytes]


def _turtle(statements: bytes, genid: str, _focus: str) -> bytes:
    return turtle.write(rdf.tokens(statements, genid=genid))


def _jsonld(statements: bytes, genid: str, focus: str) -> bytes:
    return jsonld.write(rdf.tokens(statements, genid=genid), focus=focus)


def _ntriples(statements: bytes, genid: str, _focus: str) -> bytes:
    return rdf.ntriples(statements, genid=genid)


def _rdfxml(statements: bytes, genid: str, _focus: str) -> bytes:
    return rdf.rdfxml(statements, genid=genid)


_WRITERS: Final[Mapping[str, _Writer]] = MappingProxyType(
    {"ttl": _turtle, "jsonld": _jsonld, "json": _jsonld, "nt": _ntriples, "rdf": _rdfxml}
)


def represent(statements: bytes, fmt: Format, *, focus: str, genid: str, base: str) -> bytes:
    """The statements (canonical N-Triples) in an RDF format; KeyError for HTML.

    `focus` is the URI of what is described, `genid` the start of the URIs of list cells. No format
    writes URIs relative to `base`: a saved file would lose its meaning.
    """
    return _WRITERS[fmt.name](statements, genid, focus)
