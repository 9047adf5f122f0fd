"""What more records cost: an answer's processor time and the memory of two web processes, small data against large.

    python benchmarks/growth.py SMALL LARGE [--records N] [--rounds N]

SMALL and LARGE are data directories with something published (say, 10,000 and 100,000 records); they are only
read. Answers are made each time, none is kept. Both sites are asked in turns, round by round, each for records
of its own chosen by chance, after having been asked for them once. Then two processes serve LARGE together
(`server.processes`), and what they and their query processes hold is counted by its proportional
share (PSS): what processes share counts once. Needs Linux.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from documents import KINDS, measured, row
from peers import Contender, family, is_for_queries, requests_for, serving

from linkeddata.catalogue import Catalogue

MADE = ("turtle", "jsonld", "html")
_CONNECTIONS = 8
_PROCESSES = 2


@dataclass(frozen=True)
class Published:
    """A data directory, how much it holds, and some of its records."""

    folder: Path
    base: str
    works: int
    chosen: list[str]


def published(folder: Path, count: int) -> Published:
    edition = Catalogue(folder).current()
    known = list(edition.ids())
    chosen = random.Random(1).sample(known, min(count, len(known)))  # noqa: S311 - a sample, no secret
    return Published(folder, edition.uris.base, len(known), chosen)


@contextmanager
def site(data: Published) -> Iterator[Contender]:
    """One process that serves it and keeps no answers."""
    with serving(data.folder, data.base, cache_mb=0) as (address, process):
        yield Contender(address, process, requests_for(data.chosen, MADE))


def costs(sites: Mapping[int, Contender], rounds: int) -> dict[tuple[str, int], float]:
    """CPU milliseconds of an answer of each kind and size, the median of the rounds."""
    found = defaultdict[tuple[str, int], list[float]](list)
    for turn in range(rounds + 1):
        for kind in MADE:
            for works, contender in sites.items():
                cpu = measured(contender, kind, _CONNECTIONS)[1]
                if turn:
                    found[kind, works].append(cpu)
    return {key: statistics.median(values) for key, values in found.items()}


def pss(process: int) -> float:
    """MiB that a process holds, its share of what others hold, too."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def memory(data: Published) -> tuple[list[float], list[float]]:
    """MiB of each of two web processes of one service (and of the little one that starts them), and of each of their
    query processes and what these are forked from, after all have answered."""
    with serving(data.folder, data.base, cache_mb=0, processes=_PROCESSES) as (address, process):
        contender = Contender(address, process, requests_for(data.chosen, MADE))
        for kind in MADE:
            measured(contender, kind, _PROCESSES * _CONNECTIONS)
        held = [(is_for_queries(each), pss(each)) for each in family(process)]
    return [size for asks, size in held if not asks], [size for asks, size in held if asks]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small", type=Path)
    parser.add_argument("large", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    small, large = (published(folder, given.records) for folder in (given.small, given.large))
    with site(small) as one, site(large) as other:
        found = costs({small.works: one, large.works: other}, given.rounds)
    print("CPU milliseconds of the server for an answer:\n")
    row(["answer", f"{small.works:,} records", f"{large.works:,} records", "ratio"], head=True)
    for kind in MADE:
        few, many = found[kind, small.works], found[kind, large.works]
        row([KINDS[kind], f"{few:.2f}", f"{many:.2f}", f"{many / few:.2f}"])
    print(f"\nMemory (PSS, MiB), {large.works:,} records, no answers kept:\n")
    webs, queries = memory(large)
    row(["", "processes", "each", "together"], head=True)
    for called, held in (("web", webs), ("queries", queries), ("all", webs + queries)):
        row([called, str(len(held)), f"{min(held):.0f} to {max(held):.0f}", f"{sum(held):.0f}"])


if __name__ == "__main__":
    main()
