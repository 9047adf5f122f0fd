"""The page, the Turtle and the JSON-LD of 200 development records say the same, field by field and both ways.

What a page shows of a field must be said in the graph, and what the graph says of it must be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, PREFIXES, PROV, RDF, RDFS, REL, shorten
from linkeddata.web import create_app

from .conftest import BASE, settings_for
from .reading import Page, Seen, Told, clean

RECORDS = 200
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
LABELS = ontology.labels()
ROLES = {str(BIBO[role]) for role in ("editor", "translator", "director", "producer")}
#: The table shows the beginning of a long text.
LONG = 120


@dataclass(frozen=True)
class Both:
    """A record as its page shows it and as its graph tells it."""

    id: str
    page: Page
    told: Told

    @property
    def record(self) -> str:
        return f"{BASE}id/record/{quote(self.id, safe='')}"

    @property
    def document(self) -> str:
        return f"{BASE}doc/record/{quote(self.id, safe='')}"

    def values(self, *predicates: str) -> list[ox.Term]:
        return self.told.values(self.record, *predicates)

    def wholes(self, *kinds: str) -> list[str]:
        """What the work is part of, of some kinds of ours."""
        parts = self.told.keys(self.record, DCTERMS.isPartOf)
        return [each for each in parts if each.startswith(tuple(f"{BASE}id/{kind}/" for kind in kinds))]


#: What is shown of a field, and what is told of it.
Field: TypeAlias = tuple[list[Seen], list[ox.Term]]


def labelled(curie: str) -> str:
    """What a property is called on pages."""
    words = LABELS.get(curie) or curie.partition(":")[2]
    return words[:1].upper() + words[1:]


def in_order(both: Both) -> Field:
    """Authors, each by the heading of the name."""
    told, listed = both.told, list(both.told.members(both.told.keys(both.record, BIBO.authorList)))
    others = [agent for agent in told.keys(both.record, DCTERMS.creator) if agent not in listed]
    return both.page.all("//a[@rel='author']"), [heading(told, agent) for agent in (*listed, *others)]


def heading(told: Told, agent: str) -> ox.NamedNode:
    """The heading under which an author's page lists the work: that of the spelling used here."""
    names = told.names(agent)
    headings = told.subjects[str(FOAF.focus), agent]
    return ox.NamedNode(next((each for each in headings if told.names(each) & names), agent))


def besides(both: Both) -> Field:
    """Everybody else who had a part in the work."""
    told, creators = (
        both.told,
        {
            *both.told.keys(both.record, DCTERMS.creator),
            *both.told.members(both.told.keys(both.record, BIBO.authorList)),
        },
    )
    found = [*told.members(told.keys(both.record, BIBO.editorList))]
    found += [str(value.value) for by, value in told.about[both.record] if by in ROLES or by.startswith(str(REL))]
    found += [agent for agent in told.keys(both.record, DCTERMS.contributor) if agent not in creators]
    return both.page.all("//p[@class='with']/*[self::a or self::span[@dir]]"), [
        heading(told, each) for each in dict.fromkeys(found)
    ]


def container(both: Both) -> Field:
    return both.page.all("//p[@class='src']/i//*[self::a or self::span[@dir]]"), [
        ox.NamedNode(each) for each in both.wholes("journal", "host")[:1]
    ]


def publishers(both: Both) -> Field:
    links = both.page.all("//p[@class='src']/a[contains(@href, '/id/org/')] | //p[@class='src']/span[@dir]")
    return links, both.values(DCTERMS.publisher)


FIELDS: dict[str, Callable[[Both], Field]] = {
    "title": lambda both: (both.page.all("//h1[not(@class='mono')]"), both.values(DCTERMS.title)),
    "authors": in_order,
    "contributors": besides,
    "container": container,
    "publishers": publishers,
    "date": lambda both: (both.page.all("//p[@class='src']/time"), both.values(DCTERMS.issued)),
    "abstract": lambda both: (both.page.all("//p[@class='prose']"), both.values(DCTERMS.abstract)),
    "subjects": lambda both: (
        both.page.all("//section[@aria-labelledby='sub']//li/*[1]"),
        both.values(DCTERMS.subject),
    ),
    "repository": lambda both: (
        both.page.all("//p[@class='acts']/a[not(contains(@href, '#')) and not(contains(., 'DOI'))]"),
        both.values(FOAF.page)[:1],
    ),
}
