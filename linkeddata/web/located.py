"""What an address behind `/doc/` names, found without describing it: one look-up for a record, none for the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from linkeddata.catalogue import Edition, Standing
from linkeddata.representations.formats import DOCUMENT_FORMATS, Format, by_extension
from linkeddata.vocabulary.uris import RECORD, Name, read

_EXTENSIONS: Final = tuple(fmt.extension for fmt in DOCUMENT_FORMATS)


@dataclass(frozen=True, slots=True)
class Located:
    """A thing, how it stands, the paths of its variants by name of format; `fixed` where the address names one."""

    name: Name
    standing: Standing
    paths: Mapping[str, str]
    fixed: Format | None = None


def locate(edition: Edition, path: str) -> Located | None:
    """What a decoded path names: a thing exactly so called, else one with a format suffix; None for neither.

    Only a record's identifier can end like a suffix, and only a record is looked up; of any other
    thing it stays open whether it is there (`standing.sure`).
    """
    name = read(path)
    if name is None:
        return None
    stem, dot, extension = name.key.rpartition(".")
    fixed = by_extension(extension) if dot and stem else None
    if name.kind != RECORD:
        thing = name if fixed is None else Name(name.kind, stem)
        return Located(thing, edition.standing(), _paths(edition, thing, frozenset()), fixed)
    keys = [name.key] if fixed is None else [name.key, stem]
    found = edition.standings([*keys, *(f"{key}.{extension}" for key in keys for extension in _EXTENSIONS)])
    for key, suffix in zip(keys, (None, fixed), strict=False):
        if key in found:
            record = Name(RECORD, key)
            return Located(record, found[key], _paths(edition, record, found.keys()), suffix)
    return None


def variant_paths(edition: Edition, name: Name) -> Mapping[str, str]:
    """The paths of a document's variants by name of format; one look-up for a record."""
    taken = edition.standings(f"{name.key}.{each}" for each in _EXTENSIONS) if name.kind == RECORD else {}
    return _paths(edition, name, taken.keys())


def _paths(edition: Edition, name: Name, records: Collection[str]) -> Mapping[str, str]:
    """By suffix; by parameter where that address is another record's."""
    path = edition.uris.local(edition.uris.document(name))
    return {
        fmt.name: f"{path}?format={fmt.name}" if f"{name.key}.{fmt.extension}" in records else f"{path}.{fmt.extension}"
        for fmt in DOCUMENT_FORMATS
    }
