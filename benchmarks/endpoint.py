"""What our limits cost and what they are good for: the endpoint against the raw engine's own server.

    python benchmarks/endpoint.py DOCUMENTS.jsonl [--scratch FOLDER] [--rounds N] [--seconds S] [--short]

The peer is `oxigraph serve-read-only` on the store of the edition that our server has open, too. Ten
bibliographic queries are asked in turn of both (median of each, whole body read). Then each alone is asked by
8 clients at once, by 56, and by 56 while 8 others send queries that never end: these give up after our limit of
time and send the next, as strangers do, for four times as long. That is done three times: with runaways that
need memory, too, with some that only count, and with queries among them that are nested too deep. Who is refused
waits as long as it is told and asks the same again; answers after the time do not count. A server that ends
itself, or holds more memory than the peer may, is not started again: from then on it gives no good answer, so
its rate while it lived is told beside that of the whole time. Last, runaways are sent to ours alone: how long
the longest lived beyond its limit, and when the processors were idle again. Everything is printed as Markdown
tables; ratios of the same run are what counts. It takes about ten minutes with 100,000 records; `--short` takes
two and shows that all works. Needs `pip install linkeddata[benchmark]`.
"""

from __future__ import annotations

import argparse
import http.client
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from loopback import free_port

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
#: What never ends and needs no memory.
COUNTING = RUNAWAYS[:1]
#: What no recursive parser survives (20 kB), among runaways.
NESTED = (*RUNAWAYS, f"ASK {{ FILTER({'(' * 10_000}NUMBER{')' * 10_000}) }}")
#: Memory that the peer may hold, so that it is ended rather than the machine; all of our processes get by with less.
PEER_BYTES = 4 << 30
#: Our limit of time in the public case. The peer has none: its `--timeout-s` keeps a thread for every query until
#: that time is over, so that it answers 500 once there are some thousands.
TIMEOUT = 5
#: So many times as long are runaways sent, as what they do to a server adds up.
_PUBLIC = 4
#: No status of HTTP: an answer that is not what it says, or a refusal that does not say when to come again.
BROKEN = -1


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
    """One connection that is kept, to one server; `patience` is the seconds after which it waits no longer."""

    def __init__(self, address: str, *, patience: float = 60) -> None:
        parts = urlsplit(address)
        self._path = parts.path
        #: Seconds to wait before the next question, where the last answer said so.
        self.pause = 0.0
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=patience)

    def ask(self, query: str) -> int:
        """The status of a whole answer; 0 where there is none, BROKEN where one says 200 or 503 and breaks its word."""
        accept = GRAPH if "CONSTRUCT" in query else TABLE
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        try:
            self._connection.request("POST", self._path, body=query.encode(), headers=headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self.pause = 0.1  # there is nobody
            return 0
        self.pause = float(answer.headers.get("Retry-After", 0))
        whole = body.endswith((b"}", b".\n")) if answer.status == 200 else "Retry-After" in answer.headers
        return answer.status if whole or answer.status not in (200, 429, 503) else BROKEN

    def close(self) -> None:
        self._connection.close()


@contextmanager
def running(
    command: list[str], address: str, *, most_bytes: int = 0, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from its first answer until the end of the block; killed where it holds more than `most_bytes`."""
    with subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL) as process:
        if most_bytes:
            threading.Thread(target=bounded, args=(process, most_bytes), daemon=True).start()
        try:
            client = Client(address)
            while client.ask("ASK {}") != 200:
                if process.poll() is not None:
                    raise SystemExit(f"{' '.join(command)} has not begun, exit code {process.returncode}")
                time.sleep(0.1)
            yield process
            if process.poll() is not None:
                print(f"{Path(command[0]).name} has ended, exit code {process.returncode}", file=sys.stderr)
        finally:
            process.kill()


def bounded(process: subprocess.Popen[bytes], most_bytes: int) -> None:
    """End a process that holds more memory than it may, as the system would."""
    while process.poll() is None:
        if resident(process.pid) > most_bytes:
            process.kill()
        time.sleep(0.05)


@contextmanager
def both(data: Path, store: Path, *, timeout: float) -> Iterator[dict[str, str]]:
    """The two servers' addresses, ours and theirs, both running."""
    with ours(data, timeout=timeout) as (address, _), theirs(store) as (other, _):
        yield {"ours": address, "theirs": other}


@contextmanager
def ours(data: Path, *, timeout: float) -> Iterator[tuple[str, int]]:
    """Address and process id of our server."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/sparql"
    named = ["--data", str(data), "--base-uri", Catalogue(data).current().uris.base]
    serve = ["-m", "linkeddata", "--quiet", *named, "serve", "--host", "127.0.0.1", "--port", str(port)]
    unbound = {"LINKEDDATA_SPARQL_CLIENT_SECONDS": "0", "LINKEDDATA_SPARQL_TIMEOUT": f"{timeout:g}"}
    with running([sys.executable, *serve], address, environment=unbound) as process:
        yield address, process.pid


@contextmanager
def theirs(store: Path) -> Iterator[tuple[str, int]]:
    """Address and process id of the peer."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/query"
    engine = str(Path(sys.executable).with_name("oxigraph"))
    peer = [engine, "serve-read-only", "-l", str(store), "-b", f"127.0.0.1:{port}"]
    with running(peer, address, most_bytes=PEER_BYTES) as process:
        yield address, process.pid


def row(*cells: object) -> None:
    """Print one row of a table."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def head(*cells: str) -> None:
    """Print the beginning of a table: words to the left, figures to the right."""
    print()
    row(*cells)
    row("---", *["---:"] * (len(cells) - 1))


def latencies(addresses: dict[str, str], asked: dict[str, str], rounds: int) -> None:
    """Print each query's median for both, asked in turn."""
    clients = {name: Client(address) for name, address in addresses.items()}
    head("query", "ours, ms", "theirs, ms", "ratio", "more, ms", "wanted", "kept")
    for words, query in asked.items():
        spent: dict[str, list[float]] = {name: [] for name in clients}
        for _ in range(rounds):
            for name, client in clients.items():
                began = time.perf_counter()
                if client.ask(HEAD + query) != 200:
                    raise SystemExit(f"{words}: no answer from {name}")
                spent[name].append((time.perf_counter() - began) * 1000)
        mine, peers = (statistics.median(spent[name]) for name in ("ours", "theirs"))
        kept, wanted = (mine <= 1.3 * peers, "1.3 x") if peers > 5 else (mine <= peers + 2, "+2 ms")
        row(words, *(f"{figure:.1f}" for figure in (mine, peers)), f"{mine / peers:.2f}", f"{mine - peers:+.1f}",
            wanted, "yes" if kept else "no")  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """The status of an answer, the seconds that it took, and the seconds since all began."""

    status: int
    spent: float
    at: float


def crowd(address: str, askers: list[Callable[[int], str]], seconds: float) -> list[Answered]:
    """Every answer; each of `askers` is a client that asks without a pause, by its turn, which comes with a good
    answer."""
    start, answered = time.monotonic(), list[Answered]()
    deadline = start + seconds

    def go(asker: Callable[[int], str]) -> None:
        client, turn = Client(address), 0
        while (began := time.monotonic()) < deadline:
            status, ended = client.ask(asker(turn)), time.monotonic()
            answered.append(Answered(status, ended - began, ended - start))
            turn += status == 200
            time.sleep(min(client.pause, max(0.0, deadline - ended)))
        client.close()

    threads = [threading.Thread(target=go, args=(asker,), daemon=True) for asker in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()) + 10)
    return answered


@contextmanager
def attacked(address: str, clients: int, kinds: Sequence[str]) -> Iterator[None]:
    """So many clients whose queries never end, for the time of the block."""
    over = threading.Event()

    def attack(number: int) -> None:
        client, turn = Client(address, patience=TIMEOUT + 1), 0
        while not over.is_set():
            turn += 1
            client.ask(runaway(number + turn, 1000 * number + turn, kinds))
            over.wait(0.05)

    for number in range(clients):
        threading.Thread(target=attack, args=(number,), daemon=True).start()
    yield
    over.set()


def runaway(kind: int, number: int, kinds: Sequence[str] = RUNAWAYS) -> str:
    """A query that never ends, unlike those of other numbers."""
    return kinds[kind % len(kinds)].replace("NUMBER", str(number))


@dataclass(frozen=True)
class Crowd:
    """What clients got: good answers a second, the 99th percentile of their milliseconds, the shares of requests
    that were refused or got no answer, answers that broke their word, and the server's memory at the end.
    `last` is the rate in the last third of the time, `alive` the one until `lived`, the second of the last good
    answer."""

    rate: float
    last: float
    lived: float
    alive: float
    late: float
    refused: float
    broken: int
    resident: int

    @staticmethod
    def of(answered: list[Answered], seconds: float, resident: int) -> Crowd:
        answered = [each for each in answered if each.at <= seconds]
        good = sorted((each for each in answered if each.status == 200), key=lambda each: each.spent)
        lived = max((each.at for each in good), default=0.0)
        late = good[int(len(good) * 0.99)].spent * 1000 if good else float("nan")
        last = sum(each.at > seconds * 2 / 3 for each in good) / (seconds / 3)
        broken = sum(each.status == BROKEN for each in answered)
        refused, alive = 1 - len(good) / max(1, len(answered)), len(good) / max(lived, 0.01)
        return Crowd(len(good) / seconds, last, lived, alive, late, refused, broken, resident)

    @property
    def cells(self) -> tuple[str, ...]:
        return (f"{self.rate:.0f}", f"{self.late:.0f}", f"{self.refused:.1%}", str(self.broken),
                f"{self.resident >> 20}")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Clients that ask at once, for so many seconds, and the runaways that 8 others send meanwhile."""

    askers: list[Callable[[int], str]]
    seconds: float
    runaways: Sequence[str] = ()


def cases(asked: dict[str, str], seconds: float) -> dict[str, Case]:
    one = HEAD + asked["one record"]
    mixed = [HEAD + text for words, text in asked.items() if "00,000" not in words]

    def beginning(place: int) -> Callable[[int], str]:
        # Each with another, so that they do not all ask for the dearest at once.
        return lambda turn: mixed[(place + turn) % len(mixed)]

    alone, many = [lambda _: one], [lambda _: one] * 56
    return {
        "8 clients, nine of the ten in turn": Case([beginning(place) for place in range(8)], 2 * seconds),
        "8 clients, one record": Case(alone * 8, seconds),
        "56 clients, one record": Case(many, seconds),
        f"the same, while 8 send runaways ({TIMEOUT} s a query)": Case(many, seconds * _PUBLIC, RUNAWAYS),
        "the same, with runaways that only count": Case(many, seconds * _PUBLIC, COUNTING),
        "the same, with queries nested too deep among them": Case(many, seconds * _PUBLIC, NESTED),
    }


def throughput(data: Path, store: Path, asked: dict[str, str], seconds: float) -> None:
    """Print what clients get of each server alone, with and without others whose queries never end."""
    columns = ("good/s", "p99, ms", "refused", "broken", "MiB")
    head("clients", *(f"{who}: {what}" for who in ("ours", "theirs") for what in columns), "ours over theirs, good/s")
    calm = Crowd.of([], 1, 0)
    said = list[str]()
    for words, case in cases(asked, seconds).items():
        with ours(data, timeout=TIMEOUT) as (address, pid):
            mine = _crowded(address, pid, case)
        with theirs(store) as (address, pid):
            peers = _crowded(address, pid, case)
        row(words, *mine.cells, *peers.cells, f"{mine.rate / max(peers.rate, 0.01):.2f}")
        if case.runaways:
            said.append(_public(words, calm, mine, peers))
        calm = calm if case.runaways else mine
    print("\n" + "\n".join(said))


def _public(words: str, calm: Crowd, mine: Crowd, peers: Crowd) -> str:
    return (
        f"- {words}: ours kept {mine.rate / max(calm.rate, 0.01):.0%} of the undisturbed goodput (wanted 50 %), "
        f"p99 {mine.late:.0f} ms (wanted the greater of 500 and 3 x {calm.late:.0f} ms); in the last third ours "
        f"{mine.last:.0f} good/s, theirs {peers.last:.0f}. The last good answer of theirs came at {peers.lived:.0f} s; "
        f"until then it gave {peers.alive:.0f} good/s, ours over that {mine.rate / max(peers.alive, 0.01):.2f}."
    )


def _crowded(address: str, pid: int, case: Case) -> Crowd:
    crowd(address, case.askers, min(1, case.seconds / 4))
    with attacked(address, 8 if case.runaways else 0, case.runaways):
        answered = crowd(address, case.askers, case.seconds)
        return Crowd.of(answered, case.seconds, sum(map(resident, tree(pid))))


def tree(pid: int) -> list[int]:
    """A process and those below it."""
    files = Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(below for file in files for child in _words(file) for below in tree(int(child)))]


def _words(file: Path) -> list[str]:
    try:
        return file.read_text("ascii").split()
    except OSError:
        return []


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 once it has ended."""
    held = _words(Path(f"/proc/{pid}/statm"))
    return int(held[1]) * resource.getpagesize() if held else 0


def burnt(pid: int) -> float:
    """Seconds of processor time of a process (proc(5), fields 14 and 15); 0 once it has ended."""
    fields = _words(Path(f"/proc/{pid}/stat"))
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def overstay(data: Path, *, limit: float = 2.0) -> None:
    """Print how long runaways live beyond their limit, and how long the processors are busy after the last answer."""
    spent: list[float] = []

    def one(number: int) -> None:
        began = time.monotonic()
        Client(address).ask(runaway(number, number))
        spent.append(time.monotonic() - began)

    with ours(data, timeout=limit) as (address, pid):
        threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ended = time.monotonic()
        while busy(pid, 0.25):
            pass
        idle = time.monotonic() - ended
    head("12 runaways at once", "seconds", "wanted")
    row(f"the longest answer beyond the limit of {limit:g} s", f"{max(spent) - limit:.2f}", "0.5")
    row("until the processors were idle", f"{idle:.2f}", "2")


def busy(pid: int, seconds: float) -> bool:
    """Whether a process and those below it took more than a tenth of a processor for so long."""
    before = {each: burnt(each) for each in tree(pid)}
    time.sleep(seconds)
    return sum(burnt(each) - before.get(each, 0.0) for each in tree(pid)) > seconds / 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--scratch", type=Path, help="folder for the edition; an edition in it is used as it is")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--short", action="store_true", help="three rounds and a second or two")
    chosen = parser.parse_args()
    rounds, seconds = (3, 2) if chosen.short else (chosen.rounds, chosen.seconds)
    with tempfile.TemporaryDirectory() as temporary:
        data = chosen.scratch or Path(temporary)
        if not (data / "current").exists():
            publish(open_source(str(chosen.documents)), Catalogue(data), SITE)
        edition = Catalogue(data).current()
        print(f"{edition.counts['records']} records, {edition.counts['statements']} statements; {os.cpu_count()} "
              f"processors, load {os.getloadavg()[0]:.1f}")  # fmt: skip
        store, asked = edition.folder / "store", queries(edition)
        with both(data, store, timeout=60) as addresses:
            latencies(addresses, asked, rounds)
        throughput(data, store, asked, seconds)
        overstay(data)


if __name__ == "__main__":
    main()
