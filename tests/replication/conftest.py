"""A site with two editions, locations where they were pushed, and real servers that give these out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from loopback import free_port

from linkeddata.catalogue import Catalogue, Manifest, manifest_of
from linkeddata.cli import run

BASE = "http://data.example.org/"
COUNT = 40


def ld(data: Path, *arguments: str, base: str = BASE) -> int:
    """The command in this process, on a data directory; gives its exit code."""
    return run(["--data", str(data), "--base-uri", base, *arguments])


def write(file: Path, numbers: range, words: str = "") -> str:
    rows = ({"id": f"r/{n}", "title": f"Study {n} {words}", "author": [f"Author {n % 7}"]} for n in numbers)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(file)


@dataclass(frozen=True)
class Copied:
    """A data directory with editions 1 and 2; a location where the first was pushed, and one where both were."""

    origin: Path
    first: Path
    both: Path

    def manifest(self, number: int) -> Manifest:
        return manifest_of(Catalogue(self.origin).edition(number).folder)


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copied:
    folder = tmp_path_factory.mktemp("copied")
    origin, first, both = folder / "origin", folder / "first", folder / "both"
    assert ld(origin, "--quiet", "load", write(folder / "a.jsonl", range(COUNT))) == 0
    assert ld(origin, "push", str(first)) == 0
    shutil.copytree(first, both)
    assert ld(origin, "--quiet", "update", "--from", write(folder / "b.jsonl", range(2), "revised")) == 0
    assert ld(origin, "push", str(both)) == 0
    return Copied(origin, first, both)


@pytest.fixture
def location(copied: Copied, tmp_path: Path) -> Path:
    """A copy of the location with both editions, to be damaged."""
    return Path(shutil.copytree(copied.both, tmp_path / "location"))


class Files(SimpleHTTPRequestHandler):
    """Gives out files with Range, as web servers do; notes what it was asked, and breaks off where it is told to."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server, file = self.server, Path(self.translate_path(self.path))
        assert isinstance(server, Site)
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        server.asked.append((self.path, start))
        if not file.is_file():
            self.send_error(404)
            return
        body = file.read_bytes()
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        end = server.breaks.pop(self.path, len(body))
        self.wfile.write(body[start:end])
        if end < len(body):
            server.broke.set()
            server.goes_on.wait(60)
        self.close_connection = end < len(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Site(ThreadingHTTPServer):
    """A web server over a folder. `breaks` are paths with the byte after which an answer breaks off, once;
    then it `broke`, and the connection ends when it `goes_on`."""

    daemon_threads = True

    def __init__(self, folder: Path, handler: Callable[..., SimpleHTTPRequestHandler] = Files) -> None:
        super().__init__(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        self.asked: list[tuple[str, int]] = []
        self.breaks: dict[str, int] = {}
        self.broke, self.goes_on = threading.Event(), threading.Event()
        self.goes_on.set()
        self.address = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Say nothing: who finds a file damaged reads no further."""


@contextmanager
def web(folder: Path, handler: Callable[..., SimpleHTTPRequestHandler] = Files) -> Iterator[Site]:
    """A running one."""
    with Site(folder, handler) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join(10)


def wait_for(address: str, process: subprocess.Popen[bytes], method: str = "GET") -> None:
    """Until a server answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            urlopen(Request(address, method=method), timeout=10).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, f"nothing answers at {address}"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """An S3-compatible server of its own (moto's, which keeps objects in memory) with an empty bucket."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    endpoint, quiet = f"http://127.0.0.1:{port}", subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            wait_for(f"{endpoint}/copies", process, "PUT")
            names = {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "REGION": "us-east-1"}
            own = {f"AWS_{name}": value for name, value in {**names, "ENDPOINT_URL": endpoint}.items()}
            with pytest.MonkeyPatch.context() as patch:
                for name, value in own.items():
                    patch.setitem(os.environ, name, value)
                yield "s3://copies"
        finally:
            process.terminate()
            process.wait(20)
