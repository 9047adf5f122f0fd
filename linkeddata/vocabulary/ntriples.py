"""Statements as N-Triples tokens and lines: what the crosswalk makes, the register keeps and the loader reads.

A token is a URI or a literal as canonical N-Triples writes it (RDF 1.1 N-Triples, section 4). Making
one costs a tenth of making an rdflib term, and a line is three of them joined. `terms` gives rdflib
terms to those who want them. A line of the default graph is also an N-Quads line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

import rdflib
from rdflib import URIRef
from rdflib.term import Node

Token: TypeAlias = str
Statement: TypeAlias = tuple[Token, Token, Token]
Triple: TypeAlias = tuple[URIRef, URIRef, Node]

_NOT_IN_URI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

#: A line of canonical N-Quads (RDF 1.1 N-Quads, section 4): subject, predicate, the object where it is no
#: literal, and the graph (with a blank) where it is a named one.
QUAD: Final = re.compile(rb'(\S++) (\S++) (?:(<[^>]*+>|_:\S++)|"(?:[^"\\]++|\\.)*+"\S*+) (<[^>]*+> )?\.\n')


class Literal(NamedTuple):
    """A literal: its text, its language and the token of its datatype, both empty where it has none."""

    text: str
    language: str
    datatype: Token


def uri_token(uri: str) -> Token:
    """A URI between angle brackets; characters no IRI may hold become percent-encoded (RFC 3987)."""
    if _NOT_IN_URI.search(uri):
        uri = _NOT_IN_URI.sub(lambda found: f"%{ord(found[0]):02X}", uri)
    return f"<{uri}>"


def literal_token(text: str, *, language: str | None = None, datatype: Token | None = None) -> Token:
    """A literal in canonical quoting, with its language tag (lower case) or the token of its datatype.

    >>> literal_token('a "b"', language="en"), literal_token("2017", datatype="<http://www.w3.org/2001/XMLSchema#gYear>")
    ('"a \\\\"b\\\\""@en', '"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    """
    # Most texts hold none of these, and to look takes a tenth of the time of replacing nothing in a long one.
    if "\\" in text or '"' in text or "\n" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    if language:
        return f'"{text}"@{language}'
    return f'"{text}"^^{datatype}' if datatype else f'"{text}"'


def lines(statements: Iterable[Statement]) -> list[bytes]:
    """Each statement as a line, with its line break, in the order given."""
    # Encoded one by one: a letter beyond ASCII makes all of a long text slow to encode.
    return [f"{subject} {predicate} {value} .\n".encode() for subject, predicate, value in statements]


def text(statements: Iterable[Statement]) -> str:
    """Statements as lines, in one text."""
    told = " .\n".join(map(" ".join, statements))
    return f"{told} .\n" if told else ""


def quad_line(statement: Statement, graph: str) -> str:
    """One statement of a named graph as an N-Quads line."""
    return f"{' '.join(statement)} {uri_token(graph)} .\n"


def read(text: str) -> list[Statement]:
    """The statements of lines as this module writes them: one blank between tokens, no comments, no graphs.

    >>> read('<http://e/a> <http://e/b> "c d" .\\n')
    [('<http://e/a>', '<http://e/b>', '"c d"')]
    """
    # Not by `splitlines`, which also cuts at separators that may stand in a literal.
    split = (line.split(" ", 2) for line in text.split("\n") if line)
    return [(subject, predicate, value.removesuffix(" .")) for subject, predicate, value in split]


def read_literal(token: Token) -> Literal:
    """The literal of a token.

    >>> read_literal('"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    Literal(text='2017', language='', datatype='<http://www.w3.org/2001/XMLSchema#gYear>')
    """
    end = token.rindex('"')
    quoted, tail = token[1:end], token[end + 1 :]
    return Literal(unescaped(quoted), tail[1:] if tail[:1] == "@" else "", tail[2:] if tail[:1] == "^" else "")


def read_text(token: Token) -> str:
    """The text of a literal's token alone.

    >>> read_text('"Le titre"@fr')
    'Le titre'
    """
    text = token[1 : token.rindex('"')]
    return unescaped(text) if "\\" in text else text


def read_uri(token: Token) -> str:
    """The URI of a token; a blank node as it is.

    >>> read_uri("<http://e/a>"), read_uri("_:cell1")
    ('http://e/a', '_:cell1')
    """
    if token[0] != "<":
        return token
    uri = token[1:-1]
    return unescaped(uri) if "\\" in uri else uri


def is_literal(token: Token) -> bool:
    """Whether a token is that of a literal."""
    return token[0] == '"'


def unescaped(text: str) -> str:
    """A text or URI without the escapes of N-Triples."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(escape[3], escape[3])


def term(token: Token) -> URIRef | rdflib.Literal:
    """The rdflib term of a token."""
    if token[0] == "<":
        return URIRef(unescaped(token[1:-1]))
    words, language, datatype = read_literal(token)
    # Not normalised: rdflib would rewrite `…54Z` to `…54+00:00`.
    kind = URIRef(unescaped(datatype[1:-1])) if datatype else None
    return rdflib.Literal(words, lang=language or None, datatype=kind, normalize=False)


def terms(statements: Iterable[Statement]) -> list[Triple]:
    """Statements as triples of rdflib terms."""
    return [(URIRef(s[1:-1]), URIRef(p[1:-1]), term(o)) for s, p, o in statements]
