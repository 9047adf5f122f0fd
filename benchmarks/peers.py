"""Who is measured: each a function that starts a server, says what to ask it, and ends it.

A further peer is one more function in `PEERS`: it yields a `Contender`, whose `requests` give for
each kind of answer (`turtle`, `jsonld`, `html`, `repeat`, `unchanged`) the bytes to send.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote, urlsplit

from load_generator import get, post

HERE: Final = Path(__file__).parent
BASE: Final = "http://data.example.org/"
_PATIENCE: Final = 60.0
_SUBJECT: Final = re.compile(r"^(<[^>]+>) ", re.MULTILINE)


@dataclass(frozen=True)
class Data:
    """What is served: our data directory, the same as N-Triples, and the statements of each record asked for."""

    folder: Path
    statements: Path
    records: Mapping[str, bytes]

    def path(self, identifier: str, extension: str) -> str:
        return f"/doc/record/{quote(identifier, safe='')}.{extension}"


@dataclass(frozen=True)
class Contender:
    """A running server: where, which process, and what it is asked for each kind of answer."""

    address: tuple[str, int]
    process: int
    requests: Mapping[str, Sequence[bytes]]


Start = Callable[[Data, Path], AbstractContextManager[Contender]]


@contextmanager
def ours_made(data: Data, _scratch: Path) -> Iterator[Contender]:
    """Our site, which keeps no answers: each is made anew."""
    with _ours(data, cache_mb=0) as (address, process):
        yield Contender(address, process, _documents(data, ("html", "jsonld", "ttl")))


@contextmanager
def ours_kept(data: Data, _scratch: Path) -> Iterator[Contender]:
    """Our site as it is delivered: answers are kept, and a client may have them already."""
    with _ours(data, cache_mb=64) as (address, process):
        connection = HTTPConnection(*address)
        unchanged = []
        for identifier in data.records:
            path = data.path(identifier, "ttl")
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            unchanged.append(get(path, If_None_Match=answer.headers["ETag"]))
        kept = [get(data.path(identifier, "ttl")) for identifier in data.records]
        yield Contender(address, process, {"repeat": kept, "unchanged": unchanged})


@contextmanager
def flask_rdflib(data: Data, _scratch: Path) -> Iterator[Contender]:
    """Flask with an rdflib graph in memory."""
    command = [sys.executable, str(HERE / "rdflib_service.py"), str(data.statements), BASE]
    with _started(command, {}) as process:
        address = _announced(process.stdout)
        yield Contender(address, process.pid, _documents(data, ("jsonld", "ttl")))


@contextmanager
def oxigraph_server(data: Data, scratch: Path) -> Iterator[Contender]:
    """The engine's own server; the same statements by CONSTRUCT from the subjects that each record has."""
    engine, store = str(Path(sys.executable).with_name("oxigraph")), str(scratch / "oxigraph")
    for command in (["load", "--file", str(data.statements)], ["optimize"]):
        subprocess.run([engine, command[0], "--location", store, *command[1:]], check=True, stderr=subprocess.DEVNULL)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address: tuple[str, int] = free.getsockname()
    command = [engine, "serve-read-only", "--location", store, "--bind", f"{address[0]}:{address[1]}"]
    with _started(command, {}) as process:
        _await(address)
        queries = [_construct(statements) for statements in data.records.values()]
        requests = {
            kind: [post("/query", each, Content_Type="application/sparql-query", Accept=media) for each in queries]
            for kind, media in (("turtle", "text/turtle"), ("jsonld", "application/ld+json"))
        }
        yield Contender(address, process.pid, requests)


#: By the name in the table; ours first, the others are what it is held against.
PEERS: Final[Mapping[str, Start]] = {
    "ours": ours_made,
    "ours, kept": ours_kept,
    "Flask + rdflib": flask_rdflib,
    "Oxigraph server": oxigraph_server,
}
_KINDS: Final = {"html": "html", "jsonld": "jsonld", "ttl": "turtle"}


def _documents(data: Data, extensions: Sequence[str]) -> dict[str, list[bytes]]:
    return {_KINDS[each]: [get(data.path(name, each)) for name in data.records] for each in extensions}


def _construct(statements: bytes) -> str:
    subjects = " ".join(dict.fromkeys(_SUBJECT.findall(statements.decode())))
    return f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ {subjects} }} ?s ?p ?o }}"


@contextmanager
def _ours(data: Data, *, cache_mb: int) -> Iterator[tuple[tuple[str, int], int]]:
    where = ["--data", str(data.folder), "--base-uri", BASE]
    command = [sys.executable, "-m", "linkeddata", *where, "serve", "--host", "127.0.0.1", "--port", "0"]
    with _started(command, {"LINKEDDATA_SERVER_CACHE_MB": str(cache_mb)}) as process:
        yield _announced(process.stderr), process.pid


@contextmanager
def _started(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    everything = {**os.environ, **environment}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=everything) as process:
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
