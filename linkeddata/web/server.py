"""The WSGI server: one process, threads, and an end that leaves no request unanswered.

It is waitress. Tried beside it (Python 3.11, two cores, Flask, answers of 4 kB, requests per second
of CPU): granian 8,400, waitress 3,500. Both finish what is in flight at SIGTERM. Granian lost
because it cannot say that a client has hung up, so a query would burn on to its deadline; because
it runs WSGI only in a process of its own, which lives on when its parent is killed, with our query
processes below it; and because it does not tell the port it was given. Behind waitress all is in one
process: when that ends, in whatever way, so do the query processes.

What waitress lacks is added: at the end it would stop sending after five seconds, so the loop goes on here until the
last answer is out; for the rest see `connections` and `threads`.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, Final, NamedTuple
from wsgiref.types import WSGIApplication

from waitress.server import create_server  # type: ignore[import-untyped]

from linkeddata.web.connections import Channel, Dispatcher

_LOG = logging.getLogger(__name__)
#: Longer than a query may take, so that one which has just begun is still answered.
_DRAIN_SECONDS: Final = 35.0
_LOOK_SECONDS: Final = 0.1
#: More than strangers' queries can hold (those running and those in the queue), so that pages stay quick.
_THREADS: Final = 24
_WAIT_SECONDS: Final = 1.0
_ENDING: Final = (signal.SIGTERM, signal.SIGINT)
_HIGHEST_BODY: Final = 1 << 20


class Listening(NamedTuple):
    """A socket that listens, and its address as a URL with the real port."""

    socket: socket.socket
    address: str


def listen(host: str, port: int) -> Listening:
    """Listen at once; port 0 takes any free one. OSError where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family, backlog=512)
    shown = f"[{host}]" if ":" in host else host
    return Listening(made, f"http://{shown}:{made.getsockname()[1]}/")


class Server:
    """A listening server; `run` answers until `stop` is called, from a signal handler or another thread."""

    def __init__(
        self, application: WSGIApplication, listening: Listening, *, threads: int = _THREADS, proxied: bool = False
    ) -> None:
        """Accept connections from a socket, which is closed at the end; other processes may do so, too.

        An application that is `Quick` answers at once what it has at hand. X-Forwarded-… reach it only where
        requests are `proxied`.
        """
        self._socket, self.address = listening
        self._dispatcher = Dispatcher(application, threads)
        self._waitress: Any = create_server(
            application,
            sockets=[self._socket],
            _dispatcher=self._dispatcher,
            ident=None,
            asyncore_use_poll=True,
            # Reading ahead is how a hung-up client is noticed while its query runs.
            channel_request_lookahead=1,
            clear_untrusted_proxy_headers=not proxied,
            connection_limit=1000,
            channel_timeout=30,
            max_request_body_size=_HIGHEST_BODY,
        )
        self._waitress.channel_class = Channel
        self._stopping = self._stopped = False
        # Entered again by the same thread, where a signal comes while it closes all.
        self._closing = threading.RLock()

    def run(self, *, drain_seconds: float = _DRAIN_SECONDS) -> None:
        """Answer requests; after `stop`, finish those begun, within `drain_seconds`, and return."""
        self._dispatcher.loop_thread = threading.get_ident()
        while not self._stopping:
            self._turn(_WAIT_SECONDS)
        self._refuse_new()
        deadline = time.monotonic() + drain_seconds
        while self._busy() and time.monotonic() < deadline:
            self._turn(_LOOK_SECONDS)
        self._dispatcher.shutdown(_WAIT_SECONDS)
        with self._closing:
            self._stopped = True
            self._waitress.asyncore.close_all(self._waitress._map)

    def stop(self) -> None:
        """Ask `run` to come to an end, which it may have come to already."""
        self._stopping = True
        with self._closing:
            # The loop may see by itself that it is to end, and the number of a closed file is soon another's.
            if not self._stopped:
                self._waitress.pull_trigger()

    def _turn(self, seconds: float) -> None:
        self._waitress.asyncore.loop(timeout=seconds, map=self._waitress._map, use_poll=True, count=1)

    def _refuse_new(self) -> None:
        self._waitress.del_channel()
        self._socket.close()
        self._waitress.socket.close()

    def _busy(self) -> bool:
        """Whether an answer is still being made or sent; connections that only wait are closed on the way."""
        channels = list(self._waitress.active_channels.values())
        for channel in channels:
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.handle_close()
        return bool(self._waitress.active_channels)


def _nothing() -> None:
    """Where nobody wants to hear of the end."""


def serve(
    server: Server,
    *,
    on_ready: Callable[[str], None] = _LOG.info,
    on_end: Callable[[], None] = _nothing,
    drain_seconds: float = _DRAIN_SECONDS,
) -> None:
    """Serve from the main thread until SIGTERM or Ctrl-C, then finish what has begun and return.

    `on_ready` is told the address with the real port, `on_end` that no more is accepted. A second signal ends the
    waiting too.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        server.stop()
        on_end()
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)

    for number in _ENDING:
        signal.signal(number, end)
    on_ready(server.address)
    server.run(drain_seconds=drain_seconds)


def serve_until(server: Server, until: Connection) -> None:
    """Serve from the main thread until a connection comes to its end or SIGTERM, then as above; Ctrl-C does nothing."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            until.recv()
        server.stop()

    threading.Thread(target=watch, name="until", daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    server.run()
