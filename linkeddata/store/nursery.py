"""Where query processes come from: the parent's hold on the process that they are forked from."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from linkeddata.errors import StoreError
from linkeddata.interrupts import unheard
from linkeddata.querying.query_processes import NUMBER

_PATIENCE_SECONDS: Final = 60.0


class Nursery:
    """Gives processes on one store; for one thread."""

    def __init__(self, folder: Path) -> None:
        """StoreError where that cannot be begun."""
        self._folder = folder
        self._process, self._door = _begun(folder)

    def start(self, files: Sequence[int]) -> int:
        """The number of a new process with these standard files; StoreError where there is none."""
        if self._process.poll() is not None:
            self.close()
            self._process, self._door = _begun(self._folder)
        try:
            socket.send_fds(self._door, [b"+"], files)
            told = self._door.recv(NUMBER.size, socket.MSG_WAITALL)
        except OSError as error:
            self._process.kill()
            raise StoreError(f"a query process did not start: {error}") from error
        number: int = NUMBER.unpack(told)[0] if len(told) == NUMBER.size else 0
        if not number:
            raise StoreError("a query process did not start: there cannot be another, or what they come from has ended")
        return number

    def close(self) -> None:
        """End it, and with it the processes that are left."""
        self._door.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE_SECONDS)


def _begun(folder: Path) -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair()
    ours.settimeout(_PATIENCE_SECONDS)
    # The same interpreter as here, and the same modules, wherever the working folder has some.
    command = [sys.executable, "-P", "-m", "linkeddata.querying.query_processes", str(folder)]
    with theirs, unheard():
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=_environment()
            )
        except OSError as error:
            ours.close()
            raise StoreError(f"no query process can be started: {error}") from error
    return process, ours


def _environment() -> dict[str, str]:
    """Little enough that no secret of the parent's reaches a process that runs strangers' queries.

    The same modules as here; few memory arenas, because each takes 64 MB of the address space.
    """
    path = os.pathsep.join(place for place in sys.path if place)
    return {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1"}
