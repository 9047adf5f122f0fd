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

    What is not in `known` or `verbs` (the properties) yet must be asked for; a text never is in there, for it seldom
    comes twice.
    """

    def __init__(self, nodes: Nodes, own: str) -> None:
        self.prefixes: set[str] = set()
        self.verbs: dict[str, str] = {TYPE: "a"}
        self._own = f"<{own}"
        self.known: dict[str, str] = {node: node for node in nodes.about if node.startswith(self._own)}
        for head, members in nodes.lists.items():
            self.known[head] = f"( {' '.join([self.word(member) for member in members])} )" if members else "()"

    def word(self, token: str) -> str:
        """Any token but that of a property."""
        if token in self.known:
            return self.known[token]
        if token[-1] == '"':
            return token
        word = self.known[token] = self._made(token)
        return word

    def verb(self, token: str) -> str:
        """A property; all documents speak of the same few hundred, so that their names need not be found anew."""
        prefix, word = _prefixed_property(token)
        self.prefixes.add(prefix)
        self.verbs[token] = word
        return word

    def _made(self, token: str) -> str:
        if token[0] == '"':
            text, datatype, name = token.rpartition("^^") if token[-1] == ">" else (token, "", "")
            return f"{text}^^{self.word(name)}" if datatype else token
        if token.startswith(self._own):
            return token
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
    known, verbs, joint = words.known, words.verbs, " "
    for predicate, values in _types_first(properties).items():
        pieces.append(joint)
        pieces.append(verbs.get(predicate) or words.verb(predicate))
        further, joint = ", " if predicate == TYPE else _NEXT_VALUE, " "
        for value in values:
            pieces.append(joint)
            pieces.append(known.get(value) or words.word(value))
            joint = further
        joint = _NEXT_PROPERTY
    pieces.append(" .\n")


def _types_first(properties: Properties) -> Properties:
    """Mostly they are that."""
    if TYPE not in properties or next(iter(properties)) == TYPE:
        return properties
    return {TYPE: properties[TYPE], **properties}
