"""The rest of a citation behind its title: journal, host book, thesis, report, by the type of the record.

Each reader gets the place where the rest begins and a limit. A closed rest ends at its limit; of an
open one the reader finds the end itself, or gives None where it cannot be known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from linkeddata.crosswalk.citation_pages import BEHIND, LABELLED, LAST, UNREADABLE, read_pages
from linkeddata.crosswalk.citation_text import Finds, ends_word, found

_VOLUME: Final = r"[A-Za-z]{0,3}[0-9][^\s,.():;]*|[IVXLCDM]+"
_NUMBER: Final = r"(?:: (?P<article_number>[^\s.,;]+(?:\.[^\s.,;]+)*))?\.(?= |$)"
#: What ends the name of a journal: a volume, or the number of an issue in brackets.
_JOURNAL_END: Final = re.compile(rf", (?P<volume>{_VOLUME})(?: \((?P<issue>[^()]{{1,60}})\))?{_NUMBER}")
_ISSUE: Final = re.compile(rf" \((?P<issue>[^()]{{0,60}}[0-9][^()]{{0,60}})\){_NUMBER}")
# What older versions print where there are no pages: it belongs to the citation, and is no page range.
_NUMBER_ALONE: Final = re.compile(r" [A-Za-z]{0,3}[0-9]{1,12}\.(?= |$)")
_LIKE_A_VOLUME: Final = re.compile(r", [A-Za-z]{0,3}[0-9]")
SENTENCE_END: Final = re.compile(r"[.?!] ")
_PLACE_AND_PAGES: Final = re.compile(r"(?:, [^.;]{1,80})?(?:[.,] pp?\. [^\s.]{1,40})?\.(?= |$)")
_THESIS: Final = re.compile(r"(?P<type>[A-Z][^\s,.;]{0,30}(?: [^\s,.;]{1,30}){0,3}) thesis, ")
# A stop behind these words is no end of a body's name.
_ABBREVIATED: Final = re.compile(r"\b(?:St|Ste|Mt|Ft|Univ|Inst|Dept|Fac|Sch|Coll|Tech|Sci|Dr|[A-Z])\Z")
_REPORT: Final = re.compile(
    r"(?P<type>Technical Report|Project Report|Documentation|Manual|Working Paper|Discussion Paper|Other)\.(?= |$)"
)
_IN: Final = "In: "
_LONGEST_NAME: Final = 300


class Rest(NamedTuple):
    """Where a rest is and what the record knows of it."""

    text: str
    start: int
    limit: int
    kind: str
    closed: bool
    publishers: Sequence[str]


class Parsed(NamedTuple):
    """Where a rest ends, what was found in it, and whether what follows is surely no part of it."""

    end: int
    finds: Finds
    sure: bool = True


Reader: TypeAlias = Callable[[Rest], Parsed | None]


def read_rest(rest: Rest) -> Parsed | None:
    """What the rest says; None where its end cannot be known."""
    return READERS.get(rest.kind, bracketed)(rest)


def article(rest: Rest) -> Parsed | None:
    """A journal, with volume, issue, the article's number and pages."""
    ending = _JOURNAL_END.search(rest.text, rest.start, rest.limit)
    if ending is None:
        return _journal_without_volume(rest)
    finds = _named(rest, rest.start, ending.start()) | _groups(ending)
    pages = BEHIND.match(rest.text, ending.end(), rest.limit)
    if pages and (pages.end() == rest.limit or not rest.closed):
        return Parsed(pages.end(), finds | read_pages(pages))
    if rest.closed:
        return Parsed(rest.limit, finds)
    alone = _NUMBER_ALONE.match(rest.text, ending.end(), rest.limit)
    end = (alone or ending).end()
    return Parsed(end, finds, sure=not rest.text.startswith(UNREADABLE, end))


def _journal_without_volume(rest: Rest) -> Parsed | None:
    """Where pages end the rest they are cut off first; what cannot be read as pages hides the name's end."""
    pattern = LAST if rest.closed else LABELLED
    pages = pattern.search(rest.text, rest.start, rest.limit)
    if pages is None and not rest.closed:
        return None
    end, finds = (pages.end(), read_pages(pages)) if pages else (rest.limit, {})
    stop = pages.start() + 1 if pages else rest.limit
    name = rest.text[rest.start : stop]
    if _hides_a_name(name, rest.publishers):
        return Parsed(end, finds)
    if issue := _last_issue(rest, stop):
        return Parsed(end, _named(rest, rest.start, issue.start()) | _groups(issue) | finds)
    return Parsed(end, _named(rest, rest.start, stop - name.endswith(".")) | finds)


def _hides_a_name(words: str, publishers: Sequence[str]) -> bool:
    """Whether words hold more, or something else, than the name of a journal: a book, numbers, a publisher."""
    if words.startswith(_IN) or any(label in words for label in UNREADABLE) or _LIKE_A_VOLUME.search(words):
        return True
    return any(f". {words}".endswith((f". {name}", f". {name}.")) for name in publishers)


def _last_issue(rest: Rest, stop: int) -> re.Match[str] | None:
    bracket = rest.text.rfind(" (", rest.start, stop)
    issue = _ISSUE.match(rest.text, bracket, stop) if bracket > rest.start else None
    return issue if issue and issue.end() == stop else None


