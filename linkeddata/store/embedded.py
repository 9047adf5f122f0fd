"""Oxigraph on disk: the store that needs no second server. The wall round `pyoxigraph`.

A store is built whole from N-Quads text, put in order and closed; from then on it is only read.
Opening one read-only while another process writes it is undefined, so nobody does.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Store

from linkeddata.errors import StoreError

#: What pyoxigraph raises for a broken line, a full disk, or a folder that is no store.
_FOREIGN = (SyntaxError, ValueError, OSError, RuntimeError)
_READ_AHEAD = 1 << 20
_UNFINISHED = ".unfinished"


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


def build(folder: Path, quads: Iterable[bytes]) -> None:
    """Make a new store from N-Quads text in pieces, cut anywhere.

    Strict: one broken line refuses the whole (StoreError names line and column), and what was
    begun is removed. So is it when `quads` itself raises, whose error passes through.
    """
    if folder.exists():
        raise StoreError(f"a store named {folder.name} exists already")
    try:
        _load(folder, quads)
    except _FOREIGN as error:
        raise StoreError(f"the graph cannot be stored: {error}") from error
    finally:
        _discard_unfinished(folder)


def _load(folder: Path, quads: Iterable[bytes]) -> None:
    # Made beside and renamed, so that a killed run leaves no folder that looks finished.
    unfinished = folder.with_name(folder.name + _UNFINISHED)
    store = Store(unfinished)
    store.bulk_load(io.BufferedReader(_Pieces(quads), _READ_AHEAD), RdfFormat.N_QUADS)
    # Eight times faster look-ups on a million records.
    store.optimize()
    store.flush()
    del store
    unfinished.rename(folder)


def _discard_unfinished(folder: Path) -> None:
    shutil.rmtree(folder.with_name(folder.name + _UNFINISHED), ignore_errors=True)


def backup(folder: Path, target: Path) -> None:
    """Copy a finished store, by hard links where the file system has them (milliseconds)."""
    try:
        _open(folder).backup(target)
    except _FOREIGN as error:
        raise StoreError(f"the store {folder.name} cannot be copied: {error}") from error


def _open(folder: Path) -> Store:
    try:
        return Store.read_only(str(folder))
    except _FOREIGN as error:
        raise StoreError(f"the store {folder.name} cannot be opened: {error}") from error


class Reader:
    """A finished store, open for our own bounded queries; threads may share it.

    Never for a stranger's text: nothing here has a deadline, and SERVICE would reach the network.
    """

    def __init__(self, folder: Path) -> None:
        self._store = _open(folder)

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
