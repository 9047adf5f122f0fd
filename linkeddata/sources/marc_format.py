"""What a MARC record describes, from leader, 007 and 008, by the names VuFind's stock import gives.

Only where VuFind calls one thing two (a score, a manuscript or a dissertation "Book" besides), it is one here.

Codes are those of the MARC 21 format (https://www.loc.gov/marc/bibliographic/). Subfields of 007 that
only tell one kind of print, disc or cassette from another are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from linkeddata.sources.marc_record import MarcRecord

_ONLINE = frozenset("oqs")  # form of item: online, direct electronic, electronic
#: Type of record (leader, position 6); language material says nothing yet.
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "c": "Musical Score",
        "d": "Musical Score",
        "e": "Map",
        "f": "Map",
        "g": "Video",
        "i": "Audio",
        "j": "Audio",
        "k": "Image",
        "o": "Kit",
        "p": "Kit",
        "r": "Physical Object",
        "t": "Manuscript",
    }
)
#: Type of a computer file (008, position 26); of others the record says "Electronic" only.
_FILES: Mapping[str, str] = MappingProxyType(
    {"a": "Data Set", "b": "Software", "c": "Image", "e": "Data Set", "f": "Software", "g": "Video Game", "h": "Audio"}
)
_FILES_LIKE_BOOKS = frozenset("dmuz")
#: Kind of carrier (007, position 0), and with position 1 where that says more.
_CARRIERS: Mapping[str, str] = MappingProxyType(
    {
        "a": "Map",
        "ad": "Atlas",
        "d": "Globe",
        "f": "Braille",
        "g": "Slide",
        "h": "Microfilm",
        "k": "Photo",
        "kk": "Poster",
        "m": "Video",
        "o": "Kit",
        "q": "Musical Score",
        "s": "Audio",
        "ss": "Cassette",
        "v": "Video",
        "vd": "DVD",
        "vf": "VHS",
    }
)
_NO_BOOK_CARRIERS = frozenset("gkmv")
_NO_BOOK_TYPES = frozenset("cdefgijkoprt")


def formats(record: MarcRecord) -> list[str]:
    """The names of the formats, the more special ones first; Text or Unknown where nothing is told."""
    kind, level = record.coded("LDR", 6), record.coded("LDR", 7)
    found = [*_notes(record, kind), *_carriers(record), *_of_kind(record, kind), *_of_level(record, kind, level)]
    return list(dict.fromkeys(found)) or ["Kit" if level in "cd" else "Text" if kind == "a" else "Unknown"]


def _notes(record: MarcRecord, kind: str) -> Iterator[str]:
    """What single fields tell: a dissertation note, a meeting among the entries, the medium in the title."""
    if _is_thesis(record):
        yield "Thesis"
    if kind == "m" or any("[electronic resource]" in each.joined("h").lower() for each in record.tagged({"245"})):
        yield "Electronic"
    if _is_of_a_meeting(record):
        yield "Conference Proceeding"


def _is_thesis(record: MarcRecord) -> bool:
    return any(record.tagged({"502"}))


def _is_of_a_meeting(record: MarcRecord) -> bool:
    return any(record.tagged({"111", "711"}))


def _carriers(record: MarcRecord) -> Iterator[str]:
    for text in record.controls("007"):
        if name := _CARRIERS.get(text[:2].lower()) or _CARRIERS.get(text[:1].lower()):
            yield name


def _of_kind(record: MarcRecord, kind: str) -> Iterator[str]:
    if kind == "m":
        name = _FILES.get(record.coded("008", 26), "")
    elif kind in "ef":
        name = {"d": "Globe", "e": "Atlas"}.get(record.coded("008", 25), "Map")
    elif kind == "g" and record.coded("008", 33) in "st":
        name = "Slide"
    elif kind == "t" and _is_thesis(record):
        name = ""
    else:
        name = _TYPES.get(kind, "")
    if name:
        yield name


def _of_level(record: MarcRecord, kind: str, level: str) -> Iterator[str]:
    """By the bibliographic level: a part of a journal or book, a monograph, a serial, what is updated."""
    if level == "a":
        yield "Article" if any(each.all("g") for each in record.tagged({"773"})) else "Book Chapter"
    elif level == "b":
        yield "Article"
    elif level == "i":
        yield "Website" if record.coded("008", 21) in "hw" else "Serial"
    elif level == "s":
        yield from _serial(record, kind)
    elif level == "m" and _could_be_book(record, kind):
        electronic = kind == "m" or record.coded("008", 23) in _ONLINE
        yield "eBook" if electronic else "Book"


def _serial(record: MarcRecord, kind: str) -> Iterator[str]:
    name = {"n": "Newspaper", "p": "Journal"}.get(record.coded("008", 21)) if kind == "a" else None
    if name or not _is_of_a_meeting(record):
        yield name or "Serial"


def _could_be_book(record: MarcRecord, kind: str) -> bool:
    if kind in _NO_BOOK_TYPES or _is_thesis(record):
        return False
    if kind == "m" and record.coded("008", 26) not in _FILES_LIKE_BOOKS:
        return False
    return not any(text[:1].lower() in _NO_BOOK_CARRIERS for text in record.controls("007"))
