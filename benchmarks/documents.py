"""What a document costs: made anew, repeated, and unchanged, against other ways to serve the same.

    python benchmarks/documents.py DOCUMENTS.jsonl [--records N] [--rounds N] [--only NAME …] [--trifid FOLDER]

Prints tables in Markdown: requests a second of each server with ours over it, then what an answer costs.
A peer that is not installed is named as not measured.

Each server runs in a process of its own and is asked for the same records, chosen by chance, over 1, 8 and 32
connections, after having been asked for each once. All take their turns in every round, so that the ratios hold on
a machine that others use too; `CPU` is milliseconds of the server's processor time for an answer. "Made" is
computed each time, ours keeping nothing; kept and unchanged answers are held against what a peer does when it
is asked again. Needs Linux, and `pip install linkeddata[benchmark]`.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from load_generator import Outcome, run
from peers import BASE, PEERS, Contender, Data, NotInstalled, family

from linkeddata.catalogue import Catalogue
from linkeddata.vocabulary.uris import RECORD, Name

CONCURRENCIES = (1, 8, 32)
KINDS = {
    "turtle": "Turtle, made",
    "jsonld": "JSON-LD, made",
    "html": "HTML, made",
    "repeat": "Turtle, kept",
    "unchanged": "304",
}
OURS = ("ours", "ours, kept")
#: What is quick is asked several times over, so that a run is long enough to measure.
TIMES = {"repeat": 5, "unchanged": 5}
_BUSY = 0.9


@dataclass
class Figures:
    """What one server did with one kind of request, round by round."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)


#: Records of more bytes of statements are not asked for: Virtuoso refuses to make HTML of thousands of authors.
_LARGE = 100_000

Results = dict[tuple[str, int, str], Figures]


def prepared(documents: Path, scratch: Path, count: int, trifid: Path | None) -> Data:
    """The documents published, written out, and some records of them chosen by chance (the same ones each time)."""
    ours = [sys.executable, "-m", "linkeddata", "--data", str(scratch / "data"), "--base-uri", BASE, "--quiet"]
    quiet = subprocess.DEVNULL
    subprocess.run([*ours, "load", str(documents), "--tolerate", "1000000"], check=True, stdout=quiet, stderr=quiet)
    edition = Catalogue(scratch / "data").current()
    told = {each: said.statements for each in edition.ids() if (said := edition.describe(Name(RECORD, each)))}
    statements, graphs = scratch / "statements.nt", scratch / "documents.nq"
    statements.write_bytes(b"".join(told.values()))
    with graphs.open("wb") as file:
        for each, said in told.items():
            file.write(said.replace(b" .\n", f" <{edition.uris.record(each)}> .\n".encode()))
    usual = [each for each, statements in told.items() if len(statements) < _LARGE]
    chosen = random.Random(1).sample(usual, min(count, len(usual)))  # noqa: S311 - a sample, no secret
    return Data(scratch / "data", statements, {each: told[each] for each in chosen}, graphs, trifid)


def cpu_seconds(process: int) -> float:
    """Processor time of a process, all its threads, and all that it has started, so far."""
    told = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in family(process)]
    return sum(int(fields[11]) + int(fields[12]) for fields in told) / os.sysconf("SC_CLK_TCK")


def measured(contender: Contender, kind: str, connections: int) -> tuple[Outcome, float]:
    """One run, and the server's CPU milliseconds for an answer."""
    before = cpu_seconds(contender.process)
    status = contender.unchanged if kind == "unchanged" else 200
    requests = [*contender.requests[kind]] * TIMES.get(kind, 1)
    outcome = run(contender.address, requests, connections=connections, status=status)
    if outcome.wrong:
        raise SystemExit(f"{kind}: {len(outcome.wrong)} wrong answers, such as {outcome.wrong[0]!r}")
    return outcome, 1000 * (cpu_seconds(contender.process) - before) / max(outcome.answers, 1)


def compare(contenders: Mapping[str, Contender], rounds: int) -> Results:
    """All in turn, round by round."""
    results: Results = defaultdict(Figures)
    for contender in contenders.values():
        for kind in contender.requests:
            measured(contender, kind, CONCURRENCIES[1])
    for _ in range(rounds):
        for connections in CONCURRENCIES:
            for kind in KINDS:
                for name, contender in contenders.items():
                    if kind in contender.requests:
                        outcome, cpu = measured(contender, kind, connections)
                        figures = results[kind, connections, name]
                        figures.rates.append(outcome.rate)
                        figures.cpu.append(cpu)
                        figures.bytes.append(outcome.body_bytes / max(outcome.answers, 1))
                        if outcome.busy > _BUSY:
                            print(f"  (the generator was the limit: {name}, {kind}, {connections})", flush=True)
    return results


def printed(results: Results, absent: Mapping[str, str]) -> None:
    """Who is how quick, and ours over it; what an answer costs; who is not here."""
    names = list(dict.fromkeys(name for _, _, name in results))
    peers = [name for name in names if name not in OURS]
    print("\nRequests a second, and ours over it:\n")
    row(["answer", "connections", "ours", *peers], head=True)
    for kind, connections in dict.fromkeys(key[:2] for key in results):
        ours = next((results[kind, connections, name] for name in OURS if (kind, connections, name) in results), None)
        cells = [_rate(ours, results.get((kind, connections, name))) for name in peers]
        row([KINDS[kind], str(connections), f"{statistics.median(ours.rates):,.0f}" if ours else "", *cells])
    print("\nCPU milliseconds of the server for an answer, and its bytes, over 8 connections:\n")
    row(["answer", *names], head=True)
    for kind, called in KINDS.items():
        row([called, *(_cost(results.get((kind, 8, name))) for name in names)])
    for name, needed in absent.items():
        print(f"\nNot measured: {name} (needs {needed}).")


def row(cells: Sequence[str], *, head: bool = False) -> None:
    """Print a row of a table in Markdown."""
    print(f"| {' | '.join(cells)} |")
    if head:
        print(f"| {' | '.join('---' for _ in cells)} |")


def _rate(ours: Figures | None, theirs: Figures | None) -> str:
    """Theirs, and the median of the ratios, round by round."""
    if theirs is None:
        return ""
    rate = f"{statistics.median(theirs.rates):,.0f}"
    if ours is None:
        return rate
    ratio = statistics.median(mine / other for mine, other in zip(ours.rates, theirs.rates, strict=True))
    return f"{rate} ({ratio:.2f} ×)"


def _cost(figures: Figures | None) -> str:
    return f"{statistics.median(figures.cpu):.2f} ({statistics.median(figures.bytes):,.0f})" if figures else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--trifid", type=Path, help="the folder where `npm install trifid` was run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch, ExitStack() as running:
        data = prepared(given.documents, Path(scratch), given.records, given.trifid and given.trifid.resolve())
        contenders, absent = dict[str, Contender](), dict[str, str]()
        for name in given.only:
            try:
                contenders[name] = running.enter_context(PEERS[name](data, Path(scratch)))
            except NotInstalled as missing:
                absent[name] = str(missing)
        printed(compare(contenders, given.rounds), absent)


if __name__ == "__main__":
    main()
