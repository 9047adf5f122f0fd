"""What is seen of requests: counts that can be read, and lines that name the request and nothing of what was sought."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client, EnvironBuilder

from linkeddata.cli.logs import JsonFormatter
from linkeddata.config import Settings
from linkeddata.errors import QueryBudgetSpent, QueryQueueFull, QueryTooCostly, StoreError
from linkeddata.web import create_app
from linkeddata.web.connections import Quick
from linkeddata.web.kinds import KINDS, OTHER, kind_of
from linkeddata.web.query_outcomes import of_error
from linkeddata.web.query_request import Refusal
from linkeddata.web.watch import Named
from linkeddata.web.watching import watched

from .conftest import settings_for

RECORD = "/doc/record/nottingham-40697"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
#: Headers of a request, whether it came through a proxy of ours, and the name it then has; None is a new one.
NAMES = [
    ({}, True, None),
    ({"HTTP_X_REQUEST_ID": "7b3f-22"}, True, "7b3f-22"),
    ({"HTTP_X_REQUEST_ID": "7b3f-22"}, False, None),
    ({"HTTP_X_REQUEST_ID": 'a" b\n'}, True, None),
    ({"HTTP_X_REQUEST_ID": "x" * 65}, True, None),
    ({"HTTP_TRACEPARENT": TRACE}, True, "4bf92f3577b34da6a3ce929d0e0e4736"),
    ({"HTTP_TRACEPARENT": TRACE}, False, None),
    ({"HTTP_TRACEPARENT": f"00-{'0' * 32}-00f067aa0ba902b7-01"}, True, None),
]


OUTCOMES: list[tuple[Exception, str]] = [
    (QueryTooCostly("", "time"), "ended-at-time-limit"),
    (QueryTooCostly("", "memory"), "ended-at-memory-limit"),
    (QueryTooCostly(""), "too-complex"),
    (QueryTooCostly("", "abandoned"), "abandoned"),
    (QueryTooCostly("", "repeated"), "ended-a-moment-ago"),
    (QueryQueueFull(""), "queue-full"),
    (QueryBudgetSpent("", 9), "client-time-spent"),
    (StoreError(""), "failed"),
    (Refusal(400, ""), "refused"),
]


class Lines(logging.Handler):
    """Keeps what is logged, as JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(JsonFormatter().format(record))

    def last(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.lines[-1])
        return found


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged while the test runs."""
    handler, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture(scope="module")
def app(sample_data: Path) -> Iterator[Flask]:
    """The site over the sample, its own: what it keeps is counted."""
    made = create_app(settings_for(sample_data))
    yield made
    made.extensions["current"].close()


def logging_settings(data: Path, **more: str | int) -> Settings:
    return settings_for(data, log__requests="all", log__format="json", **more)


@pytest.fixture
def client(app: Flask, sample_data: Path) -> Iterator[Client]:
    """A client whose requests are logged, sent through one proxy."""
    with watched(app, logging_settings(sample_data, server__behind_proxy=1)) as application:
        yield Client(application)


@pytest.mark.parametrize(("environ", "proxied", "name"), NAMES, ids=map(str, range(len(NAMES))))
def test_request_has_the_name_that_a_proxy_of_ours_gave_it(
    environ: dict[str, str], proxied: bool, name: str | None
) -> None:
    """What anybody else writes into these headers, or what is no name, counts for nothing."""
    given = str(Named(environ, proxied=proxied))
    assert given == name if name else re.fullmatch("[0-9a-f]{16}", given)


@pytest.mark.parametrize(("error", "word"), OUTCOMES, ids=[word for _, word in OUTCOMES])
def test_query_that_is_not_answered_has_one_word(error: Exception, word: str) -> None:
    """That of the limit it met, or of what refused it."""
    assert of_error(error) == word


def test_every_door_has_a_kind(sample_app: Flask) -> None:
    """No route of ours is counted among what nobody knows."""
    rules = (str(rule).replace("<extension>", "json") for rule in sample_app.url_map.iter_rules())
    kinds = {rule: kind_of(rule) for rule in rules}
    assert [rule for rule, kind in kinds.items() if kind == OTHER] == []
    assert set(kinds.values()) | {OTHER, "document-page", "document-data"} == set(KINDS)


def test_line_says_what_was_asked_and_how_it_was_answered(client: Client, lines: Lines) -> None:
    """Time, method, path, status, bytes, milliseconds, kind, name, and the network of the client."""
    answer = client.get(f"{RECORD}.ttl", headers={"X-Request-Id": "abc-1", "X-Forwarded-For": "192.0.2.77"})
    line = lines.last()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("time")))
    assert float(str(line.pop("milliseconds"))) > 0
    assert line == {
        **{"level": "info", "logger": "linkeddata.access", "method": "GET", "path": f"{RECORD}.ttl", "status": 200},
        **{"bytes": len(answer.data), "kind": "document-data", "request": "abc-1", "client": "192.0.2.0/24"},
    }


@pytest.mark.parametrize(
    "url", ["/search?q=secret+illness", "/sparql?query=ASK+%7B+%22secret%22+%7D", "/?q=secret"], ids=["a", "b", "c"]
)
def test_line_holds_nothing_of_what_was_sought(client: Client, lines: Lines, url: str) -> None:
    """The query string is what people want to know; it is nowhere in the log."""
    client.get(url)
    assert "secret" not in "".join(lines.lines) and lines.last()["path"] == url.partition("?")[0]


@pytest.mark.parametrize(
    ("clients", "said"), [("address", "192.0.2.77"), ("network", "192.0.2.0/24"), ("none", None)], ids=str
)
def test_line_says_of_the_client_what_the_operator_wants(
    app: Flask, sample_data: Path, lines: Lines, clients: str, said: str | None
) -> None:
    """An address, the network of many, or nothing."""
    with watched(app, logging_settings(sample_data, log__clients=clients)) as application:
        Client(application).get("/healthz", environ_base={"REMOTE_ADDR": "192.0.2.77"})
    assert lines.last().get("client") == said


def test_path_cannot_forge_a_line(client: Client, lines: Lines) -> None:
    """Line ends and quotes stand encoded, and a long path is cut."""
    client.get('/id/record/%0A{"forged":1}' + "x" * 2_000)
    path = str(lines.last()["path"])
    assert "\n" not in lines.lines[-1] and path.startswith("/id/record/%0A%7B%22forged") and len(path) < 700


def test_query_says_how_it_came_out(client: Client, lines: Lines) -> None:
    """In one word, beside the status."""
    outcomes = []
    for query in ("ASK%20%7B%7D", "nonsense", "ASK%20%7BSERVICE%20%3Chttp://x/%3E%7B%7D%7D"):
        client.get(f"/sparql?query={query}")
        outcomes.append(lines.last()["query"])
    assert outcomes == ["answered", "malformed", "forbidden"]


@pytest.mark.parametrize(
    ("url", "is_told"),
    [("/readyz", True), (f"{RECORD}.ttl", False), (RECORD, False), ("/id/record/nottingham-40697", False)],
    ids=["not to be kept", "document", "negotiated", "redirect"],
)
def test_only_answers_that_nobody_keeps_tell_the_name(client: Client, url: str, is_told: bool) -> None:
    """Else a cache would hand out the name of somebody else's request."""
    answer = client.get(url, headers={"X-Request-Id": "abc-2"})
    assert answer.headers.get("X-Request-Id") == ("abc-2" if is_told else None)


