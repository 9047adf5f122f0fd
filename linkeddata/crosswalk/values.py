"""The ways of reading a value that a line of the crosswalk may name.

A builder takes one value and gives the object of its statement, or None when it says nothing or was
refused; what it states about that object it puts on the sheet. The table is at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from linkeddata.crosswalk import text
from linkeddata.crosswalk.dates import timestamp
from linkeddata.crosswalk.profile import Rule
from linkeddata.crosswalk.sheet import IN_SCHEME, PREF_LABEL, A, Sheet, Statements
from linkeddata.vocabulary import identifiers
from linkeddata.vocabulary.ntriples import Token, literal_token, uri_token
from linkeddata.vocabulary.terms import BIBO, DCMITYPE, DCTERMS, FOAF, SCHEMA, SKOS
from linkeddata.vocabulary.uris import Uris

Builder: TypeAlias = Callable[[Sheet, Rule, str], Token | None]

NAME: Final = uri_token(FOAF.name)
ORGANISATION: Final = uri_token(FOAF.Organization)
TITLE: Final = uri_token(DCTERMS.title)
SAME_AS: Final = uri_token(SCHEMA.sameAs)
_COLLECTION: Final = uri_token(DCMITYPE.Collection)
_SERIES: Final = (uri_token(BIBO.Series), uri_token(SCHEMA.CreativeWorkSeries))
#: The classes of a journal, and those of records that may continue one.
PERIODICAL: Final = (uri_token(BIBO.Journal), uri_token(SCHEMA.Periodical))
SERIALS: Final = frozenset(
    uri_token(BIBO[name]) for name in ("Journal", "Periodical", "Newspaper", "Magazine", "Series")
)
LOCATION: Final = uri_token(DCTERMS.Location)
_PERIOD: Final = uri_token(DCTERMS.PeriodOfTime)
_DOI: Final = uri_token(BIBO.doi)
_HANDLE: Final = uri_token(BIBO.handle)
_NOTATION: Final = uri_token(SKOS.notation)
_PAGES: Final = re.compile(r"0*([1-9][0-9]*) ?(?:pages|pp|p|S)\.?")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def worded(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """A plain literal, tagged with the record's language where the rule says so; empty is nothing."""
    if rule.strip:
        value = value.rstrip(rule.strip)
    if not value:
        return None
    return literal_token(value, language=sheet.tag) if rule.tagged and sheet.tag else literal_token(value)


