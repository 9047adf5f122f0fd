"""The things that a schema.org view of a record speaks of: agents, and what the record is part of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from linkeddata.representations.graph import Graph, plain
from linkeddata.vocabulary import terms
from linkeddata.vocabulary.ntriples import Token, read_uri
from linkeddata.vocabulary.tokens import BIBO, DCMITYPE, DCTERMS, FOAF, RDFS, SCHEMA, SKOS, VOID

Json: TypeAlias = Any
Thing: TypeAlias = dict[str, Json]

#: Kinds of things to which the graph gives no class of schema.org.
CLASSES: Final[Mapping[Token, str]] = {
    FOAF.Person: "Person",
    FOAF.Organization: "Organization",
    SKOS.Concept: "DefinedTerm",
    SKOS.ConceptScheme: "DefinedTermSet",
    DCMITYPE.Collection: "Collection",
    DCTERMS.Location: "Place",
    VOID.Dataset: "Dataset",
}
_AGENTS: Final = (FOAF.Person, FOAF.Organization)
#: What is told of an agent besides: the first value of the first property that has one.
_OF_AGENTS: Final = (
    ("name", (FOAF.name, RDFS.label)),
    ("familyName", (FOAF.familyName,)),
    ("givenName", (FOAF.givenName,)),
)


def classes_of(graph: Graph, subject: Token) -> list[str]:
    """The local names of its schema.org classes."""
    return [plain(kind)[len(terms.SCHEMA) :] for kind in graph.types(subject) if kind in SCHEMA]


def thing(classes: Sequence[str], told: Mapping[str, Json]) -> Thing:
    """A node without its empty keys."""
    return {key: value for key, value in {"@type": one_or_all(classes), **told}.items() if value not in (None, [])}


def one_or_all(values: Sequence[Json]) -> Json:
    """A single value as it is; several, or none, as a list."""
    return values[0] if len(values) == 1 else list(values)


def agent_of(graph: Graph, agent: Token) -> Thing:
    """A person or body; one that may be either has no class."""
    told: Thing = {}
    if kinds := [CLASSES[kind] for kind in graph.types(agent) if kind in _AGENTS]:
        told["@type"] = one_or_all(kinds)
    if agent[0] == "<":
        told["@id"] = read_uri(agent)
    for key, predicates in _OF_AGENTS:
        if (said := graph.first_plain(agent, *predicates)) is not None:
            told[key] = said
    if same := graph.plain(agent, SCHEMA.sameAs):
        told["sameAs"] = one_or_all(same)
    return told


def organisations(graph: Graph, agents: Iterable[Token]) -> list[Thing]:
    """The agents that have a name, as bodies."""
    names = ((agent, graph.first_plain(agent, FOAF.name)) for agent in agents)
    return [{"@type": "Organization", "@id": plain(agent), "name": name} for agent, name in names if name]


def wholes_of(graph: Graph, subject: Token) -> list[Thing]:
    """What it is part of: the issue in its volume in its journal as one chain, anything else one by one."""
    wholes = graph.values(subject, DCTERMS.isPartOf)
    issues = [whole for whole in wholes if BIBO.Issue in graph.types(whole)]
    chained = [container for issue in issues for container in graph.values(issue, DCTERMS.isPartOf)]
    others = [whole for whole in wholes if whole not in issues and whole not in chained]
    volume = graph.first_plain(subject, BIBO.volume)
    return [
        *(_issue(graph, issue, volume) for issue in issues),
        *(_volume(volume, _container(graph, whole)) for whole in others),
    ]


def _issue(graph: Graph, issue: Token, volume: str | None) -> Json:
    journals = [_container(graph, journal) for journal in graph.values(issue, DCTERMS.isPartOf)]
    whole = _volume(graph.first_plain(issue, BIBO.volume) or volume, one_or_all(journals))
    number = graph.first_plain(issue, BIBO.issue)
    return (
        thing(["PublicationIssue"], {"@id": plain(issue), "issueNumber": number, "isPartOf": whole})
        if number
        else whole
    )


def _volume(number: str | None, whole: Json) -> Json:
    """The volume between an article and its journal; nothing between a chapter and its book."""
    if not number or not isinstance(whole, dict) or whole.get("@type") != "Periodical":
        return whole
    return {"@type": "PublicationVolume", "volumeNumber": number, "isPartOf": whole}


def _container(graph: Graph, whole: Token) -> Thing:
    parts = {
        "@id": plain(whole),
        "name": graph.first_plain(whole, DCTERMS.title),
        "issn": one_or_all(graph.plain(whole, BIBO.issn)),
        "isbn": one_or_all(graph.plain(whole, BIBO.isbn13)),
        "sameAs": one_or_all(graph.plain(whole, SCHEMA.sameAs)),
    }
    return thing(classes_of(graph, whole), parts)
