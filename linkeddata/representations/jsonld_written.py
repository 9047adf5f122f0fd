"""Our documents expanded, flattened and framed (JSON-LD 1.1 API and Framing), written straight, without a processor.

What we write is flat and its context is ours, so each form is a walk over the nodes; a processor takes many times as
long, and for a record with thousands of authors too long. The tests hold these against PyLD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from linkeddata.representations.nodes import TYPE, Nodes, gather
from linkeddata.vocabulary.ntriples import Statement, read_literal, unescaped

Json: TypeAlias = Any

#: Trees are no deeper than this, which readers of JSON can take; what lies deeper is a tree of its own.
_DEEPEST: Final = 30


def expanded(statements: Iterable[Statement], *, focus: str) -> list[Json]:
    """The statements in expanded form, the node of the URI `focus` first."""
    nodes = gather(statements)
    return [_expanded(subject, nodes) for subject in sorted(nodes.about, key=f"<{focus}>".__ne__)]


def flattened(statements: Iterable[Statement], *, focus: str) -> list[Json]:
    """The statements in flattened form: expanded, each node once, in the order of their identifiers."""
    return sorted(expanded(statements, focus=focus), key=lambda node: str(node["@id"]))


def _expanded(subject: str, nodes: Nodes) -> dict[str, Json]:
    node: dict[str, Json] = {"@id": _uri(subject)}
    for predicate, values in nodes.about[subject].items():
        types = [value for value in values if predicate == TYPE and value[0] != '"' and value not in nodes.lists]
        if types:
            node["@type"] = [_uri(value) for value in types]
        if others := [_value(value, nodes) for value in values if value not in types]:
            node[_uri(predicate)] = others
    return node


def _uri(token: str) -> str:
    return unescaped(token[1:-1]) if token[0] == "<" else token


def _value(token: str, nodes: Nodes) -> Json:
    if token in nodes.lists:
        return {"@list": [_value(member, nodes) for member in nodes.lists[token]]}
    if token[0] != '"':
        return {"@id": _uri(token)}
    text, language, datatype = read_literal(token)
    kind = {"@language": language} if language else {"@type": _uri(datatype)} if datatype else {}
    return {**kind, "@value": text}


def framed(document: Json, *, focus: str) -> Json:
    """A document in our flat, compact form as a tree that begins at the focus.

    Each node stands once, where it is met first. What the focus does not lead to follows as further trees, so nothing
    is lost; with one tree there is no `@graph`.
    """
    context, graph = document["@context"], document["@graph"]
    forest = _Forest(graph, frozenset(_links(context)))
    pointed_at = {target for node in graph for target in forest.targets(node)}
    order = sorted((node["id"] for node in graph), key=lambda each: (each != focus, each in pointed_at))
    trees = [forest.tree(root) for root in order if root in forest.left]
    return {"@context": context, **(trees[0] if len(trees) == 1 else {"@graph": trees})}


def _links(context: Mapping[str, Json]) -> Iterator[str]:
    """The terms whose values are URIs."""
    return (name for name, term in context.items() if isinstance(term, dict) and term.get("@type") == "@id")


class _Forest:
    """The nodes that stand in no tree yet, by their identifiers."""

    def __init__(self, graph: Iterable[dict[str, Json]], links: frozenset[str]) -> None:
        self.left = {node["id"]: node for node in graph}
        self._links = links

    def tree(self, root: str, depth: int = 0) -> dict[str, Json]:
        """A node, with those in it that it leads to and that stand nowhere yet."""
        node = self.left.pop(root)
        return {
            key: value if key in ("id", "type") else self._within(value, key in self._links, depth + 1)
            for key, value in node.items()
        }

    def _within(self, value: Json, is_link: bool, depth: int) -> Json:
        if isinstance(value, list):
            return [self._within(each, is_link, depth) for each in value]
        if isinstance(value, dict) and "@list" in value:
            return {"@list": self._within(value["@list"], False, depth)}
        target = _target(value, is_link)
        return self.tree(target, depth) if target in self.left and depth < _DEEPEST else value

    def targets(self, node: Mapping[str, Json]) -> Iterator[str]:
        """What a node leads to, but itself."""
        for key, value in node.items():
            if key not in ("id", "type"):
                yield from (each for each in _targets(value, key in self._links) if each != node["id"])


def _targets(value: Json, is_link: bool) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _targets(each, is_link)
    elif isinstance(value, dict) and "@list" in value:
        yield from _targets(value["@list"], False)
    elif target := _target(value, is_link):
        yield target


def _target(value: Json, is_link: bool) -> str:
    """The identifier that a value refers to; empty for a literal."""
    if isinstance(value, dict):
        return "" if "@value" in value else str(value.get("id", ""))
    return value if is_link else ""
