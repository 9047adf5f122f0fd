"""Who may go on: places for queries that run long, and those that were ended a moment ago."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from linkeddata.errors import QueryQueueFull, QueryTooCostly, marked
from linkeddata.store.limits import Limits

#: What is said of a query that came to the end of its time: of all that it may have, or of what it asked for.
LATE: Final = marked(
    "The query was ended at the time limit of %(seconds)s seconds. "
    "Fewer patterns, a smaller part of the data or no sorting may help."
)
AS_ASKED: Final = marked("The query was ended after %(seconds)s seconds, as it asked for.")
AGAIN: Final = marked("%(why)s It is not tried again within %(seconds)s seconds.")
CROWDED: Final = marked("All places for long queries are taken; try again in a moment.")
_REMEMBERED: Final = 1_000
_LOOK_SECONDS: Final = 0.1


class LongPlaces:
    """So many queries may run long at the same time; threads share them.

    A query that ran long before is known: what it would use up until that shows again would be for nothing where
    there is no place, so it waits for one before it begins.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._free = threading.BoundedSemaphore(limits.long_queries)
        self._waiting = threading.BoundedSemaphore(limits.queue_length)
        self._known: dict[bytes, None] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def one(self, text: str, cancelled: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
        """A function to be called when the query runs long: it takes a place for the rest of the block, and says
        whether there is one. QueryQueueFull where the query is known, and no place gets free soon."""
        digest = _digest(text)
        held, long = digest in self._known and self._await(cancelled), False

        def take() -> bool:
            nonlocal held, long
            held, long = held or self._free.acquire(blocking=False), True
            return held

        try:
            yield take
        finally:
            self._note(digest, long)
            if held:
                self._free.release()

    def _await(self, cancelled: Callable[[], bool]) -> bool:
        """Take a place, soon."""
        deadline = time.monotonic() + self._limits.queue_seconds
        if not self._waiting.acquire(blocking=False):
            raise QueryQueueFull(CROWDED)
        try:
            while not self._free.acquire(timeout=_LOOK_SECONDS):
                if cancelled():
                    raise QueryTooCostly("The query was given up because nobody waited for its answer.", "abandoned")
                if time.monotonic() >= deadline:
                    raise QueryQueueFull(CROWDED)
        finally:
            self._waiting.release()
        return True

    def _note(self, digest: bytes, long: bool) -> None:
        with self._lock:
            self._known.pop(digest, None)
            if long:
                self._known[digest] = None
            while len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]


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
