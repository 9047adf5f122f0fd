"""A folder of mapped records as the batches that a translating process hands on, if it was mapped as here it would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from linkeddata.catalogue import Filling, Translation
from linkeddata.catalogue.kept import unpack
from linkeddata.errors import RefusedForSafety
from linkeddata.mapped.manifest import Manifest, records_of
from linkeddata.translate import Batch, Site

#: Records that are handed on at once.
_TOGETHER: Final = 200


def check_mapping(manifest: Manifest, site: Site, folder: Path) -> None:
    """RefusedForSafety where the folder was mapped otherwise than `site` would."""
    made, wanted = (manifest.base_uri, manifest.mapping), (site.uris.base, site.mapping)
    if made != wanted:
        raise RefusedForSafety(
            f"{folder} was mapped under {made[0]} by {made[1]!r}, and here it would be under {wanted[0]} by "
            f"{wanted[1]!r}: map again with the same software and settings (site.base_uri, site.license, mapping)"
        )


def batches(folder: Path, manifest: Manifest, site: Site) -> Iterator[tuple[int, Batch]]:
    """What a folder holds in batches, each with how much of it there was so far."""
    filling, kept, done = Filling(site.uris), records_of(folder, manifest), 0
    while outcomes := list(islice(kept, _TOGETHER)):
        for each in outcomes:
            if isinstance(each, Translation):
                filling.add(each.id, unpack(each.statements), each.owned, unpack(each.mined))
        done += len(outcomes)
        yield done, Batch([*outcomes], Counter(), Counter(), Counter(), filling.take())
