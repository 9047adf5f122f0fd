"""The statements about one subject as rows: property in words and as programs write it, values, and their field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rdflib import BNode, Literal
from rdflib.term import Node

from linkeddata.representations.described import Described
from linkeddata.representations.parts import Text, capital, shortened
from linkeddata.vocabulary.terms import RDF, XSD

_LONGEST_SHOWN = 120
#: A work of 3,000 authors makes 3,000 statements; the formats have them all.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A property in words and as programs write it, its values, the field of the source that states it, and whether
    they were not found there but read out of free text."""

    label: str
    curie: str
    values: tuple[Text, ...]
    field: str
    mined: bool


@dataclass(frozen=True, slots=True)
class StatementTable:
    """The statements about the subject, those of one property and field in one row; of `own` the first `shown`, and
    `whole` counts those of the whole description."""

    rows: tuple[StatementRow, ...]
    shown: int
    own: int
    whole: int


def statement_table(view: Described, subject: Node, fields: Mapping[str, str] = MappingProxyType({})) -> StatementTable:
    """The first `MOST_ROWS` statements about a subject, with their number and that of the whole description.

    `fields` gives the source's field of each property, by its prefixed name.
    """
    about = view.about(subject)
    grouped: dict[tuple[Node, bool], list[Node]] = {}
    for by, value in about[:MOST_ROWS]:
        grouped.setdefault((by, view.is_mined(subject, by, value)), []).append(value)
    rows = (
        StatementRow(
            capital(view.term(by)),
            view.curie(by),
            tuple(text for value in values for text in _values(view, value)),
            fields.get(view.curie(by), ""),
            mined,
        )
        for (by, mined), values in grouped.items()
    )
    return StatementTable(tuple(rows), min(len(about), MOST_ROWS), len(about), view.count)


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
