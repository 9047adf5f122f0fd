"""What a run did: the account that every load and update ends with, in words and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from linkeddata.record import Refusal

MAPPED: Final = "mapped"
UNKNOWN: Final = "unknown"
_SHOWN = 20


@dataclass
class Report:
    """What a run did. `edition` is None when there was nothing to publish.

    `values_refused` counts values by field and reason, `fields` records by field and its fate: "mapped",
    "unknown", or the reason for which it is left out on purpose.
    """

    edition: int | None = None
    read: int = 0
    published: int = 0
    withdrawn: int = 0
    deletions: int = 0
    superseded: list[Refusal] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    values_refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    statements: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    rehearsed: bool = False
    mapping: str = ""

    def lines(self) -> Iterator[str]:
        """The report in words; of each list the first twenty."""
        yield (
            f"read {self.read}: published {self.published}, read again {len(self.superseded)}, "
            f"refused {len(self.refused)}, deletions {self.deletions} (withdrew {self.withdrawn})"
        )
        yield from _first("refused", list(map(str, self.refused)))
        yield from _first("read more than once, the newest being published", list(map(str, self.superseded)))
        values = [f"{name}: {reason} ({count})" for (name, reason), count in self.values_refused.most_common()]
        yield from _first("values left out", values)
        yield from _first("unknown fields", self._of_fate(UNKNOWN))
        yield from _first("fields mapped, and in how many records", self._of_fate(MAPPED))
        if self.rehearsed:
            yield "nothing was written: this was a rehearsal, which does not tell versions of one record apart"
        elif self.edition is None:
            yield "nothing was published; what was served before is served still"
        else:
            times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())
            yield f"edition {self.edition}: {self.statements} statements by mapping {self.mapping} ({times})"

    def _of_fate(self, fate: str) -> list[str]:
        return [f"{name} ({count})" for (name, is_), count in self.fields.most_common() if is_ == fate]

    def as_json(self) -> dict[str, object]:
        """The whole report for programs."""
        values = [
            {"field": name, "reason": reason, "count": count}
            for (name, reason), count in self.values_refused.most_common()
        ]
        fields = [{"field": name, "fate": fate, "records": n} for (name, fate), n in self.fields.most_common()]
        return {
            "edition": self.edition, "mapping": self.mapping, "read": self.read, "published": self.published,
            "withdrawn": self.withdrawn, "deletions": self.deletions,
            "refused": [_told(refusal) for refusal in self.refused],
            "superseded": [_told(refusal) for refusal in self.superseded],
            "values_left_out": values, "fields": fields,
            "statements": self.statements, "seconds": self.seconds,
        }  # fmt: skip


def _told(refusal: Refusal) -> dict[str, str | None]:
    return {"place": refusal.place, "id": refusal.id, "reason": refusal.reason}


def _first(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{heading}:"
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN} more"
