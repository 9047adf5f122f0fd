"""A data directory whose editions are copies: where they come from is noted beside them, and nothing else writes it.

pulled/         files on their way; what is whole is called by its checksum, what is not yet ends in .part
replica.json    where the edition served was copied from, and when
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from linkeddata.catalogue import folder
from linkeddata.catalogue.manifest import MANIFEST, Manifest, Piece, checksum
from linkeddata.errors import DiskFull, RefusedForSafety, StoreError

_NOTE: Final = "replica.json"
_PULLED: Final = "pulled"
#: Room beside the files themselves, for names and what else writes there.
_SPARE: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a copy came from: the location, the edition's number and its manifest's checksum, and when (ISO 8601)."""

    location: str
    edition: int
    manifest: str
    pulled: str


def read_origin(directory: Path) -> Origin | None:
    """Where what is served here was copied from; None where this directory is written by load and update.

    StoreError where the note of it is damaged.
    """
    note = directory / _NOTE
    try:
        return Origin(**json.loads(note.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as problem:
        raise StoreError(f"{note} is damaged ({problem}); remove it, and pull again") from problem


def write_origin(directory: Path, origin: Origin) -> None:
    """Note that this directory holds copies."""
    beside = directory / f"{_NOTE}.unfinished"
    beside.write_text(json.dumps(asdict(origin)), "utf-8")
    folder.sync(beside)
    beside.rename(directory / _NOTE)
    folder.sync(directory)


def refuse_replica(directory: Path) -> None:
    """RefusedForSafety where this directory holds copies: a run would begin an edition that its origin has not."""
    if origin := read_origin(directory):
        raise RefusedForSafety(
            f"{directory} is a replica of {origin.location}, and the next linkeddata pull would undo what is written "
            f"here; to make it the one that is written from now on, remove {directory / _NOTE}"
        )


def refuse_written(directory: Path) -> None:
    """RefusedForSafety where something is published here that was not copied."""
    if read_origin(directory) is None and folder.numbers(directory):
        raise RefusedForSafety(
            f"{directory} holds editions that were loaded here, and is no replica; "
            "pull into another data directory (--data, setting store.path)"
        )


class Arrival:
    """An edition on its way into a directory that is locked."""

    def __init__(self, directory: Path, manifest: Manifest) -> None:
        """RefusedForSafety where there is another edition of this number."""
        self._directory, self._manifest = directory, manifest
        self._pulled = directory / _PULLED
        self._edition = folder.edition_folder(directory, manifest.edition)
        self._own: dict[int, list[Path]] = {}
        self._checksums: dict[Path, str] = {}
        if self.is_here and _known_as(self._edition) != manifest.digest:
            raise RefusedForSafety(
                f"there is another edition {manifest.edition} in {directory} than the one that was pushed; "
                "pull into an empty data directory"
            )

    @property
    def is_here(self) -> bool:
        """Whether the edition is in its place already."""
        return self._edition.exists()

    @property
    def is_served(self) -> bool:
        """Whether it is what is served."""
        return folder.current_folder(self._directory) == self._edition

    def missing(self) -> list[Piece]:
        """The files that are to be fetched, each content once: not those that were fetched by a run that broke off,
        nor those that another edition here has, which are read and compared."""
        self._pulled.mkdir(parents=True, exist_ok=True)
        self._own = _by_size(self._directory)
        wanted = self._wanted()
        self._drop_strange(wanted)
        return [piece for piece in wanted.values() if not self._has(piece)]

    def lacking(self) -> list[Piece]:
        """What would be `missing`; nothing is written."""
        self._own = _by_size(self._directory)
        there = {file.name for file in self._pulled.glob("*")}
        wanted = self._wanted().values()
        return [piece for piece in wanted if piece.sha256 not in there and self._own_copy(piece) is None]

    def _wanted(self) -> dict[str, Piece]:
        return {piece.sha256: piece for piece in self._manifest.pieces}

    def _drop_strange(self, wanted: Mapping[str, Piece]) -> None:
        """Remove what was fetched for an edition that is not the one wanted now."""
        for file in self._pulled.iterdir():
            if file.name.removesuffix(".part") not in wanted:
                file.unlink()

    def _has(self, piece: Piece) -> bool:
        whole = self._pulled / piece.sha256
        if whole.exists():
            return True
        if own := self._own_copy(piece):
            whole.hardlink_to(own)
        return own is not None

    def _own_copy(self, piece: Piece) -> Path | None:
        """The same file in an edition that is here."""
        for own in self._own.get(piece.size, ()):
            if own not in self._checksums:
                self._checksums[own] = checksum(own)
            if self._checksums[own] == piece.sha256:
                return own
        return None

    def check_room(self, pieces: list[Piece]) -> None:
        """DiskFull where there is no room for what is to be fetched."""
        begun = sum(file.stat().st_size for file in self._pulled.glob("*.part"))
        place = next(each for each in (self._directory, *self._directory.absolute().parents) if each.exists())
        needed, free = sum(piece.size for piece in pieces) - begun + _SPARE, shutil.disk_usage(place).free
        if needed > free:
            raise DiskFull(
                f"there is no room left on the disk of {self._directory}: {needed >> 20} MiB are needed for edition "
                f"{self._manifest.edition}, {free >> 20} MiB are free; what was served is served still"
            )

    def begun(self, piece: Piece) -> Path:
        """Where a file is fetched to; what is there of it was fetched before."""
        return self._pulled / f"{piece.sha256}.part"

    def fetched(self, piece: Piece) -> bool:
        """Whether a file that was fetched is what it should be; then it is on disk, else it is removed."""
        part = self.begun(piece)
        if part.stat().st_size != piece.size or checksum(part) != piece.sha256:
            part.unlink()
            return False
        folder.sync(part)
        part.rename(self._pulled / piece.sha256)
        return True

    def put_together(self) -> Path:
        """The edition, from files that are all here; everything is on disk when this returns, and nothing is served."""
        folder.sync(self._pulled)
        beside = self._directory / folder.EDITIONS / f"{self._edition.name}.unfinished"
        shutil.rmtree(beside, ignore_errors=True)
        for piece in self._manifest.pieces:
            file = beside / piece.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.hardlink_to(self._pulled / piece.sha256)
        (beside / MANIFEST).write_bytes(self._manifest.written)
        folder.sync(beside / MANIFEST)
        for place, _, _ in os.walk(beside, topdown=False):
            folder.sync(Path(place))
        folder.announce(self._directory, self._edition)
        beside.rename(self._edition)
        folder.sync(self._edition.parent)
        return self._edition

    def serve(self) -> None:
        """Serve the edition: one rename. What was fetched needs no second name any more."""
        if self.is_announced:
            folder.serve_next(self._directory)
        elif not self.is_served:
            folder.serve(self._directory, self._edition)
        shutil.rmtree(self._pulled, ignore_errors=True)

    @property
    def is_announced(self) -> bool:
        """Whether it was put together by this run."""
        return folder.announced(self._directory) == self._edition


def _known_as(edition: Path) -> str:
    """The checksum of the manifest that an edition was copied with; empty where it was not copied."""
    manifest = edition / MANIFEST
    return checksum(manifest) if manifest.exists() else ""


def _by_size(directory: Path) -> dict[int, list[Path]]:
    """The files of all editions by their sizes, each once though many editions share it."""
    found: dict[int, dict[int, Path]] = {}
    for file in _files(directory):
        told = file.stat()
        found.setdefault(told.st_size, {}).setdefault(told.st_ino, file)
    return {size: list(files.values()) for size, files in found.items()}


def _files(directory: Path) -> Iterator[Path]:
    editions = (folder.edition_folder(directory, number) for number in folder.numbers(directory))
    return (file for edition in editions for file in edition.rglob("*") if file.is_file())
