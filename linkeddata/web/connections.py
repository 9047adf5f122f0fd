"""Connections and who answers on them: what waitress lacks there.

It would close a connection after each 304; it would send head and body apart; its threads take turns (see `threads`);
and it would give every request to a thread, which costs twice what an answer at hand does, so the loop gives that
itself, and one that is made in a moment while no thread is at work.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol, cast, runtime_checkable
from wsgiref.types import WSGIApplication, WSGIEnvironment

from waitress.buffers import ReadOnlyFileBasedBuffer  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.task import WSGITask  # type: ignore[import-untyped]

from linkeddata.web.threads import Task, Threads

_MOST_WAITING: Final = 128 << 20
_IN_ONE_PIECE: Final = 1 << 16


@runtime_checkable
class Quick(Protocol):
    """An application that knows which answers it gives quickly; it is asked before it is called with the same."""

    def is_ready(self, environ: WSGIEnvironment) -> bool:
        """Whether the answer to a request is at hand: calling it takes no time and waits for nobody."""

    def is_prompt(self, environ: WSGIEnvironment) -> bool:
        """Whether calling it takes a few milliseconds, if it is not ready, and waits for nobody."""


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


class Channel(HTTPChannel):  # type: ignore[misc]
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
        try:
            if not self._is_quick(task, quick, may_make=may_make):
                return False
            task.service()
        except Exception:
            if task.wrote_header:
                raise
            # A thread meets the same, and says so to the client as it does.
            return False
        self.requests.pop()
        request.close()
        self.close_when_flushed = task.close_on_finish
        return True

    def _is_quick(self, task: _Task, quick: Quick, *, may_make: bool) -> bool:
        environ = task.get_environment()
        if quick.is_ready(environ):
            return True
        if not may_make or self.has_made:
            return False
        self.has_made = quick.is_prompt(environ)
        return self.has_made


def _in_memory(data: bytes) -> Any:
    whole = ReadOnlyFileBasedBuffer(io.BytesIO(data))
    whole.prepare()
    return whole


class Dispatcher(Threads):
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
        if not in_loop or not self._quick or not cast(Channel, task).is_answered(self._quick, may_make=not self._slow):
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
