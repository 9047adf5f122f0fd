"""A description made readable: its statements by subject and by object, with the words to show each node.

It knows nothing but the statements it was given, so a name that no statement tells is shown as the
last part of its URI rather than looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from rdflib import Literal, URIRef
from rdflib.term import Node

from linkeddata.representations.parts import Text, capital, literal_text, safe_href
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDF, RDFS, SKOS, shorten
from linkeddata.vocabulary.uris import Name, Uris
from linkeddata.wording import ENGLISH, Wording

Statement = tuple[Node, Node, Node]

_NAMES = (SKOS.prefLabel, DCTERMS.title, FOAF.name, RDFS.label, SKOS.notation)
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-2/"


class Described:
    """Statements indexed both ways, with the labels of terms and the policy of URIs."""

    def __init__(
        self,
        triples: Iterable[Statement],
        *,
        uris: Uris,
        labels: Mapping[str, str],
        mined: Collection[Statement] = (),
        words: Wording = ENGLISH,
    ) -> None:
        self.uris = uris
        self._mined = frozenset(mined)
        self._labels = labels
        self.words = words
        self._about: dict[Node, list[tuple[Node, Node]]] = defaultdict(list)
        self._values: dict[Node, dict[Node, list[Node]]] = defaultdict(dict)
        self._pointing: dict[Node, list[tuple[Node, Node]]] = defaultdict(list)
        self.count = 0
        for subject, predicate, value in triples:
            self.count += 1
            self._about[subject].append((predicate, value))
            self._values[subject].setdefault(predicate, []).append(value)
            self._pointing[value].append((subject, predicate))

    def is_mined(self, subject: Node, predicate: Node, value: Node) -> bool:
        """Whether a statement was read out of free text."""
        return (subject, predicate, value) in self._mined

    def about(self, subject: Node) -> list[tuple[Node, Node]]:
        """Property and value of every statement about a subject, in the order given."""
        return self._about.get(subject, [])

    def pointing(self, value: Node) -> list[tuple[Node, Node]]:
        """Subject and property of every statement that has this value."""
        return self._pointing.get(value, [])

    def all(self) -> Iterator[Node]:
        """Every subject, in the order given."""
        return iter(self._about)

    def values(self, subject: Node, *predicates: Node) -> list[Node]:
        """The values of the properties, property by property."""
        found = self._values.get(subject, {})
        return [value for predicate in predicates for value in found.get(predicate, ())]

    def value(self, subject: Node, *predicates: Node) -> Node | None:
        """The first value of the first property that has one."""
        return next(iter(self.values(subject, *predicates)), None)

    def literal(self, subject: Node, *predicates: Node) -> Literal | None:
        """The first literal among the values."""
        return next((value for value in self.values(subject, *predicates) if isinstance(value, Literal)), None)

    def literals(self, subject: Node, *predicates: Node) -> list[str]:
        """The texts of all literals among the values, each once."""
        found = (str(value) for value in self.values(subject, *predicates) if isinstance(value, Literal))
        return list(dict.fromkeys(found))

    def subjects(self, predicate: Node, value: Node) -> list[Node]:
        """What has this value for the property."""
        return [subject for subject, found in self.pointing(value) if found == predicate]

    def types(self, subject: Node) -> list[Node]:
        return self.values(subject, RDF.type)

    def members(self, head: Node | None) -> Iterator[Node]:
        """The members of an rdf:List; a list that runs in a circle ends where it began."""
        seen: set[Node] = set()
        while head is not None and head != RDF.nil and head not in seen:
            seen.add(head)
            yield from self.values(head, RDF.first)[:1]
            head = self.value(head, RDF.rest)

    def kind(self, node: Node) -> str:
        """The kind of a thing of ours (`journal`, `name`…), or nothing for what is not ours."""
        name = self.name(node)
        return name.kind if name else ""

    def name(self, node: Node) -> Name | None:
        return self.uris.name(str(node)) if isinstance(node, URIRef) else None

    def label(self, key: str, default: str) -> str:
        """What `labels.toml` says for a key such as `kind:journal`, capitalised, or the default."""
        return capital(self._labels.get(key, default))

    def term(self, uri: Node) -> str:
        """A term in words: its label, else its local name."""
        curie = shorten(str(uri)) or ""
        if str(uri).startswith(_LANGUAGES):
            curie = f"language:{str(uri)[len(_LANGUAGES) :]}"
        return self._labels.get(curie) or _tail(str(uri))

    def curie(self, uri: Node) -> str:
        """A term as programs write it: its prefixed name, else its URI."""
        return shorten(str(uri)) or str(uri)

    def href(self, node: Node) -> str | None:
        """Where a node leads: a path for our own, the URI for others that are safe to click."""
        if not isinstance(node, URIRef):
            return None
        local = self.uris.local(str(node))
        return local if local != str(node) else safe_href(str(node))

    def text(self, node: Node, *, note: str = "") -> Text:
        """A node for reading: a literal as it is, anything else by its name and with its link."""
        if isinstance(node, Literal):
            return literal_text(node, note=note, words=self.words)
        name, uri = self.literal(node, *_NAMES), str(node) if isinstance(node, URIRef) else ""
        if name is not None:
            return Text(str(name), name.language, self.href(node), note, uri=uri)
        return Text(self._nameless(node), None, self.href(node), note, uri=uri)

    def texts(self, subject: Node, *predicates: Node) -> tuple[Text, ...]:
        """The values of properties whose order says nothing, for reading, in alphabetical order."""
        found = (
            replace(self.text(value), mined=self.is_mined(subject, predicate, value))
            for predicate in predicates
            for value in self.values(subject, predicate)
        )
        return tuple(sorted(dict.fromkeys(found), key=lambda text: text.value.casefold()))

    def _nameless(self, node: Node) -> str:
        name = self.name(node)
        if name is None:
            return self.term(node) if _is_term(str(node)) else _without_scheme(str(node))
        if name.kind == "issue":
            return self._issue(node)
        if name.kind == "journal" and name.key.startswith("issn-"):
            return f"ISSN {name.key.removeprefix('issn-')}"
        return self._labels.get(f"{name.kind}:{name.key}") or name.key.rpartition("/")[2]

    def _issue(self, issue: Node) -> str:
        journals = (self.literal(whole, DCTERMS.title) for whole in self.values(issue, DCTERMS.isPartOf))
        title = next((str(journal) for journal in journals if journal is not None), "")
        numbers = volume_and_issue(self.literal(issue, BIBO.volume), self.literal(issue, BIBO.issue), self.words)
        return ", ".join(part for part in (title, numbers) if part) or _tail(str(issue))


def volume_and_issue(volume: str | None, issue: str | None, words: Wording = ENGLISH) -> str:
    """Volume and issue as citations write them.

    >>> volume_and_issue("39", "7"), volume_and_issue("39", None), volume_and_issue(None, "7")
    ('39 (7)', '39', 'no. 7')
    """
    if volume and issue:
        return f"{volume} ({issue})"
    return str(volume) if volume else words.say("no. %(issue)s", issue=issue) if issue else ""


def _is_term(uri: str) -> bool:
    return shorten(uri) is not None or uri.startswith(_LANGUAGES)


def _tail(uri: str) -> str:
    return unquote(uri.rstrip("/").rpartition("#" if "#" in uri else "/")[2]) or uri


def _without_scheme(uri: str) -> str:
    return uri.removeprefix("https://").removeprefix("http://").rstrip("/") if safe_href(uri) else uri
