"""A location on a web server that gives out a folder of files; all it is asked is GET, with Range (RFC 9110, 14).

A body that is cut short or silent is asked for again from where it ended, after growing pauses.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

import urllib3
from urllib3.exceptions import HTTPError

from linkeddata import __version__
from linkeddata.errors import SourceError
from linkeddata.replication.location import Passed
from linkeddata.sources import refusal
from linkeddata.sources.address import asking, checked, credentials, shown
from linkeddata.sources.http import connections

_CHUNK: Final = 1 << 20
_TIMEOUT: Final = 60.0  # seconds of silence
_TRIES: Final = 6  # in a row of which none brought anything
_LONGEST_PAUSE: Final = 30.0
_LARGEST_TEXT: Final = 256 << 20
_BUSY: Final = frozenset({429, 500, 502, 503, 504})


class _Again(Exception):
    """This attempt did not come to its end, another may; the text is why."""


class OverHttp:
    """A folder of files on a web server. User and password may stand in the address; they are never shown."""

    def __init__(self, url: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """`sleep` is there to be replaced in tests. SourceError where it is no address."""
        self._place = asking(checked(url), ()).rstrip("/")
        self.shown = shown(self._place)
        self._headers = {"User-Agent": f"linkeddata/{__version__}", "Accept-Encoding": "identity"}
        user, password = credentials(url)
        if user:
            self._headers["Authorization"] = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        self._pool, self._sleep = connections(url), sleep

    def read(self, name: str) -> bytes | None:
        """A small file; None where the server says that there is none."""
        last = _Again()
        for attempt in range(_TRIES):
            self._pause(attempt)
            try:
                return self._text(name)
            except _Again as again:
                last = again
        raise self._given_up(name, last)

    def fetch(self, name: str, into: Path, size: int, passed: Passed) -> None:
        """Append what a file lacks of another."""
        attempt = 0
        with into.open("ab") as here:
            while here.tell() < size:
                before = here.tell()
                self._pause(attempt)
                try:
                    self._continue(name, here, size, passed)
                    return
                except _Again as again:
                    attempt = 1 if here.tell() > before else attempt + 1
                    if attempt >= _TRIES:
                        raise self._given_up(name, again) from again

    def _pause(self, attempt: int) -> None:
        if attempt:
            self._sleep(min(2.0 ** (attempt - 1), _LONGEST_PAUSE))

    def _given_up(self, name: str, last: _Again) -> SourceError:
        return SourceError(f"{self.shown}/{name}: {last} (asked {_TRIES} times)")

    def _text(self, name: str) -> bytes | None:
        try:
            with closing(self._asked(name, 0)) as answer:
                if answer.status == 404:
                    return None
                self._check(name, answer)
                text = answer.read(_LARGEST_TEXT + 1)
        except HTTPError as fault:
            raise _Again(refusal.plain(str(fault))) from fault
        if len(text) > _LARGEST_TEXT:
            raise SourceError(f"{self.shown}/{name}: more than {_LARGEST_TEXT >> 20} MiB")
        return text

    def _continue(self, name: str, here: BinaryIO, size: int, passed: Passed) -> None:
        """Append the rest; _Again where not all of it came. A server that knows no Range gives everything anew."""
        try:
            with closing(self._asked(name, here.tell())) as answer:
                self._check(name, answer)
                if answer.status == 200 and here.tell():
                    passed(-here.tell())
                    here.seek(0)  # of what is cut off, `tell` would still speak
                    here.truncate()
                while here.tell() < size and (chunk := answer.read1(min(_CHUNK, size - here.tell()))):
                    here.write(chunk)
                    here.flush()  # so that a run which is killed has lost none of it
                    passed(len(chunk))
        except HTTPError as fault:
            raise _Again(refusal.plain(str(fault))) from fault

    def _asked(self, name: str, start: int) -> urllib3.BaseHTTPResponse:
        headers = {**self._headers, **({"Range": f"bytes={start}-"} if start else {})}
        url = f"{self._place}/{quote(name)}"
        # Nothing is decided by the client: it neither unpacks, nor follows, nor tries again.
        return self._pool.request(
            "GET", url, headers=headers, timeout=_TIMEOUT, preload_content=False, decode_content=False,
            redirect=False, retries=False,
        )  # fmt: skip

    def _check(self, name: str, answer: urllib3.BaseHTTPResponse) -> None:
        said = f"the server answers {answer.status} {answer.reason or ''}".strip()
        if answer.status in _BUSY:
            raise _Again(said)
        if answer.status not in {200, 206}:
            moved = answer.headers.get("Location")
            raise SourceError(f"{self.shown}/{name}: {said}{f', it is at {shown(moved)}' if moved else ''}")
