"""Names and moves within a data directory: the draft, the editions, and which of them is served.

draft/          the one writer's workshop, locked
editions/N/     store, register, search index, kept pieces, dump, dataset description, report: never changed
current         a link to the edition that is served
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

STORE, REGISTER, KEPT, DUMP, DATASET = "store", "register.sqlite", "kept", "dump.nq.gz", "dataset.nt"
REPORT: Final = "report.json"
#: Made anew where it is missing; without it an edition can be read but not searched.
SEARCH: Final = "search.sqlite"
DRAFT, EDITIONS, CURRENT = "draft", "editions", "current"
_UNFINISHED = ".unfinished"
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


def size(folder: Path) -> int:
    """Bytes on disk of everything below a folder, what other folders share included."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
