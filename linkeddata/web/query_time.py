"""The share of query time that each client has: so many seconds in a minute, cheap queries counted too.

A client may use its whole share at once; it comes back evenly. What a query took is known when it ends,
so a client may go below nothing, and then waits until it is above.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final

from linkeddata.errors import QueryBudgetSpent

_MINUTE: Final = 60.0
#: So many clients are remembered; who was forgotten begins with a whole share again.
_REMEMBERED: Final = 50_000


class QueryTime:
    """The shares of all clients; threads share them. `clock` gives seconds."""

    def __init__(self, share: float, *, clock: Callable[[], float] = monotonic, remembered: int = _REMEMBERED) -> None:
        """`share` is seconds of query time in a minute; 0 is any number."""
        self._share, self._clock, self._remembered = share, clock, remembered
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, client: str) -> None:
        """QueryBudgetSpent, with the seconds to wait, for a client that has used its share."""
        if not self._share:
            return
        with self._lock:
            left = self._now_left(client)
        if left <= 0:
            wait = math.floor(-left * _MINUTE / self._share) + 1
            raise QueryBudgetSpent(
                "You have used the %(share)s seconds of query time that one client has in a minute. "
                "Please wait %(wait)s seconds; all data are in the dump.",
                wait,
                share=f"{self._share:g}",
                wait=wait,
            )

    def charge(self, client: str, seconds: float) -> None:
        """Count what a query of a client took."""
        if not self._share:
            return
        with self._lock:
            self._left[client] = (self._now_left(client) - seconds, self._clock())
            self._left.move_to_end(client)
            if len(self._left) > self._remembered:
                self._left.popitem(last=False)

    def _now_left(self, client: str) -> float:
        now = self._clock()
        left, then = self._left.get(client, (self._share, now))
        return min(self._share, left + (now - then) * self._share / _MINUTE)
