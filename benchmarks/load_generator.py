"""Requests over kept-alive connections, as many at once as asked for, and how many were answered.

Requests are ready bytes and answers are only measured, not read: one process of this asks some
15,000 times a second, more than any server it is used on can answer.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

_END_OF_HEAD = b"\r\n\r\n"
_END_OF_CHUNKS = b"0\r\n\r\n"
_CHUNK = 1 << 18
_PATIENCE = 60.0


@dataclass
class Outcome:
    """Answers in so many seconds; `busy` is the share of that time the generator itself was at work."""

    answers: int = 0
    body_bytes: int = 0
    seconds: float = 0.0
    busy: float = 0.0
    wrong: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.answers / self.seconds


def get(path: str, **headers: str) -> bytes:
    """A GET request as bytes; `_` in the names of headers stands for `-`."""
    return _request("GET", path, headers, b"")


def post(path: str, body: str, **headers: str) -> bytes:
    """A POST request as bytes."""
    packed = body.encode()
    return _request("POST", path, {"Content_Length": str(len(packed)), **headers}, packed)


def _request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode() + body


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = bytearray()

    def whole(self) -> bytes | None:
        """The head of the answer once it is all there, else None; `body` is how long the rest was."""
        part = self.socket.recv(_CHUNK)
        if not part:
            raise ConnectionError("the server closed the connection")
        self._got += part
        end = self._got.find(_END_OF_HEAD)
        if end < 0 or not self._is_whole(end):
            return None
        head, self.body = bytes(self._got[:end]), len(self._got) - end - len(_END_OF_HEAD)
        self._got.clear()
        return head

    def _is_whole(self, end: int) -> bool:
        head = self._got[:end].lower()
        start = head.find(b"\r\ncontent-length:")
        if start >= 0:
            length = int(head[start + 17 :].split(b"\r\n", 1)[0])
            return len(self._got) >= end + len(_END_OF_HEAD) + length
        return b"chunked" not in head or self._got.endswith(_END_OF_CHUNKS)


def run(address: tuple[str, int], requests: Sequence[bytes], *, connections: int, status: int) -> Outcome:
    """Ask each once, over so many connections; answers of another status are listed as wrong."""
    outcome, waiting = Outcome(), iter(requests)
    with selectors.DefaultSelector() as selector:
        for first in islice(waiting, connections):
            connection = _Connection(address)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.socket.sendall(first)
        begun, busy = time.monotonic(), time.process_time()
        while outcome.answers < len(requests):
            ready = selector.select(_PATIENCE)
            if not ready:
                raise SystemExit(f"no answer from {address} for {_PATIENCE:.0f} seconds")
            for key, _ in ready:
                _count(key.data, outcome, status, waiting)
        outcome.seconds = time.monotonic() - begun
        outcome.busy = (time.process_time() - busy) / outcome.seconds
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return outcome


def _count(connection: _Connection, outcome: Outcome, status: int, waiting: Iterator[bytes]) -> None:
    head = connection.whole()
    if head is None:
        return
    outcome.answers += 1
    outcome.body_bytes += connection.body
    if head.split(b" ", 2)[1] != str(status).encode():
        outcome.wrong.append(head)
    if (following := next(waiting, None)) is not None:
        connection.socket.sendall(following)
