"""Messages between the pool and its query processes: a small JSON head and a body, with their lengths before."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

LENGTHS: Final = struct.Struct(">II")


def frame(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """One message as bytes."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def read(file: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message, waiting for it; None at the end."""
    lengths = file.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack(lengths)
    return json.loads(file.read(head)), file.read(body)


def taken(buffer: bytearray) -> tuple[dict[str, Any], bytes] | None:
    """The message that a buffer holds from its start, or None while it is incomplete."""
    if len(buffer) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack_from(buffer)
    middle = LENGTHS.size + head
    if len(buffer) < middle + body:
        return None
    return json.loads(buffer[LENGTHS.size : middle]), bytes(memoryview(buffer)[middle : middle + body])
