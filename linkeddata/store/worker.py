"""The parent's hold on one query process: start it, ask it with a deadline, end it."""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import select
import selectors
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from linkeddata.errors import StoreError
from linkeddata.querying import frames
from linkeddata.querying.query_processes import KILLED
from linkeddata.store.nursery import Nursery

_START_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.1
#: A process that is killed while it waits for the disk is not gone at once.
_BURIAL_SECONDS: Final = 5.0
_PIECE: Final = 1 << 20
#: A query that takes this much of a processor, or four times that by the clock, is a long one: it needs a place
#: among those, and gives way to everything else on the machine.
_PATIENCE_SECONDS: Final = 0.4
_BY_THE_CLOCK: Final = 4
_NICENESS: Final = 19
_MODEST_NICENESS: Final = 10
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

    def __init__(self, nursery: Nursery, setup: Mapping[str, Any], *, modest: bool = False) -> None:
        """Start the process; a `modest` one gives way to others from its first moment, and is spent after a minute.

        StoreError where it does not start.
        """
        (asked, self._questions), (self._answers, answering), (self._errors, said) = os.pipe(), os.pipe(), os.pipe()
        try:
            self.pid = nursery.start((asked, answering, said))
        except StoreError:
            _close(self._questions, self._answers, self._errors)
            raise
        finally:
            _close(asked, answering, said)
        self._modest_until = time.monotonic() + _MODEST_SECONDS if modest else math.inf
        if modest:
            _set_niceness(self.pid, _MODEST_NICENESS)
        _widen(self._answers)
        self._selector = selectors.PollSelector()
        self._selector.register(self._answers, selectors.EVENT_READ)
        self._hung_up = select.poll()
        self._hung_up.register(self._answers, 0)
        self._is_ended = self._gentle = self.spent = False
        self._burnt_before, self._thread = 0.0, self.pid
        self._write(frames.start(setup))

    @property
    def alive(self) -> bool:
        # It holds the other end of the pipe until its end.
        return not self._is_ended and not self._hung_up.poll(0)

    def wait_ready(self) -> None:
        """Return once the store is open; StoreError where it cannot be."""
        try:
            head = self._read(_START_SECONDS, _no_reason, lambda: True)[0]
        except Ended as error:
            reason = str(error).strip().splitlines()
            raise StoreError(f"a query process did not start: {reason[-1] if reason else 'it ended'}") from error
        self._burnt_before, self._thread = head["burnt"], head["thread"]

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
        # Niceness is not given back without privilege: another thread goes on, else another process.
        is_worn = self._gentle and head["thread"] == self._thread
        self._gentle, self._thread = False, head["thread"]
        self.spent = is_worn or bool(head.get("spent")) or time.monotonic() > self._modest_until
        return head, body

    def kill(self) -> None:
        """End the process now; whoever waits for its answer is told that it died."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process now, wait for it and close its pipes; for the one thread that holds the worker."""
        if self._is_ended:
            return
        self.kill()
        self._last_words()
        self._is_ended = True
        self._selector.close()
        _close(self._questions, self._answers, self._errors)

    def _last_words(self) -> bytes:
        """All that is left on its standard error, which ends when it is no more, or after a while."""
        said, deadline = b"", time.monotonic() + _BURIAL_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self._errors, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                if not (piece := os.read(self._errors, _PIECE)):
                    break
                said = (said + piece)[-_PIECE:]
        return said

    def _write(self, message: bytes) -> None:
        # A dead process is noticed when its answer is read.
        rest = memoryview(message)
        with contextlib.suppress(BrokenPipeError):
            while rest:
                rest = rest[os.write(self._questions, rest) :]

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
                piece = os.read(self._answers, arriving.wanted)
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
        _set_niceness(self._thread, _NICENESS)

    def _died(self) -> Ended:
        said = self._last_words()
        by_kernel = said.endswith(KILLED)
        words = said.removesuffix(KILLED).decode("utf-8", "replace")
        return self._ended(Died(f"{words}\nkilled for its memory" if by_kernel else words))

    def _ended(self, how: Ended) -> Ended:
        self.end()
        return how


def _set_niceness(process: int, niceness: int) -> None:
    """Of a process or, on Linux, of one of its threads."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, niceness)


def _widen(pipe: int) -> None:
    """Let more through at once, where the system can: an answer of megabytes then comes in fewer turns."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIECE)


def _no_reason() -> None:
    return None


def _close(*files: int) -> None:
    for file in files:
        os.close(file)
