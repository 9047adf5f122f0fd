"""The links of a document as the value of its Link header, by its variant.

Those of a record's variants but for its page say nothing that its statements say, so they are the same for all records,
but for the name in them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from linkeddata.catalogue import Description, Edition
from linkeddata.representations.jsonld_forms import FORMS
from linkeddata.representations.signposting import (
    ABOUT_PAGE,
    LONGEST_HEADER,
    Link,
    Signs,
    header,
    landing_links,
    metadata_links,
    told_apart,
)
from linkeddata.representations.variants import FULL, HTML, JSONLD, Variant, profile_uri, suffixes
from linkeddata.vocabulary.uris import RECORD, Name, Uris, encode
from linkeddata.web.documents import GONE, Addresses, View
from linkeddata.web.signs import Imprint, imprint, signs, told
from linkeddata.web.wishes import Wish

JSON_CONTEXT: Final = "http://www.w3.org/ns/json-ld#context"
_COMPACTED: Final = FORMS["compacted"]
#: Stands for any record's id; it is written in URIs as it is.
_ANY_RECORD: Final = "any-record-of-an-edition"
_PAGE: Final = Variant(HTML)


def links(edition: Edition, description: Description, variant: Variant, places: Addresses, *, view: View) -> str:
    """The links of a variant: what it is about, what it is called, what it follows, and what there is besides it."""
    if variant.format != HTML:
        return header(_data_links(imprint(edition), description, variant, places))
    spoken = told(description, view())
    if description.name.kind == RECORD and not places.taken and places.known == suffixes(RECORD):
        whole = _landing(imprint(edition), encode(description.name.key), spoken)
        if len(whole) <= LONGEST_HEADER:
            return whole
    known = replace(signs_of(edition, description, places), told=spoken)
    return header([*_of_variant(imprint(edition), variant), *landing_links(_with_linksets(known, description))])


def record_links(edition: Edition, name: Name, variant: Variant, places: Addresses) -> str:
    """The same of a record in any variant but HTML, which are those of all records but for its name in them."""
    if not places.taken:
        found = _pattern(imprint(edition), variant).replace(_ANY_RECORD, encode(name.key))
        if len(found) <= LONGEST_HEADER:
            return found
    return header(_data_links(imprint(edition), _nameless(edition.uris, name), variant, places))


def _landing(said: Imprint, identifier: str, spoken: Iterable[Link]) -> str:
    """All links of a record's page, of which only those that its statements say are made anew."""
    before, behind = _landing_pattern(said)
    types, others = (header(some, sys.maxsize) for some in told_apart(spoken))
    found = (before.replace(_ANY_RECORD, identifier), types, behind.replace(_ANY_RECORD, identifier), others)
    return ", ".join(filter(None, found))


@lru_cache(maxsize=64)
def _landing_pattern(said: Imprint) -> tuple[str, str]:
    """What stands before the types of a record's page, and what stands behind them."""
    found = [*_of_variant(said, _PAGE), *landing_links(_signs(said, *_any_record(said.uris)))]
    end = found.index(ABOUT_PAGE) + 1
    return header(found[:end], sys.maxsize), header(found[end:], sys.maxsize)


@lru_cache(maxsize=64)
def _pattern(said: Imprint, variant: Variant) -> str:
    record, places = _any_record(said.uris)
    return header(_data_links(said, record, variant, places), sys.maxsize)


def _any_record(uris: Uris) -> tuple[Description, Addresses]:
    name = Name(RECORD, _ANY_RECORD)
    return _nameless(uris, name), Addresses(uris.local(uris.document(name)), known=suffixes(RECORD))


def _nameless(uris: Uris, name: Name) -> Description:
    """A record of which no more is known than its links need."""
    return Description(name, uris.thing(name), uris.document(name), b"", "", "")


def _data_links(said: Imprint, description: Description, variant: Variant, places: Addresses) -> list[Link]:
    known = _with_linksets(_signs(said, description, places), description)
    own = places.of(Wish(variant), description.page)
    return [*_of_variant(said, variant), *metadata_links(known, own, alternates=variant.format != JSONLD)]


def _with_linksets(known: Signs, description: Description) -> Signs:
    """What is gone has no link set."""
    return replace(known, linksets=()) if description.version == GONE else known


def signs_of(edition: Edition, description: Description, places: Addresses) -> Signs:
    """What the links of a document are made of, but for those that its statements make."""
    return _signs(imprint(edition), description, places)


def _signs(said: Imprint, description: Description, places: Addresses) -> Signs:
    page = description.page
    variants = places.all if page == 1 else [(each, places.of(Wish(each), page)) for each in places.known.values()]
    return signs(said, description, variants, places.document, taken=places.taken)


def _of_variant(said: Imprint, variant: Variant) -> list[Link]:
    found = []
    if not variant.is_export:
        found.append(Link("profile", profile_uri(variant.profile, said.profile)))
    if variant.format.name == "json" and variant.profile == FULL and variant.form in (None, _COMPACTED):
        context = said.uris.local(f"{said.uris.base}context.jsonld")
        found.append(Link(JSON_CONTEXT, context, "application/ld+json"))
    return found
