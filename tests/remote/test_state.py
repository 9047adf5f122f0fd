"""What commands, `/readyz` and caches know of the server that keeps the graph."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click.testing
import pytest
from flask import Flask

from linkeddata.catalogue import Catalogue, Server
from linkeddata.cli import command
from linkeddata.config import read_settings
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.store import RemoteReader, RemoteWriter, inspect
from linkeddata.web import create_app
from linkeddata.web.readiness import Readiness

BASE = "http://localhost:1/"
VOCABULARY = f"{BASE}graph/vocab"
RECORD = Record("a", {"id": ["a"], "title": ["A title"], "publisher": ["Wiley"]}, place="here:1")


@pytest.fixture(scope="module")
def server(start_oxigraph: Callable[..., Server]) -> Server:
    return start_oxigraph()


@pytest.fixture
def data(server: Server, tmp_path: Path) -> Iterator[Path]:
    """A data directory whose one edition is in the server."""
    publish([RECORD], Catalogue(tmp_path, server=server), Site(BASE, "Example"), processes=1)
    yield tmp_path
    RemoteWriter(server, BASE).clear()


def run(data: Path, endpoint: str, *words: str) -> Any:
    """What a command says in JSON."""
    environment = {"LINKEDDATA_STORE_ENDPOINT": endpoint, "LINKEDDATA_SITE_BASE_URI": BASE}
    runner = click.testing.CliRunner(env=environment)
    return json.loads(runner.invoke(command, ["--data", str(data), *words, "--json"]).stdout)


def found(data: Path, endpoint: str) -> dict[str, dict[str, str]]:
    return {each["check"]: each for each in run(data, endpoint, "doctor")}


def test_server_that_is_well_is_told_with_what_it_holds(data: Path, server: Server) -> None:
    """Its kind, the place of the graph, the edition, and as many statements as after the last run."""
    told = found(data, server.endpoint)
    assert [told[check]["level"] for check in ("SPARQL server", "graph", "held there", "edition")] == ["ok"] * 4
    assert told["SPARQL server"]["found"] == f"{server.endpoint}, oxigraph"
    state = run(data, server.endpoint, "status")["server"]
    assert (state["holds"], state["fault"], state["found"]["joined"]) == (1, "", False)
    assert told["held there"]["found"] == f"edition 1, {state['noted']} statements"


def test_server_that_is_down_is_told_in_words(data: Path, server: Server) -> None:
    """By `doctor` as the one fault of the store, by `status` beside all that is known without it."""
    told, nowhere = found(data, "http://127.0.0.1:1/query"), "http://127.0.0.1:1/query"
    (data / "server.json").write_text(json.dumps({"place": nowhere, "holds": 1}))
    assert told["SPARQL server"]["level"] == "fault"
    assert "cannot be reached" in told["SPARQL server"]["found"]
    assert told["edition"]["level"] == "ok"
    status = run(data, nowhere, "status")
    assert (status["records"], status["server"]["holds"]) == (1, 1)
    assert "refused" in status["server"]["fault"]


@pytest.mark.parametrize(
    ("note", "words"),
    [({"statements": 7}, "and 7 after the last run"), ({"towards": 2}, "on its way from edition 1 to edition 2")],
    ids=["lost", "between"],
)
def test_server_that_holds_something_else_is_a_fault(
    data: Path, server: Server, note: dict[str, int], words: str
) -> None:
    noted = json.loads((data / "server.json").read_text())
    (data / "server.json").write_text(json.dumps({**noted, **note}))
    told = found(data, server.endpoint)["SPARQL server"]
    assert (told["level"], words in told["found"], "mends it" in told["advice"]) == ("fault", True, True)


@pytest.mark.parametrize(("options", "joined"), [((), False), (("--union-default-graph",), True)], ids=["no", "yes"])
def test_joined_default_graph_is_seen_without_writing(
    start_oxigraph: Callable[..., Server], options: tuple[str, ...], joined: bool
) -> None:
    """By a statement that only a named graph makes; an empty server does not tell."""
    server = start_oxigraph(*options)
    assert inspect(server, BASE, VOCABULARY).joined is None
    RemoteWriter(server, BASE).change(b"", f"<{BASE}s> <{BASE}p> <{BASE}o> <{VOCABULARY}> .\n".encode())
    assert inspect(server, BASE, VOCABULARY).joined is joined


def test_credentials_in_an_address_are_not_shown(server: Server) -> None:
    """Nor parameters, which may be a key."""
    known = replace(server, endpoint=server.endpoint.replace("http://", "http://u:secret@") + "?key=secret")
    assert "secret" not in repr(inspect(known, BASE, VOCABULARY))


@pytest.fixture
def app(data: Path, server: Server) -> Iterator[Flask]:
    flags = {"store.path": str(data), "store.endpoint": server.endpoint, "site.base_uri": BASE}
    made = create_app(read_settings(flags, {}, here=data))
    yield made
    made.extensions["current"].close()


def test_page_made_between_two_editions_is_kept_by_nobody(app: Flask, data: Path) -> None:
    """Not while the server is on its way, nor for a minute after; then it is kept as ever."""
    client, note, seen = app.test_client(), data / "server.json", []
    link = next(path for path in client.get("/browse/org").text.split('"') if "/org/" in path and "?" not in path)
    for towards, age in ((None, 90), (2, 90), (None, 0), (None, 90)):
        note.write_text(json.dumps({**json.loads(note.read_text()), "towards": towards}))
        os.utime(note, (note.stat().st_atime, note.stat().st_mtime - age))
        app.extensions["current"].answers.begin(1)
        answer = client.get(link, follow_redirects=True)
        seen.append(("ETag" in answer.headers, "no-store" in answer.headers["Cache-Control"],
                     app.extensions["current"].answers.size > 0))  # fmt: skip
    assert seen == [(True, False, True), (False, True, False), (False, True, False), (True, False, True)]


def test_site_whose_server_has_stopped_is_not_ready_a_few_seconds_later(data: Path, server: Server) -> None:
    """Whether it refuses connections now or takes them and says nothing more."""
    now = [0.0]
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = f"http://127.0.0.1:{mute.getsockname()[1]}/query"
        for endpoint in ("http://127.0.0.1:1/query", silent):
            edition = Catalogue(data, server=server).current()
            readiness = Readiness(lambda edition=edition: edition, clock=lambda: now[0], patience=0.5)  # type: ignore[misc]
            assert readiness.told() == (1, "")
            edition._reader = RemoteReader(replace(server, endpoint=endpoint))
            now[0] += 5
            assert readiness.told()[1].startswith("the store of the graph does not answer")


def test_site_whose_server_is_down_says_so_and_is_not_ready(data: Path) -> None:
    """Without an address or the words of a server; documents of records are there all the same."""
    flags = {"store.path": str(data), "store.endpoint": "http://127.0.0.1:1/query", "site.base_uri": BASE}
    client = create_app(read_settings(flags, {}, here=data)).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["ready"]) == (503, False)  # type: ignore[index]
    assert "does not answer" in answer.text and "127.0.0.1" not in answer.text
    for path in ("/doc/org/any-1.ttl", "/sparql?query=ASK{}"):
        refusal = client.get(path)
        assert (refusal.status_code, refusal.headers["Retry-After"]) == (503, "60")
        assert "Errno" not in refusal.text and "127.0.0.1" not in refusal.text
    assert client.get("/doc/record/a.ttl").status_code == 200
