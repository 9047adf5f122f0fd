"""Names and moves within a data directory: the draft, the editions, and which of them is served.

draft/          the one writer's workshop, locked
editions/N/     store, register, search index, kept pieces, dump, dataset description, report: never changed
current         a link to the edition that is served
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from linkeddata.errors import DiskFull

STORE, REGISTER, KEPT, DATASET = "store", "register.sqlite", "kept", "dataset.nt"
DUMPED: Final = "dump"
DUMP: Final = f"{DUMPED}.nq.gz"
REPORT: Final = "report.json"
#: In the folder of an edition that was published to a server: its dump is sorted, and it has no store.
ORDERED: Final = "dump.sorted"
#: Made anew where it is missing; without it an edition can be read but not searched.
SEARCH: Final = "search.sqlite"
DRAFT, EDITIONS, CURRENT = "draft", "editions", "current"
_UNFINISHED = ".unfinished"
#: The system's words, which the store passes on, and SQLite's.
_NO_ROOM: Final = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT), "database or disk is full")
_NUMBER = re.compile(r"[0-9]{6,}")


def edition_folder(directory: Path, number: int) -> Path:
    """Where an edition lives."""
    return directory / EDITIONS / f"{number:06d}"


def numbers(directory: Path) -> list[int]:
    """The numbers of the editions there are, oldest first."""
    folders = (directory / EDITIONS).glob("*")
    return sorted(int(folder.name) for folder in folders if _NUMBER.fullmatch(folder.name))


def current_folder(directory: Path) -> Path | None:
    """The folder of the edition served now, or None; cheap enough to ask at every request."""
    link = directory / CURRENT
    return directory / link.readlink() if link.is_symlink() else None


def serve(directory: Path, edition: Path) -> None:
    """Serve an edition from now on: one rename of a link."""
    beside = directory / f"{CURRENT}{_UNFINISHED}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(edition.relative_to(directory))
    beside.rename(directory / CURRENT)
    sync(directory)


def clear(directory: Path) -> None:
    """Remove what a run left that did not finish."""
    for leftover in (directory / DRAFT, *directory.glob(f"{EDITIONS}/*{_UNFINISHED}")):
        shutil.rmtree(leftover, ignore_errors=True)


def settle(draft: Path, edition: Path) -> None:
    """Make a finished draft an edition: everything is on disk, and then it has its name, when this returns."""
    for folder, _, files in os.walk(draft):
        for name in files:
            sync(Path(folder) / name)
        sync(Path(folder))
    edition.parent.mkdir(exist_ok=True)
    draft.rename(edition)
    sync(edition.parent)


def sync(path: Path) -> None:
    """A file, or the names in a folder, are on disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def told_when_full(directory: Path) -> Iterator[None]:
    """DiskFull instead of whatever says within that there is no room left, be it the system, SQLite or the store."""
    try:
        yield
    except Exception as problem:
        if any(words in str(problem) for words in _NO_ROOM):
            raise DiskFull(
                f"there is no room left on the disk of {directory}; what was served is served still"
            ) from problem
        raise


def size(folder: Path) -> int:
    """Bytes on disk of everything below a folder, what other folders share included."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
