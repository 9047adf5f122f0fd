"""A load and an update as real processes that can be killed at any moment, and what must hold afterwards."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from linkeddata import cli
from linkeddata.catalogue import Catalogue, Edition, kept

#: With FAULTS=thorough there are as many kills as the figures ask for, and restarts are timed.
THOROUGH = os.environ.get("FAULTS") == "thorough"
KILLS = 20 if THOROUGH else 2
RECORDS = 2500 if THOROUGH else 800
#: Seconds in which every run that is not stuck comes to its end, on a busy machine too.
PATIENCE = 240


def document(number: int, revision: int = 0) -> dict[str, Any]:
    """A record that shares journal, publisher, people and subjects with others."""
    spelling = f"Author, A{number % 90} (2011) Study {number}. Journal {number % 40}, {number % 30} (2). pp. 1-9."
    return {
        "id": f"r/{number}", "title": f"Study {number} {'revised ' * revision}".strip(), "recordtype": "eprints",
        "author": [f"Author, A{number % 90}", f"Author, B{number % 70}"], "publisher": [f"Publisher {number % 20}"],
        "topic": [f"Topic {number % 50}", f"Topic {number % 31}"], "spelling": spelling, "_version_": 10 + revision,
    }  # fmt: skip


def write(file: Path, lines: Iterator[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def whole(folder: Path) -> Path:
    return write(folder / "whole.jsonl", (document(number) for number in range(RECORDS)))


def changes(folder: Path) -> Path:
    """A third changes, some go, some come."""

    def lines() -> Iterator[dict[str, Any]]:
        for number in range(0, RECORDS, 3):
            yield {"delete": {"id": f"r/{number}"}} if number % 5 == 0 else document(number, 1)
        yield from (document(number) for number in range(RECORDS, RECORDS + 100))

    return write(folder / "changes.jsonl", lines())


def command(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "linkeddata", "--data", str(data), "--quiet", *arguments]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LINKEDDATA_")}


def alone() -> dict[str, str]:
    """The environment of a command that translates by itself: helpers would take longer to start than it does."""
    return {**environment(), "LINKEDDATA_MAPPING_PROCESSES": "1"}


def finish(data: Path, *arguments: str) -> None:
    """Let a run come to its end, in this process: it would take a second to start another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(data.parent)
        for name in os.environ.keys() - alone().keys():
            patch.delenv(name)
        patch.setenv("LINKEDDATA_MAPPING_PROCESSES", "1")
        assert cli.run(command(data, *arguments)[3:]) == 0


def timed(data: Path, *arguments: str) -> float:
    """The seconds that a run takes that is let come to its end, in processes of its own."""
    start = time.monotonic()
    subprocess.run(command(data, *arguments), check=True, cwd=data.parent, env=environment(), timeout=PATIENCE)
    return time.monotonic() - start


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Let a run come to its end, whatever that is, and give what it said."""
    return subprocess.run(
        command(data, *arguments), cwd=data.parent, env=alone(), capture_output=True, text=True, check=False,
        timeout=PATIENCE,
    )  # fmt: skip


def kill(data: Path, seconds: float, *arguments: str, group: bool) -> bool:
    """Kill a run after so many seconds, with its processes or alone; gives whether it was still at work."""
    with subprocess.Popen(
        command(data, *arguments), cwd=data.parent, env=environment(), start_new_session=True, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(seconds)
        working = process.poll() is None
        if working and group:
            os.killpg(process.pid, signal.SIGKILL)
        elif working:
            process.kill()
        process.wait(PATIENCE)
    wait_until_alone(data)
    return working


def wait_until_alone(data: Path) -> None:
    """The processes of a run whose parent was killed end by themselves."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and any(_writes(pid, data) for pid in Path("/proc").glob("[0-9]*")):
        time.sleep(0.1)
    assert not any(_writes(pid, data) for pid in Path("/proc").glob("[0-9]*"))


