"""Work done by several processes: in order, and with an end to every wait whatever becomes of them."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from pickle import PickleBuffer

import pytest

from linkeddata.errors import TranslatorLost
from linkeddata.ordered_pool import OrderedPool

from .living import all_end

LARGE = 3_000_000  # bytes; more than any pipe holds


def slower_first(number: int) -> tuple[int, int]:
    """The first pieces take longest; gives the number and who did it."""
    time.sleep(max(0.0, 0.1 - number * 0.02))
    return number, os.getpid()


def echo(text: bytes) -> bytes:
    return text


class Lent:
    """Some bytes that go beside the pickle, where somebody takes them."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def __reduce__(self) -> tuple[object, ...]:
        return Lent, (PickleBuffer(self.text),)


def lend(texts: list[bytes]) -> list[Lent]:
    return [Lent(text) for text in texts]


def die(number: int) -> int:
    """As the system ends a process when memory is short."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


def test_results_come_in_the_order_of_the_work() -> None:
    """Whoever did it, and however long it took."""
    with OrderedPool(slower_first, 3) as pool:
        for number in range(9):
            pool.give(number)
        found = [pool.take() for _ in range(9)]
    assert [number for number, _ in found] == list(range(9))
    assert len({pid for _, pid in found}) == 3


def test_large_pieces_wait_for_nobody() -> None:
    """All are given out before the first is taken back, though no pipe holds one of them."""
    texts = [bytes([number]) * LARGE for number in range(6)]
    with OrderedPool(echo, 2) as pool:
        for text in texts:
            pool.give(text)
        assert [pool.take() for _ in texts] == texts


def test_bytes_beside_a_pickle_come_as_they_were() -> None:
    """However many there are, and however long; and what follows is not taken for them."""
    texts = [b"", b"a", b"b" * LARGE]
    with OrderedPool(lend, 1) as pool:
        for given in (texts, [], texts):
            pool.give(given)
        found = [pool.take() for _ in range(3)]
    assert [[each.text for each in lent] for lent in found] == [texts, [], texts]


def test_fault_of_the_work_is_raised_with_its_place() -> None:
    with OrderedPool(fail, 2) as pool, pytest.raises(ValueError, match="no 1") as raised:
        pool.give(1)
        pool.take()
    assert "in fail" in raised.value.__notes__[0]


def test_what_cannot_be_handed_over_is_refused_at_once() -> None:
    """Nobody waits for what no process was given, and the pool goes on."""
    with OrderedPool(echo, 1) as pool:
        with pytest.raises(TypeError, match="pickle"):
            pool.give(threading.Lock())  # type: ignore[arg-type]
        pool.give(b"next")
        assert pool.take() == b"next"


def test_cycles_are_looked_for_as_often_as_before_when_a_pool_has_ended() -> None:
    """What seldom holds any is looked through seldom, for as long as it is handed over."""
    before = gc.get_threshold()
    with OrderedPool(echo, 1):
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_lost_process_is_told_and_what_was_done_before_is_not_lost() -> None:
    with OrderedPool(die, 2) as pool:
        for number in range(6):
            pool.give(number)
        assert [pool.take() for _ in range(3)] == [0, 1, 2]
        with pytest.raises(TranslatorLost, match=r"mapping\.processes"):
            pool.take()


def test_lost_process_is_told_as_often_as_it_is_asked() -> None:
    """Nobody waits for the second piece either; a thread asks, so that this test ends whatever happens."""
    told: list[BaseException] = []

    def asking() -> None:
        for _ in range(2):
            try:
                pool.take()
            except TranslatorLost as lost:
                told.append(lost)

    with OrderedPool(die, 1) as pool:
        pool.give(3)
        pool.give(3)
        thread = threading.Thread(target=asking, daemon=True)
        thread.start()
        thread.join(20)
    assert len(told) == 2


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.1])
def test_process_lost_while_others_are_started_is_told(moment: float) -> None:
    """The first is ended when it has hardly begun; more are started after it."""
    with OrderedPool(echo, 3) as pool:
        pool.give(b"x" * LARGE)
        time.sleep(moment)
        pool._processes[0]._process.kill()
        for _ in range(5):
            pool.give(b"y" * LARGE)
        with pytest.raises(TranslatorLost):
            pool.take()


_ALONE = """
import sys, time
from tests_of_pool import echo
from linkeddata.ordered_pool import OrderedPool
if __name__ == "__main__":
    with OrderedPool(echo, 2) as pool:
        pool.give(b"1"); pool.give(b"2"); pool.take(); pool.take()
        print(*(each._process.pid for each in pool._processes), flush=True)
        time.sleep(60)
"""


def test_processes_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """Nothing tells them but that nobody is left at the other end."""
    (tmp_path / "tests_of_pool.py").write_text("def echo(text):\n    return text\n")
    (tmp_path / "alone.py").write_text(_ALONE)
    with subprocess.Popen([sys.executable, "alone.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 2 and all_end(pids)
