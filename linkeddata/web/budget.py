"""A budget of requests for each client, so that one cannot take the service from all others.

A token bucket: a client may send a burst at once, and then so many a second. Who a client is comes from
the connection, or from the header that the operator's own proxies write, never from what a client writes.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import Final
from wsgiref.types import WSGIEnvironment

from flask import Response, request

from linkeddata.errors import RequestMistaken
from linkeddata.web import answers
from linkeddata.web.problems import problem
from linkeddata.wording import marked

#: Where the door writes how many seconds the client of a request must wait.
WAIT: Final = "linkeddata.wait"
#: So many clients are remembered; who was forgotten begins with a whole burst again.
_REMEMBERED: Final = 50_000
#: Asked by those who watch the service and by crawlers that want to be polite.
_FREE: Final = frozenset({"/healthz", "/readyz", "/robots.txt"})
#: The style of every page, which costs next to nothing.
_STATIC: Final = "/static/"
_WAIT_LONGER: Final = marked(
    "You have sent more requests than one client may. Please wait %(seconds)s seconds; all data are in the dump."
)
_WAIT_A_SECOND: Final = marked(
    "You have sent more requests than one client may. Please wait a second; all data are in the dump."
)


class Buckets:
    """The buckets of all clients; threads share them. `clock` gives seconds."""

    def __init__(
        self, rate: float, burst: int, *, clock: Callable[[], float] = monotonic, remembered: int = _REMEMBERED
    ) -> None:
        self._rate, self._burst = rate, float(burst)
        self._clock, self._remembered = clock, remembered
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str) -> float:
        """Seconds that a client must wait before its request is answered; 0 where it need not."""
        now = self._clock()
        with self._lock:
            level, then = self._levels.pop(client, (self._burst, now))
            level = min(self._burst, level + (now - then) * self._rate)
            wait = 0.0 if level >= 1 else (1 - level) / self._rate
            self._levels[client] = (level if wait else level - 1, now)
            if len(self._levels) > self._remembered:
                self._levels.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._levels)


def client_of(peer: str, forwarded: str, proxies: int) -> str:
    """Who sent a request: the address that the outermost of our `proxies` saw, the peer's where none says so.

    `forwarded` is X-Forwarded-For, to which each proxy adds whom it heard from at the right. Addresses of one
    IPv6 network of 64 bits are one client, as they are given out to one household.

    >>> client_of("10.0.0.1", "6.6.6.6, 192.0.2.7", 1), client_of("2001:db8::1:2", "", 0)
    ('192.0.2.7', '2001:db8::/64')
    """
    heard = [address.strip() for address in forwarded.split(",")]
    named = heard[-proxies] if 0 < proxies <= len(heard) else peer
    return _network(named) or _network(peer) or peer


def _network(address: str) -> str | None:
    """An address without its port, or the network that it counts for; None where it is none."""
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return f"{IPv6Address(int(found) >> 64 << 64)}/64"


class Keeper:
    """Asks the bucket of whoever sends a request, once."""

    def __init__(self, rate: float, burst: int, *, proxies: int) -> None:
        self._buckets, self._proxies = Buckets(rate, burst), proxies

    def __call__(self, environ: WSGIEnvironment) -> float:
        """Seconds that the client of a request must wait; 0 where it need not."""
        path = environ["PATH_INFO"]
        if path in _FREE or path.startswith(_STATIC):
            return 0.0
        peer, forwarded = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")
        return self._buckets.take(client_of(peer, forwarded, self._proxies))


def refusal(dump: str) -> Callable[[], Response | None]:
    """What is asked before each request: None lets it pass, an answer refuses it. `dump` is the path of a dump."""

    def refused() -> Response | None:
        wait = request.environ.get(WAIT, 0.0)
        return _refused(math.ceil(wait), dump) if wait else None

    return refused


def _refused(seconds: int, dump: str) -> Response:
    response = problem(429, RequestMistaken(_WAIT_A_SECOND if seconds == 1 else _WAIT_LONGER, seconds=seconds))
    response.headers["Retry-After"] = str(seconds)
    response.headers["Link"] = answers.link(dump, rel="alternate", type="application/gzip")
    return response
