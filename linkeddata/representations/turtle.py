"""Turtle and TriG for people: only the prefixes used, subjects in the order given, lists as `( … )`.

pyoxigraph's writer spells lists out cell by cell, and rdflib's takes many times as long. URIs are
written in full or with a prefix, never relative, so that a saved file keeps its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from linkeddata.representations.nodes import TYPE, Nodes, Properties, gather
from linkeddata.vocabulary.ntriples import Statement, uri_token
from linkeddata.vocabulary.terms import PREFIXES

_PREFIX_OF: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}
#: Names that need no escape in any Turtle parser; a narrower choice than PN_LOCAL (Turtle, section 6.5).
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def write(nodes: Nodes) -> bytes:
    """What is said of some nodes as Turtle: the same bytes for the same statements in the same order."""
    return _file(*_blocks(nodes))


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
    prefixes = set[str]()
    # All documents speak of the same few hundred properties, so that their names need not be found anew.
    words, verbs = _Words(prefixes, _prefixed), _Words(prefixes, _prefixed_property)
    for head, members in nodes.lists.items():
        words[head] = f"( {' '.join([words[member] for member in members])} )" if members else "()"
    blocks = [f"{words[subject]} {_said(properties, words, verbs)} .\n" for subject, properties in nodes.about.items()]
    return blocks, prefixes


def _file(blocks: Sequence[str], prefixes: Collection[str]) -> bytes:
    head = "".join([f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in PREFIXES if prefix in prefixes])
    return "\n".join([head, *blocks] if head else blocks).encode()


class _Words(dict[str, str]):
    """How each token of one description is written in Turtle; notes the prefixes used."""

    def __init__(self, prefixes: set[str], named: Callable[[str], tuple[str, str]]) -> None:
        super().__init__()
        self._prefixes, self._named = prefixes, named

    def __missing__(self, token: str) -> str:
        word = token
        if token[0] == "<":
            prefix, word = self._named(token)
            self._prefixes.add(prefix)
        elif token[-1] == ">":
            text, _, datatype = token.rpartition("^^")
            word = f"{text}^^{self[datatype]}"
        self[token] = word
        return word


def _prefixed(token: str) -> tuple[str, str]:
    """The prefix of a URI's token, empty where it has none, and how it is written."""
    cut = max(token.rfind("/"), token.rfind("#")) + 1
    prefix = _PREFIX_OF.get(token[1:cut])
    if prefix is None or not _PLAIN_NAME.fullmatch(token, cut, len(token) - 1):
        return "", token
    return prefix, f"{prefix}:{token[cut:-1]}"


_prefixed_property = lru_cache(maxsize=1_024)(_prefixed)


def _said(properties: Properties, words: _Words, verbs: _Words) -> str:
    """All that is said of one subject; its types first, on the line of the subject."""
    types = properties.get(TYPE)
    said = [f"a {', '.join([words[value] for value in types])}"] if types else []
    said += [
        f"{verbs[predicate]} {words[values[0]]}"
        if len(values) == 1
        else f"{verbs[predicate]} " + ",\n        ".join([words[value] for value in values])
        for predicate, values in properties.items()
        if values is not types
    ]
    return " ;\n    ".join(said)
