"""The words for backup and restore, as the operators' page has them: what comes back is what went in, and lives on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text("utf-8")


def called(data: Path, *words: str) -> str:
    """What a command prints, which must be done."""
    command = [sys.executable, "-m", "linkeddata", "--data", str(data), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=data.parent).stdout


def done(name: str, root: Path) -> None:
    """Run the block of the page that has a name, below another root."""
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", PAGE, re.DOTALL)
    assert found
    (root / "bin").mkdir(exist_ok=True)
    script = root / "bin" / "linkeddata"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m linkeddata "$@"\n', "utf-8")
    script.chmod(0o755)
    text = f'PATH="{root}/bin:$PATH"\n' + re.sub(r"/var/(?=lib|backups)", f"{root}/var/", found[1])
    subprocess.run(["bash", "-euc", text], check=True, timeout=120, cwd=root, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine whose site is saved, with a withdrawn record and a note of a later harvest; then lost, and restored."""
    root = tmp_path_factory.mktemp("machine")
    data = root / "var/lib/linkeddata"
    data.mkdir(parents=True)
    (root / "var/backups").mkdir()
    called(data, "load", str(files("linkeddata") / "sample" / "records.jsonl"))
    called(data, "withdraw", "landmark-numpy-2020")
    Catalogue(data).note_marks(Catalogue(data).marks())
    done("backup", root)
    data.rename(root / "lost")
    data.mkdir()
    done("restore", root)
    return root


def test_restored_site_is_the_one_that_was_saved(root: Path) -> None:
    """Edition, entries with their dates, tombstones, dump, and the note of a later harvest."""
    then, now = (Catalogue(path).current() for path in (root / "lost", root / "var/lib/linkeddata"))
    assert (now.number, now.issued, list(now.entries())) == (then.number, then.issued, list(then.entries()))
    assert now.changes and (now.folder / "dump.nq.gz").read_bytes() == (then.folder / "dump.nq.gz").read_bytes()
    assert (root / "lost/marks.json").read_bytes() == (root / "var/lib/linkeddata/marks.json").read_bytes()


def test_restored_site_is_updated_as_if_nothing_had_happened(root: Path) -> None:
    """The next update is a difference: one record changes, the others are known, the withdrawn one stays so."""
    data = root / "var/lib/linkeddata"
    record = json.loads((files("linkeddata") / "sample" / "records.jsonl").read_text("utf-8").splitlines()[0])
    changed = root / "changed.jsonl"
    changed.write_text(json.dumps({**record, "title": "Another title", "_version_": 2**60}) + "\n", "utf-8")
    called(data, "update", "--from", str(changed))
    told = json.loads(called(data, "status", "--json"))
    edition = Catalogue(data).current()
    assert edition.number == 3 and edition.counts["records"] == 27 and told
    assert edition.gone(edition.uris.name(edition.uris.record("landmark-numpy-2020")) or pytest.fail("no name"))
