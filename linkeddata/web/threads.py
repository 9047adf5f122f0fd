"""Threads that answer requests: started when they are needed, and the one that was busy last is asked first.

Waitress has threads of its own, which take turns. Each thread has its own connections to the files of an
edition, its own share of the allocator and of the processor's caches, so that 24 cold ones by turns take up to
half as long again as few warm ones, and more memory.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
import time
from collections import deque
from queue import SimpleQueue
from typing import Protocol, TypeAlias

_LOG = logging.getLogger(__name__)
#: glibc's number for the setting (`malloc.h`), and the heaps that threads may have among them.
_M_ARENA_MAX, _HEAPS = -8, 2


def share_heaps() -> bool:
    """Let the threads to come share two heaps, where the C library is glibc; whether it is.

    It would give each its own, so that they need not wait for each other. Ours take turns anyway, by Python's lock, and
    what one of them has freed is of use to the next: a tenth less memory, and less time.
    """
    if sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"):
        return False
    return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS))


class Task(Protocol):
    """What a thread does."""

    def service(self) -> None:
        """Do it."""

    def cancel(self) -> None:
        """Do it no more: nobody will come to it."""


#: Where a thread that waits hears of its next task, or of the end.
_Desk: TypeAlias = "SimpleQueue[Task | None]"


class Threads:
    """At most so many threads; tasks beyond wait for the first that is free, in the order in which they came."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._idle: list[_Desk] = []
        self._waiting: deque[Task] = deque()
        self._threads: list[threading.Thread] = []
        self._ended = False

    @property
    def started(self) -> int:
        """So many there are."""
        return len(self._threads)

    def add_task(self, task: Task) -> None:
        """Have a task done, soon; returns at once."""
        with self._lock:
            if self._idle:
                self._idle.pop().put(task)
            elif len(self._threads) < self._most and not self._ended:
                self._start(task)
            else:
                self._waiting.append(task)

    def shutdown(self, timeout: float) -> None:
        """Let tasks come to their end, at most so many seconds; those that have not begun are cancelled."""
        with self._lock:
            self._ended = True
            idle, self._idle = self._idle, []
            waiting, self._waiting = self._waiting, deque()
        for desk in idle:
            desk.put(None)
        for task in waiting:
            task.cancel()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _start(self, task: Task) -> None:
        name = f"answering-{len(self._threads)}"
        thread = threading.Thread(target=self._work, args=(task,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, first: Task) -> None:
        desk: _Desk = SimpleQueue()
        task: Task | None = first
        while task is not None:
            try:
                task.service()
            except BaseException:  # noqa: BLE001 - the thread's last door: it must live on, whatever a task does
                _LOG.exception("a task failed")
            task = self._next(desk)

    def _next(self, desk: _Desk) -> Task | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._ended:
                return None
            self._idle.append(desk)
        return desk.get()
