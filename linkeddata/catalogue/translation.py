"""A translated record, ready to be entered: its statements as text, split, hashed and packed.

Made in the mapping processes, so that the one writer has little to do.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from zlib import crc32

from xxhash import xxh3_128

from linkeddata.catalogue.filling import Filling
from linkeddata.catalogue.kept import pack
from linkeddata.catalogue.search_row import row_of
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token
from linkeddata.vocabulary.uris import Uris

#: Changes when `digest` or `fingerprint` does: what they were before is not the same as what they are now.
HASHES: Final = "xxh3"


class Translation(NamedTuple):
    """What is entered of one record, in packed pieces; empty where there is nothing.

    The first `owned` bytes of the unpacked statements are about the record's own things, the rest about
    shared ones, whose `marks` tell which; `mined` are those that were mined, `clues` what they were mined from;
    `row` is what is searched of it. Made to be light to hand over.
    """

    id: str
    source: str
    age: str
    source_hash: bytes
    fingerprint: bytes
    statements: bytes
    document: bytes
    mined: bytes
    clues: bytes
    owned: int
    marks: bytes
    title: str
    year: str | None
    place: str
    row: bytes


class Said(NamedTuple):
    """What a record states: the first `own` statements are about its own things, the rest about shared ones.

    `mined` are those that stand again in the graph of mined statements, `clues` (JSON) tells what each
    was mined from.
    """

    statements: Sequence[Statement]
    own: int
    mined: Sequence[Statement] = ()
    clues: bytes = b""


def translation(uris: Uris, identifier: str, said: Said, source: Source, filling: Filling | None = None) -> Translation:
    """What a record states, made ready; added to what a new store is to be filled with, if one is.

    The fingerprint is of the lines in the crosswalk's order, which depends on the record alone.
    """
    shared = said.statements[said.own :]
    owned, again = b"".join(ntriples.lines(said.statements[: said.own])), b"".join(ntriples.lines(said.mined))
    lines = ntriples.lines(shared)
    if filling:
        filling.add_statements(identifier, owned, shared, lines, again)
    statements, row = b"".join((owned, *lines)), row_of(uris, identifier, said.statements)
    return Translation(
        id=identifier,
        source=source.name,
        age=source.age,
        source_hash=source.digest,
        fingerprint=fingerprint(statements, again),
        statements=pack(statements),
        document=pack(source.document),
        mined=pack(again) if again else b"",
        clues=pack(said.clues) if said.clues else b"",
        owned=len(owned),
        marks=marks({statement[0] for statement in shared}),
        title=row.title,
        year=None if row.year is None else f"{row.year:04d}",
        place=source.place,
        row=row.packed(),
    )


class Source(NamedTuple):
    """The source's document of a record: canonical text, what tells its age, where it was read, the source's name."""

    document: bytes
    age: str
    place: str
    name: str = ""

    @property
    def digest(self) -> bytes:
        return digest(self.document)


def fingerprint(statements: bytes, mined: bytes) -> bytes:
    """The hash of what a record states, and of which of it was mined."""
    return digest(statements, b"\n", mined)


def digest(*texts: bytes) -> bytes:
    """A hash (XXH3, 16 bytes) of texts one behind the other. It is for telling versions of a record apart, not for
    secrets: who makes two with one hash only keeps his own change from being seen."""
    found = xxh3_128()
    for text in texts:
        found.update(text)
    return found.digest()


def marks(subjects: Iterable[Token]) -> bytes:
    """A short mark (CRC-32) of each thing: two that differ may have one mark, so it only says where to look."""
    return array("I", sorted([crc32(subject.encode()) for subject in subjects])).tobytes()
