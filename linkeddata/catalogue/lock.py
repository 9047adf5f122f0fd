"""One writer to a data directory: a lock that the system gives back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linkeddata.errors import StoreLocked

FILE = "lock"
_WIDTH = 20


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory for writing; StoreLocked, naming the holder's pid, where another has it."""
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise StoreLocked(
                f"{directory} is being written by process {_holder(descriptor)}; wait for it to end"
            ) from taken
        _note_holder(descriptor)
        yield
    finally:
        os.close(descriptor)


def _note_holder(descriptor: int) -> None:
    """Note the own pid over that of the holder before. On a full disk it may be that nothing can be noted, and
    that is no reason not to make room."""
    try:
        os.pwrite(descriptor, str(os.getpid()).ljust(_WIDTH).encode(), 0)
    except OSError:
        os.ftruncate(descriptor, 0)


def writer(directory: Path) -> str | None:
    """The pid of the process that writes the directory now, or None."""
    try:
        descriptor = os.open(directory / FILE, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        # Shared, so that who only looks never stands in a writer's way for longer than this call.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
