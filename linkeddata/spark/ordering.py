"""What the tasks of a job do with statements: deal those of records out into ranges, and write a range in order, each
line once, with what differs from an earlier folder. No Spark here."""

from __future__ import annotations

import gzip
import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from typing import Final, TypeAlias

from linkeddata.catalogue import Translation
from linkeddata.catalogue.filling import mined_quads
from linkeddata.catalogue.kept import pack, unpack
from linkeddata.catalogue.sorted_lines import SortedLines, compared
from linkeddata.mapped import Kept, Listed, read_frames
from linkeddata.spark.writing import Written
from linkeddata.vocabulary.uris import Uris

#: So many bytes of lines are held before they are dealt out; those about shared things mostly stand once in them.
_HELD: Final = 32 << 20
#: So many lines are packed at once.
_TOGETHER: Final = 2000

#: The number of a range, and lines of it, packed.
Dealt: TypeAlias = tuple[int, bytes]


def frames_of(file: Path) -> Iterator[Kept]:
    """What a file of records holds."""
    with file.open("rb") as opened:
        yield from read_frames(opened, str(file))


def quads_of(record: Translation, uris: Uris) -> list[bytes]:
    """All that a record says, as lines of N-Quads."""
    said = unpack(record.statements).splitlines(keepends=True)
    return said + mined_quads(uris, record.id, unpack(record.mined)) if record.mined else said


def dealt(files: Iterable[Path | bytes], bounds: list[bytes], uris: Uris) -> Iterator[Dealt]:
    """The lines of files of records (bytes are lines themselves) by their range; `bounds` are where ranges begin but
    for the first."""
    ranges, held = [set[bytes]() for _ in range(len(bounds) + 1)], 0
    for lines in _lines(files, uris):
        for line in lines:
            ranges[bisect_right(bounds, line)].add(line)
        held += sum(map(len, lines))
        if held > _HELD:
            yield from _packed(ranges)
            held = 0
    yield from _packed(ranges)


def _lines(files: Iterable[Path | bytes], uris: Uris) -> Iterator[list[bytes]]:
    for file in files:
        if isinstance(file, bytes):
            yield file.splitlines(keepends=True)
            continue
        for kept in frames_of(file):
            if kept.is_served and isinstance(kept.outcome, Translation):
                yield quads_of(kept.outcome, uris)


def _packed(ranges: list[set[bytes]]) -> Iterator[Dealt]:
    for number, lines in enumerate(ranges):
        if lines:
            yield number, pack(b"".join(lines))
            lines.clear()


@dataclass(frozen=True, slots=True)
class Range:
    """The lines from one on, up to another (none: to the end); `name` is what its files are called."""

    name: str
    begins: bytes
    ends: bytes | None


@dataclass(slots=True)
class Differing:
    """The lines of an earlier folder: its files in order, each with the line that its range begins with."""

    files: list[tuple[Path, bytes]] = field(default_factory=list)

    def within(self, wanted: Range) -> Iterator[bytes]:
        """Those of a range."""
        for number, (path, begins) in enumerate(self.files):
            following = self.files[number + 1][1] if number + 1 < len(self.files) else None
            is_before = following is not None and following <= wanted.begins
            is_behind = wanted.ends is not None and begins >= wanted.ends
            if not is_before and not is_behind:
                yield from _between(path, wanted)


def _between(path: Path, wanted: Range) -> Iterator[bytes]:
    with gzip.open(path, "rb") as lines:
        later = (line for line in lines if line >= wanted.begins)
        ends = wanted.ends
        yield from later if ends is None else takewhile(lambda line: line < ends, later)


@dataclass(frozen=True, slots=True)
class Ordered:
    """The files of a range: all its lines, those that came since the earlier folder, and those that went."""

    quads: Listed
    insert: Listed | None = None
    delete: Listed | None = None


def ordered(pieces: Iterable[Dealt], wanted: Range, folder: Path, earlier: Differing | None) -> Ordered:
    """Write the lines of a range into `folder`; into its `insert` and `delete` what differs from an earlier one."""
    with tempfile.TemporaryDirectory(dir=_scratch()) as scratch, closing(SortedLines(Path(scratch, "runs"))) as lines:
        for _, piece in pieces:
            lines.add(unpack(piece))
        quads = _write(lines, folder / "quads" / wanted.name, wanted.begins)
        if earlier is None:
            return Ordered(quads)
        return Ordered(quads, *_differences(lines, wanted, folder, earlier))


def _write(lines: Iterable[bytes], file: Path, begins: bytes) -> Listed:
    count, source = 0, iter(lines)
    with Written(file, packed=True) as written:
        while some := list(islice(source, _TOGETHER)):
            written.write(b"".join(some))
            count += len(some)
    return written.listed(count, begins.decode())


def _differences(
    lines: Iterable[bytes], wanted: Range, folder: Path, earlier: Differing
) -> tuple[Listed | None, Listed | None]:
    counts = {True: 0, False: 0}
    with ExitStack() as files:
        written = {
            comes: files.enter_context(Written(folder / name / wanted.name, packed=True))
            for comes, name in ((True, "insert"), (False, "delete"))
        }
        for comes, line in compared(earlier.within(wanted), lines):
            written[comes].write(line)
            counts[comes] += 1
    begins = wanted.begins.decode()
    return written[True].listed(counts[True], begins), written[False].listed(counts[False], begins)


def _scratch() -> str | None:
    """Where Spark lets its executors keep what they do not hold in memory."""
    return os.environ.get("SPARK_LOCAL_DIRS", "").partition(",")[0] or None
