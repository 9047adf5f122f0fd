"""Where a citation ends: at its numbers, its pages or volume, its publisher, a known topic, or a link.

After the name of a journal free words may follow; where nothing tells them apart there is no citation.
"""

from __future__ import annotations

import re
from typing import Final

from linkeddata.crosswalk.citation_known import Known
from linkeddata.crosswalk.citation_numbers import find_numbers
from linkeddata.crosswalk.citation_rest import SENTENCE_END, Parsed, Rest, read_rest
from linkeddata.crosswalk.citation_text import Finds, found

#: What begins a web address or a DOI; no citation goes on behind one.
_LINK: Final = re.compile(r" (?:https?://|[dD][oO][iI]:10\.|10\.[0-9]{4,9}/)")
_STATUS: Final = re.compile(r"(?<=[].?!)0-9X]) \((?P<status>Unpublished|In Press|Submitted)\)(?= |$)")

_ANY_PAGES: Final = re.compile(r"(?<=\.) pp?\. [^\s.]{1,40}\.$")


def first_link(text: str, start: int) -> int:
    """Where the first web address or DOI begins behind a place (the blank before it), or the text ends."""
    link = _LINK.search(text, start)
    return link.start() if link else len(text)


def read_citation(text: str, start: int, stop: int, kind: str, known: Known) -> Parsed | None:
    """What stands from behind the title to the citation's end; None where the end cannot be known.

    `stop` is the first link behind the title, or the end of the text.
    """
    if start >= stop:
        return Parsed(stop, {})
    limit, end, finds = _marked_end(text, start, stop)
    if limit is not None:
        return Parsed(end, _closed(text, start, limit, kind, known) | finds)
    parsed = read_rest(Rest(text, start, stop, kind, False, known.publishers))
    if parsed is not None:
        return parsed
    limit = _before_topic(text, start, stop, known) or _one_sentence(text, start, stop)
    return Parsed(limit, _closed(text, start, limit, kind, known)) if limit else None


def _closed(text: str, start: int, limit: int, kind: str, known: Known) -> Finds:
    parsed = read_rest(Rest(text, start, limit, kind, True, known.publishers)) if start < limit else None
    return parsed.finds if parsed else {}


def _marked_end(text: str, start: int, stop: int) -> tuple[int | None, int, Finds]:
    """Where the rest ends for sure, and the numbers and status behind it end; None without either."""
    bracket = text.find(" (", start - 1, stop)
    status = _STATUS.search(text, bracket, stop) if bracket >= 0 else None
    numbers = find_numbers(text, start - 1, status.start() if status else stop)
    if status and numbers and status.start() != numbers.end:
        status = None
    finds: Finds = dict(numbers.finds) if numbers else {}
    if status:
        finds["publication_status"] = found(text, *status.span("status"))
    if numbers:
        return numbers.start, status.end() if status else numbers.end, finds
    return (status.start(), status.end(), finds) if status else (None, stop, finds)


def _before_topic(text: str, start: int, stop: int, known: Known) -> int | None:
    """Behind the first stop that a known topic follows."""
    places = (text.find(f". {topic}", start, stop) for topic in known.topics)
    return min((at + 1 for at in places if at >= 0), default=None)


def _one_sentence(text: str, start: int, stop: int) -> int | None:
    """The end of what goes up to a link or the end of the text, where it is one sentence and perhaps pages."""
    pages = _ANY_PAGES.search(text, start, stop)
    end = pages.start() if pages else stop
    is_one = text.endswith(".", start, end) and not SENTENCE_END.search(text, start, end)
    return stop if is_one else None
