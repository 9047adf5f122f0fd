"""Kept pieces: read back as they were kept, and what is damaged is told and ends nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkeddata.catalogue.kept import KeptReader, KeptWriter, Pieces, pack
from linkeddata.errors import StoreError

TEXTS = (b"statements " * 100, b"source", b"", b'{"clues": 1}')


@pytest.fixture
def pieces(tmp_path: Path) -> Pieces:
    """Those of the second of two records."""
    writer = KeptWriter(tmp_path, 1)
    writer.append(*(pack(b"other") for _ in TEXTS))
    found = writer.append(*map(pack, TEXTS))
    writer.close()
    return found


def read(folder: Path, pieces: Pieces) -> tuple[bytes, ...]:
    reader = KeptReader(folder)
    return reader.statements(pieces), reader.source(pieces), reader.mined(pieces), reader.clues(pieces)


def test_what_is_kept_is_read_back(tmp_path: Path, pieces: Pieces) -> None:
    """Each of the four, from its place."""
    assert read(tmp_path, pieces) == TEXTS


def test_reader_lets_its_files_go(tmp_path: Path, pieces: Pieces) -> None:
    """A segment that nobody reads any more frees its room on the disk."""
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(20):
        read(tmp_path, pieces)
    assert len([*Path("/proc/self/fd").iterdir()]) <= before + 1


@pytest.mark.parametrize("start", [0, 1 << 40, -5])
@pytest.mark.parametrize("length", [1, 1 << 40, -5])
def test_damaged_places_are_told(tmp_path: Path, pieces: Pieces, start: int, length: int) -> None:
    """However far they lead away from the file."""
    with pytest.raises(StoreError):
        KeptReader(tmp_path).statements(pieces._replace(start=start, statements=length))


@pytest.mark.parametrize("left", [0, 30, 60])
def test_file_cut_short_is_told(tmp_path: Path, pieces: Pieces, left: int) -> None:
    """When it is opened or when the piece is asked for, and also where it is cut while it is open."""
    reader = KeptReader(tmp_path)
    os.truncate(tmp_path / "000001.bin", left)
    with pytest.raises(StoreError):
        reader.statements(pieces)
    with pytest.raises(StoreError):
        KeptReader(tmp_path).statements(pieces)
