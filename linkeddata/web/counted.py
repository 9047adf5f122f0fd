"""What an edition has counted about a thing, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

from linkeddata.catalogue import Edition
from linkeddata.representations.page import RecordPage
from linkeddata.representations.parts import Text
from linkeddata.representations.shelf_page import RelatedList, Surroundings, related_lists, surroundings
from linkeddata.vocabulary.uris import Name
from linkeddata.wording import Wording

#: The kinds of which something is counted.
_COUNTED = ("name", "journal", "concept", "org")
#: So many related works are chosen from.
_CHOSEN_FROM: Final = 12
#: How much a whole list must hold to be worth a link: this record and another.
_WORTH: Final = 2


def around(edition: Edition, name: Name, words: Wording) -> Surroundings | None:
    """Works by year and what stands beside them; None where nothing is counted."""
    if edition.lists is None or name.kind not in _COUNTED:
        return None
    years, beside = edition.lists.portrait(name.kind, name.key)
    told = {kind: [(each.key, each.label, each.works) for each in values] for kind, values in beside.items()}
    return surroundings(name, years, told, uris=edition.uris, words=words)


def related(edition: Edition, name: Name, page: RecordPage, words: Wording) -> tuple[RelatedList, ...]:
    """Works that share authors, the journal or subjects with a record, whose page this is."""
    found = edition.lists.related(name.key, _CHOSEN_FROM) if edition.lists else []
    if not found:
        return ()
    container = page.seen.container
    places = {
        "name": [author.text for author in page.authors],
        "journal": [container] if container else [],
        "concept": page.subjects,
    }
    works = _works(edition, chain.from_iterable(places.values()))
    wholes = {kind: _whole(texts, works, words) for kind, texts in places.items()}
    known = {kind: whole for kind, whole in wholes.items() if whole}
    return related_lists(found, known, uris=edition.uris, words=words)


def _works(edition: Edition, texts: Iterable[Text]) -> dict[str, int]:
    """How many works there are of each of some things, by URI; asked for in one look-up."""
    names = {text.uri: name for text in texts if (name := edition.uris.name(text.uri)) and name.kind in _COUNTED}
    counts = edition.lists.works((name.kind, name.key) for name in names.values()) if edition.lists else {}
    return {uri: counts.get((name.kind, name.key), 0) for uri, name in names.items()}


def _whole(texts: Iterable[Text], works: Mapping[str, int], words: Wording) -> Text | None:
    """The first of some things that has works besides this one, with their number."""
    found = next((text for text in texts if works.get(text.uri, 0) >= _WORTH), None)
    return Text(found.value, found.lang, found.href, note=words.number(works[found.uri])) if found else None
