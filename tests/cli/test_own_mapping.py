"""A mapping of one's own from the settings to every format of a document."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.representations.formats import DOCUMENT_FORMATS

from .running import run
from .test_commands import HERE

RECORD = {"id": "a", "title": "A title", "shelfmark_str_mv": "QA 76", "faculty_str": "Law", "format": "Buch"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with settings that name the example, in which one record is published by it."""
    shutil.copy(HERE / "mapping.toml", tmp_path)
    (tmp_path / "linkeddata.toml").write_text('[mapping]\noverrides = "mapping.toml"\n')
    (tmp_path / "records.jsonl").write_text(json.dumps(RECORD))
    done = run(tmp_path, "load", "records.jsonl")
    assert done.returncode == 0, done.stderr
    return tmp_path


@pytest.mark.parametrize("extension", [each.extension for each in DOCUMENT_FORMATS])
def test_own_property_stands_in_every_format(folder: Path, extension: str) -> None:
    done = run(folder, "get", f"/doc/record/a.{extension}")
    assert done.returncode == 0
    assert "QA 76" in done.stdout


def test_version_of_the_mapping_is_that_of_the_file(folder: Path) -> None:
    facts = Catalogue(folder / "data").current().facts
    assert facts["version"].startswith("1+")


def test_wrong_line_stops_the_command(folder: Path) -> None:
    """With its place, and nothing is published."""
    (folder / "mapping.toml").write_text('record = [\n{ from = "x", property = "y:z", as = "text" } ]')
    done = run(folder, "load", "records.jsonl")
    assert done.returncode == 3
    assert "mapping.toml:2: unknown prefix 'y' in 'y:z'" in done.stderr
    assert Catalogue(folder / "data").current().number == 1
