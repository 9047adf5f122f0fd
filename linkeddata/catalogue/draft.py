"""The edition being written: records are put and withdrawn, then it is issued as a whole or not at all.

A whole draft starts from nothing, and its records stream into a new store while others are still being
translated. One that revises starts from copies of the edition served now (hard links), and applies only
what differs. Either way what was served is served until the last rename, and a run that fails or is
killed leaves nothing but a folder, which the next one removes.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import monotonic

from linkeddata.catalogue import describe, folder, kept
from linkeddata.catalogue.ahead import Handed
from linkeddata.catalogue.dump import write_dump
from linkeddata.catalogue.folder import KEPT, REGISTER, REPORT, STORE
from linkeddata.catalogue.graph import Change, Difference, Spoken, quads, vocabulary_quads
from linkeddata.catalogue.indexing import Indexing
from linkeddata.catalogue.kept import KeptReader, KeptWriter
from linkeddata.catalogue.marks import read_marks
from linkeddata.catalogue.offers import DocumentWriter, write_offers
from linkeddata.catalogue.register import Entry, Mark
from linkeddata.catalogue.register_writer import Entered, RegisterWriter
from linkeddata.catalogue.translation import Translation
from linkeddata.store import Reader, Writer, backup, build
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.uris import Uris

#: So many records wait for the loader; more would only fill memory.
_WAITING = 2000
#: When more than one record in so many differs, a new store is faster made than an old one changed.
_REBUILD = 3
#: When one record in so many was changed since the store was put in order, it is again.
_DISORDER = 10
_MOST_SEGMENTS = 16


class Draft:
    """An edition in the making; made by `Catalogue.begin`, which holds the lock.

    `before` is the folder of the edition served now; `whole` says that the draft does not start from it.
    `vocabulary` are statements that no record makes.
    """

    def __init__(
        self,
        directory: Path,
        uris: Uris,
        number: int,
        before: Path | None,
        vocabulary: Iterable[Statement],
        *,
        whole: bool,
    ) -> None:
        self.uris = uris
        self.number = number
        self.whole = whole or before is None
        self.follows = before is not None
        self.seconds: dict[str, float] = {}
        self._directory, self._before = directory, before
        self._folder = directory / folder.DRAFT
        self._vocabulary = vocabulary_quads(vocabulary, uris)
        folder.clear(directory)
        self._folder.mkdir(parents=True)
        self._register = self._begin_register()
        self._kept = KeptWriter(self._folder / KEPT, number)
        self._index = Indexing(self._folder, None if self.whole else before, uris)
        self._loading: Handed[Spoken] | None = Handed(self._load, _WAITING) if self.whole else None
        self._displaced: dict[str, list[Entry]] = {}
        self._successors: dict[str, str | None] = {}
        self._touched = False

    def _begin_register(self) -> RegisterWriter:
        file = self._folder / REGISTER
        if self.whole or self._before is None:
            (self._folder / KEPT).mkdir()
        else:
            kept.share(self._before / KEPT, self._folder / KEPT)
            shutil.copyfile(self._before / REGISTER, file)
        return RegisterWriter(file, self._before / REGISTER if self._before else None, fresh=self.whole)

    def _load(self, spoken: Iterable[Spoken]) -> None:
        """Fill a new store; runs beside the rest."""
        build(self._folder / STORE, _chained(self._vocabulary, quads(spoken, self.uris)))

    def is_known(self, identifier: str, source: str, source_hash: bytes) -> bool:
        """Whether a source's document is in already, as it is; it is met by this run then."""
        known = self._register.known(identifier, source)
        if known is None or known[1] != source_hash or self._register.met(known[0]):
            return False
        self._register.meet(known[0])
        return True

    def has_met(self, identifier: str, source: str) -> bool:
        """Whether a record of a source was met since the run began."""
        known = self._register.known(identifier, source)
        return known is not None and self._register.met(known[0])

    def meet(self, identifier: str, source: str) -> bool:
        """The source still has a record; False where it is not in."""
        known = self._register.known(identifier, source)
        if known is not None:
            self._register.meet(known[0])
        return known is not None

    def put(self, new: Translation) -> Entry | None:
        """Enter a record. Of two with one id the better stays, and the one that does not is returned."""
        pieces = self._kept.append(new.statements, new.document, new.mined, new.clues)
        entry = Entry(
            None, new.id, new.source, new.age, new.source_hash, new.fingerprint, pieces,
            new.owned, new.marks, new.title, new.year, new.place,
        )  # fmt: skip
        entered = self._register.put(entry)
        if entered.served and self._loading:
            self._loading.give(Spoken(new.id, new.owned, new.statements, new.mined))
            self._index.put(new.row, new.fingerprint)
        self._note(new.id, entered)
        return entered.loser

    def withdraw(self, identifier: str, source: str | None = None, successor: str | None = None) -> bool:
        """Take a record out, of one source or of all; `successor` is the id that took its place. False where
        it was not in."""
        entered = self._register.withdraw(identifier, source)
        self._note(identifier, entered)
        if successor is not None and successor != self._register.successor(identifier):
            self._successors[identifier] = successor
            self._touched = True
        return bool(entered.displaced)

    def _note(self, identifier: str, entered: Entered) -> None:
        self._touched = True
        if entered.displaced and self._loading:
            self._displaced.setdefault(identifier, []).extend(entered.displaced)

    @contextmanager
    def run(self) -> Iterator[None]:
        """What is put within comes after all that was put before, whatever its age. When it fails, nothing of
        it counts, and the error passes through."""
        self._register.forget()
        start, successors = self._kept.end, dict(self._successors)
        self._register.mark_place()
        try:
            yield
        except BaseException:
            self._successors = successors
            self._take_back(start)
            raise
        self._register.go_on()

    def _take_back(self, start: int) -> None:
        """Undo what was entered since the place was marked; what the loader was given of it is to be taken out."""
        if self._loading:
            for entry in self._register.entries_since(self.number, start):
                self._displaced.setdefault(entry.id, []).append(entry)
        self._register.return_to_place()

    def absent(self, source: str) -> list[str]:
        """The ids of a source that were not met since the run began."""
        return self._register.absent(source)

    def size(self, source: str) -> int:
        """How many records a source has."""
        return self._register.size(source)

    def records(self) -> int:
        """How many records are served."""
        return self._register.count()

    def marks(self) -> dict[str, Mark]:
        """How far each source has been harvested."""
        return self._register.marks()

    def set_mark(self, source: str, since: str | None, settings: str) -> None:
        """A source was harvested: where the next run begins, and what was asked for."""
        self._register.set_mark(source, Mark(since, settings, _now()))

    def keep_marks(self) -> None:
        """Take over how far each source was harvested until now."""
        self._register.keep_marks()
        if self._before:
            for source, mark in read_marks(self._directory, int(self._before.name)).items():
                self._register.set_mark(source, mark)

    def differs(self) -> bool:
        """Whether anything came, went or changed against the edition served now."""
        return self._touched and (bool(self._successors) or self._register.differs())

    def counts(self) -> dict[str, int]:
        """How many records are `new`, `changed` and `withdrawn` against the edition served now."""
        came, went = self._compared
        new = sum(before is None for _, before in came)
        return {"new": new, "changed": len(came) - new, "withdrawn": len(went)}

    def issue(
        self,
        facts: Mapping[str, str],
        account: Callable[[Mapping[str, str]], bytes],
        document: DocumentWriter | None = None,
    ) -> None:
        """Finish the store, write everything beside it, and switch to it in one rename.

        `facts`: title, licence, publisher, contact and version of the mapping, and what else the edition is to
        remember; `account` is given all facts, counts included, and gives the report that is kept; `document`
        makes the documents that are dumped.
        """
        with self._timed("store"):
            touched, loose = self._finish_store()
        with self._timed("search"):
            self._finish_index(anew=touched is None)
        reader = Reader(self._folder / STORE)
        with self._timed("register"):
            known = {**facts, **self._describe(reader, touched), "loose": str(loose)}
        with self._timed("dump"):
            dump, tally = write_dump(reader, self._folder, space=self.uris.things)
        known["statements"] = str(tally.statements)
        del reader
        self._register.finish(known)
        with self._timed("documents"):
            write_offers(self._folder, self.uris, known, (dump, tally), document)
        (self._folder / REPORT).write_bytes(account(known))
        edition = folder.edition_folder(self._directory, self.number)
        folder.settle(self._folder, edition)
        folder.serve(self._directory, edition)

    def _finish_store(self) -> tuple[set[bytes] | None, int]:
        """Bring the store to what the register says. Gives the shared things of which more or less is said
        (None: look at all), and how many records were changed since the store was put in order."""
        self._kept.flush()
        if self._loading:
            self._loading.end()
            versions = self._displaced.items()
            self._change((Change(tuple(old), self._register.served(id_)) for id_, old in versions), orderly=True)
            return None, 0
        if self._before is None or self._differences() * _REBUILD > self.records():
            self._load(self._all_spoken())
            self._change((), orderly=True)
            return None, 0
        return self._revise(self._before)

    def _finish_index(self, *, anew: bool) -> None:
        """Bring the search index to what the register says."""
        kept_reader = KeptReader(self._folder / KEPT)
        if self._loading:
            self._index.settle(self._displaced, self._register, kept_reader)
        elif anew:
            self._index.rebuild(self._register, kept_reader)
        else:
            self._index.revise(self._changes(), self._register, kept_reader)

    def _revise(self, before: Path) -> tuple[set[bytes], int]:
        """The store of the edition before, and what differs."""
        backup(before / STORE, self._folder / STORE)
        loose = self._differences() + int(self._register.fact("loose") or 0)
        orderly = loose * _DISORDER > self.records()
        return self._change(self._changes(), orderly=orderly), 0 if orderly else loose

    def _change(self, changes: Iterable[Change], *, orderly: bool) -> set[bytes]:
        writer = Writer(self._folder / STORE)
        difference = Difference(writer, self._register, KeptReader(self._folder / KEPT), self.uris)
        try:
            difference.apply(changes)
            if orderly:
                writer.optimize()
        finally:
            writer.close()
        return difference.touched

    @cached_property
    def _compared(self) -> tuple[list[tuple[int, int | None]], list[int]]:
        """Rows that came or changed, with their row before, and rows before that went; asked once all is entered."""
        return self._register.came(), self._register.went()

    def _differences(self) -> int:
        came, went = self._compared
        return len(came) + len(went)

    def _changes(self) -> Iterator[Change]:
        """How the records that are served differ from those served before."""
        entry, before = self._register.entry, self._register.entry_before
        came, went = self._compared
        yield from (Change((before(old),) if old else (), entry(row)) for row, old in came)
        yield from (Change((before(old),), None) for old in went)

    def _all_spoken(self) -> Iterator[Spoken]:
        reader = KeptReader(self._folder / KEPT)
        for entry in self._register.entries():
            yield Spoken(entry.id, entry.owned, *reader.spoken(entry.pieces))

    def _describe(self, reader: Reader, touched: set[bytes] | None) -> dict[str, str]:
        """Dates, browse lists and kept pieces put in order; gives what is known of the edition then."""
        now = _now()
        self._register.date(now, self._successors)
        self._tidy()
        first = self._register.first_id()
        things = self._list_things(reader, touched)
        self._index.writer.finish()
        return {
            **things,
            "example": self.uris.record(first) if first else "",
            "base_uri": self.uris.base,
            "edition": str(self.number),
            "issued": now,
            "records": str(self.records()),
        }

    def _list_things(self, reader: Reader, touched: set[bytes] | None) -> dict[str, str]:
        """The lists to browse; gives the number of things by kind."""
        uris = None if touched is None else [token.decode()[1:-1] for token in touched]
        index, base = self._index.writer, self.uris.base
        self._register.forget_things(uris)
        index.forget_things(uris, base)
        if uris is not None and self._index.is_new:
            for kind in describe.BROWSED:
                deque(index.entering(kind, describe.labelled(reader, self.uris, kind), base), maxlen=0)
        labelled = {kind: describe.labelled(reader, self.uris, kind, uris) for kind in describe.BROWSED}
        return {
            kind: str(self._register.enter_things(kind, self._entering(kind, things, known=uris is None)))
            for kind, things in labelled.items()
        }

    def _entering(self, kind: str, things: Iterable[tuple[str, str]], *, known: bool) -> Iterable[tuple[str, str]]:
        """Things on their way into the register, entered in the index, too, unless that has all of them."""
        to_index = known or not self._index.is_new
        return self._index.writer.entering(kind, things, self.uris.base) if to_index else things

    def _tidy(self) -> None:
        """Write anew what is still in use of segments that are mostly waste, or that have become too many;
        remove those that nothing is kept in."""
        kept_folder, usage = self._folder / KEPT, self._register.usage()
        known = kept.segments(kept_folder)
        wasteful = {segment for segment in known if usage.get(segment, 0) * 2 < kept.size(kept_folder, segment)}
        if len(known) > _MOST_SEGMENTS:
            largest = max(known, key=lambda segment: usage.get(segment, 0))
            wasteful |= {segment for segment in known if segment != largest}
        wasteful.discard(self.number)
        reader = KeptReader(kept_folder)
        for segment in wasteful:
            for row, pieces in self._register.kept_in(segment):
                self._register.move(row, self._kept.copy(pieces, reader.packed(pieces)))
            kept.discard(kept_folder, segment)
        self._kept.close()

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        start = monotonic()
        yield
        self.seconds[name] = monotonic() - start

    def close(self) -> None:
        """Let go of the files; of a draft that was not issued nothing is left."""
        if self._loading:
            self._loading.abandon()
        self._index.close()
        self._kept.close()
        self._register.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _chained(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
