"""The statements about one subject as rows: property in words and as programs write it, values, and their field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    about, rows, left = view.about(subject), list[StatementRow](), MOST_ROWS
    for by, values in about.items():
        rows += [
            _row(view, by, some, fields, is_mined=mined) for mined, some in _parts(view, subject, by, values[:left])
        ]
        left = max(left - len(values), 0)
    own = sum(map(len, about.values()))
    return StatementTable(tuple(rows), min(own, MOST_ROWS), own, len(view.statements))


def _parts(
    view: Described, subject: Token, by: Token, values: Sequence[Token]
) -> Iterable[tuple[bool, Sequence[Token]]]:
    """The values that were mined and those that were not, which a row holds apart."""
    if not view.mined_count:
        return ((False, values),) if values else ()
    parts: dict[bool, list[Token]] = {}
    for value in values:
        parts.setdefault(view.is_mined(subject, by, value), []).append(value)
    return parts.items()


def _row(
    view: Described, by: Token, values: Iterable[Token], fields: Mapping[str, str], *, is_mined: bool
) -> StatementRow:
    curie, texts = view.curie(by), list[Text]()
    for value in values:
        if is_literal(value):
            texts.append(_literal(view, value))
        elif value[0] == "_" or RDF.rest in view.about(value):
            texts += _members(view, value)
        else:
            texts.append(_resource(view, value))
    return StatementRow(capital(view.term(by)), curie, tuple(texts), fields.get(curie, ""), is_mined)


def _members(view: Described, head: Token) -> list[Text]:
    members = list(view.members(head))
    shown = [_resource(view, member) for member in members[:MOST_MEMBERS]]
    if len(members) > MOST_MEMBERS:
        shown.append(Text(view.words.say("… %(count)s in all", count=view.words.number(len(members)))))
    return shown


def _resource(view: Described, node: Token) -> Text:
    return view.text(node) if view.kind(node) else Text(view.curie(node), None, view.href(node))


def _literal(view: Described, token: Token) -> Text:
    whole, language, datatype = read_literal(token)
    is_cut = len(whole) > _LONGEST_SHOWN
    if not (is_cut or language or datatype):
        return Text(whole)
    shown = shortened(whole, _LONGEST_SHOWN) if is_cut else whole
    remarks = [f"@{language}"] if language else []
    if datatype not in ("", XSD.string):
        remarks.append(view.curie(datatype))
    if shown != whole:
        remarks.append(view.words.say("%(count)s characters", count=view.words.number(len(whole))))
    return Text(shown, language or None, None, ", ".join(remarks))
