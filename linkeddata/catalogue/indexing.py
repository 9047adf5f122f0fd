"""How a draft keeps its search index: filled from rows that were laid by, or changed by what differs.

While records are translated all processors are busy; once they are, the store is finished, which is the work of one.
So a whole draft lays its rows by, and makes the index beside that. What is to be taken out of an index is made again of
the kept statements, which are all that a row depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from linkeddata.catalogue.ahead import Beside
from linkeddata.catalogue.folder import SEARCH
from linkeddata.catalogue.graph import Change
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.laid_by import LaidBy
from linkeddata.catalogue.register import Entry
from linkeddata.catalogue.search_row import Row, row_of, unpacked
from linkeddata.catalogue.search_writer import SearchWriter, fits
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import Uris


class Served(Protocol):
    """What the register of the draft tells."""

    def served(self, identifier: str) -> Entry | None: ...

    def entries(self) -> Iterator[Entry]: ...


class Indexing:
    """The index of a draft in `folder`; `before` is the folder of the edition that it starts from, if it does."""

    def __init__(self, folder: Path, before: Path | None, uris: Uris) -> None:
        self._folder, self._uris = folder, uris
        self._before = before / SEARCH if before and fits(before / SEARCH) else None
        self._writer: SearchWriter | None = None
        self._laid: LaidBy | None = LaidBy(folder) if before is None else None
        self._making: Beside | None = None

    @property
    def writer(self) -> SearchWriter:
        """The file, once it is begun; whoever wants it waits until it is filled and counted."""
        if self._making:
            self._making.end()
            self._making = None
        if self._writer is None:
            self._writer = SearchWriter(self._folder / SEARCH, self._before)
        return self._writer

    @property
    def is_new(self) -> bool:
        """Whether the index is made anew, and holds nothing of an edition before."""
        return self._before is None

    def put(self, row: bytes, version: bytes) -> None:
        """Lay by a (packed) record of a whole draft; an index that starts from an edition's learns of it by
        `revise`."""
        if self._laid:
            self._laid.put(version)
            self._laid.put(row)

    def settle(self, displaced: Iterable[str], register: Served, kept: KeptReader) -> None:
        """All is put: the index is filled and counted beside what follows. Under the ids that are `displaced` several
        records, or versions, were put, of which one is served, or none."""
        served = {identifier: register.served(identifier) for identifier in displaced}
        self._making = Beside(partial(self._make, self.writer, served, kept))

    def _make(self, writer: SearchWriter, displaced: Mapping[str, Entry | None], kept: KeptReader) -> None:
        writer.add(self._served(displaced, kept))
        writer.count()

    def _served(self, displaced: Mapping[str, Entry | None], kept: KeptReader) -> Iterator[tuple[Row, bytes]]:
        """What was laid by, which is let go of then; but of displaced ids what is served."""
        if self._laid:
            laid = self._laid.taken()
            rows = ((unpacked(row), version) for version, row in zip(laid, laid, strict=True))
            yield from ((row, version) for row, version in rows if row.id not in displaced)
            self._laid.close()
        for entry in filter(None, displaced.values()):
            yield self._row(entry, kept), entry.fingerprint

    def revise(self, changes: Iterable[Change], register: Served, kept: KeptReader) -> None:
        """Change what differs from the edition before; all is made anew where that has no index of this version."""
        if self._before is None:
            self.rebuild(register, kept)
            return
        for change in changes:
            one = change.new or change.old[0]
            self._replace(one.id, list(change.old), change.new, kept)

    def rebuild(self, register: Served, kept: KeptReader) -> None:
        """Make the whole index of what is kept."""
        self._before = None
        self.writer.add((self._row(entry, kept), entry.fingerprint) for entry in register.entries())

    def _replace(self, identifier: str, old: list[Entry], new: Entry | None, kept: KeptReader) -> None:
        versions = {entry.fingerprint: entry for entry in old}
        for doc, version in self.writer.versions(identifier):
            self.writer.remove(doc, self._row(versions[version], kept))
        if new is not None:
            self.writer.add([(self._row(new, kept), new.fingerprint)])

    def _row(self, entry: Entry, kept: KeptReader) -> Row:
        return row_of(self._uris, entry.id, ntriples.read(kept.statements(entry.pieces).decode()))

    def close(self) -> None:
        """Let go of the files; an index in the making comes to nothing."""
        if self._laid:
            self._laid.close()
        if self._making:
            self._making.abandon()
        if self._writer:
            self._writer.close()
