"""The statements about one subject as rows: property in words and as programs write it, values, and their field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from linkeddata.representations.described import Described
from linkeddata.representations.parts import Text, capital, shortened
from linkeddata.vocabulary.ntriples import Token, is_literal, read_literal
from linkeddata.vocabulary.tokens import RDF, XSD

_LONGEST_SHOWN = 120
#: A work of 3,000 authors makes 3,000 statements; the formats have them all.
MOST_ROWS = 200
#: Of a list so many; its members stand among the statements, too.
MOST_MEMBERS = 20


class StatementRow(NamedTuple):
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


def statement_table(
    view: Described, subject: Token, fields: Mapping[str, str] = MappingProxyType({})
) -> StatementTable:
    """The first `MOST_ROWS` statements about a subject, with their number and that of the whole description.

    `fields` gives the source's field of each property, by its prefixed name.
    """
    about = [(by, value) for by, values in view.about(subject).items() for value in values]
    grouped: dict[tuple[Token, bool], list[Token]] = {}
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
    return StatementTable(tuple(rows), min(len(about), MOST_ROWS), len(about), len(view.statements))


def _values(view: Described, value: Token) -> tuple[Text, ...]:
    if is_literal(value):
        return (_literal(view, value),)
    if value[0] == "_" or view.values(value, RDF.rest):
        members = list(view.members(value))
        shown = tuple(_resource(view, member) for member in members[:MOST_MEMBERS])
        return (
            (*shown, Text(view.words.say("… %(count)s in all", count=view.words.number(len(members)))))
            if len(members) > MOST_MEMBERS
            else shown
        )
    return (_resource(view, value),)


def _resource(view: Described, node: Token) -> Text:
    if view.kind(node):
        return view.text(node)
    return Text(view.curie(node), href=view.href(node))


def _literal(view: Described, token: Token) -> Text:
    whole, language, datatype = read_literal(token)
    shown = shortened(whole, _LONGEST_SHOWN) if len(whole) > _LONGEST_SHOWN else whole
    remarks = [f"@{language}"] if language else []
    if datatype not in ("", XSD.string):
        remarks.append(view.curie(datatype))
    if shown != whole:
        remarks.append(view.words.say("%(count)s characters", count=view.words.number(len(whole))))
    return Text(shown, language or None, note=", ".join(remarks))
