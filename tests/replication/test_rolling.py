"""Two replicas behind one nginx: they answer alike, and no request is lost while editions and processes change."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest
from loopback import free_port, nginx_configuration

from .conftest import BASE, Copied, ld, wait_for

#: Every server is tried before a request fails, and none is left out for a time because it did not answer once.
NGINX = """
  upstream replicas {{ server 127.0.0.1:{one} max_fails=0; server 127.0.0.1:{two} max_fails=0; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://replicas;
      proxy_next_upstream error timeout http_502 http_503 non_idempotent;
      add_header X-Answered-By $upstream_addr always;
    }}
  }}
"""
PATHS = (
    "/", "/id/record/r%2F1", "/doc/record/r%2F1", "/doc/record/r%2F1.ttl", "/doc/record/r%2F1.jsonld",
    "/doc/record/r%2F9.html", "/doc/record/r%2F9.ttl", "/search?q=study",
    "/browse/name", "/doc/scheme/name.nt", "/sparql?query=ASK%7B%7D",
    "/dump/latest.nq.gz", "/.well-known/void", "/changes", "/doc/record/none",
)  # fmt: skip
CLIENTS, _PAUSE = 4, 0.01


class Answer(NamedTuple):
    path: str
    status: int
    tag: str | None
    body: str
    cookie: str | None
    by: str


def ask(connection: HTTPConnection, path: str) -> Answer:
    connection.request("GET", path)
    answer = connection.getresponse()
    body, headers = hashlib.sha256(answer.read()).hexdigest(), answer.headers
    return Answer(path, answer.status, headers["ETag"], body, headers["Set-Cookie"], headers["X-Answered-By"] or "")


@dataclass
class Clients:
    """Threads that ask, with short pauses that leave room for processes to start, until they are told to stop."""

    port: int
    answers: list[Answer] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def walk(self) -> None:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            for path in cycle(PATHS):
                try:
                    self.answers.append(ask(connection, path))
                except (OSError, HTTPException) as fault:
                    self.failures.append(f"{path}: {fault!r}")
                    connection.close()
                if self.over.wait(_PAUSE):
                    return

    def go_round(self) -> None:
        """Wait until every path was asked for some times more."""
        wanted, deadline = len(self.answers) + 2 * CLIENTS * len(PATHS), time.monotonic() + 60
        while len(self.answers) + len(self.failures) < wanted:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    @contextmanager
    def walking(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.walk, daemon=True) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join(60)


class Replica:
    """A data directory with its web process, always at the same port."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "linkeddata", "--data", str(self.data), "--base-uri", BASE, "--quiet"]
        self.process = subprocess.Popen([*command, "serve", "--host", "127.0.0.1", "--port", str(self.port)])

    def wait(self) -> None:
        wait_for(f"http://127.0.0.1:{self.port}/readyz", self.process)

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            assert self.process.wait(60) == 0
        finally:
            self.process.kill()

    def answers(self) -> list[Answer]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            return [ask(connection, path) for path in PATHS]


@contextmanager
def nginx(folder: Path, replicas: list[Replica]) -> Iterator[int]:
    """A proxy over both; without nginx the test is skipped, but in continuous integration it fails."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        reason = "nginx is not installed (Debian's nginx-light)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    port, file = free_port(), folder / "nginx.conf"
    http = NGINX.format(port=port, one=replicas[0].port, two=replicas[1].port)
    file.write_text(nginx_configuration(folder, http))
    with subprocess.Popen([program, "-p", str(folder), "-c", str(file)]) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", process)
            yield port
        finally:
            process.kill()


@dataclass(frozen=True)
class Rolled:
    """What was answered through the proxy, and afterwards by each replica."""

    clients: Clients
    alone: list[list[Answer]]
    ports: set[str]


@pytest.fixture(scope="module")
def rolled(copied: Copied, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rolled]:
    """While clients ask, each replica in turn pulls another edition, and then each in turn is restarted."""
    folder, replicas = tmp_path_factory.mktemp("rolled"), list[Replica]()
    try:
        for name in ("one", "two"):
            assert ld(folder / name, "--quiet", "pull", str(copied.first)) == 0
            replicas.append(Replica(folder / name))
        for replica in replicas:
            replica.wait()
        with nginx(folder, replicas) as port:
            clients = Clients(port)
            with clients.walking():
                clients.go_round()
                for replica in replicas:
                    assert ld(replica.data, "--quiet", "pull", str(copied.both)) == 0
                for replica in replicas:
                    replica.end()
                    replica.start()
                    replica.wait()
                clients.go_round()
        yield Rolled(clients, [each.answers() for each in replicas], {f"127.0.0.1:{each.port}" for each in replicas})
    finally:
        for replica in replicas:
            with suppress(AssertionError, subprocess.TimeoutExpired):
                replica.end()


def test_no_request_is_lost(rolled: Rolled) -> None:
    """Every one has its answer, and none that speaks of a fault; both replicas answered, before and after."""
    assert rolled.clients.failures == []
    assert {answer.status for answer in rolled.clients.answers} == {200, 303, 404}
    by = [answer.by for answer in rolled.clients.answers]
    assert set(by[: len(by) // 5]) >= rolled.ports and set(by[-len(by) // 5 :]) >= rolled.ports


def test_editions_were_switched_under_load(rolled: Rolled) -> None:
    """A record that changed had two bodies, one that did not had one."""
    bodies = defaultdict(set)
    for answer in rolled.clients.answers:
        bodies[answer.path].add(answer.body)
    assert len(bodies["/doc/record/r%2F1.ttl"]) == 2 and len(bodies["/doc/record/r%2F9.ttl"]) == 1


def test_replicas_answer_alike(rolled: Rolled) -> None:
    """The same status, ETag and bytes from both, and no cookie that would bind a client to one."""
    one, two = rolled.alone
    assert one == two
    assert not any(answer.cookie for answer in rolled.clients.answers)


def test_tag_stands_for_one_body(rolled: Rolled) -> None:
    """Whichever replica gave it, and when: what a client or a cache keeps of one is right for the other."""
    bodies = defaultdict(set)
    for answer in rolled.clients.answers:
        if answer.tag:
            bodies[answer.path, answer.tag].add(answer.body)
    assert len(bodies) > len(PATHS) / 2 and all(len(each) == 1 for each in bodies.values())
