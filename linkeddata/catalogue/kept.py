"""What is kept of each record, compressed: the source's document, the statements, what was mined and from what.

A record's four pieces stand one behind the other in a segment, a file that is written once. Every run
that changes something adds a segment; editions share them by hard links, and segments of which little
is still in use are written anew.
"""

from __future__ import annotations

import os
import threading
import weakref
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import zstandard

from linkeddata.errors import StoreError

#: Level 1 with longer matches and a smaller table: a fifteenth of the time less, a hundredth more bytes.
_PACKING: Final = zstandard.ZstdCompressionParameters(
    window_log=19, hash_log=13, min_match=7, strategy=zstandard.STRATEGY_FAST
)
#: Pieces are written so many bytes at a time.
_BUFFER = 1 << 20
#: The largest piece believed when reading, in bytes; a record's statements stay far below.
_LARGEST = 1 << 30
#: What a piece begins with tells its length (RFC 8878, section 3.1.1: magic number and frame header).
_LONGEST_HEAD = 18


class Pieces(NamedTuple):
    """Where a record's pieces stand: the number of the segment, the first byte, and the length of each."""

    segment: int
    start: int
    statements: int
    source: int
    mined: int
    clues: int

    @property
    def length(self) -> int:
        """Bytes of all four."""
        return self.statements + self.source + self.mined + self.clues


def pack(text: bytes) -> bytes:
    """A piece, compressed."""
    return _compressor(threading.get_ident()).compress(text)


@lru_cache
def _compressor(_thread: int) -> zstandard.ZstdCompressor:
    # One a thread: it is costly to make and not to be shared.
    return zstandard.ZstdCompressor(compression_params=_PACKING)


def unpack(piece: bytes) -> bytes:
    """The text of a piece; of no piece it is empty."""
    return _decompressor(threading.get_ident()).decompress(piece, max_output_size=_LARGEST) if piece else b""


@lru_cache
def _decompressor(_thread: int) -> zstandard.ZstdDecompressor:
    # As above: making one takes longer than a piece.
    return zstandard.ZstdDecompressor()


def _file(folder: Path, segment: int) -> Path:
    return folder / f"{segment:06d}.bin"


def segments(folder: Path) -> list[int]:
    """The numbers of the segments there are, in order."""
    return sorted(int(file.stem) for file in folder.glob("*.bin"))


def size(folder: Path, segment: int) -> int:
    """Bytes of a segment, those of pieces that nobody refers to any more included."""
    return _file(folder, segment).stat().st_size


def sizes(folder: Path) -> str:
    """Number and bytes of each segment, as an edition remembers them: `3:4711 4:815`."""
    return " ".join(f"{segment}:{size(folder, segment)}" for segment in segments(folder))


def check(folder: Path, told: str) -> None:
    """StoreError where a segment of those told (by `sizes`) is missing or cut short."""
    found = set(sizes(folder).split())
    if lacking := [each.partition(":")[0] for each in told.split() if each not in found]:
        raise StoreError(f"of the kept pieces, these are missing or cut short: {', '.join(lacking)}")


def share(folder: Path, target: Path) -> None:
    """Let a new folder hold the same segments, by hard links."""
    target.mkdir()
    for segment in segments(folder):
        os.link(_file(folder, segment), _file(target, segment))


def discard(folder: Path, segment: int) -> None:
    """Take a segment out of a folder; others that share it keep it."""
    _file(folder, segment).unlink()


class KeptWriter:
    """Appends to a new segment, which is begun with its first piece; `end` is its length."""

    def __init__(self, folder: Path, segment: int) -> None:
        self.segment = segment
        self._path = _file(folder, segment)
        self._file: BinaryIO | None = None
        self.end = 0

    def append(self, statements: bytes, source: bytes, mined: bytes, clues: bytes) -> Pieces:
        """Keep the (packed) pieces of a record."""
        lengths = map(len, (statements, source, mined, clues))
        return Pieces(self.segment, self._append(b"".join((statements, source, mined, clues))), *lengths)

    def copy(self, pieces: Pieces, packed: bytes) -> Pieces:
        """Keep pieces that stood elsewhere."""
        return pieces._replace(segment=self.segment, start=self._append(packed))

    def _append(self, packed: bytes) -> int:
        if self._file is None:
            self._file = self._path.open("xb", buffering=_BUFFER)
        self._file.write(packed)
        start, self.end = self.end, self.end + len(packed)
        return start

    def flush(self) -> None:
        """What was appended can be read when this returns."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class KeptReader:
    """Reads the segments of a folder; threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._segments = {segment: _Segment(_file(folder, segment)) for segment in segments(folder)}

    def statements(self, pieces: Pieces) -> bytes:
        """N-Triples lines: first those about the record's own things."""
        return self._read(pieces, 0, pieces.statements)

    def length(self, pieces: Pieces) -> int:
        """How many bytes `statements` are, by what stands before them."""
        head = self._found(pieces, 0, min(pieces.statements, _LONGEST_HEAD))
        try:
            return zstandard.frame_content_size(head)
        except zstandard.ZstdError as problem:
            raise StoreError(f"the kept pieces {pieces.segment} are damaged: {problem!r}") from problem

    def source(self, pieces: Pieces) -> bytes:
        """The source's document."""
        return self._read(pieces, pieces.statements, pieces.source)

    def mined(self, pieces: Pieces) -> bytes:
        """N-Triples lines that were mined; empty where nothing was."""
        return self._read(pieces, pieces.statements + pieces.source, pieces.mined)

    def clues(self, pieces: Pieces) -> bytes:
        """What was mined from which text (JSON); empty where nothing was."""
        return self._read(pieces, pieces.length - pieces.clues, pieces.clues)

    def spoken(self, pieces: Pieces) -> tuple[bytes, bytes]:
        """Statements and mined statements, packed."""
        packed, end = self.packed(pieces), pieces.statements + pieces.source
        return packed[: pieces.statements], packed[end : end + pieces.mined]

    def packed(self, pieces: Pieces) -> bytes:
        """All four as they stand, for `KeptWriter.copy`."""
        return self._found(pieces, 0, pieces.length)

    def _read(self, pieces: Pieces, offset: int, length: int) -> bytes:
        try:
            return unpack(self._found(pieces, offset, length))
        except zstandard.ZstdError as problem:
            raise StoreError(f"the kept pieces {pieces.segment} are damaged: {problem!r}") from problem

    def _found(self, pieces: Pieces, offset: int, length: int) -> bytes:
        try:
            return self._segments[pieces.segment].read(pieces.start + offset, length)
        except (KeyError, OSError) as problem:
            raise StoreError(f"the kept pieces {pieces.segment} are damaged: {problem!r}") from problem


class _Segment:
    """A file that is read at places. It goes when its last reader goes.

    It is not mapped: of a mapped file the system shows a process much around every place that it read, and where the
    disk fails, or the file was cut, it ends the process.
    """

    def __init__(self, file: Path) -> None:
        try:
            self._file = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as problem:
            raise StoreError(f"the kept pieces {file.name} cannot be read: {problem}") from problem
        weakref.finalize(self, os.close, self._file)
        self._size = os.fstat(self._file).st_size
        if not self._size:
            raise StoreError(f"the kept pieces {file.name} cannot be read: there is nothing in them")

    def read(self, start: int, length: int) -> bytes:
        """So many bytes from a place; OSError where they are not all there."""
        # A length that is damaged would ask for all memory.
        if not 0 <= start <= start + length <= self._size or len(found := os.pread(self._file, length, start)) < length:
            raise OSError("the file ends before")
        return found
