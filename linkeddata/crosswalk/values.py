"""The ways of reading a value that a line of the crosswalk may name.

A builder takes one value and gives the object of its statement, or None when it says nothing or was
refused; what it states about that object it puts on the sheet. The table is at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias

from rdflib import Literal, URIRef
from rdflib.term import Node

from linkeddata.crosswalk import text
from linkeddata.crosswalk.dates import timestamp
from linkeddata.crosswalk.profile import Rule
from linkeddata.crosswalk.sheet import IN_SCHEME, PREF_LABEL, A, Sheet, Statements
from linkeddata.vocabulary import identifiers
from linkeddata.vocabulary.terms import BIBO, DCMITYPE, DCTERMS, FOAF, SCHEMA
from linkeddata.vocabulary.uris import Uris

Builder: TypeAlias = Callable[[Sheet, Rule, str], Node | None]

NAME = URIRef(FOAF.name)
ORGANISATION = URIRef(FOAF.Organization)
TITLE = URIRef(DCTERMS.title)
SAME_AS = URIRef(SCHEMA.sameAs)
_COLLECTION = URIRef(DCMITYPE.Collection)
_SERIES = (URIRef(BIBO.Series), URIRef(SCHEMA.CreativeWorkSeries))
_LOCATION = URIRef(DCTERMS.Location)
_PERIOD = URIRef(DCTERMS.PeriodOfTime)
_DOI = URIRef(BIBO.doi)
_HANDLE = URIRef(BIBO.handle)


def literal(sheet: Sheet, rule: Rule, value: str) -> Literal | None:
    """A plain literal, tagged with the record's language where the rule says so; empty is nothing."""
    if rule.strip:
        value = value.rstrip(rule.strip)
    if not value:
        return None
    return Literal(value, lang=sheet.tag) if rule.tagged and sheet.tag else Literal(value)


def one_line(sheet: Sheet, rule: Rule, value: str) -> Literal | None:
    return literal(sheet, rule, text.label(value))


def prose(sheet: Sheet, rule: Rule, value: str) -> Literal | None:
    return literal(sheet, rule, text.prose(value))


def moment(sheet: Sheet, rule: Rule, value: str) -> Literal | None:
    found = timestamp(value.strip())
    if found is None:
        sheet.refuse(rule.fields[0], value, "not a time stamp in ISO 8601 with a zone")
    return found


def organisation(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    name = text.label(value).rstrip(rule.strip or None)
    return None if text.is_absent(name) else sheet.take(_body(sheet.uris, name))


@lru_cache(maxsize=8192)
def _body(uris: Uris, name: str) -> Statements:
    """What is said of a body; kept, because bodies return in record after record."""
    uri = uris.minted("org", name)
    return (uri, A, ORGANISATION), (uri, NAME, Literal(name))


def concept(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    words = text.label(value)
    return None if text.is_absent(words) else sheet.concept(rule.scheme, words)


def collection(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    title = collection_title(value)
    return None if text.is_absent(title) else sheet.take(_titled(sheet.uris, "collection", title, (_COLLECTION,)))


def collection_title(value: str) -> str:
    """A collection's title; of a hierarchy string (`1/Main/Reading room/`) the last level."""
    words = text.label(value)
    level, slash, path = words.partition("/")
    if slash and level.isdigit() and words.endswith("/"):
        return path.rstrip("/").rpartition("/")[2]
    return words


def series(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    title = text.label(value)
    return None if text.is_absent(title) else sheet.take(_titled(sheet.uris, "series", title, _SERIES))


@lru_cache(maxsize=8192)
def _titled(uris: Uris, kind: str, title: str, classes: tuple[URIRef, ...]) -> Statements:
    uri = uris.minted(kind, title)
    return *((uri, A, each) for each in classes), (uri, TITLE, Literal(title))


def place(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    words = text.label(value).removesuffix(".")
    if text.is_absent(words):
        return None
    uri = sheet.uris.minted("place", words)
    sheet.state(uri, A, _LOCATION)
    sheet.state(uri, PREF_LABEL, Literal(words))
    return uri


def era(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    words = text.label(value).removesuffix(".")
    if text.is_absent(words):
        return None
    uri = sheet.uris.concept("era", words)
    sheet.state(uri, A, _PERIOD)
    sheet.state(uri, PREF_LABEL, Literal(words))
    sheet.state(uri, IN_SCHEME, sheet.uris.scheme("era"))
    return uri


def language(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    found = sheet.profile.languages.get(language_word(value))
    if found is None:
        sheet.refuse(rule.fields[0], value, "no language of the table")
    return found.uri if found else None


def language_word(value: str) -> str:
    """What a language is looked up by: case-folded, without a region (`en_GB` is `en`)."""
    words = text.label(value).casefold()
    head, mark, region = words.replace("_", "-").partition("-")
    return head if mark and len(head) in (2, 3) and len(region) <= 8 else words


def doi(sheet: Sheet, rule: Rule, value: str) -> Literal | None:
    found = identifiers.clean_doi(text.clean(value))
    if found is None:
        sheet.refuse(rule.fields[0], value, "not a DOI")
        return None
    sheet.say(SAME_AS, URIRef(identifiers.doi_uri(found)))
    return Literal(found)


def oclc(sheet: Sheet, rule: Rule, value: str) -> Literal | None:
    return _linked(sheet, rule, value, identifiers.clean_oclc(value), "http://www.worldcat.org/oclc/")


def lccn(sheet: Sheet, rule: Rule, value: str) -> Literal | None:
    return _linked(sheet, rule, value, identifiers.clean_lccn(value), "https://lccn.loc.gov/")


def _linked(sheet: Sheet, rule: Rule, value: str, found: str | None, resolver: str) -> Literal | None:
    if found is None:
        sheet.refuse(rule.fields[0], value, f"not a number that {resolver} could resolve")
        return None
    sheet.say(SAME_AS, URIRef(resolver + found))
    return Literal(found)


def page(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    """A web page about the record; the address of a DOI or handle is that identifier instead."""
    if found := identifiers.clean_doi(value):
        sheet.say(_DOI, Literal(found))
        sheet.say(SAME_AS, URIRef(identifiers.doi_uri(found)))
        return None
    if handle := identifiers.clean_handle(value):
        sheet.say(_HANDLE, Literal(handle))
        sheet.say(SAME_AS, URIRef(identifiers.handle_uri(handle)))
        return None
    url = identifiers.clean_url(value)
    if url is None:
        sheet.refuse(rule.fields[0], value, "not an http, https or ftp address")
    return URIRef(url) if url else None


def address(sheet: Sheet, rule: Rule, value: str) -> URIRef | None:
    """An address as it is; what is none was reported where it is read as a page."""
    url = identifiers.clean_url(value)
    return URIRef(url) if url else None


BUILDERS: Mapping[str, Builder] = {
    "text": one_line,
    "prose": prose,
    "moment": moment,
    "organisation": organisation,
    "concept": concept,
    "collection": collection,
    "series": series,
    "place": place,
    "era": era,
    "language": language,
    "doi": doi,
    "oclc": oclc,
    "lccn": lccn,
    "page": page,
    "address": address,
}
