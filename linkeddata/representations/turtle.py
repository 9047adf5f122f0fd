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
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
#: Between two properties of a subject, and two values of a property.
_NEXT_PROPERTY: Final = " ;\n    "
_NEXT_VALUE: Final = ",\n        "


def write(nodes: Nodes, *, own: str) -> bytes:
    """What is said of some nodes as Turtle: the same bytes for the same statements in the same order.

    No name that begins with `own` has a prefix.
    """
    words = _Words(nodes, own)
    return _file([_text(nodes, words)], words.prefixes)


def write_trig(statements: Iterable[Statement], named: Sequence[Statement], *, graph: str, own: str) -> bytes:
    """Statements as TriG: as `write` writes them, then those of a named graph, if there are any."""
    shared = {token for subject, _, value in named for token in (subject, value) if token[0] == "_"}
    flat, inner = (gather(each, elsewhere=shared) for each in (statements, named))
    words, more = _Words(flat, own), _Words(inner, own)
    texts = [_text(flat, words)]
    if named:
        texts.append(f"{uri_token(graph)} {{\n{_text(inner, more)}}}\n")
    return _file(texts, words.prefixes | more.prefixes)


def _file(texts: Iterable[str], prefixes: Collection[str]) -> bytes:
    head = "".join([f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in PREFIXES if prefix in prefixes])
    return "\n".join([text for text in (head, *texts) if text]).encode()


class _Words:
    """How the tokens of one description are written in Turtle, and the prefixes used.

    What is not `known` must be asked for by `word`; a text never is, for it seldom comes twice.
    """

    def __init__(self, nodes: Nodes, own: str) -> None:
        self.prefixes: set[str] = set()
        self._own = f"<{own}"
        self.known: dict[str, str] = {node: node for node in nodes.about if node.startswith(self._own)}
        for head, members in nodes.lists.items():
            said = [self.known.get(member) or self.word(member) for member in members]
            self.known[head] = f"( {' '.join(said)} )" if members else "()"

    def word(self, token: str) -> str:
        """Any token but that of a property, where it is not known."""
        if token[0] == '"':
            return token if token[-1] != ">" else self._typed(token)
        if token[0] == "_" or token.startswith(self._own):
            return token
        prefix, word = _prefixed(token)
        self.prefixes.add(prefix)
        self.known[token] = word
        return word

    def _typed(self, token: str) -> str:
        text, _, datatype = token.rpartition("^^")
        return f"{text}^^{self.known.get(datatype) or self.word(datatype)}"


@lru_cache(maxsize=4_096)
def _prefixed(token: str) -> tuple[str, str]:
    """The prefix of a URI's token, empty where it has none, and how it is written; all documents speak of the same
    few hundred terms."""
    cut = max(token.rfind("/"), token.rfind("#")) + 1
    prefix = _PREFIX_OF.get(token[1:cut])
    if prefix is None or not _PLAIN_NAME.fullmatch(token, cut, len(token) - 1):
        return "", token
    return prefix, f"{prefix}:{token[cut:-1]}"


def _text(nodes: Nodes, words: _Words) -> str:
    """All that is said of each subject, in pieces that are put together once."""
    pieces: list[str] = []
    for subject, properties in nodes.about.items():
        pieces.append("\n" if pieces else "")
        pieces.append(words.known.get(subject) or words.word(subject))
        _say(properties, words, pieces)
    return "".join(pieces)


def _say(properties: Properties, words: _Words, pieces: list[str]) -> None:
    """Add all that is said of one subject; its types first, on the line of the subject."""
    known, joint = words.known, " "
    for predicate, values in _types_first(properties).items():
        prefix, verb = ("", "a") if predicate == TYPE else _prefixed(predicate)
        words.prefixes.add(prefix)
        if len(values) == 1:
            pieces.append(f"{joint}{verb} {known.get(values[0]) or words.word(values[0])}")
        else:
            said = [known.get(value) or words.word(value) for value in values]
            pieces.append(f"{joint}{verb} {(', ' if predicate == TYPE else _NEXT_VALUE).join(said)}")
        joint = _NEXT_PROPERTY
    pieces.append(" .\n")


def _types_first(properties: Properties) -> Properties:
    """Mostly they are that."""
    if TYPE not in properties or next(iter(properties)) == TYPE:
        return properties
    return {TYPE: properties[TYPE], **properties}
