"""Processes of the system by their number, and waits that have an end."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def soon(look: Callable[[], T], seconds: float = 60.0) -> T:
    """What `look` sees once it sees something; what it sees in the end where it never does."""
    deadline = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return seen


def is_alive(pid: int) -> bool:
    """Whether a process is there and is more than a line in a table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_end(pids: Collection[int]) -> bool:
    """Whether none of them is there, now or in a while."""
    return soon(lambda: not any(map(is_alive, pids)))
