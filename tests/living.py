"""Processes of the system by their number: whether they are there, and waiting for their end."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

_PATIENCE = 30.0


def is_alive(pid: int) -> bool:
    """Whether a process is there and is more than a line in a table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_end(pids: Collection[int]) -> bool:
    """Whether none of them is there, now or in half a minute at the latest."""
    deadline = time.monotonic() + _PATIENCE
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(is_alive, pids))
