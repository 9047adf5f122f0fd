"""The graph of a draft: every record's statements for the loader, or only what changed since the edition before.

A statement about a record's own things comes and goes with the record. One about a thing that several
records may speak of goes when the last record that makes it is gone: who else makes it is looked up in
the register, which holds a mark of every shared thing that a record speaks of, and then in the kept
statements themselves. So what stands in the store is always what a fresh load of the same records gives.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from zlib import crc32

from linkeddata.catalogue.filling import Filling, mined_quads
from linkeddata.catalogue.kept import KeptReader, unpack
from linkeddata.catalogue.register import Entry
from linkeddata.catalogue.register_writer import RegisterWriter
from linkeddata.store import GraphWriter
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.uris import Uris

_CHUNK = 1 << 20
#: Records whose difference goes to the store in one transaction.
_TOGETHER = 200
#: So many lines are held before it is looked up who else says them.
_DOUBTFUL = 100_000


class Spoken(NamedTuple):
    """What a record says: packed statements, of which the first `owned` bytes (unpacked) are about its own
    things, and packed mined ones."""

    id: str
    owned: int
    statements: bytes
    mined: bytes


class Change(NamedTuple):
    """A record says something else: what it said, perhaps in several versions, and what it says now."""

    old: tuple[Entry, ...]
    new: Entry | None


def vocabulary_quads(statements: Iterable[Statement], uris: Uris) -> bytes:
    """Statements that no record makes, as quads of their graph."""
    return "".join(ntriples.quad_line(statement, uris.vocabulary_graph) for statement in statements).encode()


def quads(spoken: Iterable[Spoken], uris: Uris) -> Iterator[bytes]:
    """All that records say as N-Quads in pieces of about a megabyte; repeated lines about shared things mostly once."""
    filling = Filling(uris)
    for record in spoken:
        filling.add(record.id, unpack(record.statements), record.owned, unpack(record.mined))
        if filling.size > _CHUNK:
            yield filling.take()
    yield filling.take()


def all_spoken(register: RegisterWriter, kept: KeptReader) -> Iterator[Spoken]:
    """What all records say that are served."""
    for entry in register.entries():
        yield Spoken(entry.id, entry.owned, *kept.spoken(entry.pieces))


def _lines(text: bytes) -> list[bytes]:
    return text.splitlines(keepends=True)


class Difference:
    """Applies changes to a store. `register` is that of the draft, as it will be issued; `kept` reads the
    pieces of old and new versions alike. `touched` are afterwards the shared things (as N-Triples tokens)
    of which more or less is said."""

    def __init__(self, store: GraphWriter, register: RegisterWriter, kept: KeptReader, uris: Uris) -> None:
        self._store, self._register, self._kept, self._uris = store, register, kept, uris
        self._doubtful: set[bytes] = set()
        self.touched: set[bytes] = set()

    def apply(self, changes: Iterable[Change]) -> None:
        """Bring the store to what the register says."""
        source = iter(changes)
        while batch := list(islice(source, _TOGETHER)):
            removed, added = set[bytes](), set[bytes]()
            for change in batch:
                self._compare(change, removed, added)
            self._store.change(b"".join(removed), b"".join(added))
            if len(self._doubtful) > _DOUBTFUL:
                self._settle()
        self._settle()

    def _compare(self, change: Change, removed: set[bytes], added: set[bytes]) -> None:
        own, shared = set[bytes](), set[bytes]()
        for entry in change.old:
            owned, said = self._said(entry)
            own |= owned
            shared |= said
        new_own, new_shared = self._said(change.new) if change.new else (set(), set())
        removed |= own - new_own
        added |= (new_own - own) | (new_shared - shared)
        self.touched.update(line.partition(b" ")[0] for line in new_shared - shared)
        self._doubtful |= shared - new_shared

    def _said(self, entry: Entry) -> tuple[set[bytes], set[bytes]]:
        """Lines about the record's own things, mined quads among them, and lines about shared ones."""
        text = self._kept.statements(entry.pieces)
        mined = mined_quads(self._uris, entry.id, self._kept.mined(entry.pieces))
        return {*_lines(text[: entry.owned]), *mined}, set(_lines(text[entry.owned :]))

    def _shared(self, row: int) -> set[bytes]:
        """The lines of a record about shared things."""
        entry = self._register.entry(row)
        return set(_lines(self._kept.statements(entry.pieces)[entry.owned :]))

    def _settle(self) -> None:
        """Of the lines that some record does not say any more, take out those that no other one says."""
        unsaid = self._doubtful - self._still_said(self._doubtful) if self._doubtful else set()
        self.touched.update(line.partition(b" ")[0] for line in unsaid)
        lines = iter(unsaid)
        while some := list(islice(lines, _DOUBTFUL)):
            self._store.change(b"".join(some), b"")
        self._doubtful = set()

    def _still_said(self, lines: set[bytes]) -> set[bytes]:
        """Those that a record that is served says. The marks tell which records to read."""
        wanted: dict[int, set[bytes]] = {}
        for line in lines:
            wanted.setdefault(crc32(line.partition(b" ")[0]), set()).add(line)
        found = set[bytes]()
        for marks, row in self._register.speakers():
            if wanted.keys().isdisjoint(spoken := array("I", marks)):
                continue
            said = self._shared(row)
            for mark in wanted.keys() & set(spoken):
                found |= wanted[mark] & said
                wanted[mark] -= said
                if not wanted[mark]:
                    del wanted[mark]
        return found
