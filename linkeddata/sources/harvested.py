"""What was harvested as JSON lines, and back: exactly the same records, whatever source they came from.

A line is the document as VuFind's Solr would have it. What such a document cannot say stands in a member
of its own, `@harvest`, which is an object: the `datestamp` that a source states outside the fields; the
`id`, where it is not what the field of that name says; and `fields` that would be left out when read,
such as one of empty texts. No document of Solr has an object for a value, so nothing else is meant by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from linkeddata.errors import RecordRefused
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources.document import fields_of, identifier
from linkeddata.sources.json_object import json_line

ABOUT: Final = "@harvest"


def harvested_line(reading: Record | Deletion) -> bytes:
    """A record or deletion on a line of JSON, without its place and the name of its source."""
    return json_line(_document(reading) if isinstance(reading, Record) else {"delete": _deletion(reading)})


def is_harvested(document: Mapping[str, Any]) -> bool:
    """Whether a document says more than its fields."""
    return isinstance(document.get(ABOUT), dict)


def read_harvested(document: Mapping[str, Any], place: str) -> Reading:
    """The record of such a document; a refusal where it is none that was written here."""
    about = document[ABOUT]
    fields = fields_of({name: value for name, value in document.items() if name != ABOUT})
    kept, datestamp = about.get("fields", {}), about.get("datestamp")
    if not isinstance(kept, dict) or not all(map(_are_texts, kept.values())) or not isinstance(datestamp, str | None):
        return Refusal(place, f"{ABOUT} is not what a harvest writes")
    try:
        own_id = identifier(about.get("id", document.get("id")))
    except RecordRefused as refused:
        return Refusal(place, str(refused))
    return Record(own_id, fields | kept, datestamp, place)


def _document(record: Record) -> dict[str, Any]:
    fields = {name: list(values) for name, values in record.fields.items()}
    kept = {name: fields.pop(name) for name in list(fields) if name == ABOUT or not any(fields[name])}
    about: dict[str, Any] = {"id": record.id} if fields.get("id") != [record.id] else {}
    if record.datestamp is not None:
        about["datestamp"] = record.datestamp
    if kept:
        about["fields"] = kept
    return {**fields, ABOUT: about} if about else fields


def _deletion(deletion: Deletion) -> dict[str, str]:
    said = {"id": deletion.id, "successor": deletion.successor, "datestamp": deletion.datestamp}
    return {name: text for name, text in said.items() if text is not None}


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(each, str) for each in values)
