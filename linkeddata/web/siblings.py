"""Further processes that answer at the same address: Python's threads share one processor, processes do not.

The first process listens, starts the others, and starts them again when they are lost. Each accepts connections from
the same socket as soon as it is ready, so that nobody is refused meanwhile. They end when the first one says so, or is
no more, in whatever way that ended.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final, TypeAlias

from linkeddata.interrupts import start
from linkeddata.web.server import Listening

_LOG = logging.getLogger(__name__)
#: Fresh, never forked: the first process has threads and open files.
_FRESH: Final = get_context("spawn")
#: Before another try, so that a fault at the start does not take the processors from those who answer.
_PAUSE_SECONDS: Final = 2.0
#: A little longer than a server finishes what it has begun.
_PATIENCE_SECONDS: Final = 40.0

#: Answers where it listens until a connection comes to its end.
Answering: TypeAlias = Callable[[Listening, Connection], None]


class Siblings:
    """`count` further processes, for the time of the block; `answer` must be picklable, with all that it holds."""

    def __init__(self, answer: Answering, listening: Listening, count: int) -> None:
        self._answer, self._listening = answer, listening
        self._ended = threading.Event()
        # Nobody writes into it. Its writing end is held by this process alone, so that its end is that of the pipe.
        self._until, self._life = _FRESH.Pipe(duplex=False)
        self._processes: dict[threading.Thread, BaseProcess] = {}
        self._keepers = [threading.Thread(target=self._keep, name="web-process", daemon=True) for _ in range(count)]

    @property
    def pids(self) -> list[int]:
        """Of those that are there now."""
        return [process.pid for process in self._processes.values() if process.pid]

    def __enter__(self) -> Siblings:
        for keeper in self._keepers:
            keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for keeper in self._keepers:
            keeper.join(max(0.0, deadline - time.monotonic()))
        for process in self._processes.values():
            process.kill()

    def end(self) -> None:
        """Let them accept nothing any more and finish what they have begun; returns at once."""
        self._ended.set()
        self._life.close()

    def _keep(self) -> None:
        """One place: a process, and the next one where that is lost."""
        while not self._ended.is_set():
            process = _FRESH.Process(target=self._answer, args=(self._listening, self._until))
            with suppress(OSError, ValueError):  # the socket is closed already: the end has come
                start(process)
                self._processes[threading.current_thread()] = process
                process.join()
            if not self._ended.wait(0):
                _LOG.error("a web process ended (%s); another is started", process.exitcode)
                self._ended.wait(_PAUSE_SECONDS)
