"""A document as an answer: its addresses, its headers and its bytes, in whatever variant is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final, TypeAlias
from urllib.parse import urlencode

import orjson
from flask import render_template

from linkeddata.catalogue import Description, Edition, Entry
from linkeddata.representations import represent
from linkeddata.representations.described import Described
from linkeddata.representations.exports import EXPORT_NAMES, export
from linkeddata.representations.facts import mapping_row
from linkeddata.representations.jsonld_forms import in_form, statements_of
from linkeddata.representations.listing_page import Counted, thing_page
from linkeddata.representations.mined_card import mined_card
from linkeddata.representations.page import Surrounding, record_page
from linkeddata.representations.parts import Offer, Text
from linkeddata.representations.rdf import tokens
from linkeddata.representations.schema_org import schema_org, script_json
from linkeddata.representations.shelf_page import Surroundings
from linkeddata.representations.signposting import LINKSET_FORMATS
from linkeddata.representations.variants import (
    FULL,
    HTML,
    JSONLD,
    SCHEMA,
    SUFFIXES,
    Variant,
    profile_uri,
    suffixes,
)
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.uris import RECORD, Name
from linkeddata.web import answers
from linkeddata.web.counted import around, related
from linkeddata.web.signs import our_profile
from linkeddata.web.wishes import Wish
from linkeddata.wording import ENGLISH, Wording

#: The version of a description that is a tombstone.
GONE: Final = "gone"
#: Proxies refuse long headers (8 kB for all of them together is common), so a long one loses its alternates.
_LONGEST_LINKS: Final = 4000
#: What an address of a document or of a link set may end in.
_ANY_SUFFIX: Final = tuple(dict.fromkeys([*suffixes(RECORD), *(fmt.extension for fmt in LINKSET_FORMATS)]))


#: What gives a description to look things up in.
View: TypeAlias = Callable[[], Described]


@dataclass(frozen=True)
class Addresses:
    """The paths of one document's variants: by suffix, or by parameter where that address is another record's."""

    document: str
    taken: frozenset[str] = frozenset()
    known: Mapping[str, Variant] = field(default_factory=lambda: SUFFIXES, hash=False)

    def of(self, wish: Wish, page: int = 1) -> str:
        """The path that gives what is wished, whatever the client's headers say."""
        variant, parameters = wish.variant, wish.parameters
        suffix = variant.format.extension
        if variant.profile == SCHEMA and variant.format == JSONLD and not wish.profile_asked:
            suffix = f"schema.{suffix}"
        elif variant.profile == SCHEMA:
            parameters["_profile"] = SCHEMA.token
        if suffix in self.taken:
            profile = {} if variant.profile == FULL else {"_profile": variant.profile.token}
            parameters = {"format": variant.format.name, **profile, **parameters}
        path = self.document if suffix in self.taken else f"{self.document}.{suffix}"
        return _with_query(path, parameters | ({"page": str(page)} if page > 1 else {}))

    @cached_property
    def all(self) -> list[tuple[Variant, str]]:
        """Every variant with an address of its own; the whole graph before the view of it for crawlers."""
        if not self.taken:
            return [(variant, f"{self.document}.{suffix}") for suffix, variant in self.known.items()]
        return [(variant, self.of(Wish(variant))) for variant in self.known.values()]

    def alternates(self, besides: str = "", space: int = _LONGEST_LINKS) -> list[str]:
        """A link to each of them but the path named; none at all where they need more space."""
        links = [
            answers.link(path, rel="alternate", type=each.content_type) for each, path in self.all if path != besides
        ]
        return links if sum(len(link) + 2 for link in links) <= space else []

    def listed(self) -> list[Text]:
        """The same for a refusal, which says what there is."""
        return [Text(each.format.media_type, href=path) for each, path in self.all]


def addresses(edition: Edition, name: Name) -> Addresses:
    """The addresses of a thing's document; one look-up for a record, none for the rest."""
    return addresses_among(edition, name, edition.looked_up(suffixed(name.key)) if name.kind == RECORD else {})


def suffixed(key: str) -> list[str]:
    """The ids of records that would decide the addresses of the document of the one with this id."""
    return [key, *(f"{key}.{suffix}" for suffix in _ANY_SUFFIX)]


def addresses_among(edition: Edition, name: Name, records: Mapping[str, Entry | None]) -> Addresses:
    """The same, where these records have been looked up. Only a record's identifier can end like a suffix."""
    document = edition.uris.local(edition.uris.document(name))
    if name.kind != RECORD:
        return Addresses(document)
    taken = frozenset(suffix for suffix in _ANY_SUFFIX if f"{name.key}.{suffix}" in records)
    # A record that is gone has no reference left to give.
    return Addresses(document, taken, suffixes(RECORD) if records.get(name.key) else SUFFIXES)


