"""What passes between who asks a query and who answers it: wishes beside the query, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Answer:
    """A whole answer; `truncated` says that it was cut at a bound, `rows` counts rows or statements (not for ASK)."""

    body: bytes
    truncated: bool
    rows: int | None
    seconds: float


@dataclass(frozen=True)
class Wish:
    """What an asker may say beside the query: less time or fewer rows than allowed, and the limit to name in an answer.

    `notice` is a URI where the limits are explained; answers in JSON and XML that were cut link to it.
    """

    seconds: float | None = None
    rows: int | None = None
    notice: str | None = None


def _never() -> bool:
    return False


def _free_of_charge(_: float) -> None:
    return None


@dataclass(frozen=True)
class Asker:
    """Who asks: `cancelled` is asked ten times a second whether nobody waits any longer, and then the query is ended;
    `charged` is told the seconds for which it had a process, however it came out."""

    cancelled: Callable[[], bool] = _never
    charged: Callable[[float], None] = _free_of_charge


@dataclass(frozen=True)
class Standing:
    """How it stands with those who answer queries: how many can run, run and wait now, and how many processes were
    replaced so far, those `ended` at a limit or dead by themselves and those `spent` in good order."""

    places: int = 0
    running: int = 0
    waiting: int = 0
    ended: int = 0
    spent: int = 0


NO_WISH: Final = Wish()
SOMEBODY: Final = Asker()
