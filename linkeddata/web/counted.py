"""What an edition has counted about a thing, as its page shows it."""

from __future__ import annotations

from linkeddata.catalogue import Edition
from linkeddata.representations.listing_page import Item
from linkeddata.representations.shelf_page import Surroundings, related_items, surroundings
from linkeddata.vocabulary.uris import Name
from linkeddata.wording import Wording

#: The kinds of which something is counted.
_COUNTED = ("name", "journal", "concept", "org")


def around(edition: Edition, name: Name, words: Wording) -> Surroundings | None:
    """Works by year and what stands beside them; None where nothing is counted."""
    if edition.lists is None or name.kind not in _COUNTED:
        return None
    years, beside = edition.lists.portrait(name.kind, name.key)
    told = {kind: [(each.key, each.label, each.works) for each in values] for kind, values in beside.items()}
    return surroundings(name, years, told, uris=edition.uris, words=words)


def related(edition: Edition, name: Name, words: Wording) -> tuple[Item, ...]:
    """Works that share authors, subjects or the journal with a record."""
    found = edition.lists.related(name.key) if edition.lists else []
    return related_items(found, uris=edition.uris, words=words)
