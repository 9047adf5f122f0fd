"""A full disk: said in one line, what was served is served still, and the room is free again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue

from .killing import changes, command, digest, environment, finish, leftovers, whole, write

_LARGE = "300m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room, made by whoever may: root, as on the machines of CI."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_LARGE}", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"a small file system cannot be mounted here: {mounted.stderr.decode()}")
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def used(disk: Path) -> int:
    figures = os.statvfs(disk)
    return (figures.f_blocks - figures.f_bfree) * figures.f_frsize


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(data, *arguments), cwd=data.parent, env=environment(), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("arguments", ["load", "update"])
def test_full_disk_is_told_and_costs_nothing(tmp_path: Path, small_disk: Path, arguments: str) -> None:
    """No traceback, no draft, the same edition; with room again the same command does the work."""
    data = small_disk / "data"
    finish(data, "load", str(write(tmp_path / "first.jsonl", iter([{"id": "a", "title": "First"}]))))
    work = ["load", str(whole(tmp_path))] if arguments == "load" else ["update", "--from", str(whole(tmp_path))]
    before, held = digest(Catalogue(data).current()), used(small_disk)
    resize(small_disk, str(held + (2 << 20)))
    done = run(data, *work)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "no room left" in done.stderr and str(data) in done.stderr
    assert (digest(Catalogue(data).current()), leftovers(data)) == (before, [])
    assert used(small_disk) < held + (1 << 20)
    resize(small_disk, _LARGE)
    finish(data, *work)
    assert Catalogue(data).current().counts["records"] > 1
    finish(data, "update", "--from", str(changes(tmp_path)))
