"""Processes that do one kind of work; what comes of it is handed back in the order in which it was given out.

Each process has a wire of its own, a pair of sockets, and shares nothing with the others, so that one which is ended
from outside can hold up nobody. The pool of `concurrent.futures` shares queues and their locks among its processes,
and waits for ever where one of them is ended while another is being started (seen with Python 3.11.7), or, before
3.11.5, while the queue is being written (CPython issue 94777).

What is handed over is pickled. Where something lends its bytes as a `pickle.PickleBuffer` (PEP 574), they go beside
the pickle and are copied into the wire and out of it, and nowhere else. The connections of `multiprocessing` take
bytes out in small pieces, which costs more than the rest of the way.
"""

from __future__ import annotations

import gc
import pickle
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from queue import SimpleQueue
from traceback import format_exception
from typing import Any, Final, Generic, TypeAlias, TypeVar

from linkeddata.errors import TranslatorLost
from linkeddata.interrupts import start

Given = TypeVar("Given")
Made = TypeVar("Made")
#: A pickle, and what goes beside it.
_Parts: TypeAlias = Sequence[bytes | memoryview]

# Started fresh, never forked: the parent may hold an open store.
_FRESH: Final = get_context("spawn")
#: So many more things are made than let go of before it is looked for cycles: what is handed over is text and tuples
#: of it, which hold none, and looking for some takes a twentieth of the time, at either end.
_SELDOM: Final = 50_000
#: The same in the processes. They remember hundreds of thousands of things for those who do the same work again, and
#: each look for cycles passes over all that came to it since: a fortieth of their time, where none is ever found.
_HARDLY_EVER: Final = 2_000_000
#: Before a message stands how many parts it has, and before each part how long it is.
_NUMBER: Final = struct.Struct("!Q")
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
    """One process, and two threads that carry to it and from it, so that neither side waits for the other's wire."""

    def __init__(self, work: Callable[[Given], Made]) -> None:
        self._tasks: SimpleQueue[_Parts | None] = SimpleQueue()
        self._results: SimpleQueue[list[bytes]] = SimpleQueue()
        self._wire, theirs = socket.socketpair()
        self._process = _FRESH.Process(target=_do, args=(theirs, work), daemon=True)
        start(self._process)
        # Held by the process alone, it tells of its end.
        theirs.close()
        self._carriers = [threading.Thread(target=carry, daemon=True) for carry in (self._send, self._receive)]
        for carrier in self._carriers:
            carrier.start()

    def give(self, work: Given) -> None:
        self._tasks.put(_packed(work))

    def result(self) -> Made:
        parts = self._results.get()
        if not parts:
            self._results.put(parts)  # for whoever asks for the next one
            raise TranslatorLost(_LOST)
        fault, made = _unpacked(parts)
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
        self._wire.close()

    def _send(self) -> None:
        with suppress(OSError):
            while (task := self._tasks.get()) is not None:
                _send(self._wire, task)

    def _receive(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._results.put(_received(self._wire))
        # Nothing comes any more: whoever waits is told, now and later.
        self._results.put([])


def _do(wire: socket.socket, work: Callable[[Given], Made]) -> None:
    """The life of a process: it ends when nobody is left at the other end of its wire, in whatever way that ended."""
    gc.set_threshold(_HARDLY_EVER)
    with suppress(EOFError, OSError):
        while True:
            _send(wire, _done(work, _unpacked(_received(wire))))


def _done(work: Callable[[Given], Made], given: Given) -> _Parts:
    """What came of the work, or its fault with the place of it."""
    try:
        return _packed((None, work(given)))
    except Exception as fault:  # noqa: BLE001 - raised again where it can be told
        fault.add_note("".join(format_exception(fault)))
        return _packed((fault, None))


def _packed(message: object) -> _Parts:
    beside: list[pickle.PickleBuffer] = []
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL, buffer_callback=beside.append)
    return packed, *(buffer.raw() for buffer in beside)


def _unpacked(parts: list[bytes]) -> Any:
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 - of a process of ours


def _send(wire: socket.socket, parts: _Parts) -> None:
    wire.sendall(_NUMBER.pack(len(parts)))
    for part in parts:
        wire.sendall(_NUMBER.pack(len(part)))
        wire.sendall(part)


def _received(wire: socket.socket) -> list[bytes]:
    """The parts of the next message. EOFError, or an OSError, where nobody is left who could send one."""
    return [_bytes(wire, _number(wire)) for _ in range(_number(wire))]


def _number(wire: socket.socket) -> int:
    number: int
    (number,) = _NUMBER.unpack(_bytes(wire, _NUMBER.size))
    return number


def _bytes(wire: socket.socket, size: int) -> bytes:
    """So many bytes, as a rule from one call, which puts them where they stay."""
    pieces = []
    while size:
        pieces.append(piece := wire.recv(size, socket.MSG_WAITALL))
        if not piece:
            raise EOFError
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
