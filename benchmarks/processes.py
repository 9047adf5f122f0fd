"""What a second web process adds: documents a second by two over one by one, on one edition and on one Virtuoso.

    python benchmarks/processes.py DOCUMENTS.jsonl [--records N] [--rounds N]

Prints a table in Markdown. One and two processes of ours take turns in every round and keep no answers; the ratio is
the median of the rounds. They are asked for the same records, chosen by chance, and for documents of shared things
(names), which Virtuoso is asked about. The generator needs a share of the processors, too, so that on two of them the
ratio falls short of what two machines would have. Needs Linux.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import virtuoso
from documents import row
from load_generator import get, run
from peers import BASE, path_of, serving

from linkeddata.catalogue import Catalogue

CONNECTIONS, PROCESSES, WARMING = 16, (1, 2), 6.0


@contextmanager
def homes(scratch: Path) -> Iterator[dict[str, dict[str, str]]]:
    """Where graphs live, with the settings that say so; Virtuoso where it is installed."""
    found: dict[str, dict[str, str]] = {"edition": {}}
    with ExitStack() as running:
        if virtuoso.is_installed():
            folder = scratch / "virtuoso"
            folder.mkdir()
            served = running.enter_context(virtuoso.running(folder, threads=40))
            update = {"UPDATE_ENDPOINT": f"{served.address}/sparql-auth", "USER": "dba", "PASSWORD": virtuoso.PASSWORD}
            told = {"ENDPOINT": f"{served.address}/sparql", "GRAPH": f"{BASE}graph", **update}
            found["Virtuoso"] = {f"LINKEDDATA_STORE_{name}": value for name, value in told.items()}
        yield found


def published(documents: Path, data: Path, settings: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "linkeddata", "--data", str(data), "--base-uri", BASE, "--quiet"]
    load = [*command, "load", str(documents), "--tolerate", "1000000"]
    subprocess.run(load, check=True, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)


def asked(data: Path, count: int) -> dict[str, list[bytes]]:
    """The requests, by what they ask for."""
    edition = Catalogue(data).current()
    known = list(edition.ids())
    records = random.Random(1).sample(known, min(count, len(known)))  # noqa: S311 - a sample, no secret
    names = [urlsplit(listed.uri).path.replace("/id/", "/doc/", 1) for listed in edition.listing("name", page=1).rows]
    kinds = {f"record, {kind}": [get(path_of(each, kind)) for each in records] for kind in ("turtle", "html")}
    return {**kinds, "name, turtle": [get(f"{path}.ttl") for path in names] * max(1, count // max(len(names), 1) // 2)}


def compared(data: Path, settings: Mapping[str, str], requests: Mapping[str, list[bytes]], rounds: int) -> None:
    """Both in turn, round by round; prints a row for each kind of document."""
    rates = defaultdict[tuple[str, int], list[float]](list)
    with ExitStack() as running:
        served = {
            count: running.enter_context(serving(data, BASE, cache_mb=0, processes=count, settings=settings))[0]
            for count in PROCESSES
        }
        for address in served.values():
            end = time.monotonic() + WARMING
            while time.monotonic() < end:
                for each in requests.values():
                    run(address, each[:100], connections=CONNECTIONS, status=200)
        for _ in range(rounds):
            for kind, each in requests.items():
                for count, address in served.items():
                    outcome = run(address, each, connections=CONNECTIONS, status=200)
                    if outcome.wrong:
                        raise SystemExit(f"{kind}: wrong answers, such as {outcome.wrong[0]!r}")
                    rates[kind, count].append(outcome.rate)
    home = "Virtuoso" if settings else "edition"
    for kind in requests:
        one, two = rates[kind, 1], rates[kind, 2]
        ratio = statistics.median(more / less for less, more in zip(one, two, strict=True))
        row([home, kind, f"{statistics.median(one):,.0f}", f"{statistics.median(two):,.0f}", f"{ratio:.2f}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, homes(Path(scratch)) as found:
        row(["graph in", "document", "one process, a second", "two", "ratio"], head=True)
        for name, settings in found.items():
            published(given.documents, Path(scratch) / name, settings)
            requests = asked(Path(scratch) / name, given.records)
            compared(Path(scratch) / name, settings, requests, given.rounds)
        if "Virtuoso" not in found:
            print(f"Not measured: Virtuoso (needs {virtuoso.PACKAGE}).")


if __name__ == "__main__":
    main()
