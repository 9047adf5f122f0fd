"""An edition of another version: refused in one line that says what to do, and made anew from what is kept."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.errors import EditionOutdated
from linkeddata.publish import Given, Run, Site, Work, publish, remap, update
from linkeddata.sources import open_source
from linkeddata.translate import restored

SITE = Site("http://localhost:8080/", "Sample")
#: What is of another version: the file that says so, the fact, and the words for it.
OTHERS = {
    "store": ("register.sqlite", "store_format", "the store of edition 1"),
    "index": ("search.sqlite", "shape", "the search index of edition 1"),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The bundled sample, published."""
    sample = str(files("linkeddata") / "sample" / "records.jsonl")
    publish(open_source(sample), Catalogue(tmp_path), SITE, processes=1)
    return tmp_path


def outdate(data: Path, what: str) -> str:
    """Let the edition served say that it is of another version; gives the words for what is."""
    file, fact, words = OTHERS[what]
    with closing(sqlite3.connect(data / "current" / file)) as opened, opened:
        assert opened.execute("UPDATE fact SET value = 'another' WHERE name = ?", (fact,)).rowcount == 1
    return words


def called(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "linkeddata", "--data", str(data), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=data)


@pytest.mark.parametrize("what", OTHERS)
def test_serve_refuses_it_in_one_line_that_names_the_way_out(data: Path, what: str) -> None:
    """And that way leads out: the same statements, the same dates, and it is served."""
    words, before = outdate(data, what), Catalogue(data).current_pieces()
    refused = called(data, "serve", "--port", "0")
    assert refused.returncode == 3 and refused.stderr.splitlines()[-1].startswith(f"linkeddata: {words}")
    assert "linkeddata remap" in refused.stderr and "Traceback" not in refused.stderr
    doctored = called(data, "doctor", "--offline")
    assert doctored.returncode == 8 and words in doctored.stdout + doctored.stderr
    assert called(data, "remap").returncode == 0
    now = Catalogue(data).current()
    now.check_index()
    dumps = [(edition.folder / "dump.nq.gz").read_bytes() for edition in (before, now)]
    assert now.number == 2 and dumps[0] == dumps[1]
    assert [each.first_issued for each in now.entries()] == [each.first_issued for each in before.entries()]


def test_everything_that_needs_its_store_refuses_it(data: Path) -> None:
    """An update would start from it, a rollback would serve it; what is kept can be read."""
    outdate(data, "store")
    catalogue = Catalogue(data)
    for call in (
        catalogue.current,
        lambda: catalogue.edition(1),
        lambda: catalogue.roll_back(1),
        lambda: update([Run(lambda _: pytest.fail("asked"))], catalogue, Work(SITE, 1)),
    ):
        with pytest.raises(EditionOutdated, match="remap"):
            call()
    assert len(list(catalogue.current_pieces().sources())) == 28


def test_server_goes_on_with_the_edition_it_has(data: Path) -> None:
    """What a newer version issued while it runs is not what it can read, but that it says."""
    catalogue = Catalogue(data)
    served = catalogue.current()
    remap(catalogue, SITE, processes=1)
    outdate(data, "store")
    with pytest.raises(EditionOutdated, match="edition 2"):
        catalogue.current()
    served.warm_up()
    assert called(data, "editions").stdout.count("written by another version") == 1


def test_what_did_not_change_keeps_its_dates_though_hashes_are_made_otherwise(data: Path) -> None:
    """An update of an edition that was made with other hashes changes what changed, and nothing else; the next one
    finds hashes of now."""
    with closing(sqlite3.connect(data / "current" / "register.sqlite")) as opened, opened:
        opened.execute("DELETE FROM fact WHERE name = 'hashes'")
        opened.execute("UPDATE fact SET value = 'another' WHERE name = 'mapping'")
        opened.execute("UPDATE record SET source_hash = randomblob(16), fingerprint = randomblob(16)")
    catalogue, before = Catalogue(data), Catalogue(data).current()
    first, *others = [restored(*each) for each in before.sources()]
    changed = replace(first, fields={**first.fields, "title": ["Another"]})
    report = update([Run(lambda _: Given([changed, *others]))], catalogue, Work(SITE, 1))
    assert (report.new, report.changed, report.withdrawn, report.unchanged) == (0, 1, 0, len(others))
    now, dates = catalogue.current(), {each.id: each.modified for each in before.entries()}
    assert [each.id for each in now.entries() if dates[each.id] != each.modified] == [first.id]
    assert update([Run(lambda _: Given([changed, *others]))], catalogue, Work(SITE, 1)).edition is None
    assert {file.name for file in now.folder.iterdir()} == {file.name for file in before.folder.iterdir()}
