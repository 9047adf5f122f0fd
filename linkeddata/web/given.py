"""A document given: by its tag alone where that is enough, from what is kept, or made now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from linkeddata.catalogue import Description, Edition
from linkeddata.representations.variants import HTML
from linkeddata.web import documents, typed_links
from linkeddata.web.cache import Answer
from linkeddata.web.finished import Offer, Shelf
from linkeddata.web.located import Located
from linkeddata.web.tongues import Words
from linkeddata.web.wishes import Wish
from linkeddata.wording import ENGLISH


def variant_answer(
    edition: Edition, located: Located, wish: Wish, *, shelf: Shelf, words: Words = lambda: ENGLISH
) -> Answer | None:
    """One variant of a document, or that the client has it; None where there is no such document.

    To say that nothing has changed, neither the store is asked nor anything written. NotAcceptable
    where the variant cannot express what is said.
    """
    told = cache(partial(located.describe, edition))
    # Only the store could say what else a shared thing is linked with; a cache keeps what it knows of that.
    at_hand = told if located.is_sure else _nothing
    headers = partial(_headers, edition, located, wish, told=at_hand, words=words)
    offer = Offer(_tag(edition, located, wish, shelf), headers, _modified(edition, located, wish))
    if (known := shelf.known(offer, exists=located.is_sure)) is not None:
        return known
    description = told()
    if description is None:
        return None
    view = documents.view_of(edition, description, words())
    offer = replace(offer, headers=partial(_headers, edition, located, wish, told=told, view=view, words=words))
    return shelf.answer(
        offer, lambda: documents.body(edition, description, wish.variant, places=located.places, view=view)
    )


def _nothing() -> None:
    """What is told of what nobody asks about."""


def _tag(edition: Edition, located: Located, wish: Wish, shelf: Shelf) -> str:
    """A page names the edition in its foot, and what no record is changes with it."""
    parts = (
        edition.facts["version"],
        located.name.path,
        located.entry.fingerprint.hex() if located.entry else f"edition-{edition.number}",
        str(located.page),
        wish.variant.name,
        "plain" if wish.plain else "",
    )
    return shelf.page_tag(*parts) if wish.variant.format == HTML else shelf.asking.tag(*parts)


def _modified(edition: Edition, located: Located, wish: Wish) -> str:
    return edition.issued if located.entry is None or wish.variant.format == HTML else located.entry.modified


def _headers(
    edition: Edition,
    located: Located,
    wish: Wish,
    *,
    told: Callable[[], Description | None],
    words: Words,
    view: documents.View | None = None,
) -> dict[str, str]:
    given, variant, places = documents.headers(edition, wish), wish.variant, located.places
    if variant.format == HTML:
        given["Content-Language"] = words().language
    if located.is_sure and variant.format != HTML:
        return {**given, "Link": typed_links.record_links(edition, located.name, variant, places)}
    description = told()
    if description is None:
        return given
    view = view or documents.view_of(edition, description)
    return {**given, "Link": typed_links.links(edition, description, variant, places, view=view)}
