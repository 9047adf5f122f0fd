"""A full disk: said in one line, what was served is served still, and the room is free again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.cli import run

from .killing import PATIENCE, alone, command, digest, document, finish, leftovers, restart, whole, write

_LARGE = "300m"
_SYS_ADMIN = 21  # the number of the capability
#: Bytes left over when a run begins: it fails at once, when it copies, and among the records.
ROOMS = (0, 100 << 10, 1500 << 10)


#: Runs a command whose files may grow to so many bytes. In a process of its own: this one has threads, and between its
#: fork and exec nothing may be done that takes a lock.
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""


def may_mount() -> bool:
    """Whether this process has the right to (CAP_SYS_ADMIN, see capabilities(7))."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    effective = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective.split()[1], 16) >> _SYS_ADMIN & 1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room; where it may not be mounted, the bound on files below stands in."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", f"size={_LARGE}", "tmpfs", str(disk)]
    done = subprocess.run(made, capture_output=True, text=True, check=False, timeout=PATIENCE)
    if done.returncode:
        if os.environ.get("CI") == "true" and may_mount():
            pytest.fail(f"a small file system cannot be mounted: {done.stderr}")
        pytest.skip("this process has no right to mount; a bound on the size of files stands in for a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True, timeout=PATIENCE)


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True, timeout=PATIENCE)


def used(disk: Path) -> int:
    figures = os.statvfs(disk)
    return (figures.f_blocks - figures.f_bfree) * figures.f_frsize


def fails(data: Path, *arguments: str, largest_file: int | None = None) -> str:
    """What a run says that finds no room: one line, and exit 1."""
    limited = [sys.executable, "-c", LIMITED, str(largest_file)] if largest_file is not None else []
    done = subprocess.run(
        [*limited, *command(data, *arguments)], cwd=data.parent, env=alone(), capture_output=True, text=True,
        check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def first(tmp_path: Path, data: Path) -> str:
    """A site with one record; gives the digest of its dump."""
    finish(data, "load", str(write(tmp_path / "first.jsonl", iter([{"id": "r/1", "title": "First"}]))))
    return digest(Catalogue(data).current())


def work(tmp_path: Path, kind: str) -> list[str]:
    return ["load", str(whole(tmp_path))] if kind == "load" else ["update", "--from", str(whole(tmp_path))]


KINDS = pytest.mark.parametrize("kind", ["load", "update"])


@KINDS
def test_full_disk_is_told_and_costs_nothing(tmp_path: Path, small_disk: Path, kind: str) -> None:
    """No traceback, no draft, the same edition, however little room there was; with room again the same command
    does the work."""
    data = small_disk / "data"
    before, held = first(tmp_path, data), used(small_disk)
    for room in ROOMS:
        resize(small_disk, str(held + room))
        told = fails(data, *work(tmp_path, kind))
        assert "no room left on the disk" in told and str(data) in told
        assert (digest(Catalogue(data).current()), leftovers(data)) == (before, [])
        assert used(small_disk) <= held
    restart(data)
    resize(small_disk, _LARGE)
    finish(data, *work(tmp_path, kind))
    assert leftovers(data) == []


@KINDS
def test_file_that_may_not_grow_is_told_the_same_way(tmp_path: Path, kind: str) -> None:
    """The system's bound on the size of a file: the place is told, and nothing of the run stays."""
    data = tmp_path / "data"
    before = first(tmp_path, data)
    for largest in (20 << 10, 400 << 10):
        told = fails(data, *work(tmp_path, kind), largest_file=largest)
        assert f"the disk of {data}" in told and "served still" in told
        assert (digest(Catalogue(data).current()), leftovers(data)) == (before, [])
    finish(data, *work(tmp_path, kind))


def here(data: Path, *arguments: str) -> None:
    """A run that finds room, in this process."""
    assert run(["--data", str(data), "--quiet", *arguments]) == 0


def test_copy_that_finds_no_room_changes_nothing(tmp_path: Path) -> None:
    """Neither at the location nor in the replica; with room again, both are there."""
    origin, replica, place = tmp_path / "data", tmp_path / "replica", str(tmp_path / "place")
    here(origin, "load", str(write(tmp_path / "few.jsonl", map(document, range(9)))))
    assert place in fails(origin, "push", place, largest_file=50 << 10)
    here(origin, "push", place)
    assert str(replica) in fails(replica, "pull", place, largest_file=50 << 10)
    assert not (replica / "current").exists()
    here(replica, "pull", place)
    assert digest(Catalogue(replica).current()) == digest(Catalogue(origin).current())
    assert leftovers(replica) == []
