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
from dataclasses import dataclass
from secrets import token_hex
from time import perf_counter
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from linkeddata.web.budget import client_of
from linkeddata.web.door import FOUND, Door
from linkeddata.web.kinds import kind_of
from linkeddata.web.query_outcomes import OUTCOME

#: The name of the request that this thread answers; empty between requests.
REQUEST: Final[ContextVar[str]] = ContextVar("linkeddata.request", default="")
_BEGAN: Final = "linkeddata.began"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{3,63}")
#: Version, trace id, parent id, flags (W3C Trace Context, section 3.2); the trace is what other services log.
_TRACE: Final = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_UNFORESEEN: Final = "500 Internal Server Error"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request and how it was answered. `seconds` is until the answer was made, waiting for a thread included;
    `size` its length where that was told; `outcome` how its query came out; `kept` that it was at hand."""

    name: str
    method: str
    path: str
    kind: str
    client: str
    status: int
    size: int | None
    seconds: float
    outcome: str | None
    kept: bool


class Watch:
    """A door with somebody beside it; `proxies` of ours pass on requests, which may then have names already."""

    def __init__(self, door: Door, told: Sequence[Callable[[Seen], None]], *, proxies: int = 0) -> None:
        self._door, self._told, self._proxies = door, tuple(told), proxies

    def is_ready(self, environ: WSGIEnvironment) -> bool:
        """What the door says; time counts from here."""
        environ.setdefault(_BEGAN, perf_counter())
        return self._door.is_ready(environ)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = environ.setdefault(_BEGAN, perf_counter())
        begun = _Begun(start_response, _name(environ, self._proxies))
        before = REQUEST.set(begun.name)
        try:
            return self._door(environ, begun)
        finally:
            self._tell(environ, begun, perf_counter() - began)
            REQUEST.reset(before)

    def _tell(self, environ: WSGIEnvironment, begun: _Begun, seconds: float) -> None:
        path = environ.get("PATH_INFO", "")
        seen = Seen(
            begun.name,
            environ["REQUEST_METHOD"],
            path,
            kind_of(path),
            client_of(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), self._proxies),
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

    __slots__ = ("_start", "name", "size", "status")

    def __init__(self, start_response: StartResponse, name: str) -> None:
        self._start, self.name = start_response, name
        # What the server says where nothing is begun.
        self.status = _UNFORESEEN
        self.size: int | None = None

    def __call__(
        self, status: str, headers: list[tuple[str, str]], failure: Any = None, /
    ) -> Callable[[bytes], object]:
        self.status = status
        for name, value in headers:
            if name == "Content-Length":
                self.size = int(value)
            elif name == "Cache-Control" and value == "no-store":
                headers = [*headers, ("X-Request-Id", self.name)]
        return self._start(status, headers, failure)


def _name(environ: WSGIEnvironment, proxies: int) -> str:
    """The name that a proxy of ours gave a request, or the trace that it belongs to; else a new one."""
    if proxies:
        given: str = environ.get("HTTP_X_REQUEST_ID", "")
        if _NAME.fullmatch(given):
            return given
        if trace := _TRACE.fullmatch(environ.get("HTTP_TRACEPARENT", "")):
            return trace[1]
    return token_hex(8)