def headers(edition: Edition, wish: Wish) -> dict[str, str]:
    """The headers of a variant of a document at an address that fixes it, but for its tag, date and links."""
    return {
        "Content-Type": wish.content_type,
        "Cache-Control": answers.SHARED,
        "Vary": answers.VARY_FIXED,
        **_profiled(edition, wish.variant),
    }


def view_of(edition: Edition, description: Description, words: Wording = ENGLISH) -> View:
    """A description to look things up in, read when first asked for, and once only."""
    genid = edition.uris.genid

    @cache
    def view() -> Described:
        said, mined = (tokens(each, genid=genid) for each in (description.statements, description.mined))
        return Described(said, uris=edition.uris, labels=words.labels, mined=mined, words=words)

    return view


def body(
    edition: Edition,
    description: Description,
    variant: Variant,
    *,
    places: Addresses,
    view: View,
) -> bytes:
    """A description, whose `view` this is, in a variant; NotAcceptable where the variant cannot express it."""
    if variant.format == HTML:
        return _page(edition, description, view(), places).encode()
    return data_body(edition, description, variant)


def _profiled(edition: Edition, variant: Variant) -> dict[str, str]:
    """Which data profile a variant follows; an entry for lists of references follows none."""
    if variant.is_export:
        return {}
    return {"Content-Profile": f"<{profile_uri(variant.profile, our_profile(edition))}>"}


def data_body(edition: Edition, description: Description, variant: Variant) -> bytes:
    """A description in any variant but HTML; NotAcceptable where the variant cannot express it."""
    if variant.profile == SCHEMA:
        return _schema_view(edition, description, variant)
    uris, name = edition.uris, description.name
    if variant.is_export:
        return export(view_of(edition, description)(), variant.format, name)
    graph = uris.mined_graph(name.key) if name.kind == RECORD else ""
    return represent(
        description.statements,
        variant.format,
        focus=description.uri,
        genid=uris.genid,
        base=uris.base,
        named=(graph, description.mined),
        form=variant.form,
    )


def _schema_view(edition: Edition, description: Description, variant: Variant) -> bytes:
    """The schema.org view: JSON-LD as it is made, other formats from the statements of that."""
    uris = edition.uris
    told = schema_org(view_of(edition, description)(), description.uri)
    if variant.format.name in ("jsonld", "json"):
        if variant.form is None:
            return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
        return in_form(told, variant.form, focus=description.uri)
    statements = statements_of(told)
    return represent(statements, variant.format, focus=description.uri, genid=uris.genid, base=uris.base)


def _page(edition: Edition, description: Description, view: Described, places: Addresses) -> str:
    if description.name.kind == RECORD:
        return _record(edition, description, view, places)
    name, beside = description.name, around(edition, description.name, view.words)
    counted = _counted(edition, description, beside)
    thing = thing_page(view, name, page=description.page, more=description.more, counted=counted)
    return render_template("thing.html", page=thing, around=beside)


def _counted(edition: Edition, description: Description, beside: Surroundings | None) -> Counted | None:
    """How much the list of a thing's page holds. At a journal point its issues, too, which are no works."""
    found = description.pointing
    if found is None or description.name.kind != "journal":
        return Counted(found.total, found.capped, found.last) if found else None
    total, capped = (beside.works, False) if beside else (found.total, found.capped)
    return Counted(total, capped, found.last, edition.read_from(description.name))


def _record(edition: Edition, description: Description, view: Described, places: Addresses) -> str:
    uris, words = edition.uris, view.words
    block = script_json(schema_org(view, description.uri))
    paths = {SCHEMA.token if variant.profile == SCHEMA else variant.format.name: path for variant, path in places.all}
    version = edition.facts["version"]
    mapping = mapping_row(version, uris=uris, words=words)
    around = Surrounding(ontology.fields(version), paths, _exports(places), (mapping,))
    page = record_page(view, description.name, around)
    card = mined_card(description.clues(), view.mined_count, uris.local(uris.base), words)
    near = related(edition, description.name, page, words)
    merged = edition.merged_into(description.name)
    return render_template("record.html", page=page, schema_org=block, mined=card, related=near, merged=merged)


def _exports(places: Addresses) -> tuple[Offer, ...]:
    """The entries for reference managers."""
    found = ((variant, path) for variant, path in places.all if variant.is_export)
    return tuple(Offer(EXPORT_NAMES[each.format.name], path, each.content_type) for each, path in found)


def _with_query(path: str, parameters: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
