"""N-Quads lines as SPARQL updates: ground statements only, so that a request may be sent twice and does no more.

SPARQL 1.1 Update (W3C Recommendation, 21 March 2013), sections 3.1.1 and 3.1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from linkeddata.errors import StoreError

#: Whether a statement comes (True) or goes, and its line.
Change: TypeAlias = tuple[bool, bytes]

# RDF 1.1 N-Quads, section 4 (canonical): one blank between terms; the second group is filled in a named graph only.
_LINE: Final = re.compile(
    rb'(<[^>]*+> <[^>]*+> (?:<[^>]*+>|"(?:[^"\\]++|\\.)*+"(?:@[A-Za-z0-9-]++|\^\^<[^>]*+>)?+))(?: (<[^>]*+>))? \.\n'
)
_ESCAPE: Final = re.compile(rb"\\\\([uU])|\\.", re.DOTALL)
_SPELT: Final = {b"u": rb"\\\u0075", b"U": rb"\\\u0055"}


def graph_of(line: bytes) -> bytes | None:
    """The token of a line's named graph, None for the default graph; StoreError where it is no statement."""
    return _parts(line)[1]


def _parts(line: bytes) -> tuple[bytes, bytes | None]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise StoreError(f"this is no statement that can be sent to a server: {line[:200].decode(errors='replace')}")
    return found[1], found[2]


def spoken(triple: bytes) -> bytes:
    r"""A triple of N-Triples as SPARQL reads it.

    SPARQL decodes `\u0041` before it reads anything else (SPARQL 1.1 Query, section 19.2), so that a backslash
    and a `u` in a text would become a character of it in some servers: the `u` is written as an escape itself.

    >>> spoken(rb'<http://e/a> <http://e/b> "C:\\users"').decode()
    '<http://e/a> <http://e/b> "C:\\\\\\u0075sers"'
    """
    return _ESCAPE.sub(_spelt, triple) if b"\\" in triple else triple


def _spelt(escape: re.Match[bytes]) -> bytes:
    return _SPELT[escape[1]] if escape[1] else escape[0]


def updates(changes: Iterable[Change], *, graph: str, longest: int, most: int) -> Iterator[str]:
    """Changes in their order as the texts of updates, each of at most `most` statements and about `longest` bytes.

    `graph` takes the statements of the default graph where it is not empty.
    """
    held: list[Change] = []
    size = 0
    for change in changes:
        if held and (size + len(change[1]) > longest or len(held) >= most):
            yield _update(held, graph)
            held, size = [], 0
        held.append(change)
        size += len(change[1])
    if held:
        yield _update(held, graph)


def _update(changes: Iterable[Change], graph: str) -> str:
    """One request: what goes, then what comes."""
    sorts: dict[bool, dict[bytes, list[bytes]]] = {False: {}, True: {}}
    own = f"<{graph}>".encode() if graph else b""
    for added, line in changes:
        triple, named = _parts(line)
        sorts[added].setdefault(named or own, []).append(spoken(triple))
    words = {False: "DELETE DATA", True: "INSERT DATA"}
    texts = (f"{words[added]} {{\n{_data(graphs)}}}" for added, graphs in sorts.items() if graphs)
    return " ;\n".join(texts)


def _data(graphs: dict[bytes, list[bytes]]) -> str:
    blocks = (_block(name, b"".join(triple + b" .\n" for triple in triples)) for name, triples in graphs.items())
    return b"".join(blocks).decode()


def _block(graph: bytes, triples: bytes) -> bytes:
    return b"GRAPH %b {\n%b}\n" % (graph, triples) if graph else triples