def _writes(pid: Path, data: Path) -> bool:
    """Whether a process belongs to a load or update of a data directory."""
    try:
        called = (pid / "cmdline").read_bytes()
        return (pid / "cwd").readlink() == data.parent and b"serve" not in called and b"query_process" not in called
    except OSError:
        return False


def digest(edition: Edition) -> str:
    return (edition.folder / "dump.nq.gz.sha256").read_text().split()[0]


def leftovers(data: Path) -> list[str]:
    """What no finished run leaves behind: its workshop, halves, editions that were never served, pieces of nobody."""
    top = {path.name for path in data.iterdir()} - {"current", "editions", "lock", "marks.json", "replica.json"}
    bulk = [path.name for path in data.rglob("*") if path.name.startswith("bulk-") or ".unfinished" in path.name]
    catalogue = Catalogue(data)
    current = catalogue.current().number
    unserved = [f"edition {number}" for number in catalogue.numbers() if number > current]
    unused = [
        f"{number}: {segment}" for number in catalogue.numbers() for segment in _unused(catalogue.edition(number))
    ]
    return [*sorted(top), *bulk, *unserved, *unused]


def _unused(edition: Edition) -> set[int]:
    """Segments of kept pieces that hold nothing of any record."""
    return set(kept.segments(edition.folder / "kept")) - {entry.pieces.segment for entry in edition.entries()}


#: Runs the command, and kills it right before the step of so many that it takes with files of its data directory.
_STEPPING = """
import os, signal, sys

last, wanted = int(sys.argv[1]), sys.argv[2].split()
sys.argv[1:3] = []
taken = 0

def step(event, arguments):
    global taken
    if event in wanted and os.getpid() == own:
        taken += 1
        if taken == last:
            os.kill(own, signal.SIGKILL)

own = os.getpid()
sys.addaudithook(step)
from linkeddata.cli import main
main()
"""


def kill_at(step: int, events: str, data: Path, *arguments: str) -> bool:
    """Kill a run right before such a step (by the names that Python's audit events have); False where it took fewer."""
    told = [sys.executable, "-c", _STEPPING, str(step), events, *command(data, *arguments)[3:]]
    done = subprocess.run(told, cwd=data.parent, env=alone(), check=False, stderr=subprocess.DEVNULL, timeout=PATIENCE)
    assert done.returncode in {0, -signal.SIGKILL}
    return done.returncode != 0


def check(data: Path, digests: set[str | None]) -> None:
    """What is served is whole, and one of those that may be."""
    edition = Catalogue(data).current()
    assert digest(edition) in digests
    assert edition.counts["records"] == sum(1 for _ in edition.ids()) == len(list(edition.sources()))


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The site of a data directory, in a process of its own."""
    with subprocess.Popen(
        command(data, "serve", "--port", "0"), cwd=data.parent, env=environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+:\d+/", line)))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield address
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()


def restart(data: Path) -> float:
    """The seconds from the start of a server to its first answer."""
    start = time.monotonic()
    with serving(data) as address, urlopen(f"{address}doc/record/r%2F1.nt", timeout=20) as answer:
        assert answer.status == 200
        return time.monotonic() - start


@dataclass
class Rounds:
    """Kills at random moments of one command; `before` and `after` are the digests that may be seen."""

    data: Path
    arguments: tuple[str, ...]
    before: str | None
    after: str
    seconds: float
    restarts: list[float] = field(default_factory=list)
    random: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - no secret

    def kill_once(self, number: int) -> bool:
        """One kill; afterwards the old or the new edition is there, whole. Gives whether it hit the run."""
        moment = self.random.uniform(0.05, 0.95) * self.seconds
        hit = kill(self.data, moment, *self.arguments, group=number % 2 == 0)
        if self.before is None and not (self.data / "current").is_symlink():
            return hit
        check(self.data, {self.before, self.after})
        if THOROUGH:
            self.restarts.append(restart(self.data))
        return hit

    def resume(self) -> None:
        """The same command, left alone, finishes the work and leaves nothing behind."""
        finish(self.data, *self.arguments)
        assert digest(Catalogue(self.data).current()) == self.after
        assert leftovers(self.data) == []
