"""The two faces of a graph: what its readers may ask of it, and what its one writer does with it.

The embedded store is the only one that has them now; a remote SPARQL server would be the second.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Protocol


class GraphReader(Protocol):
    """Answers our own bounded queries; a stranger's text never comes here (see `workers`)."""

    def triples(self, sparql: str) -> bytes:
        """The graph a CONSTRUCT query gives, as N-Triples."""

    def rows(self, sparql: str) -> list[tuple[str | None, ...]]:
        """The rows a SELECT query gives, each value as its text."""

    def ask(self, sparql: str) -> bool:
        """What an ASK query says."""

    def count(self) -> int:
        """The number of quads."""

    def dump(self, file: BinaryIO) -> None:
        """Write every quad as N-Quads."""


class GraphWriter(Protocol):
    """Makes a store that nobody reads yet; nothing is ever changed inside a finished one."""

    def load(self, quads: Iterable[bytes]) -> None:
        """Add N-Quads text in pieces, cut anywhere."""

    def change(self, removed: bytes, added: bytes) -> None:
        """Take out and put in N-Quads lines, in one transaction where the store has them."""

    def optimize(self) -> None:
        """Put the store in order after a load."""

    def close(self) -> None:
        """Everything is on disk when this returns."""
