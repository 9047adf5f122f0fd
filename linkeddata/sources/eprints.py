"""One record of an EPrints export (its JSON; the XML holds the same) to the fields of a VuFind document.

The id is `oai:{host}:{eprintid}`, host and number as in the record's own URI: EPrints gives the same
by OAI-PMH unless it was told otherwise, so export and harvest speak of one record, and two sites
never meet. An export that names no host has `eprints-{eprintid}`; a file for import, whose records
have no number yet, goes by the DOI.

Left alone, because it is no text for people or says nothing of the publication: `subjects` and
`divisions` (codes whose labels stand elsewhere), files, review and workflow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from linkeddata.errors import RecordRefused
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources.document import identifier
from linkeddata.sources.eprints_people import people
from linkeddata.sources.pages import page_fields

_HIDDEN = frozenset({"hide"})
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)Z?")
# From where such a row begins: from each of its places it would take time by the square of its length.
_NO_MONTH_OR_DAY = re.compile(r"(?<!-00)(?:-00)++$")
_BETWEEN_NUMBERS = re.compile(r"[;,\n]")
# Dates of other events than publication; a thesis is "completed" in its year.
_NOT_PUBLISHED = frozenset({"submitted", "accepted", "deposited", "created"})

#: The types of EPrints' own configuration by the names under which EPrints shows them.
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "article": "Article",
        "book_section": "Book Section",
        "monograph": "Monograph",
        "conference_item": "Conference or Workshop Item",
        "book": "Book",
        "thesis": "Thesis",
        "patent": "Patent",
        "artefact": "Artefact",
        "exhibition": "Show/Exhibition",
        "composition": "Composition",
        "performance": "Performance",
        "image": "Image",
        "video": "Video",
        "audio": "Audio",
        "dataset": "Dataset",
        "experiment": "Experiment",
        "teaching_resource": "Teaching Resource",
        "other": "Other",
    }
)
#: What a kind of thesis or monograph says more exactly.
KINDS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("thesis", "phd"): "Doctoral Thesis",
        ("thesis", "doctoral"): "Doctoral Thesis",
        ("thesis", "masters"): "Master Thesis",
        ("thesis", "bachelors"): "Bachelor Thesis",
        ("monograph", "technical_report"): "Technical Report",
        ("monograph", "working_paper"): "Working Paper",
        ("monograph", "discussion_paper"): "Working Paper",
    }
)
_SAME: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "abstract": "description",
        "publisher": "publisher",
        "edition": "edition",
        "series": "series",
        "language": "language",
        "collection": "collection",
        "volume": "container_volume",
    }
)
_PERIODICAL = frozenset({"article", "conference_item"})


def read_eprint(record: Mapping[str, Any], place: str) -> Reading:
    """The record; a deletion where it was deleted; a refusal where it is not public or has no id."""
    try:
        own_id = _id(record)
    except RecordRefused as refused:
        return Refusal(place, str(refused))
    status, changed = one(record, "eprint_status"), _stamp(one(record, "lastmod"))
    if status == "deletion":
        return Deletion(own_id, datestamp=changed or None, place=place)
    if status not in ("", "archive"):
        return Refusal(place, f"not public: eprint_status is {status!r}", own_id)
    if one(record, "metadata_visibility") in _HIDDEN:
        return Refusal(place, "not public: metadata_visibility is 'hide'", own_id)
    return Record(own_id, _fields(record), datestamp=changed or None, place=place)


def texts(record: Mapping[str, Any], name: str) -> list[str]:
    """The values of a field as texts; numbers as they are written, empty ones left out.

    >>> texts({"isbn": ["  x ", None, 7, {"y": 1}], "volume": 39}, "isbn")
    ['x', '7']
    """
    value = record.get(name)
    each = value if isinstance(value, list) else [value]
    plain = (str(one).strip() for one in each if isinstance(one, str | int | float) and not isinstance(one, bool))
    return [text for text in plain if text]


def one(record: Mapping[str, Any], name: str) -> str:
    """The first value of a field, or an empty text."""
    return next(iter(texts(record, name)), "")


def _id(record: Mapping[str, Any]) -> str:
    number, doi = one(record, "eprintid"), _dois(record)
    if number:
        host = _host(one(record, "uri"))
        return identifier(f"oai:{host}:{number}" if host else f"eprints-{number}")
    if not doi:
        raise RecordRefused("neither an eprintid nor a DOI that could name the record")
    return identifier(f"doi:{doi[0]}")


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:  # half a bracket of IPv6
        return ""


def _fields(record: Mapping[str, Any]) -> dict[str, list[str]]:
    kind = one(record, "type")
    fields = {field: texts(record, own) for own, field in _SAME.items()}
    for rule in (_about, _dates, _links, people):
        fields |= rule(record)
    fields |= _container(record, kind)
    fields |= {"recordtype": ["eprints"], "format": [_format(record, kind)]}
    return {field: values for field, values in fields.items() if any(values)}


def _format(record: Mapping[str, Any], kind: str) -> str:
    """EPrints' name of the type; a local type is its code in words (`oral_history`: Oral history)."""
    exact = KINDS.get((kind, one(record, f"{kind}_type")))
    return exact or FORMATS.get(kind) or kind.replace("_", " ").capitalize()


