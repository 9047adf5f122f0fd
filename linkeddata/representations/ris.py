"""A reference as RIS, in UTF-8: `TY  - ` first, `ER  - ` last, a tag a line, lines ended by CR and LF.

The rules are those of the RIS specification that Reference Manager came with: a name or keyword has at most 255
characters, and no asterisk stands in one, nor in the name of a periodical.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linkeddata.representations.reference import Reference

_LONGEST: Final = 255
#: Tags whose value is bound by these rules.
_BOUND: Final = {"AU", "A2", "A4", "KW", "JO"}


def write(reference: Reference) -> bytes:
    """One reference, ending in a line break."""
    lines = [("TY", reference.kind.ris), *((tag, value) for tag, value in _tagged(reference) if value), ("ER", "")]
    return "".join(f"{tag}  - {_value(tag, value)}\r\n" for tag, value in lines).encode()


def _tagged(told: Reference) -> Iterator[tuple[str, str]]:
    """Tags and values in the order in which people read them; empty ones too."""
    yield from (("AU", person.inverted) for person in told.authors)
    yield from (("A2", person.inverted) for person in told.editors)
    yield from (("A4", person.inverted) for person in told.translators)
    yield "TI", told.title
    yield "ST", told.short_title
    yield "T2", told.container or told.series
    yield "T3", told.series if told.container else ""
    yield "JO", told.container if told.in_journal else ""
    yield "PY", f"{told.date[0]:04d}" if told.date else ""
    yield "DA", _date(told.date)
    yield "VL", told.volume
    yield "IS", told.issue
    yield "C7", told.number
    yield "SP", told.first_page or told.pages or told.extent
    yield "EP", told.last_page
    yield "ET", told.edition
    yield "PB", told.institution or told.publisher
    yield "M3", told.kind.genre
    yield from (("SN", number) for number in (*told.issns, *told.isbns))
    yield "DO", told.doi
    yield "UR", told.url
    yield "LA", told.language
    yield "AB", told.abstract
    yield from (("KW", word) for word in told.keywords)
    yield "ID", told.id


def _date(parts: tuple[int, ...]) -> str:
    """`YYYY/MM/DD/`, with the slashes even where a part is missing."""
    if not parts:
        return ""
    padded = [f"{parts[0]:04d}", *(f"{part:02d}" for part in parts[1:]), "", ""]
    return "/".join(padded[:3]) + "/"


def _value(tag: str, value: str) -> str:
    folded = " ".join(value.split())
    return folded.replace("*", "")[:_LONGEST].strip() if tag in _BOUND else folded
