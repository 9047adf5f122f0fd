"""Whether an SQLite file is as long as it was when it was written."""

from __future__ import annotations

from pathlib import Path

_HEADER, _LARGEST_PAGE = 100, 65_536


def is_cut(file: Path) -> bool:
    """Whether the end of the file is missing: SQLite itself sees it only where it happens to look there.

    The header tells the size of a page and how many there are (SQLite's file format, 1.3.2 and 1.3.8). OSError
    where the file cannot be read.
    """
    with file.open("rb") as opened:
        header = opened.read(_HEADER)
    page, pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
    return len(header) < _HEADER or file.stat().st_size < pages * (page if page > 1 else _LARGEST_PAGE)
