"""What is published: one data directory with its numbered editions, and the draft of the next.

`Catalogue(directory)` is the door: `begin` a draft, open the `current` edition.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linkeddata.catalogue.changes import Change, Changes
from linkeddata.catalogue.draft import Draft
from linkeddata.catalogue.edition import Description, Edition, Listed, Listing, Tombstone
from linkeddata.catalogue.lock import holder as writer_of
from linkeddata.catalogue.lock import locked
from linkeddata.catalogue.offers import DUMP, STORE, DocumentWriter
from linkeddata.catalogue.register import Entry
from linkeddata.catalogue.taking import LATEST, Offer, dated, offered
from linkeddata.catalogue.translation import Said, Source, Translation, translation
from linkeddata.errors import NothingPublished, RefusedForSafety
from linkeddata.store import Answer, Form, Pool
from linkeddata.store import Limits as QueryLimits
from linkeddata.vocabulary.uris import Uris

__all__ = [
    "DUMP",
    "LATEST",
    "STORE",
    "Answer",
    "Catalogue",
    "Change",
    "Changes",
    "Description",
    "DocumentWriter",
    "Draft",
    "Edition",
    "Entry",
    "Form",
    "Listed",
    "Listing",
    "Offer",
    "Pool",
    "QueryLimits",
    "Said",
    "Source",
    "Tombstone",
    "Translation",
    "dated",
    "offered",
    "translation",
    "writer_of",
]

_NUMBER = re.compile(r"[0-9]{6,}")


class Catalogue:
    """One data directory."""

    def __init__(self, directory: Path, keep: int = 5) -> None:
        """`keep` is how many editions stay when a new one is issued; the oldest go first, never the current."""
        self.directory = directory
        self._keep = keep

    def current_folder(self) -> Path | None:
        """The folder of the edition served now, or None; cheap enough to ask at every request."""
        link = self.directory / "current"
        return self.directory / link.readlink() if link.is_symlink() else None

    def current(self) -> Edition:
        """The edition served now; NothingPublished where there is none."""
        folder = self.current_folder()
        if folder is None:
            raise NothingPublished(f"nothing is published in {self.directory} yet; run: linkeddata load FILE")
        return Edition(folder)

    @contextmanager
    def begin(self, uris: Uris, *, rebase: bool = False) -> Iterator[Draft]:
        """A draft of a whole new edition, the directory being locked meanwhile.

        StoreLocked where another process writes; RefusedForSafety where the edition served now has
        another base URI and `rebase` was not asked for.
        """
        with locked(self.directory):
            self._check_base(uris, rebase=rebase)
            draft = Draft(self.directory, uris, max(self.numbers(), default=0) + 1)
            try:
                yield draft
            finally:
                draft.close()
            self._prune()

    def numbers(self) -> list[int]:
        """The numbers of the editions there are, oldest first."""
        folders = (self.directory / "editions").glob("*")
        return sorted(int(folder.name) for folder in folders if _NUMBER.fullmatch(folder.name))

    def _prune(self) -> None:
        current = self.current_folder()
        for number in self.numbers()[: -self._keep]:
            folder = self.directory / "editions" / f"{number:06d}"
            if folder != current:
                shutil.rmtree(folder)

    def _check_base(self, uris: Uris, *, rebase: bool) -> None:
        folder = self.current_folder()
        if folder is None or rebase:
            return
        base = Edition(folder).uris.base
        if base != uris.base:
            raise RefusedForSafety(
                f"what is published is named under {base}, the configuration says {uris.base}; "
                "every URI would change (load --rebase does it)"
            )
