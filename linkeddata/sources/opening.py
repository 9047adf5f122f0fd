"""From a location to bytes, in pieces of bounded size, so that no file is ever held whole."""

from __future__ import annotations

import itertools
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from linkeddata.errors import SourceError

PIECE = 256 * 1024  # bytes asked for, and unpacked, at a time
SNIFFED = 64 * 1024  # bytes looked at before the kind or the shape of a source is settled

_GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, 2.3.1
_GZIP_WINDOW = 16 + zlib.MAX_WBITS  # zlib's way of saying: expect a gzip header


@contextmanager
def opened(location: str, stdin: BinaryIO | None) -> Iterator[Iterator[bytes]]:
    """The unpacked bytes of a file; for `-`, of `stdin` or the process's own, which stays open."""
    with nullcontext(stdin or sys.stdin.buffer) if location == "-" else _file(location) as stream:
        yield unpacked(_pieces(stream, location), location)


def unpacked(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The same bytes, gunzipped if they begin like gzip, whatever the file is called."""
    head, pieces = peeked(pieces, enough=lambda seen: len(seen) >= len(_GZIP_MAGIC))
    return _gunzipped(pieces, name) if head.startswith(_GZIP_MAGIC) else pieces


def peeked(pieces: Iterator[bytes], *, enough: Callable[[bytes], bool]) -> tuple[bytes, Iterator[bytes]]:
    """The beginning, at least until it is `enough` or 64 KiB long, and the bytes as if nobody had looked.

    A source that breaks off meanwhile does so only once its beginning has been read.
    """
    head = b""
    try:
        for piece in pieces:
            head += piece
            if len(head) >= SNIFFED or enough(head):
                break
    except SourceError as error:
        pieces = _breaking(error)
    return head, itertools.chain([head] if head else [], pieces)


def _breaking(error: SourceError) -> Iterator[bytes]:
    yield from ()
    raise error


def _file(location: str) -> BinaryIO:
    try:
        return Path(location).open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise SourceError(f"{location}: cannot be opened: {_reason(error)}") from error


def _pieces(stream: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        while piece := stream.read(PIECE):
            yield piece
    except OSError as error:  # a directory that opens, a disk or a network share that gives up
        raise SourceError(f"{name}: cannot be read: {_reason(error)}") from error


def _gunzipped(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The content of one gzip member after another; zeros after a member are padding (tapes, gzip(1))."""
    member = None
    for piece in pieces:
        packed = piece
        while packed:
            if member is None:
                member = zlib.decompressobj(_GZIP_WINDOW)
            if unpacked_now := _inflate(member, packed, name):
                yield unpacked_now
            packed = member.unconsumed_tail
            if member.eof:
                packed, member = member.unused_data.lstrip(b"\0"), None
    if member is not None:
        raise SourceError(f"{name}: the gzip file is cut short")


def _inflate(member: zlib._Decompress, packed: bytes, name: str) -> bytes:
    try:
        return member.decompress(packed, PIECE)
    except zlib.error as error:
        raise SourceError(f"{name}: the gzip file is corrupt: {error}") from error


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
