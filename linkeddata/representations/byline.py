"""Who made a work: its authors in the source's order, and everybody else with the part they had."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib.term import Node

from linkeddata.representations.described import Described
from linkeddata.representations.parts import Text
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDFS, REL, SKOS

_ROLES = (BIBO.editor, BIBO.translator, BIBO.director, BIBO.producer)


@dataclass(frozen=True, slots=True)
class Author:
    """One author: the name to show, with its page, and the name as the source writes it."""

    text: Text
    written: str


def authors(view: Described, work: Node) -> tuple[Author, ...]:
    """The authors in source order, repeats kept; those that no list orders come last."""
    return tuple(_author(view, agent) for agent in makers(view, work))


def makers(view: Described, work: Node) -> list[Node]:
    """The agents behind `authors`, in the same order."""
    listed = list(view.members(view.value(work, BIBO.authorList)))
    known = set(listed)
    return listed + [agent for agent in view.values(work, DCTERMS.creator) if agent not in known]


def contributors(view: Described, work: Node) -> tuple[Text, ...]:
    """Everybody else, each once, with the words for what they did as the note."""
    creators = {*view.members(view.value(work, BIBO.authorList)), *view.values(work, DCTERMS.creator)}
    parts: dict[Node, list[str]] = {}
    for agent in view.members(view.value(work, BIBO.editorList)):
        parts.setdefault(agent, [])
    for predicate, agent in view.about(work):
        if predicate in _ROLES or str(predicate).startswith(REL):
            parts.setdefault(agent, []).append(view.term(predicate))
        elif predicate == DCTERMS.contributor and agent not in creators:
            parts.setdefault(agent, [])
    return tuple(_agent_text(view, agent, note=", ".join(dict.fromkeys(roles))) for agent, roles in parts.items())


def _author(view: Described, agent: Node) -> Author:
    text = _agent_text(view, agent)
    return Author(text, str(view.literal(agent, RDFS.label) or text.value))


def _agent_text(view: Described, agent: Node, *, note: str = "") -> Text:
    name = view.literal(agent, FOAF.name, RDFS.label)
    shown = Text(str(name), name.language) if name is not None else view.text(agent)
    heading = _heading(view, agent)
    return Text(shown.value, shown.lang, view.href(heading), note, uri=str(heading))


def _heading(view: Described, agent: Node) -> Node:
    """The name heading of an agent, that of the same spelling first; the agent itself where none is stated."""
    headings = view.subjects(FOAF.focus, agent)
    written = view.literal(agent, RDFS.label)
    same = (heading for heading in headings if view.literal(heading, SKOS.prefLabel) == written)
    return next(same, headings[0] if headings else agent)
