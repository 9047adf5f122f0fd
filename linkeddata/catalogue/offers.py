"""What an edition offers to take away whole: its dumps, and the description of the dataset that tells of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from linkeddata.catalogue.dump import DUMP_KINDS, write_dump, write_lines
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.register import Register
from linkeddata.catalogue.void import describe_dataset
from linkeddata.store import Reader
from linkeddata.vocabulary.uris import Uris

#: Makes a record's document of its URI and its statements (N-Triples): one line of JSON.
DocumentWriter: TypeAlias = Callable[[str, bytes], bytes]

#: Files in the folder of an edition.
STORE, REGISTER, KEPT, DATASET = "store", "register.sqlite", "kept.bin", "dataset.nt"
DUMP: Final = DUMP_KINDS[0].file


def write_offers(folder: Path, uris: Uris, facts: Mapping[str, str], document: DocumentWriter | None) -> None:
    """Write them into the folder of an edition that holds store, register and kept pieces already.

    `facts` are those of the edition, as `describe_dataset` wants them; without `document` no documents
    are dumped.
    """
    quads, tally = write_dump(Reader(folder / STORE), folder, space=uris.things)
    dumps = [quads]
    if document is not None:
        dumps.append(write_lines(DUMP_KINDS[1], _documents(folder, uris, document), folder))
    (folder / DATASET).write_bytes(describe_dataset(uris, facts, tally, dumps))


def _documents(folder: Path, uris: Uris, document: DocumentWriter) -> Iterator[bytes]:
    """Each record's document, in the order of ids, so that the order of entry does not show."""
    register, kept = Register(folder / REGISTER), KeptReader(folder / KEPT)
    for identifier in sorted(register.ids()):
        entry = register.entry(identifier)
        if entry is not None:
            yield document(uris.record(identifier), kept.read(entry.statements))
