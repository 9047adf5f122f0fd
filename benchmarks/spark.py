"""What mapping on Spark costs: documents per second of local[2] against one core of one machine, in the same run.

    python benchmarks/spark.py DOCUMENTS.jsonl [--most N] [--scratch FOLDER] [--cores N] [--without-mining] [--changes]

One process reads and translates, as one core of a load does (`mapping`); one process makes the whole folder, by the
tasks of a job without Spark (`folder`); Spark makes it, in two steps, of which the first does more than that mapping:
it also chooses among versions and writes what is kept. Wall time, and processor time of all processes, Java's included,
which says more on a busy machine. Spark's own start is told apart. The folders must be the same, byte for byte.

With --changes, 2 % of the documents are changed, taken out or added then: mapped on top of that folder, this must give
what a run over everything gives. Needs `pip install linkeddata[spark]` and Java.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

import orjson

from linkeddata.catalogue.graph import vocabulary_quads
from linkeddata.catalogue.sorted_lines import compared
from linkeddata.config import MINING_RULE
from linkeddata.crosswalk import vocabulary_statements
from linkeddata.sources import open_source
from linkeddata.spark import Input, Job, map_on_spark, session
from linkeddata.spark.mapping import chosen, mapped
from linkeddata.spark.ordering import Range, dealt, ordered
from linkeddata.translate import Site, translated

SITE = Site("https://data.example.org/", "Benchmark")
OPTIONS = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1"}
_KINDS = ((True, "insert"), (False, "delete"))
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY_SECONDS = 0.2


@dataclass
class Watch:
    """Processor time and greatest memory (MiB) of processes, by the kind that their command line tells."""

    seconds: dict[tuple[str, int], float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def look(self) -> None:
        for pid in _descendants(os.getpid()):
            try:
                told = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
                status = Path(f"/proc/{pid}/status").read_text()
                kind = "java" if "java" in Path(f"/proc/{pid}/cmdline").read_text() else "python worker"
            except OSError:
                continue
            # utime, stime, and those of children that have ended (proc(5)).
            self.seconds[kind, pid] = sum(map(int, told[11:15])) / _TICKS
            peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
            self.memory[kind] = max(self.memory.get(kind, 0), peak / 1024)

    def spent(self, kind: str) -> float:
        """Processor seconds of a kind so far."""
        return sum(seconds for (of, _), seconds in self.seconds.items() if of == kind)

    @contextmanager
    def running(self) -> Iterator[None]:
        done = threading.Event()

        def watch() -> None:
            while not done.wait(_EVERY_SECONDS):
                self.look()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
            self.look()
        finally:
            done.set()
            thread.join(timeout=10)


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def rows_of(documents: Path) -> list[tuple[str, str, int, bytes]]:
    with documents.open("rb") as lines:
        return [("", f"file:{documents}", 0, line.rstrip(b"\n")) for line in lines]


def mapping_alone(documents: Path, site: Site) -> tuple[float, float]:
    """Wall and processor seconds of one process that reads and translates."""
    start = time.monotonic(), time.process_time()
    for _ in translated(open_source(str(documents)), site, 1, fills=True):
        pass
    return time.monotonic() - start[0], time.process_time() - start[1]


def folder_alone(documents: Path, folder: Path, site: Site) -> tuple[float, float]:
    """The same of one that makes the whole folder."""
    for name in ("quads", "records"):
        (folder / name).mkdir(parents=True)
    rows = rows_of(documents)
    start = time.monotonic(), time.process_time()
    events = sorted(mapped(rows, {}, site), key=lambda event: event[0])
    chosen(events, folder / "records" / "00000.records", site.uris)
    vocabulary = vocabulary_quads(vocabulary_statements(site.uris, site.profile), site.uris)
    pieces = dealt([folder / "records" / "00000.records", vocabulary], [], site.uris)
    ordered(pieces, Range("part-00000.nq.gz", b"", None), folder, None)
    return time.monotonic() - start[0], time.process_time() - start[1]


def lines_of(folder: Path, kind: str = "quads") -> Iterator[bytes]:
    for file in sorted((folder / kind).iterdir()):
        with gzip.open(file) as lines:
            yield from lines


def say(name: str, documents: int, wall: float, cpu: float) -> None:
    print(f"{name}: {documents / wall:,.0f} documents per second, {cpu / documents * 1000:.2f} ms of processor each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--most", type=int, default=None)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--without-mining", action="store_true")
    parser.add_argument("--changes", action="store_true")
    given = parser.parse_args()
    site = replace(SITE, mines=not given.without_mining)
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        documents = Path(scratch, "documents.jsonl")
        with given.documents.open("rb") as lines, documents.open("wb") as some:
            some.writelines(islice(lines, given.most))
        compare(documents, Path(scratch), site, given.cores)
        if given.changes:
            revise(documents, Path(scratch), site, given.cores)


def compare(documents: Path, scratch: Path, site: Site, cores: int) -> None:
    count = len(rows_of(documents))
    print(f"{count:,} documents, {documents.stat().st_size >> 20} MB, mining: {MINING_RULE if site.mines else 'no'}")
    mapping = mapping_alone(documents, site)
    say("one core, mapping", count, *mapping)
    whole = folder_alone(documents, scratch / "alone", site)
    say("one core, folder", count, *whole)
    watch, start = Watch(), time.monotonic()
    with session(f"local[{cores}]", OPTIONS) as spark:
        watch.look()
        started, before = time.monotonic(), watch.spent("java")
        with watch.running():
            report = map_on_spark(spark, Job((Input(str(documents)),), scratch / "spark", site))
        wall, java, python = time.monotonic() - started, watch.spent("java") - before, watch.spent("python worker")
    say(f"Spark local[{cores}], folder", count, wall, java + python)
    print(f"  processor: java {java:.1f} s, python {python:.1f} s")
    print(f"  of that: {', '.join(f'{name} {spent:.1f} s' for name, spent in report.seconds.items())}")
    print(f"  Spark's own start: {started - start:.1f} s")
    print(f"  greatest memory of a process: {', '.join(f'{k} {v:,.0f} MiB' for k, v in sorted(watch.memory.items()))}")
    print(f"ratio, mapping: {mapping[0] / report.seconds['mapping']:.2f}; folder: {whole[0] / wall:.2f}")
    print(f"ratio, folder, by processor time alone: {whole[1] / (java + python) * cores:.2f}")
    same = all(
        one == other for one, other in zip(lines_of(scratch / "alone"), lines_of(scratch / "spark"), strict=True)
    )
    print(f"the same statements: {'yes' if same else 'NO'}")
    shutil.rmtree(scratch / "alone")


def changed(documents: Path, changes: Path, whole: Path) -> None:
    """Of two hundred documents two are changed, one is taken out, one added: by themselves, and in the whole."""
    with documents.open("rb") as lines, changes.open("wb") as some, whole.open("wb") as everything:
        for number, line in enumerate(lines):
            kept = [line]
            if number % 100 == 0:
                kept = [orjson.dumps(orjson.loads(line) | {"title": f"Revised {number}"}) + b"\n"]
                some.writelines(kept)
            elif number % 200 == 1:
                kept = []
                some.write(orjson.dumps({"delete": {"id": orjson.loads(line)["id"]}}) + b"\n")
            elif number % 200 == 2:
                added = orjson.dumps(orjson.loads(line) | {"id": f"added-{number}"}) + b"\n"
                kept.append(added)
                some.write(added)
            everything.writelines(kept)


def revise(documents: Path, scratch: Path, site: Site, cores: int) -> None:
    changes, whole, before = scratch / "changes.jsonl", scratch / "whole.jsonl", scratch / "spark"
    changed(documents, changes, whole)
    jobs = {
        "changes": Job((Input(str(changes)),), scratch / "revised", site, previous=before, changes=True),
        "everything": Job((Input(str(whole)),), scratch / "anew", site),
    }
    with session(f"local[{cores}]", OPTIONS) as spark:
        for name, job in jobs.items():
            start = time.monotonic()
            map_on_spark(spark, job)
            print(f"{name}: {time.monotonic() - start:.1f} s")
    after = list(compared(lines_of(before), lines_of(scratch / "anew")))
    told = [[(comes, line) for line in lines_of(scratch / "revised", kind)] for comes, kind in _KINDS]
    same = all(one == other for one, other in zip(*map(lines_of, (scratch / "revised", scratch / "anew")), strict=True))
    print(f"changes on top are everything anew: {'yes' if same else 'NO'}")
    print(f"applied, insert and delete are: {'yes' if sorted(after) == sorted(chain(*told)) else 'NO'}")


if __name__ == "__main__":
    main()
