"""What is damaged on disk, and what must not happen by accident."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import pytest
from click import UsageError

from linkeddata.catalogue import Catalogue, QueryLimits
from linkeddata.cli.doctoring import _edition as examined
from linkeddata.cli.loading import check_writable
from linkeddata.config import read_settings
from linkeddata.crosswalk import bounds
from linkeddata.errors import EditionForbidden, RefusedForSafety, StoreError
from linkeddata.publish import Run, Site, Work, remap, update
from linkeddata.web.current import Current

from .killing import PATIENCE, alone, command, finish, run, serving, write

LIMITS = QueryLimits(timeout_seconds=5)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four editions, the second of which is served."""
    folder = tmp_path_factory.mktemp("published")
    for number in (1, 2, 3, 4):
        file = write(folder / "records.jsonl", iter([{"id": "a", "title": f"Title {number}"}]))
        finish(folder / "data", "load", str(file))
    Catalogue(folder / "data").roll_back(2)
    return folder


@pytest.fixture
def data(tmp_path: Path, published: Path) -> Path:
    shutil.copytree(published, tmp_path / "site", symlinks=True)
    return tmp_path / "site" / "data"


def cut_register(edition: Path) -> None:
    with (edition / "register.sqlite").open("r+b") as file:
        file.truncate(5000)


def overwrite_register(edition: Path) -> None:
    (edition / "register.sqlite").write_bytes(b"no database" * 500)


def lose_store(edition: Path) -> None:
    shutil.rmtree(edition / "store")


def empty_kept(edition: Path) -> None:
    next((edition / "kept").iterdir()).unlink()
    (edition / "kept" / f"{edition.name}.bin").write_bytes(b"")


def lose_end_of_register(edition: Path) -> None:
    """The page that is missing is not among those that are read at once."""
    file = edition / "register.sqlite"
    os.truncate(file, file.stat().st_size - 4096)


def lose_kept(edition: Path) -> None:
    next((edition / "kept").iterdir()).unlink()


def cut_kept(edition: Path) -> None:
    file = next((edition / "kept").iterdir())
    file.unlink()
    file.write_bytes(b"x")


def cut_table_of_store(edition: Path) -> None:
    for file in (edition / "store").glob("*.sst"):
        os.truncate(file, file.stat().st_size - 100)


DAMAGES = pytest.mark.parametrize(
    "damage",
    [
        cut_register,
        overwrite_register,
        lose_end_of_register,
        lose_store,
        cut_table_of_store,
        empty_kept,
        lose_kept,
        cut_kept,
    ],
)


@DAMAGES
def test_damaged_edition_is_named_with_the_way_back(data: Path, damage: Callable[[Path], None]) -> None:
    """Whatever opens it says which edition it is, and that an earlier one can be served."""
    damage(data / "editions" / "000002")
    with pytest.raises(StoreError, match=r"edition 2 is damaged.*linkeddata rollback"):
        Catalogue(data).current()
    assert Catalogue(data).roll_back() == 1
    assert Catalogue(data).current().number == 1


def test_damage_is_listed_and_not_rolled_back_to(data: Path) -> None:
    """`editions` tells what is whole and what is not; nothing serves what cannot be opened."""
    lose_kept(data / "editions" / "000001")
    listed = run(data, "editions")
    assert listed.returncode == 0 and "edition 1 is damaged" in listed.stdout and "1 records" in listed.stdout
    done = run(data, "rollback")
    assert done.returncode == 1 and "edition 1 is damaged" in done.stderr
    assert Catalogue(data).current().number == 2


@pytest.mark.parametrize("again", [("load",), ("update", "--from")], ids=["load", "update"])
def test_only_edition_that_is_damaged_has_a_way_out(tmp_path: Path, again: tuple[str, ...]) -> None:
    """The message says what to do, and it works."""
    data, file = tmp_path / "data", write(tmp_path / "records.jsonl", iter([{"id": "a", "title": "Title"}]))
    finish(data, "load", str(file))
    lose_store(data / "editions" / "000001")
    done = run(data, "load", str(file))
    assert done.returncode == 1 and f"remove {data / 'current'} and load again" in done.stderr
    (data / "current").unlink()
    finish(data, *again, str(file))
    assert Catalogue(data).current().number == 2


def lose_link(data: Path) -> None:
    (data / "current").unlink()


def follow_link(data: Path) -> None:
    """As `scp -r` and `cp -rL` copy it."""
    served = (data / "current").resolve()
    (data / "current").unlink()
    shutil.copytree(served, data / "current")


@pytest.mark.parametrize(
    ("copied", "told"),
    [(lose_link, "there are editions 1, 2, 3, 4, but no link"), (follow_link, "is no link, as it is after a copy")],
)
def test_copy_without_its_link_is_not_taken_for_empty(data: Path, copied: Callable[[Path], None], told: str) -> None:
    """An update of one record must not become a site of one record; the message says how all is served again."""
    copied(data)
    file = write(data.parent / "changes.jsonl", iter([{"id": "b", "title": "New"}]))
    for arguments in (("update", "--from", str(file)), ("status",)):
        done = run(data, *arguments)
        assert done.returncode != 0 and told in done.stderr and "linkeddata rollback" in done.stderr
    shutil.rmtree(data / "current", ignore_errors=True)
    finish(data, "rollback")
    assert Catalogue(data).current().number == 4
    finish(data, "update", "--from", str(file))
    assert Catalogue(data).current().counts["records"] == 2


