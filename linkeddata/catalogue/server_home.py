"""One graph in a SPARQL server: that of the edition served.

Everything else of an edition lies in its folder as ever. Its dump is made of the kept pieces, in order, so the
server is never asked for the whole; and how two editions differ is how their dumps differ. When an edition is
to be served, only that is sent. A note beside the editions says which edition the server holds and which it
is on its way to: what a broken run has left between two editions becomes either of them by taking out what
the other has beside it and putting in what it lacks, and doing that twice does no harm.
"""

from __future__ import annotations

import gzip
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from linkeddata.catalogue import folder
from linkeddata.catalogue.folder import DUMP, KEPT, ORDERED, REGISTER
from linkeddata.catalogue.graph import all_spoken, quads
from linkeddata.catalogue.home import Differences, Workshop
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.register import Entry, Register
from linkeddata.catalogue.server_state import ServerState
from linkeddata.catalogue.sorted_lines import SortedLines, compared
from linkeddata.errors import RefusedForSafety, StoreError
from linkeddata.store import GraphReader, Limits, RemotePool, RemoteReader, RemoteWriter, Server, inspect
from linkeddata.vocabulary.ntriples import read_literal, uri_token
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDF, SKOS
from linkeddata.vocabulary.uris import Uris

_LOG = logging.getLogger(__name__)
_NOTE = "server.json"
_SORTING = "sorting"
_PIECE = 1 << 20
#: Longer than a page takes to be made: a look-up of ours waits half a minute for the server.
_LONGEST_MAKING = 60
#: Kinds that can be browsed: what makes a thing one of them, and its label.
_LISTED: Mapping[str, tuple[str, str, str]] = {
    "name": (SKOS.inScheme, "{base}id/scheme/name", SKOS.prefLabel),
    "journal": (RDF.type, BIBO.Journal, DCTERMS.title),
    "concept": (SKOS.inScheme, "{base}id/scheme/topic", SKOS.prefLabel),
    "org": (RDF.type, FOAF.Organization, FOAF.name),
}


@dataclass(frozen=True, slots=True)
class Note:
    """What a server holds: the place in it, the number of an edition, of the one it is on its way to, and how
    many statements there were when it was reached."""

    place: str
    holds: int | None = None
    towards: int | None = None
    statements: int | None = None

    @property
    def editions(self) -> set[int]:
        """The editions between which it is."""
        return {number for number in (self.holds, self.towards) if number is not None}


class ServerHome:
    """A graph in a server; the note is in the data directory."""

    def __init__(
        self, server: Server, directory: Path, *, writer: Callable[[Server, str], RemoteWriter] = RemoteWriter
    ) -> None:
        self._server, self._directory, self._writer = server, directory, writer
        self._held: int | None = None

    def make(self, workshop: Workshop) -> ServerMaking:
        """Begin a draft: nothing is sent before it is an edition."""
        return ServerMaking(workshop)

    def reader(self, _edition: Path) -> GraphReader:
        """The graph in the server, whatever edition it holds."""
        return RemoteReader(self._server)

    def open_pool(self, _edition: Path, *, workers: int, limits: Limits, prefixes: Mapping[str, str]) -> RemotePool:
        """What passes strangers' SPARQL on to the server."""
        return RemotePool(self._server, workers=workers, limits=limits, prefixes=prefixes)

    def holds(self, number: int) -> bool:
        """Whether what is in the server is told by this edition's dump."""
        return number in self._note().editions

    def is_settled(self) -> bool:
        """Whether the server is between no two editions, nor was in the last minute: what was asked of it then may
        be told only now."""
        try:
            written = (self._directory / _NOTE).stat().st_mtime
        except OSError:
            return True
        return time.time() - written > _LONGEST_MAKING and self._note().towards is None

    def state(self, base: str) -> ServerState:
        """What is in the server, and what should be."""
        note = self._note()
        found = inspect(self._server, base, Uris(base).vocabulary_graph)
        return ServerState(found, note.holds, note.towards, note.statements)

    def prepare(self, current: Path | None, base: str, held: int | None = None) -> None:
        """What is served now is in the server, and another edition can be put there.

        ConfigurationError where the server cannot keep a graph as it is set up, RefusedForSafety where there are
        statements already and nobody noted why (or not as many as are `held`), StoreError where it does not answer.
        """
        writer = self._writer(self._server, base)
        writer.check()
        self._held = held
        if held is not None:
            self._check_held(writer, held)
        elif not self._note().editions and (strange := writer.count()):
            raise RefusedForSafety(
                f"the graph in the SPARQL server holds {strange} statements that were not put there from this data "
                "directory; take them out, or set store.graph to another graph"
            )
        if current is not None and held is None:
            self.settle(current)

    def _check_held(self, writer: RemoteWriter, held: int) -> None:
        """RefusedForSafety where the server does not hold what its own loader is said to have put there."""
        if (found := writer.count()) != held:
            raise RefusedForSafety(
                f"the graph in the SPARQL server holds {found} statements, and not the {held} that its own loader "
                "should have put there: load all files into store.graph, which must be empty before, then try again"
            )

    def settle(self, edition: Path) -> None:
        """Bring the server to an edition; StoreError where it cannot be asked or changed."""
        number, note = int(edition.name), self._note()
        writer = self._writer(self._server, Register(edition / REGISTER).facts["base_uri"])
        if self._held is not None:
            self._check_held(writer, self._held)
            self._write(Note(note.place, number, None, self._held))
            self._held = None
            return
        if note.towards is None and note.holds is not None:
            if note.statements != writer.count():
                _LOG.warning("the server does not hold what it held after the last run; everything is sent again")
                note = Note(note.place)
            elif note.holds == number:
                return
        self._write(Note(note.place, note.holds, number))
        self._bring(writer, note, edition)
        self._write(Note(note.place, number, None, writer.count()))

    def _bring(self, writer: RemoteWriter, note: Note, edition: Path) -> None:
        """Send what differs from the editions between which the server is; everything where they are not known."""
        known = [folder.edition_folder(self._directory, number) for number in note.editions - {int(edition.name)}]
        if note.holds is None or not all((each / ORDERED).exists() for each in (*known, edition)):
            writer.clear()
            writer.load(_lines(edition))
            return
        for each in known:
            writer.apply(compared(_lines(each), _lines(edition)))

    def _note(self) -> Note:
        """What is noted of this place; of another one nothing is known."""
        file = self._directory / _NOTE
        noted = Note(**json.loads(file.read_text("utf-8"))) if file.exists() else Note(self._server.place)
        return noted if noted.place == self._server.place else Note(self._server.place)

    def _write(self, note: Note) -> None:
        beside = self._directory / f"{_NOTE}.unfinished"
        beside.write_text(json.dumps(asdict(note)), "utf-8")
        folder.sync(beside)
        beside.rename(self._directory / _NOTE)
        folder.sync(self._directory)


