"""The two faces of a graph: what its readers may ask of it, and what its one writer does with it.

The embedded store is the only one that has them now; a remote SPARQL server would be the second.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
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
    """Makes whole stores; nothing is ever changed inside a finished one."""

    def build(self, folder: Path, quads: Iterable[bytes]) -> None:
        """Make a new store in a folder that does not exist yet, from N-Quads text in pieces."""

    def backup(self, folder: Path, target: Path) -> None:
        """Copy a finished store to a folder that does not exist yet."""
