"""One VuFind Solr document to what it says: a record, deletions, or a refusal.

The id is taken verbatim, blanks and all: two ids that differ are two records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from linkeddata.errors import RecordRefused
from linkeddata.record import Deletion, Reading, Record, Refusal

_TEXTS = frozenset({str})
_SURROGATE = re.compile(r"[\ud800-\udfff]")
#: What a delete command may say: Solr's own words, and ours beside them.
_OF_DELETION = frozenset({"id", "_version_", "_route_", "commitWithin", "successor", "datestamp"})


def read_document(document: Mapping[str, Any], place: str) -> Iterator[Reading]:
    """The readings of one document; `{"delete": …}` without an id is Solr's command, not a record."""
    if "delete" in document and "id" not in document:
        yield from _deletions(document["delete"], place)
    else:
        yield _record(document, place)


def fields_of(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every field with its values as text, in order; a field without any is left out.

    Null is no value; booleans, objects and lists within lists are no texts. In a list their place is
    kept by an empty text, because fields such as `author2` and `author2_role` belong together by position.
    A list of nothing but texts is taken as it is, so it must not be changed afterwards.

    >>> fields_of({"title": "One", "author2_role": [None, "edt"], "author": {"name": "X"}, "topic": [""]})
    {'title': ['One'], 'author2_role': ['', 'edt']}
    """
    fields = {}
    for name, value in document.items():
        if any(texts := _texts(value)):
            fields[name] = texts
    return fields


def _texts(value: Any) -> list[str]:
    if type(value) is not list:
        return [_text(value)]
    # As a rule all are texts, which is told more quickly of a list than of each.
    return value if _TEXTS.issuperset(map(type, value)) else [_text(each) for each in value]


def identifier(value: Any) -> str:
    """The id as text, from a text, a number or a list of exactly one of these; else `RecordRefused`.

    >>> identifier(["  2008305903"])
    '  2008305903'
    """
    if isinstance(value, list):
        if len(value) != 1:
            raise RecordRefused(f"id has {len(value)} values, a record has one")
        value = value[0]
    text = _text(value)
    if not text:
        raise RecordRefused("id is empty" if value == "" else "id is null" if value is None else "id is not a text")
    if _SURROGATE.search(text):
        raise RecordRefused("id holds half a surrogate pair, which no URI can carry")
    return text


def _text(value: Any) -> str:
    """A text or number as text; nothing for everything else (`bool` is an `int` only to isinstance)."""
    if type(value) is str:
        return value
    return str(value) if type(value) in (int, float) else ""


def _record(document: Mapping[str, Any], place: str) -> Reading:
    try:
        if "id" not in document:
            raise RecordRefused("no id")
        own_id = identifier(document["id"])
    except RecordRefused as refused:
        return Refusal(place, str(refused))
    fields = fields_of(document)
    if document.get("deleted") is True:
        # The fields go, so the one that tells an old tombstone from a new one is kept beside it.
        return Deletion(own_id, datestamp=next(iter(fields.get("last_indexed", ())), None), place=place)
    return Record(own_id, fields, place=place)


def _deletions(command: Any, place: str) -> Iterator[Reading]:
    """Solr's delete command: an id, a list of ids, or an object with either under `id`.

    Ours may say beside it which id took its place (`successor`), and when (`datestamp`).
    `{"delete": {"query": …}}` is refused, as what a query meets is known to Solr alone, and so is what is no word of
    these: a record whose `successor` is mistyped would be gone without a trace.
    """
    about = command if isinstance(command, dict) else {"id": command}
    if "id" not in about:
        yield Refusal(place, "a deletion that names no id")
        return
    if strange := sorted(about.keys() - _OF_DELETION):
        yield Refusal(place, f"a deletion that says {', '.join(map(repr, strange))}, which means nothing here")
        return
    for each in about["id"] if isinstance(about["id"], list) else [about["id"]]:
        try:
            own_id = identifier(each)
            successor = identifier(about["successor"]) if about.get("successor") is not None else None
            if own_id == successor:
                raise RecordRefused("successor is the record itself")
            yield Deletion(own_id, _text(about.get("datestamp")) or None, place, successor=successor)
        except RecordRefused as refused:
            yield Refusal(place, f"a deletion whose {refused}")