def test_answer_is_the_same_whether_it_is_seen_or_not(client: Client, app: Flask) -> None:
    """First and again, to the header."""
    plain = Client(app.wsgi_app)
    for _ in range(2):
        seen, alone = client.get(f"{RECORD}.jsonld"), plain.get(f"{RECORD}.jsonld")
        assert (seen.data, seen.status, list(seen.headers)) == (alone.data, alone.status, list(alone.headers))


def test_what_is_seen_is_as_quick(app: Flask, sample_data: Path) -> None:
    """What the door has at hand, or makes in a moment, it does with somebody beside it, too."""
    with watched(app, logging_settings(sample_data)) as application:
        assert isinstance(application, Quick)
        assert application is not app.wsgi_app
        assert application.is_prompt(EnvironBuilder(f"{RECORD}.trig").get_environ())
        Client(application).get(f"{RECORD}.nt")
        assert application.is_ready(EnvironBuilder(f"{RECORD}.nt").get_environ())


def test_traceback_is_one_line_that_names_its_request(app: Flask, client: Client, lines: Lines) -> None:
    """Of an error that nobody foresaw, as JSON."""
    view = app.view_functions["machines.alive"]
    app.view_functions["machines.alive"] = lambda: 1 / 0  # type: ignore[assignment,return-value]
    try:
        answer = client.get("/healthz", headers={"X-Request-Id": "abc-3"})
    finally:
        app.view_functions["machines.alive"] = view
    told = next(line for line in map(json.loads, lines.lines) if "exception" in line)
    assert answer.status_code == 500 and answer.headers["X-Request-Id"] == told["request"] == "abc-3"
    assert told["level"] == "error" and "ZeroDivisionError" in told["exception"]
