"""One writer at a time, and what becomes of a run when one of its helpers is ended."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from linkeddata.catalogue import Catalogue

from ..living import soon
from .killing import PATIENCE, command, environment, finish, leftovers, run, serving, wait_until_alone, whole, write


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A site with one record."""
    finish(tmp_path / "data", "load", str(write(tmp_path / "first.jsonl", iter([{"id": "r/1", "title": "First"}]))))
    return tmp_path / "data"


@contextmanager
def writing(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A load that waits for its records on standard input, with the lock in hand."""
    with subprocess.Popen(
        command(data, "load", "-"), cwd=data.parent, env=environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            assert soon(lambda: process.poll() is not None or Catalogue(data).writer() == str(process.pid))
            assert process.poll() is None
            yield process
        finally:
            process.kill()


WRITERS = [("load", "first.jsonl"), ("update", "--from", "first.jsonl"), ("remap",), ("withdraw", "r/1"), ("rollback",)]


def test_second_writer_is_refused_and_readers_go_on(data: Path) -> None:
    """Exit 6 with the pid of the first, whatever it would write; `serve`, `query` and `status` mind nothing."""
    with writing(data) as first, serving(data) as address:
        for arguments in WRITERS:
            done = run(data, *arguments)
            assert (done.returncode, done.stderr.count("\n")) == (6, 1)
            assert f"process {first.pid}" in done.stderr
        assert "First" in run(data, "query", "-f", "csv", "SELECT ?o { ?s <http://purl.org/dc/terms/title> ?o }").stdout
        assert str(first.pid) in run(data, "status").stdout
        with urlopen(f"{address}doc/record/r%2F1.nt", timeout=20) as answer:
            assert answer.status == 200
        first.communicate(b'{"id": "r/2", "title": "Second"}\n', timeout=PATIENCE)
        assert first.returncode == 0
    assert list(Catalogue(data).current().ids()) == ["r/2"]


@pytest.mark.parametrize(
    ("way", "number"),
    [("load", signal.SIGINT), ("update --from", signal.SIGINT), ("load", signal.SIGTERM)],
    ids=["load", "update", "terminated"],
)
def test_interrupted_run_says_so_in_a_line(data: Path, way: str, number: int) -> None:
    """Ctrl-C, which a terminal sends to all of its processes, those among them that still begin: exit 130, no
    traceback, and what was served is served."""
    arguments = (*way.split(), str(whole(data.parent)))
    with subprocess.Popen(
        command(data, *arguments), cwd=data.parent, env=environment(), start_new_session=True, stderr=subprocess.PIPE
    ) as process:
        try:
            assert soon(lambda: any(map(is_importing, translators(process.pid))))
            os.killpg(process.pid, number)
            _, told = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, told.decode().strip()) == (130, "interrupted; what was served is served still")
    assert (list(Catalogue(data).current().ids()), leftovers(data)) == (["r/1"], [])


def test_lost_translator_ends_the_run_and_leaves_nothing(data: Path) -> None:
    """A helper that is killed, as by the system when memory is short: one line that says so, exit 1."""
    with subprocess.Popen(
        command(data, "load", str(whole(data.parent))), cwd=data.parent, env=environment(), stderr=subprocess.PIPE
    ) as process:
        try:
            helpers = soon(lambda: translators(process.pid))
            os.kill(helpers[0], signal.SIGKILL)
            _, told = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 1
    assert b"ended from outside" in told and told.count(b"\n") == 1
    wait_until_alone(data)
    assert (list(Catalogue(data).current().ids()), leftovers(data)) == (["r/1"], [])


def translators(parent: int) -> list[int]:
    """The processes that translate for a run."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_importing(pid: int) -> bool:
    """Whether a process of Python's has come as far as the first library that is not its own."""
    return "site-packages" in Path(f"/proc/{pid}/maps").read_text("utf-8", "replace")
