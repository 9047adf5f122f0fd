"""Things laid by until there is time for them: in a file, so that memory stays flat, and in their order."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Generic, TypeVar

T = TypeVar("T")
_BUFFER = 1 << 20


class LaidBy(Generic[T]):
    """Plain values, laid by in a folder: the file has no name there, and goes with whoever holds it."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder, buffering=_BUFFER)  # noqa: SIM115 - closed by `close`

    def put(self, thing: T) -> None:
        """Lay by one more. OSError where the disk is full."""
        pickle.dump(thing, self._file, pickle.HIGHEST_PROTOCOL)

    def taken(self) -> Iterator[T]:
        """All that was laid by, one at a time; no more is put then. ValueError once it is closed."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)  # noqa: S301 - nobody else can open it

    def close(self) -> None:
        """Nothing of it is left; whoever is taking from it, in whatever thread, gets no further."""
        # What does not fit on the disk any more is not wanted any more.
        with suppress(OSError):
            self._file.close()
