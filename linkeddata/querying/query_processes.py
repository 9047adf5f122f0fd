"""The process that query processes come from: `python -m linkeddata.querying.query_processes FOLDER`.

It has loaded what they need and has nothing else: no store, no thread, no secret. So a fork of it is there at once,
and what it has loaded is in memory once and not once for each. It is asked through a Unix socket, its standard
input, and ends with that.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NoReturn

from linkeddata.querying import query_process

#: What comes with a wish for a process: its standard input, output and error.
FILES: Final = 3
NUMBER: Final = struct.Struct(">I")
#: The last of a process's standard error, where a signal that nobody can hear has ended it.
KILLED: Final = b"killed\n"


def main(folder: str) -> None:
    """Fork a process for each message that comes with its files, and answer with its number; 0 where that failed."""
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the parent, whose queries end first
        signal.signal(number, signal.SIG_IGN)
    door = socket.socket(fileno=os.dup(0))
    errors: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _bury(errors))
    gc.collect()
    gc.freeze()  # what is not looked through stays shared
    while True:
        message, files, *_ = socket.recv_fds(door, 1, FILES)
        if not message:
            return
        try:
            child = _born(folder, files, door, errors)
        except OSError:  # too many processes
            child = 0
        for file in files:
            os.close(file)
        door.sendall(NUMBER.pack(child))


def _born(folder: str, files: Sequence[int], door: socket.socket, errors: dict[int, int]) -> int:
    """The number of a new process; its standard error stays open here, too, to tell how it ends."""
    kept, parent = os.dup(files[-1]), os.getpid()
    # Until it is known nobody may be told of its end.
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGCHLD,))
    try:
        child = os.fork()
        if not child:
            _live(folder, parent, files, (kept, door.detach(), *errors.values()))
        errors[child] = kept
    except OSError:
        os.close(kept)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGCHLD,))
    return child


def _bury(errors: dict[int, int]) -> None:
    """Of every process that has ended close the standard error, after having said there how it did."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            file = errors.pop(ended[0])
            os.set_blocking(file, False)
            if os.waitstatus_to_exitcode(ended[1]) == -signal.SIGKILL:
                with suppress(OSError):
                    os.write(file, KILLED)
            os.close(file)


def _live(folder: str, parent: int, files: Sequence[int], others: Sequence[int]) -> NoReturn:
    """The life of a query process, which has nothing to do with the `others`' files."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGCHLD,))
        for standard, file in enumerate(files):
            os.dup2(file, standard)
        for file in (*files, *others):
            os.close(file)
        query_process.main(folder, parent)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, it must not go on as its parent
        traceback.print_exc()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