def _lines(edition: Path) -> Iterator[bytes]:
    """The statements of an edition, in the order of its dump."""
    try:
        with gzip.open(edition / DUMP) as dump:
            yield from dump
    except (OSError, EOFError) as damage:
        raise StoreError(f"the dump of edition {int(edition.name)} cannot be read: {damage}") from damage


class ServerGraph:
    """The finished graph of a draft, as lines in order."""

    touched: set[bytes] | None = None
    loose = 0

    def __init__(self, lines: SortedLines, uris: Uris, folder: Path) -> None:
        self._lines, self._uris, self._folder = lines, uris, folder

    def labelled(self, kind: str, *, everything: bool = False) -> Iterator[tuple[str, str]]:
        """The things of a kind that can be browsed, all of them."""
        by, to, label = _LISTED[kind]
        being = f"{uri_token(by)} {uri_token(to.format(base=self._uris.base))} .\n".encode()
        start, naming = f"<{self._uris.base}id/{kind}/".encode(), uri_token(label).encode()
        mine = (line for line in self._lines if line.startswith(start))
        for subject, lines in groupby(mine, lambda line: line.partition(b" ")[0]):
            told = [line.partition(b" ")[2] for line in lines]
            if being in told:
                yield from _labels(subject, told, naming)

    def settle(self) -> None:
        """Its lines are in order."""

    def dump(self, file: BinaryIO) -> None:
        """Write every quad as N-Quads, in order; the lines are used up then."""
        piece: list[bytes] = []
        size = 0
        for line in self._lines:
            piece.append(line)
            size += len(line)
            if size > _PIECE:
                file.write(b"".join(piece))
                piece, size = [], 0
        file.write(b"".join(piece))
        self._lines.close()
        (self._folder / ORDERED).touch()


def _labels(subject: bytes, told: Iterable[bytes], naming: bytes) -> Iterator[tuple[str, str]]:
    """The labels of a thing, among what is said of it in the default graph."""
    for by, _, value in (line.partition(b" ") for line in told):
        if by == naming and value.startswith(b'"') and not value.endswith(b"> .\n"):
            yield subject.decode()[1:-1], read_literal(value.decode().removesuffix(" .\n"))[0]


class ServerMaking:
    """The graph of a draft that is sent when the draft is an edition."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self.is_filled = False

    def give(self, quads: bytes) -> None:
        """Nothing is sent yet."""

    def displace(self, identifier: str, versions: Iterable[Entry]) -> None:
        """Nothing was sent."""

    def finish(self, differences: Differences) -> ServerGraph:
        """All that records say, in order."""
        workshop = self._workshop
        lines = SortedLines(workshop.folder / _SORTING)
        lines.add(workshop.vocabulary)
        for piece in quads(all_spoken(workshop.register, KeptReader(workshop.folder / KEPT)), workshop.uris):
            lines.add(piece)
        return ServerGraph(lines, workshop.uris, workshop.folder)

    def abandon(self) -> None:
        """There is nothing to let go of."""
