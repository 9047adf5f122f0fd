"""What kind of publication a record is: its classes, and the COAR resource type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linkeddata.crosswalk.agents import has_editor
from linkeddata.crosswalk.profile import Format, Rule
from linkeddata.crosswalk.sheet import A, Sheet
from linkeddata.crosswalk.text import label
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.terms import BIBO, DCTERMS, SCHEMA

_TYPE: Final = uri_token(DCTERMS.type)
#: The class of what has no other one of a namespace, with what all of that begin with.
_DEFAULTS: Final = tuple(
    [(each, each.rpartition("/")[0]) for each in map(uri_token, (BIBO.Document, SCHEMA.CreativeWork))]
)


def classify(sheet: Sheet, rule: Rule) -> None:
    """States the classes and types of a record; a format of no table becomes a concept."""
    words = [label(value) for value in sheet.values(rule.fields[0])]
    meant = [sheet.profile.formats.get(word.casefold()) for word in words]
    known = [found for found in meant if found]
    known = [found for found in known if not found.carrier] or known
    classes = _classes(sheet, known)
    sheet.classes = frozenset(classes)
    for each in classes:
        sheet.say(A, each)
    for found in known:
        if found.coar:
            sheet.say(_TYPE, found.coar)
    for word, found_in_table in zip(words, meant, strict=True):
        if not found_in_table:
            sheet.say(_TYPE, sheet.concept("format", word))


def _classes(sheet: Sheet, known: Sequence[Format]) -> list[Token]:
    found: dict[Token, None] = {}
    for one in known:
        found.update(dict.fromkeys(one.scholarly if sheet.is_repository else one.types))
        if one.edited and not sheet.has("author") and has_editor(sheet):
            found = {one.edited if each == one.types[0] else each: None for each in found}
    for default, namespace in _DEFAULTS:
        others = [each for each in found if each != default and each.startswith(namespace)]
        if others:
            found.pop(default, None)
        else:
            found[default] = None
    return list(found)
