"""The server in a process of its own: it prints its port, and at SIGTERM every request begun is answered."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from linkeddata.web.server import Server, listen

from .running import in_thread, lines_of

PROGRAM = """
import sys, time
from linkeddata.web.server import Server, listen, serve

def application(environ, start_response):
    begun = time.monotonic()
    gone = environ["waitress.client_disconnected"]
    seconds = float(environ["PATH_INFO"].strip("/") or 0)
    while time.monotonic() - begun < seconds and not gone():
        time.sleep(0.02)
    if gone():
        print("hung up after %.1f" % (time.monotonic() - begun), flush=True)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"x" * 1_000_000]

serve(Server(application, listen("127.0.0.1", 0)), on_ready=lambda address: print(address, flush=True))
print("ended", flush=True)
"""


@dataclass
class Running:
    process: subprocess.Popen[str]
    host: str
    port: int
    lines: SimpleQueue[str]

    def get(self, path: str) -> tuple[int, int]:
        with closing(http.client.HTTPConnection(self.host, self.port, timeout=10)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, len(response.read())

    def line(self) -> str:
        return self.lines.get(timeout=20).strip()

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            lines = lines_of(process.stdout)
            address = urlsplit(lines.get(timeout=20).strip())
            yield Running(process, str(address.hostname), int(address.port or 0), lines)
        finally:
            process.kill()


def begun(server: Running, path: str, threads: ThreadPoolExecutor) -> Future[tuple[int, int]]:
    future = threads.submit(server.get, path)
    time.sleep(0.3)
    return future


def test_port_0_gives_a_real_port(running: Running) -> None:
    """The address told is one that answers."""
    assert running.port > 0
    assert running.get("/") == (200, 1_000_000)


def test_a_request_in_flight_at_sigterm_is_answered_whole(running: Running) -> None:
    """It is answered to the last byte, new connections are refused meanwhile, and the exit code is 0."""
    with ThreadPoolExecutor(1) as threads:
        slow = begun(running, "/1.5", threads)
        running.terminate()
        time.sleep(0.3)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((running.host, running.port), timeout=5)
        assert slow.result() == (200, 1_000_000)
    assert running.process.wait(10) == 0
    assert running.line() == "ended"


def test_idle_connections_do_not_hold_up_the_end(running: Running) -> None:
    """A kept-alive connection without a request is closed at once."""
    connection = http.client.HTTPConnection(running.host, running.port, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    running.terminate()
    # Without closing it, the end would wait for half a minute.
    assert running.process.wait(10) == 0
    connection.close()


def test_a_second_signal_ends_the_waiting(running: Running) -> None:
    """Who asks twice means it."""
    with ThreadPoolExecutor(1) as threads:
        slow = begun(running, "/20", threads)
        running.terminate()
        time.sleep(0.2)
        running.terminate()
        assert running.process.wait(2) == -signal.SIGTERM
        with pytest.raises((OSError, http.client.HTTPException)):
            slow.result()


def test_a_hung_up_client_is_noticed(running: Running) -> None:
    """The application hears of it while it is still at work."""
    with socket.create_connection((running.host, running.port)) as client:
        client.sendall(b"GET /5 HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.3)
    assert running.line().startswith("hung up after 0.")


class AtHand:
    """An application that has every answer at hand, so that the server's loop gives it itself."""

    BODY = b"x" * 200_000

    def is_ready(self, _: WSGIEnvironment) -> bool:
        return True

    def is_prompt(self, _: WSGIEnvironment) -> bool:
        return False

    def __call__(self, _: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(len(self.BODY)))])
        return [self.BODY]


def received(connection: socket.socket) -> int:
    """How many bytes come until the other side closes."""
    return sum(map(len, iter(lambda: connection.recv(1 << 20), b"")))


