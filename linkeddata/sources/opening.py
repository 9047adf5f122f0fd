"""From a location to bytes, in pieces of bounded size, so that no file is ever held whole."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from linkeddata.errors import SourceError
from linkeddata.sources.unpacking import LONGEST_MAGIC, PIECE, unpacked

SNIFFED = 64 * 1024  # bytes looked at before the kind or the shape of a source is settled


@contextmanager
def opened(location: str, stdin: BinaryIO | None) -> Iterator[Iterator[bytes]]:
    """The unpacked bytes of a file; for `-`, of `stdin` or the process's own, which stays open."""
    with nullcontext(stdin or sys.stdin.buffer) if location == "-" else _file(location) as stream:
        yield _plain(_pieces(stream, location), location)


def _plain(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    head, pieces = peeked(pieces, enough=lambda seen: len(seen) >= LONGEST_MAGIC)
    return unpacked(pieces, head, name)


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


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
