"""Work done beside other work: pieces made ahead of their reader, and written behind their writer.

The store's loader and compressor run outside the interpreter lock, so one more thread keeps both
processors busy.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO


def made_ahead(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, the next one being made while one is read. What making raises passes through."""
    source = iter(pieces)
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        coming = thread.submit(next, source, None)
        while (piece := coming.result()) is not None:
            coming = thread.submit(next, source, None)
            yield piece


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
