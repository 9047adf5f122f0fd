"""Reads what only the text of an EPrints record says: its citation, with journal, pages and identifiers.

EPrints writes its Dublin Core in a fixed order, and the index keeps it as one text (the field
`spelling`). The text is held against the record's fields; what lies between the known parts is read
by the grammar of EPrints' citations. Where text and fields do not agree nothing is read at all, and
what could be read in two ways is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from linkeddata.crosswalk.citation_behind import keywords, links
from linkeddata.crosswalk.citation_end import first_link, read_citation
from linkeddata.crosswalk.citation_head import aligned, datestamp, find_mark
from linkeddata.crosswalk.citation_known import Known, known
from linkeddata.crosswalk.citation_opening import find_opening
from linkeddata.crosswalk.citation_text import Finds, found, one_line
from linkeddata.crosswalk.text import is_absent, is_piled_up, label
from linkeddata.record import Record

_SOURCE: Final = "eprints"
#: The field that holds the text.
SOURCE_FIELD: Final = "spelling"
_MOST_BYTES: Final = 256 * 1024
_MOST_BYTES_PER_CHARACTER: Final = 4
#: Keys that are not mined where the record has the field.
_FIELDS: Final = {
    "container_title": "container_title", "volume": "container_volume", "issue": "container_issue", "issn": "issn",
    "isbn": "isbn", "doi": "doi_str_mv", "keywords": "topic",
}  # fmt: skip
_START_PAGE: Final = "container_start_page"
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Mined(NamedTuple):
    """What was mined: the normalised text, the values by key, and the place in the text each was read from."""

    text: str = ""
    values: Mapping[str, Any] = _NONE
    spans: Mapping[str, tuple[int, int]] = _NONE


def mine(record: Record) -> Mined:
    """What the text of a record says beyond its fields; of records that are not from EPrints, nothing.

    Nothing either of texts over 256 KiB, of texts that no script could have written, and where several
    texts fit the record.
    """
    if not _is_from_eprints(record.fields):
        return Mined()
    texts = record.fields.get(SOURCE_FIELD, ())
    if _is_too_long(texts) or any(map(is_piled_up, texts)):
        return Mined()
    marks = known(record)
    fitting = [(text, end) for text in map(one_line, texts) if (end := aligned(text, marks)) is not None]
    if len(fitting) != 1:
        return Mined()
    text, end = fitting[0]
    finds = _without_fields(record, _read(text, end, marks))
    return Mined(
        text,
        {key: find.value for key, find in finds.items()},
        {key: (find.start, find.end) for key, find in finds.items()},
    )


def _is_from_eprints(fields: Mapping[str, Sequence[str]]) -> bool:
    kinds = fields.get("recordtype") or fields.get("record_format") or ("",)
    return kinds[0].strip().lower() == _SOURCE


def _is_too_long(texts: Sequence[str]) -> bool:
    characters = sum(map(len, texts))
    if characters * _MOST_BYTES_PER_CHARACTER <= _MOST_BYTES:
        return False
    return characters > _MOST_BYTES or sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) > _MOST_BYTES


def _read(text: str, start: int, marks: Known) -> Finds:
    """All finds in a text whose head ends at a place."""
    mark = find_mark(text, start, marks)
    if mark is None:
        return {}
    finds = datestamp(text, marks) | mark.finds
    opening = find_opening(text, mark.end, marks)
    if opening is None:
        return finds
    if not marks.agrees(opening.year) or mark.year not in (None, opening.year):
        finds.pop("date", None)
        return finds
    stop = first_link(text, opening.rest - 1)
    rest = read_citation(text, opening.rest, stop, mark.kind, marks)
    if rest is None:
        return finds
    finds["citation"] = found(text, opening.start, rest.end)
    finds |= rest.finds | links(text, stop, marks)
    return finds | keywords(text, rest.end, stop, marks) if rest.sure else finds


def _without_fields(record: Record, finds: Finds) -> Finds:
    """Finds less those that a field of the record states already."""
    kept = {key: find for key, find in finds.items() if key not in _FIELDS or not _has(record, _FIELDS[key])}
    if _has(record, _START_PAGE):
        start, end = kept.pop("page_start", None), kept.pop("page_end", None)
        kept.pop("pages", None)
        field_start = next(label(value) for value in record.fields[_START_PAGE] if not is_absent(value))
        if start and end and start.value == field_start:
            kept["page_end"] = end
    return kept


def _has(record: Record, name: str) -> bool:
    return name in record.fields and not all(map(is_absent, record.fields[name]))
