"""How a server is spoken to: forms, credentials, tries, and what it says when something is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from linkeddata.errors import StoreError
from linkeddata.store import RemoteReader, RemoteWriter, Server
from linkeddata.store.quirks import recognised

BASE = "https://data.example.org/"
LINE = b'<http://e/a> <http://e/b> "x" .\n'
OK = (200, {}, b'{"head":{},"boolean":true}')
BUSY = (503, {}, b"starting")


class Writing:
    """A writer on a scripted server, and how long it slept."""

    def __init__(self, scripted: Any, **values: Any) -> None:
        self.script, address = scripted
        self.slept: list[float] = []
        self.server = Server(endpoint=address, **{"kind": "other", **values})
        self.writer = RemoteWriter(self.server, BASE, sleep=self.slept.append)

    def change(self, *answers: tuple[int, dict[str, str], bytes]) -> None:
        self.script.answers[:] = answers
        self.writer.change(LINE, LINE.replace(b"x", b"y"))

    @property
    def updates(self) -> list[str]:
        return [form["update"][0] for _, form in self.script.seen if "update" in form]


@pytest.fixture
def writing(scripted: Any) -> Writing:
    return Writing(scripted)


def test_busy_server_is_asked_again_with_the_same_words(writing: Writing) -> None:
    """Which do no harm when they arrive twice: they say which statements are there afterwards."""
    writing.change(BUSY, BUSY, OK)
    assert len(writing.updates) == 3
    assert len(set(writing.updates)) == 1
    assert writing.slept == [0.5, 1.0]


def test_deadlock_of_virtuoso_is_worth_another_try(scripted: Any) -> None:
    writing = Writing(scripted, kind="virtuoso")
    assert writing.writer.quirks.name == "virtuoso"
    writing.change((500, {}, b"Virtuoso 40001 Error SR172: Transaction deadlocked"), OK)
    assert len(writing.updates) == 2


def test_server_that_stays_busy_is_given_up(writing: Writing) -> None:
    with pytest.raises(StoreError, match=r"503 .*: starting"):
        writing.change(BUSY)
    assert len(writing.updates) == 5


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, {}, b"Line 7: this is wrong\nSPARQL query:\nINSERT DATA"), "Line 7: this is wrong$"),
        ((500, {}, b"disk full"), "disk full"),
        ((404, {}, b"no such dataset"), "no such dataset"),
        ((403, {}, b"read only"), "403 .*read only"),
        ((401, {"WWW-Authenticate": 'Basic realm="x"'}, b""), "credentials"),
        ((302, {"Location": "/login"}, b""), "redirects to http://127.0.0.1:[0-9]+/login"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_server(scripted: Any, answer: Any, said: str) -> None:
    """At the first try, without the update, and without credentials."""
    writing = Writing(scripted, user="me", secret=lambda: "pass-word")
    with pytest.raises(StoreError, match=said) as caught:
        writing.change(answer)
    assert len(writing.updates) == 1
    assert "pass-word" not in f"{caught.value}{caught.value.__cause__!r}{writing.server!r}"


@pytest.mark.parametrize(("password", "sent"), [("pass-word", "Basic bWU6cGFzcy13b3Jk"), ("", None)])
def test_password_is_sent_where_there_is_one(scripted: Any, password: str, sent: str | None) -> None:
    writing = Writing(scripted, user="me", secret=lambda: password)
    writing.change(OK)
    assert [headers.get("Authorization") for headers, _ in writing.script.seen] == [sent] * len(writing.script.seen)


def test_queries_and_updates_are_forms(writing: Writing) -> None:
    """Virtuoso lets a direct POST wait for ever; and no parameter of SPARQLWrapper's own goes with them."""
    writing.change(OK)
    assert RemoteReader(writing.server).ask("ASK { }")
    assert [set(form) for _, form in writing.script.seen] == [{"update"}, {"query"}]
    assert {headers["Content-Type"] for headers, _ in writing.script.seen} == {"application/x-www-form-urlencoded"}


def test_reader_asks_the_graph_that_is_set(scripted: Any) -> None:
    """And names the graphs that a query names, which would be empty otherwise."""
    script, address = scripted
    script.answers.append(OK)
    RemoteReader(Server(endpoint=address, graph="http://e/own")).ask("ASK { GRAPH <http://e/g> { ?s ?p ?o } }")
    assert script.seen[-1][1]["default-graph-uri"] == ["http://e/own"]
    assert script.seen[-1][1]["named-graph-uri"] == ["http://e/g"]


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b""])
def test_answer_in_another_language_is_no_answer(scripted: Any, body: bytes) -> None:
    script, address = scripted
    script.answers.append((200, {}, body))
    with pytest.raises(StoreError):
        RemoteReader(Server(endpoint=address)).rows("SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("endpoint", "headers", "kind"),
    [
        ("http://h/sparql", {"server": "Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu"}, "virtuoso"),
        ("http://h/query", {"Server": "oxigraph/0.5.13"}, "oxigraph"),
        ("http://h/ds/sparql", {"Fuseki-Request-Id": "12"}, "fuseki"),
        ("http://h/repositories/r", {"Server": "GraphDB/10.7"}, "graphdb"),
        ("http://h/bigdata/namespace/kb/sparql", {"Server": "Jetty(9.4)"}, "blazegraph"),
        ("https://c.cluster-x.eu-west-1.neptune.amazonaws.com:8182/sparql", {}, "neptune"),
        ("http://h/virtuoso/oxigraph", {"Server": "nginx", "X-Note": "Virtuoso/7"}, "other"),
    ],
)
def test_kind_is_told_by_headers_and_address(endpoint: str, headers: dict[str, str], kind: str) -> None:
    assert recognised(endpoint, headers).name == kind
