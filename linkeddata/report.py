"""What a run did: the account that every load and update ends with, in words and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from linkeddata.record import Deletion, Refusal, encodable

T = TypeVar("T")

MAPPED: Final = "mapped"
UNKNOWN: Final = "unknown"
_SHOWN = 20
#: A report must not grow with what a broken source, or a hostile one, comes up with.
_COUNTED: Final = ("read", "deletions", "refusals", "repeats")
_MOST_LISTED, _MOST_COUNTED = 100_000, 10_000


@dataclass
class Report:
    """What a run did. `edition` is None when none was issued; `revised` tells an update from a load.

    `read` counts what the sources gave; `new`, `changed` and `withdrawn` count records against the edition
    served before, `unchanged` those that a load gives as they were, or that an update did not even translate;
    `published` is how many there are now.
    `refusals` and `repeats` count what was refused, and read more than once; of each, `refused` and `superseded`
    list the first hundred thousand.
    `values_refused` counts values by field and reason, `fields` records by field and its fate: "mapped",
    "unknown", or the reason for which it is left out on purpose; `mined` counts statements by rule.
    `unfetched` are ids that a source was seen to hold, and of which it gave no record since its mark.
    `shortfalls` are sources that did not give all that they said they have, and are asked for it again.
    `failures` are sources that counted for nothing, and why. `folder` is what was made instead of an edition, and
    `differs` how many statements came and went since an earlier one.
    """

    edition: int | None = None
    read: int = 0
    published: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    deletions: int = 0
    repeats: int = 0
    superseded: list[Refusal] = field(default_factory=list)
    refusals: int = 0
    refused: list[Refusal] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    unfetched: list[str] = field(default_factory=list)
    shortfalls: list[str] = field(default_factory=list)
    values_refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    mined: Counter[str] = field(default_factory=Counter)
    statements: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    rehearsed: bool = False
    revised: bool = False
    mapping: str = ""
    folder: str = ""
    differs: tuple[int, int] | None = None

    def count(
        self,
        outcomes: Iterable[object],
        values_refused: Counter[tuple[str, str]],
        fields: Counter[tuple[str, str]],
        mined: Counter[str],
    ) -> None:
        """Add what came of a batch."""
        for outcome in outcomes:
            self.read += 1
            self.deletions += isinstance(outcome, Deletion)
            if isinstance(outcome, Refusal):
                self.refusals += 1
                _list(self.refused, [outcome])
        _add(self.values_refused, values_refused, ("other fields", "for various reasons"))
        _add(self.fields, fields, ("other fields", UNKNOWN))
        self.mined.update(mined)

    def repeat(self, loser: Refusal) -> None:
        """Note what was read, and was not the newest of its id."""
        self.repeats += 1
        _list(self.superseded, [loser])

    def add(self, other: Report) -> None:
        """Add what another part of the run did."""
        self.count((), other.values_refused, other.fields, other.mined)
        self.read += other.read
        self.unchanged += other.unchanged
        self.deletions += other.deletions
        self.repeats += other.repeats
        self.refusals += other.refusals
        _list(self.superseded, other.superseded)
        _list(self.refused, other.refused)
        self.shortfalls += other.shortfalls
        _list(self.unfetched, other.unfetched)

    def account(self, counts: Mapping[str, int], published: int) -> None:
        """Note how what is to be served differs from what was served (`new`, `changed`, `withdrawn`)."""
        self.new, self.changed, self.withdrawn = (counts[name] for name in ("new", "changed", "withdrawn"))
        self.published = published
        if not self.revised:
            self.unchanged = published - self.new - self.changed

    def lines(self) -> Iterator[str]:
        """The report in words; of each list the first twenty."""
        yield self._counts()
        yield from _first("refused", list(map(str, self.refused[:_SHOWN])), self.refusals)
        repeats = list(map(str, self.superseded[:_SHOWN]))
        yield from _first("read more than once, the newest being published", repeats, self.repeats)
        yield from _first("held by the source and not published here, --all asks for them again", self.unfetched)
        values = [f"{name}: {reason} ({count})" for (name, reason), count in _ranked(self.values_refused)]
        yield from _first("values left out", values)
        yield from _first("unknown fields", self._of_fate(UNKNOWN))
        yield from _first("fields mapped, and in how many records", self._of_fate(MAPPED))
        yield from _first("statements mined, by rule", [f"{rule} ({n})" for rule, n in sorted(self.mined.items())])
        yield from _first("not all was given, the next run asks again", self.shortfalls)
        yield from _first("left out as a whole", list(map(str, self.failures)))
        yield self._ending()

    def _counts(self) -> str:
        """What was read and what came of it; a folder is compared with nothing that is served."""
        against = "" if self.folder else f"new {self.new}, changed {self.changed}, unchanged {self.unchanged}, "
        came = f"withdrew {self.withdrawn}; published {self.published}"
        return (
            f"read {self.read}: {against}read again {self.repeats}, refused {self.refusals}, "
            f"deletions {self.deletions}; {f'the folder holds {self.published} records' if self.folder else came}"
        )

    def _ending(self) -> str:
        if self.rehearsed:
            # What was held against the edition that is served went into a draft, which has one version of each.
            compared = self.revised or self.new + self.changed + self.unchanged > 0
            versions = "" if compared else ", which does not tell versions of one record apart"
            return f"nothing was written: this was a rehearsal{versions}"
        times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())
        if self.folder:
            differs = ", of which {} are new, and {} have gone".format(*self.differs) if self.differs else ""
            return f"{self.folder}: {self.statements} statements by mapping {self.mapping}{differs} ({times})"
        if self.edition is None:
            none = self.revised and not self.published
            return (
                f"{self._why_nothing()}; {'there are no records' if none else 'what was served before is served still'}"
            )
        return f"edition {self.edition}: {self.statements} statements by mapping {self.mapping} ({times})"

    def _why_nothing(self) -> str:
        if self.revised:
            return "nothing was published" if self.failures else "nothing has changed"
        return "no record could be published" if self.read else "there was no record to read"

    def _of_fate(self, fate: str) -> list[str]:
        return [f"{name} ({count})" for (name, is_), count in _ranked(self.fields) if is_ == fate]

    def as_json(self) -> dict[str, object]:
        """The whole report for programs."""
        values = [
            {"field": encodable(name), "reason": reason, "count": count}
            for (name, reason), count in _ranked(self.values_refused)
        ]
        fields = [{"field": encodable(name), "fate": fate, "records": n} for (name, fate), n in _ranked(self.fields)]
        return {
            "edition": self.edition, "mapping": self.mapping, "read": self.read, "published": self.published,
            "new": self.new, "changed": self.changed, "unchanged": self.unchanged,
            "withdrawn": self.withdrawn, "deletions": self.deletions,
            "refusals": self.refusals, "repeats": self.repeats,
            "refused": [_told(refusal) for refusal in self.refused],
            "superseded": [_told(refusal) for refusal in self.superseded],
            "unfetched": self.unfetched,
            "shortfalls": self.shortfalls,
            "failures": [encodable(str(failure)) for failure in self.failures],
            "values_left_out": values, "fields": fields, "mined": dict(sorted(self.mined.items())),
            "statements": self.statements, "seconds": self.seconds,
        }  # fmt: skip


def report_of(told: Mapping[str, Any]) -> Report:
    """The report of what was read elsewhere, from its `as_json`; what was published is not told."""
    report = Report(mapping=told["mapping"], **{name: told[name] for name in _COUNTED})
    report.refused, report.superseded = (
        [Refusal(each["place"], each["reason"], each["id"]) for each in told[name]]
        for name in ("refused", "superseded")
    )
    report.values_refused.update({(each["field"], each["reason"]): each["count"] for each in told["values_left_out"]})
    report.fields.update({(each["field"], each["fate"]): each["records"] for each in told["fields"]})
    report.mined.update(told["mined"])
    return report


def _told(refusal: Refusal) -> dict[str, str | None]:
    return {"place": encodable(refusal.place), "id": refusal.id, "reason": encodable(refusal.reason)}


def _first(heading: str, lines: list[str], count: int | None = None) -> Iterator[str]:
    if lines:
        yield f"{heading}:"
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if (more := (count or len(lines)) - _SHOWN) > 0:
            yield f"  and {more} more"


def _ranked(counts: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    """The most frequent first, those of equal number by name, so that it does not matter what came first."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _list(known: list[T], more: list[T]) -> None:
    known += more[: max(_MOST_LISTED - len(known), 0)]


def _add(known: Counter[tuple[str, str]], more: Counter[tuple[str, str]], beyond: tuple[str, str]) -> None:
    """Add counts; of more than so many different things the rest is counted together."""
    for key, count in more.items():
        known[key if key in known or len(known) < _MOST_COUNTED else beyond] += count
