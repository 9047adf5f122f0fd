"""The two faces of a graph: what its readers may ask of it, and what its one writer does with it.

The embedded store has them, and so has a SPARQL server that the institution runs itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from linkeddata.store.asking import Answer, Asker, Standing, Wish
from linkeddata.store.guard import Examined
from linkeddata.store.limits import Limits


class GraphReader(Protocol):
    """Answers our own bounded queries; a stranger's text never comes here (see `workers`).

    `keeps_order` says that pages of one query fit together without sorting.
    """

    @property
    def keeps_order(self) -> bool: ...

    def triples(self, sparql: str) -> bytes:
        """The graph a CONSTRUCT query gives, as N-Triples."""

    def rows(self, sparql: str) -> list[tuple[str | None, ...]]:
        """The rows a SELECT query gives, each value as its text."""

    def ask(self, sparql: str) -> bool:
        """What an ASK query says."""


class GraphWriter(Protocol):
    """Makes a store that nobody reads yet, or changes one that lives in a server."""

    def load(self, quads: Iterable[bytes]) -> None:
        """Add N-Quads text in pieces, cut anywhere."""

    def change(self, removed: bytes, added: bytes) -> None:
        """Take out and put in N-Quads lines, in one transaction where the store has them."""

    def optimize(self) -> None:
        """Put the store in order after a load."""

    def close(self) -> None:
        """Everything is on disk when this returns."""


class QueryPool(Protocol):
    """Answers strangers' SPARQL within limits; any number of threads may ask."""

    limits: Limits

    def __enter__(self) -> QueryPool: ...

    def __exit__(self, *_: object) -> None: ...

    def examine(self, text: str) -> Examined:
        """What a query asks for, without running it; raises what `guard.examine` does."""

    def answer(
        self,
        text: str,
        *,
        media: str,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        wish: Wish = ...,
        asker: Asker = ...,
    ) -> Answer:
        """The whole answer of a query; an error of `errors.QueryError`, or StoreError, where there is none."""

    def standing(self) -> Standing:
        """How many queries run and wait now, and how many processes were replaced so far."""

    def close(self, *, wait: bool = True) -> None:
        """End what is under way; with `wait`, at its own end."""
