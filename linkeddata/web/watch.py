"""Sees every answer go by, those at hand included, and tells those who count and write down.

It stands before the first door. Whoever is told gets a `Seen`: no query string, no header of the client's but
the name that a proxy of ours gave the request.

A request's name goes back to the client (`X-Request-Id`) only with answers that nobody may keep (`no-store`), errors
of the service among them: with any other, a cache would hand out the name of a request that was somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from secrets import token_hex
from time import perf_counter
from typing import Any, Final, NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

from linkeddata.web.door import FOUND, Door
from linkeddata.web.kinds import kind_of
from linkeddata.web.query_outcomes import OUTCOME

_BEGAN: Final = "linkeddata.began"
_NAME: Final = re.compile(r"[A-Za-z0-9@][A-Za-z0-9@._:-]{3,63}")
#: Version, trace id, parent id, flags (W3C Trace Context, section 3.2); the trace is what other services log.
_TRACE: Final = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_UNFORESEEN: Final = "500 Internal Server Error"


class Seen(NamedTuple):
    """A request and how it was answered; a tuple, as one is made for each.

    `peer` and what it says in `forwarded` tell who asked; `seconds` is until the answer was made, waiting for a thread
    included; `size` its length where that was told; `outcome` how its query came out; `kept` that it was at hand.
    """

    named: Named
    method: str
    path: str
    kind: str
    peer: str
    forwarded: str
    status: int
    size: int | None
    seconds: float
    outcome: str | None
    kept: bool


class Named:
    """Whose name is asked for seldom: made then, or that which a proxy of ours gave."""

    __slots__ = ("_environ", "_name", "_proxied")

    def __init__(self, environ: WSGIEnvironment, *, proxied: bool) -> None:
        self._environ, self._proxied, self._name = environ, proxied, ""

    def __str__(self) -> str:
        if not self._name:
            self._name = (_given(self._environ) if self._proxied else "") or token_hex(8)
        return self._name


def _given(environ: WSGIEnvironment) -> str:
    """The name that a request came with, or the trace that it belongs to; empty where it has neither."""
    given: str = environ.get("HTTP_X_REQUEST_ID", "")
    if _NAME.fullmatch(given):
        return given
    trace = _TRACE.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    return trace[1] if trace else ""


#: The request that this thread answers; None between requests.
REQUEST: Final[ContextVar[Named | None]] = ContextVar("linkeddata.request", default=None)


class Watch:
    """A door with somebody beside it; where requests are `proxied` they may have names already."""

    def __init__(self, door: Door, told: Sequence[Callable[[Seen], None]], *, proxied: bool = False) -> None:
        self._door, self._told, self._proxied = door, tuple(told), proxied

    def is_ready(self, environ: WSGIEnvironment) -> bool:
        """What the door says; time counts from here."""
        environ.setdefault(_BEGAN, perf_counter())
        return self._door.is_ready(environ)

    def is_prompt(self, environ: WSGIEnvironment) -> bool:
        """What the door says."""
        return self._door.is_prompt(environ)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = environ.setdefault(_BEGAN, perf_counter())
        begun = _Begun(start_response, Named(environ, proxied=self._proxied))
        before = REQUEST.set(begun.named)
        try:
            return self._door(environ, begun)
        finally:
            try:
                self._tell(environ, begun, perf_counter() - began)
            finally:
                REQUEST.reset(before)

    def _tell(self, environ: WSGIEnvironment, begun: _Begun, seconds: float) -> None:
        path = environ.get("PATH_INFO", "")
        seen = Seen(
            begun.named,
            environ["REQUEST_METHOD"],
            path,
            kind_of(path),
            environ.get("REMOTE_ADDR", ""),
            environ.get("HTTP_X_FORWARDED_FOR", ""),
            int(begun.status[:3]),
            begun.size,
            seconds,
            environ.get(OUTCOME),
            environ.get(FOUND) is not None,
        )
        for tell in self._told:
            tell(seen)


class _Begun:
    """Passes on how an answer begins, and remembers of it what is told."""

    __slots__ = ("_start", "named", "size", "status")

    def __init__(self, start_response: StartResponse, named: Named) -> None:
        self._start, self.named = start_response, named
        # What the server says where nothing is begun.
        self.status = _UNFORESEEN
        self.size: int | None = None

    def __call__(
        self, status: str, headers: list[tuple[str, str]], failure: Any = None, /
    ) -> Callable[[bytes], object]:
        self.status = status
        told = dict(headers)
        if length := told.get("Content-Length"):
            self.size = int(length)
        if told.get("Cache-Control") == "no-store":
            headers = [*headers, ("X-Request-Id", str(self.named))]
        return self._start(status, headers, failure)
