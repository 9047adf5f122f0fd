"""Simple Dublin Core (oai_dc) to the fields of a VuFind document.

Fifteen elements hold what thirty fields could say, so values are told apart by their form, and only
where the form is certain. Left alone: rights and coverage (no field, or two), relations that are no
identifiers, and `format` but for a number of pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from types import MappingProxyType

from linkeddata.sources.dublin_core_types import format_name
from linkeddata.sources.xml import Element, local_name, text_of

ROOT = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
_DC = "{http://purl.org/dc/elements/1.1/}"

_ALTERNATIVE = "info:eu-repo/semantics/altIdentifier/"  # OpenAIRE Guidelines 3.0: {scheme}/{value}
# What a value is, by its form: the field and the part that goes into it. The first that fits counts.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern, re.IGNORECASE))
    for field, pattern in (
        ("doi_str_mv", r"(?:doi[:/]\s*|info:doi/|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)"),
        ("url", r"((?:https?|ftp)://\S+)"),
        ("url", r"(hdl:\S+)"),
        ("isbn", r"(?:(?:urn:)?isbn[:/]?\s*)?((?:97[89][- ]?)?(?:\d[- ]?){9}[\dX])"),
        ("issn", r"(?:(?:urn:)?[ep]?issn[:/]?\s*)?(\d{4}-\d{3}[\dX])"),
    )
)
_PAGES = re.compile(r"\d+ (?:pages|pp?\.?)")
# When a repository's software did something: to the second, and no second is a midnight.
_EVENT = re.compile(r"\d{4}-\d\d-\d\dT(?!00:00:00)\d\d:\d\d:\d\d.*|info:.*")
_CLASS_MARK = re.compile(r"(?:[A-Z]{1,3} ?)?\d[\d.\-+]*[A-Z]?\+?|[A-Z]")
_YEARS = re.compile(r"\d{4}(?:-\d{4})?")


def fields(root: Element) -> dict[str, list[str]]:
    """The fields of one `oai_dc:dc`."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    for element in root:
        text = text_of(element)
        if str(element.tag).startswith(_DC) and text:
            values[local_name(element)].append(text)
    found: defaultdict[str, list[str]] = defaultdict(list, {"recordtype": ["oai_dc"]})
    for name, rule in _RULES.items():
        for text in dict.fromkeys(values[name]):
            for field, value in rule(text).items():
                found[field].append(value)
    creators = set(values["creator"])  # DSpace of old gives authors as contributors a second time
    found["author2"] = [name for name in found["author2"] if name not in creators]
    found["author"] = values["creator"]
    found["title_alt"] = found["title"][1:]
    found["title"] = found["title"][:1]
    return {field: _distinct(field, texts) for field, texts in found.items()}


def _distinct(field: str, texts: list[str]) -> list[str]:
    return texts if field == "author" else list(dict.fromkeys(texts))


def _known(text: str) -> dict[str, str]:
    """What an identifier is, if its form says so."""
    joined = "-".join(map(str.strip, text.split("-")))
    for field, pattern in _FORMS:
        if found := pattern.fullmatch(joined):
            return {field: found[1]}
    return {}


def _identifier(text: str) -> dict[str, str]:
    """A known identifier, else a number of the repository's own; a citation, which has blanks, is none."""
    if found := _known(text):
        return found
    return {"ctrlnum": text} if not re.search(r"\s", text) and any(map(str.isalnum, text)) else {}


def _relation(text: str) -> dict[str, str]:
    scheme, _, value = text.removeprefix(_ALTERNATIVE).partition("/")
    if not text.startswith(_ALTERNATIVE) or scheme.lower() not in ("doi", "isbn", "issn", "eissn", "pissn"):
        return {}
    return _known(value)


def _source(text: str) -> dict[str, str]:
    """The ISSN, or the words, of what it was taken from; an address says nothing that has a field."""
    found = _known(text)
    return (
        {field: value for field, value in found.items() if field == "issn"} if found else {"container_reference": text}
    )


def _subject(text: str) -> dict[str, str]:
    """A topic; class marks (`85.00;85.05` or `M;M10;L2`) are no words, but years may be."""
    parts = [part.strip() for part in text.split(";")]
    are_marks = all(map(_CLASS_MARK.fullmatch, parts)) and not all(map(_YEARS.fullmatch, parts))
    return {} if are_marks and (len(parts) > 1 or "." in text) else {"topic": text}


def _date(text: str) -> dict[str, str]:
    return {} if _EVENT.fullmatch(text) else {"publishDate": text}


def _type(text: str) -> dict[str, str]:
    name = format_name(text)
    return {"format": name} if name else {}


def _format(text: str) -> dict[str, str]:
    return {"physical": text} if _PAGES.fullmatch(text) else {}


def _language(text: str) -> dict[str, str]:
    """A language; "other" is what DSpace's form offers for all it does not list."""
    return {} if text.lower() == "other" else {"language": text}


def _as(field: str) -> Callable[[str], dict[str, str]]:
    return lambda text: {field: text}


_RULES: Mapping[str, Callable[[str], dict[str, str]]] = MappingProxyType(
    {
        "title": _as("title"),
        "contributor": _as("author2"),
        "subject": _subject,
        "description": _as("description"),
        "publisher": _as("publisher"),
        "date": _date,
        "type": _type,
        "format": _format,
        "identifier": _identifier,
        "relation": _relation,
        "source": _source,
        "language": _language,
    }
)
