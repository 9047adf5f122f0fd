"""What people are told while a command works, and when it fails in a way that nobody foresaw."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.cli import common

from .running import run


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [
        (500, None, "500 read, 250 a second"),
        (500, 2_000, "500 read, 250 a second, 25%, 0:06 left"),
        (1_000, 400_000, "1,000 read, 500 a second, 0%, 13:18 left"),
        (2_000, 2_000, "2,000 read, 1,000 a second, 100%, 0:00 left"),
        (2_001, 2_000, "2,001 read, 1,000 a second"),
        (0, 2_000, "0 read, 0 a second"),
    ],
)
def test_progress_tells_count_and_rate_and_of_a_known_whole_the_share_and_time_left(
    monkeypatch: pytest.MonkeyPatch, done: int, total: int | None, told: str
) -> None:
    """At a terminal, once a second; a source that has more than it said tells no share any more."""
    now, terminal = [10.0], Terminal()
    monkeypatch.setattr(common, "monotonic", lambda: now[0])
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = common.Progress(quiet=False)
    progress(1, total)
    now[0] += 2
    progress(done, total)
    progress(done + 1, total)
    assert terminal.getvalue() == f"\r\x1b[K{told} "


@pytest.mark.parametrize(("quiet", "kind"), [(True, Terminal), (False, io.StringIO)], ids=["quiet", "no terminal"])
def test_nobody_is_told_who_does_not_look(
    monkeypatch: pytest.MonkeyPatch, quiet: bool, kind: type[io.StringIO]
) -> None:
    """Logs of nightly runs hold no progress."""
    now, stream = [10.0], kind()
    monkeypatch.setattr(common, "monotonic", lambda: now[0])
    monkeypatch.setattr(sys, "stderr", stream)
    progress = common.Progress(quiet=quiet)
    now[0] += 2
    progress(1, 2)
    progress.end()
    assert stream.getvalue() == ""


@pytest.mark.parametrize("option", [(), ("--verbose",)], ids=["plain", "verbose"])
def test_unforeseen_fault_is_told_in_a_line_and_whole_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...]
) -> None:
    """Exit 1; the traceback is for those who mean to mend it."""
    monkeypatch.setattr(Catalogue, "numbers", lambda self: 1 // 0)
    done = run(tmp_path, *option, "editions")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("linkeddata: integer division or modulo by zero\n")
    assert ("Traceback" in done.stderr, done.stderr.count("\n") == 1) == (bool(option), not option)
