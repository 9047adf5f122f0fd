"""The statements about one subject as rows: property in words and as programs write it, and the value."""

from __future__ import annotations

from rdflib import BNode, Literal
from rdflib.term import Node

from linkeddata.representations.described import Described
from linkeddata.representations.parts import Row, Text, capital, number, shortened
from linkeddata.vocabulary.terms import RDF, XSD

_LONGEST_SHOWN = 120
#: A work of 3,000 authors makes 3,000 statements; the formats have them all.
MOST_ROWS = 200


def statement_rows(view: Described, subject: Node) -> tuple[Row, ...]:
    """One row for each statement about a subject, a list as one row; at most `MOST_ROWS`."""
    return tuple(
        Row(capital(view.term(predicate)), _values(view, value), view.curie(predicate))
        for predicate, value in view.about(subject)[:MOST_ROWS]
    )


def _values(view: Described, value: Node) -> tuple[Text, ...]:
    if isinstance(value, Literal):
        return (_literal(view, value),)
    if isinstance(value, BNode) or view.values(value, RDF.rest):
        members = list(view.members(value))
        shown = tuple(_resource(view, member) for member in members[:MOST_ROWS])
        return (*shown, Text(f"… {number(len(members))} in all")) if len(members) > MOST_ROWS else shown
    return (_resource(view, value),)


def _resource(view: Described, node: Node) -> Text:
    if view.kind(node):
        return view.text(node)
    return Text(view.curie(node), href=view.href(node))


def _literal(view: Described, literal: Literal) -> Text:
    whole = str(literal)
    shown = shortened(whole, _LONGEST_SHOWN) if len(whole) > _LONGEST_SHOWN else whole
    remarks = [f"@{literal.language}"] if literal.language else []
    if literal.datatype not in (None, XSD.string):
        remarks.append(view.curie(literal.datatype))
    if shown != whole:
        remarks.append(f"{number(len(whole))} characters")
    return Text(shown, literal.language, note=", ".join(remarks))
