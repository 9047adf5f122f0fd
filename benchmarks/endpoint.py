"""What our limits cost: the endpoint against the raw engine's own server, on the same edition.

    python benchmarks/endpoint.py DOCUMENTS.jsonl [--scratch FOLDER] [--rounds N] [--seconds S]

The peer is `oxigraph serve-read-only` on the store of the edition that our server has open, too. Ten
bibliographic queries are asked in turn of both (median of each, whole body read), then both are asked cheap
ones by 8 clients at once, and last by 56 clients while 8 others send queries that never end. Ratios of the
same run are what counts. Needs `pip install linkeddata[benchmark]`.
"""

from __future__ import annotations

import argparse
import http.client
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source
from linkeddata.vocabulary.terms import PREFIXES

SITE = Site("http://localhost:8080/", "Benchmark")
HEAD = "".join(f"PREFIX {prefix}: <{uri}>\n" for prefix, uri in PREFIXES.items())
TABLE, GRAPH = "application/sparql-results+json", "application/n-triples"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DOUBLING = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
#: What never ends, or takes all memory; `NUMBER` makes each another text.
RUNAWAYS = (
    f"SELECT (COUNT(*) AS ?nNUMBER) {{ {CROSS} }}",
    f"SELECT (COUNT(DISTINCT ?c) AS ?nNUMBER) {{ {CROSS} }}",
    f"SELECT ?a ?d {{ {CROSS} }} ORDER BY ?c ?f LIMIT NUMBER",
    f'SELECT (STRLEN(?x40) AS ?nNUMBER) {{ BIND("12345678" AS ?x0) {DOUBLING} }}',
)
#: Address space of the peer, so that it is ended rather than the machine.
PEER_BYTES = 4 << 30
#: Our limit of time in the public case. The peer has none: its `--timeout-s` keeps a thread for every query until
#: that time is over, so that it answers 500 once there are some thousands.
TIMEOUT = 5


def queries(edition: Edition) -> dict[str, str]:
    """The ten, about things of this edition."""
    author, journal = edition.samples["author"][0], edition.samples["journal"][0]
    record = edition.facts["example"]
    return {
        "one record": f"SELECT ?p ?o {{ <{record}> ?p ?o }}",
        "works of an author by date": f"""SELECT ?w ?t ?d {{ <{author}> foaf:focus ?a . ?w dcterms:creator ?a ;
            dcterms:title ?t . OPTIONAL {{ ?w dcterms:issued ?d }} }} ORDER BY ?d""",
        "a journal's volume": f"""SELECT ?w ?t ?v {{ ?w dcterms:isPartOf <{journal}> ; dcterms:title ?t ;
            bibo:volume ?v }} ORDER BY ?v""",
        "works per year": """SELECT ?y (COUNT(?w) AS ?n) { ?w dcterms:issued ?d BIND(SUBSTR(STR(?d), 1, 4) AS ?y) }
            GROUP BY ?y ORDER BY ?y""",
        "co-authors": f"""SELECT ?h (COUNT(DISTINCT ?w) AS ?n) {{ <{author}> foaf:focus ?a . ?w dcterms:creator ?a, ?b .
            ?h foaf:focus ?b }} GROUP BY ?h ORDER BY DESC(?n)""",
        "top subjects": """SELECT ?s ?l (COUNT(?w) AS ?n) { ?w dcterms:subject ?s . ?s skos:prefLabel ?l }
            GROUP BY ?s ?l ORDER BY DESC(?n) LIMIT 20""",
        "title search": """SELECT ?w ?t { ?w dcterms:title ?t FILTER(CONTAINS(LCASE(?t), "health")) } LIMIT 100""",
        "10,000 statements": "CONSTRUCT { ?s ?p ?o } { { SELECT * { ?s ?p ?o } LIMIT 10000 } }",
        "100,000 rows": "SELECT * { ?s ?p ?o } LIMIT 100000",
        "property path": f"""SELECT DISTINCT ?t {{
            <{author}> foaf:focus/^dcterms:creator/dcterms:subject/skos:prefLabel ?t }}""",
    }  # fmt: skip


class Client:
    """One connection that is kept, to one server."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._path = parts.path
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=60)

    def ask(self, query: str) -> int:
        """The status of a whole answer; 0 where there is none."""
        accept = GRAPH if "CONSTRUCT" in query else TABLE
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        try:
            self._connection.request("POST", self._path, body=query.encode(), headers=headers)
            answer = self._connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0

    def close(self) -> None:
        self._connection.close()


@contextmanager
def running(
    command: list[str], address: str, *, most_bytes: int = -1, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from its first answer until the end of the block."""
    with subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL) as process:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (most_bytes, most_bytes))
        client = Client(address)
        while client.ask("ASK {}") != 200:
            time.sleep(0.1)
        yield process
        if process.poll() is not None:
            print(f"  {Path(command[0]).name} has ended by itself, exit code {process.returncode}")
        process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def both(data: Path, store: Path, *, timeout: float) -> Iterator[dict[str, str]]:
    """The two servers' addresses, ours and theirs, both running."""
    ours, theirs = free_port(), free_port()
    addresses = {"ours": f"http://127.0.0.1:{ours}/sparql", "theirs": f"http://127.0.0.1:{theirs}/query"}
    engine = str(Path(sys.executable).with_name("oxigraph"))
    serve = ["-m", "linkeddata", "--data", str(data), "serve", "--host", "127.0.0.1", "--port", str(ours)]
    peer = [engine, "serve-read-only", "-l", str(store), "-b", f"127.0.0.1:{theirs}"]
    unbound = {"LINKEDDATA_SPARQL_CLIENT_SECONDS": "0", "LINKEDDATA_SPARQL_TIMEOUT": f"{timeout:g}"}
    with (
        running([sys.executable, *serve], addresses["ours"], **unbound),
        running(peer, addresses["theirs"], most_bytes=PEER_BYTES),
    ):
        yield addresses


