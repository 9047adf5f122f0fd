"""A push or a pull that is killed right before any of its decisive steps: what was there before is there still.

Each of these steps is a rename: of a file that has been copied, of the edition, of a note, of what names it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue, manifest_of
from linkeddata.catalogue.manifest import checksum
from linkeddata.cli import run
from linkeddata.replication.in_folder import InFolder
from linkeddata.replication.index import manifest_at, read_index

from .killing import digest, document, kill_at, leftovers, write


def finish(data: Path, *arguments: str) -> None:
    """A run that nobody kills, in this process."""
    assert run(["--data", str(data), "--quiet", *arguments]) == 0


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two editions, the second of which is served; one location has the first, one both."""
    folder = tmp_path_factory.mktemp("editions")
    finish(folder / "data", "load", str(write(folder / "a.jsonl", map(document, range(30)))))
    finish(folder / "data", "push", str(folder / "first"))
    finish(folder / "data", "update", "--from", str(write(folder / "b.jsonl", iter([document(1, 1)]))))
    finish(folder / "data", "push", str(folder / "both"))
    return folder


def steps(folder: Path) -> tuple[int, int]:
    """The step among the files that the second edition has and the first has not, and the one behind the rest."""
    catalogue = Catalogue(folder / "data")
    first, second = ({each.sha256 for each in manifest_of(catalogue.edition(n).folder).pieces} for n in (1, 2))
    files = len(second - first)
    return files // 2, files - files // 2 + 2


def test_killed_pull_serves_the_edition_before_and_is_continued(editions: Path, tmp_path: Path) -> None:
    """Killed among the files, before the edition is in its place, before its note, and before it is served."""
    data = tmp_path / "data"
    finish(data, "pull", str(editions / "first"))
    for step in (*steps(editions), 2, 3):
        assert kill_at(step, "os.rename", data, "pull", str(editions / "both"))
        Catalogue(data).current().warm_up()
        assert Catalogue(data).current().number == 1
    finish(data, "pull", str(editions / "both"))
    assert digest(Catalogue(data).current()) == digest(Catalogue(editions / "data").current())
    assert leftovers(data) == []


def test_killed_push_leaves_what_was_pushed_before(editions: Path, tmp_path: Path) -> None:
    """Killed among the files, before the manifest, before the table: who pulls meanwhile gets the edition before."""
    origin, location = editions / "data", InFolder(tmp_path / "place")
    for number in ("1", "2"):
        finish(origin, "rollback", number)
        if number == "1":
            finish(origin, "push", location.shown)
    for step in (*steps(editions), 2):
        assert kill_at(step, "os.rename", origin, "push", location.shown)
        assert read_index(location).current == 1
        pieces = manifest_at(location, read_index(location), 1).pieces
        assert all(checksum(tmp_path / "place" / "objects" / each.sha256) == each.sha256 for each in pieces)
    finish(origin, "push", location.shown)
    finish(tmp_path / "replica", "pull", location.shown)
    assert Catalogue(tmp_path / "replica").current().number == 2
    assert not list((tmp_path / "place").rglob("*.unfinished"))
