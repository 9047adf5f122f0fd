"""An edition's dumps: all statements as N-Quads, and each record's document a line; packed, with checksums.

The same statements give the same bytes: the store's order depends on nothing else, and the
compressed file carries no name and no time. What the dataset's description counts is counted
while the statements pass by, so it costs no query.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, cast

from linkeddata.catalogue.ahead import WrittenBehind
from linkeddata.catalogue.folder import DUMPED
from linkeddata.errors import StoreError
from linkeddata.vocabulary.ntriples import QUAD
from linkeddata.vocabulary.terms import DCAT, DCTERMS, RDF

_LEVEL = 6
_PIECE = 1 << 20
_TYPE: Final = f"<{RDF.type}>".encode()


@dataclass(frozen=True, slots=True)
class DumpKind:
    """A way to take everything: its name in the setting, what follows the name in its address, what it is.

    `properties` say the same in the dataset's description, as pairs of property and URI.
    """

    name: str
    ending: str
    words: str
    properties: tuple[tuple[str, str], ...]

    @property
    def file(self) -> str:
        """Its file in the folder of an edition."""
        return f"{DUMPED}.{self.ending}"


_MEDIA: Final = "https://www.iana.org/assignments/media-types/application/"
#: The first is always written. JSON lines have no registered media type, so their format is said by other URIs.
DUMP_KINDS: Final = (
    DumpKind("nq", "nq.gz", "all statements as N-Quads", ((DCAT.mediaType, f"{_MEDIA}n-quads"),)),
    DumpKind(
        "jsonld",
        "jsonl.gz",
        "records as JSON-LD, one document a line",
        (
            (DCTERMS["format"], "http://publications.europa.eu/resource/authority/file-type/JSON_LD"),
            (DCTERMS.conformsTo, "https://jsonlines.org/"),
        ),
    ),
)
COMPRESSION: Final = f"{_MEDIA}gzip"


class Dumps(Protocol):
    """A store that can write itself as N-Quads."""

    def dump(self, file: BinaryIO) -> None: ...


@dataclass(frozen=True, slots=True)
class Written:
    """A dump as it lies on disk: its kind, SHA-256 and size in bytes."""

    kind: DumpKind
    digest: str
    size: int


@dataclass
class Tally:
    """What a graph holds: statements by property, typed subjects by class, subjects, and those whose URI begins
    with `space`. Properties and classes are N-Triples tokens. Only the default graph is counted."""

    space: str = ""
    properties: Counter[bytes] = field(default_factory=Counter)
    classes: Counter[bytes] = field(default_factory=Counter)
    subjects: int = 0
    entities: int = 0
    _last: bytes = b""

    @property
    def statements(self) -> int:
        return self.properties.total()

    def add(self, lines: bytes) -> None:
        """Count whole lines of canonical N-Quads in which those of a subject stand together, as the store writes them.

        StoreError where a line is none.
        """
        found = QUAD.findall(lines)
        if len(found) != lines.count(b"\n"):
            raise StoreError("the dump holds a line that is no N-Quads statement")
        mine = [row for row in found if not row[3]]
        self.properties.update([row[1] for row in mine])
        self.classes.update([row[2] for row in mine if row[1] == _TYPE])
        self._count_subjects([row[0] for row in mine])

    def _count_subjects(self, subjects: list[bytes]) -> None:
        fresh = [one for one, before in zip(subjects, (self._last, *subjects), strict=False) if one != before]
        start = f"<{self.space}".encode()
        self.subjects += len(fresh)
        self.entities += sum(one.startswith(start) for one in fresh)
        self._last = subjects[-1] if subjects else self._last


class _Counted(io.RawIOBase):
    """Hands pieces on, and counts the lines in them on the way."""

    def __init__(self, file: BinaryIO, tally: Tally) -> None:
        self._file, self._tally, self._rest = file, tally, b""

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        held = bytes(piece)
        self._file.write(held)
        end = held.rfind(b"\n") + 1
        if end:
            self._tally.add(self._rest + held[:end])
            self._rest = b""
        self._rest += held[end:]
        return len(held)


def write_dump(store: Dumps, folder: Path, *, space: str = "") -> tuple[Written, Tally]:
    """Write all quads of a store into a folder; gives what they hold as well.

    `space` is what the URIs of its entities begin with.
    """
    kind, tally = DUMP_KINDS[0], Tally(space)
    with _packed(folder / kind.file) as packed:
        behind = WrittenBehind(packed)
        with io.BufferedWriter(_Counted(cast(BinaryIO, behind), tally), _PIECE) as written:
            store.dump(cast(BinaryIO, written))
        behind.close()
    return _sealed(kind, folder), tally


def write_lines(kind: DumpKind, documents: Iterable[bytes], folder: Path) -> Written:
    """Write documents into a folder, each of them a line; empty ones are left out."""
    with _packed(folder / kind.file) as packed, io.BufferedWriter(WrittenBehind(packed), _PIECE) as written:
        for document in filter(None, documents):
            written.write(document.rstrip(b"\n") + b"\n")
    return _sealed(kind, folder)


@contextmanager
def _packed(file: Path) -> Iterator[BinaryIO]:
    """A compressed file to write; on disk when the block ends."""
    with file.open("wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=_LEVEL, mtime=0) as packed:
            yield cast(BinaryIO, packed)
        raw.flush()
        os.fsync(raw.fileno())


def _sealed(kind: DumpKind, folder: Path) -> Written:
    """The checksum of a dump, also written beside it (`….sha256`, as `sha256sum -c` reads it)."""
    file = folder / kind.file
    with file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    file.with_name(f"{file.name}.sha256").write_text(f"{digest}  {file.name}\n", "ascii")
    return Written(kind, digest, file.stat().st_size)
