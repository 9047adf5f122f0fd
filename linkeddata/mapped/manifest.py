"""The manifest of a folder of mapped records: every file with size and checksum. It is written last, so a folder
that has one is whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from linkeddata.catalogue import Translation
from linkeddata.errors import SourceError
from linkeddata.mapped.frames import read_frames
from linkeddata.record import Deletion

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A file: its path in the folder, what it weighs, its SHA-256, how many records or lines it holds; of sorted
    lines, where its range begins."""

    file: str
    bytes: int
    sha256: str
    count: int
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder holds; see the room's description. `previous` is the SHA-256 of the manifest that `insert` and
    `delete` lead on from, where there is one; `mapping` and `base_uri` are what the statements depend on."""

    base_uri: str
    mapping: str
    records: int
    statements: int
    kept: list[Listed]
    quads: list[Listed]
    insert: list[Listed] = field(default_factory=list)
    delete: list[Listed] = field(default_factory=list)
    report: Listed | None = None
    previous: str = ""
    format: int = FORMAT

    @property
    def files(self) -> Iterator[Listed]:
        yield from (*self.kept, *self.quads, *self.insert, *self.delete)
        if self.report:
            yield self.report


def is_mapped(location: str) -> bool:
    """Whether a location is a folder, which only mapped records may be loaded from."""
    return Path(location).is_dir()


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write it, by a rename; everything else has been written."""
    beside = folder / f"{MANIFEST}.part"
    with beside.open("wb") as file:
        file.write(orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        file.flush()
        os.fsync(file.fileno())
    beside.rename(folder / MANIFEST)


def read_manifest(folder: Path, *, check: bool = True) -> Manifest:
    """The manifest of a folder, once every file is there as it says (unless not to be checked).

    SourceError where there is none, it is of another kind, or a file is missing or differs.
    """
    try:
        manifest = _manifest(orjson.loads((folder / MANIFEST).read_bytes()))
    except FileNotFoundError as missing:
        raise SourceError(
            f"{folder}: there is no {MANIFEST}, so these are no mapped records, or their job did not end"
        ) from missing
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as problem:
        raise SourceError(f"{folder / MANIFEST}: cannot be read: {problem!r}") from problem
    for listed in manifest.files if check else ():
        _check(folder, listed)
    return manifest


def read_report(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """What was read, refused and why, as `Report.as_json` told it."""
    if manifest.report is None:
        raise SourceError(f"{folder / MANIFEST}: names no report")
    told: dict[str, Any] = orjson.loads((folder / manifest.report.file).read_bytes())
    return told


def records_of(folder: Path, manifest: Manifest) -> Iterator[Translation | Deletion]:
    """All records that are kept in a folder, and withdrawn ids that have a successor."""
    for listed in manifest.kept:
        with (folder / listed.file).open("rb") as file:
            yield from (kept.outcome for kept in read_frames(file, str(folder / listed.file)))


def manifest_digest(folder: Path) -> str:
    """The SHA-256 of a folder's manifest, which stands for all that is in the folder."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def _manifest(told: dict[str, Any]) -> Manifest:
    if told.get("format") != FORMAT:
        raise ValueError(f"its format is {told.get('format')!r}, and not {FORMAT}")
    lists = {name: [Listed(**each) for each in told[name]] for name in ("kept", "quads", "insert", "delete")}
    return Manifest(**{**told, **lists, "report": Listed(**told["report"]) if told["report"] else None})


def _check(folder: Path, listed: Listed) -> None:
    path = folder / listed.file
    if not path.resolve().is_relative_to(folder.resolve()):
        raise SourceError(f"{folder / MANIFEST}: names a file outside its folder: {listed.file}")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise SourceError(f"{path}: is in the manifest and cannot be read: {problem.strerror}") from problem
    if digest != listed.sha256:
        raise SourceError(f"{path}: is not what the manifest says (SHA-256 {digest}, not {listed.sha256})")
