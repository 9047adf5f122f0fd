"""What a source yields: a record to publish, a deletion, or a refusal.

Nothing is interpreted here: field names are the source's own, every value is text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a source.

    `id` is taken verbatim; `fields` maps each field name to its values as text, in the source's
    order, an empty text standing where a value was none; `datestamp` is the source's own time of
    change (ISO 8601) where it states one outside the fields; `place` says where it was read
    (`file:line`), for messages only.
    """

    id: str
    fields: Mapping[str, Sequence[str]]
    datestamp: str | None = None
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Deletion:
    """The source says that the record `id` is no more."""

    id: str
    datestamp: str | None = None
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not published: where it stood, whose it was (if known), and why."""

    place: str
    reason: str
    id: str | None = None

    def __str__(self) -> str:
        whose = f" (id {self.id!r})" if self.id is not None else ""
        return f"{self.place}: {self.reason}{whose}"


Reading = Record | Deletion | Refusal
