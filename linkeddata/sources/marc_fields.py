"""A MARC record to the fields of a VuFind document, in the manner of VuFind's stock `marc.properties`.

It differs where a statement would be wrong, or a heading unreadable:

* ISBD punctuation at the end of a text is taken off, and subdivisions of a heading stand behind `--`;
* a place is the place (651 $a) and not what is said of it: `Morocco--History` is a topic;
* an ISSN is the record's own (022) or its host's (773), not that of a series, a predecessor or another edition;
* an added entry for another work (7xx with $t) makes nobody a contributor of this one;
* the language of an original (041 $h) is not that of the record;
* the original script (880) of the title is an alternative title. That of names, publishers and series is
  left out: beside the romanised form it would be read as somebody or something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkeddata.errors import RecordRefused
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources.document import identifier
from linkeddata.sources.marc_format import formats
from linkeddata.sources.marc_host import host
from linkeddata.sources.marc_people import people
from linkeddata.sources.marc_record import MarcField, MarcRecord
from linkeddata.sources.marc_text import unpunctuated

#: Solr field, tags, subfields that are joined by a blank into one value, and whether only the first field counts.
_TEXTS: tuple[tuple[str, str, str, bool], ...] = (
    ("title", "245", "abnp", True),
    ("title_short", "245", "a", True),
    ("title_sub", "245", "b", True),
    ("title_full", "245", "abcfgknps", True),
    ("title_alt", "130", "adfgklnpst", False),
    ("title_alt", "240", "adfgklnp", False),
    ("title_alt", "246", "abnp", False),
    ("title_alt", "730", "adfgklnpst", False),
    ("title_alt", "740", "anp", False),
    ("title_old", "780", "ast", False),
    ("title_new", "785", "ast", False),
    ("series", "440", "anp", False),
    ("series", "800", "abcdfpqt", False),
    ("series", "830", "anp", False),
    ("series2", "490", "a", False),
    ("edition", "250", "a", True),
    ("physical", "300", "abcefg", False),
    ("dateSpan", "362", "a", False),
    ("contents", "505", "agrt", False),
    ("description", "520", "ab", False),
)
#: The same for numbers and addresses, each subfield a value of its own, its punctuation kept.
_NUMBERS: tuple[tuple[str, str, str], ...] = (
    ("lccn", "010", "a"),
    ("isbn", "020", "a"),
    ("issn", "022", "a"),
    ("ctrlnum", "035", "a"),
    ("dewey-full", "082", "a"),
    ("url", "856", "u"),
)
#: Headings: all their parts, but for codes, links and relators.
_HEADINGS: tuple[tuple[str, frozenset[str]], ...] = (
    ("topic", frozenset({"600", "610", "611", "630", "650", "653", "656"})),
    ("genre", frozenset({"655"})),
)
#: Headings of which only the first part is a place or a time; with subdivisions the whole is a topic.
_PLACES_AND_TIMES: tuple[tuple[str, str], ...] = (("geographic", "651"), ("era", "648"))
_SUBDIVISIONS = "vxyz"
_NO_HEADING = "eiuw"
_ABOUT_ANOTHER = "2"  # 856, second indicator: the address of a related resource
_OCLC = re.compile(r"(?:\(OCoLC\)\s*+(?:ocm|ocn|on)?|ocm|ocn|on)\s*+0*+(\d++)\s*", re.IGNORECASE)
_CLASS = re.compile(r"[A-Z]{1,3} ?\d+")
_DELETED = "d"
_CHANGED = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")


def read_marc(record: MarcRecord, place: str) -> Reading:
    """The record, by its control number (001) verbatim; a deletion where the leader says so."""
    try:
        own_id = identifier(record.controls("001")[:1])
    except RecordRefused as refused:
        return Refusal(place, f"no control number (001): {refused}")
    changed = _changed(record)
    if record.coded("LDR", 5) == _DELETED:
        return Deletion(own_id, datestamp=changed, place=place)
    return Record(own_id, fields(record), datestamp=changed, place=place)


def fields(record: MarcRecord) -> dict[str, list[str]]:
    """The fields of a record, those without a value left out."""
    found: dict[str, list[str]] = {"recordtype": ["marc"], "format": formats(record)}
    for field, value in _values(record):
        values = found.setdefault(field, [])
        if value not in values:
            values.append(value)
    found |= people(record)
    return {field: values for field, values in found.items() if any(values)}


def _values(record: MarcRecord) -> Iterator[tuple[str, str]]:
    for rule in (_texts, _numbers, _headings, _identifiers, _publication, _languages, host):
        yield from ((field, value) for field, value in rule(record) if value)


def _texts(record: MarcRecord) -> Iterator[tuple[str, str]]:
    for name, tag, codes, only_first in _TEXTS:
        for number, field in enumerate(record.tagged({tag})):
            if not (number and only_first):
                yield name, unpunctuated(field.joined(codes))
    for field in record.tagged({"880"}):
        if field.joined("6").startswith("245"):
            yield "title_alt", unpunctuated(field.joined("abnp"))


def _numbers(record: MarcRecord) -> Iterator[tuple[str, str]]:
    for name, tag, codes in _NUMBERS:
        for field in record.tagged({tag}):
            if not (tag == "856" and field.second == _ABOUT_ANOTHER):
                yield from ((name, value) for value in field.all(codes))


def _headings(record: MarcRecord) -> Iterator[tuple[str, str]]:
    for name, tags in _HEADINGS:
        for field in record.tagged(tags):
            yield name, _heading(field)
    for name, tag in _PLACES_AND_TIMES:
        for field in record.tagged({tag}):
            yield name, unpunctuated(field.joined("a"))
            if field.all(_SUBDIVISIONS):
                yield "topic", _heading(field)


def _heading(field: MarcField) -> str:
    """A heading as thesauri write it: `Political science--Mediterranean Region--History`."""
    text = ""
    for code, value in field.subfields:
        if code.isalpha() and code not in _NO_HEADING and (words := value.strip()):
            text += ("--" if code in _SUBDIVISIONS else " ") + words if text else words
    return unpunctuated(text)


def _identifiers(record: MarcRecord) -> Iterator[tuple[str, str]]:
    """What 024, 035 and the call numbers hold, each by its form."""
    for field in record.tagged({"024"}):
        if field.first == "7" and field.joined("2").lower() == "doi":
            yield "doi_str_mv", field.joined("a")
        elif field.first == "1":
            yield "upc_str_mv", field.joined("a")
    for field in record.tagged({"035"}):
        if found := _OCLC.fullmatch(field.joined("a")):
            yield "oclc_num", found[1]
    for field in record.tagged({"050", "090", "099"}):
        yield "callnumber-raw", field.joined("ab")
        if field.tag != "099" and (label := _CLASS.match(field.joined("a"))):
            yield "callnumber-label", label[0].replace(" ", "")


def _publication(record: MarcRecord) -> Iterator[tuple[str, str]]:
    """Publisher and dates of 260, or of those 264 that tell of publication (1) or copyright (4)."""
    for field in record.tagged({"260", "264"}):
        if field.tag == "260" or field.second == "1":
            yield from (("publisher", unpunctuated(value)) for value in field.all("b"))
        if field.tag == "260" or field.second in ("1", "4"):
            yield from (("publishDate", _date(value)) for value in field.all("c"))
    first = next(iter(record.controls("008")), "")[7:11]
    if first.isdecimal():
        yield "publishDateSort", first


_IN_BRACKETS = re.compile(r"\[[^\[\]]*+\]")
_YEAR_ALONE = re.compile(r"\b(1\d{3}|20\d{2})\b")
_YEARS = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)")
_PLAIN = re.compile(r"[\[©cp]{0,2}\s?\d{4}(?:\s?[-/]\s?\d{0,4})?\??\]?")


def _date(text: str) -> str:
    """A date as far as it is one: of several calendars the year in brackets, else the first year.

    >>> _date("Shōwa 46-47 [1971-1972]"), _date("1983-1987."), _date("c2007"), _date("[19--?]")
    ('1971', '1983-1987', 'c2007', '[19--?]')
    >>> _date("[c1983-")
    'c1983-'
    """
    bare = text.strip(" .,;")
    if "]" not in bare:
        bare = bare.lstrip("[")
    if _PLAIN.fullmatch(bare):
        return bare
    bracketed = map(_YEAR_ALONE.search, _IN_BRACKETS.findall(bare))
    found = next(filter(None, bracketed), None) or _YEARS.search(bare)
    return found[1] if found else bare


def _languages(record: MarcRecord) -> Iterator[tuple[str, str]]:
    """Codes of 008 and of 041; in older records several stand in one subfield without a blank."""
    codes = [text[35:38] for text in record.controls("008")[:1]]
    for field in record.tagged({"041"}):
        if field.second != "7":  # then the codes are those of another list
            codes += [value[at : at + 3] for value in field.all("ad") for at in range(0, len(value), 3)]
    yield from (("language", code) for code in codes if code.isalpha() and len(code) == 3 and code.islower())


def _changed(record: MarcRecord) -> str | None:
    """The moment of 005, which names no time zone."""
    found = _CHANGED.match(next(iter(record.controls("005")), ""))
    return "{}-{}-{}T{}:{}:{}".format(*found.groups()) if found else None
