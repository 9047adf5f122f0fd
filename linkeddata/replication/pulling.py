"""Copying the edition that was pushed last from a location into a data directory, and serving it.

What is fetched is compared with its checksum before it counts. A run that breaks off, or is killed, leaves what it
fetched for the next one; until all is there, and was opened once, what was served is served still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from linkeddata.catalogue import Arrival, Catalogue, Manifest, Origin, Piece
from linkeddata.errors import SourceError
from linkeddata.replication.index import manifest_at, object_name, read_index
from linkeddata.replication.location import Source
from linkeddata.vocabulary.uris import Uris

#: Told how many bytes are done, of how many.
Progress = Callable[[int, int], None]
#: What is continued may be wrong from the beginning; fetched anew, it is the location's fault.
_TRIES: Final = 2


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a run did: the edition, its bytes, the files and bytes fetched, and whether it was served before."""

    edition: int
    size: int
    files: int
    fetched: int
    was_served: bool


def pull(catalogue: Catalogue, uris: Uris, location: Source, *, now: Callable[[], str], progress: Progress) -> Pulled:
    """Serve the edition that was pushed last, be it newer or older than the one served; `now` gives the time.

    NothingPublished where nothing was pushed; SourceError where the location cannot be read, or a file there is cut
    or damaged, which is named; StoreLocked, DiskFull, and RefusedForSafety as `Catalogue.arriving` says.
    """
    index = read_index(location)
    manifest = manifest_at(location, index, index.current)
    with catalogue.arriving(manifest, uris) as arrival:
        was_served = arrival.is_served
        missing = [] if arrival.is_here else arrival.missing()
        fetched = _fetch_all(missing, arrival, manifest, location, progress)
        catalogue.take(arrival, Origin(location.shown, manifest.edition, manifest.digest, now()))
    return Pulled(manifest.edition, manifest.size, len(missing), fetched, was_served)


def rehearse_pull(catalogue: Catalogue, uris: Uris, location: Source) -> Pulled:
    """What `pull` would do, with the same refusals but for the lock; nothing is fetched but tables, or written."""
    index = read_index(location)
    manifest = manifest_at(location, index, index.current)
    arrival = catalogue.awaited(manifest, uris)
    lacking = [] if arrival.is_here else arrival.lacking()
    arrival.check_room(lacking)
    size = sum(each.size for each in lacking)
    return Pulled(manifest.edition, manifest.size, len(lacking), size, arrival.is_served)


def _fetch_all(missing: list[Piece], arrival: Arrival, manifest: Manifest, location: Source, progress: Progress) -> int:
    total, done = sum(each.size for each in missing), 0
    arrival.check_room(missing)

    def passed(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    for each in missing:
        _fetch(each, arrival, manifest, location, passed)
    return done


def _fetch(piece: Piece, arrival: Arrival, manifest: Manifest, location: Source, passed: Callable[[int], None]) -> None:
    part = arrival.begun(piece)
    for _ in range(_TRIES):
        continued = part.exists()
        part.touch()
        location.fetch(object_name(piece.sha256), part, piece.size, passed)
        if arrival.fetched(piece):
            return
        if not continued:
            break
    raise SourceError(
        f"{location.shown}/{object_name(piece.sha256)} ({piece.path} of edition {manifest.edition}) is cut or damaged; "
        "remove it there and push again; what was served is served still"
    )
