"""Oxigraph on disk: the store that needs no second server. The wall round `pyoxigraph`.

A store is built whole from N-Quads text, or changed from a copy of another, and closed; from then on it
is only read. Opening one read-only while another process writes it is undefined, so nobody does.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Store, parse, serialize

from linkeddata.errors import StoreError

#: What pyoxigraph raises for a broken line, a full disk, or a folder that is no store.
_FOREIGN = (SyntaxError, ValueError, OSError, RuntimeError)
_READ_AHEAD = 1 << 20


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file, one piece held at a time, so that memory stays flat."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        room = memoryview(buffer)
        size = min(len(room), len(self._rest))
        room[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class Writer:
    """A store in the making, in a folder that nobody reads yet: loaded whole, or changed from a copy.

    Whoever makes it throws the folder away when anything here fails (StoreError).
    """

    def __init__(self, folder: Path) -> None:
        with _told("the store cannot be opened for writing"):
            self._store: Store | None = Store(folder)

    def load(self, quads: Iterable[bytes]) -> None:
        """Add N-Quads text in pieces, cut anywhere, at the speed of a bulk load.

        Strict: one broken line refuses the whole, and the error names line and column. What `quads`
        itself raises passes through.
        """
        with _told("the graph cannot be stored"):
            self._open.bulk_load(io.BufferedReader(_Pieces(quads), _READ_AHEAD), RdfFormat.N_QUADS)

    def change(self, removed: bytes, added: bytes) -> None:
        """Take out and put in N-Quads lines. What is not there is not missed, what is there stays once."""
        with _told("the graph cannot be changed"):
            for quad in parse(removed, RdfFormat.N_QUADS):
                self._open.remove(quad)
            self._open.extend(parse(added, RdfFormat.N_QUADS))

    def reader(self) -> Reader:
        """Answers from what is in now, also while the store is put in order; to be let go before it is opened again."""
        return Reader(self._open)

    def optimize(self) -> None:
        """Put the store in order: look-ups on a million records are eight times faster afterwards."""
        with _told("the store cannot be put in order"):
            self._open.optimize()

    def close(self) -> None:
        """Everything is on disk when this returns."""
        if self._store is not None:
            with _told("the store cannot be written to disk"):
                self._store.flush()
            self._store = None

    def abandon(self) -> None:
        """Close without caring whether anything is on disk."""
        self._store = None

    @property
    def _open(self) -> Store:
        if self._store is None:
            raise StoreError("the store is closed")
        return self._store


def build(folder: Path, quads: Iterable[bytes]) -> None:
    """Make a new store of N-Quads text in pieces; it is not put in order yet.

    Where one is already, or where a line is broken, StoreError; of a store that was begun nothing is left.
    """
    if folder.exists():
        raise StoreError(f"a store named {folder.name} exists already")
    writer = Writer(folder)
    try:
        writer.load(quads)
        writer.close()
    except BaseException:
        writer.abandon()
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def _told(what: str) -> Iterator[None]:
    """The engine's errors as ours. Those of ours pass through."""
    try:
        yield
    except _FOREIGN as error:
        raise StoreError(f"{what}: {error}") from error


def backup(folder: Path, target: Path) -> None:
    """Copy a finished store, by hard links where the file system has them (milliseconds)."""
    try:
        _open(folder).backup(target)
    except _FOREIGN as error:
        raise StoreError(f"the store {folder.name} cannot be copied: {error}") from error


def canonical(triples: bytes) -> bytes:
    """N-Triples as another writer made them, as ours writes them: one blank between terms, no needless escape.

    StoreError where they are none.
    """
    with _told("the statements cannot be read"):
        read = parse(triples, RdfFormat.N_TRIPLES)
        return serialize((quad.triple for quad in read), format=RdfFormat.N_TRIPLES) or b""


def _open(folder: Path) -> Store:
    try:
        return Store.read_only(str(folder))
    except _FOREIGN as error:
        raise StoreError(f"the store {folder.name} cannot be opened: {error}") from error


class Reader:
    """A finished store, open for our own bounded queries; threads may share it.

    Never for a stranger's text: nothing here has a deadline, and SERVICE would reach the network.
    """

    keeps_order = True

    def __init__(self, store: Path | Store) -> None:
        self._store = _open(store) if isinstance(store, Path) else store

    def triples(self, sparql: str) -> bytes:
        """The graph a CONSTRUCT query gives, as N-Triples: each statement once, in the order found."""
        found = cast(QueryTriples, self._query(sparql))
        return found.serialize(None, RdfFormat.N_TRIPLES) or b""

    def rows(self, sparql: str) -> list[tuple[str | None, ...]]:
        """The rows a SELECT query gives, each value as its text, None where it has none."""
        found = cast(QuerySolutions, self._query(sparql))
        return [tuple(None if term is None else str(getattr(term, "value", term)) for term in row) for row in found]

    def ask(self, sparql: str) -> bool:
        """What an ASK query says."""
        return bool(cast(QueryBoolean, self._query(sparql)))

    def count(self) -> int:
        """The number of quads."""
        return len(self._store)

    def dump(self, file: BinaryIO) -> None:
        """Write every quad as N-Quads, without holding more than a few at a time."""
        self._store.dump(file, RdfFormat.N_QUADS)

    def _query(self, sparql: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self._store.query(sparql)
        except _FOREIGN as error:
            raise StoreError(f"a query of ours failed: {error}") from error
