"""JSON-LD in the compact form of our context, written straight from a table made of it.

A general compaction costs many times as much and gives the same (the tests hold this against PyLD).
The context stands in every answer: a remote one fails offline, and in most parsers but one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import orjson

from linkeddata.errors import NotAcceptable
from linkeddata.representations.nodes import TYPE, Nodes, gather
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Statement, read_literal, read_uri, unescaped

#: A value as JSON has it; text alone for a plain literal or where the term says that it is a URI.
Json: TypeAlias = Any

_XSD_STRING = "<http://www.w3.org/2001/XMLSchema#string>"
_NAMESPACE_ENDS = ("/", "#")


@dataclass(frozen=True)
class Speech:
    """What a context says of each property (by its token), turned round for writing.

    `links` are the terms whose values are URIs, `texts` those of any other value, `lists` those of
    ordered ones; values of the `sets` are arrays even when single.
    """

    links: Mapping[str, str]
    texts: Mapping[str, str]
    lists: Mapping[str, str]
    sets: frozenset[str]
    order: Mapping[str, int]
    prefixes: Mapping[str, str]

    @cached_property
    def schemes(self) -> tuple[str, ...]:
        """What would be read as a prefix at the beginning of a URI."""
        return tuple(f"{prefix}:" for prefix in self.prefixes.values())


def write(nodes: Nodes, *, focus: str, own: str = "") -> bytes:
    """What is said of some nodes as JSON-LD: one flat `@graph`, the node of the URI `focus` first.

    Keys stand in the order of the context, nodes in the order given. No name that begins with `own` is shortened.
    NotAcceptable for a URI that every reader would take for a prefixed name.
    """
    graph = _graph(nodes, focus, own)
    return orjson.dumps({"@context": orjson.Fragment(_context()), "@graph": graph}, option=orjson.OPT_APPEND_NEWLINE)


def document(statements: Iterable[Statement], *, focus: str) -> dict[str, Json]:
    """What `write` writes, as a value."""
    return {"@context": ontology.context(), "@graph": _graph(gather(statements), focus, "")}


def _graph(nodes: Nodes, focus: str, own: str) -> list[dict[str, Json]]:
    speech = _speech()
    names, first = _Names(), f"<{focus}>"
    if own:
        names.update({node: read_uri(node) for node in nodes.about if node.startswith(f"<{own}")})
    subjects = sorted(nodes.about, key=first.__ne__)
    return [_node(subject, nodes, speech=speech, names=names) for subject in subjects]


def turned_round(context: Mapping[str, Json]) -> Speech:
    """A context (the object under `@context`) as the table that writing needs."""
    prefixes = {name: iri for name, iri in context.items() if isinstance(iri, str) and iri.endswith(_NAMESPACE_ENDS)}
    terms: dict[str, dict[str, str]] = {"links": {}, "texts": {}, "lists": {}}
    for name, definition in context.items():
        if name not in prefixes and definition not in ("@id", "@type"):
            parts = {"@id": definition} if isinstance(definition, str) else definition
            prefix, _, local = parts["@id"].partition(":")
            terms[_table(parts)][f"<{prefixes[prefix]}{local}>"] = name
    return Speech(
        **terms,
        sets=frozenset(n for n, d in context.items() if isinstance(d, dict) and d.get("@container") == "@set"),
        order={name: place for place, name in enumerate(context)},
        prefixes={namespace: prefix for prefix, namespace in prefixes.items()},
    )


def _table(definition: Mapping[str, str]) -> str:
    if definition.get("@container") == "@list":
        return "lists"
    return "links" if definition.get("@type") == "@id" else "texts"


@lru_cache(maxsize=1)
def _speech() -> Speech:
    return turned_round(ontology.context())


@lru_cache(maxsize=1)
def _context() -> bytes:
    return orjson.dumps(ontology.context())


class _Names(dict[str, str]):
    """Each URI of one description (by its token) as a compact IRI where a prefix fits, else in full."""

    def __missing__(self, token: str) -> str:
        self[token] = name = _named(token)
        return name


@lru_cache(maxsize=4_096)
def _named(token: str) -> str:
    """The same of any description: all of them speak of the same few hundred terms."""
    uri, speech = read_uri(token), _speech()
    if uri.startswith(speech.schemes):
        raise NotAcceptable("JSON-LD cannot express the URI %(uri)s: its scheme is one of our prefixes", uri=uri)
    namespace = next((namespace for namespace in speech.prefixes if uri.startswith(namespace)), "")
    local = uri[len(namespace) :]
    # `prefix://…` would be read as a URI of its own (JSON-LD 1.1 API, IRI expansion).
    return f"{speech.prefixes[namespace]}:{local}" if namespace and local and not local.startswith("//") else uri


def _node(subject: str, nodes: Nodes, *, speech: Speech, names: _Names) -> dict[str, Json]:
    """One subject with all its properties."""
    entries: dict[str, list[Json]] = {}
    for predicate, values in nodes.about[subject].items():
        _enter(predicate, values, entries, nodes=nodes, speech=speech, names=names)
    node: dict[str, Json] = {"id": names[subject]}
    for key in _ordered(entries, speech.order):
        found = entries[key]
        node[key] = found if len(found) > 1 or key in speech.sets else found[0]
    return node


def _ordered(keys: Iterable[str], order: Mapping[str, int]) -> list[str]:
    """Keys as they stand in the context; those that are none of its terms behind them, by themselves."""
    try:
        return sorted(keys, key=order.__getitem__)
    except KeyError:
        return sorted(keys, key=lambda key: (order.get(key, len(order)), key))


def _enter(
    predicate: str,
    values: Sequence[str],
    entries: dict[str, list[Json]],
    *,
    nodes: Nodes,
    speech: Speech,
    names: _Names,
) -> None:
    """Add the values of a property, each under the key at which its kind of value stands."""
    link = "type" if predicate == TYPE else speech.links.get(predicate)
    key: str
    for value in values:
        if value[0] == '"':
            key, said = speech.texts.get(predicate) or names[predicate], _literal(value, names)
        elif value in nodes.lists:
            key, said = _list(predicate, nodes.lists[value], alone=len(values) == 1, speech=speech, names=names)
        elif link:
            key, said = link, names[value]
        else:
            key, said = speech.texts.get(predicate) or names[predicate], {"id": names[value]}
        if key in entries:
            entries[key].append(said)
        else:
            entries[key] = [said]


def _list(predicate: str, members: Sequence[str], *, alone: bool, speech: Speech, names: _Names) -> tuple[str, Json]:
    """A list: an array where the term says that it is one of URIs, else spelt out."""
    key = speech.lists.get(predicate)
    if key and alone and not any(member[0] == '"' for member in members):
        return key, [names[member] for member in members]
    spelt = [_literal(member, names) if member[0] == '"' else {"id": names[member]} for member in members]
    return names[predicate], {"@list": spelt}


def _literal(token: str, names: _Names) -> Json:
    if token[-1] == '"':
        return unescaped(token[1:-1])
    text, language, datatype = read_literal(token)
    if language:
        return {"@language": language, "@value": text}
    return text if datatype == _XSD_STRING else {"type": names[datatype], "@value": text}
