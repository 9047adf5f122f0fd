"""A command that is asked to end while it begins: it ends as soon as it has begun, and says no more than it should.

Apart from `interrupts`, which needs much that takes a command long to import.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def postponed() -> Iterator[None]:
    """Within, SIGINT and SIGTERM are only noted; the first of them comes at the end, as if it were sent then.

    Where a module is imported, or a library makes something of its own, the exception that they turn into may be
    swallowed, so that nothing ends, or be taken for a fault of that module. Whoever ignores one of them still does. In
    another thread than the main one, which hears none, this does nothing.
    """
    if current_thread() is not main_thread():
        yield
        return
    heard: list[int] = []
    handlers = {number: signal.getsignal(number) for number in _ENDING}
    kept = {number: handler for number, handler in handlers.items() if handler not in (None, signal.SIG_IGN)}
    for number in kept:
        signal.signal(number, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    if heard:
        signal.raise_signal(heard[0])