def test_who_reads_nothing_holds_up_nobody() -> None:
    """The loop gives an answer only when those before it are out: it would wait for itself to send them. Whoever
    asks 200 times at once, and reads nothing, waits alone, and gets everything when it reads."""
    with in_thread(Server(AtHand(), listen("127.0.0.1", 0))) as address:
        place = (str(urlsplit(address).hostname), urlsplit(address).port or 0)
        with socket.create_connection(place, timeout=20) as greedy:
            greedy.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 199 + b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
            time.sleep(0.3)
            with socket.create_connection(place, timeout=5) as other:
                other.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
                assert received(other) > len(AtHand.BODY)
            assert received(greedy) > 200 * len(AtHand.BODY)


class Told:
    """Makes what is asked for at `/prompt` in a moment, fails at `/broken`, lets all else wait; tells who answers."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()

    def is_ready(self, _: WSGIEnvironment) -> bool:
        return False

    def is_prompt(self, environ: WSGIEnvironment) -> bool:
        return environ["PATH_INFO"] in ("/prompt", "/broken")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("broken")
        if not self.is_prompt(environ):
            self.begun.release()
            self.go_on.wait(20)
        start_response("200 OK", [("Content-Length", "6")])
        return [b"thread" if threading.current_thread().name.startswith("answering") else b"loop  "]


@pytest.fixture
def told() -> Iterator[tuple[Told, tuple[str, int]]]:
    application = Told()
    with in_thread(Server(application, listen("127.0.0.1", 0))) as address:
        yield application, (str(urlsplit(address).hostname), urlsplit(address).port or 0)
        application.go_on.set()


def asked(place: tuple[str, int], *paths: str) -> list[str]:
    """Who answered requests that were sent together."""
    with socket.create_connection(place, timeout=20) as client:
        client.sendall("".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" for path in paths).encode())
        got = b""
        while got.count(b"\r\n\r\n") < len(paths) or not got.endswith((b"thread", b"loop  ")):
            got += client.recv(1 << 16)
    return re.findall(r"^(thread|loop)", got.decode(), re.MULTILINE)


def test_what_is_made_in_a_moment_is_made_in_the_loop(told: tuple[Told, tuple[str, int]]) -> None:
    """No thread is woken for it, again and again."""
    assert [asked(told[1], "/prompt") for _ in range(3)] == [["loop"]] * 3


def test_loop_makes_nothing_while_a_thread_is_at_work(told: tuple[Told, tuple[str, int]]) -> None:
    """It would wait for that thread at each step; when the thread is done, it does again."""
    application, place = told
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(asked, place, "/slow")
        assert application.begun.acquire(timeout=20)
        assert asked(place, "/prompt") == ["thread"]
        application.go_on.set()
        assert slow.result(20) == ["thread"]
    assert asked(place, "/prompt") == ["loop"]


def test_who_asks_much_at_once_has_one_answer_made_in_the_loop(told: tuple[Told, tuple[str, int]]) -> None:
    """The others are made by threads, in turns with whatever else there is to do."""
    assert asked(told[1], *["/prompt"] * 20)[:2] == ["loop", "thread"]


def test_fault_in_the_loop_is_answered(told: tuple[Told, tuple[str, int]], caplog: pytest.LogCaptureFixture) -> None:
    """As one in a thread is: with 500 and a line in the log; and the loop goes on."""
    with closing(http.client.HTTPConnection(*told[1], timeout=20)) as connection:
        connection.request("GET", "/broken")
        assert connection.getresponse().status == 500
    assert "ValueError: broken" in caplog.text
    assert asked(told[1], "/prompt") == ["loop"]


def test_server_may_be_stopped_again_when_it_has_ended() -> None:
    """By another thread, at any moment: the files that woke it are closed by then, their numbers given to others."""
    server = Server(lambda *_: [], listen("127.0.0.1", 0))
    thread = threading.Thread(target=server.run)
    thread.start()
    server.stop()
    thread.join(20)
    server.stop()
    assert not thread.is_alive()
