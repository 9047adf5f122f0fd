"""The statements about one subject as rows: property in words and as programs write it, and the value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rdflib import BNode, Literal
from rdflib.term import Node

from linkeddata.representations.described import Described
from linkeddata.representations.parts import Row, Text, capital, shortened
from linkeddata.vocabulary.terms import RDF, XSD

_LONGEST_SHOWN = 120
#: A work of 3,000 authors makes 3,000 statements; the formats have them all.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class StatementTable:
    """One row for each statement about the subject, a list as one row; `own` and `whole` count what there is."""

    rows: tuple[Row, ...]
    own: int
    whole: int


def statement_table(view: Described, subject: Node) -> StatementTable:
    """The first `MOST_ROWS` statements about a subject, with their number and that of the whole description."""
    about = view.about(subject)
    rows = (
        Row(
            capital(view.term(by)),
            _marked(_values(view, value), mined=view.is_mined(subject, by, value)),
            view.curie(by),
        )
        for by, value in about[:MOST_ROWS]
    )
    return StatementTable(tuple(rows), len(about), view.count)


def _marked(texts: tuple[Text, ...], *, mined: bool) -> tuple[Text, ...]:
    return tuple(replace(text, mined=True) for text in texts) if mined else texts


def _values(view: Described, value: Node) -> tuple[Text, ...]:
    if isinstance(value, Literal):
        return (_literal(view, value),)
    if isinstance(value, BNode) or view.values(value, RDF.rest):
        members = list(view.members(value))
        shown = tuple(_resource(view, member) for member in members[:MOST_ROWS])
        return (
            (*shown, Text(view.words.say("… %(count)s in all", count=view.words.number(len(members)))))
            if len(members) > MOST_ROWS
            else shown
        )
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
        remarks.append(view.words.say("%(count)s characters", count=view.words.number(len(whole))))
    return Text(shown, literal.language, note=", ".join(remarks))
