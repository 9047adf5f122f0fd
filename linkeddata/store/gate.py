"""How many queries are under way at once at a server of somebody else, and who waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from linkeddata.errors import QueryQueueFull, QueryTooCostly
from linkeddata.store.asking import Standing
from linkeddata.store.limits import Limits

_LOOK_SECONDS: Final = 0.1


@dataclass(slots=True)
class Stay:
    """How many seconds a query goes on in the server when nobody listens any more."""

    seconds: float = 0.0


class Gate:
    """`size` queries of any kind at once, and one more that is only a look-up."""

    def __init__(self, size: int, limits: Limits) -> None:
        self._size, self._limits = size, limits
        self._within = self._waiting = 0
        self._freed = threading.Condition()

    @contextmanager
    def passed(self, *, look_up: bool, cancelled: Callable[[], bool]) -> Iterator[Stay]:
        """Within the block the query is one of those under way, and as long as its stay says after it.

        QueryQueueFull where there is no room soon.
        """
        self._enter(self._size + look_up, cancelled, patient=look_up)
        stay = Stay()
        try:
            yield stay
        finally:
            if stay.seconds > 0:
                later = threading.Timer(stay.seconds, self._leave)
                later.daemon = True
                later.start()
            else:
                self._leave()

    def standing(self) -> Standing:
        """How many queries are under way, and how many wait."""
        return Standing(self._size, self._within, self._waiting)

    def _leave(self) -> None:
        with self._freed:
            self._within -= 1
            self._freed.notify_all()

    def _enter(self, room: int, cancelled: Callable[[], bool], *, patient: bool) -> None:
        deadline = time.monotonic() + self._limits.queue_seconds
        with self._freed:
            # Look-ups move on at once; the others must not take up every thread of the web with waiting.
            if self._within >= room and self._waiting >= self._limits.queue_length and not patient:
                raise QueryQueueFull("Too many queries are waiting; try again in a moment.")
            self._waiting += 1
            try:
                while self._within >= room:
                    if time.monotonic() >= deadline:
                        raise QueryQueueFull("Too many queries are under way; try again in a moment.")
                    if cancelled():
                        raise QueryTooCostly(
                            "The query was given up because nobody waited for its answer.", "abandoned"
                        )
                    self._freed.wait(_LOOK_SECONDS)
            finally:
                self._waiting -= 1
            self._within += 1
