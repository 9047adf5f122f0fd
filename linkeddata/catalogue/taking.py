"""The dumps of the editions that there are, found by the names of their addresses.

`latest.nq.gz` is that of the edition served now; `000042-2026-01-31.nq.gz` is that of one edition, and is
the same for as long as that edition is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linkeddata.catalogue.dump import DUMP_KINDS, DumpKind
from linkeddata.catalogue.folder import REGISTER
from linkeddata.catalogue.register import Register

LATEST: Final = "latest"
_NAME: Final = re.compile(r"(?P<number>[0-9]{6,18})-(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Offer:
    """A dump that can be fetched: what it is, its file, number and moment of issue (ISO 8601) of its edition."""

    kind: DumpKind
    file: Path
    edition: int
    issued: str

    @property
    def size(self) -> int:
        return self.file.stat().st_size

    @property
    def digest(self) -> str:
        """Its SHA-256, in hexadecimal."""
        return self.file.with_name(f"{self.file.name}.sha256").read_text("ascii").split()[0]


def offered(folder: Path, issued: str) -> list[Offer]:
    """The dumps of the edition in a folder."""
    number = int(folder.name)
    offers = (Offer(kind, folder / kind.file, number, issued) for kind in DUMP_KINDS)
    return [offer for offer in offers if offer.file.is_file()]


def dated(directory: Path, name: str) -> tuple[list[Offer], bool]:
    """The dumps of the edition that a dated name (without its ending) means, and whether there were any once.

    `directory` is that of all editions. A name with another day than that of issue means nothing.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return [], False
    folder = directory / found["number"]
    if not (folder / REGISTER).is_file():
        newest = max((int(each.name) for each in directory.glob("*") if each.name.isdecimal()), default=0)
        return [], 0 < int(found["number"]) < newest
    issued = Register(folder / REGISTER).facts["issued"]
    return (offered(folder, issued), True) if issued[:10] == found["day"] else ([], False)
