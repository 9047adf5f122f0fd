"""Real servers on loopback, which may misbehave on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: Message[str, str]
    body: bytes

    @property
    def parameters(self) -> dict[str, str]:
        """Of the query, or of the form in the body."""
        return dict(parse_qsl(self.body.decode() or urlsplit(self.target).query, keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    """What the server sends.

    `length` is the Content-Length it states, if not the right one; with `pieces` it states none, sends
    them raw behind the headers for as long as somebody listens, and closes.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    pieces: Iterable[bytes] | None = None


@dataclass
class Server:
    """Where it listens, and what it was asked so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def questions(self) -> list[dict[str, str]]:
        """The parameters of each request."""
        return [each.parameters for each in self.asked]


Script = Callable[[Asked], Answer]


def in_turn(*answers: Answer) -> Script:
    """One answer after another; the last of them for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """A server that answers by the script until the block ends."""
    served = Server("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body go in two pieces, and the client would wait for the second

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, self.headers, body)
            served.asked.append(asked)
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has seen enough
                _send(self, script(asked))

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        served.url = f"http://127.0.0.1:{listening.server_port}"
        Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield served
        finally:
            listening.shutdown()


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    handler.send_response_only(answer.status)
    length = len(answer.body) if answer.length is None else answer.length
    stated = {} if answer.pieces is not None else {"Content-Length": str(length)}
    for name, value in {"Content-Type": "text/xml", **stated, **answer.headers}.items():
        handler.send_header(name, value)
    handler.close_connection = answer.pieces is not None or length != len(answer.body)
    handler.end_headers()
    for piece in [answer.body] if answer.pieces is None else answer.pieces:
        handler.wfile.write(piece)
