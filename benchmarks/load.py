"""What publishing costs: documents mapped per second, and a load against the raw engine.

    python benchmarks/load.py DOCUMENTS.jsonl [--scratch FOLDER] [--runs N] [--without-mining]

The peer is `oxigraph load` followed by `oxigraph optimize` (the engine's own command line) on the
N-Quads that our `map` command writes from the same documents. Both sides run in turn, N times;
the ratio is ours over theirs, wall time, the dump not counted. CPU seconds are those of all processes of a side, in
user and system mode: they vary less than wall time where a machine has other things to do; ours have the dump's, too.
Needs `pip install linkeddata[benchmark]`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

from linkeddata import is_compiled
from linkeddata.catalogue import Catalogue
from linkeddata.config import MINING_RULE
from linkeddata.crosswalk import Crosswalk
from linkeddata.errors import RecordRefused
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.sources import open_source, open_unread

SITE = Site("https://data.example.org/", "Benchmark")
_MAPPED = 20_000


def mapped_per_second(documents: Path, site: Site) -> float:
    """Documents one core translates in a second of its time, reading them not counted."""
    records = [one for one in islice(open_source(str(documents)), _MAPPED) if isinstance(one, Record)]
    crosswalk = Crosswalk(site.uris, mines=site.mines)
    start = time.process_time()
    for record in records:
        try:
            crosswalk(record)
        except RecordRefused:
            continue
    return len(records) / (time.process_time() - start)


def spent() -> float:
    """CPU seconds so far, of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def our_load(documents: Path, folder: Path, site: Site) -> tuple[float, float]:
    """Seconds of wall time for a load without its dump, and for the dump."""
    start = time.monotonic()
    report = publish(open_unread(str(documents)), Catalogue(folder), site)
    seconds = time.monotonic() - start
    print("   ", " ".join(f"{name} {lasted:.1f}" for name, lasted in report.seconds.items()), flush=True)
    return seconds - report.seconds["dump"], report.seconds["dump"]


def their_load(quads: Path, folder: Path) -> float:
    """Seconds of wall time for the engine's own load and optimize."""
    engine = str(Path(sys.executable).with_name("oxigraph"))
    start = time.monotonic()
    for command in (["load", "--location", str(folder), "--file", str(quads)], ["optimize", "--location", str(folder)]):
        subprocess.run([engine, *command], check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without-mining", action="store_true")
    given = parser.parse_args()
    site = replace(SITE, mines=not given.without_mining)
    print(f"the {'compiled' if is_compiled() else 'pure'} form", flush=True)
    print(f"mapped: {mapped_per_second(given.documents, site):,.0f} documents per second of one core", flush=True)
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        compare(given.documents, Path(scratch), given.runs, site)


def compare(documents: Path, scratch: Path, runs: int, site: Site) -> None:
    """Both sides in turn, and the ratios."""
    quads = scratch / "mapped.nq"
    command = [sys.executable, "-m", "linkeddata", "--base-uri", site.base_uri, "map", str(documents), "--to", "nq"]
    environment = {**os.environ, "LINKEDDATA_MAPPING_MINE": MINING_RULE if site.mines else ""}
    with quads.open("wb") as file:
        subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, cwd=scratch, env=environment, check=False)
    ratios = []
    for _ in range(runs):
        before = spent()
        ours, dump = our_load(documents, scratch / "ours", site)
        between = spent()
        theirs = their_load(quads, scratch / "theirs")
        ratios.append(ours / theirs)
        print(f"load {ours:.1f} s, raw engine {theirs:.1f} s, ratio {ratios[-1]:.2f}; dump {dump:.1f} s", flush=True)
        print(f"    CPU seconds: ours {between - before:.1f}, raw engine {spent() - between:.1f}", flush=True)
        for folder in ("ours", "theirs"):
            shutil.rmtree(scratch / folder)
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
