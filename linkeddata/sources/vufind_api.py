"""Records of VuFind's REST API (`/api/v1/search`) to the fields of the Solr document that they were made from.

The API does not give the text that citations are mined from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from linkeddata.record import Reading
from linkeddata.sources.document import read_document

#: Names of the API by the field of Solr that holds the same; values are as they are.
_SAME: Mapping[str, str] = MappingProxyType(
    {
        "id": "id",
        "title": "title",
        "shortTitle": "title_short",
        "subTitle": "title_sub",
        "formats": "format",
        "languages": "language",
        "publicationDates": "publishDate",
        "publishers": "publisher",
        "edition": "edition",
        "physicalDescriptions": "physical",
        "summary": "description",
        "toc": "contents",
        "isbns": "isbn",
        "issns": "issn",
        "lccn": "lccn",
        "oclc": "oclc_num",
        "cleanDoi": "doi_str_mv",
        "callNumbers": "callnumber-raw",
        "containerTitle": "container_title",
        "containerVolume": "container_volume",
        "containerIssue": "container_issue",
        "containerStartPage": "container_start_page",
        "containerReference": "container_reference",
        "previousTitles": "title_old",
        "newerTitles": "title_new",
        "collections": "collection",
    }
)
_PEOPLE = (("primary", "author"), ("secondary", "author2"), ("corporate", "author_corporate"))
#: Lists of objects, and the member that is the value.
_OBJECTS = (
    ("urls", "url", "url"),
    ("series", "name", "series"),
    ("buildings", "value", "building"),
    ("institutions", "value", "institution"),
)
_NO_ROLE = "-"
#: Everything that is read here, as it has to be asked for.
FIELDS = (*_SAME, "authors", "subjects", *(name for name, _, _ in _OBJECTS))


def read_api_record(record: Mapping[str, Any], place: str) -> Iterator[Reading]:
    """The reading of one record of the API."""
    document = {field: record[name] for name, field in _SAME.items() if name in record}
    for name, member, field in _OBJECTS:
        document[field] = [each.get(member) if isinstance(each, dict) else each for each in _list(record.get(name))]
    document["topic"] = [_heading(parts) for parts in _list(record.get("subjects"))]
    document |= _people(record.get("authors"))
    yield from read_document(document, place)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _heading(parts: Any) -> str:
    """A subject and its subdivisions; asked for more, the API gives an object around them."""
    inner = parts.get("heading") if isinstance(parts, dict) else parts
    texts = [inner] if isinstance(inner, str) else _list(inner)
    return "--".join(text for text in texts if isinstance(text, str) and text)


def _people(authors: Any) -> dict[str, list[str]]:
    """Names are keys, with the roles below them; nobody is an empty list."""
    found: dict[str, list[str]] = {}
    for kind, field in _PEOPLE:
        named = authors.get(kind) if isinstance(authors, dict) else None
        if isinstance(named, dict):
            found[field] = list(named)
            found[f"{field}_role"] = [_role(about) for about in named.values()]
    return found


def _role(about: Any) -> str:
    roles = _list(about.get("role")) if isinstance(about, dict) else []
    role = next((each for each in roles if isinstance(each, str)), "")
    return "" if role == _NO_ROLE else role
