"""What the fields of a record say that its text says too: the marks by which the text is read."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from linkeddata.crosswalk.citation_text import one_line
from linkeddata.crosswalk.text import is_absent
from linkeddata.record import Record

_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
# Each of these is looked for in the whole text, so there must be an end to them.
_MOST: Final = 100
_TITLES: Final = ("title", "title_full", "title_short")


class Known(NamedTuple):
    """The values of a record's fields, normalised as its text is."""

    record: Record
    id: str
    title: str
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    descriptions: tuple[str, ...]
    publishers: tuple[str, ...]
    formats: tuple[str, ...]
    years: frozenset[str]
    hosts: frozenset[str]

    @property
    def stop(self) -> str:
        """The full stop that a citation sets behind the title, where the title has no end mark of its own."""
        return "" if self.title.endswith((".", "?", "!")) else "."

    @property
    def topics(self) -> list[str]:
        """The topics, which are asked for by few texts, and read then."""
        return [topic for topic in _lines(self.record, "topic")[:_MOST] if not is_absent(topic)]

    def agrees(self, year: str) -> bool:
        """Whether the record's publication date allows a year; without a date it allows any."""
        return not self.years or year in self.years


def known(record: Record) -> Known:
    """What a record's fields say."""
    return Known(
        record=record,
        id=one_line(record.id),
        title=_title(record),
        authors=_lines(record, "author"),
        editors=_lines(record, "author2"),
        descriptions=_lines(record, "description"),
        publishers=_lines(record, "publisher")[:_MOST],
        formats=_lines(record, "format"),
        years=frozenset([year for value in record.fields.get("publishDate", ()) for year in _YEAR.findall(value)]),
        hosts=frozenset(map(host_of, set(record.fields.get("url", ())))),
    )


def host_of(url: str) -> str:
    """The host that an http or https URL names, in lower case; empty for anything else.

    >>> host_of("https://EPrints.example.ac.uk/1/"), host_of("doi:10.5555/x")
    ('eprints.example.ac.uk', '')
    """
    scheme, mark, rest = url.strip().partition("://")
    return rest.partition("/")[0].lower() if mark and scheme.lower() in ("http", "https") else ""


def _lines(record: Record, name: str) -> tuple[str, ...]:
    values = record.fields.get(name)
    return tuple(filter(None, map(one_line, values))) if values else ()


def _title(record: Record) -> str:
    for name in _TITLES:
        if titles := _lines(record, name):
            return titles[0]
    return ""
