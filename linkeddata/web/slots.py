"""Places for processes that count together: each has a number of its own, and no two that live have the same.

A process that comes after one that has ended takes its place and goes on with its counts, so that sums never fall
while one of them lives, and files never grow in number. The first of all finds nothing.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from linkeddata.errors import ConfigurationError

_DOOR: Final = "door"
_SLOT: Final = re.compile(r"slot-([0-9]+)")


class Slots:
    """The places of a folder, and the one that this process holds."""

    def __init__(self, folder: Path, *, forget: Callable[[int], None]) -> None:
        """Take the first free place. `forget` is told the number of each place whose process has ended, as often as
        that is found out. ConfigurationError where the folder is not for us alone."""
        self.folder, self._forget = folder, forget
        _make(folder)
        with self.quiet():
            living = self._living()
            if not living:
                self._clear()
            self.number = next(number for number in range(len(living) + 1) if number not in living)
            self._held = _locked(folder / f"slot-{self.number}")

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Within the block nobody takes a place."""
        with (self.folder / _DOOR).open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def others(self) -> int:
        """How many other processes live; the places of the others are forgotten. To be asked while it is quiet."""
        return len(self._living() - {self.number})

    def leave(self) -> None:
        """Give the place up."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _living(self) -> set[int]:
        found = {int(name[1]) for file in self.folder.iterdir() if (name := _SLOT.fullmatch(file.name))}
        ended = {number for number in found if (held := _locked(self.folder / f"slot-{number}")) and _close(held)}
        for number in ended:
            self._forget(number)
        return found - ended

    def _clear(self) -> None:
        for file in self.folder.glob("*.db"):
            file.unlink()


def _make(folder: Path) -> None:
    """A folder that nobody else can write: its name in a folder for everybody is known to everybody."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise ConfigurationError(
            f"{folder} for metrics belongs to somebody else; set metrics.folder to one of your own"
        )


def _locked(file: Path) -> int | None:
    """A file held until it is closed or the process ends; None where another holds it."""
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _close(descriptor: int) -> bool:
    os.close(descriptor)
    return True
