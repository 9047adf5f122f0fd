"""A location that is a folder: on another disk, or one that is shared by the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from linkeddata.catalogue.folder import sync, told_when_full
from linkeddata.catalogue.lock import locked
from linkeddata.errors import SourceError
from linkeddata.replication.index import is_ours
from linkeddata.replication.location import Passed

_BESIDE: Final = ".unfinished"
_CHUNK: Final = 1 << 20


class InFolder:
    """A folder; `push` makes it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.shown = str(path)

    def read(self, name: str) -> bytes | None:
        """A small file."""
        with _told(self.shown):
            file = self._path / name
            return file.read_bytes() if file.exists() else None

    def fetch(self, name: str, into: Path, size: int, passed: Passed) -> None:
        """Append what a file lacks of another. A fault of the disk that is written is not ours to tell."""
        with _told(self.shown):
            there = (self._path / name).open("rb")
        with there, into.open("ab") as here:
            there.seek(here.tell())
            while here.tell() < size and (chunk := there.read(min(_CHUNK, size - here.tell()))):
                here.write(chunk)
                passed(len(chunk))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder; StoreLocked where another process of this machine has it, DiskFull where it has no room."""
        with told_when_full(self._path), locked(self._path):
            self._clear()
            yield

    def _clear(self) -> None:
        """Remove the halves that a run left which did not finish."""
        for half in self._path.glob(f"*/*{_BESIDE}"):
            if is_ours(half.relative_to(self._path).as_posix().removesuffix(_BESIDE)):
                half.unlink()

    def sizes(self, under: str) -> Mapping[str, int]:
        """The files of a folder."""
        files = (file for file in (self._path / under).glob("*") if file.is_file())
        return {f"{under}/{file.name}": file.stat().st_size for file in files}

    def write(self, name: str, text: bytes) -> None:
        """Put a small file there, by a rename."""
        beside = self._beside(name)
        beside.write_bytes(text)
        self._settle(beside, name)

    def send(self, name: str, file: Path) -> None:
        """Put a file there, by a rename."""
        beside = self._beside(name)
        shutil.copyfile(file, beside)
        self._settle(beside, name)

    def remove(self, names: Iterable[str]) -> None:
        """Take files away."""
        for name in names:
            (self._path / name).unlink(missing_ok=True)

    def _beside(self, name: str) -> Path:
        place = self._path / f"{name}{_BESIDE}"
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def _settle(self, beside: Path, name: str) -> None:
        sync(beside)
        beside.rename(self._path / name)
        sync((self._path / name).parent)


@contextmanager
def _told(place: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise SourceError(f"{place} cannot be read: {os.strerror(fault.errno or 0)} ({fault.filename})") from fault
