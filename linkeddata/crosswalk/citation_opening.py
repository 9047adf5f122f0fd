"""The opening of a citation: the authors, a year in brackets, and the title, as the fields have them."""

from __future__ import annotations

from itertools import islice
from typing import Final, NamedTuple

from linkeddata.crosswalk.citation_head import bracketed_date
from linkeddata.crosswalk.citation_known import Known
from linkeddata.crosswalk.citation_text import begins_word, ends_word

_BETWEEN_NAMES: Final = (", and ", " and ", " & ", ", ", "; ")
_EDITORS: Final = (" (ed.)", " (eds.)")
_LONGEST_DATE: Final = len("(2017-06-21")


class Opening(NamedTuple):
    """Where a citation starts, its year, and where the rest begins that stands behind the title."""

    start: int
    year: str
    rest: int


def find_opening(text: str, start: int, known: Known) -> Opening | None:
    """The only opening behind a place; None where there is none, or more than one."""
    names = known.authors or known.editors
    if not names:
        return None
    title = f") {known.title}{known.stop}"
    usual = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    only, at = None, text.find(title, start)
    while at >= 0:
        opening = _opening(text, start, at, names, usual)
        behind = at + len(title)
        if opening and ends_word(text, behind):
            if only:
                return None
            only = Opening(*opening, min(behind + 1, len(text)))
        at = text.find(title, at + 1)
    return only


def _opening(text: str, start: int, closing: int, names: tuple[str, ...], usual: str) -> tuple[int, str] | None:
    """Start and year of names and a date in brackets, by the place of the closing bracket."""
    bracket = text.rfind("(", max(start, closing - _LONGEST_DATE), closing)
    date = bracketed_date(text, bracket + 1, closing) if bracket > start else None
    if not date or text[bracket - 1] != " ":
        return None
    end = bracket - 1
    end -= next((len(word) for word in _EDITORS if text.endswith(word, start, end)), 0)
    begin = end - len(usual) if text.endswith(usual, start, end) else _before_names(text, start, end, names)
    return (begin, date[1]) if begin is not None and begins_word(text, begin) else None


def _before_names(text: str, start: int, end: int, names: tuple[str, ...]) -> int | None:
    """Where names begin that end at a place, however they are joined; read from the last to the first."""
    if not text.endswith(names[-1], start, end):
        return None
    end -= len(names[-1])
    for name in islice(reversed(names), 1, None):
        joined = next((each for each in _BETWEEN_NAMES if text.endswith(name + each, start, end)), None)
        if joined is None:
            return None
        end -= len(name) + len(joined)
    return end
