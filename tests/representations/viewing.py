"""Descriptions to make things of, from statements of rdflib."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rdflib import BNode, Literal

from linkeddata.representations.described import Described
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Token, literal_token, uri_token
from linkeddata.vocabulary.uris import Uris
from linkeddata.wording import Wording

URIS = Uris("https://data.example.org/")
WORDS = Wording("en", labels=ontology.labels())


def described(triples: Iterable[tuple[Any, Any, Any]]) -> Described:
    """What the triples say, with our labels in English."""
    statements = [(token(s), token(p), token(o)) for s, p, o in triples]
    return Described(statements, uris=URIS, labels=WORDS.labels, words=WORDS)


def token(node: Any) -> Token:
    """The token of a term of rdflib."""
    if isinstance(node, Literal):
        return literal_token(node, language=node.language, datatype=uri_token(node.datatype) if node.datatype else None)
    return f"_:{node}" if isinstance(node, BNode) else uri_token(node)
