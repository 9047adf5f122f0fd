"""A pull that is killed in the middle of a file."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from linkeddata.catalogue import Catalogue

from .conftest import BASE, Copied, ld, web


def pull_until(part: Path, size: int, data: Path, address: str) -> None:
    """Pull in a process of its own, and kill that when a file has come so far."""
    command = [sys.executable, "-m", "linkeddata", "--data", str(data), "--base-uri", BASE, "pull", address]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while not part.exists() or part.stat().st_size < size:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.02)
        finally:
            process.kill()


def test_killed_pull_goes_on_in_the_middle_of_a_file(copied: Copied, tmp_path: Path) -> None:
    """By kill -9, over HTTP; the next run asks for the rest of that file, and for none that it has."""
    piece, data = max(copied.manifest(2).pieces, key=lambda each: each.size), tmp_path / "data"
    path, half = f"/objects/{piece.sha256}", piece.size // 2
    with web(copied.both) as site:
        site.breaks[path] = half
        site.goes_on.clear()
        pull_until(data / "pulled" / f"{piece.sha256}.part", half, data, site.address)
        site.goes_on.set()
        first, site.asked = site.asked, []
        assert not (data / "current").exists()
        assert ld(data, "pull", site.address) == 0
    assert Catalogue(data).current().number == 2
    assert (path, half) in site.asked and (path, 0) in first
    assert {asked for asked, _ in site.asked if asked in dict(first) and "objects" in asked} == {path}