def test_damage_within_a_register_is_told_with_the_way_out(data: Path) -> None:
    """SQLite sees it only when it reads there; who meets it says more than SQLite does."""
    register = data / "editions" / "000002" / "register.sqlite"
    with closing(sqlite3.connect(register)) as opened:
        (size,) = opened.execute("PRAGMA page_size").fetchone()
        (root,) = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'record'").fetchone()
    with register.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    done = run(data, "load", str(data.parent / "records.jsonl"))
    assert done.returncode == 1 and "register of the edition that is served in" in done.stderr
    assert "linkeddata rollback serves the one before it" in done.stderr
    assert "the register of 000002 cannot be read" in run(data, "export", "-f", "ttl").stderr


@pytest.mark.parametrize("note", ["{bad", "[]", '{"edition": 2, "marks": {"a": 1}}', '{"marks": []}'])
def test_note_of_the_marks_that_is_damaged_costs_nothing(data: Path, note: str) -> None:
    """Sources are asked from where the edition ended, which is earlier."""
    (data / "marks.json").write_text(note)
    assert Catalogue(data).marks() == {}


def test_report_that_is_damaged_costs_nothing_else(data: Path) -> None:
    """Whoever asks how things stand is told the rest."""
    (data / "editions" / "000002" / "report.json").write_text("{")
    done = run(data, "status")
    assert done.returncode == 0 and "last run    its report is damaged" in done.stdout
    assert '"report": null' in run(data, "status", "--json").stdout


@pytest.mark.parametrize("place", ["", "register.sqlite", "kept", "store"])
def test_edition_that_may_not_be_read_is_not_called_damaged(published: Path, place: str) -> None:
    """To remove it and load again would be bad advice to somebody who only has no right to look."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(published / "data", Path(folder) / "data", symlinks=True)
        (Path(folder) / "data/editions/000002" / place).chmod(0)
        with a_stranger(), pytest.raises(EditionForbidden, match=f"no right to read .*000002/?{place}$"):
            Catalogue(Path(folder) / "data").current()
        settings = read_settings({"store.path": f"{folder}/data"}, {}, here=Path(folder))
        with a_stranger():
            assert "give this one the right" in repr(examined(settings, look_up=False))


def test_report_that_may_not_be_written_is_known_before_anything_is_published(published: Path) -> None:
    """It would end with a fault otherwise, though all is served."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        with a_stranger(), pytest.raises(UsageError, match="no right to write there"):
            check_writable(f"{folder}/report.json")


@contextmanager
def a_stranger() -> Iterator[None]:
    """Act as a user who may do nothing; who is no superuser is one already."""
    known = os.geteuid()
    if known == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(known)


@DAMAGES
def test_site_goes_on_with_what_it_has_open(
    data: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    """A new edition that cannot be opened is logged, and the next sound one is served."""
    current = Current(Catalogue(data), workers=1, limits=LIMITS)
    assert current.edition().number == 2
    Catalogue(data).roll_back(3)
    damage(data / "editions" / "000003")
    assert current.edition().number == 2
    assert "still serving edition 2: edition 3 is damaged" in caplog.text
    Catalogue(data).roll_back(4)
    assert current.edition().number == 4


def test_running_server_goes_on(data: Path) -> None:
    """The same with a real server, which nobody restarts."""
    with serving(data) as address:
        assert "Title 2" in asked(address)
        Catalogue(data).roll_back(3)
        lose_store(data / "editions" / "000003")
        assert "Title 2" in asked(address)
        Catalogue(data).roll_back(4)
        assert "Title 4" in asked(address)


def asked(address: str) -> str:
    with urlopen(f"{address}doc/record/a.nt", timeout=20) as answer:
        text: bytes = answer.read()
    return text.decode()


def test_edition_that_can_be_opened_after_all_is_served(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Want of files or memory passes; what could not be opened then is tried again."""
    monkeypatch.setattr("linkeddata.web.current._RETRY_SECONDS", 0.0)
    current, store = Current(Catalogue(data), workers=1, limits=LIMITS), data / "editions" / "000003" / "store"
    current.edition()
    Catalogue(data).roll_back(3)
    store.rename(data.parent / "elsewhere")
    assert current.edition().number == 2
    (data.parent / "elsewhere").rename(store)
    assert current.edition().number == 3


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
    assert Catalogue(data).numbers() == [1, 2, 3, 4]


def test_too_many_refusals_publish_nothing(data: Path) -> None:
    """Above the share that is set, neither a load nor an update changes anything: exit 7, with the numbers."""
    (data.parent / "bad.jsonl").write_text('{"id": "b", "title": "Good"}\n' + "no json\n" * 3)
    (data.parent / "linkeddata.toml").write_text("[mapping]\nrefused_share = 0.5\n")
    for arguments in (("load", "bad.jsonl"), ("update", "--from", "bad.jsonl")):
        done = subprocess.run(
            [each for each in command(data, *arguments) if each != "--quiet"], cwd=data.parent, env=alone(),
            capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 7
        assert "3 of 4 records were refused" in done.stderr and "bad.jsonl:2: " in done.stderr
        assert Catalogue(data).current().number == 2


def test_mapping_that_refuses_too_much_publishes_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer version that refuses what an older one published: neither `remap` nor the next update obeys."""
    monkeypatch.setattr(bounds, "MOST_VALUES", 0)
    site, catalogue = Site("http://localhost:8080/", title="Another"), Catalogue(data)
    with pytest.raises(RefusedForSafety, match="1 of 1 records were refused"):
        remap(catalogue, site, processes=1, refused_share=0.1)
    changed, none = Work(replace(site, licence="https://example.org/l"), 1, refused_share=0.1), list[Run]()
    with pytest.raises(RefusedForSafety, match="1 of 1 records were refused"):
        update(none, catalogue, changed)
    assert catalogue.numbers() == [1, 2, 3, 4]
