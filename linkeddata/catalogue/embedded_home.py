"""A store in the folder of every edition: nothing is ever changed in one that is served.

A whole draft fills a new store while its records are still being translated. One that revises starts from a
copy (hard links) of the store of the edition served now, and applies only what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from linkeddata.catalogue import describe
from linkeddata.catalogue.ahead import Beside, Handed
from linkeddata.catalogue.folder import KEPT, ORDERED, STORE
from linkeddata.catalogue.graph import Change, Difference, all_spoken, quads
from linkeddata.catalogue.home import Differences, Workshop
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.register import Entry
from linkeddata.catalogue.store_format import NoStore
from linkeddata.errors import StoreError
from linkeddata.store import GraphReader, Limits, Pool, Reader, Writer, backup, build, open_pool
from linkeddata.vocabulary.uris import Uris

#: So many batches of records wait for the loader; more would only fill memory.
_WAITING = 20
#: When more than one record in so many differs, a new store is faster made than an old one changed.
_REBUILD = 3
#: When one record in so many was changed since the store was put in order, it is again.
_DISORDER = 10


class EmbeddedHome:
    """Stores on our own disk."""

    def make(self, workshop: Workshop) -> EmbeddedMaking:
        """Begin the store of a draft, in its folder."""
        return EmbeddedMaking(workshop)

    def reader(self, edition: Path) -> GraphReader:
        """The store of an edition; one that was published to a server is only missed when it is asked."""
        return NoStore(_elsewhere(edition)) if (edition / ORDERED).exists() else Reader(edition / STORE)

    def open_pool(self, edition: Path, *, workers: int, limits: Limits, prefixes: Mapping[str, str]) -> Pool:
        """Processes that answer strangers' SPARQL on the store of an edition."""
        return open_pool(edition / STORE, workers=workers, limits=limits, prefixes=prefixes)

    def prepare(self, current: Path | None, base: str, held: int | None = None) -> None:
        """Nothing that is served was ever changed."""

    def settle(self, edition: Path) -> None:
        """The store is in the folder already."""

    def holds(self, _number: int) -> bool:
        """No edition's store needs another's folder."""
        return False

    def is_settled(self) -> bool:
        """Always: what an edition's store says never changes."""
        return True

    def state(self, _base: str) -> None:
        """There is no server."""


def _elsewhere(edition: Path) -> StoreError:
    return StoreError(
        f"edition {int(edition.name)} has no store of its own, it was published to a SPARQL server: "
        "set store.endpoint again, or run linkeddata remap"
    )


@dataclass(frozen=True, slots=True)
class FullStore:
    """A store with all its quads, still open; what they changed, as `Graph` tells it; and whether it is yet to be put
    in order."""

    writer: Writer
    touched: set[bytes] | None
    loose: int
    orderly: bool

    def finish(self) -> None:
        """Put it in order, if it is to be, and close it."""
        try:
            if self.orderly:
                self.writer.optimize()
        finally:
            self.writer.close()


class EmbeddedGraph:
    """A full store in the folder of a draft, which can be asked while it is still being put in order: one processor
    does that, the others the rest of the edition."""

    def __init__(self, folder: Path, uris: Uris, full: FullStore) -> None:
        self.touched, self.loose = full.touched, full.loose
        self._folder, self._uris = folder, uris
        self._reader = full.writer.reader()
        self._ordering = Beside(full.finish)

    def labelled(self, kind: str, *, everything: bool = False) -> Iterator[tuple[str, str]]:
        """The things of a kind that can be browsed: those of them that were touched, or all."""
        among = None if everything or self.touched is None else [token.decode()[1:-1] for token in self.touched]
        return describe.labelled(self._reader, self._uris, kind, among)

    def settle(self) -> None:
        """Wait for the order; who reads it from now on has nothing to do with who wrote it."""
        self._ordering.end()
        # The last that held the store open.
        del self._reader
        self._reader = Reader(self._folder / STORE)

    def dump(self, file: BinaryIO) -> None:
        """Write every quad as N-Quads, in the store's order."""
        self._reader.dump(file)

    def abandon(self) -> None:
        """Wait until nothing is written any more."""
        self._ordering.abandon()


class EmbeddedMaking:
    """The store of a draft in the making."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._folder, self._uris, self._register = workshop.folder, workshop.uris, workshop.register
        self.is_filled = workshop.whole
        self._loading: Handed[bytes] | None = Handed(self._load, _WAITING, len) if workshop.whole else None
        self._displaced: dict[str, list[Entry]] = {}
        self._graph: EmbeddedGraph | None = None

    def _load(self, pieces: Iterable[bytes]) -> None:
        """Fill a new store; runs beside the rest."""
        build(self._folder / STORE, _chained(self._workshop.vocabulary, pieces))

    def give(self, quads: bytes) -> None:
        """Hand quads to the loader, if there is one."""
        if self._loading:
            self._loading.give(quads)

    def displace(self, identifier: str, versions: Iterable[Entry]) -> None:
        """What the loader was given of them is taken out in the end."""
        if self._loading:
            self._displaced.setdefault(identifier, []).extend(versions)

    def finish(self, differences: Differences) -> EmbeddedGraph:
        """The full store; it is put in order beside what follows."""
        self._graph = EmbeddedGraph(self._folder, self._uris, self._filled(differences))
        return self._graph

    def abandon(self) -> None:
        """Let go of the loader and the store."""
        if self._loading:
            self._loading.abandon()
        if self._graph:
            self._graph.abandon()

    def _filled(self, differences: Differences) -> FullStore:
        if self._loading:
            self._loading.end()
            versions = self._displaced.items()
            changes = (Change(tuple(old), self._register.served(identifier)) for identifier, old in versions)
            return FullStore(self._changed(changes)[0], None, 0, orderly=True)
        before, records = self._workshop.before, self._register.count()
        # One that was published to a server has no store.
        if before is None or (before / ORDERED).exists() or len(differences) * _REBUILD > records:
            self._load(quads(all_spoken(self._register, KeptReader(self._folder / KEPT)), self._uris))
            return FullStore(self._changed(())[0], None, 0, orderly=True)
        return self._revised(before, differences, records)

    def _revised(self, before: Path, differences: Differences, records: int) -> FullStore:
        """The store of the edition before, and what differs."""
        backup(before / STORE, self._folder / STORE)
        loose = len(differences) + int(self._register.fact("loose") or 0)
        orderly = loose * _DISORDER > records
        writer, touched = self._changed(differences.changes(self._register))
        return FullStore(writer, touched, 0 if orderly else loose, orderly)

    def _changed(self, changes: Iterable[Change]) -> tuple[Writer, set[bytes]]:
        """The store, open and changed, and the things of which it says more or less."""
        writer = Writer(self._folder / STORE)
        difference = Difference(writer, self._register, KeptReader(self._folder / KEPT), self._uris)
        try:
            difference.apply(changes)
        except BaseException:
            writer.abandon()
            raise
        return writer, difference.touched


def _chained(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
