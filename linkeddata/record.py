"""What a source yields: a record to publish, a deletion, or a refusal; or a document that says so when it is read.

Nothing is interpreted here: field names are the source's own, every value is text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

#: As many as the greatest 64-bit number has, which Solr's lock number is.
_DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a source.

    `id` is taken verbatim; `fields` maps each field name to its values as text, in the source's
    order, an empty text standing where a value was none; `datestamp` is the source's own time of
    change (ISO 8601) where it states one outside the fields; `place` says where it was read
    (`file:line`), for messages only; `source` is the name of the source, where it has one.
    """

    id: str
    fields: Mapping[str, Sequence[str]]
    datestamp: str | None = None
    place: str = field(default="", compare=False)
    source: str = ""


def standing(record: Record, priority: int = 0) -> str:
    """A text that tells which of several records of one id is published: the one with the greater text.

    The `priority` of its source (0 to 9999) decides first, so two sources that use the same id never
    take turns; then age: Solr's lock number, then `last_indexed` or the source's own time of change.
    Records of equal standing are for the caller to tell apart, by what does not depend on their order.

    >>> standing(Record("a", {}, "2025-01-02"), 1) > standing(Record("a", {"_version_": ["9"]}))
    True
    """
    version = _first(record, "_version_")
    number = int(version) if version.isdecimal() and version.isascii() and len(version) <= _DIGITS else 0
    dated = _first(record, "last_indexed") or record.datestamp or ""
    return f"{min(max(priority, 0), 9999):04d} {number:0{_DIGITS}d} {dated}"


def _first(record: Record, name: str) -> str:
    return next(filter(None, record.fields.get(name, ())), "")


@dataclass(frozen=True, slots=True)
class Deletion:
    """The source says that the record `id` is no more; `successor` is the id that took its place, where one did;
    empty says that none did, though one was named before.

    `source` as in `Record`; where it is empty, the deletion is meant for every source that has the id.
    """

    id: str
    datestamp: str | None = None
    place: str = field(default="", compare=False)
    source: str = ""
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """The source says that it holds the record `id`, and nothing more: it need not be withdrawn."""

    id: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not published: where it stood, whose it was (if known), and why."""

    place: str
    reason: str
    id: str | None = None
    source: str = ""

    def __str__(self) -> str:
        whose = f" (id {self.id!r})" if self.id is not None else ""
        return f"{self.place}: {self.reason}{whose}"


Reading = Record | Deletion | Presence | Refusal


class Unread(NamedTuple):
    """A document as it was cut out of a source, which is read by whoever needs what it says, in any process.

    `read` gives the readings of a `text`, when it is told the `place` of it, and must be picklable. `source` as in
    `Record`, for all of them; where it is empty, they may name one themselves.
    """

    text: bytes
    place: str
    read: Callable[[bytes, str], Iterable[Reading]]
    source: str = ""

    def readings(self) -> Iterator[Reading]:
        """What it says: as a rule a record, but it may be any number of readings."""
        for reading in self.read(self.text, self.place):
            yield replace(reading, source=self.source) if self.source else reading


#: What sources bring: what was read, and what is still to be.
Brought = Reading | Unread


def readings_of(brought: Iterable[Brought]) -> Iterator[Reading]:
    """The readings of all, in order."""
    for each in brought:
        if isinstance(each, Unread):
            yield from each.readings()
        else:
            yield each


def of_source(brought: Brought, source: str) -> Brought:
    """The same, of a source by this name."""
    return brought._replace(source=source) if isinstance(brought, Unread) else replace(brought, source=source)


def encodable(text: str) -> str:
    r"""A text as UTF-8 can carry it, for reports: half a surrogate pair is escaped, which names of fields (RFC 8259,
    section 8.2) and of files may hold.

    >>> encodable("a\ud800b") == "a\\ud800b"
    True
    """
    return text.encode("utf-8", "backslashreplace").decode()
