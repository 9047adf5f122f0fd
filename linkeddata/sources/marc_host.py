"""What a MARC record is a part of (773): title, numbers, and its place within."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkeddata.sources.marc_record import MarcField, MarcRecord
from linkeddata.sources.marc_text import unpunctuated
from linkeddata.sources.pages import page_fields

_ENUMERATION = re.compile(r"(?P<volume>\w+)?(?::(?P<issue>[\w/-]+))?(?:<(?P<page>\w+))?")  # $q: 12:3<45
_VOLUME = re.compile(r"\b(?:vol|v|bd|band|jahrg|jg|årg|t)\b\.?\s*(\w+)", re.IGNORECASE)
_ISSUE = re.compile(r"\b(?:no|nr|num|iss|issue|h|heft|n:o)\b\.?\s*([\w/-]+)", re.IGNORECASE)
_PAGES = re.compile(r"\b(?:pages?|pp?|ss?)\b\.?\s*(\w+(?:\s*[-–]\s*\w+)?)", re.IGNORECASE)


def host(record: MarcRecord) -> Iterator[tuple[str, str]]:
    """The fields of the first host; a host without a title only has numbers."""
    for field in list(record.tagged({"773"}))[:1]:
        yield "container_title", unpunctuated(field.joined("t"))
        yield from (("isbn", value) for value in field.all("z"))
        yield from (("issn", value) for value in field.all("x"))
        yield from _place(field)


def _place(field: MarcField) -> Iterator[tuple[str, str]]:
    """Volume, issue and pages, from the coded $q or read out of the words of $g; words without any are kept."""
    words, coded = field.joined("g"), _ENUMERATION.fullmatch(field.joined("q"))
    volume, issue, pages = (pattern.search(words) for pattern in (_VOLUME, _ISSUE, _PAGES))
    known = coded.groupdict() if coded else {}
    yield "container_volume", known.get("volume") or (volume[1] if volume else "")
    yield "container_issue", known.get("issue") or (issue[1] if issue else "")
    for name, values in page_fields(pages[1] if pages else known.get("page") or "").items():
        yield name, values[0]
    if words and not (volume or issue or pages or any(known.values())):
        yield "container_reference", words
