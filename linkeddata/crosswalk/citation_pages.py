"""Pages as citations print them: what is a page range, and what it says."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from linkeddata.crosswalk.citation_text import Find, Finds

# Hyphens, en and em dash; two hyphens are the en dash of BibTeX.
_DASH: Final = r"\s?(?:--|[-\u2010-\u2014])\s?"
_PAGE: Final = r"(?:[A-Za-z]{0,3}[0-9]{1,10}|[ivxlcdm]{1,12}|[IVXLCDM]{1,12})"
_RANGE: Final = rf"{_PAGE}{_DASH}{_PAGE}"
_SPANS: Final = rf"{_PAGE}(?:{_DASH}{_PAGE})?(?:, {_PAGE}(?:{_DASH}{_PAGE})?){{1,10}}"
# "pp." with a single number is a count of pages or the number of an article: no page.
_LABELLED: Final = rf"(?:pp?\. (?:{_RANGE}|{_SPANS})|p\. {_PAGE})"
_END: Final = r"\.(?= |$)"

#: Pages right behind a stop, with their label or as a bare range.
BEHIND: Final = re.compile(rf" (?P<pages>{_LABELLED}|{_RANGE}){_END}")
#: The same where nothing but a stop says where they begin: with their label, or at the very end.
LABELLED: Final = re.compile(rf"[.,?!)] (?P<pages>{_LABELLED}){_END}")
LAST: Final = re.compile(rf"[.?!)] (?P<pages>{_LABELLED}|{_RANGE})\.$")
#: A label without pages that could be read.
UNREADABLE: Final = (" p. ", " pp. ")

_LABEL: Final = re.compile(r"pp?\. ")
_DASHES: Final = re.compile(_DASH)
_NUMBERED: Final = re.compile(r"([A-Za-z]*)([0-9]+)")
_ROMAN: Final = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def read_pages(printed: re.Match[str]) -> Finds:
    """What pages say, from a match of one of the patterns above; nothing where they run backwards.

    Several spans have no start and end; the shortened end of a range is not made longer.
    """
    text, (start, end) = printed.string, printed.span("pages")
    if label := _LABEL.match(text, start, end):
        start = label.end()
    pages = _DASHES.sub("-", text[start:end])
    finds: Finds = {"pages": Find(pages, start, end)}
    if ", " in pages:
        return finds
    first, dash, last = pages.partition("-")
    ends = _ends(first, last) if dash else ("page_start",)
    if ends is None:
        return {}
    places = {"page_start": Find(first, start, start + len(first)), "page_end": Find(last, end - len(last), end)}
    return finds | {key: places[key] for key in ends}


def _ends(first: str, last: str) -> tuple[str, ...] | None:
    """Which of first and last page can be stated of a range; None where the range is none."""
    begin, end = _page(first), _page(last)
    if begin is None or end is None:
        return None
    if begin.series == end.series and begin.number <= end.number:
        return "page_start", "page_end"
    if end.series in ("", begin.series) and end.digits < begin.digits:
        return ("page_start",)
    return None if begin.series == end.series else ()


class _Page(NamedTuple):
    series: str
    number: int
    digits: int


def _page(text: str) -> _Page | None:
    """A page as a number within a series (`S12`), or in Roman numerals; None where it is neither."""
    if numbered := _NUMBERED.fullmatch(text):
        return _Page(numbered[1], int(numbered[2]), len(numbered[2]))
    roman = text.lower()
    return _Page("roman", roman_value(roman), 0) if _ROMAN.fullmatch(roman) else None


def roman_value(text: str) -> int:
    """The value of a Roman numeral in lower case.

    >>> roman_value("xliv")
    44
    """
    values = [_ROMAN_DIGITS[digit] for digit in text]
    return sum(
        -value if value < following else value for value, following in zip(values, (*values[1:], 0), strict=True)
    )
