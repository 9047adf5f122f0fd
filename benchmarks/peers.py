"""Who is measured: each a function that starts a server, says what to ask it, and ends it.

A further peer is one more function in `PEERS`: it yields a `Contender`, whose `requests` give for
each kind of answer (`turtle`, `jsonld`, `html`, `repeat`, `unchanged`) the bytes to send, or raises
`NotInstalled`.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final
from urllib.parse import quote, urlencode, urlsplit

import virtuoso
from load_generator import get, post
from loopback import free_port, nginx_configuration

HERE: Final = Path(__file__).parent
BASE: Final = "http://data.example.org/"
_PATIENCE: Final = 60.0
#: For any query, shared out among the processes of ours; each of these has one for look-ups besides, and the one
#: that they are forked from.
_FOR_ANY: Final = 3
_GRAPH: Final = f"{BASE}graph"
_MEDIA: Final = {"html": "text/html", "jsonld": "application/ld+json", "turtle": "text/turtle"}
_EXTENSIONS: Final = {"html": "html", "jsonld": "jsonld", "turtle": "ttl"}
#: Of 8 KiB: room for the statements of 100,000 records.
_BUFFERS: Final = 170_000
_NGINX: Final = """
  keepalive_requests 1000000;
  types {{ text/turtle ttl; application/ld+json jsonld; text/html html; }}
  server {{ listen {host}:{port}; root {folder}/files; }}
"""
_SUBJECT: Final = re.compile(r"^(<[^>]+>) ", re.MULTILINE)


@dataclass(frozen=True)
class Data:
    """What is served: our data directory, the same as N-Triples, and the statements of each record asked for."""

    folder: Path
    statements: Path
    records: Mapping[str, bytes]
    #: The statements of each document in a graph of its own, named as the thing is.
    documents: Path
    #: Where `npm install trifid` was run, if it was.
    trifid: Path | None = None


@dataclass(frozen=True)
class Contender:
    """A running server: where, which process, and what it is asked for each kind of answer."""

    address: tuple[str, int]
    process: int
    requests: Mapping[str, Sequence[bytes]]
    #: What it answers to who has the document already: many servers know no 304.
    unchanged: int = 304


class NotInstalled(Exception):
    """A peer is not here; says what it would take."""


def path_of(identifier: str, kind: str) -> str:
    """Where our site has a record's document."""
    return f"/doc/record/{quote(identifier, safe='')}.{_EXTENSIONS[kind]}"


def requests_for(identifiers: Iterable[str], kinds: Sequence[str]) -> dict[str, list[bytes]]:
    """What our site is asked for documents of these records."""
    known = list(identifiers)
    return {kind: [get(path_of(each, kind)) for each in known] for kind in kinds}


Start = Callable[[Data, Path], AbstractContextManager[Contender]]


@contextmanager
def ours_made(data: Data, _scratch: Path) -> Iterator[Contender]:
    """Our site, which keeps no answers: each is made anew. A process for each processor, as Virtuoso has threads."""
    with serving(data.folder, BASE, cache_mb=0, processes=os.cpu_count() or 1) as (address, process):
        yield Contender(address, process, requests_for(data.records, ("html", "jsonld", "turtle")))


@contextmanager
def ours_kept(data: Data, _scratch: Path) -> Iterator[Contender]:
    """Our site as it is delivered: answers are kept, and a client may have them already."""
    with serving(data.folder, BASE, cache_mb=256, processes=os.cpu_count() or 1) as (address, process):
        paths = [path_of(identifier, "turtle") for identifier in data.records]
        yield Contender(
            address, process, {"repeat": [get(path) for path in paths], "unchanged": _known(address, paths)}
        )


@contextmanager
def flask_rdflib(data: Data, _scratch: Path) -> Iterator[Contender]:
    """Flask with an rdflib graph in memory."""
    command = [sys.executable, str(HERE / "rdflib_service.py"), str(data.statements), BASE]
    with _started(command, {}) as process:
        address = _announced(process.stdout)
        yield Contender(address, process.pid, requests_for(data.records, ("jsonld", "turtle")))


