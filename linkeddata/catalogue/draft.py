"""The edition being written: records are put and withdrawn, then it is issued as a whole or not at all.

A whole draft starts from nothing, one that revises from copies of the edition served now (hard links). Either
way what was served is served until the last rename, and a run that fails or is killed leaves nothing but a
folder, which the next one removes. What becomes of the graph is told by its home.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic

from linkeddata.catalogue import describe, folder, kept, samples, store_format
from linkeddata.catalogue.dump import write_dump
from linkeddata.catalogue.folder import KEPT, REGISTER, REPORT
from linkeddata.catalogue.graph import vocabulary_quads
from linkeddata.catalogue.home import Differences, Graph, Home, Workshop
from linkeddata.catalogue.indexing import Indexing
from linkeddata.catalogue.kept import KeptReader, KeptWriter
from linkeddata.catalogue.marks import read_marks
from linkeddata.catalogue.offers import DocumentWriter, write_offers
from linkeddata.catalogue.register import Entry, Mark
from linkeddata.catalogue.register_writer import Entered, RegisterWriter
from linkeddata.catalogue.rehashing import FACT as HASHED
from linkeddata.catalogue.rehashing import register_as_of_now
from linkeddata.catalogue.translation import HASHES, Translation
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.uris import Uris

_MOST_SEGMENTS = 16
_ASTRAY = timedelta(days=1)


def _unheard(_step: str) -> None:
    """Nobody wants to know."""


class Draft:
    """An edition in the making; made by `Catalogue.begin`, which holds the lock.

    `before` is the folder of the edition served now; `whole` says that the draft does not start from it.
    `vocabulary` are statements that no record makes; `home` is where its graph will live.
    """

    def __init__(
        self,
        directory: Path,
        home: Home,
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
        self._begun: Callable[[str], None] = _unheard
        self._directory, self._home, self._before = directory, home, before
        self._folder = directory / folder.DRAFT
        self._register = self._begin_register()
        self._kept = KeptWriter(self._folder / KEPT, number)
        self._graph = home.make(
            Workshop(self._folder, before, self._register, uris, vocabulary_quads(vocabulary, uris), self.whole)
        )
        self._index = Indexing(self._folder, None if self.whole else before, uris)
        #: Ids alone, in the order in which that happened.
        self._displaced: dict[str, None] = {}
        self._successors: dict[str, str | None] = {}
        self._touched = False

    def _begin_register(self) -> RegisterWriter:
        file = self._folder / REGISTER
        if self.whole or self._before is None:
            (self._folder / KEPT).mkdir()
        else:
            kept.share(self._before / KEPT, self._folder / KEPT)
            shutil.copyfile(self._before / REGISTER, file)
        again = self._folder / "before.sqlite"
        before = register_as_of_now(self._before, again) if self._before else None
        register = RegisterWriter(file, before, fresh=self.whole)
        # It is open, and no part of the edition.
        again.unlink(missing_ok=True)
        return register

    def is_known(self, identifier: str, source: str, source_hash: bytes) -> bool:
        """Whether a source's document is in already, as it is; it is met by this run then."""
        known = self._register.known(identifier, source)
        if known is None or known[1] != source_hash or self._register.met(known[0]):
            return False
        self._register.meet(known[0])
        return True

    def has_met(self, identifier: str, source: str) -> bool:
        """Whether a source has given a record since the run began, and not only its id."""
        known = self._register.known(identifier, source)
        return known is not None and self._register.met(known[0])

    def meet(self, identifier: str, source: str) -> bool:
        """The source still has a record, of which nothing more is told; False where it is not in."""
        known = self._register.known(identifier, source)
        if known is not None:
            self._register.see(known[0])
        return known is not None

    def put(self, new: Translation) -> Entry | None:
        """Enter a record. Of two with one id the better stays, and the one that does not is returned."""
        pieces = self._kept.append(new.statements, new.document, new.mined, new.clues)
        entry = Entry(
            None, new.id, new.source, new.age, new.source_hash, new.fingerprint, pieces,
            new.owned, new.marks, new.title, new.year, new.place,
        )  # fmt: skip
        entered = self._register.put(entry)
        if entered.served:
            self._index.put(new.row, new.fingerprint)
        elif self.is_filled:
            self._displace(new.id, [entry])
        self._note(new.id, entered)
        return entered.loser

    @property
    def is_filled(self) -> bool:
        """Whether a new store is filled while records are still being put; it is given their quads, then."""
        return self._graph.is_filled

    def give(self, quads: bytes) -> None:
        """What records say that were put, as N-Quads; lines about shared things that others of them say may be left
        out."""
        self._graph.give(quads)

    def withdraw(self, identifier: str, source: str | None = None, successor: str | None = None) -> bool:
        """Take a record out, of one source or of all; `successor` is the id that took its place, None where nothing
        is said of one, and empty where there is none any more. False where it was not in."""
        entered = self._register.withdraw(identifier, source)
        self._note(identifier, entered)
        if successor is not None and (successor or None) != self._register.successor(identifier):
            self._successors[identifier] = successor or None
            self._touched = True
        return bool(entered.displaced)

    def _note(self, identifier: str, entered: Entered) -> None:
        self._touched = True
        if entered.displaced:
            self._displace(identifier, entered.displaced)

    def _displace(self, identifier: str, versions: Iterable[Entry]) -> None:
        """Versions that a whole draft's graph and index were given are not served after all."""
        self._graph.displace(identifier, versions)
        if self.whole:
            self._displaced[identifier] = None

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
        """Undo what was entered since the place was marked."""
        for entry in self._register.entries_since(self.number, start):
            self._displace(entry.id, [entry])
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
        return self._touched and (self._register.differs() or not all(map(self.serves, self._successors)))

    def serves(self, identifier: str) -> bool:
        """Whether there is a record of an id, of whatever source; only where there is none its successor matters."""
        return self._register.served(identifier) is not None

    def counts(self) -> dict[str, int]:
        """How many records are `new`, `changed` and `withdrawn` against the edition served now."""
        differences = self._differences
        new = sum(before is None for _, before in differences.came)
        return {"new": new, "changed": len(differences.came) - new, "withdrawn": len(differences.went)}

    def issue(
        self,
        facts: Mapping[str, str],
        account: Callable[[Mapping[str, str]], bytes],
        document: DocumentWriter | None = None,
        begun: Callable[[str], None] = _unheard,
    ) -> None:
        """Finish the graph, write everything beside it, and switch to it in one rename.

        `facts`: title, licence, publisher, contact and version of the mapping, and what else the edition is to
        remember; `account` is given all facts, counts included, and gives the report that is kept; `document`
        makes the documents that are dumped; `begun` is told the name of each step of `seconds` when it begins.
        """
        self._begun = begun
        graph = self._finish_graph()
        with self._timed("register"):
            known = {**facts, **self._describe(), "loose": str(graph.loose)}
        with self._timed("search"):
            known |= self._list_things(graph)
        with self._timed("order"):
            graph.settle()
        with self._timed("dump"):
            dump, tally = write_dump(graph, self._folder, space=self.uris.things)
        known["statements"] = str(tally.statements)
        del graph
        self._register.finish(known)
        with self._timed("documents"):
            write_offers(self._folder, self.uris, known, (dump, tally), document)
        (self._folder / REPORT).write_bytes(account(known))
        self._switch()

    def _switch(self) -> None:
        """What lies in the draft's folder is the edition that is served from now on."""
        edition = folder.edition_folder(self._directory, self.number)
        folder.settle(self._folder, edition)
        with self._timed("switch"):
            self._home.settle(edition)
        folder.serve_next(self._directory)

    def _finish_graph(self) -> Graph:
        """The full graph, and the search index: that of a whole draft is made meanwhile, another's follows."""
        self._kept.flush()
        if self.whole:
            self._index.settle(self._displaced, self._register, KeptReader(self._folder / KEPT))
        with self._timed("store"):
            graph = self._graph.finish(self._differences)
        if not self.whole:
            with self._timed("search"):
                self._change_index(anew=graph.touched is None)
        return graph

    def _change_index(self, *, anew: bool) -> None:
        """Bring the search index of a draft that starts from an edition to what the register says."""
        kept_reader = KeptReader(self._folder / KEPT)
        if anew:
            self._index.rebuild(self._register, kept_reader)
        else:
            self._index.revise(self._differences.changes(self._register), self._register, kept_reader)

    @cached_property
    def _differences(self) -> Differences:
        """How what is served now differs from what was before; asked once all is entered."""
        return Differences(self._register.came(), self._register.went())

    def _describe(self) -> dict[str, str]:
        """Dates and kept pieces put in order; gives what is known of the edition then."""
        now = _later(_now(), self._register.issued_before())
        self._register.date(now, self._successors)
        self._register.index("record")
        self._tidy()
        return {
            "example": self._example(),
            "base_uri": self.uris.base,
            "edition": str(self.number),
            "issued": now,
            "records": str(self.records()),
            "kept": kept.sizes(self._folder / KEPT),
            store_format.FACT: store_format.STORE_FORMAT,
            HASHED: HASHES,
        }

    def _example(self) -> str:
        """The URI of a record of which much is told; empty where there is no record."""
        reader, first = KeptReader(self._folder / KEPT), self._register.first(samples.LOOKED_AT)
        best = samples.richest(((entry.id, reader.statements(entry.pieces)) for entry in first), self.uris)
        return "" if best is None else self.uris.record(best)

    def _list_things(self, graph: Graph) -> dict[str, str]:
        """The lists to browse, which are the last that the index waits for; gives the number of things by kind."""
        uris = None if graph.touched is None else [token.decode()[1:-1] for token in graph.touched]
        index, base = self._index.writer, self.uris.base
        self._register.forget_things(uris)
        index.forget_things(uris, base)
        if uris is not None and self._index.is_new:
            for kind in describe.BROWSED:
                deque(index.entering(kind, graph.labelled(kind, everything=True), base), maxlen=0)
        counts = {
            kind: str(self._register.enter_things(kind, self._entering(kind, graph.labelled(kind), known=uris is None)))
            for kind in describe.BROWSED
        }
        self._register.index("thing")
        index.finish()
        return counts

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
        if self._kept.end and not self._register.uses(self.number):
            kept.discard(kept_folder, self.number)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        self._begun(name)
        start = monotonic()
        yield
        # A step may be done in two parts.
        self.seconds[name] = self.seconds.get(name, 0.0) + monotonic() - start

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all files, also where one of them cannot be closed because the disk is full."""
        with ExitStack() as last:
            for close in (self._register.close, self._kept.close, self._index.close, self._graph.abandon):
                last.callback(close)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _later(now: str, before: str) -> str:
    """The time of an edition, never before that of the edition before: where the clock was set back a little, who
    follows the changes has seen all that are older. A clock that was a day ahead or more is not followed."""
    ahead = datetime.fromisoformat(before) - datetime.fromisoformat(now) if before else timedelta()
    return before if timedelta() < ahead < _ASTRAY else now
