"""What an address behind `/doc/` names, found without describing it: one look-up for a record, none for the rest."""

from __future__ import annotations

from dataclasses import dataclass

from linkeddata.catalogue import Description, Edition, Entry
from linkeddata.representations.variants import Variant, by_suffix
from linkeddata.vocabulary.uris import RECORD, Name, read
from linkeddata.web.documents import Addresses, addresses_among, suffixed


@dataclass(frozen=True, slots=True)
class Located:
    """A page (from 1) of the document of a thing, and the variant where the address fixes it.

    `entry` is a record's own in the register; None for one that is gone, and for all that are no
    records: whether these are there only `describe` tells.
    """

    name: Name
    places: Addresses
    page: int
    fixed: Variant | None = None
    entry: Entry | None = None

    @property
    def is_sure(self) -> bool:
        """Whether there is such a document, for all one knows before describing it."""
        return self.entry is not None and self.page == 1

    def describe(self, edition: Edition) -> Description | None:
        """What is said of the thing; None where there is no such page of its document."""
        if self.entry is None:
            return edition.describe(self.name, page=self.page)
        return edition.describe_entry(self.entry) if self.page == 1 else None


def locate(edition: Edition, path: str, page: int) -> Located | None:
    """What a decoded path names: a thing exactly so called, else one with a suffix; None for neither."""
    name = read(path)
    if name is None or page < 1:
        return None
    found = by_suffix(name.key, name.kind)
    if name.kind == RECORD:
        return _record(edition, name.key, found, page)
    # What we mint ourselves never ends like a suffix.
    thing, fixed = (Name(name.kind, found[0]), found[1]) if found else (name, None)
    return Located(thing, addresses_among(edition, thing, {}), page, fixed)


def _record(edition: Edition, key: str, found: tuple[str, Variant] | None, page: int) -> Located | None:
    stem, fixed = found or (key, None)
    # The key is one of the names that decide the addresses of its stem.
    records = edition.looked_up(suffixed(stem))
    if key != stem and key in records:
        stem, fixed, records = key, None, edition.looked_up(suffixed(key))
    if stem not in records:
        return None
    name = Name(RECORD, stem)
    return Located(name, addresses_among(edition, name, records), page, fixed, records[stem])
