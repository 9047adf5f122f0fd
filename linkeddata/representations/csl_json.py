"""A reference as CSL-JSON: a list of one item, as the schema of CSL data 1.0.2 wants it."""

from __future__ import annotations

from typing import Any

import orjson

from linkeddata.representations.reference import Person, Reference


def write(reference: Reference) -> bytes:
    """The list as JSON, indented; absent data is an absent key."""
    return orjson.dumps([item(reference)], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def item(told: Reference) -> dict[str, Any]:
    """The item, by the names of CSL's variables."""
    known = {
        "title-short": told.short_title,
        "author": [_name(person) for person in told.authors],
        "editor": [_name(person) for person in told.editors],
        "translator": [_name(person) for person in told.translators],
        "issued": {"date-parts": [list(told.date)]} if told.date else None,
        "container-title": told.container,
        "collection-title": told.series,
        "volume": told.volume,
        "issue": told.issue,
        "number": told.number,
        "page": told.pages.replace("–", "-"),
        "number-of-pages": told.extent,
        "publisher": told.institution or told.publisher,
        "edition": told.edition,
        "genre": told.kind.genre,
        "DOI": told.doi,
        "ISSN": ", ".join(told.issns),
        "ISBN": ", ".join(told.isbns),
        "URL": told.url,
        "language": told.language,
        "keyword": ", ".join(told.keywords),
        "abstract": told.abstract,
    }
    said = {key: value for key, value in known.items() if value}
    return {"id": told.id, "type": told.kind.csl, "title": told.title, **said}


def _name(person: Person) -> dict[str, str]:
    if person.literal:
        return {"literal": person.literal}
    parts = {"family": person.family, "given": person.given, "suffix": person.suffix}
    return {key: value for key, value in parts.items() if value}
