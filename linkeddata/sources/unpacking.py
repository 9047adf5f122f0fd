"""Packed bytes to plain ones: gzip and Zstandard, known by their first bytes, in pieces of bounded size."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import zstandard

from linkeddata.errors import SourceError

PIECE = 256 * 1024  # bytes asked for, and unpacked, at a time
LONGEST_MAGIC = 4

_GZIP_WINDOW = 16 + zlib.MAX_WBITS  # zlib's way of saying: expect a gzip header
# What zstd(1) itself unpacks without --long: a file that asks for a larger window asks for the memory too.
_ZSTD_WINDOW = 1 << 27
# A block of 128 KiB may be written in 4 bytes (RFC 8878, 3.1.1.2), so few bytes are given at a time.
_ZSTD_BITE = 512


def unpacked(pieces: Iterator[bytes], head: bytes, name: str) -> Iterator[bytes]:
    """The plain bytes, whatever the file is called; `head` is how they begin."""
    for magic, unpack in _BY_MAGIC.items():
        if head.startswith(magic):
            return unpack(pieces, name)
    return pieces


def gunzipped(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The content of one gzip member after another; zeros after a member are padding (tapes, gzip(1)).

    A `SourceError`, where it is corrupt or cut short.
    """
    member = None
    for piece in pieces:
        packed = piece
        while packed:
            if member is None:
                member = zlib.decompressobj(_GZIP_WINDOW)
            if unpacked_now := _inflate(member, packed, f"{name}: the gzip file"):
                yield unpacked_now
            packed = member.unconsumed_tail
            if member.eof:
                packed, member = member.unused_data.lstrip(b"\0"), None
    if member is not None:
        raise SourceError(f"{name}: the gzip file is cut short")


def inflated(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The content of what HTTP calls `deflate` (RFC 9110, 8.4.1.2): zlib's form, or the bare stream that some send.

    A `SourceError`, where it is corrupt or cut short. What follows its end is left alone.
    """
    stream = None
    for piece in pieces:
        stream, packed = stream or zlib.decompressobj(_window(piece)), piece
        while packed:
            if unpacked_now := _inflate(stream, packed, f"{name}: the deflate stream"):
                yield unpacked_now
            packed = stream.unconsumed_tail
    # A bare stream has no checksum behind it: all of it may have been taken in, and some still be held back.
    if stream is not None and not stream.eof and (held := _inflate(stream, b"", f"{name}: the deflate stream")):
        yield held
    if stream is not None and not stream.eof:
        raise SourceError(f"{name}: the deflate stream is cut short")


def _window(head: bytes) -> int:
    """The low half of zlib's first byte is 8, the method (RFC 1950, 2.2); no bare stream of a compressor begins so."""
    return zlib.MAX_WBITS if head[0] & 0x0F == 8 else -zlib.MAX_WBITS


def _inflate(member: zlib._Decompress, packed: bytes, what: str) -> bytes:
    try:
        return member.decompress(packed, PIECE)
    except zlib.error as error:
        raise SourceError(f"{what} is corrupt: {error}") from error


def _from_zstd(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The content of one frame after another; a frame that does not end is an error (RFC 8878, 3.1)."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame = None
    for bite in _bites(pieces):
        packed = bite
        while packed:
            frame = frame or unpacker.decompressobj()
            if unpacked_now := _expand(frame, packed, name):
                yield from _bites(iter([unpacked_now]), PIECE)
            packed, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    if frame is not None:
        raise SourceError(f"{name}: the zst file is cut short")


def _bites(pieces: Iterator[bytes], size: int = _ZSTD_BITE) -> Iterator[bytes]:
    for piece in pieces:
        for at in range(0, len(piece), size):
            yield piece[at : at + size]


def _expand(frame: zstandard.ZstdDecompressionObj, packed: bytes, name: str) -> bytes:
    try:
        return frame.decompress(packed)
    except zstandard.ZstdError as error:
        reason = str(error).removeprefix("zstd decompressor error: ")
        raise SourceError(f"{name}: the zst file is corrupt or needs too much memory: {reason}") from error


_ZSTD = b"\x28\xb5\x2f\xfd"  # RFC 8878, 3.1.1
_SKIPPABLE = tuple(bytes((0x50 + each, 0x2A, 0x4D, 0x18)) for each in range(16))  # RFC 8878, 3.1.2; pzstd begins so
_BY_MAGIC: Mapping[bytes, Callable[[Iterator[bytes], str], Iterator[bytes]]] = MappingProxyType(
    {b"\x1f\x8b": gunzipped, **dict.fromkeys((_ZSTD, *_SKIPPABLE), _from_zstd)}  # RFC 1952, 2.3.1
)
