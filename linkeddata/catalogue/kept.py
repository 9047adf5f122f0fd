"""What is kept of each record, compressed, one piece behind the other in a file that only grows.

A piece is the source's document or the record's statements. A finished file never changes, so
editions share it by hard links.
"""

from __future__ import annotations

import mmap
import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import zstandard

_LEVEL = 1
#: The largest piece believed when reading, in bytes; a record's statements stay far below.
_LARGEST = 1 << 30


class Place(NamedTuple):
    """Where a piece stands in its file: first byte and length."""

    start: int
    length: int


def pack(text: bytes) -> bytes:
    """A piece, compressed."""
    return _compressor(threading.get_ident()).compress(text)


@lru_cache
def _compressor(_thread: int) -> zstandard.ZstdCompressor:
    # One a thread: it is costly to make and not to be shared.
    return zstandard.ZstdCompressor(level=_LEVEL)


def unpack(piece: bytes) -> bytes:
    """The text of a piece."""
    return zstandard.ZstdDecompressor().decompress(piece, max_output_size=_LARGEST)


class KeptWriter:
    """Appends pieces to a new file."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("xb")
        self._end = 0

    def append(self, piece: bytes) -> Place:
        self._file.write(piece)
        place = Place(self._end, len(piece))
        self._end += len(piece)
        return place

    def close(self) -> None:
        """Everything is on disk when this returns."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Close without caring whether anything is on disk."""
        self._file.close()


class KeptReader:
    """Reads pieces of a finished file, which holds at least one; threads may share it."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            # Mapped rather than held open: it goes when its last reader goes.
            self._map = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)

    def read(self, place: Place) -> bytes:
        """The text of the piece at a place; empty where no piece is."""
        return b"" if place.length == 0 else unpack(self._map[place.start : place.start + place.length])
