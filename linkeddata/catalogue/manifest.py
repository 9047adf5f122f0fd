"""What an edition consists of, so that a copy can be told to be one: every file with its size and checksum.

The same files give the same bytes of a manifest, so the checksum of these is what an edition is known by
wherever it is copied to; its number alone says nothing, as another data directory has one of that number, too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson

from linkeddata.catalogue.folder import ORDERED, REGISTER, STORE
from linkeddata.catalogue.register import Register
from linkeddata.errors import RefusedForSafety, SourceError, StoreError

#: In the folder of an edition that was copied.
MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
#: What the store notes of its own doings, and locks by; a copy without them answers alike.
_NOT_COPIED: Final = re.compile(rf"{STORE}/(LOG|LOG\.old\..*|LOCK)|{re.escape(MANIFEST)}")
#: A path that stays within the folder it is joined to, whoever wrote it.
_PATH: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}/){0,4}[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOST_FILES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of an edition: its path in the folder, its bytes, and the SHA-256 of them."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """An edition's number, what its URIs begin with, when it was issued, and its files by path."""

    edition: int
    base_uri: str
    issued: str
    pieces: tuple[Piece, ...]

    @cached_property
    def written(self) -> bytes:
        """As it is kept, the same for the same edition."""
        told = {
            "format": _FORMAT,
            "edition": self.edition,
            "base_uri": self.base_uri,
            "issued": self.issued,
            "files": [{"path": each.path, "size": each.size, "sha256": each.sha256} for each in self.pieces],
        }
        return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @cached_property
    def digest(self) -> str:
        """What the edition is known by."""
        return hashlib.sha256(self.written).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum({each.sha256: each.size for each in self.pieces}.values())

    def check_base(self, base: str) -> None:
        """RefusedForSafety where a site whose URIs begin otherwise would serve a copy."""
        if self.base_uri != base:
            raise RefusedForSafety(
                f"edition {self.edition} is named under {self.base_uri}, the configuration says {base}; "
                "a copy needs the same site.base_uri"
            )


def manifest_of(edition: Path, passed: Callable[[int], None] = lambda _: None) -> Manifest:
    """The manifest of an edition in its folder, all of which is read; `passed` is told the bytes so far.

    StoreError where a file cannot be read, or the edition's graph is not in it but in a SPARQL server.
    """
    if (edition / ORDERED).exists():
        raise StoreError(
            f"the graph of edition {int(edition.name)} is in a SPARQL server, so its folder is no whole copy; "
            "a web process beside it needs the same data directory"
        )
    facts, pieces, size = Register(edition / REGISTER).facts, [], 0
    try:
        for path in _copied(edition):
            pieces.append(Piece(path, (edition / path).stat().st_size, checksum(edition / path)))
            passed(size := size + pieces[-1].size)
    except OSError as gone:
        raise StoreError(f"edition {int(edition.name)} cannot be read, or was removed meanwhile: {gone}") from gone
    return Manifest(int(edition.name), facts["base_uri"], facts["issued"], tuple(pieces))


def _copied(edition: Path) -> Iterator[str]:
    paths = sorted(file.relative_to(edition).as_posix() for file in edition.rglob("*") if file.is_file())
    return (path for path in paths if not _NOT_COPIED.fullmatch(path))


def checksum(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def read_manifest(text: bytes, place: str) -> Manifest:
    """A manifest as it was kept at a place that may not be ours; SourceError, naming the place, where it is none, or
    names what no edition has."""
    told = read_object(text, place)
    try:
        pieces = tuple(Piece(each["path"], each["size"], each["sha256"]) for each in told["files"])
        found = Manifest(told["edition"], told["base_uri"], told["issued"], pieces)
    except (KeyError, TypeError) as missing:
        raise SourceError(f"{place}: no manifest of an edition: {missing}") from missing
    if not (_is_fit(found) and found.written == text):
        raise SourceError(f"{place}: no manifest of an edition")
    return found


def _is_fit(found: Manifest) -> bool:
    if not all(map(_is_piece, found.pieces)):
        return False
    paths = {each.path for each in found.pieces}
    return (
        is_number(found.edition)
        and isinstance(found.base_uri, str)
        and isinstance(found.issued, str)
        and REGISTER in paths
        and len(paths) == len(found.pieces) <= _MOST_FILES
    )


def _is_piece(piece: Piece) -> bool:
    sized = isinstance(piece.size, int) and piece.size >= 0
    return sized and is_digest(piece.sha256) and isinstance(piece.path, str) and bool(_PATH.fullmatch(piece.path))


def is_digest(value: object) -> bool:
    """Whether it is a SHA-256 as we write it, and so may be the name of a file."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def is_number(value: object) -> bool:
    """Whether it may be the number of an edition."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**12


def read_object(text: bytes, place: str) -> dict[str, Any]:
    """A JSON object in the format that we know; SourceError, naming the place, where it is none."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise SourceError(f"{place}: not JSON: {error}") from error
    if not isinstance(told, dict) or "format" not in told:
        raise SourceError(f"{place}: nothing that linkeddata push has written")
    if told["format"] != _FORMAT:
        raise SourceError(
            f"{place}: written in format {told['format']!r}, by a later version than this one; upgrade first"
        )
    return told
