"""The format of the files of an embedded store, and what stands in for one that this version does not read.

What the records' pieces are kept in has no part in it, so that an edition of another format can be made anew from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from linkeddata.catalogue.folder import STORE
from linkeddata.errors import StoreError

#: To be raised with every engine that does not read the files of the one before.
STORE_FORMAT: Final = "1"
FACT: Final = "store_format"


def fits(folder: Path, facts: Mapping[str, str]) -> bool:
    """Whether the store of an edition, where it has one, is of our format; those that do not say are of the first."""
    return facts.get(FACT, "1") == STORE_FORMAT or not (folder / STORE).exists()


class NoStore:
    """In place of a store that an edition does not have, or that cannot be read; whoever asks it gets an error."""

    keeps_order = True

    def __init__(self, error: StoreError) -> None:
        self._error = error

    def triples(self, _sparql: str) -> bytes:
        raise self._error

    def rows(self, _sparql: str) -> list[tuple[str | None, ...]]:
        raise self._error

    def ask(self, _sparql: str) -> bool:
        raise self._error
