"""Processes that never hear Ctrl-C, not even while they begin.

A terminal sends it to all that run in it, and the process that began the others decides what it means. One that hears
it while it still imports would end with a traceback that helps nobody.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess


@contextmanager
def unheard() -> Iterator[None]:
    """Within, SIGINT waits for this thread, and what is started by it has that from the beginning: a program keeps
    the signals that were blocked for whoever began it (POSIX, execve)."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start(process: BaseProcess) -> None:
    """Start a process of `multiprocessing` that never hears it."""
    # It would be begun within, and then lets SIGINT through again.
    resource_tracker.ensure_running()
    with unheard():
        process.start()
