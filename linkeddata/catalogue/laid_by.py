"""Things laid by until there is time for them: in a file, so that memory stays flat, and in their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

_BUFFER = 1 << 20
#: So many bytes tell how long the next thing is.
_SIZE = 4


class LaidBy:
    """Pieces, laid by in a folder: the file has no name there, and goes with whoever holds it."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder, buffering=_BUFFER)  # noqa: SIM115 - closed by `close`

    def put(self, piece: bytes) -> None:
        """Lay by one more. OSError where the disk is full."""
        self._file.write(len(piece).to_bytes(_SIZE))
        self._file.write(piece)

    def taken(self) -> Iterator[bytes]:
        """All that was laid by, one at a time; no more is put then. ValueError once it is closed."""
        self._file.seek(0)
        while size := self._file.read(_SIZE):
            yield self._file.read(int.from_bytes(size))

    def close(self) -> None:
        """Nothing of it is left; whoever is taking from it, in whatever thread, gets no further."""
        # What does not fit on the disk any more is not wanted any more.
        with suppress(OSError):
            self._file.close()
