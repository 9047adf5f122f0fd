"""A translated record, ready to be entered: its statements as text, split, hashed and packed.

Made in the mapping processes, so that the one writer has little to do.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from linkeddata.catalogue.filling import Filling
from linkeddata.catalogue.kept import pack
from linkeddata.catalogue.search_row import Row, row_of
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token, read_literal, uri_token
from linkeddata.vocabulary.terms import DCTERMS
from linkeddata.vocabulary.uris import Uris

_TITLE, _ISSUED = uri_token(DCTERMS.title), uri_token(DCTERMS.issued)
_DIGEST_SIZE = 16


@dataclass(frozen=True, slots=True)
class Translation:
    """What is entered of one record, in packed pieces; empty where there is nothing.

    The first `owned` bytes of the unpacked statements are about the record's own things, the rest about
    shared ones, whose `marks` tell which; `mined` are those that were mined, `clues` what they were mined from;
    `row` is what is searched of it.
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
    row: Row


@dataclass(frozen=True, slots=True)
class Said:
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
    lines, again = ntriples.lines(said.statements), "".join(ntriples.lines(said.mined)).encode()
    subject = uri_token(uris.record(identifier))
    owned, shared = "".join(lines[: said.own]).encode(), "".join(lines[said.own :]).encode()
    statements = owned + shared
    if filling:
        filling.add(identifier, statements, len(owned), again)
    return Translation(
        id=identifier,
        source=source.name,
        age=source.age,
        source_hash=source.digest,
        fingerprint=digest(b"%b\n%b" % (statements, again)),
        statements=pack(statements),
        document=pack(source.document),
        mined=pack(again) if again else b"",
        clues=pack(said.clues) if said.clues else b"",
        owned=len(owned),
        marks=marks({statement[0] for statement in said.statements[said.own :]}),
        title=_value(said.statements, subject, _TITLE) or identifier,
        year=(_value(said.statements, subject, _ISSUED) or "")[:4] or None,
        place=source.place,
        row=row_of(uris, identifier, said.statements),
    )


@dataclass(frozen=True, slots=True)
class Source:
    """The source's document of a record: canonical text, what tells its age, where it was read, the source's name."""

    document: bytes
    age: str
    place: str
    name: str = ""

    @property
    def digest(self) -> bytes:
        return digest(self.document)


def digest(text: bytes) -> bytes:
    """A hash of 16 bytes, for telling apart, not for secrets."""
    return hashlib.blake2b(text, digest_size=_DIGEST_SIZE).digest()


def marks(subjects: Iterable[Token]) -> bytes:
    """A short mark (CRC-32) of each thing: two that differ may have one mark, so it only says where to look."""
    return array("I", sorted(crc32(subject.encode()) for subject in subjects)).tobytes()


def _value(statements: Sequence[Statement], subject: Token, predicate: Token) -> str | None:
    """The text of a property's first literal."""
    found = (value for about, by, value in statements if by == predicate and about == subject)
    return next((read_literal(value)[0] for value in found), None)
