"""ISSNs and ISBNs at the end of a citation; one that fails its check still marks the end."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from linkeddata.crosswalk.citation_text import Find, Finds
from linkeddata.vocabulary.identifiers import clean_isbn, clean_issn

_NOTE = r"(?: \((?i:print|online|electronic|paper|hardback|paperback|hbk|pbk|e-?book|pdf|cd-rom|linking|[pel])\))?"
_ISSN: Final = rf"[0-9]{{4}}-?[0-9]{{3}}[0-9Xx]{_NOTE}"
_ISBN: Final = rf"[0-9](?:-?[0-9]){{8,16}}(?:-?[Xx])?{_NOTE}"
_ISSNS, _ISBNS = rf"ISSN {_ISSN}(?:[,;] ?{_ISSN})*", rf"ISBN {_ISBN}(?:[,;] ?{_ISBN})*"
_NUMBERS: Final = re.compile(rf"(?<=[.?!)])(?: (?:{_ISSNS}|{_ISBNS}))+(?= |$)")
_ONE_KIND: Final = re.compile(rf"{_ISSNS}|{_ISBNS}")
_ONE: Final = re.compile(r"[0-9][0-9-]*[Xx]?")


class Numbers(NamedTuple):
    """Where a sequence of numbers starts and ends, and those of them that hold."""

    start: int
    end: int
    finds: Finds


def find_numbers(text: str, start: int, end: int) -> Numbers | None:
    """The first ISSNs or ISBNs between two places, behind a stop."""
    first = text.find(" IS", start, end)
    numbers = _NUMBERS.search(text, first, end) if first >= 0 else None
    return Numbers(*numbers.span(), _valid(text, *numbers.span())) if numbers else None


def _valid(text: str, start: int, end: int) -> Finds:
    """The numbers that pass their check, each once, ISBNs as digits only."""
    finds: Finds = {}
    for numbers in _ONE_KIND.finditer(text, start, end):
        kind = numbers[0][:4].lower()
        read = clean_issn if kind == "issn" else _isbn
        values = [value for one in _ONE.findall(numbers[0]) if (value := read(one))]
        if values:
            finds[kind] = Find(list(dict.fromkeys(values)), *numbers.span())
    return finds


def _isbn(text: str) -> str | None:
    found = clean_isbn(text)
    return (found[1] or found[0]) if found else None
