"""The WSGI server: one process, threads, and an end that leaves no request unanswered.

It is waitress. Tried beside it (Python 3.11, two cores, Flask, answers of 4 kB, requests per second
of CPU): granian 8,400, waitress 3,500. Both finish what is in flight at SIGTERM. Granian lost
because it cannot say that a client has hung up, so a query would burn on to its deadline; because
it runs WSGI only in a process of its own, which lives on when its parent is killed, with our query
processes below it; and because it does not tell the port it was given. Behind waitress all is in one
process: when that ends, in whatever way, so do the query processes.

What waitress lacks is added here: at the end it would stop sending after five seconds, so the loop
goes on until the last answer is out; it would close the connection after each 304; it would send head and
body apart; its threads take turns (see `threads`); and it would give every request to a thread, which costs twice
what an answer at hand does, so the loop gives that itself, and one that is made in a moment while no thread is at work.
"""

from __future__ import annotations

import io
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, Final, NamedTuple, Protocol, cast, runtime_checkable
from wsgiref.types import WSGIApplication, WSGIEnvironment

from waitress.buffers import ReadOnlyFileBasedBuffer  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.task import WSGITask  # type: ignore[import-untyped]

from linkeddata.web.threads import Task, Threads

_LOG = logging.getLogger(__name__)
#: Longer than a query may take, so that one which has just begun is still answered.
_DRAIN_SECONDS: Final = 35.0
_LOOK_SECONDS: Final = 0.1
#: More than strangers' queries can hold (those running and those in the queue), so that pages stay quick.
_THREADS: Final = 24
_WAIT_SECONDS: Final = 1.0
_ENDING: Final = (signal.SIGTERM, signal.SIGINT)
_HIGHEST_BODY: Final = 1 << 20
_MOST_WAITING: Final = 128 << 20
_IN_ONE_PIECE: Final = 1 << 16


@runtime_checkable
class Quick(Protocol):
    """An application that knows which answers it gives quickly; it is asked before it is called with the same."""

    def is_ready(self, environ: WSGIEnvironment) -> bool:
        """Whether the answer to a request is at hand: calling it takes no time and waits for nobody."""

    def is_prompt(self, environ: WSGIEnvironment) -> bool:
        """Whether calling it takes a few milliseconds, if it is not ready, and waits for nobody."""


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


class _Task(WSGITask):  # type: ignore[misc]
    """An answer. One that never has a body (204, 304) ends with its headers (RFC 9112, section 6.3)."""

    wrote_header: bool = False

    def get_environment(self) -> WSGIEnvironment:
        """Made once for a request, whoever asks."""
        made: WSGIEnvironment | None = getattr(self.request, "environ", None)
        if made is None:
            made = self.request.environ = super().get_environment()
        return made

    def execute(self) -> None:
        """Call the application, and let the dispatcher know while that takes its time."""
        self.channel.server.task_dispatcher.make(self.get_environment(), super().execute)

    def write(self, data: bytes) -> None:
        """A body that is whole goes with its head: half the calls to the system."""
        is_whole = data and len(data) == self.content_length and self.has_body
        if self.wrote_header or not is_whole or len(data) > _IN_ONE_PIECE:
            super().write(data)
        else:
            self.channel.write_soon(self.build_response_header() + data)
            self.wrote_header, self.content_bytes_written = True, len(data)

    def set_close_on_finish(self) -> None:
        """Waitress closes where it sends no Content-Length; after such an answer there is no need to."""
        asked = self.version == "1.0" or self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or asked:
            super().set_close_on_finish()


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection. Waitress writes an answer of megabytes to a file first; this sends it from where it is, as long
    as not too much is waiting to be sent on all connections together."""

    task_class = _Task
    #: Whether an answer was made in the loop of what came last: who sends many requests at once holds it up no longer.
    has_made = False

    def handle_read(self) -> None:
        self.has_made = False
        super().handle_read()

    def write_soon(self, data: bytes) -> int:
        large = isinstance(data, bytes) and len(data) > self.adj.outbuf_overflow
        written: int = super().write_soon(_in_memory(data) if large and self._waiting() < _MOST_WAITING else data)
        return written

    def _waiting(self) -> int:
        return sum(channel.total_outbufs_len for channel in list(self.server.active_channels.values()))

    def is_answered(self, quick: Quick, *, may_make: bool) -> bool:
        """Answer the request that came, where that is at hand, or made in a moment and this is allowed, and what was
        sent before is out; in the loop only."""
        request = self.requests[0]
        if request.error or self.total_outbufs_len:
            return False
        task = self.task_class(self, request)
        environ = task.get_environment()
        if not quick.is_ready(environ):
            if not may_make or self.has_made or not quick.is_prompt(environ):
                return False
            self.has_made = True
        self.requests.pop()
        task.service()
        request.close()
        self.close_when_flushed = task.close_on_finish
        return True


def _in_memory(data: bytes) -> Any:
    whole = ReadOnlyFileBasedBuffer(io.BytesIO(data))
    whole.prepare()
    return whole


class _Dispatcher(Threads):
    """Gives requests to threads, but for those that the loop can answer at once."""

    def __init__(self, application: WSGIApplication, threads: int) -> None:
        super().__init__(threads)
        self._quick = application if isinstance(application, Quick) else None
        self._slow: set[int] = set()
        self.loop_thread = 0

    def add_task(self, task: Task) -> None:
        """A channel with a request; it holds its lock.

        Nothing is made in the loop while a thread is at work on what takes its time: it would have to wait for
        Python's lock at each step, and all connections with it.
        """
        in_loop = threading.get_ident() == self.loop_thread
        if not in_loop or not self._quick or not cast(_Channel, task).is_answered(self._quick, may_make=not self._slow):
            super().add_task(task)

    def make(self, environ: WSGIEnvironment, execute: Callable[[], None]) -> None:
        """Make the answer to a request."""
        if not self._quick or self._quick.is_ready(environ) or self._quick.is_prompt(environ):
            execute()
            return
        self._slow.add(id(environ))
        try:
            execute()
        finally:
            self._slow.discard(id(environ))


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
        self._dispatcher = _Dispatcher(application, threads)
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
        self._waitress.channel_class = _Channel
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
