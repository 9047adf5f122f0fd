"""Lines in order and each once, however many: sorted in runs on disk that are read together.

And how two such sequences differ, which takes no more than reading both.
"""

from __future__ import annotations

import heapq
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import zstandard

#: So many bytes of lines are sorted in memory at once; they take a few times as much there.
_RUN = 32 << 20
_PIECE = 1 << 18


class SortedLines:
    """Lines added in any order, read in order and without repetitions as often as wanted.

    Its runs are compressed files in `folder`, which it makes and which `close` removes.
    """

    def __init__(self, folder: Path, *, run: int = _RUN) -> None:
        self._folder, self._run = folder, run
        self._held: set[bytes] = set()
        self._size = 0
        self._files: list[Path] = []
        folder.mkdir()

    def add(self, text: bytes) -> None:
        """Add whole lines."""
        self._held.update(text.splitlines(keepends=True))
        self._size += len(text)
        if self._size > self._run:
            self._write()

    def __iter__(self) -> Iterator[bytes]:
        if not self._files:
            yield from sorted(self._held)
            return
        if self._held:
            self._write()
        last = b""
        for line in heapq.merge(*map(_read, self._files)):
            if line != last:
                yield line
                last = line

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self) -> None:
        path = self._folder / str(len(self._files))
        with path.open("xb") as file, zstandard.ZstdCompressor(level=1).stream_writer(file) as packed:
            packed.write(b"".join(sorted(self._held)))
        self._files.append(path)
        self._held, self._size = set(), 0


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as packed:
        rest = b""
        while piece := packed.read(_PIECE):
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line + b"\n" for line in lines)


def compared(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """What goes (False) and what comes (True) from one sequence of sorted lines to another.

    >>> list(compared([b"a", b"b", b"d"], [b"b", b"c", b"d"]))
    [(False, b'a'), (True, b'c')]
    """
    olds, news = iter(old), iter(new)
    gone, come = next(olds, None), next(news, None)
    while gone is not None or come is not None:
        if gone == come:
            gone, come = next(olds, None), next(news, None)
        elif come is None or (gone is not None and gone < come):
            yield False, cast(bytes, gone)
            gone = next(olds, None)
        else:
            yield True, come
            come = next(news, None)
