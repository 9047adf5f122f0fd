"""What is laid by until there is time for it: all of it, in its order, and nothing that outlives its holder."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.catalogue.folder import SEARCH
from linkeddata.catalogue.indexing import Indexing
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.laid_by import LaidBy
from linkeddata.catalogue.register_writer import RegisterWriter
from linkeddata.catalogue.search_row import Row
from linkeddata.vocabulary.uris import Uris

MANY = 3000
TEXT = "word " * 200


def row(number: int) -> bytes:
    words = ("Title", "", "", "", TEXT)
    return Row(f"r{number}", "Title", "", "", "t", "title", number, 2001, b"", *words, "", ()).packed()


def test_what_is_laid_by_is_taken_in_its_order(tmp_path: Path) -> None:
    """More of it than any buffer holds, and what is larger than one."""
    laid = LaidBy(tmp_path)
    pieces = [b"%d" % number * (number % 7) * 100_000 for number in range(30)]
    for piece in pieces:
        laid.put(piece)
    assert list(laid.taken()) == pieces
    laid.close()


def test_nothing_laid_by_is_nothing_taken(tmp_path: Path) -> None:
    """A load of nothing makes an index, too."""
    laid = LaidBy(tmp_path)
    assert list(laid.taken()) == []
    laid.close()


def test_what_is_laid_by_has_no_name_that_a_killed_run_could_leave(tmp_path: Path) -> None:
    laid = LaidBy(tmp_path)
    laid.put(b"1")
    assert list(tmp_path.iterdir()) == []
    laid.close()


def test_whoever_takes_gets_no_further_when_it_is_closed(tmp_path: Path) -> None:
    """A run that fails need not wait until all of its index is made."""
    laid = LaidBy(tmp_path)
    for number in range(MANY):
        laid.put(b"%d" % number)
    taken = laid.taken()
    assert next(taken) == b"0"
    laid.close()
    with pytest.raises(ValueError, match="closed"):
        list(taken)


def test_an_index_in_the_making_ends_with_its_draft(tmp_path: Path) -> None:
    """Quietly, and nothing but the files of the draft is left."""
    index, register = (
        Indexing(tmp_path, None, Uris("http://e/")),
        RegisterWriter(tmp_path / "register", None, fresh=True),
    )
    for number in range(MANY):
        index.put(row(number), b"")
    index.settle([], register, KeptReader(tmp_path))
    index.close()
    register.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["register", SEARCH])
