"""What is published: one data directory with its numbered editions, and the draft of the next.

`Catalogue(directory)` is the door: `begin` a draft, open the `current` edition, go back to an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from linkeddata.catalogue import folder
from linkeddata.catalogue.changes import Change, Changes
from linkeddata.catalogue.coming import coming
from linkeddata.catalogue.draft import Draft
from linkeddata.catalogue.edition import Description, Edition, Listed, Listing
from linkeddata.catalogue.embedded_home import EmbeddedHome
from linkeddata.catalogue.filling import Filling
from linkeddata.catalogue.folder import CURRENT, DUMP, STORE
from linkeddata.catalogue.home import Home
from linkeddata.catalogue.lock import locked, writer
from linkeddata.catalogue.manifest import Manifest, Piece, manifest_of
from linkeddata.catalogue.marks import read_marks, write_marks
from linkeddata.catalogue.offers import DocumentWriter
from linkeddata.catalogue.register import Entry, Mark, Tombstone
from linkeddata.catalogue.replica import Arrival, Origin, read_origin, refuse_replica, refuse_written, write_origin
from linkeddata.catalogue.server_home import ServerHome
from linkeddata.catalogue.server_state import ServerState
from linkeddata.catalogue.taking import LATEST, Offer, dated, offered
from linkeddata.catalogue.translation import HASHES, Said, Source, Translation, digest, translation
from linkeddata.errors import EditionForbidden, NothingPublished, RefusedForSafety, StoreError
from linkeddata.store import SERVERS, Answer, Asker, Form, QueryPool, Server, Standing
from linkeddata.store import Limits as QueryLimits
from linkeddata.store import Wish as QueryWish
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.uris import Uris

__all__ = [
    "DUMP",
    "HASHES",
    "LATEST",
    "SERVERS",
    "STORE",
    "Answer",
    "Arrival",
    "Asker",
    "Catalogue",
    "Change",
    "Changes",
    "Description",
    "DocumentWriter",
    "Draft",
    "Edition",
    "Entry",
    "Filling",
    "Form",
    "Listed",
    "Listing",
    "Manifest",
    "Mark",
    "Offer",
    "Origin",
    "Piece",
    "QueryLimits",
    "QueryPool",
    "QueryWish",
    "Said",
    "Server",
    "ServerState",
    "Source",
    "Standing",
    "Tombstone",
    "Translation",
    "dated",
    "digest",
    "manifest_of",
    "offered",
    "translation",
]


class Catalogue:
    """One data directory."""

    def __init__(self, directory: Path, keep: int = 5, server: Server | None = None) -> None:
        """`keep` is how many editions stay when a new one is issued; the oldest go first, never the current.
        The graph lives in the editions, or in a `server`."""
        self.directory = directory
        self._place = str(directory)
        self._keep = keep
        self._home: Home = ServerHome(server, directory) if server else EmbeddedHome()

    def current_folder(self) -> Path | None:
        """The folder of the edition served now, or None."""
        return folder.current_folder(self.directory)

    def current_mark(self) -> str | None:
        """What tells the edition served now from others, or None; cheap enough to ask at every request."""
        return folder.current_mark(self._place)

    def current(self) -> Edition:
        """The edition served now; NothingPublished where there is none, EditionOutdated for one of another version."""
        edition = self.current_pieces()
        edition.check_store()
        return edition

    def current_pieces(self) -> Edition:
        """The edition served now, for what is kept of its records: its store may be of another version."""
        found = self.current_folder()
        if found is None:
            raise self._nothing_served()
        return self._edition(found)

    @contextmanager
    def begin(
        self,
        uris: Uris,
        vocabulary: Iterable[Statement] = (),
        *,
        mapping: str | None = None,
        rebase: bool = False,
        held: int | None = None,
    ) -> Iterator[Draft]:
        """A draft of the next edition, the directory being locked meanwhile: one that starts from the edition
        served now where that was made by the same `mapping`, else a whole new one. `vocabulary` are
        statements that no record makes; `held` says that the SPARQL server's own loader has put all statements of
        the draft there, so many, and nothing is to be sent.

        StoreLocked where another process writes; RefusedForSafety where the edition served now has
        another base URI and `rebase` was not asked for, or was copied here; EditionOutdated where a draft would
        have to start from a store of another version.
        """
        with folder.told_when_full(self.directory), locked(self.directory):
            refuse_replica(self.directory)
            self._check_base(uris, rebase=rebase)
            before = self.current_folder()
            whole = self._starts_anew(before, mapping)
            self._home.prepare(before, uris.base, held)
            with folder.workshop(self.directory):
                number = max(self.numbers(), default=0) + 1
                with Draft(self.directory, self._home, uris, number, before, vocabulary, whole=whole) as draft:
                    yield draft
            self._prune()

    def _starts_anew(self, before: Path | None, mapping: str | None) -> bool:
        """Whether a draft by a mapping has nothing to start from; EditionOutdated where it has, of another version."""
        if before is None and mapping is not None and any(map(self._is_sound, self._left_over())):
            raise self._nothing_served()
        if before is None or mapping is None:
            return True
        edition = self._edition(before)
        edition.check_store()
        return edition.facts.get("mapping") != mapping

    @contextmanager
    def arriving(self, manifest: Manifest, uris: Uris) -> Iterator[Arrival]:
        """A copy of an edition on its way here, the directory being locked meanwhile; what was fetched stays for
        the next run, whatever happens within.

        StoreLocked where another process writes; RefusedForSafety where the edition has another base URI than is
        configured, where what is published here was loaded here, and where there is another edition of its number.
        """
        manifest.check_base(uris.base)
        with folder.told_when_full(self.directory), locked(self.directory):
            folder.clear(self.directory)
            refuse_written(self.directory)
            yield Arrival(self.directory, manifest)

    def awaited(self, manifest: Manifest, uris: Uris) -> Arrival:
        """What `arriving` would begin with, with the same refusals but for the lock: nothing may be done with it but
        to look."""
        manifest.check_base(uris.base)
        refuse_written(self.directory)
        return Arrival(self.directory, manifest)

    def take(self, arrival: Arrival, origin: Origin) -> None:
        """Serve a copy, all files of which are here; StoreError where it does not answer, which is removed then."""
        if not arrival.is_here:
            try:
                self._edition(arrival.put_together()).warm_up()
            except StoreError:
                folder.clear(self.directory)
                raise
        write_origin(self.directory, origin)
        arrival.serve()
        self._prune()

    def origin(self) -> Origin | None:
        """Where what is served was copied from; None where it was loaded here."""
        return read_origin(self.directory)

    def numbers(self) -> list[int]:
        """The numbers of the editions there are, oldest first."""
        return folder.numbers(self.directory)

    def edition(self, number: int) -> Edition:
        """The edition of a number; StoreError where there is none, it is damaged, or of another version."""
        edition = self._edition(folder.edition_folder(self.directory, number))
        edition.check_store()
        return edition

    def roll_back(self, number: int | None = None) -> int:
        """Serve another edition, by default the one before; gives its number.

        NothingPublished where there is no such edition, StoreError where it is damaged; StoreLocked where another
        process writes.
        """
        with locked(self.directory):
            wanted = self.edition_to_roll_back_to(number)
            self._home.settle(wanted.folder)
            folder.serve(self.directory, wanted.folder)
            return wanted.number

    def edition_to_roll_back_to(self, number: int | None = None) -> Edition:
        """What `roll_back` would serve; the same errors, but that it needs no lock."""
        served = self.current_folder()
        current = int(served.name) if served else 0
        known = self.numbers()
        if not known:
            raise self._nothing_served()
        # Where the link is lost, the newest was served.
        before = (n for n in known if n < current or served is None)
        wanted = number if number is not None else max(before, default=0)
        if wanted not in known:
            told = ", ".join(map(str, known))
            raise NothingPublished(f"there is no edition {wanted or 'before the current one'}; there are: {told}")
        return self.edition(wanted)

    def is_settled(self) -> bool:
        """Whether all that the graph says is of the edition served; a server is between two during a switch, and
        what is made of it then must not be kept. Cheap enough to ask at every request."""
        return self._home.is_settled()

    def server(self, base: str) -> ServerState | None:
        """What is found in the SPARQL server that keeps the graph, None where there is none; may take half a minute.
        `base` is what the names of our own graphs begin with."""
        return self._home.state(base)

    def coming(self) -> datetime | None:
        """When the edition that is being made now can be expected; None where none is being made, or none is served."""
        return coming(self.directory)

    def writer(self) -> str | None:
        """The pid of the process that writes here now, or None."""
        return writer(self.directory)

    def marks(self) -> dict[str, Mark]:
        """How far each source has been harvested."""
        edition = self.current()
        return edition.marks() | read_marks(self.directory, edition.number)

    def note_marks(self, marks: Mapping[str, Mark]) -> None:
        """Remember how far sources were harvested by a run that changed nothing."""
        write_marks(self.directory, self.current().number, marks)

    def _edition(self, found: Path) -> Edition:
        try:
            return Edition(found, self._home)
        except StoreError as damage:
            if forbidden := folder.forbidden(found):
                raise EditionForbidden(
                    f"edition {int(found.name)} is there, but this user has no right to read {forbidden}"
                ) from damage
            raise StoreError(f"edition {int(found.name)} is damaged: {damage}; {self._way_out(found)}") from damage

    def _left_over(self) -> list[int]:
        """Where nothing is served, the editions of which one must have been: the link is lost. Never because a run was
        killed: that leaves a note of the edition that it had begun to serve."""
        return [] if folder.announced(self.directory) else self.numbers()

    def _is_sound(self, number: int) -> bool:
        """Whether an edition can be opened, perhaps by somebody else."""
        try:
            self._edition(folder.edition_folder(self.directory, number))
        except EditionForbidden:
            return True
        except StoreError:
            return False
        return True

    def _nothing_served(self) -> NothingPublished:
        if there := self._left_over():
            told = f"there are editions {', '.join(map(str, there))}, but no link {self.directory / CURRENT} to one"
            return NothingPublished(f"{told}; linkeddata rollback serves the newest")
        return NothingPublished(f"nothing is published in {self.directory} yet; run: linkeddata load FILE")

    def _way_out(self, damaged: Path) -> str:
        if any(number < int(damaged.name) for number in self.numbers()):
            return "linkeddata rollback serves the one before it"
        again = f"remove {self.directory / CURRENT} and load again, or update"
        return f"there is none before it for linkeddata rollback: {again}"

    def _prune(self) -> None:
        current = self.current_folder()
        for number in self.numbers()[: -self._keep]:
            old = folder.edition_folder(self.directory, number)
            if old != current and not self._home.holds(number):
                folder.remove(old)

    def _check_base(self, uris: Uris, *, rebase: bool) -> None:
        found = self.current_folder()
        if found is None or rebase:
            return
        base = self._edition(found).uris.base
        if base != uris.base:
            raise RefusedForSafety(
                f"what is published is named under {base}, the configuration says {uris.base}; "
                "every URI would change (load --rebase does it)"
            )
