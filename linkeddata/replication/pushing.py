"""Copying the edition served now to a location, from where others pull it.

Files first, then the manifest, then the table that names it: who reads meanwhile, or after a run that broke off,
finds what was there before. What is there already is not sent again, whichever edition or run brought it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from linkeddata.catalogue import Manifest, Piece
from linkeddata.errors import RefusedForSafety, StoreError
from linkeddata.replication.index import (
    INDEX,
    MANIFESTS,
    OBJECTS,
    Index,
    is_ours,
    manifest_at,
    manifest_name,
    object_name,
    read_index,
)
from linkeddata.replication.location import Target

#: Told how many bytes are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a run did: the edition, its bytes, files and bytes that were sent, and the editions that are there now."""

    edition: int
    size: int
    files: int
    sent: int
    kept: tuple[int, ...]


def push(edition: Path, manifest: Manifest, location: Target, *, keep: int, progress: Progress) -> Pushed:
    """Copy an edition from its folder, and have it served by those who pull from now on. So many editions stay there.

    RefusedForSafety where the location has editions of another base URI, or another one of this number; StoreLocked
    where another process of this machine pushes there; StoreError where the edition was removed meanwhile.
    """
    with location.writing():
        before = read_index(location)
        _check(before, manifest, location)
        missing = _missing(manifest, location)
        sent = _send(edition, missing, location, progress)
        location.write(manifest_name(manifest.digest), manifest.written)
        if read_index(location) != before:
            raise RefusedForSafety(f"another process has pushed to {location.shown} meanwhile; run it again")
        after = _with(before, manifest, keep)
        location.write(INDEX, after.written())
        _sweep(location, after)
    return Pushed(manifest.edition, manifest.size, len(missing), sent, _sorted(after.manifests))


def rehearse_push(manifest: Manifest, location: Target, *, keep: int) -> Pushed:
    """What `push` would do, with the same refusals but for those of others who push; nothing is written."""
    before = read_index(location)
    _check(before, manifest, location)
    missing = _missing(manifest, location)
    staying = _with(before, manifest, keep).manifests
    return Pushed(manifest.edition, manifest.size, len(missing), sum(each.size for each in missing), _sorted(staying))


def _sorted(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))


def _check(before: Index, manifest: Manifest, location: Target) -> None:
    if before.current and before.base_uri != manifest.base_uri:
        raise RefusedForSafety(
            f"{location.shown} has editions named under {before.base_uri}, this one is under {manifest.base_uri}; "
            "push to another location"
        )
    if before.manifests.get(manifest.edition, manifest.digest) != manifest.digest:
        raise RefusedForSafety(
            f"{location.shown} has another edition {manifest.edition}, of another data directory; "
            "push to another location"
        )


def _missing(manifest: Manifest, location: Target) -> list[Piece]:
    """Files that are not there, each content once; one of another size was damaged, and is sent again."""
    there = location.sizes(OBJECTS)
    wanted = {each.sha256: each for each in manifest.pieces}
    return [each for each in wanted.values() if there.get(object_name(each.sha256)) != each.size]


def _send(edition: Path, pieces: list[Piece], location: Target, progress: Progress) -> int:
    sent, total = 0, sum(each.size for each in pieces)
    for each in pieces:
        if not (edition / each.path).exists():
            raise StoreError(f"edition {int(edition.name)} was removed while it was copied; run it again")
        location.send(object_name(each.sha256), edition / each.path)
        progress(sent := sent + each.size, total)
    return sent


def _with(before: Index, manifest: Manifest, keep: int) -> Index:
    """The table with an edition more, and no more than are to stay: the oldest go, never the one served."""
    known = {**before.manifests, manifest.edition: manifest.digest}
    staying = {*sorted(known)[-keep:], manifest.edition}
    return Index(manifest.edition, manifest.base_uri, {number: known[number] for number in staying})


def _sweep(location: Target, index: Index) -> None:
    """Take away what no edition needs that is there: of older ones, and of runs that broke off. What has another name
    than we give was put there by somebody else, who chose `objects` too (as Git does), and stays."""
    needed = {manifest_name(digest) for digest in index.manifests.values()}
    for number in index.manifests:
        needed |= {object_name(each.sha256) for each in manifest_at(location, index, number).pieces}
    there = [*location.sizes(MANIFESTS), *location.sizes(OBJECTS)]
    location.remove(name for name in there if is_ours(name) and name not in needed)
