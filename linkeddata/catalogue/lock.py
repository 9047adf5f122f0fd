"""One writer to a data directory: a lock that the system gives back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linkeddata.errors import StoreLocked


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory for writing; StoreLocked, naming the holder's pid, where another has it."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "lock"
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            holder = _named(descriptor)
            raise StoreLocked(f"{directory} is being written by process {holder}; wait for it to end") from taken
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(directory: Path) -> str | None:
    """The pid of the process that writes the directory now, or None; a writer that starts just then may be refused."""
    try:
        descriptor = os.open(directory / "lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _named(descriptor)
    finally:
        os.close(descriptor)
    return None


def _named(descriptor: int) -> str:
    return os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
