"""Work done beside other work: things handed to a reader that goes on by itself, and written behind their writer.

The store's loader and compressor run outside the interpreter lock, so one more thread keeps both
processors busy.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, Full, Queue
from time import sleep
from typing import Any, BinaryIO, Generic, TypeVar

T = TypeVar("T")
_LOOK_SECONDS = 0.2
_GLANCE_SECONDS = 0.01
_HEAVY = 1 << 25


class _Abandoned(Exception):
    """Ends a reader whose work is not wanted any more."""


class Handed(Generic[T]):
    """Things handed one by one to a reader in a thread of its own; `ahead` of them may wait, and no more than
    come to `_HEAVY` bytes as `weigh` tells."""

    def __init__(self, reader: Callable[[Iterator[T]], None], ahead: int, weigh: Callable[[T], int]) -> None:
        self._waiting: Queue[T | None] = Queue(ahead)
        self._weigh, self._given, self._taken = weigh, 0, 0
        self._abandoned = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._reading = self._thread.submit(reader, self._handed())

    def _handed(self) -> Iterator[T]:
        while (thing := self._waiting.get()) is not None:
            self._taken += self._weigh(thing)
            yield thing
        if self._abandoned:
            raise _Abandoned

    def give(self, thing: T) -> None:
        """Hand one over. When the reader has failed, its error is raised here."""
        while self._given - self._taken > _HEAVY and not self._reading.done():
            sleep(_GLANCE_SECONDS)
        self._put(thing)
        self._given += self._weigh(thing)

    def end(self) -> None:
        """There are no more: the reader has done with all when this returns. Its error is raised here."""
        self._put(None)
        self._thread.shutdown()
        self._reading.result()

    def abandon(self) -> None:
        """The rest will not come; the reader's work is worth nothing."""
        self._abandoned = True
        while not self._reading.done():
            # Room for the end, whatever waits.
            with suppress(Empty):
                self._waiting.get_nowait()
            with suppress(Full):
                self._waiting.put(None, timeout=_LOOK_SECONDS)
        self._thread.shutdown()

    def _put(self, thing: T | None) -> None:
        while True:
            if self._reading.done():
                self._reading.result()
                return None
            try:
                return self._waiting.put(thing, timeout=_LOOK_SECONDS)
            except Full:
                continue


class Beside:
    """A piece of work that goes on in a thread of its own."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._going = self._thread.submit(work)

    def end(self) -> None:
        """It is done when this returns. Its error is raised here."""
        self.abandon()
        self._going.result()

    def abandon(self) -> None:
        """It is done when this returns, in whatever way it ended."""
        self._thread.shutdown()


class WrittenBehind(io.RawIOBase):
    """A file whose last piece is still being written while the next one is made."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._going: Future[int] | None = None

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        """Take a piece; an error of the one before is raised here."""
        self._wait()
        held = bytes(piece)
        self._going = self._thread.submit(self._file.write, held)
        return len(held)

    def close(self) -> None:
        """Everything has been handed to the file when this returns; the file stays open."""
        try:
            self._wait()
        finally:
            self._thread.shutdown()
            super().close()

    def _wait(self) -> None:
        if self._going is not None:
            self._going.result()
            self._going = None
