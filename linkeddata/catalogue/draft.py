"""The edition being written: records are put, then it is issued as a whole or not at all.

    draft/          the one writer's workshop, locked
    editions/N/     store, register, kept pieces, dump, dataset description: never changed
    current         a link to the edition that is served

A run that fails or is killed leaves `current` as it was; the next one clears up behind it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from linkeddata.catalogue import describe
from linkeddata.catalogue.ahead import made_ahead
from linkeddata.catalogue.dump import write_dump
from linkeddata.catalogue.kept import KeptReader, KeptWriter
from linkeddata.catalogue.offers import KEPT, REGISTER, STORE, DocumentWriter, write_offers
from linkeddata.catalogue.register import Entry, RegisterWriter
from linkeddata.catalogue.translation import Translation
from linkeddata.store import embedded
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.uris import Uris

_UNFINISHED = ".unfinished"
_CHUNK = 1 << 20
#: So many lines about shared things are remembered, so that most are given to the loader only once.
_REMEMBERED = 400_000


class Draft:
    """A whole new edition in the making; made by `Catalogue.begin`, which holds the lock."""

    def __init__(self, directory: Path, uris: Uris, number: int) -> None:
        self.uris = uris
        self.number = number
        self.seconds: dict[str, float] = {}
        self._named = 0
        self._directory = directory
        self._folder = directory / "draft"
        _clear(directory)
        self._folder.mkdir(parents=True)
        self._kept = KeptWriter(self._folder / KEPT)
        self._register = RegisterWriter(self._folder / REGISTER)

    def put(self, new: Translation) -> Entry | None:
        """Enter a record. Of two with one id the newer stays, and the one that does not is returned."""
        entry = Entry(
            new.id, new.age, new.source_hash, new.fingerprint,
            self._kept.append(new.statements), self._kept.append(new.source),
            self._kept.append(new.mined), self._kept.append(new.clues),
            new.title, new.year, new.place, new.owned,
        )  # fmt: skip
        return self._register.put(entry)

    def withdraw(self, identifier: str) -> bool:
        """Take a record out again; False where it was not in."""
        return self._register.withdraw(identifier)

    def records(self) -> int:
        return self._register.count()

    def issue(
        self,
        facts: Mapping[str, str],
        vocabulary: Iterable[Statement],
        before: Path | None,
        *,
        document: DocumentWriter | None = None,
    ) -> dict[str, str]:
        """Build the store, write everything beside it, and switch to it in one rename.

        `facts`: title, licence, contact, publisher and version of the mapping, for the dataset's
        description; `vocabulary`: statements that no record makes; `before`: the folder of the edition
        served now; `document` makes the documents that are dumped. Gives the facts of the edition,
        counts included.
        """
        self._kept.close()
        with self._timed("store"):
            embedded.build(self._folder / STORE, made_ahead(self._quads(vocabulary)))
        with self._timed("register"):
            known = self._count(facts, before)
            self._register.finish(known)
        edition = self._directory / "editions" / f"{self.number:06d}"
        unfinished = edition.with_name(edition.name + _UNFINISHED)
        self._gather(unfinished)
        with self._timed("dump"):
            quads = write_dump(embedded.Reader(unfinished / STORE), unfinished, space=self.uris.things)
            write_offers(unfinished, self.uris, known, quads, document)
        _sync(unfinished)
        unfinished.rename(edition)
        switch(self._directory, edition)
        return known

    def _count(self, facts: Mapping[str, str], before: Path | None) -> dict[str, str]:
        reader = embedded.Reader(self._folder / STORE)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._register.date(now, before / REGISTER if before else None)
        counts = {
            kind: str(self._register.enter_things(kind, describe.labelled(reader, self.uris, kind)))
            for kind in describe.BROWSED
        }
        first = self._register.first_id()
        return {
            **facts,
            **counts,
            "example": self.uris.record(first) if first else "",
            "base_uri": self.uris.base,
            "edition": str(self.number),
            "issued": now,
            "records": str(self._register.count()),
            # Those of the default graph; what stands in a named one as well is not counted twice.
            "statements": str(reader.count() - self._named),
        }

    def _gather(self, folder: Path) -> None:
        """Everything but what is offered to take away, in the edition's folder."""
        folder.mkdir(parents=True)
        embedded.backup(self._folder / STORE, folder / STORE)
        os.link(self._folder / KEPT, folder / KEPT)
        shutil.copy2(self._folder / REGISTER, folder / REGISTER)

    def _quads(self, vocabulary: Iterable[Statement]) -> Iterator[bytes]:
        """All statements in pieces of about a megabyte; repeated lines about shared things mostly once."""
        graph = self.uris.vocabulary_graph
        first = [ntriples.quad_line(statement, graph) for statement in vocabulary]
        self._named += len(first)
        yield "".join(first).encode()
        kept, seen, chunk, size = KeptReader(self._folder / KEPT), set[bytes](), list[bytes](), 0
        for entry in self._register.entries():
            text = kept.read(entry.statements)
            fresh = [line for line in text[entry.owned :].splitlines(keepends=True) if line not in seen]
            seen.update(fresh)
            chunk += (text[: entry.owned], *self._again(entry, kept.read(entry.mined)), *fresh)
            size += len(text)
            if size > _CHUNK:
                yield b"".join(chunk)
                chunk, size = [], 0
                if len(seen) > _REMEMBERED:
                    seen.clear()
        yield b"".join(chunk)

    def _again(self, entry: Entry, mined: bytes) -> Iterator[bytes]:
        """Mined statements as quads of their graph."""
        graph = f" <{self.uris.mined_graph(entry.id)}> .\n".encode()
        lines = mined.splitlines(keepends=True)
        self._named += len(lines)
        return (line.removesuffix(b" .\n") + graph for line in lines)

    def _timed(self, name: str) -> _Stopwatch:
        return _Stopwatch(self.seconds, name)

    def close(self) -> None:
        """Let go of the files, issued or not."""
        self._kept.abandon()
        self._register.close()


class _Stopwatch:
    def __init__(self, seconds: dict[str, float], name: str) -> None:
        self._seconds, self._name = seconds, name

    def __enter__(self) -> None:
        self._start = monotonic()

    def __exit__(self, *_: object) -> None:
        self._seconds[self._name] = monotonic() - self._start


def switch(directory: Path, edition: Path) -> None:
    """Serve an edition from now on: one rename of a link."""
    beside = directory / f"current{_UNFINISHED}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(edition.relative_to(directory))
    beside.rename(directory / "current")
    _sync(directory)


def _clear(directory: Path) -> None:
    """Remove what a run left that did not finish."""
    for leftover in (directory / "draft", *directory.glob(f"editions/*{_UNFINISHED}")):
        if leftover.exists():
            shutil.rmtree(leftover)


def _sync(folder: Path) -> None:
    """Everything in a folder, one level deep, is on disk when this returns."""
    for path in (*(file for file in folder.iterdir() if file.is_file()), folder, folder.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
