"""What an edition offers to take away whole: its dumps, and the description of the dataset that tells of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from linkeddata.catalogue.changes import Changes
from linkeddata.catalogue.dump import DUMP_KINDS, Tally, Written, write_lines
from linkeddata.catalogue.folder import DATASET, KEPT, REGISTER
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.register import Register
from linkeddata.catalogue.void import describe_dataset
from linkeddata.vocabulary.uris import Uris

#: Makes a record's document of its URI and its statements (N-Triples): one line of JSON.
DocumentWriter: TypeAlias = Callable[[str, bytes], bytes]


def write_offers(
    folder: Path, uris: Uris, facts: Mapping[str, str], quads: tuple[Written, Tally], document: DocumentWriter | None
) -> None:
    """Write them into the folder of an edition that holds register, kept pieces and the dump of quads already.

    `facts` are those of the edition, as `describe_dataset` wants them; `quads` is what `write_dump` gave;
    without `document` no documents are dumped.
    """
    register, (dump, tally) = Register(folder / REGISTER), quads
    dumps = [dump]
    if document is not None:
        lines = _documents(register, KeptReader(folder / KEPT), uris, document)
        dumps.append(write_lines(DUMP_KINDS[1], lines, folder))
    known = {**facts, "first_issued": Changes(register).first() or facts["issued"]}
    (folder / DATASET).write_bytes(describe_dataset(uris, known, tally, dumps))


def _documents(register: Register, kept: KeptReader, uris: Uris, document: DocumentWriter) -> Iterator[bytes]:
    """Each record's document, in the order of ids, so that the order of entry does not show."""
    for identifier in sorted(register.ids()):
        entry = register.entry(identifier)
        if entry is not None:
            yield document(uris.record(identifier), kept.statements(entry.pieces))
