"""The table of a location: which editions there are, and which of them is to be served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from linkeddata.catalogue.manifest import Manifest, is_digest, is_number, read_manifest, read_object
from linkeddata.errors import NothingPublished, SourceError
from linkeddata.replication.location import Source

INDEX: Final = "editions.json"
MANIFESTS: Final = "manifests"
OBJECTS: Final = "objects"


@dataclass(frozen=True, slots=True)
class Index:
    """The number of the edition to be served, what all URIs begin with, and the checksums of manifests by number."""

    current: int = 0
    base_uri: str = ""
    manifests: Mapping[int, str] = field(default_factory=dict)

    def written(self) -> bytes:
        """As it is kept."""
        editions = [{"edition": number, "manifest": digest} for number, digest in sorted(self.manifests.items())]
        told = {"format": 1, "current": self.current, "base_uri": self.base_uri, "editions": editions}
        return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def manifest_name(digest: str) -> str:
    """Where a manifest is."""
    return f"{MANIFESTS}/{digest}.json"


def object_name(digest: str) -> str:
    """Where a file is."""
    return f"{OBJECTS}/{digest}"


def is_ours(name: str) -> bool:
    """Whether a name is that of a manifest or a file of an edition; a location may hold what others put there.

    >>> is_ours(object_name("0" * 64)), is_ours(manifest_name("0" * 64)), is_ours("objects/pack/a.idx")
    (True, True, False)
    """
    digest = name.rpartition("/")[2].removesuffix(".json")
    return is_digest(digest) and name in {manifest_name(digest), object_name(digest)}


def read_index(location: Source) -> Index:
    """What a location has; an empty one where nothing was pushed there. SourceError where it is something else."""
    text, place = location.read(INDEX), f"{location.shown}/{INDEX}"
    if text is None:
        return Index()
    told = read_object(text, place)
    try:
        manifests = {each["edition"]: each["manifest"] for each in told["editions"]}
        found = Index(told["current"], told["base_uri"], manifests)
    except (KeyError, TypeError) as missing:
        raise SourceError(f"{place}: nothing that linkeddata push has written: {missing}") from missing
    numbers = (found.current, *manifests)
    if not (all(map(is_number, numbers)) and all(map(is_digest, manifests.values())) and found.current in manifests):
        raise SourceError(f"{place}: nothing that linkeddata push has written")
    return found


def manifest_at(location: Source, index: Index, number: int) -> Manifest:
    """The manifest of an edition; NothingPublished where nothing was pushed, SourceError where it is damaged."""
    if number not in index.manifests:
        raise NothingPublished(f"nothing was pushed to {location.shown} yet; run there: linkeddata push LOCATION")
    digest = index.manifests[number]
    place = f"{location.shown}/{manifest_name(digest)}"
    text = location.read(manifest_name(digest))
    if text is None:
        raise SourceError(f"{place}: it is not there")
    found = read_manifest(text, place)
    if found.digest != digest or found.edition != number:
        raise SourceError(f"{place}: damaged, its checksum is another")
    return found
