"""Turtle and TriG for people: only the prefixes used, subjects in the order given, lists as `( … )`.

pyoxigraph's writer spells lists out cell by cell, and rdflib's takes many times as long. URIs are
written in full or with a prefix, never relative, so that a saved file keeps its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from linkeddata.representations.nodes import TYPE, Nodes, Properties, gather
from linkeddata.vocabulary.ntriples import Statement, uri_token
from linkeddata.vocabulary.terms import PREFIXES

_PREFIX_OF: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}
#: Names that need no escape in any Turtle parser; a narrower choice than PN_LOCAL (Turtle, section 6.5).
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def write(statements: Iterable[Statement]) -> bytes:
    """The statements as Turtle: the same bytes for the same statements in the same order."""
    blocks, prefixes = _blocks(gather(statements))
    return _file(blocks, prefixes)


def write_trig(statements: Iterable[Statement], named: Sequence[Statement], *, graph: str) -> bytes:
    """The statements as TriG: as `write` writes them, then those of a named graph, if there are any."""
    shared = {token for subject, _, value in named for token in (subject, value) if token[0] == "_"}
    blocks, prefixes = _blocks(gather(statements, elsewhere=shared))
    if named:
        inner, more = _blocks(gather(named, elsewhere=shared))
        blocks.append(f"{uri_token(graph)} {{\n{chr(10).join(inner)}}}\n")
        prefixes |= more
    return _file(blocks, prefixes)


def _blocks(nodes: Nodes) -> tuple[list[str], set[str]]:
    """What is said of each subject, and the prefixes used in it."""
    words = _Words(nodes)
    blocks = [_block(words[subject], properties, words) for subject, properties in nodes.about.items()]
    return blocks, words.prefixes


def _file(blocks: Sequence[str], prefixes: Collection[str]) -> bytes:
    head = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in PREFIXES if prefix in prefixes)
    return "\n".join([head, *blocks] if head else blocks).encode()


class _Words(dict[str, str]):
    """How each token of one description is written in Turtle; notes the prefixes used."""

    def __init__(self, nodes: Nodes) -> None:
        super().__init__()
        self.prefixes: set[str] = set()
        for head, members in nodes.lists.items():
            self[head] = f"( {' '.join([self[member] for member in members])} )" if members else "()"

    def __missing__(self, token: str) -> str:
        word = token
        if token[0] == "<":
            word = self._name(token)
        elif token[-1] == ">":
            text, _, datatype = token.rpartition("^^")
            word = f"{text}^^{self[datatype]}"
        self[token] = word
        return word

    def property(self, token: str) -> str:
        """The same of a property; all documents speak of a few hundred, so that their names need not be found anew."""
        prefix, word = _prefixed_property(token)
        self.prefixes.add(prefix)
        return word

    def _name(self, token: str) -> str:
        prefix, word = _prefixed(token)
        self.prefixes.add(prefix)
        return word


def _prefixed(token: str) -> tuple[str, str]:
    """The prefix of a URI's token, empty where it has none, and how it is written."""
    cut = max(token.rfind("/"), token.rfind("#")) + 1
    prefix = _PREFIX_OF.get(token[1:cut])
    if prefix is None or not _PLAIN_NAME.fullmatch(token, cut, len(token) - 1):
        return "", token
    return prefix, f"{prefix}:{token[cut:-1]}"


_prefixed_property = lru_cache(maxsize=1_024)(_prefixed)


def _block(subject: str, properties: Properties, words: _Words) -> str:
    """All that is said of one subject; its types first, on its own line."""
    types = properties.get(TYPE)
    parts = [f"a {', '.join([words[value] for value in types])}"] if types else []
    parts += [
        f"{words.property(predicate)} " + ",\n        ".join([words[value] for value in values])
        for predicate, values in properties.items()
        if values is not types
    ]
    return f"{subject} " + " ;\n    ".join(parts) + " .\n"
