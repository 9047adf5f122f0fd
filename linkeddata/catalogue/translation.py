"""A translated record, ready to be entered: its statements as text, split, hashed and packed.

Made in the mapping processes, so that the one writer has little to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef

from linkeddata.catalogue.kept import pack
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Triple
from linkeddata.vocabulary.terms import DCTERMS
from linkeddata.vocabulary.uris import Uris

_TITLE, _ISSUED = URIRef(DCTERMS.title), URIRef(DCTERMS.issued)
_DIGEST_SIZE = 16


@dataclass(frozen=True, slots=True)
class Translation:
    """What is entered of one record. `statements` and `source` are packed; the first `owned` bytes of
    the unpacked statements are about the record's own things, the rest about shared ones."""

    id: str
    age: str
    source_hash: bytes
    fingerprint: bytes
    statements: bytes
    source: bytes
    owned: int
    title: str
    year: str | None
    place: str


def translation(uris: Uris, identifier: str, triples: Sequence[Triple], *, source: Source) -> Translation:
    """A record's statements made ready. The fingerprint is of the sorted lines, whatever their order was."""
    is_own = uris.owner_test(identifier)
    own = [ntriples.line(triple) for triple in triples if is_own(triple[0])]
    shared = [ntriples.line(triple) for triple in triples if not is_own(triple[0])]
    owned, rest = "".join(own).encode(), "".join(shared).encode()
    subject = uris.record(identifier)
    return Translation(
        id=identifier,
        age=f"{source.age}{source.digest.hex()}",
        source_hash=source.digest,
        fingerprint=digest("".join(sorted(own + shared)).encode()),
        statements=pack(owned + rest),
        source=pack(source.document),
        owned=len(owned),
        title=_value(triples, subject, _TITLE) or identifier,
        year=(_value(triples, subject, _ISSUED) or "")[:4] or None,
        place=source.place,
    )


@dataclass(frozen=True, slots=True)
class Source:
    """The source's document of a record: canonical text, what tells its age, and where it was read."""

    document: bytes
    age: str
    place: str

    @property
    def digest(self) -> bytes:
        return digest(self.document)


def digest(text: bytes) -> bytes:
    """A hash of 16 bytes, for telling apart, not for secrets."""
    return hashlib.blake2b(text, digest_size=_DIGEST_SIZE).digest()


def _value(triples: Sequence[Triple], subject: URIRef, predicate: URIRef) -> str | None:
    found = (o for s, p, o in triples if p == predicate and s == subject and isinstance(o, Literal))
    value = next(found, None)
    return None if value is None else str(value)
