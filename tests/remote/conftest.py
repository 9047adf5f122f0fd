"""Real SPARQL servers on loopback, each in a folder of its own, and the same records published there and beside."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import islice
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

import pytest
import virtuoso as virtuoso_server
from loopback import free_port
from pyoxigraph import DefaultGraph, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, parse
from pyoxigraph import parse_query_results as parse_results
from virtuoso import PASSWORD

from linkeddata.catalogue import Catalogue, Server
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Reading, Record
from linkeddata.sources import open_source
from linkeddata.store import RemoteWriter

BASE = "https://data.example.org/"
SITE = Site(BASE, "Example")
GRAPH = "https://data.example.org/graph"
_START_SECONDS = 60


@dataclass
class Live:
    """A server that runs, and where our graph is in it."""

    server: Server

    def quads(self) -> set[Quad]:
        """All that it holds of ours, asked of the server itself."""
        named = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}") && ?g != <{GRAPH}>)'
        found = {Quad(s, p, o, DefaultGraph()) for s, p, o in self._rows(f"?s ?p ?o {{ {self._own} }}")}
        return found | {Quad(s, p, o, g) for g, s, p, o in self._rows(f"?g ?s ?p ?o {{ {named} }}")}

    def clear(self) -> None:
        """Take out all that is ours, behind the back of whoever put it there."""
        RemoteWriter(self.server, BASE).clear()

    @property
    def _own(self) -> str:
        return f"GRAPH <{self.server.graph}> {{ ?s ?p ?o }}" if self.server.graph else "?s ?p ?o"

    def _rows(self, selected: str) -> QuerySolutions:
        with _post(self.server.endpoint, f"SELECT {selected}") as answer:
            found = parse_results(answer.read(), format=QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)
        return found


def _post(endpoint: str, query: str):  # type: ignore[no-untyped-def]
    accept = {"Accept": "application/sparql-results+json"}
    return urlopen(Request(endpoint, urlencode({"query": query}).encode(), accept), timeout=30)


def _wait(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers a query."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            _post(endpoint, "ASK { }").close()
            return
        except (URLError, OSError) as error:
            assert process.poll() is None, f"the server ended with {process.returncode}"
            assert time.monotonic() < deadline, f"the server does not answer: {error}"
            time.sleep(0.1)


def _program(name: str, package: str) -> str:
    """Where a server's program is; without it the test is skipped, but in continuous integration it fails."""
    found = shutil.which(name) or shutil.which(name, path=Path(sys.executable).parent)
    if found is None:
        reason = f"{name} is not installed ({package})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def start_oxigraph() -> Iterator[Callable[..., Server]]:
    """Starts an `oxigraph serve` in memory, with further options; all are ended with the tests."""
    program = _program("oxigraph", "PyPI's oxigraph, in the extra `test`")
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> Server:
        address = f"127.0.0.1:{free_port()}"
        command = [program, "serve", "--bind", address, "--timeout-s", "2", *options]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        running.append(process)
        _wait(f"http://{address}/query", process)
        return Server(endpoint=f"http://{address}/query", update_endpoint=f"http://{address}/update")

    yield start
    for process in running:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def oxigraph(start_oxigraph: Callable[..., Server]) -> Live:
    return Live(start_oxigraph())


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A Virtuoso whose queries are open to all, and whose updates want a password (digest authentication)."""
    _program("virtuoso-t", virtuoso_server.PACKAGE)
    with virtuoso_server.running(tmp_path_factory.mktemp("virtuoso")) as served:
        where, user = f"{served.address}/sparql", {"user": "dba", "secret": lambda: PASSWORD}
        yield Live(Server(endpoint=where, update_endpoint=f"{where}-auth", graph=GRAPH, **user))  # type: ignore[arg-type]


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def live(request: pytest.FixtureRequest) -> Live:
    """Each of the servers in turn."""
    found: Live = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def empty(live: Live) -> Live:
    """A server with nothing of ours in it."""
    live.clear()
    return live


def quads(dump: Path) -> set[Quad]:
    """The statements of a dump."""
    return set(parse(gzip.decompress(dump.read_bytes()), RdfFormat.N_QUADS))


@dataclass(frozen=True)
class Pair:
    """The same records published with stores of our own, and in a server."""

    embedded: Path
    remote: Path
    live: Live

    @property
    def catalogues(self) -> tuple[Catalogue, Catalogue]:
        return Catalogue(self.embedded), Catalogue(self.remote, server=self.live.server)

    def load(self, readings: list[Reading]) -> None:
        """Publish anew in both."""
        for catalogue in self.catalogues:
            publish(readings, catalogue, SITE, processes=1)

    def update(self, readings: list[Reading]) -> None:
        """Publish what changed in both."""
        for catalogue in self.catalogues:
            update([Run(lambda _: Given(readings))], catalogue, Work(SITE, processes=1))

    def agree(self) -> bool:
        """Whether the server holds what the embedded store does, and both dumps say it."""
        held = quads(self.embedded / "current" / "dump.nq.gz")
        return held == quads(self.remote / "current" / "dump.nq.gz") == self.live.quads()


@pytest.fixture(scope="session")
def records(shared: Path) -> list[Record]:
    """Three hundred real records, some of which have citations to mine."""
    readings = open_source(str(shared / "data" / "dev.jsonl.gz"))
    return [each for each in islice(readings, 300) if isinstance(each, Record)]


@pytest.fixture(scope="module")
def pair(live: Live, records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """The three hundred records, published in both; for tests that change nothing."""
    live.clear()
    found = Pair(tmp_path_factory.mktemp("embedded"), tmp_path_factory.mktemp("remote"), live)
    found.load(list(records))
    return found


@pytest.fixture
def fresh(empty: Live, tmp_path: Path) -> Pair:
    """Two data directories with nothing in them, and a server with nothing of ours; for tests that publish."""
    return Pair(tmp_path / "embedded", tmp_path / "remote", empty)


class _Answering(BaseHTTPRequestHandler):
    """Answers each request as the test has said, and remembers it."""

    seen: list[tuple[dict[str, str], dict[str, list[str]]]]
    answers: list[tuple[int, dict[str, str], bytes]]

    def do_GET(self) -> None:
        """A browser's request, which is none of the protocol's."""
        self._answer("", 200, {}, b"<html>Welcome</html>")

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(form, *(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]))

    def _answer(self, form: str, status: int, headers: dict[str, str], body: bytes) -> None:
        self.seen.append((dict(self.headers), parse_qs(form)))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def scripted() -> Iterator[tuple[type[_Answering], str]]:
    """A server that answers what a test has written down."""
    script = type("Script", (_Answering,), {"seen": [], "answers": []})
    with HTTPServer(("127.0.0.1", 0), script) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield script, f"http://127.0.0.1:{server.server_port}/sparql"
        finally:
            server.shutdown()
            thread.join(60)
