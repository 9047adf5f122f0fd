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
#: So many bytes tell how long the next thing is.
_SIZE = 4


class LaidBy(Generic[T]):
    """Plain values, laid by in a folder: the file has no name there, and goes with whoever holds it."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder, buffering=_BUFFER)  # noqa: SIM115 - closed by `close`

    def put(self, thing: T) -> None:
        """Lay by one more. OSError where the disk is full."""
        packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        self._file.write(len(packed).to_bytes(_SIZE))
        self._file.write(packed)

    def taken(self) -> Iterator[T]:
        """All that was laid by, one at a time; no more is put then. ValueError once it is closed."""
        self._file.seek(0)
        # Not by `pickle.load`, which looks ahead anew for each of them: that takes ten times as long.
        while size := self._file.read(_SIZE):
            yield pickle.loads(self._file.read(int.from_bytes(size)))  # noqa: S301 - nobody else can open the file

    def close(self) -> None:
        """Nothing of it is left; whoever is taking from it, in whatever thread, gets no further."""
        # What does not fit on the disk any more is not wanted any more.
        with suppress(OSError):
            self._file.close()
