"""Where the graph of what is published lives: with every edition, or in a SPARQL server of the institution's.

`Catalogue` chooses one home, and nobody else asks which: `embedded_home` keeps a store in the folder of every
edition, `server_home` keeps one graph in a server, that of the edition served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from linkeddata.catalogue.graph import Change
from linkeddata.catalogue.register import Entry
from linkeddata.catalogue.register_writer import RegisterWriter
from linkeddata.catalogue.server_state import ServerState
from linkeddata.store import GraphReader, Limits, QueryPool
from linkeddata.vocabulary.uris import Uris


@dataclass(frozen=True, slots=True)
class Workshop:
    """A draft, as far as its graph is concerned: its folder, that of the edition served now, the register in the
    making, statements that no record makes (as quads), and whether the draft starts from nothing."""

    folder: Path
    before: Path | None
    register: RegisterWriter
    uris: Uris
    vocabulary: bytes
    whole: bool


class Graph(Protocol):
    """The graph of a draft, which says what it will say.

    `touched` are the shared things of which more or less is said than before, None where all are to be looked
    at; `loose` is how many records were changed since the store was put in order.
    """

    touched: set[bytes] | None
    loose: int

    def labelled(self, kind: str, *, everything: bool = False) -> Iterator[tuple[str, str]]:
        """The things of a kind that can be browsed, as (URI, label): those that were touched, or all."""

    def settle(self) -> None:
        """It is in order and on disk when this returns."""

    def dump(self, file: BinaryIO) -> None:
        """Write every quad as N-Quads, of a graph that is settled."""


class Making(Protocol):
    """The graph of a draft in the making."""

    #: Whether a new store is filled while records are still being entered.
    is_filled: bool

    def give(self, quads: bytes) -> None:
        """What records say that were entered, as N-Quads, for a store that is filled."""

    def displace(self, identifier: str, versions: Iterable[Entry]) -> None:
        """Versions of a record that were given are not served after all."""

    def finish(self, differences: Differences) -> Graph:
        """Bring the graph to what the register says; all kept pieces can be read."""

    def abandon(self) -> None:
        """Let go of everything; a graph that was finished is none of this any more."""


@dataclass(frozen=True, slots=True)
class Differences:
    """How the records that are served differ from those of the edition before: rows that came or changed, each
    with its row before, and rows before that went."""

    came: list[tuple[int, int | None]]
    went: list[int]

    def __len__(self) -> int:
        return len(self.came) + len(self.went)

    def changes(self, register: RegisterWriter) -> Iterator[Change]:
        """What each of these records said before and says now."""
        entry, before = register.entry, register.entry_before
        yield from (Change((before(old),) if old else (), entry(row)) for row, old in self.came)
        yield from (Change((before(old),), None) for old in self.went)


class Home(Protocol):
    """Where graphs live."""

    def make(self, workshop: Workshop) -> Making:
        """Begin the graph of a draft."""

    def reader(self, edition: Path) -> GraphReader:
        """The graph of an edition, for our own bounded queries."""

    def open_pool(self, edition: Path, *, workers: int, limits: Limits, prefixes: Mapping[str, str]) -> QueryPool:
        """What answers strangers' SPARQL on an edition; the caller closes it."""

    def prepare(self, current: Path | None, base: str, held: int | None = None) -> None:
        """A draft is begun: the graph of what is served now (None: nothing) is as it should be, whatever happened
        to the run before. An error of ours where a graph cannot be kept there; `base` is the draft's base URI.

        `held` says that somebody else has put all of the draft's statements there already, and how many they are."""

    def settle(self, edition: Path) -> None:
        """The graph is that of this edition, which is served next, when this returns. StoreError where it cannot
        be; `prepare` mends what is left then."""

    def holds(self, number: int) -> bool:
        """Whether the graph of an edition is needed where it lives, so that its folder must stay."""

    def is_settled(self) -> bool:
        """Whether what the graph says is of one edition, and was a minute ago, too: then what has been made of it
        since may be kept."""

    def state(self, base: str) -> ServerState | None:
        """How it stands with the server where the graph lives; None where there is none."""
