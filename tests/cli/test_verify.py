"""`verify`: named things and samples, with and without a server, and the exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from threading import Thread

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.cli import run
from linkeddata.config import read_settings
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source
from linkeddata.web import create_app
from linkeddata.web.server import Server, listen

BASE = "http://localhost:8080/"
SEED = "nottingham-40697"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample, published."""
    folder = tmp_path_factory.mktemp("data")
    sample = str(files("linkeddata") / "sample" / "records.jsonl")
    publish(open_source(sample), Catalogue(folder), Site(BASE, "Linked data"), processes=1)
    return folder


@pytest.fixture
def here(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The data directory, from a folder without a configuration."""
    monkeypatch.chdir(tmp_path)
    return str(data)


def serving(data: Path, **flags: str | float | int) -> Iterator[str]:
    settings = {name.replace("__", "."): value for name, value in flags.items()}
    app = create_app(read_settings({"store.path": str(data), **settings}, {}, here=data))
    server = Server(app, listen("localhost", 0))
    thread = Thread(target=server.run)
    thread.start()
    yield server.address
    server.stop()
    thread.join(10)
    app.extensions["current"].close()


@pytest.fixture
def server(data: Path) -> Iterator[str]:
    """A real server that lets nobody ask as often as he likes."""
    yield from serving(data, server__rate=100.0, server__burst=20)


@pytest.mark.parametrize("named", [SEED, f"{BASE}id/record/{SEED}", f"/doc/record/{SEED}.ttl", "def/mining-1"])
def test_named_thing_is_verified(here: str, capsys: pytest.CaptureFixture[str], named: str) -> None:
    """By id, URI, or the address of a document; one line says what was compared."""
    assert run(["--data", here, "verify", named]) == 0
    out = capsys.readouterr().out
    assert out.startswith("verified 1 things in 1 documents, ")
    assert out.endswith(": every door says the same\n")


def test_running_server_is_asked_and_its_budget_kept(
    here: str, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over HTTP it comes to the same; where the server wants a pause it gets one."""
    assert run(["--data", here, "verify", "--sample", "2", "--seed", "3", "--server", server, "--json"]) == 0
    over_http = json.loads(capsys.readouterr().out)
    assert run(["--data", here, "verify", "--sample", "2", "--seed", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == over_http
    assert over_http["things"] == 4


def test_sample_says_how_to_draw_it_again(here: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The seed is told where none was given."""
    assert run(["--data", here, "verify", "--sample", "1"]) == 0
    told = capsys.readouterr()
    seed = next(line for line in told.err.splitlines() if line.startswith("--seed ")).split()[1]
    run(["--data", here, "verify", "--sample", "1", "--seed", seed])
    assert capsys.readouterr().out == told.out


def test_faults_are_told_and_exit_8(here: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A mapping that mines nothing makes less of the source than is served."""
    (Path.cwd() / "linkeddata.toml").write_text('[mapping]\nmine = ""\n')
    assert run(["--data", here, "verify", SEED]) == 8
    told = capsys.readouterr()
    assert f"{BASE}id/record/{SEED} map: " in told.out
    assert "  - <" in told.out or "  + <" in told.out
    assert "linkeddata remap" in told.err
    assert run(["--data", here, "verify", SEED, "--json"]) == 8
    assert {fault["door"] for fault in json.loads(capsys.readouterr().out)["faults"]} >= {"map", "sparql"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["no-such-id"], 1, "there is no no-such-id in edition 1"),
        (["def/none"], 1, "there is no def/none"),
        ([f"{BASE}id/journal/none"], 1, "there is no http://localhost:8080/id/journal/none"),
        (["https://example.org/id/record/x"], 1, "there is no https://example.org/"),
        ([], 2, "either URI or --sample N"),
        ([SEED, "--sample", "1"], 2, "either URI or --sample N"),
        (["--sample", "0"], 2, "--sample"),
        ([SEED, "--server", "localhost"], 2, "http or https"),
        ([SEED, "--server", "http://localhost:1"], 5, "does not answer"),
    ],
)
def test_what_cannot_be_verified(
    here: str, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    """The exit code and the message say why."""
    assert run(["--data", here, "verify", *arguments]) == code
    assert message in capsys.readouterr().err


def test_server_with_another_edition_is_refused(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it says cannot be held against other sources."""
    monkeypatch.chdir(tmp_path)
    sample = str(files("linkeddata") / "sample" / "records.jsonl")
    for _ in range(2):
        publish(open_source(sample), Catalogue(tmp_path / "data"), Site(BASE), processes=1)
    assert run(["verify", SEED, "--server", server]) == 1
    assert "the server has edition 1, this data directory has edition 2" in capsys.readouterr().err


def test_nothing_published_is_exit_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["verify", "--sample", "1"]) == 3
    assert "linkeddata load" in capsys.readouterr().err
