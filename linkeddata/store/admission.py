"""Who may go on: places for queries that run long, and those that were ended a moment ago."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from linkeddata.errors import QueryTooCostly, marked

#: What is said of a query that came to the end of its time: of all that it may have, or of what it asked for.
LATE: Final = marked(
    "The query was ended at the time limit of %(seconds)s seconds. "
    "Fewer patterns, a smaller part of the data or no sorting may help."
)
AS_ASKED: Final = marked("The query was ended after %(seconds)s seconds, as it asked for.")
AGAIN: Final = marked("%(why)s It is not tried again within %(seconds)s seconds.")
_REMEMBERED: Final = 1_000


class LongPlaces:
    """So many queries may run long at the same time; threads share them."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    @contextlib.contextmanager
    def one(self) -> Iterator[Callable[[], bool]]:
        """A function that takes a place for the rest of the block; it says whether there was one."""
        held = False

        def take() -> bool:
            nonlocal held
            held = held or self._free.acquire(blocking=False)
            return held

        try:
            yield take
        finally:
            if held:
                self._free.release()


class Stopped:
    """Queries that were ended a moment ago, so that asking again at once costs nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[bytes, tuple[float, QueryTooCostly]] = {}
        self._lock = threading.Lock()

    def refuse(self, text: str) -> None:
        """QueryTooCostly for a query that is remembered."""
        with self._lock:
            until, why = self._known.get(_digest(text), (0.0, None))
        if time.monotonic() < until:
            raise QueryTooCostly(AGAIN, "repeated", why=why, seconds=f"{self._seconds:g}")

    def remember(self, text: str, why: QueryTooCostly) -> None:
        """Keep a query in mind, with an error that was not raised, and forget the oldest when there are many."""
        with self._lock:
            self._known.pop(_digest(text), None)
            self._known[_digest(text)] = (time.monotonic() + self._seconds, why)
            while len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
