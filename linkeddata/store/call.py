"""One request to a SPARQL server on a connection of its own, which is cut off at a deadline or when nobody waits.

SPARQLWrapper does not let go of its connection, so a stranger's query goes this way. Cutting it off is all that the
protocol has for ending a query, and neither Virtuoso nor Oxigraph was seen to notice: there the query goes on until
the server's own limit of time.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Final
from urllib.parse import urlencode, urlsplit

from linkeddata.store.remote import Server

_LOOK_SECONDS: Final = 0.1
_CONNECT_SECONDS: Final = 10.0
_CONNECTIONS: Final = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class Cut(Enum):
    """Why a request was cut off."""

    LATE = "late"
    ABANDONED = "abandoned"


class Watch:
    """Cuts a connection off at its deadline, or when `cancelled` says that nobody waits; `cut` says why."""

    def __init__(self, seconds: float, cancelled: Callable[[], bool]) -> None:
        self._deadline, self._cancelled = time.monotonic() + seconds, cancelled
        self._over = threading.Event()
        self.cut: Cut | None = None

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self._deadline - time.monotonic())

    @contextmanager
    def over(self, connection: socket.socket) -> Iterator[None]:
        """Watch it for the time of the block."""
        thread = threading.Thread(target=self._look, args=(connection,), name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _look(self, connection: socket.socket) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            late = time.monotonic() >= self._deadline
            if late or self._cancelled():
                self.cut = Cut.LATE if late else Cut.ABANDONED
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                return


@contextmanager
def called(
    server: Server, fields: Sequence[tuple[str, str]], *, accept: str, watch: Watch
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a form that is posted to the server's endpoint; OSError or HTTPException where there is none.

    No redirection is followed, and nothing of the client's goes on.
    """
    parts = urlsplit(server.endpoint)
    connection = _CONNECTIONS[parts.scheme](parts.netloc, timeout=_CONNECT_SECONDS)
    try:
        connection.connect()
        connection.sock.settimeout(None)
        with watch.over(connection.sock):
            path = parts.path or "/"
            address = f"{path}?{parts.query}" if parts.query else path
            connection.request("POST", address, urlencode(fields), _headers(server, accept))
            with connection.getresponse() as response:
                yield response
    finally:
        connection.close()


def _headers(server: Server, accept: str) -> Mapping[str, str]:
    headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "linkeddata"}
    password = server.secret() if server.user else ""
    if password:
        token = base64.b64encode(f"{server.user}:{password}".encode()).decode("ascii")
        headers["Authorization"] = f"Basic {token}"
    return headers
