"""How a draft keeps its search index: filled beside the translation, or changed by what differs.

What is to be taken out is made again of the kept statements, which are all that an index row depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol

from linkeddata.catalogue.ahead import Beside, Handed
from linkeddata.catalogue.folder import SEARCH
from linkeddata.catalogue.graph import Change
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.register import Entry
from linkeddata.catalogue.search_row import Row, row_of
from linkeddata.catalogue.search_writer import SearchWriter, fits
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import Uris

#: So many rows wait for the writer; more would only fill memory.
_WAITING: Final = 2000


class Served(Protocol):
    """What the register of the draft tells."""

    def served(self, identifier: str) -> Entry | None: ...

    def entries(self) -> Iterator[Entry]: ...


def _weight(row_and_version: tuple[Row, bytes]) -> int:
    row = row_and_version[0]
    return sum(map(len, (row.titles, row.people, row.subjects, row.besides, row.text, row.called)))


class Indexing:
    """The index of a draft in `folder`; `before` is the folder of the edition that it starts from, if it does."""

    def __init__(self, folder: Path, before: Path | None, uris: Uris) -> None:
        self._folder, self._uris = folder, uris
        self._before = before / SEARCH if before and fits(before / SEARCH) else None
        self._writer: SearchWriter | None = None
        self._filling: Handed[tuple[Row, bytes]] | None = None
        self._counting: Beside | None = None
        if before is None:
            self._writer = SearchWriter(folder / SEARCH, None)
            self._filling = Handed(self._writer.fill, _WAITING, _weight)

    @property
    def writer(self) -> SearchWriter:
        """The file, once it is begun; whoever wants it waits until it is counted."""
        if self._counting:
            self._counting.end()
            self._counting = None
        if self._writer is None:
            self._writer = SearchWriter(self._folder / SEARCH, self._before)
        return self._writer

    @property
    def is_new(self) -> bool:
        """Whether the index is made anew, and holds nothing of an edition before."""
        return self._before is None

    def put(self, row: Row, version: bytes) -> None:
        """Index a record of a whole draft, at once; one that starts from an edition learns of it by `revise`."""
        if self._filling:
            self._filling.give((row, version))

    def settle(self, displaced: Mapping[str, list[Entry]], register: Served, kept: KeptReader) -> None:
        """All is put: of what several records, or versions, were put under one id, leave what is served. It is counted
        beside what follows."""
        if self._filling:
            self._filling.end()
            self._filling = None
        self.writer.index_ids()
        for identifier, entries in displaced.items():
            served = register.served(identifier)
            self._replace(identifier, [*entries, *([served] if served else [])], served, kept)
        self._counting = Beside(self.writer.count)

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
        self.writer.fill((self._row(entry, kept), entry.fingerprint) for entry in register.entries())

    def _replace(self, identifier: str, old: list[Entry], new: Entry | None, kept: KeptReader) -> None:
        versions = {entry.fingerprint: entry for entry in old}
        for doc, version in self.writer.versions(identifier):
            self.writer.remove(doc, self._row(versions[version], kept))
        if new is not None:
            self.writer.add(self._row(new, kept), new.fingerprint)

    def _row(self, entry: Entry, kept: KeptReader) -> Row:
        return row_of(self._uris, entry.id, ntriples.read(kept.statements(entry.pieces).decode()))

    def close(self) -> None:
        """Let go of the file."""
        if self._filling:
            self._filling.abandon()
        if self._counting:
            self._counting.abandon()
        if self._writer:
            self._writer.close()
