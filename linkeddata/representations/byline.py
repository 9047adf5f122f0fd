"""Who made a work: its authors in the source's order, and everybody else with the part they had."""

from __future__ import annotations

from typing import NamedTuple

from linkeddata.representations.described import Described
from linkeddata.representations.parts import Text
from linkeddata.vocabulary.ntriples import Token, read_uri
from linkeddata.vocabulary.tokens import BIBO, DCTERMS, FOAF, RDFS, REL, SKOS

_ROLES = (BIBO.editor, BIBO.translator, BIBO.director, BIBO.producer)


class Author(NamedTuple):
    """One author: the name to show, with its page, and the name as the source writes it."""

    text: Text
    written: str


def authors(view: Described, work: Token) -> tuple[Author, ...]:
    """The authors in source order, repeats kept; those that no list orders come last."""
    return tuple(_author(view, agent) for agent in makers(view, work))


def makers(view: Described, work: Token) -> list[Token]:
    """The agents behind `authors`, in the same order."""
    listed = list(view.members(view.value(work, BIBO.authorList)))
    known = set(listed)
    return listed + [agent for agent in view.values(work, DCTERMS.creator) if agent not in known]


def contributors(view: Described, work: Token) -> tuple[Text, ...]:
    """Everybody else, each once, with the words for what they did as the note."""
    parts: dict[Token, list[str]] = {agent: [] for agent in view.members(view.value(work, BIBO.editorList))}
    for predicate, agents in view.about(work).items():
        if predicate in _ROLES or predicate in REL:
            for agent in agents:
                parts.setdefault(agent, []).append(view.term(predicate))
        elif predicate == DCTERMS.contributor:
            creators = makers(view, work)
            parts |= {agent: [] for agent in agents if agent not in creators and agent not in parts}
    return tuple(_agent_text(view, agent, note=", ".join(dict.fromkeys(roles))) for agent, roles in parts.items())


def _author(view: Described, agent: Token) -> Author:
    text = _agent_text(view, agent)
    return Author(text, view.said(agent, RDFS.label) or text.value)


def _agent_text(view: Described, agent: Token, *, note: str = "") -> Text:
    heading, name = _heading(view, agent), view.literal(agent, FOAF.name, RDFS.label)
    value, lang = (name.text, name.language or None) if name is not None else view.text(agent)[:2]
    return Text(value, lang, view.href(heading), note, uri=read_uri(heading))


def _heading(view: Described, agent: Token) -> Token:
    """The name heading of an agent, that of the same spelling first; the agent itself where none is stated."""
    headings = view.subjects(FOAF.focus, agent)
    if len(headings) < 2:
        return headings[0] if headings else agent
    written = view.literal(agent, RDFS.label)
    same = (heading for heading in headings if view.literal(heading, SKOS.prefLabel) == written)
    return next(same, headings[0])
