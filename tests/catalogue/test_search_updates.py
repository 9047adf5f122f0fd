"""A search index that was changed is the one that a load makes, to the last word; one that is missing is made again."""

from __future__ import annotations

import shutil
import sqlite3
from array import array
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue, search_writer
from linkeddata.catalogue.folder import SEARCH
from linkeddata.catalogue.search import Wish
from linkeddata.catalogue.search_file import draw, token, tokens, unpacked
from linkeddata.record import Deletion, Record

from .changing import change, load, some_records
from .index_content import index_content

#: More than are kept as portraits come from one place.
RECORDS = 200


@pytest.fixture(scope="module")
def records(shared: Path) -> list[Record]:
    return some_records(shared, RECORDS)


def content(data: Path) -> list[list[tuple[object, ...]]]:
    return index_content(data / "current")


def test_changed_index_is_that_of_a_load(tmp_path: Path, records: list[Record]) -> None:
    """Some records change, some go, some come; the rest of the index is not touched."""
    first, late = records[:-10], records[-10:]
    changed = [replace(one, fields={**one.fields, "title": ["Quite another title"]}) for one in first[:10]]
    load(tmp_path / "a", first)
    change(tmp_path / "a", *changed, *(Deletion(one.id) for one in first[20:30]), *late)
    load(tmp_path / "b", [*changed, *first[10:20], *first[30:], *late])
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_changed_records_keep_to_their_places(tmp_path: Path, records: list[Record]) -> None:
    """However often records change, the columns do not grow."""
    load(tmp_path, records[:20])
    for turn in range(2):
        change(tmp_path, *(replace(one, fields={**one.fields, "title": [f"Title {turn}"]}) for one in records[:3]))
    search = Catalogue(tmp_path).current().search
    assert search is not None and sorted(search.find(Wish()).docs) == list(range(1, 21))


def test_of_two_versions_in_one_load_one_is_indexed(tmp_path: Path, records: list[Record]) -> None:
    """Whichever came first."""
    older = records[0]
    newer = replace(older, fields={**older.fields, "title": ["A newer title"], "_version_": [str(2**62)]})
    load(tmp_path / "a", [older, newer, *records[1:5]])
    load(tmp_path / "b", [*records[1:5], newer])
    assert content(tmp_path / "a") == content(tmp_path / "b")


@pytest.mark.parametrize("shape", ["missing", "older"])
def test_index_that_does_not_fit_is_made_again_by_the_next_update(
    tmp_path: Path, records: list[Record], monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    """An edition without an index of this version is served without search until then."""
    few = records[:20]
    with monkeypatch.context() as before:
        before.setattr(search_writer, "SHAPE", "0")
        load(tmp_path / "a", few[:-1])
    if shape == "missing":
        (tmp_path / "a" / "current" / "search.sqlite").unlink()
    assert Catalogue(tmp_path / "a").current().search is None
    change(tmp_path / "a", few[-1])
    load(tmp_path / "b", few)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_earlier_editions_keep_their_index(tmp_path: Path, records: list[Record]) -> None:
    """What an update changes is a copy."""
    load(tmp_path, records[:20])
    kept = shutil.copytree(tmp_path / "current", tmp_path / "kept")
    change(tmp_path, Deletion(records[0].id))
    assert index_content(tmp_path / "editions" / "000001") == index_content(Path(kept))
    search = Catalogue(tmp_path).current().search
    assert search is not None and search.find(Wish()).total == 19


def test_terms_stand_in_the_index_each_under_its_word() -> None:
    """Those with leading zeros, too: all are written at once, and asked for one at a time."""
    terms = [0x7FFF_FFFF_FFFF_FFFC, 0x00AB_0000_0000_0104, 7, 0x0100]
    assert tokens(array("q", terms).tobytes()).split(" ") == [token(term) for term in terms]
    assert tokens(b"") == ""


def test_portraits_of_a_load_are_those_that_are_drawn_one_by_one(tmp_path: Path, records: list[Record]) -> None:
    """With what stands beside a thing but once, too, where nothing else does."""
    load(tmp_path, records[:110])
    with closing(sqlite3.connect(tmp_path / "current" / SEARCH)) as opened:
        kept = opened.execute("SELECT term, years, beside FROM portrait").fetchall()
        assert kept
        assert [unpacked(years, beside) for _, years, beside in kept] == [draw(opened, term) for term, *_ in kept]