def _groups(ending: re.Match[str]) -> Finds:
    """What the groups of a match caught, each group being called as its key is."""
    return {key: found(ending.string, *ending.span(key)) for key, words in ending.groupdict().items() if words}


def _named(rest: Rest, start: int, end: int) -> Finds:
    """The name of what a work stands in, where it can be one."""
    name = rest.text[start:end]
    is_name = any(map(str.isalpha, name)) and len(name) <= _LONGEST_NAME
    return {"container_title": found(rest.text, start, end)} if is_name else {}


def section(rest: Rest) -> Parsed | None:
    """A host book, with pages."""
    return _within(rest, "container_title")


def conference_item(rest: Rest) -> Parsed | None:
    """An event (its name, dates and place cannot be told apart), with pages."""
    return _within(rest, "event")


def _within(rest: Rest, key: str) -> Parsed | None:
    """What follows "In:" up to the publisher or the pages, where it is one sentence; of two the second is a series."""
    publisher = _find_publisher(rest)
    pages = LABELLED.search(rest.text, rest.start, rest.limit)
    if pages and rest.closed and pages.end() != rest.limit:
        pages = None
    finds = read_pages(pages) if pages else {}
    end = rest.limit if rest.closed else pages.end() if pages else publisher[1] if publisher else None
    if end is None:
        return None
    if rest.text.startswith(_IN, rest.start):
        stop = publisher[0] - 1 if publisher else pages.start() + 1 if pages else end
        finds |= _sentence(rest, key, stop)
    return Parsed(end, finds)


def _sentence(rest: Rest, key: str, stop: int) -> Finds:
    start = rest.start + len(_IN)
    stop -= rest.text.endswith((".", ","), start, stop)
    if stop <= start or stop - start > _LONGEST_NAME or SENTENCE_END.search(rest.text, start, stop):
        return {}
    return {key: found(rest.text, start, stop)}


def book(rest: Rest) -> Parsed | None:
    """A publisher and a place, which the fields have; only the end is of interest."""
    return _behind_publisher(rest, {})


def report(rest: Rest) -> Parsed | None:
    """The kind of report, and the publisher."""
    kind = _REPORT.match(rest.text, rest.start, rest.limit)
    finds = {"monograph_type": found(rest.text, *kind.span("type"))} if kind else {}
    behind = _behind_publisher(rest, finds)
    return behind or (Parsed(kind.end(), finds, sure=kind.end() == rest.limit) if kind else None)


def _behind_publisher(rest: Rest, finds: Finds) -> Parsed | None:
    publisher = None if rest.closed else _find_publisher(rest)
    if publisher is None and not rest.closed:
        return None
    return Parsed(publisher[1] if publisher else rest.limit, finds)


def _find_publisher(rest: Rest) -> tuple[int, int] | None:
    """Where a known publisher begins, and where its place and pages end; behind a stop or at the beginning."""
    for name in rest.publishers:
        at = rest.text.find(name, rest.start, rest.limit)
        while at >= 0:
            if at == rest.start or rest.text[at - 2 : at] in (". ", "? ", "! "):
                end = _publisher_end(rest, at + len(name), name)
                if end is not None:
                    return at, end
            at = rest.text.find(name, at + 1, rest.limit)
    return None


def _publisher_end(rest: Rest, at: int, name: str) -> int | None:
    ending = _PLACE_AND_PAGES.match(rest.text, at, rest.limit)
    if ending:
        return ending.end()
    return at if name.endswith(".") and ends_word(rest.text, at) else None


def thesis(rest: Rest) -> Parsed | None:
    """The kind of thesis, and the body that granted the degree."""
    kind = _THESIS.match(rest.text, rest.start, rest.limit)
    stop = _body_end(rest, kind.end()) if kind else None
    if kind is None or stop is None:
        return Parsed(rest.limit, {}) if rest.closed else None
    finds = {
        "thesis_type": found(rest.text, *kind.span("type")),
        "thesis_institution": found(rest.text, kind.end(), stop),
    }
    return Parsed(rest.limit if rest.closed else stop + 1, finds)


def _body_end(rest: Rest, start: int) -> int | None:
    """The stop that ends the name of a body, and not an abbreviation within it."""
    stop = rest.text.find(".", start, rest.limit)
    while stop >= 0:
        is_end = stop + 1 == rest.limit or ends_word(rest.text, stop + 1)
        if is_end and not _ABBREVIATED.search(rest.text, max(start, stop - 5), stop):
            return stop if start < stop <= start + _LONGEST_NAME else None
        stop = rest.text.find(".", stop + 1, rest.limit)
    return None


def bracketed(rest: Rest) -> Parsed | None:
    """Types without a pattern of their own: the type in square brackets."""
    words = f"[{rest.kind}]"
    end = rest.start + len(words)
    if rest.text.startswith(words, rest.start) and ends_word(rest.text, end):
        return Parsed(end, {})
    return Parsed(rest.limit, {}) if rest.closed else None


READERS: Final[dict[str, Reader]] = {
    "Article": article,
    "Book Section": section,
    "Book": book,
    "Monograph": report,
    "Thesis": thesis,
    "Conference or Workshop Item": conference_item,
}
