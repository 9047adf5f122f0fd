"""Killed between any two steps on the disk, a run has done nothing or everything; here each step is tried in turn.

Moments that are drawn at random seldom fall between two renames, and there it is where a trace could stay.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue

from .killing import THOROUGH, check, digest, finish, kill_at, leftovers, write

#: What changes what others see, or takes it away; thoroughly also what is seen by nobody yet.
MOVES = "os.rename os.symlink" + " shutil.rmtree os.mkdir os.link shutil.copyfile sqlite3.connect" * THOROUGH


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two editions that keeps two, so that the next one removes the first."""
    folder = tmp_path_factory.mktemp("published")
    write(folder / "next.jsonl", iter([{"id": "b", "title": "Changed"}, {"id": "c", "title": "New"}]))
    with (folder / "next.jsonl").open("a") as file:
        file.write('{"delete": {"id": "a"}}\n')
    (folder / "linkeddata.toml").write_text("[store]\nkeep = 2\n")
    for title in ("First", "Second"):
        records = [{"id": "a", "title": title}, {"id": "b", "title": title}]
        finish(folder / "data", "load", str(write(folder / "first.jsonl", iter(records))))
    return folder


@pytest.mark.parametrize(
    "arguments", [("load", "next.jsonl"), ("update", "--from", "next.jsonl")], ids=["load", "update"]
)
def test_killed_before_any_step(tmp_path: Path, published: Path, arguments: tuple[str, ...]) -> None:
    """Old or new is served, and the run that follows leaves no trace of those that were killed."""
    undisturbed, site = tmp_path / "undisturbed", tmp_path / "site"
    for copy in (undisturbed, site):
        shutil.copytree(published, copy, symlinks=True)
    finish(undisturbed / "data", *arguments)
    before, after = digest(Catalogue(site / "data").current()), digest(Catalogue(undisturbed / "data").current())
    steps = 1
    while kill_at(steps, MOVES, site / "data", *arguments):
        check(site / "data", {before, after})
        steps += 1
    assert steps > 4
    finish(site / "data", *arguments)
    check(site / "data", {after})
    assert leftovers(site / "data") == []
    assert len(Catalogue(site / "data").numbers()) == 2
