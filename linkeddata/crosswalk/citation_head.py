"""The head of an EPrints text: identifier, title, authors, abstract, and the mark of type and review.

The head is held against the record's fields, word for word. That is what makes a hostile abstract
harmless: it is passed over as a known string, whatever it imitates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from linkeddata.crosswalk.citation_known import Known
from linkeddata.crosswalk.citation_text import Find, Finds, ends_word, occurrences

#: The types of EPrints (its default `eprint` namespace), as its Dublin Core export prints them.
TYPES: Final = (
    "Article", "Book Section", "Monograph", "Conference or Workshop Item", "Book", "Thesis", "Patent", "Artefact",
    "Show/Exhibition", "Composition", "Performance", "Image", "Video", "Audio", "Dataset", "Experiment",
    "Teaching Resource", "Other",
)  # fmt: skip
#: How far into the text a title may begin, an abstract behind the authors, a mark behind the abstract.
_TITLE_WITHIN, _ABSTRACT_WITHIN, _MARK_WITHIN = 300, 500, 300
_REVIEWED, _NOT = "PeerReviewed", "Non"
_DATE: Final = re.compile(r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_DATE_LENGTH: Final = len(" 2017-06-21 ")
_DAY: Final = len("2017-06-21")
_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
_MARKED_TYPES: Final = tuple(f" {kind} " for kind in TYPES)


class Mark(NamedTuple):
    """What stands before the citation: a date, the type, whether the work was reviewed; and where that ends."""

    kind: str
    year: str | None
    finds: Finds
    end: int


def aligned(text: str, known: Known) -> int | None:
    """Where the known head of a text ends; None where text and fields do not agree."""
    if not known.title:
        return None
    head = " ".join((known.title, *known.authors))
    at = next(occurrences(text, head, 0, _TITLE_WITHIN + len(head)), None)
    if at is None:
        return None
    end = at + len(head)
    for description in known.descriptions:
        at = next(occurrences(text, description, end, end + _ABSTRACT_WITHIN + len(description)), None)
        if at is None:
            return None
        end = at + len(description)
    return _past(text, end, (*known.publishers, *known.editors))


def _past(text: str, end: int, words: Iterable[str]) -> int:
    """Past each of several words that follows; those that do not are no matter."""
    for each in words:
        behind = end + 1 + len(each)
        if text.startswith(" " + each, end) and ends_word(text, behind):
            end = behind
    return end


def datestamp(text: str, known: Known) -> Finds:
    """The harvester's date, which stands behind the record's id without a blank."""
    if not text.startswith(known.id):
        return {}
    stamp = _STAMP.match(text, len(known.id))
    if not stamp or not ends_word(text, stamp.end()) or not _exists(stamp[0]):
        return {}
    return {"source_datestamp": Find(stamp[0], *stamp.span())}


def find_mark(text: str, start: int, known: Known) -> Mark | None:
    """The only mark `[date] TYPE FLAG` behind the head; None where there is none, or more than one.

    Its type must be the record's. A date must be one, and of a year that the record's date allows.
    """
    marks = _marks(text, start)
    first = next(marks, None)
    if first is None or next(marks, None) is not None:
        return None
    kind, at, flag, end = first
    begin = text.rfind(" ", max(start, at - _DATE_LENGTH), at - 1) + 1
    dated = _DATE.fullmatch(text, begin, at - 1) if begin else None
    if kind not in known.formats or at - start > _MARK_WITHIN:
        return None
    finds: Finds = {}
    if dated and known.agrees(dated[1]) and _exists(dated[0]):
        finds["date"] = Find(dated[0], *dated.span())
    if text.startswith(_REVIEWED, flag):
        # The opposite is printed also where nobody ever said anything of review.
        finds["peer_reviewed"] = Find(True, flag, end)
    return Mark(kind, dated[1] if dated else None, finds, end)


def _marks(text: str, start: int) -> Iterator[tuple[str, int, int, int]]:
    """Type, place of the type, place and end of the flag, of everything that looks like a mark."""
    at = text.find(_REVIEWED, start)
    while at >= 0:
        flag, end = at - len(_NOT) if text.endswith(_NOT, start, at) else at, at + len(_REVIEWED)
        if text.endswith(_MARKED_TYPES, start, flag) and ends_word(text, end):
            marked = next(marked for marked in _MARKED_TYPES if text.endswith(marked, start, flag))
            yield marked[1:-1], flag + 1 - len(marked), flag, end
        at = text.find(_REVIEWED, end)


def _exists(date: str) -> bool:
    """Whether a date or moment stands in the calendar."""
    try:
        datetime.fromisoformat(date if len(date) > _DAY else f"{date}-01-01"[:_DAY])
    except ValueError:
        return False
    return True


def bracketed_date(text: str, start: int, end: int) -> re.Match[str] | None:
    """The date that stands between two places, and nothing else does; its year is the first group."""
    return _DATE.fullmatch(text, start, end)
