"""The parent's hold on one query process: start it, ask it with a deadline, end it."""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from linkeddata.errors import StoreError
from linkeddata.querying import frames

_START_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.1
_PIECE: Final = 1 << 20
#: A query that takes this much of a processor, or four times that by the clock, is a long one: it needs a place
#: among those, and gives way to everything else on the machine.
_PATIENCE_SECONDS: Final = 0.4
_BY_THE_CLOCK: Final = 4
_NICENESS: Final = 19
_MODEST_NICENESS: Final = 5
_MODEST_SECONDS: Final = 60.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Ended(Exception):
    """The process is no more, and with it the query."""


class OutOfTime(Ended):
    """It was ended at the deadline."""


class Abandoned(Ended):
    """It was ended because nobody waits for the answer any longer."""


class Greedy(Ended):
    """It was ended because all query processes together held too much memory, and it the most."""


class Crowded(Ended):
    """It was ended because it ran long and other long ones had all places."""


class Died(Ended):
    """It ended by itself; the text is what it said on standard error."""


class Worker:
    """A query process on one store; one question at a time."""

    def __init__(self, folder: Path, setup: Mapping[str, Any], *, modest: bool = False) -> None:
        """Start the process; a `modest` one gives way to others from its first moment, and is spent after a minute.

        The thread that does so must live on: when it ends, the kernel ends the process.
        """
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-P", "-m", "linkeddata.querying.query_process", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            bufsize=0,
        )
        self._modest_until = time.monotonic() + _MODEST_SECONDS if modest else math.inf
        if modest:
            self._set_niceness(_MODEST_NICENESS)
        self._answers = _open(self._process.stdout)
        _widen(self._answers)
        self._selector = selectors.PollSelector()
        self._selector.register(self._answers, selectors.EVENT_READ)
        self._gentle = False
        self._burnt_before = 0.0
        self.spent = False
        self._write(frames.start({**setup, "parent": os.getpid()}))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self) -> None:
        """Return once the store is open; StoreError where it cannot be."""
        try:
            self._burnt_before = self._read(_START_SECONDS, _no_reason, lambda: True)[0]["burnt"]
        except Ended as error:
            reason = str(error).strip().splitlines()
            raise StoreError(f"a query process did not start: {reason[-1] if reason else 'it ended'}") from error

    def ask(
        self,
        question: Mapping[str, Any],
        *,
        seconds: float,
        interrupt: Callable[[], Ended | None],
        may_run_long: Callable[[], bool],
    ) -> tuple[dict[str, Any], bytes]:
        """The process's reply; raises one of `Ended` when there is none, and then the process is gone.

        `interrupt` is asked ten times a second for a reason to end it, which is raised; `may_run_long` once,
        when it has taken longer than most do.
        """
        self._write(frames.start(question))
        head, body = self._read(seconds, interrupt, may_run_long)
        self._burnt_before = head["burnt"]
        # Niceness is not given back without privilege, so such a process is replaced afterwards.
        self.spent = self._gentle or bool(head.get("spent")) or time.monotonic() > self._modest_until
        return head, body

    def kill(self) -> None:
        """End the process now; whoever waits for its answer is told that it died."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def end(self) -> None:
        """End the process now, wait for it and close its pipes; for the one thread that holds the worker."""
        self.kill()
        self._process.wait()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()

    def _write(self, message: bytes) -> None:
        # A dead process is noticed when its answer is read.
        rest = memoryview(message)
        with contextlib.suppress(BrokenPipeError):
            while rest:
                rest = rest[os.write(_open(self._process.stdin), rest) :]

    @property
    def resident_bytes(self) -> int:
        """Memory the process really holds; 0 where the system does not say."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _read(
        self, seconds: float, interrupt: Callable[[], Ended | None], may_run_long: Callable[[], bool]
    ) -> tuple[dict[str, Any], bytes]:
        arriving, message, began = frames.Arriving(), None, time.monotonic()
        while message is None:
            passed = time.monotonic() - began
            if passed >= seconds:
                raise self._ended(OutOfTime())
            if self._selector.select(min(_LOOK_SECONDS, seconds - passed)):
                piece = os.read(self._answers, _PIECE)
                if not piece:
                    raise self._died()
                message = arriving.add(piece)
                continue
            if reason := interrupt():
                raise self._ended(reason)
            if not self._gentle and self._is_long(passed):
                if not may_run_long():
                    raise self._ended(Crowded())
                self._give_way()
        return message

    def _is_long(self, passed: float) -> bool:
        # On a crowded machine the clock alone would take every query for a long one.
        return max(self._burnt() - self._burnt_before, passed / _BY_THE_CLOCK) > _PATIENCE_SECONDS

    def _burnt(self) -> float:
        """Seconds of processor time so far (proc(5), utime and stime); 0 where the system does not say."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS if len(fields) > 12 else 0.0

    def _give_way(self) -> None:
        self._gentle = True
        self._set_niceness(_NICENESS)

    def _set_niceness(self, niceness: int) -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)

    def _died(self) -> Ended:
        said = os.read(_open(self._process.stderr), _PIECE).decode("utf-8", "replace")
        by_kernel = self._process.wait() == -signal.SIGKILL
        return self._ended(Died(f"{said}\nkilled for its memory" if by_kernel else said))

    def _ended(self, how: Ended) -> Ended:
        self.end()
        return how


def _widen(pipe: int) -> None:
    """Let more through at once, where the system can: an answer of megabytes then comes in fewer turns."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIECE)


def _no_reason() -> None:
    return None


def _open(pipe: Any) -> int:
    number: int = pipe.fileno()
    return number


def _environment() -> dict[str, str]:
    """Little enough that no secret of the parent's reaches a process that runs strangers' queries.

    The same modules as here; few memory arenas, because each takes 64 MB of the address space.
    """
    path = os.pathsep.join(place for place in sys.path if place)
    return {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1"}
