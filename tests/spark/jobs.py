"""Jobs as the tests ask for them, and what is held against each other."""

from __future__ import annotations

import gzip
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from linkeddata.catalogue import Edition
from linkeddata.record import Reading
from linkeddata.sources import open_source
from linkeddata.translate import Site

BASE = "https://data.example.org/"
SITE = Site(BASE)
LOCAL, CLUSTER = "local[2]", "local-cluster[2,1,1024]"
PACKAGE = Path(__file__).resolve().parents[2]
_QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
#: For jobs that last seconds.
OPTIONS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.executor.memory": "1g",
    # What runs for seconds only is compiled in the quick way.
    "spark.executor.extraJavaOptions": _QUICK,
    # Executors of a cluster begin with nothing of what this process knows.
    "spark.executorEnv.PYTHONPATH": str(PACKAGE),
}


def arguments(out: Path, *inputs: str, master: str = LOCAL, **options: str) -> list[str]:
    """The command line of a job; what else there is to say goes among the inputs."""
    settled = OPTIONS | {name.replace("__", "."): value for name, value in options.items()}
    told = chain.from_iterable(("--conf", f"{name}={value}") for name, value in settled.items())
    return ["--base-uri", BASE, "map-on-spark", *inputs, "--out", str(out), "--master", master, *told]


@dataclass(frozen=True)
class Input:
    """Files of records of which many have one id, some are broken, and some take others out again."""

    files: tuple[str, ...]
    #: What changes afterwards.
    changes: str

    def readings(self) -> Iterator[Reading]:
        return chain.from_iterable(map(open_source, self.files))


@dataclass(frozen=True)
class Single:
    """What one machine makes of the same records."""

    edition: Edition
    report: dict[str, Any]

    def lines(self) -> list[bytes]:
        return sorted_dump(self.edition)


def sorted_dump(edition: Edition) -> list[bytes]:
    return sorted(gzip.decompress((edition.folder / "dump.nq.gz").read_bytes()).splitlines(keepends=True))


def lines_of(folder: Path, kind: str = "quads") -> list[bytes]:
    """The lines of all files of a kind, in the order of the files."""
    files = sorted((folder / kind).iterdir())
    return [line for file in files for line in gzip.decompress(file.read_bytes()).splitlines(keepends=True)]


def command(out: Path, *inputs: str) -> list[str]:
    """A job in a process of its own."""
    return [sys.executable, "-m", "linkeddata", *arguments(out, *inputs)]


@contextmanager
def losing_an_executor(out: Path) -> Iterator[list[int]]:
    """Kills an executor as soon as the first file of a job's records is there; gives which, in the end."""
    done, killed = threading.Event(), list[int]()

    def watch() -> None:
        while not done.wait(0.02):
            if any(out.with_name(f".{out.name}.unfinished").glob("records/*.records")):
                killed.extend(islice(_executors(), 1))
                os.kill(killed[0], signal.SIGKILL)
                return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield killed
    finally:
        done.set()
        thread.join(timeout=10)


def _executors() -> Iterator[int]:
    """The executors that run for this process."""
    for pid in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"CoarseGrainedExecutorBackend" in (pid / "cmdline").read_bytes() and os.getpid() in _ancestors(pid):
                yield int(pid.name)


def _ancestors(pid: Path) -> Iterator[int]:
    while (parent := int((pid / "stat").read_text().rpartition(") ")[2].split()[1])) > 1:
        yield parent
        pid = pid.with_name(str(parent))
