"""Statements read, and written as N-Triples, N-Quads and RDF/XML: the wall round pyoxigraph in this room.

A description comes as canonical N-Triples whose list cells are `genid` URIs, because a store of
blank nodes cannot be compared or updated. Whatever leaves this room has blank nodes in their place
(RDF 1.1 Concepts, section 3.5), labelled in the order in which they are met.

The writers work on the tokens of N-Triples (`<uri>`, `_:label`, `"text"@en`) rather than on rdflib
terms: a document then costs half as much.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from pyoxigraph import RdfFormat, parse, serialize

from linkeddata.errors import NotAcceptable
from linkeddata.representations.nodes import Nodes, gather, gather_whole
from linkeddata.vocabulary.ntriples import Statement, quad_line, text
from linkeddata.vocabulary.terms import PREFIXES

#: A space stands in no token but a text, and a text can only come last.
_LINE: Final = re.compile(r"([^ ]+) ([^ ]+) (.+) \.\n")

_XML_ROOT = re.compile(rb"<rdf:RDF[^>]*>")
#: How pyoxigraph writes a term that ends in no XML name: an element without a local name.
_XML_NAMELESS = re.compile(rb"<[A-Za-z][A-Za-z0-9]*:[ />]")
#: What XML 1.0 (section 2.2) cannot hold even as a reference: these controls, U+FFFE and U+FFFF.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()


def tokens(statements: bytes, *, genid: str) -> list[Statement]:
    """The tokens of canonical N-Triples, each statement once, in the order given; list cells as blank nodes.

    ValueError where a line is not canonical N-Triples.
    """
    return _tokens(statements, _Cells(genid))


def tokens_of_both(statements: bytes, mined: bytes, *, genid: str) -> tuple[list[Statement], list[Statement]]:
    """The tokens of a document's statements and of those in its named graph; a list cell of both is one blank node."""
    cells = _Cells(genid)
    return _tokens(statements, cells), _tokens(mined, cells)


def gathered(statements: bytes, *, genid: str) -> Nodes:
    """The same by subject and property, with lists made whole: no cell of a proper list needs a label first."""
    whole = gather_whole(_statements(statements), cells=f"<{genid}")
    return whole or gather(tokens(statements, genid=genid))


def _tokens(statements: bytes, cells: _Cells) -> list[Statement]:
    return cells.of(_statements(statements))


def _statements(statements: bytes) -> Collection[Statement]:
    """The tokens of each statement once, in the order given."""
    found: list[Statement] = _LINE.findall(statements.decode())
    if len(found) != statements.count(b"\n") or statements[-1:] not in (b"", b"\n"):
        raise ValueError("not canonical N-Triples")
    return dict.fromkeys(found)


def ntriples(statements: bytes, *, genid: str) -> bytes:
    """The statements as N-Triples, with blank nodes for list cells."""
    return text(tokens(statements, genid=genid)).encode()


def nquads(statements: bytes, mined: bytes, *, genid: str, graph: str) -> bytes:
    """The statements as N-Quads: all in the default graph, and those mined a second time in a named one."""
    flat, named = tokens_of_both(statements, mined, genid=genid)
    return (text(flat) + "".join([quad_line(each, graph) for each in named])).encode()


def rdfxml(statements: bytes, *, genid: str) -> bytes:
    """The statements as RDF/XML, with our prefixes and blank nodes for list cells.

    A character that XML cannot hold becomes U+FFFD; NotAcceptable where a property or class
    has no XML name.
    """
    triples = parse(ntriples(statements, genid=genid), format=RdfFormat.N_TRIPLES)
    written = serialize(triples, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
    if _XML_NAMELESS.search(written):
        raise NotAcceptable("RDF/XML cannot express this description: one of its terms has no XML name")
    # pyoxigraph writes the prefixes in a random order, and a carriage return as it is, which every
    # XML parser reads as a line feed.
    written = _XML_ROOT.sub(_root(), written, count=1).replace(b"\r", b"&#13;")
    written = written.replace("\ufffe".encode(), _REPLACEMENT).replace("\uffff".encode(), _REPLACEMENT)
    return _CONTROL.sub(_REPLACEMENT, written) + b"\n"


def _root() -> bytes:
    declarations = "".join(f'\n\txmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())
    return f"<rdf:RDF{declarations}>".encode()


class _Cells:
    """List cells by their tokens, as blank nodes numbered in the order in which they are met."""

    def __init__(self, genid: str) -> None:
        self._start = f"<{genid}"
        self._known: dict[str, str] = {}

    def of(self, statements: Iterable[Statement]) -> list[Statement]:
        """The statements with blank nodes in place of their cells; a text that quotes one stays as it is."""
        start = self._start
        return [
            self._blank(each) if each[0].startswith(start) or each[2].startswith(start) else each for each in statements
        ]

    def _blank(self, statement: Statement) -> Statement:
        subject, predicate, value = statement
        return self._label(subject), predicate, self._label(value)

    def _label(self, token: str) -> str:
        if not token.startswith(self._start):
            return token
        return self._known.setdefault(token, f"_:cell{len(self._known) + 1}")
