"""Which of the versions of one id is published: the rule of the register, for those who have no register.

What is read of an id is taken in the order in which it was read; `RegisterWriter.put` and `withdraw` of the
catalogue do the same with rows of a table. As only deletions depend on that order, records alone may come in any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from linkeddata.record import Deletion, Refusal

#: Why a version is not published that could be.
LOST: Final = "of this id a newer record, or an equal one, is published"
#: Where something was read: the path of the file, the line, and which of the readings of a line.
Order: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it was read: what tells its age, where it stood, and what is kept of it.

    `earlier` ones were there before the run: what the run reads of their source takes their place, whatever its age.
    """

    order: Order
    source: str
    age: str
    source_hash: bytes
    place: str
    frame: bytes
    earlier: bool = False

    @property
    def standing(self) -> tuple[str, bytes]:
        """As in the register: the greater one is published."""
        return self.age, self.source_hash


Event: TypeAlias = Version | Deletion | Refusal


@dataclass(slots=True)
class Settled:
    """What comes of all that was read of one id.

    `kept` holds one version a source; `losers` those that were not the newest, each with the place in the order at
    which that was known; `successor` is the id that took the place of a withdrawn one.
    """

    kept: dict[str, Version] = field(default_factory=dict)
    losers: list[tuple[Order, Version]] = field(default_factory=list)
    successor: str | None = None
    _refused: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Settled:
        """What comes of events in their order."""
        settled = cls()
        for event in events:
            if isinstance(event, Version):
                settled._put(event)
            elif isinstance(event, Deletion):
                settled._withdraw(event)
            else:
                settled._refused.add(event.source)
        settled._give_way()
        return settled

    @property
    def served(self) -> Version | None:
        """The version that is published."""
        return max(self.kept.values(), key=lambda version: version.standing, default=None)

    def _put(self, new: Version) -> None:
        before, same = self.served, self._same(new)
        again = same is not None and not same.earlier and not new.earlier
        if same and again and same.standing >= new.standing:
            self.losers.append((new.order, new))
            return
        if same:
            del self.kept[same.source]
        is_served = all(other.standing < new.standing for other in self.kept.values())
        self.kept[new.source] = new
        loser = (same if again else _other(before, new)) if is_served else new
        if loser and not new.earlier:
            self.losers.append((new.order, loser))

    def _same(self, new: Version) -> Version | None:
        """The version that gives way to another of its source; one of no named source, left by an earlier run, to
        whichever source names it next."""
        found, unnamed = self.kept.get(new.source), self.kept.get("")
        return found or (unnamed if unnamed and unnamed.earlier and not new.earlier else None)

    def _withdraw(self, deletion: Deletion) -> None:
        if deletion.source:
            self.kept.pop(deletion.source, None)
        else:
            self.kept.clear()
        self.successor = deletion.successor or self.successor

    def _give_way(self) -> None:
        """What an earlier run left, and cannot be published as it is now, is not true any more."""
        for source in self._refused:
            if source in self.kept and self.kept[source].earlier:
                del self.kept[source]


def _other(before: Version | None, new: Version) -> Version | None:
    return before if before and before.source != new.source else None
