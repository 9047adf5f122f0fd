"""Servers for a test, each with an end: one that is stuck is a fault that is told, and never a wait."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from linkeddata.web.server import Server

#: Longer than a server takes to finish what it has begun.
_PATIENCE = 50


@contextmanager
def in_thread(server: Server) -> Iterator[str]:
    """A server that runs while the block does; gives its address."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join(_PATIENCE)
        assert not thread.is_alive(), "the server does not end"


def lines_of(file: Iterator[str]) -> SimpleQueue[str]:
    """What a process writes, read all the while: one whose pipe is full stands still."""
    lines: SimpleQueue[str] = SimpleQueue()

    def read() -> None:
        for line in file:
            lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    return lines


def address_of(process: subprocess.Popen[str]) -> str:
    """Where a `linkeddata serve` with standard error as a pipe says it serves."""
    assert process.stderr is not None
    lines = lines_of(process.stderr)
    try:
        while not (line := lines.get(timeout=_PATIENCE)).startswith("serving at "):
            continue
    except Empty:
        raise AssertionError("the server does not begin") from None
    return line.split()[-1]


def end(process: subprocess.Popen[str]) -> None:
    """Ask a process to end, and end it where it does not."""
    process.terminate()
    try:
        assert process.wait(_PATIENCE) == 0
    finally:
        process.kill()
