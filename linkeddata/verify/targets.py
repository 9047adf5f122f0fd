"""What can be verified: a thing, or a document of rules; named by a person, or drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import unquote

from linkeddata.catalogue import Edition
from linkeddata.representations.made_documents import made_documents
from linkeddata.verify.doors import SUFFIXES
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import DOC, ID, MINTED_KINDS, RECORD, Name, Uris, read

#: Kinds of shared things of which one is drawn with each record.
_SHARED: Final = frozenset(MINTED_KINDS) - {"scheme"}


@dataclass(frozen=True, slots=True)
class Target:
    """What is verified: its URI, its document's address without the base, and its name where it is a thing."""

    uri: str
    document: str
    name: Name | None = None


def target(edition: Edition, text: str) -> Target | None:
    """What a person names by a URI, a path, a document's address or a record's id; None where it is unknown."""
    base = edition.uris.base
    if not text.startswith(base) and edition.has(Name(RECORD, text)):
        return _thing(edition.uris, Name(RECORD, text))
    path = text.removeprefix(base).removeprefix("/").partition("#")[0]
    for start in (ID, DOC):
        if path.startswith(start):
            return _known(edition, unquote(path.removeprefix(start).partition("?")[0]))
    made = {each.uri for each in made_documents(edition.facts["version"], uris=edition.uris)}
    return Target(f"{base}{path}", path) if f"{base}{path}" in made else None


def _known(edition: Edition, path: str) -> Target | None:
    """The thing of that decoded path, or of the path less a suffix."""
    ways = [path, *(path.removesuffix(f".{suffix}") for suffix in SUFFIXES if path.endswith(f".{suffix}"))]
    names = (read(way) for way in ways)
    return next((_thing(edition.uris, name) for name in names if name and edition.has(name)), None)


def _thing(uris: Uris, name: Name) -> Target:
    return Target(uris.thing(name), uris.document(name).removeprefix(uris.base), name)


def sample(edition: Edition, number: int, seed: int) -> Iterator[Target]:
    """That many records drawn at random (all, where there are no more), and with each of them one shared thing
    that it speaks of; each thing once. Of one edition the same `seed` draws the same."""
    dice = Random(seed)  # noqa: S311 - not for secrets: whoever has the seed is to draw the same
    total = edition.counts["records"]
    drawn, met = set(dice.sample(range(total), min(number, total))), set[str]()
    for place, identifier in enumerate(edition.ids()):
        if place in drawn:
            yield _thing(edition.uris, Name(RECORD, identifier))
            shared = [each for each in _spoken_of(edition, identifier) if each.uri not in met]
            if shared:
                chosen = dice.choice(shared)
                met.add(chosen.uri)
                yield chosen


def _spoken_of(edition: Edition, identifier: str) -> list[Target]:
    """The shared things of which a record says something, in the order in which it does."""
    found = edition.describe(Name(RECORD, identifier))
    said = ntriples.read(found.statements.decode()) if found else []
    names = (edition.uris.name(subject[1:-1]) for subject in dict.fromkeys(subject for subject, *_ in said))
    return [_thing(edition.uris, name) for name in names if name and name.kind in _SHARED]
