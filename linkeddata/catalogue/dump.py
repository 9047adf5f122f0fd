"""The dump of an edition: all its statements as N-Quads, compressed, and its checksum.

The same statements give the same bytes: the store's order depends on nothing else, and the
compressed file carries no name and no time.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from linkeddata.catalogue.ahead import WrittenBehind

_LEVEL = 6
_PIECE = 1 << 20


class Dumps(Protocol):
    """A store that can write itself as N-Quads."""

    def dump(self, file: BinaryIO) -> None: ...


def write_dump(store: Dumps, file: Path) -> str:
    """Write the dump, and its SHA-256 beside it (`….sha256`, as `sha256sum -c` reads it); gives the digest."""
    with file.open("wb") as raw:
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=_LEVEL, mtime=0) as packed,
            io.BufferedWriter(WrittenBehind(cast(BinaryIO, packed)), _PIECE) as written,
        ):
            store.dump(written)
        raw.flush()
        os.fsync(raw.fileno())
    with file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    file.with_name(f"{file.name}.sha256").write_text(f"{digest}  {file.name}\n", "ascii")
    return digest
