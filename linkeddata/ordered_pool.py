"""Processes that do one kind of work; what comes of it is handed back in the order in which it was given out.

Each process has a pipe of its own and shares nothing with the others, so that one which is ended from outside can hold
up nobody. The pool of `concurrent.futures` shares queues and their locks among its processes, and waits for ever
where one of them is ended while another is being started (seen with Python 3.11.7), or, before 3.11.5, while the
queue is being written (CPython issue 94777).
"""

from __future__ import annotations

import gc
import pickle
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from traceback import format_exception
from typing import Final, Generic, TypeVar

from linkeddata.errors import TranslatorLost
from linkeddata.interrupts import start

Given = TypeVar("Given")
Made = TypeVar("Made")

# Started fresh, never forked: the parent may hold an open store.
_FRESH: Final = get_context("spawn")
#: So many more things are made than let go of before it is looked for cycles: what is handed over is text and tuples
#: of it, which hold none, and looking for some takes a twentieth of the time, at either end.
_SELDOM: Final = 50_000
_LOST: Final = (
    "a process that translates was ended from outside, perhaps for want of memory; "
    "fewer need less (setting mapping.processes)"
)


class OrderedPool(Generic[Given, Made]):
    """Up to `most` processes, each started when there is something for it; all are ended with the block.

    `work` is sent to them once: it, what is given and what is made must be picklable.
    """

    def __init__(self, work: Callable[[Given], Made], most: int) -> None:
        self._work, self._most = work, most
        self._processes: list[_Process[Given, Made]] = []
        self._at_work: deque[_Process[Given, Made]] = deque()
        self._given = 0
        self._often = gc.get_threshold()

    def __enter__(self) -> OrderedPool[Given, Made]:
        gc.set_threshold(_SELDOM)
        return self

    def __exit__(self, *_: object) -> None:
        gc.set_threshold(*self._often)
        for process in self._processes:
            process.end()

    def give(self, work: Given) -> None:
        """Have a piece of work done; returns at once. What cannot be pickled is refused here, by pickle's own error."""
        if len(self._processes) < self._most:
            self._processes.append(_Process(self._work))
        process = self._processes[self._given % self._most]
        process.give(work)
        self._at_work.append(process)
        self._given += 1

    def take(self) -> Made:
        """What came of the piece given out first of those not yet taken; waits for it.

        An exception of the work is raised here. TranslatorLost where the process was ended from outside.
        """
        return self._at_work.popleft().result()


class _Process(Generic[Given, Made]):
    """One process, and two threads that carry to it and from it, so that neither side waits for the other's pipe."""

    def __init__(self, work: Callable[[Given], Made]) -> None:
        self._tasks: SimpleQueue[bytes | None] = SimpleQueue()
        self._results: SimpleQueue[bytes] = SimpleQueue()
        self._pipe, theirs = _FRESH.Pipe()
        self._process = _FRESH.Process(target=_do, args=(theirs, work), daemon=True)
        start(self._process)
        # Held by the process alone, it tells of its end.
        theirs.close()
        self._carriers = [threading.Thread(target=carry, daemon=True) for carry in (self._send, self._receive)]
        for carrier in self._carriers:
            carrier.start()

    def give(self, work: Given) -> None:
        self._tasks.put(pickle.dumps(work, pickle.HIGHEST_PROTOCOL))

    def result(self) -> Made:
        packed = self._results.get()
        if not packed:
            self._results.put(packed)  # for whoever asks for the next one
            raise TranslatorLost(_LOST)
        fault, made = pickle.loads(packed)  # noqa: S301 - of a process of ours
        if fault is not None:
            raise fault
        return made  # type: ignore[no-any-return]

    def end(self) -> None:
        """At once: it holds nothing that could be lost. The threads end with it."""
        self._process.kill()
        self._process.join()
        self._tasks.put(None)
        for carrier in self._carriers:
            carrier.join()
        self._pipe.close()

    def _send(self) -> None:
        with suppress(OSError):
            while (task := self._tasks.get()) is not None:
                self._pipe.send_bytes(task)

    def _receive(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._results.put(self._pipe.recv_bytes())
        # Nothing comes any more: whoever waits is told, now and later.
        self._results.put(b"")


def _do(pipe: Connection, work: Callable[[Given], Made]) -> None:
    """The life of a process: it ends when nobody is left at the other end of its pipe, in whatever way that ended."""
    gc.set_threshold(_SELDOM)
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(_packed(work, pickle.loads(pipe.recv_bytes())))  # noqa: S301 - of the parent


def _packed(work: Callable[[Given], Made], given: Given) -> bytes:
    """What came of the work, or its fault with the place of it."""
    try:
        return pickle.dumps((None, work(given)), pickle.HIGHEST_PROTOCOL)
    except Exception as fault:  # noqa: BLE001 - raised again where it can be told
        fault.add_note("".join(format_exception(fault)))
        return pickle.dumps((fault, None))
