"""A work for a list of references: one ready sentence, and the tags that Google Scholar reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linkeddata.representations.appearance import Appearance, pages_said
from linkeddata.representations.described import volume_and_issue
from linkeddata.wording import Wording

_NAMED_IN_FULL = 10
_NAMED_BEFORE_ET_AL = 9


@dataclass(frozen=True, slots=True)
class Citation:
    """The sentence in three pieces, because the middle one, the journal or book, stands in italics."""

    before: str
    container: str
    after: str

    @property
    def sentence(self) -> str:
        return self.before + self.container + self.after


@dataclass(frozen=True, slots=True)
class Venue:
    """What tags say of works that are no articles: whether it is a conference's, which body accepted a thesis or
    issued a report, and the address of its PDF, which counts only on the site of the page."""

    is_conference: bool = False
    thesis_at: str = ""
    report_by: str = ""
    pdf: str = ""


def citation(names: Sequence[str], title: str, seen: Appearance, *, link: str) -> Citation:
    """`Names (year) Title. Container, volume (issue), pp. pages. link`; what is not known is left out."""
    words = seen.words
    who = f"{_joined(names, words)} " if names else ""
    stop = "" if title.endswith((".", "?", "!")) else "."
    year = seen.year or words.say("no date")
    before = f"{who}({year}) {title}{stop} "
    if seen.container is None:
        publisher = ", ".join(text.value for text in seen.publishers)
        return Citation(before + (f"{publisher}. " if publisher else "") + link, "", "")
    numbers = volume_and_issue(seen.volume, seen.issue, words)
    parts = "".join(f", {part}" for part in (numbers, _pages(seen)) if part)
    return Citation(
        before + ("" if seen.in_journal else words.say("In:") + " "), seen.container.value, f"{parts}. {link}"
    )


def highwire(
    names: Sequence[str], title: str, seen: Appearance, *, doi: str, keywords: Sequence[str], venue: Venue, page: str
) -> tuple[tuple[str, str], ...]:
    """The `citation_…` tags of a scholarly work: name and content, empty ones left out.

    They hold names as the source writes them, each in a tag of its own in the source's order, and a date no more
    precise than the source's (Google Scholar, Inclusion Guidelines for Webmasters, "Indexing").
    """
    date = (seen.date.moment or "") if seen.date else ""
    tags = {
        "title": [title],
        "author": names,
        "publication_date": [date[:10].replace("-", "/")],
        **_placed(seen, venue),
        "volume": [seen.volume],
        "issue": [seen.issue],
        "firstpage": [seen.first_page],
        "lastpage": [seen.last_page],
        "issn": seen.issns,
        "isbn": seen.isbns,
        "doi": [doi],
        "keywords": keywords,
        "abstract_html_url": [page],
        "pdf_url": [venue.pdf],
    }
    return tuple(_filled(tags))


def _placed(seen: Appearance, venue: Venue) -> dict[str, Sequence[str]]:
    """Where the work appeared, by the tag for its kind; at most one of them holds something."""
    container = seen.container.value if seen.container else ""
    return {
        "journal_title": [container if seen.in_journal else ""],
        "conference_title": [container if venue.is_conference and not seen.in_journal else ""],
        "dissertation_institution": [venue.thesis_at],
        "technical_report_institution": [venue.report_by],
        "technical_report_number": [seen.article if venue.report_by else ""],
    }


def _filled(tags: dict[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    return ((f"citation_{name}", value) for name, values in tags.items() for value in values if value)


def _joined(names: Sequence[str], words: Wording) -> str:
    if len(names) > _NAMED_IN_FULL:
        return words.say("%(names)s et al.", names=", ".join(names[:_NAMED_BEFORE_ET_AL]))
    *first, last = names
    return words.say("%(names)s and %(last)s", names=", ".join(first), last=last) if first else last


def _pages(seen: Appearance) -> str:
    if seen.article:
        return seen.words.say("article %(number)s", number=seen.article)
    return pages_said(seen.pages, seen.words) if seen.pages else ""
