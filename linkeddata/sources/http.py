"""Polite fetching: the one wall round the HTTP client.

A body comes whole or not at all: where it is cut short, the server is busy or the line breaks, the
request is tried again after growing pauses, and then given up with a `SourceError`. Certificates are
verified, redirects stay on their host, no request is made but of the source itself, and what an answer may cost
in memory and time is bounded.
"""

from __future__ import annotations

import io
import logging
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import IncompleteRead
from types import MappingProxyType
from typing import Final, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, LocationValueError, ProtocolError, ReadTimeoutError
from urllib3.util import make_headers, parse_url

from linkeddata import __version__
from linkeddata.errors import SourceError
from linkeddata.sources import refusal
from linkeddata.sources.address import Parameters, asking, checked, credentials, encoded, redirected, shown
from linkeddata.sources.lines import too_long
from linkeddata.sources.unpacking import PIECE, gunzipped, inflated

_LOG: Final = logging.getLogger(__name__)
MAX_BODY: Final = 256 * 1024 * 1024  # bytes, unpacked
MAX_WAIT: Final = 900.0  # seconds: a server that wants to be left alone for longer is asked again by the next run
_LONGEST_PAUSE: Final = 60.0
_PATIENCE: Final = 20  # times the timeout: a body that trickles in for longer is given up
_REDIRECTS: Final = 5
_BEGINNING: Final = 64 * 1024  # bytes read of the body of a refusal
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_MOVED_AS_IT_IS: Final = frozenset({307, 308})  # the method stays (RFC 9110, 15.4.8 and 15.4.9)
_BUSY: Final = frozenset({429, 500, 502, 503, 504})

Result = TypeVar("Result")
Unpacker = Callable[[Iterator[bytes], str], Iterator[bytes]]
_UNPACKERS: Mapping[str, Unpacker] = MappingProxyType(
    {
        "": lambda pieces, _: pieces,
        "identity": lambda pieces, _: pieces,
        "gzip": gunzipped,
        "x-gzip": gunzipped,  # RFC 9110, 8.4.1.3
        "deflate": inflated,
    }
)


class NotWhole(Exception):
    """Raised by the reader of a body: it is not all there, so it is worth another request. Its text is the reason."""


