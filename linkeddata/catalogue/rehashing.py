"""The register of an edition of which the hashes were made otherwise, with hashes as they are made now.

They are what a draft is held against: without this, all that did not change since would get new dates.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from linkeddata.catalogue.folder import KEPT, REGISTER
from linkeddata.catalogue.kept import KeptReader, Pieces
from linkeddata.catalogue.translation import HASHES, digest, fingerprint
from linkeddata.errors import StoreError

#: An edition that does not say has those of before (BLAKE2b).
FACT: Final = "hashes"
_ALL: Final = """
SELECT row, segment, start, statements, document, mined, clues FROM record ORDER BY segment, start
"""
_SET: Final = "UPDATE record SET source_hash = ?, fingerprint = ? WHERE row = ?"


def register_as_of_now(edition: Path, target: Path) -> Path:
    """The register of an edition where its hashes are of now, else a copy at `target` in which they are.

    Where pieces are damaged, the old hashes stay: what is put in their place counts as changed.
    """
    if _hashes(edition / REGISTER) == HASHES:
        return edition / REGISTER
    shutil.copyfile(edition / REGISTER, target)
    with suppress(StoreError), closing(sqlite3.connect(target, isolation_level=None)) as db:
        # Nobody needs the copy if this fails half-way.
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        db.execute("BEGIN")
        # They are sorted, so all are read before the first is changed.
        db.executemany(_SET, _hashed(db.execute(_ALL), KeptReader(edition / KEPT)))
        db.execute("COMMIT")
    return target


def _hashes(register: Path) -> str | None:
    """What the hashes in a register are."""
    with closing(sqlite3.connect(f"{register.resolve().as_uri()}?immutable=1", uri=True)) as db:
        row: tuple[str] | None = db.execute("SELECT value FROM fact WHERE name = ?", (FACT,)).fetchone()
    return row[0] if row else None


def _hashed(rows: Iterator[tuple[int, ...]], kept: KeptReader) -> Iterator[tuple[bytes, bytes, int]]:
    for row, *where in rows:
        pieces = Pieces(*where)
        with suppress(StoreError):
            said = kept.statements(pieces), kept.mined(pieces)
            yield digest(kept.source(pieces)), fingerprint(*said), row
