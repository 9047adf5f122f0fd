"""To be asked to end in the midst of beginning: heard once, and only when it has begun."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from threading import Thread

import pytest

from linkeddata.postponing import postponed


@pytest.fixture(params=[signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def number(request: pytest.FixtureRequest) -> Iterator[int]:
    """A signal; whoever hears it meanwhile, its handler is afterwards what it was."""
    asked: int = request.param
    before = signal.getsignal(asked)
    signal.signal(asked, signal.default_int_handler)
    try:
        yield asked
    finally:
        signal.signal(asked, before)


def test_signal_comes_when_all_has_begun(number: int) -> None:
    """However often it was sent, it is one exception, after the last line of the block."""
    done = []
    with pytest.raises(KeyboardInterrupt), postponed():
        signal.raise_signal(number)
        signal.raise_signal(number)
        done.append("all")
    assert done == ["all"]
    assert signal.getsignal(number) is signal.default_int_handler


def test_fault_of_what_begins_is_told_before_the_signal(number: int) -> None:
    """It would be lost otherwise, and the process ends either way."""
    with pytest.raises(LookupError), postponed():
        signal.raise_signal(number)
        raise LookupError
    assert signal.getsignal(number) is signal.default_int_handler


def test_ignored_signal_stays_ignored(number: int) -> None:
    """As `nohup` and a shell's `&` have it."""
    signal.signal(number, signal.SIG_IGN)
    with postponed():
        assert signal.getsignal(number) == signal.SIG_IGN
        signal.raise_signal(number)


def test_other_thread_may_begin_something_too(number: int) -> None:
    """It hears no signals, and may not say who does."""
    done = []

    def begin() -> None:
        with postponed():
            done.append(signal.getsignal(number))

    thread = Thread(target=begin)
    thread.start()
    thread.join(timeout=20)
    assert done == [signal.default_int_handler]