def _about(record: Mapping[str, Any]) -> dict[str, list[str]]:
    count = one(record, "pages")
    return {
        "topic": [word for text in texts(record, "keywords") for word in map(str.strip, text.split("\n")) if word],
        "physical": [f"{count} p."] if count.isdecimal() else [],
    }


def _dates(record: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        "publishDate": [_NO_MONTH_OR_DAY.sub("", date) for date in _published(record)],
        "first_indexed": [stamp for stamp in [_stamp(one(record, "datestamp"))] if stamp],
        "last_indexed": [stamp for stamp in [_stamp(one(record, "lastmod"))] if stamp],
    }


def _published(record: Mapping[str, Any]) -> list[str]:
    """The date of publication: `date` by its `date_type`, or of the newer table `dates` the same."""
    table = record.get("dates")
    rows = [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []
    dated = [record, *rows]
    found = (one(row, "date") for row in dated if one(row, "date_type") not in _NOT_PUBLISHED)
    return [date for date in found if date][:1]


def _stamp(text: str) -> str:
    """A moment as EPrints keeps it (UTC, without saying so) in ISO 8601; a day alone is none.

    >>> _stamp("2019-10-04 15:23:43"), _stamp("2005-05-05")
    ('2019-10-04T15:23:43Z', '')
    """
    found = _STAMP.fullmatch(text)
    return f"{found[1]}T{found[2]}Z" if found else ""


def _links(record: Mapping[str, Any]) -> dict[str, list[str]]:
    urls = [url for name in ("uri", "official_url") for url in texts(record, name)]
    return {
        "url": [url for url in urls if url.startswith(("http:", "https:", "ftp:"))],
        "doi_str_mv": _dois(record),
        "issn": _each(record, "issn"),
        "isbn": _each(record, "isbn"),
    }


def _each(record: Mapping[str, Any], name: str) -> list[str]:
    parts = (part.strip() for text in texts(record, name) for part in _BETWEEN_NUMBERS.split(text))
    return [part for part in parts if part]


def _dois(record: Mapping[str, Any]) -> list[str]:
    """DOIs under `doi`, and under `id_number`, which holds numbers of any kind."""
    found = (_DOI.fullmatch(text) for name in ("doi", "id_number") for text in texts(record, name))
    return list(dict.fromkeys(match[1] for match in found if match))


def _container(record: Mapping[str, Any], kind: str) -> dict[str, list[str]]:
    """The journal or host book. `number` is an issue only in a journal; in a book it is the series'."""
    journal, book = texts(record, "publication"), texts(record, "book_title")
    fields = {"container_title": (journal or book)[:1]}
    if journal and kind in _PERIODICAL:
        fields["container_issue"] = texts(record, "number")
    return fields | page_fields(one(record, "pagerange"))
