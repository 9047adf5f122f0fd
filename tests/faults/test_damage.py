"""What is damaged on disk, and what must not happen by accident."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue, QueryLimits
from linkeddata.errors import StoreError
from linkeddata.web.current import Current

from .killing import command, environment, finish, write

LIMITS = QueryLimits(timeout_seconds=5)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two editions, the second of which is served."""
    for number in (1, 2):
        file = write(tmp_path / "records.jsonl", iter([{"id": "a", "title": f"Title {number}"}]))
        finish(tmp_path / "data", "load", str(file))
    return tmp_path / "data"


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(data, *arguments), cwd=data.parent, env=environment(), capture_output=True, text=True, check=False
    )


def cut_register(edition: Path) -> None:
    with (edition / "register.sqlite").open("r+b") as file:
        file.truncate(5000)


def overwrite_register(edition: Path) -> None:
    (edition / "register.sqlite").write_bytes(b"no database" * 500)


def lose_store(edition: Path) -> None:
    shutil.rmtree(edition / "store")


def empty_kept(edition: Path) -> None:
    next((edition / "kept").iterdir()).unlink()
    (edition / "kept" / "000002.bin").write_bytes(b"")


DAMAGES = pytest.mark.parametrize("damage", [cut_register, overwrite_register, lose_store, empty_kept])


@DAMAGES
def test_damaged_edition_is_named_with_the_way_back(data: Path, damage: Callable[[Path], None]) -> None:
    """Every command that opens it says which edition it is, and that an earlier one can be served."""
    damage(data / "editions" / "000002")
    assert run(data, "get", "/doc/record/a.nt").returncode == 1
    assert "edition 2 is damaged" in run(data, "query", "ASK {}").stderr
    with pytest.raises(StoreError, match=r"edition 2 is damaged.*linkeddata rollback"):
        Catalogue(data).current()
    assert run(data, "rollback").returncode == 0
    assert "Title 1" in run(data, "get", "/doc/record/a.nt").stdout


@DAMAGES
def test_site_goes_on_with_what_it_has_open(
    data: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    """A new edition that cannot be opened is logged, and the next sound one is served."""
    current = Current(Catalogue(data), workers=1, limits=LIMITS)
    assert current.edition().number == 2
    file = write(data.parent / "more.jsonl", iter([{"id": "a", "title": "Title 3"}]))
    finish(data, "load", str(file))
    damage(data / "editions" / "000003") if damage is not empty_kept else lose_store(data / "editions" / "000003")
    assert current.edition().number == 2
    assert "still serving edition 2: edition 3 is damaged" in caplog.text
    run(data, "rollback")
    finish(data, "load", str(file))
    assert current.edition().number == 4


@pytest.mark.parametrize(
    "arguments",
    [("load", "records.jsonl"), ("update", "--from", "records.jsonl"), ("remap",), ("withdraw", "a")],
    ids=lambda arguments: arguments[0],
)
def test_base_uri_cannot_change_by_accident(data: Path, arguments: tuple[str, ...]) -> None:
    """Whatever writes refuses, naming both; only `load --rebase` does it."""
    other = ("--base-uri", "https://other.example.org/")
    done = run(data, *other, *arguments)
    assert done.returncode == 7
    assert "http://localhost:8080/" in done.stderr and "https://other.example.org/" in done.stderr
    assert Catalogue(data).numbers() == [1, 2]


def test_too_many_refusals_publish_nothing(data: Path) -> None:
    """Above the share that is set, neither a load nor an update changes anything: exit 7, with the numbers."""
    (data.parent / "bad.jsonl").write_text('{"id": "b", "title": "Good"}\n' + "no json\n" * 3)
    (data.parent / "linkeddata.toml").write_text("[mapping]\nrefused_share = 0.5\n")
    for arguments in (("load", "bad.jsonl"), ("update", "--from", "bad.jsonl")):
        done = run(data, *arguments)
        assert done.returncode == 7
    done = run(data, "load", "bad.jsonl")
    assert "3 of 4 records were refused" in done.stderr and "bad.jsonl:2: " in done.stderr
    assert Catalogue(data).current().number == 2
