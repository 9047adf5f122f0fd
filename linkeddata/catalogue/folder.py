"""Names and moves within a data directory: the draft, the editions, and which of them is served.

draft/          the one writer's workshop, locked
editions/N/     store, register, search index, kept pieces, dump, dataset description, report: never changed
current         a link to the edition that is served
current.next    a link to one that is about to be served: what it names was never served, and goes with the
                run that did not come to its end
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

from linkeddata.errors import DiskFull, StoreError

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
_NEXT = f"{CURRENT}.next"
#: The system's words, which the store passes on, and SQLite's: the disk is full, or the share of it that one may have,
#: or a file grew beyond what one may write (`ulimit -f`).
_NO_ROOM: Final = (*map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)), "database or disk is full")
#: The disk itself fails, or may not be written; SQLite says no more than this.
_NO_DISK: Final = (*map(os.strerror, (errno.EIO, errno.EROFS)), "disk I/O error")
#: SQLite's words for a file that is not what was written.
_DAMAGED: Final = ("database disk image is malformed", "file is not a database")
#: There is no such link, or something that is none.
_NO_LINK: Final = (errno.ENOENT, errno.ENOTDIR, errno.EINVAL)
_NUMBER = re.compile(r"[0-9]{6,}")


def edition_folder(directory: Path, number: int) -> Path:
    """Where an edition lives."""
    return directory / EDITIONS / f"{number:06d}"


def numbers(directory: Path) -> list[int]:
    """The numbers of the editions there are, oldest first."""
    try:
        names = os.listdir(directory / EDITIONS)  # noqa: PTH208 - a `Path` tells nobody that it may not look
    except FileNotFoundError:
        return []
    return sorted(int(name) for name in names if _NUMBER.fullmatch(name))


def forbidden(edition: Path) -> Path | None:
    """What of an edition this user may not read; None where it is all of it, or is not there."""
    try:
        files = (edition, *edition.rglob("*")) if edition.exists() else ()
    except PermissionError:
        return edition
    return next((file for file in files if not _may_read(file)), None)


def _may_read(file: Path) -> bool:
    # By the rights that this process acts with, as opening does.
    return os.access(file, os.R_OK | (os.X_OK if file.is_dir() else 0), effective_ids=True)


def current_mark(directory: str) -> str | None:
    """What tells the edition served now from others, or None; one call to the system, as every request asks."""
    try:
        return os.readlink(f"{directory}/{CURRENT}")  # noqa: PTH115 - making paths takes ten times as long
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        return None


def current_folder(directory: Path) -> Path | None:
    """The folder of the edition served now, or None; StoreError where something else than a link is in its place."""
    mark, link = current_mark(str(directory)), directory / CURRENT
    if mark is None and link.exists():
        raise StoreError(
            f"{link} is no link, as it is after a copy that follows links; remove it (the editions are beside it), "
            "then linkeddata rollback serves the newest of them"
        )
    return directory / mark if mark is not None else None


def serve(directory: Path, edition: Path) -> None:
    """Serve an edition that was served before: one rename of a link."""
    beside = directory / f"{CURRENT}{_UNFINISHED}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(edition.relative_to(directory))
    beside.rename(directory / CURRENT)
    sync(directory)


def clear(directory: Path) -> None:
    """Remove what a run left that did not finish, an edition included that was finished but never served."""
    for leftover in (directory / DRAFT, *directory.glob(f"{EDITIONS}/*{_UNFINISHED}")):
        shutil.rmtree(leftover, ignore_errors=True)
    for beside in directory.glob(f"*{_UNFINISHED}"):
        beside.unlink()
    announced = directory / _NEXT
    if announced.is_symlink():
        edition = directory / announced.readlink()
        if edition != current_folder(directory) and edition.exists():
            remove(edition)
        announced.unlink()


@contextmanager
def workshop(directory: Path) -> Iterator[Path]:
    """The folder of a draft, empty; whatever happens within, nothing of it is left afterwards."""
    clear(directory)
    draft = directory / DRAFT
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def settle(draft: Path, edition: Path) -> None:
    """Make a finished draft an edition that is to be served next: everything is on disk when this returns."""
    for folder, _, files in os.walk(draft):
        # The store has seen to its own files when it was closed, an earlier edition to those it shares.
        fresh = [Path(folder) / name for name in files if Path(folder).name != STORE]
        for file in (file for file in fresh if file.stat().st_nlink == 1):
            sync(file)
        sync(Path(folder))
    announce(draft.parent, edition)
    edition.parent.mkdir(exist_ok=True)
    draft.rename(edition)
    sync(edition.parent)


def announce(directory: Path, edition: Path) -> None:
    """Note that an edition is about to be put in its place, to be served next."""
    (directory / _NEXT).symlink_to(edition.relative_to(directory))
    sync(directory)


def announced(directory: Path) -> Path | None:
    """The folder of the edition that is to be served next, or None."""
    note = directory / _NEXT
    return directory / note.readlink() if note.is_symlink() else None


def serve_next(directory: Path) -> None:
    """Serve the edition that was settled last: one rename, before which it is nothing and after which it is all."""
    (directory / _NEXT).rename(directory / CURRENT)
    sync(directory)


def remove(edition: Path) -> None:
    """Remove an edition. One that is half gone has not the name of one any more."""
    leaving = edition.with_name(f"{edition.name}{_UNFINISHED}")
    edition.rename(leaving)
    shutil.rmtree(leaving)


def sync(path: Path) -> None:
    """A file, or the names in a folder, are on disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def told_when_full(directory: Path) -> Iterator[None]:
    """DiskFull instead of whatever says within that there is no room left, be it the system, SQLite or the store;
    StoreError with the place where the disk fails, or what was published before is damaged."""
    try:
        yield
    except Exception as problem:
        said, ending = str(problem), "what was served is served still"
        if words := _among(_NO_ROOM, said):
            raise DiskFull(f"there is no room left on the disk of {directory} ({words}); {ending}") from problem
        if words := _among(_NO_DISK, said):
            raise StoreError(f"the disk of {directory} cannot be written ({words}); {ending}") from problem
        if words := _among(_DAMAGED, said):
            raise StoreError(
                f"the register of the edition that is served in {directory} is damaged ({words}); linkeddata rollback "
                f"serves the one before it; where there is none, remove {directory / CURRENT} and load again, or update"
            ) from problem
        raise


def _among(known: tuple[str, ...], said: str) -> str:
    return next((words for words in known if words in said), "")


def size(folder: Path) -> int:
    """Bytes on disk of everything below a folder, what other folders share included."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