@contextmanager
def oxigraph_server(data: Data, scratch: Path) -> Iterator[Contender]:
    """The engine's own server; the same statements by CONSTRUCT from the subjects that each record has."""
    engine, store = str(Path(sys.executable).with_name("oxigraph")), str(scratch / "oxigraph")
    for command in (["load", "--file", str(data.statements)], ["optimize"]):
        subprocess.run([engine, command[0], "--location", store, *command[1:]], check=True, stderr=subprocess.DEVNULL)
    address = _free_address()
    command = [engine, "serve-read-only", "--location", store, "--bind", f"{address[0]}:{address[1]}"]
    with _started(command, {}) as process:
        _await(address)
        queries = [_construct(statements) for statements in data.records.values()]
        requests = {
            kind: [post("/query", each, Content_Type="application/sparql-query", Accept=media) for each in queries]
            for kind, media in (("turtle", "text/turtle"), ("jsonld", "application/ld+json"))
        }
        yield Contender(address, process.pid, requests)


@contextmanager
def virtuoso_server(data: Data, scratch: Path) -> Iterator[Contender]:
    """Virtuoso, as it is: the same statements by CONSTRUCT, and a table of them, without labels, as HTML.

    It keeps nothing and knows no 304.
    """
    if not virtuoso.is_installed():
        raise NotInstalled(virtuoso.PACKAGE)
    folder = scratch / "virtuoso"
    folder.mkdir()
    with virtuoso.running(folder, buffers=_BUFFERS, threads=40) as served:
        served.load(Path(shutil.copy(data.statements, folder)), _GRAPH)
        made = {kind: [_of_virtuoso(each, kind) for each in data.records.values()] for kind in _MEDIA}
        repeated = {kind: made["turtle"] for kind in ("repeat", "unchanged")}
        yield Contender(("127.0.0.1", served.http), served.process.pid, made | repeated, unchanged=200)


def _of_virtuoso(statements: bytes, kind: str) -> bytes:
    query = _construct(statements)
    if kind == "html":
        query = query.replace("CONSTRUCT { ?s ?p ?o }", "SELECT ?s ?p ?o", 1)
    # It hangs on a query in the body that is not in a form.
    asked = {"default-graph-uri": _GRAPH, "query": query, "format": _MEDIA[kind]}
    return post("/sparql", urlencode(asked), Content_Type="application/x-www-form-urlencoded")


@contextmanager
def trifid(data: Data, scratch: Path) -> Iterator[Contender]:
    """Trifid with its own store in memory, as its example of a file is set up, and told what a document is: the graph
    of that name. By itself it would describe the record alone, a third of the statements."""
    if data.trifid is None or not shutil.which("node"):
        raise NotInstalled("node, and the folder where `npm install trifid` was run, by --trifid")
    address, configuration = _free_address(), scratch / "trifid.json"
    configuration.write_text(json.dumps(_trifid_settings(data, address)))
    command = ["node", "node_modules/trifid/server.js", "--config", str(configuration)]
    with _started(command, {"NODE_ENV": "production"}, data.trifid) as process:
        _await(address)
        paths = [f"/id/record/{quote(identifier, safe='')}" for identifier in data.records]
        requests = {kind: [get(path, Accept=media) for path in paths] for kind, media in _MEDIA.items()}
        yield Contender(address, process.pid, requests)


def _trifid_settings(data: Data, address: tuple[str, int]) -> dict[str, object]:
    document = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <{{iri}}> { ?s ?p ?o } }"
    renderer = {"resourceGraphQuery": document, "resourceExistsQuery": "ASK { GRAPH <{{iri}}> { ?s ?p ?o } }"}
    source = {"url": str(data.documents), "contentType": "application/n-quads"}
    return {
        "server": {"logLevel": "fatal", "listener": {"host": address[0], "port": address[1]}},
        "globals": {"datasetBaseUrl": BASE, "endpoints": {"default": {"url": "/query"}}},
        "plugins": {
            "entity-renderer": {"module": "@zazuko/trifid-entity-renderer", "config": renderer},
            "fetch-handler": {
                "module": "trifid-handler-fetch",
                "paths": "/query",
                "config": {**source, "baseIRI": BASE},
            },
        },
    }