def one_line(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    return worded(sheet, rule, text.label(value))


def prose(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    return worded(sheet, rule, text.prose(value))


def moment(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    found = timestamp(value.strip())
    if found is None:
        sheet.refuse(rule.fields[0], value, "not a time stamp in ISO 8601 with a zone")
    return found


def organisation(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    body = _body(sheet.uris, value, rule.strip)
    return sheet.take(body) if body else None


@lru_cache(maxsize=8192)
def _body(uris: Uris, value: str, strip: str) -> Statements:
    """What is said of a body, or nothing; kept, because bodies return in record after record."""
    name = text.label(value).rstrip(strip or None)
    if text.is_absent(name):
        return ()
    uri = uri_token(uris.minted("org", name))
    return (uri, A, ORGANISATION), (uri, NAME, literal_token(name))


def concept(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    words = text.label(value)
    return None if text.is_absent(words) else sheet.concept(rule.scheme, words)


def collection(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    found = _collection(sheet.uris, value)
    return sheet.take(found) if found else None


@lru_cache(maxsize=8192)
def _collection(uris: Uris, value: str) -> Statements:
    """What is said of a collection, or nothing; kept, because nearly every record names some."""
    title = collection_title(value)
    return () if text.is_absent(title) else _titled(uris, "collection", title, (_COLLECTION,))


def collection_title(value: str) -> str:
    """A collection's title; of a hierarchy string (`1/Main/Reading room/`) the last level."""
    words = text.label(value)
    level, slash, path = words.partition("/")
    if slash and level.isdigit() and words.endswith("/"):
        return path.rstrip("/").rpartition("/")[2]
    return words


def series(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    title = text.label(value)
    return None if text.is_absent(title) else sheet.take(_titled(sheet.uris, "series", title, _SERIES))


@lru_cache(maxsize=8192)
def _titled(uris: Uris, kind: str, title: str, classes: tuple[Token, ...]) -> Statements:
    uri = uri_token(uris.minted(kind, title))
    return *((uri, A, each) for each in classes), (uri, TITLE, literal_token(title))


def place(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    words = text.label(value).removesuffix(".")
    if text.is_absent(words):
        return None
    uri = uri_token(sheet.uris.minted("place", words))
    sheet.state(uri, A, LOCATION)
    sheet.state(uri, PREF_LABEL, literal_token(words))
    return uri


def era(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    words = text.label(value).removesuffix(".")
    if text.is_absent(words):
        return None
    uri = uri_token(sheet.uris.concept("era", words))
    sheet.state(uri, A, _PERIOD)
    sheet.state(uri, PREF_LABEL, literal_token(words))
    sheet.state(uri, IN_SCHEME, uri_token(sheet.uris.scheme("era")))
    return uri


def classmark(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """A class of a classification; its notation is what stands before the words (`PS - American Literature`)."""
    uri = concept(sheet, rule, value)
    if uri:
        sheet.state(uri, _NOTATION, literal_token(text.label(value).partition(" - ")[0]))
    return uri


def periodical(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """A journal known by its title alone, as the serial that is described was called before or is now."""
    if sheet.classes.isdisjoint(SERIALS):
        sheet.refuse(rule.fields[0], value, "only a serial continues another")
        return None
    return sheet.take(_titled(sheet.uris, "journal", text.label(value), PERIODICAL))


def part_of(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """Another record by its id, which is taken as it is; a record is no part of itself."""
    if value == sheet.record.id:
        return None
    if _SURROGATE.search(value):
        sheet.refuse(rule.fields[0], value, "half a surrogate pair, which no URI can carry")
        return None
    return uri_token(sheet.uris.record(value))


def fixed(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """The term that the line itself names, wherever the field says anything."""
    return rule.value


def page_count(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """The number of pages, where an extent says that and nothing else."""
    found = _PAGES.fullmatch(text.label(value))
    return literal_token(found[1]) if found else None


def language(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    found = sheet.profile.languages.get(language_word(value))
    if found is None:
        sheet.refuse(rule.fields[0], value, "no language of the table")
    return found.uri if found else None


def language_word(value: str) -> str:
    """What a language is looked up by: case-folded, without a region (`en_GB` is `en`)."""
    words = text.label(value).casefold()
    head, mark, region = words.replace("_", "-").partition("-")
    return head if mark and len(head) in (2, 3) and len(region) <= 8 else words


def doi(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    found = identifiers.clean_doi(text.clean(value))
    if found is None:
        sheet.refuse(rule.fields[0], value, "not a DOI")
        return None
    sheet.say(SAME_AS, uri_token(identifiers.doi_uri(found)))
    return literal_token(found)


def oclc(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    return _linked(sheet, rule, value, identifiers.clean_oclc(value), "http://www.worldcat.org/oclc/")


def lccn(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    return _linked(sheet, rule, value, identifiers.clean_lccn(value), "https://lccn.loc.gov/")


def control_number(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """A number of the source's system; OCLC's is left out where it is stated as such already."""
    found = identifiers.clean_oclc(value)
    if found and found in map(identifiers.clean_oclc, sheet.values("oclc_num")):
        return None
    return one_line(sheet, rule, value)


def uuid(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    found = identifiers.clean_uuid(value)
    if found is None:
        sheet.refuse(rule.fields[0], value, "not a UUID")
    return literal_token(f"urn:uuid:{found}") if found else None


def _linked(sheet: Sheet, rule: Rule, value: str, found: str | None, resolver: str) -> Token | None:
    if found is None:
        sheet.refuse(rule.fields[0], value, f"not a number that {resolver} could resolve")
        return None
    sheet.say(SAME_AS, uri_token(resolver + found))
    return literal_token(found)


def page(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """A web page about the record; the address of a DOI or handle is that identifier instead."""
    if found := identifiers.clean_doi(value):
        sheet.say(_DOI, literal_token(found))
        sheet.say(SAME_AS, uri_token(identifiers.doi_uri(found)))
        return None
    if handle := identifiers.clean_handle(value):
        sheet.say(_HANDLE, literal_token(handle))
        sheet.say(SAME_AS, uri_token(identifiers.handle_uri(handle)))
        return None
    return link(sheet, rule, value)


def link(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    url = identifiers.clean_url(value)
    if url is None:
        sheet.refuse(rule.fields[0], value, "not an http, https or ftp address")
    return uri_token(url) if url else None


def address(sheet: Sheet, rule: Rule, value: str) -> Token | None:
    """An address as it is; what is none was reported where it is read as a page."""
    url = identifiers.clean_url(value)
    return uri_token(url) if url else None


BUILDERS: Final[Mapping[str, Builder]] = {
    "text": one_line,
    "prose": prose,
    "moment": moment,
    "organisation": organisation,
    "concept": concept,
    "class": classmark,
    "collection": collection,
    "series": series,
    "place": place,
    "era": era,
    "language": language,
    "doi": doi,
    "oclc": oclc,
    "lccn": lccn,
    "uuid": uuid,
    "control number": control_number,
    "page count": page_count,
    "periodical": periodical,
    "record": part_of,
    "fixed": fixed,
    "link": link,
    "page": page,
    "address": address,
}