def latencies(addresses: dict[str, str], asked: dict[str, str], rounds: int) -> None:
    """Print each query's median for both, asked in turn."""
    clients = {name: Client(address) for name, address in addresses.items()}
    print(f"{'query':30} {'ours ms':>9} {'theirs ms':>9} {'ratio':>6}")
    for words, query in asked.items():
        spent: dict[str, list[float]] = {name: [] for name in clients}
        for _ in range(rounds):
            for name, client in clients.items():
                began = time.perf_counter()
                if client.ask(HEAD + query) != 200:
                    raise SystemExit(f"{words}: no answer from {name}")
                spent[name].append((time.perf_counter() - began) * 1000)
        ours, theirs = (statistics.median(spent[name]) for name in ("ours", "theirs"))
        print(f"{words:30} {ours:9.1f} {theirs:9.1f} {ours / theirs:6.2f}", flush=True)


def crowd(address: str, askers: list[Callable[[int], str]], seconds: float) -> list[tuple[int, float]]:
    """Status and seconds of every answer; each of `askers` is a client that asks without a pause, by its turn."""
    deadline, answered = time.monotonic() + seconds, list[tuple[int, float]]()

    def go(asker: Callable[[int], str]) -> None:
        client, turn = Client(address), 0
        while time.monotonic() < deadline:
            began, turn = time.monotonic(), turn + 1
            answered.append((client.ask(asker(turn)), time.monotonic() - began))
        client.close()

    threads = [threading.Thread(target=go, args=(asker,), daemon=True) for asker in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()) + 10)
    return answered


def attack(address: str, number: int, until: threading.Event) -> None:
    """One client whose queries never end."""
    client, turn = Client(address), 0
    while not until.is_set():
        turn += 1
        client.ask(RUNAWAYS[(number + turn) % len(RUNAWAYS)].replace("NUMBER", str(1000 * number + turn)))
        until.wait(0.05)


def summary(answered: list[tuple[int, float]], seconds: float) -> tuple[float, float, float]:
    """Good answers a second, the 99th percentile of their milliseconds, and the share that got none."""
    good = sorted(spent for status, spent in answered if status == 200)
    late = good[int(len(good) * 0.99)] * 1000 if good else float("nan")
    return len(good) / seconds, late, 1 - len(good) / max(1, len(answered))


def throughput(addresses: dict[str, str], askers: list[Callable[[int], str]], seconds: float, runaways: int) -> None:
    """Print what clients get, with and without others whose queries never end."""
    got = {}
    for name, address in addresses.items():
        over = threading.Event()
        attackers = [
            threading.Thread(target=attack, args=(address, number, over), daemon=True) for number in range(runaways)
        ]
        for attacker in attackers:
            attacker.start()
        found = summary(crowd(address, askers, seconds), seconds)
        over.set()
        got[name] = found[0]
        print(f"  {name:7} {found[0]:7.0f}/s   p99 {found[1]:7.0f} ms   without an answer {found[2]:.1%}", flush=True)
    print(f"  ours over theirs: {got['ours'] / max(got['theirs'], 0.01):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--scratch", type=Path, help="folder for the edition; an edition in it is used as it is")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = chosen.scratch or Path(temporary)
        if not (data / "current").exists():
            publish(open_source(str(chosen.documents)), Catalogue(data), SITE)
        edition = Catalogue(data).current()
        print(f"{edition.counts['records']} records, {edition.counts['statements']} statements")
        store, asked = edition.folder / "store", queries(edition)
        mixed = [HEAD + text for words, text in asked.items() if "00,000" not in words]

        def cheap(_: int) -> str:
            return HEAD + asked["one record"]

        def any_of_nine(turn: int) -> str:
            return mixed[turn % len(mixed)]

        with both(data, store, timeout=60) as addresses:
            latencies(addresses, asked, chosen.rounds)
        for words, askers, runaways in (
            ("8 clients, nine of the ten in turn", [any_of_nine] * 8, 0),
            ("8 clients, one record", [cheap] * 8, 0),
            ("56 clients, one record", [cheap] * 56, 0),
            (f"56 clients, one record; 8 with runaways, {TIMEOUT} s a query", [cheap] * 56, 8),
        ):
            print(words)
            with both(data, store, timeout=TIMEOUT) as addresses:
                throughput(addresses, askers, chosen.seconds, runaways)


if __name__ == "__main__":
    main()