@contextmanager
def nginx_files(data: Data, scratch: Path) -> Iterator[Contender]:
    """nginx with our answers as files: the ceiling."""
    if not (program := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        raise NotInstalled("Debian's nginx-light")
    folder, address = scratch / "nginx", _free_address()
    _write_answers(data, folder / "files")
    configuration = folder / "nginx.conf"
    served = _NGINX.format(folder=folder, host=address[0], port=address[1])
    configuration.write_text(nginx_configuration(folder, served))
    with _started([program, "-p", str(folder), "-c", str(configuration)], {}) as process:
        _await(address)
        made = {
            kind: [get(f"/{number}.{each}") for number in range(len(data.records))]
            for kind, each in _EXTENSIONS.items()
        }
        known = _known(address, [f"/{number}.ttl" for number in range(len(data.records))])
        yield Contender(address, process.pid, {**made, "repeat": made["turtle"], "unchanged": known})


def _write_answers(data: Data, folder: Path) -> None:
    """Our own answers, numbered."""
    folder.mkdir(parents=True)
    with serving(data.folder, BASE, cache_mb=0) as (address, _):
        connection = HTTPConnection(*address)
        for number, identifier in enumerate(data.records):
            for kind, extension in _EXTENSIONS.items():
                connection.request("GET", path_of(identifier, kind))
                (folder / f"{number}.{extension}").write_bytes(connection.getresponse().read())


#: By the name in the table; ours first, the others are what it is held against.
PEERS: Final[Mapping[str, Start]] = {
    "ours": ours_made,
    "ours, kept": ours_kept,
    "Virtuoso": virtuoso_server,
    "Trifid": trifid,
    "Flask + rdflib": flask_rdflib,
    "Oxigraph server": oxigraph_server,
    "nginx, files": nginx_files,
}


def _known(address: tuple[str, int], paths: Sequence[str]) -> list[bytes]:
    """Requests of a client that has the answers of these paths already; they are fetched for that."""
    connection, requests = HTTPConnection(*address), []
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        requests.append(get(path, If_None_Match=answer.headers["ETag"]))
    return requests


def _free_address() -> tuple[str, int]:
    return "127.0.0.1", free_port()


def _construct(statements: bytes) -> str:
    subjects = " ".join(dict.fromkeys(_SUBJECT.findall(statements.decode())))
    return f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ {subjects} }} ?s ?p ?o }}"


@contextmanager
def serving(
    folder: Path, base: str, *, cache_mb: int, processes: int = 1, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[tuple[str, int], int]]:
    """Our own site over a data directory: its address and its first process, when all are ready.

    Further `settings` by their names in the environment; with a SPARQL server among them there are no query
    processes whose start could be waited for.
    """
    where = ["--data", str(folder), "--base-uri", base]
    command = [sys.executable, "-m", "linkeddata", *where, "serve", "--host", "127.0.0.1", "--port", "0"]
    ours = {"LINKEDDATA_SERVER_CACHE_MB": str(cache_mb), "LINKEDDATA_SERVER_PROCESSES": str(processes)}
    with _started(command, {**ours, **settings}) as process:
        address = _announced(process.stderr)
        if "LINKEDDATA_STORE_ENDPOINT" not in settings:
            _await_all(process.pid, processes)
        yield address, process.pid


def family(process: int) -> list[int]:
    """A process and all that it has started, whichever of its threads did, and what these have."""
    try:
        told = [thread.read_text() for thread in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    return [process, *(one for child in " ".join(told).split() for one in family(int(child)))]


def _await_all(first: int, processes: int) -> None:
    """Until each process that answers has started its query processes."""
    deadline = time.monotonic() + _PATIENCE
    while sum(map(is_for_queries, family(first))) < processes * (math.ceil(_FOR_ANY / processes) + 2):
        if time.monotonic() > deadline:
            raise SystemExit("our processes are not ready")
        time.sleep(0.1)


def is_for_queries(process: int) -> bool:
    """Whether a process of ours answers queries, or is what such processes are forked from."""
    try:
        return b"query_process" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


@contextmanager
def _started(
    command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    everything = {**os.environ, **environment}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=everything, cwd=folder) as process:
        try:
            yield process
        finally:
            process.terminate()


def _announced(lines: IO[str] | None) -> tuple[str, int]:
    """The address that a server prints."""
    for line in lines or ():
        if found := re.search(r"http://\S+", line):
            parts = urlsplit(found[0])
            return str(parts.hostname), int(parts.port or 80)
    raise SystemExit("a server ended before it was ready")


def _await(address: tuple[str, int]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing listens at {address}")
