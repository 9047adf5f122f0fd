"""A record's page and its graph, each read on its own and by no code of ours, so that they can be held side by side."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import lxml.html
import pyoxigraph as ox
from lxml.html import HtmlElement

from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDF, RDFS, SKOS

#: What stands in a statement's last place; triple terms are not written here.
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_NAMING = (SKOS.prefLabel, DCTERMS.title, FOAF.name, RDFS.label, SKOS.notation, BIBO.number)


def clean(text: str) -> str:
    return " ".join(text.split())


class Told:
    """The statements of a document: values by subject and property."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._values: dict[tuple[str, str], list[Term]] = defaultdict(list)
        self.subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.about: dict[str, list[tuple[str, Term]]] = defaultdict(list)
        for quad in quads:
            subject, by = _key(quad.subject), quad.predicate.value
            self._values[subject, by].append(quad.object)
            self.about[subject].append((by, quad.object))
            if not isinstance(quad.object, ox.Literal):
                self.subjects[by, _key(quad.object)].append(subject)

    def values(self, subject: str, *predicates: str) -> list[Term]:
        return [value for by in predicates for value in self._values[subject, str(by)]]

    def keys(self, subject: str, *predicates: str) -> list[str]:
        """Resources among the values, or literals as their text."""
        return [_key(value) for value in self.values(subject, *predicates)]

    def names(self, subject: str) -> set[str]:
        """All that a thing is called."""
        return {clean(value.value) for value in self.values(subject, *_NAMING) if isinstance(value, ox.Literal)}

    def members(self, heads: Iterable[str]) -> Iterator[str]:
        """What stands in lists, in order."""
        for head in heads:
            cell = head
            while cell != str(RDF.nil):
                yield from self.keys(cell, RDF.first)
                (cell,) = self.keys(cell, RDF.rest)


def _key(term: Term) -> str:
    assert not isinstance(term, ox.Triple)
    return term.value


@dataclass(frozen=True)
class Seen:
    """Something that a page shows: its words, where it leads, the moment that it words, and the remark behind it."""

    words: str
    href: str = ""
    moment: str = ""
    note: str = field(default="", compare=False)

    def means(self, value: Term, told: Told) -> bool:
        """Whether it stands for a value: a literal word for word (a date to the letter), a thing by its address, and
        by one of its names where it has any."""
        if isinstance(value, ox.Literal):
            return clean(value.value) in (self.moment, self.words)
        uri = str(value.value)
        named = told.names(uri)
        return (uri in (self.href, self.words) and (not named or self.words in named)) or self.words == _bare(uri)


def _bare(uri: str) -> str:
    return uri.removeprefix("https://").removeprefix("http://").rstrip("/")


class Page:
    """The page of a record."""

    def __init__(self, html: str, base: str) -> None:
        self._tree: HtmlElement = lxml.html.fromstring(html, base_url=base)
        self._tree.make_links_absolute(base)

    def all(self, path: str) -> list[Seen]:
        """What the elements of an XPath show."""
        return [_seen(each) for each in self._tree.xpath(path)]

    def texts(self, path: str) -> list[str]:
        return [each.words for each in self.all(path)]

    def line(self, kind: str) -> str:
        """The first paragraph of a class that has elements, without the marks of what was mined."""
        found = copy.deepcopy(next(iter(self._tree.xpath(f"//p[@class='{kind}'][*]")), None))
        if found is None:
            return ""
        for mark in found.xpath(".//*[@class='tag']"):
            mark.drop_tree()
        return clean(found.text_content()).replace(" ,", ",")

    def card(self, name: str) -> dict[str, list[Seen]]:
        """What stands beside each label of a card."""
        found: dict[str, list[Seen]] = {}
        for each in self._tree.xpath(f"//section[@aria-labelledby='{name}']//dl/*"):
            if each.tag == "dt":
                values = found.setdefault(clean(each.text_content()), [])
            else:
                values.extend(_seen(shown) for shown in each.xpath("(.//a | .//span[@dir] | .//time)[1]"))
        return found

    @cached_property
    def table(self) -> list[tuple[str, str, list[Seen]]]:
        """The rows of the table of statements: the prefixed name, the whole cell of values, and its elements."""
        rows = self._tree.xpath("//section[@aria-labelledby='raw']//tbody/tr")
        named = ((clean(row[0].text_content()).rpartition("(")[2].rstrip(")"), row[1]) for row in rows)
        return [(name, clean(cell.text_content()), [_seen(each) for each in cell]) for name, cell in named]


def _seen(element: HtmlElement) -> Seen:
    return Seen(clean(element.text_content()), element.get("href") or "", element.get("datetime") or "")
