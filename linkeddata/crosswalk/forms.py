"""The forms of values: what kind a property wants, how a datatype is written, what an identifier looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from linkeddata.vocabulary import identifiers
from linkeddata.vocabulary.ntriples import Token, read_literal, uri_token
from linkeddata.vocabulary.terms import BIBO, SCHEMA, XSD, shorten

GEO_WKT = uri_token("http://www.opengis.net/ont/geosparql#wktLiteral")
_ORCID = "<https://orcid.org/"


def not_of_kind(kind: str, value: Token) -> str:
    """What a value is not, in words; empty where it is of the kind (a column `value` of the table of domains)."""
    return _KINDS[kind](value)


def wrong_forms(predicate: Token, value: Token) -> Iterator[tuple[str, str]]:
    """What is wrong with how a value is written: for each fault its rule and a message."""
    if value[0] == '"':
        yield from _of_literal(predicate, value)
    elif predicate == _SAME_AS and value.startswith(_ORCID) and identifiers.clean_orcid(value[1:-1]) is None:
        yield "identifier", "not an ORCID iD, or its check digit is wrong"


_SAME_AS = uri_token(SCHEMA.sameAs)


def _xsd(*names: str) -> frozenset[Token]:
    return frozenset(uri_token(XSD[name]) for name in names)


_DATES, _MOMENTS, _WKT = _xsd("gYear", "gYearMonth", "date"), _xsd("dateTime"), frozenset({GEO_WKT})


def _no_uri(value: Token) -> str:
    return "" if value[0] == "<" else "not a URI"


def _no_text(value: Token) -> str:
    return "" if value[0] == '"' and not read_literal(value)[2] else "not a text"


def _no_plain_text(value: Token) -> str:
    return "" if value[0] == '"' and not any(read_literal(value)[1:]) else "not a text without language and datatype"


def _not_typed(datatypes: frozenset[Token], words: str) -> Callable[[Token], str]:
    return lambda value: "" if value[0] == '"' and read_literal(value)[2] in datatypes else f"not {words}"


_KINDS: Final[Mapping[str, Callable[[Token], str]]] = {
    "uri": _no_uri,
    "plain": _no_plain_text,
    "text": _no_text,
    "date": _not_typed(_DATES, "a year, a year and month, or a date"),
    "moment": _not_typed(_MOMENTS, "an xsd:dateTime"),
    "wkt": _not_typed(_WKT, "a WKT literal"),
}


# Forms

_TAG = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.IGNORECASE)
_WKT_TEXT = re.compile(r"(<[^<>\s]+> )?[A-Z]+ ?\([-+0-9.,() eE]+\)")
_ZONE = r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_GREGORIAN = re.compile(r"(-?[0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?" + _ZONE)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?" + _ZONE)


def _is_date(parts: int) -> Callable[[str], bool]:
    """Whether a text is a year, year and month, or day (so many parts) that the calendar has."""

    def holds(text: str) -> bool:
        found = _GREGORIAN.fullmatch(text)
        numbers = [int(part) for part in found.groups()[:3] if part] if found else []
        return len(numbers) == parts and _exists(numbers)

    return holds


def _exists(numbers: Sequence[int]) -> bool:
    try:
        date(*(*numbers, 1, 1)[:3])
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_FORMS: Final[Mapping[Token, Callable[[str], bool]]] = {
    uri_token(XSD.gYear): _is_date(1),
    uri_token(XSD.gYearMonth): _is_date(2),
    uri_token(XSD.date): _is_date(3),
    uri_token(XSD.dateTime): _is_moment,
    uri_token(XSD.integer): lambda text: re.fullmatch(r"[+-]?[0-9]+", text) is not None,
    uri_token(XSD.decimal): lambda text: re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text) is not None,
    uri_token(XSD.boolean): lambda text: text in ("true", "false", "0", "1"),
    uri_token(XSD.anyURI): lambda text: not re.search(r'[\s<>"{}|\\^`]', text),
    uri_token(XSD.string): lambda text: True,
    GEO_WKT: lambda text: _WKT_TEXT.fullmatch(text) is not None,
}


def _of_literal(predicate: Token, value: Token) -> Iterator[tuple[str, str]]:
    text, tag, datatype = read_literal(value)
    if datatype and (wrong := _of_datatype(text, datatype)):
        yield wrong
    if tag and not _TAG.fullmatch(tag):
        yield "language-tag", f"{tag!r} is no language tag (BCP 47)"
    if (normal := _NORMAL_FORMS.get(predicate)) and normal(text) != text:
        yield "identifier", "not an identifier in its normal form, or its check digit is wrong"


def _of_datatype(text: str, datatype: Token) -> tuple[str, str] | None:
    form, name = _FORMS.get(datatype), shorten(datatype[1:-1]) or datatype
    if form is None:
        return "datatype", f"the datatype {name} is not one of the profile"
    return None if form(text) else ("ill-typed", f"no {name} is written so")


def _isbn13(text: str) -> str | None:
    return found[0] if (found := identifiers.clean_isbn(text)) else None


def _isbn10(text: str) -> str | None:
    return found[1] if (found := identifiers.clean_isbn(text)) else None


_NORMAL_FORMS: Final[Mapping[Token, Callable[[str], str | None]]] = {
    uri_token(BIBO.issn): identifiers.clean_issn,
    uri_token(BIBO.eissn): identifiers.clean_issn,
    uri_token(BIBO.isbn13): _isbn13,
    uri_token(BIBO.isbn10): _isbn10,
    uri_token(BIBO.doi): identifiers.clean_doi,
    uri_token(BIBO.oclcnum): identifiers.clean_oclc,
    uri_token(BIBO.lccn): identifiers.clean_lccn,
}