class AnswerRefused(SourceError):
    """The server answered, but not with 200; `status`, and how its `body` begins."""

    def __init__(self, message: str, status: int, body: bytes) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class _Again(Exception):
    """This attempt failed, another may not; `wait` are the seconds that the server asks for."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return shown(self.url)


class Fetcher:
    """Asks one server, a request at a time.

    `delay` are seconds between two requests, `timeout` seconds of silence before one is given up, `retries` how
    often it is tried again, `limit` the bytes that an unpacked body may have. `user` and `password` are for basic
    authentication; those in an address will do, too. `sleep` and `clock` are there to be replaced in tests.
    """

    def __init__(  # noqa: PLR0913 - every one has its default, and a class of settings would only repeat them
        self,
        *,
        delay: float = 0.5,
        timeout: float = 60.0,
        retries: int = 5,
        user: str = "",
        password: str = "",
        limit: int = MAX_BODY,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._delay, self._timeout, self._retries, self._limit = delay, timeout, retries, limit
        self._user, self._password = user, password
        self._sleep, self._clock = sleep, clock
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._rested = True  # nothing was asked yet, or a pause has just been made

    def get(self, url: str, parameters: Parameters = ()) -> bytes:
        """The whole body, unpacked. A `SourceError` names the address, without secrets, the status and the reason."""
        return self.read(url, parameters, bytes)

    def post(self, url: str, form: Parameters) -> bytes:
        """As `get`, with the parameters as a form in the body: for queries too long for an address."""
        return self.read(url, form, bytes, method="POST")

    def read(self, url: str, parameters: Parameters, reader: Callable[[bytes], Result], method: str = "GET") -> Result:
        """What the reader makes of the body; where it raises `NotWhole`, the server is asked again."""
        request = self._request(url, parameters, method)
        last = _Again("")
        for attempt in range(self._retries + 1):
            try:
                return _read(self._body(request), reader)
            except _Again as again:
                last = again
            if attempt < self._retries:
                wait = max(last.wait, min(2.0**attempt, _LONGEST_PAUSE))
                _LOG.warning("%s: %s; asked again in %.0f s", request, last, wait)
                self._rest(wait)
        raise SourceError(f"{request}: {last} (asked {self._retries + 1} times)") from last

    def _request(self, url: str, parameters: Parameters, method: str) -> _Request:
        user, password = (self._user, self._password) if self._user else credentials(checked(url))
        headers = {
            "User-Agent": f"linkeddata/{__version__}",
            "Accept-Encoding": "gzip, deflate",
            **({"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"} if user else {}),
        }
        if method == "GET":
            return _Request(method, asking(checked(url), parameters), headers=headers)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return _Request(method, asking(checked(url), ()), encoded(parameters).encode(), headers | form)

    def _rest(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)
        self._rested = True

    def _body(self, request: _Request) -> bytes:
        asked = request
        for _ in range(_REDIRECTS + 1):
            with self._answered(asked) as answer:
                if answer.status == 200:
                    return self._whole(answer, asked)
                if answer.status not in _MOVED:
                    raise _refused(answer, asked, self._beginning(answer, asked))
                asked = _moved(answer, asked)
        raise SourceError(f"{request}: redirects again and again")

    @contextmanager
    def _answered(self, request: _Request) -> Iterator[urllib3.BaseHTTPResponse]:
        """The answer, whose body has not been read; every fault of the line, also in reading, is told apart here."""
        if not self._rested:
            self._rest(self._delay)
        self._rested = False
        try:
            with closing(self._sent(request)) as answer:
                yield answer
        except LocationValueError as error:
            raise SourceError(f"{request}: not an address that can be asked: {error}") from error
        except HTTPError as error:
            if any(isinstance(each, ssl.SSLCertVerificationError) for each in (error.__cause__, *error.args)):
                raise SourceError(f"{request}: the server's certificate cannot be trusted: {error}") from error
            raise _Again(self._reason(error)) from error

    def _reason(self, error: HTTPError) -> str:
        """In our words, where the client's are for programmers."""
        cut = isinstance(error, ProtocolError) and any(isinstance(each, IncompleteRead) for each in error.args)
        if cut:
            return "the body is cut short"
        if isinstance(error, ReadTimeoutError):
            return f"silence for {self._timeout:g} seconds"
        return refusal.plain(str(error).rpartition("): ")[2] if isinstance(error, ConnectTimeoutError) else str(error))

    def _sent(self, request: _Request) -> urllib3.BaseHTTPResponse:
        """Nothing is decided by the client: it neither unpacks, nor follows, nor tries again."""
        pool = self._pools.get(request.url[:5]) or self._pools.setdefault(request.url[:5], connections(request.url))
        return pool.urlopen(
            request.method,
            request.url,
            body=request.body,
            headers=request.headers,
            timeout=self._timeout,
            preload_content=False,
            decode_content=False,
            redirect=False,
            retries=False,
        )

    def _whole(self, answer: urllib3.BaseHTTPResponse, request: _Request) -> bytes:
        encoding = answer.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _UNPACKERS:
            raise SourceError(f"{request}: packed in a way that was not asked for: {encoding!r}")
        body = io.BytesIO()
        pieces = _UNPACKERS[encoding](self._pieces(answer, request), "the body")
        try:
            for piece in pieces:
                body.write(piece)
                if body.tell() > self._limit:
                    raise _TooMuch(f"{request}: {too_long(self._limit).reason}")
        except _TooMuch:
            raise
        except SourceError as packed:
            raise _Again(str(packed)) from packed
        return body.getvalue()

    def _pieces(self, answer: urllib3.BaseHTTPResponse, request: _Request) -> Iterator[bytes]:
        end = self._clock() + self._timeout * _PATIENCE
        while piece := answer.read1(PIECE, decode_content=False):
            yield piece
            if self._clock() > end:
                raise _TooMuch(f"{request}: no end of the body after {self._timeout * _PATIENCE:g} seconds")

    def _beginning(self, answer: urllib3.BaseHTTPResponse, request: _Request) -> bytes:
        """As much of a refusal's body as is easily had; it is for the message only, so no fault of it counts."""
        unpack, packed = _UNPACKERS.get(answer.headers.get("Content-Encoding", "").strip().lower()), b""
        with suppress(SourceError, HTTPError):
            for piece in self._pieces(answer, request):
                packed += piece
                if len(packed) >= _BEGINNING:
                    break
        with suppress(SourceError):
            return next(unpack(iter([packed]), ""), b"")[:_BEGINNING] if unpack and packed else b""
        return b""


class _TooMuch(SourceError):
    """More bytes, or more time, than an answer may cost; to ask again would cost it again."""


def _read(body: bytes, reader: Callable[[bytes], Result]) -> Result:
    try:
        return reader(body)
    except NotWhole as cut:
        raise _Again(str(cut)) from cut


def connections(url: str) -> urllib3.PoolManager:
    """Connections to the server, or by the proxy that the environment names (`https_proxy`, `no_proxy`, …)."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(cert_reqs="CERT_REQUIRED")
    known = parse_url(proxy)
    headers = make_headers(proxy_basic_auth=known.auth) if known.auth else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, cert_reqs="CERT_REQUIRED")


def _moved(answer: urllib3.BaseHTTPResponse, request: _Request) -> _Request:
    if request.body is not None and answer.status not in _MOVED_AS_IT_IS:
        raise SourceError(f"{request}: a redirect ({answer.status}) of a form, which would be lost on the way")
    return replace(request, url=redirected(request.url, answer.headers.get("Location", "")))


def _refused(answer: urllib3.BaseHTTPResponse, request: _Request, body: bytes) -> Exception:
    text = refusal.beginning(body, answer.headers.get("Content-Type", ""))
    status = f"the server answers {answer.status} {answer.reason or ''}".strip() + (f": {text}" if text else "")
    if answer.status in _BUSY:
        wait = refusal.seconds_to_wait(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
        if wait > MAX_WAIT:
            return SourceError(f"{request}: {status} and wants to be left alone for {wait:.0f} seconds")
        return _Again(status, wait)
    return AnswerRefused(f"{request}: {status}", answer.status, body)
