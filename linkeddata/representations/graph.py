"""Statements to look things up in: what pages, links and the schema.org view are all made from.

The nodes are tokens, never terms of rdflib; a description is gathered once, whatever is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from linkeddata.representations.nodes import Properties, by_subject
from linkeddata.vocabulary.ntriples import Literal, Statement, Token, is_literal, read_literal, read_text, read_uri
from linkeddata.vocabulary.tokens import RDF

_NOTHING: Properties = {}


class Graph:
    """Statements by subject and property, and by value, in the order given."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements = list(statements)
        self._about = by_subject(self.statements)
        self._pointing: dict[Token, list[tuple[Token, Token]]] = {}
        self._subjects: dict[Token, dict[Token, list[Token]]] = {}

    def about(self, subject: Token) -> Properties:
        """The values of every property of a subject."""
        return self._about.get(subject, _NOTHING)

    def all(self) -> Iterator[Token]:
        """Every subject."""
        return iter(self._about)

    def pointing(self, value: Token) -> list[tuple[Token, Token]]:
        """Subject and property of every statement that has this value."""
        if not self._pointing:
            for subject, predicate, each in self.statements:
                self._pointing.setdefault(each, []).append((subject, predicate))
        return self._pointing.get(value, [])

    def subjects(self, predicate: Token, value: Token) -> list[Token]:
        """What has this value for the property."""
        if (known := self._subjects.get(predicate)) is None:
            known = self._subjects[predicate] = {}
            for subject, properties in self._about.items():
                for each in properties.get(predicate, ()):
                    known.setdefault(each, []).append(subject)
        return known.get(value, [])

    def values(self, subject: Token, predicate: Token) -> Sequence[Token]:
        """The values of a property."""
        return self._about.get(subject, _NOTHING).get(predicate, ())

    def values_of(self, subject: Token, *predicates: Token) -> Sequence[Token]:
        """The values of several properties, property by property, each once."""
        about = self._about.get(subject, _NOTHING)
        return list(dict.fromkeys([value for predicate in predicates for value in about.get(predicate, ())]))

    def value(self, subject: Token, *predicates: Token) -> Token | None:
        """The first value of the first property that has one."""
        about = self._about.get(subject, _NOTHING)
        for predicate in predicates:
            if predicate in about:
                return about[predicate][0]
        return None

    def plain(self, subject: Token, predicate: Token) -> list[str]:
        """The values of a property as plain text."""
        values = self.values(subject, predicate)
        return [plain(value) for value in values] if values else []

    def first_plain(self, subject: Token, *predicates: Token) -> str | None:
        """The first value of the first property that has one, as plain text."""
        found = self.value(subject, *predicates)
        return None if found is None else plain(found)

    def types(self, subject: Token) -> Sequence[Token]:
        return self.values(subject, RDF.type)

    def literal(self, subject: Token, *predicates: Token) -> Literal | None:
        """The first literal among the values."""
        about = self._about.get(subject, _NOTHING)
        for predicate in predicates:
            for each in about.get(predicate, ()):
                if is_literal(each):
                    return read_literal(each)
        return None

    def said(self, subject: Token, predicate: Token) -> str:
        """The text of the first literal among the values; empty where there is none."""
        values = self.values(subject, predicate)
        return next((read_text(each) for each in values if each[0] == '"'), "")

    def literals(self, subject: Token, predicate: Token) -> list[str]:
        """The texts of all literals among the values, each once."""
        values = self.values(subject, predicate)
        return list(dict.fromkeys([read_text(each) for each in values if each[0] == '"'])) if values else []

    def members(self, head: Token | None) -> Iterator[Token]:
        """The members of an rdf:List; a list that runs in a circle ends where it began."""
        seen: set[Token] = set()
        while head is not None and head != RDF.nil and head not in seen:
            seen.add(head)
            yield from self.values(head, RDF.first)[:1]
            head = self.value(head, RDF.rest)


def plain(node: Token) -> str:
    """A node as plain text: a literal's, a URI, the label of a blank node."""
    return read_text(node) if is_literal(node) else read_uri(node)
