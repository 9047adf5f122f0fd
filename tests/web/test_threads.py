"""Threads that answer: no more than are needed, the warm ones first, and none that a fault takes away."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from linkeddata.web.threads import Threads

from ..living import soon

PATIENCE = 10
#: glibc begins each heap of a thread at a multiple of 64 MiB.
HEAP_BITS = 26


class Task:
    """Says when it has begun, by which thread, and ends when it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.begun, self.may_end, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.fails, self.cancelled, self.thread = fails, False, ""

    def service(self) -> None:
        self.thread = threading.current_thread().name
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        self.ended.set()
        if self.fails:
            raise SystemExit("of the test")

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(3)
    yield made
    made.shutdown(PATIENCE)


def begin(threads: Threads, count: int = 1, *, fails: bool = False) -> list[Task]:
    """Tasks that are being done."""
    tasks = [Task(fails=fails) for _ in range(count)]
    for task in tasks:
        threads.add_task(task)
        assert task.begun.wait(PATIENCE)
    return tasks


def end(threads: Threads, *tasks: Task) -> None:
    """End tasks one by one, in this order, each when the thread of the one before waits again."""
    for task in tasks:
        waiting = len(threads._idle)
        task.may_end.set()
        assert soon(lambda before=waiting: len(threads._idle) != before)


def test_one_after_the_other_needs_one_thread(threads: Threads) -> None:
    """However many tasks come, as long as they come one by one."""
    for _ in range(20):
        end(threads, *begin(threads))
    assert threads.started == 1


def test_thread_that_was_busy_last_is_asked_first(threads: Threads) -> None:
    """What it has open is warm."""
    one, two, three = begin(threads, 3)
    end(threads, one, three, two)
    first, second = begin(threads, 2)
    assert [first.thread, second.thread] == [two.thread, three.thread]
    end(threads, first, second)


def test_tasks_beyond_the_bound_wait_in_order(threads: Threads) -> None:
    """The first that comes is the first that is done when a thread is free."""
    running, waiting = begin(threads, 3), [Task(), Task()]
    for task in waiting:
        threads.add_task(task)
    assert (threads.started, waiting[0].begun.is_set()) == (3, False)
    for free, following in zip(running, waiting, strict=False):
        free.may_end.set()
        assert following.begun.wait(PATIENCE)
    assert [task.thread for task in waiting] == [task.thread for task in running[:2]]
    end(threads, running[2], *waiting)


def test_thread_lives_on_after_a_fault(threads: Threads, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a task does; the log tells."""
    end(threads, *begin(threads, fails=True))
    end(threads, *begin(threads))
    assert threads.started == 1
    assert "a task failed" in caplog.text


def test_end_waits_for_what_runs_and_cancels_what_waits() -> None:
    """And no thread is left."""
    threads = Threads(1)
    (running,), waiting = begin(threads), Task()
    threads.add_task(waiting)
    threading.Timer(0.1, running.may_end.set).start()
    threads.shutdown(PATIENCE)
    assert (running.ended.is_set(), waiting.cancelled, waiting.begun.is_set()) == (True, True, False)
    assert not any(thread.is_alive() for thread in threads._threads)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have one heap")
def test_many_threads_share_two_heaps() -> None:
    """However many threads allocate at once; asked in a process of its own, which has none before."""
    program = f"""
import threading
from pathlib import Path
from linkeddata.web.threads import share_heaps
assert share_heaps()
together = threading.Barrier(8, timeout=60)
def work():
    together.wait(); kept = [bytearray(5_000) for _ in range(2_000)]; together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
lines = Path("/proc/self/maps").read_text().splitlines()
starts = [int(line.split("-")[0], 16) for line in lines if len(line.split()) == 5]
print(len({{start >> {HEAP_BITS} for start in starts if start % (1 << {HEAP_BITS}) == 0}}))
"""
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert int(told.stdout) <= 4
