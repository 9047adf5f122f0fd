"""Statements as N-Triples lines: what the register keeps, the bulk loader reads and the dump holds.

The quoting is that of canonical N-Triples (RDF 1.1 N-Triples, section 4), which rdflib's
`Literal.n3` does not give. A line of the default graph is also an N-Quads line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from rdflib import Literal, URIRef
from rdflib.term import Node

Triple: TypeAlias = tuple[URIRef, URIRef, Node]

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_NOT_IN_URI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def uri_token(uri: str) -> str:
    """A URI between angle brackets; characters no IRI may hold become percent-encoded (RFC 3987)."""
    if _NOT_IN_URI.search(uri):
        uri = _NOT_IN_URI.sub(lambda found: f"%{ord(found[0]):02X}", uri)
    return f"<{uri}>"


def literal_token(literal: Literal) -> str:
    """A literal in canonical quoting, with its language tag or datatype."""
    quoted = f'"{str(literal).translate(_QUOTED)}"'
    if literal.language:
        return f"{quoted}@{literal.language}"
    datatype = literal.datatype
    if datatype is None or str(datatype) == _XSD_STRING:
        return quoted
    return f"{quoted}^^{uri_token(str(datatype))}"


def token(term: Node) -> str:
    """A URI or literal as N-Triples writes it. Blank nodes are refused (TypeError): we mint none."""
    if isinstance(term, Literal):
        return literal_token(term)
    if isinstance(term, URIRef):
        return uri_token(str(term))
    raise TypeError(f"neither a URI nor a literal: {term!r}")


def line(triple: Triple) -> str:
    """One statement as a line, with its line break."""
    subject, predicate, value = triple
    return f"{uri_token(subject)} {uri_token(predicate)} {token(value)} .\n"


def text(triples: Iterable[Triple]) -> str:
    """Statements as lines, in the order given."""
    return "".join(map(line, triples))


def quad_line(triple: Triple, graph: str) -> str:
    """One statement of a named graph as an N-Quads line."""
    return f"{line(triple)[:-3]} {uri_token(graph)} .\n"
