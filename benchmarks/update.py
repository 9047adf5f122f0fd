"""What an update costs against a whole load of the same records.

    python benchmarks/update.py DOCUMENTS.jsonl CHANGES.jsonl [--scratch FOLDER]

DOCUMENTS is loaded whole; then CHANGES (documents that changed, and `{"delete": …}` lines) is applied as an
update, and then applied again, when nothing has changed; then all of DOCUMENTS as an update of itself, to see
what meeting known records costs beyond reading them. The limit for each is the whole load of the same run. Dumps
are not counted. In the end the dump is compared with that of a fresh load of what is left.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Brought, Deletion, Reading, Record
from linkeddata.report import Report
from linkeddata.sources import open_source, open_unread

SITE = Site("https://data.example.org/", "Benchmark")


def timed(name: str, report: Report, seconds: float) -> float:
    """Seconds of wall time without the dump, told with their parts."""
    spent = seconds - report.seconds.get("dump", 0.0)
    parts = " ".join(f"{step} {took:.1f}" for step, took in report.seconds.items())
    print(f"{name}: {spent:.1f} s ({parts}), new {report.new}, changed {report.changed}, unchanged {report.unchanged}")
    return spent


def load(folder: Path, brought: Iterator[Brought], name: str) -> float:
    start = time.monotonic()
    report = publish(brought, Catalogue(folder), SITE)
    return timed(name, report, time.monotonic() - start)


def change(folder: Path, file: Path, name: str) -> float:
    start = time.monotonic()
    report = update([Run(lambda _: Given(open_source(str(file))))], Catalogue(folder), Work(SITE))
    return timed(name, report, time.monotonic() - start)


def reading(file: Path) -> float:
    """Seconds to read a file and do nothing with it."""
    start = time.monotonic()
    for _ in open_source(str(file)):
        pass
    return time.monotonic() - start


def left(documents: Path, changes: Path) -> Iterator[Reading]:
    """The records that are left after the changes."""
    changed = {each.id for each in open_source(str(changes)) if isinstance(each, Record | Deletion)}
    for each in open_source(str(documents)):
        if isinstance(each, Record) and each.id not in changed:
            yield each
    yield from (each for each in open_source(str(changes)) if isinstance(each, Record))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("changes", type=Path)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        compare(given.documents, given.changes, Path(scratch))


def compare(documents: Path, changes: Path, scratch: Path) -> None:
    data, expected = scratch / "data", scratch / "expected"
    whole = load(data, open_unread(str(documents)), "whole load")
    changed = change(data, changes, "update")
    again = change(data, changes, "update again")
    read, known = reading(documents), change(data, documents, "update of all")
    print(f"update / load {changed / whole:.1%}; again {again / whole:.1%}")
    print(f"reading all {read:.1f} s; as an update (what changed is put back) {known:.1f} s")
    unchanged = change(data, documents, "update of all, nothing changed")
    print(f"nothing changed, beyond reading: {(unchanged - read) / whole:.1%} of the load")
    change(data, changes, "update")
    load(expected, left(documents, changes), "fresh load of what is left")
    same = (data / "current/dump.nq.gz").read_bytes() == (expected / "current/dump.nq.gz").read_bytes()
    print("dumps equal" if same else "DUMPS DIFFER")


if __name__ == "__main__":
    main()
