"""A document given: by its tag alone where that is enough, from what is kept, or made now."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

from linkeddata.catalogue import Description, Edition
from linkeddata.representations.variants import HTML
from linkeddata.web import documents
from linkeddata.web.cache import Answer
from linkeddata.web.finished import Offer, Shelf
from linkeddata.web.located import Located
from linkeddata.web.tongues import Words
from linkeddata.web.wishes import Wish


def variant_answer(edition: Edition, located: Located, wish: Wish, *, shelf: Shelf, words: Words) -> Answer | None:
    """One variant of a document, or that the client has it; None where there is no such document.

    To say that nothing has changed, neither the store is asked nor anything written. NotAcceptable
    where the variant cannot express what is said.
    """
    told = cache(partial(located.describe, edition))

    def headers() -> dict[str, str]:
        # Only the store could say what else a shared thing is linked with; a cache keeps what it knows of that.
        description = told() if located.is_sure else None
        if description is None:
            return documents.headers(edition, wish)
        return _headers(edition, located, wish, description, documents.view_of(edition, description))

    offer = Offer(_tag(edition, located, wish, shelf), headers, _modified(edition, located, wish))
    if (known := shelf.known(offer, exists=located.is_sure)) is not None:
        return known
    description = told()
    if description is None:
        return None
    view = documents.view_of(edition, description, words())
    offer = replace(offer, headers=lambda: _headers(edition, located, wish, description, view))
    return shelf.answer(
        offer, lambda: documents.body(edition, description, wish.variant, places=located.places, view=view)
    )


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
    edition: Edition, located: Located, wish: Wish, description: Description, view: documents.View
) -> dict[str, str]:
    links = documents.links(edition, description, wish.variant, located.places, view=view)
    return {**documents.headers(edition, wish), "Link": ", ".join(links)}
