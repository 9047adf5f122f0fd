"""Several processes at one address, as real ones: together they answer, one by one they may be lost."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from weakref import ref

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.cli import run
from linkeddata.cli.serving import _keep_what_stands
from linkeddata.publish import Site, publish
from linkeddata.record import Record

from ..living import soon

BASE = "https://data.example.org/"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("several")
    publish([Record("a", {"id": ["a"], "title": ["A"]})], Catalogue(folder), Site(BASE), processes=1)
    return folder


class Served:
    """`linkeddata serve --processes 2`, and what its processes are."""

    def __init__(self, data: Path) -> None:
        where = ("--data", str(data), "--base-uri", BASE)
        command = [sys.executable, "-m", "linkeddata", *where, "serve", "--port", "0", "--processes", "2"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.address = ""

    def begin(self) -> None:
        """Returns when all are ready."""
        assert self.process.stderr is not None
        self.address = next(line.split()[-1] for line in self.process.stderr if line.startswith("serving at"))
        assert soon(lambda: len(self.web()) == 2)

    def web(self) -> list[int]:
        """The process ids of those that answer: the first one, and what it started that has query processes, too."""
        first = self.process.pid
        answering = (pid for pid in (first, *children(first)) if b"query_process" not in said(pid))
        return [pid for pid in answering if any(b"query_process" in said(child) for child in children(pid))]

    def all(self) -> list[int]:
        return family(self.process.pid)

    def status(self) -> int:
        with urlopen(f"{self.address}doc/record/a.ttl", timeout=20) as answer:
            return int(answer.status)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def served(data: Path) -> Iterator[Served]:
    running = Served(data)
    try:
        running.begin()
        yield running
    finally:
        running.end()


def children(pid: int) -> list[int]:
    """The processes that one has started, whichever of its threads did."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    try:
        return [int(child) for thread in found for child in thread.read_text().split()]
    except OSError:
        return []


def family(pid: int) -> list[int]:
    """A process and all that come from it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def said(pid: int) -> bytes:
    """The command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("begun", ["linkeddata.cli.import_module", "linkeddata.cli.serving.create_app"])
def test_interruption_is_heard_when_all_has_begun(data: Path, monkeypatch: pytest.MonkeyPatch, begun: str) -> None:
    """In the midst of an import, or of what a library makes, it might be swallowed."""
    module, _, name = begun.rpartition(".")
    whole, done = getattr(sys.modules[module], name), []

    def interrupted(*arguments: object) -> object:
        signal.raise_signal(signal.SIGINT)
        made = whole(*arguments)
        done.append(made)
        return made

    monkeypatch.setattr(begun, interrupted)
    monkeypatch.setattr("linkeddata.cli.serving._keep_what_stands", list)  # this process has other things to do
    assert run(["--data", str(data), "--base-uri", BASE, "serve", "--port", "0"]) == 130
    assert done


class Ring:
    """Refers to itself, so that it goes only when somebody looks for garbage."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_looked_for_more_seldom_and_found_still() -> None:
    """What stands from the start is passed over; what requests leave behind must not pile up."""
    often = gc.get_threshold()
    try:
        gc.set_threshold(700)
        _keep_what_stands()
        assert gc.get_freeze_count() > 1000
        lost = ref(Ring())
        kept = [[] for _ in range(2000)]
        assert lost() is not None
        kept += [[] for _ in range(30_000)]
        assert lost() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*often)


def test_lost_process_is_replaced_and_nobody_notices(served: Served) -> None:
    """The one that is left answers meanwhile."""
    _, other = served.web()
    os.kill(other, signal.SIGKILL)
    assert soon(lambda: not said(other))
    assert [served.status() for _ in range(20)] == [200] * 20
    assert soon(lambda: len(served.web()) == 2 and other not in served.web())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["asked", "killed"])
def test_all_end_with_the_first(served: Served, number: int) -> None:
    """Whether it was asked to end or was killed; then with what it started."""
    processes = served.all()
    os.kill(served.process.pid, number)
    assert served.process.wait(60) == (0 if number == signal.SIGTERM else -number)
    assert soon(lambda: not any(map(said, processes)))
    assert len(processes) >= 2 + 2 * 2
