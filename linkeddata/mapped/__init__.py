"""A folder of mapped records: what a mapping job on many machines writes, and what `linkeddata load` takes in.

    manifest.json     every file with its size and SHA-256, counts, the base URI and the mapping; written last
    report.json       what was read, refused and why
    quads/            all statements as sorted N-Quads, packed, each line once: for the bulk loaders of SPARQL servers
    records/          each record as the translating processes hand it to the loading one: for `linkeddata load`
    insert/ delete/   how quads/ differs from that of an earlier folder, where one was named

No library of a cluster is known here, so a folder is loaded where none is installed.
"""

from __future__ import annotations

from linkeddata.mapped.batches import batches, check_mapping
from linkeddata.mapped.choosing import LOST, Settled, Version
from linkeddata.mapped.frames import SERVED, STANDS_BACK, WITHDRAWN, Kept, frame, read_frames, withdrawal_frame
from linkeddata.mapped.manifest import (
    MANIFEST,
    Listed,
    Manifest,
    is_mapped,
    read_manifest,
    read_report,
    records_of,
    write_manifest,
)

__all__ = [
    "LOST",
    "MANIFEST",
    "SERVED",
    "STANDS_BACK",
    "WITHDRAWN",
    "Kept",
    "Listed",
    "Manifest",
    "Settled",
    "Version",
    "batches",
    "check_mapping",
    "frame",
    "is_mapped",
    "read_frames",
    "read_manifest",
    "read_report",
    "records_of",
    "withdrawal_frame",
    "write_manifest",
]
