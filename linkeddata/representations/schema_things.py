"""The things that a schema.org view of a record speaks of: agents, and what the record is part of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from rdflib import URIRef
from rdflib.term import Node

from linkeddata.representations.rdf import Triple
from linkeddata.vocabulary.terms import BIBO, DCMITYPE, DCTERMS, FOAF, RDF, RDFS, SCHEMA, SKOS, VOID

Json: TypeAlias = Any
Thing: TypeAlias = dict[str, Json]

#: Kinds of things to which the graph gives no class of schema.org.
CLASSES: Final[Mapping[Node, str]] = {
    FOAF.Person: "Person",
    FOAF.Organization: "Organization",
    SKOS.Concept: "DefinedTerm",
    SKOS.ConceptScheme: "DefinedTermSet",
    DCMITYPE.Collection: "Collection",
    DCTERMS.Location: "Place",
    VOID.Dataset: "Dataset",
}


class Graph:
    """Statements by subject and property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Node, dict[Node, list[Node]]] = {}
        for subject, predicate, value in triples:
            self._about.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def values(self, subject: Node, *predicates: Node) -> list[Node]:
        """The values of the properties, property by property, each once."""
        about = self._about.get(subject, {})
        return list(dict.fromkeys(value for predicate in predicates for value in about.get(predicate, ())))

    def texts(self, subject: Node, *predicates: Node) -> list[str]:
        return [str(value) for value in self.values(subject, *predicates)]

    def text(self, subject: Node, *predicates: Node) -> str | None:
        """The first value of the first property that has one."""
        return next(iter(self.texts(subject, *predicates)), None)

    def members(self, subject: Node, predicate: Node) -> list[Node]:
        """The members of the property's lists, in order; a list that runs in a circle ends where it began."""
        found: list[Node] = []
        cells, seen = self.values(subject, predicate), set()
        while cells:
            cell = cells.pop()
            if cell not in seen:
                seen.add(cell)
                found += self.values(cell, RDF.first)
                cells += self.values(cell, RDF.rest)
        return found

    def classes(self, subject: Node) -> list[str]:
        """The local names of its schema.org classes."""
        return [name[len(SCHEMA) :] for name in self.texts(subject, RDF.type) if name.startswith(SCHEMA)]


def thing(classes: Sequence[str], told: Mapping[str, Json]) -> Thing:
    """A node without its empty keys."""
    return {key: value for key, value in {"@type": one_or_all(classes), **told}.items() if value not in (None, [])}


def one_or_all(values: Sequence[Json]) -> Json:
    """A single value as it is; several, or none, as a list."""
    return values[0] if len(values) == 1 else list(values)


def agent_of(graph: Graph, agent: Node) -> Thing:
    """A person or body; one that may be either has no class."""
    kinds = [CLASSES[kind] for kind in graph.values(agent, RDF.type) if kind in (FOAF.Person, FOAF.Organization)]
    parts = {
        "@id": str(agent) if isinstance(agent, URIRef) else None,
        "name": graph.text(agent, FOAF.name, RDFS.label),
        "familyName": graph.text(agent, FOAF.familyName),
        "givenName": graph.text(agent, FOAF.givenName),
        "sameAs": one_or_all(graph.texts(agent, SCHEMA.sameAs)),
    }
    return thing(kinds, parts)


def organisations(graph: Graph, agents: Iterable[Node]) -> list[Thing]:
    """The agents that have a name, as bodies."""
    names = ((agent, graph.text(agent, FOAF.name)) for agent in agents)
    return [{"@type": "Organization", "@id": str(agent), "name": name} for agent, name in names if name]


def wholes_of(graph: Graph, subject: Node) -> list[Thing]:
    """What it is part of: the issue in its volume in its journal as one chain, anything else one by one."""
    wholes = graph.values(subject, DCTERMS.isPartOf)
    issues = [whole for whole in wholes if BIBO.Issue in graph.values(whole, RDF.type)]
    chained = [container for issue in issues for container in graph.values(issue, DCTERMS.isPartOf)]
    others = [whole for whole in wholes if whole not in issues and whole not in chained]
    volume = graph.text(subject, BIBO.volume)
    return [
        *(_issue(graph, issue, volume) for issue in issues),
        *(_volume(volume, _container(graph, whole)) for whole in others),
    ]


def _issue(graph: Graph, issue: Node, volume: str | None) -> Json:
    journals = [_container(graph, journal) for journal in graph.values(issue, DCTERMS.isPartOf)]
    whole = _volume(graph.text(issue, BIBO.volume) or volume, one_or_all(journals))
    number = graph.text(issue, BIBO.issue)
    return (
        thing(["PublicationIssue"], {"@id": str(issue), "issueNumber": number, "isPartOf": whole}) if number else whole
    )


def _volume(number: str | None, whole: Json) -> Json:
    """The volume between an article and its journal; nothing between a chapter and its book."""
    if not number or not isinstance(whole, dict) or whole.get("@type") != "Periodical":
        return whole
    return {"@type": "PublicationVolume", "volumeNumber": number, "isPartOf": whole}


def _container(graph: Graph, whole: Node) -> Thing:
    parts = {
        "@id": str(whole),
        "name": graph.text(whole, DCTERMS.title),
        "issn": one_or_all(graph.texts(whole, BIBO.issn)),
        "isbn": one_or_all(graph.texts(whole, BIBO.isbn13)),
        "sameAs": one_or_all(graph.texts(whole, SCHEMA.sameAs)),
    }
    return thing(graph.classes(whole), parts)
