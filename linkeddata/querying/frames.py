"""Messages between the pool and its query processes: a small JSON head and a body, with their lengths before."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

Message = tuple[dict[str, Any], bytes]
LENGTHS: Final = struct.Struct(">II")
_BEGINNING, _PIECE = 1 << 12, 1 << 20


def start(head: Mapping[str, Any], body_length: int = 0) -> bytes:
    """What stands before the body of a message, which may be many megabytes and is not copied for it."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), body_length) + text


def read(file: BinaryIO) -> Message | None:
    """The next message, waiting for it; None at the end."""
    lengths = file.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack(lengths)
    return json.loads(file.read(head)), file.read(body)


class Arriving:
    """A message that comes in pieces; a large body is put together once, at its end."""

    def __init__(self) -> None:
        self._start = bytearray()
        self._head: dict[str, Any] | None = None
        self._pieces: list[bytes] = []
        self._missing = 0

    @property
    def wanted(self) -> int:
        """So many bytes are best read next: first those of the head, so that what comes of the body is not copied."""
        return _BEGINNING if self._head is None else min(self._missing, _PIECE)

    def add(self, piece: bytes) -> Message | None:
        """The whole message with its last piece, else None."""
        if self._head is None:
            self._start += piece
            piece = self._begun()
        if self._head is None:
            return None
        self._pieces.append(piece)
        self._missing -= len(piece)
        return None if self._missing else (self._head, b"".join(self._pieces))

    def _begun(self) -> bytes:
        """Read the head once it is there; what has come of the body."""
        if len(self._start) < LENGTHS.size:
            return b""
        head, body = LENGTHS.unpack_from(self._start)
        middle = LENGTHS.size + head
        if len(self._start) < middle:
            return b""
        self._head, self._missing = json.loads(self._start[LENGTHS.size : middle]), body
        return bytes(self._start[middle:])
