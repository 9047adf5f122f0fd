"""Files of a job: each is written beside its name and renamed, so that a task that is done twice, or killed, leaves a
whole file or none; their checksums are made on the way."""

from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, cast
from uuid import uuid4

from linkeddata.mapped import Listed

#: Of zlib: sorted statements lose more than nine tenths even so.
_LEVEL: Final = 1
_BUFFER: Final = 1 << 20


class _Summed(io.RawIOBase):
    """Hands pieces on to a file; knows their hash and size."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.hash, self.size = file, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        self._file.write(piece)
        self.hash.update(piece)
        self.size += len(piece)
        return len(piece)


class Written:
    """A file in the making, there under its name once the block ends well. `listed` tells of it afterwards."""

    def __init__(self, path: Path, *, packed: bool = False) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.{uuid4().hex}")
        self._raw = self._beside.open("xb")
        self._summed = _Summed(self._raw)
        buffered = cast(BinaryIO, io.BufferedWriter(self._summed, _BUFFER))
        self._layers = [_zipped(buffered), buffered] if packed else [buffered]

    def write(self, piece: bytes) -> None:
        self._layers[0].write(piece)

    def listed(self, count: int, begins: str = "") -> Listed:
        """The file as a manifest lists it."""
        name = f"{self._path.parent.name}/{self._path.name}"
        return Listed(name, self._summed.size, self._summed.hash.hexdigest(), count, begins)

    def __enter__(self) -> Written:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, _at: TracebackType | None) -> None:
        try:
            for layer in self._layers:
                layer.close()
        finally:
            self._raw.close()
            if kind is not None:
                self._beside.unlink()
        if kind is None:
            self._beside.replace(self._path)


def _zipped(file: BinaryIO) -> BinaryIO:
    # Neither name nor time: the same lines give the same bytes.
    return cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=_LEVEL, mtime=0))
