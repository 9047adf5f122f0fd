"""The answer for what is gone: 308 to what took its place, else 410 with a tombstone in the kind that is wanted."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Response, render_template, request

from linkeddata.catalogue import Description, Edition, Tombstone
from linkeddata.errors import NotAcceptable, RequestMistaken
from linkeddata.representations.page import data_links
from linkeddata.representations.tombstone import Departure, tombstone_page, tombstone_statements
from linkeddata.representations.variants import HTML, SCHEMA, SCHEMA_JSONLD, Variant, profile_uri
from linkeddata.vocabulary.uris import AGENT, RECORD, Name
from linkeddata.web import answers
from linkeddata.web.documents import GONE, Addresses, addresses, data_body, view_of
from linkeddata.web.problems import problem, vary_here
from linkeddata.web.signs import our_profile
from linkeddata.web.tongues import words
from linkeddata.web.typed_links import links
from linkeddata.web.wishes import Wish, wish

#: What may stand in a query as it is (RFC 3986, section 3.4), with the sign of what is encoded already.
_QUERY_SAFE: Final = "%!$&'()*+,;=:@/?-._~"


def departed(edition: Edition, name: Name, gone: Tombstone, *, fixed: Variant | None = None) -> Response:
    """The answer for a thing that is gone, at its own address, its document's, or one with the suffix of a variant.

    The edition names only a successor that is published, so it is one redirect away.
    """
    heir = heir_of(edition, name, gone)
    return _moved(edition, heir, fixed) if heir else _tombstone(edition, name, gone, fixed)


def heir_of(edition: Edition, name: Name, gone: Tombstone) -> Name | None:
    """Of a record its successor; of an agent the one of the same name in the successor, where there is one."""
    if gone.successor is None or name.kind != AGENT:
        return Name(RECORD, gone.successor) if gone.successor else None
    agent = Name(AGENT, f"{gone.successor}/{name.key.rpartition('/')[2]}")
    return agent if edition.has(agent) else None


def _moved(edition: Edition, heir: Name, fixed: Variant | None) -> Response:
    """To the successor: with a suffix to that of its document, else to the thing; the query is kept."""
    thing = edition.uris.local(edition.uris.thing(heir))
    target = addresses(edition, heir).of(Wish(fixed)) if fixed else thing
    query = quote(request.query_string, safe=_QUERY_SAFE)
    if query:
        target += f"{'&' if '?' in target else '?'}{query}"
    headers = {"Location": target, "Cache-Control": _caching(fixed), "Vary": vary_here(fixed=fixed is not None)}
    return Response(f"Moved to {target}\n", 308, headers, content_type="text/plain; charset=utf-8")


def _tombstone(edition: Edition, name: Name, gone: Tombstone, fixed: Variant | None) -> Response:
    places = addresses(edition, name)
    try:
        wanted = wish(our_profile(edition), fixed)
        body, link = _body(edition, name, gone, wanted=wanted, places=places)
    except (NotAcceptable, RequestMistaken):
        # That it is gone matters more than in what kind that is said.
        return problem(410, links=places.listed())
    response = Response(body, 410, content_type=wanted.content_type)
    response.headers["Cache-Control"] = _caching(fixed)
    response.headers["Vary"] = vary_here(fixed=fixed is not None)
    response.headers["Content-Profile"] = f"<{profile_uri(wanted.variant.profile, our_profile(edition))}>"
    response.headers["Link"] = link
    return response


def _body(edition: Edition, name: Name, gone: Tombstone, *, wanted: Wish, places: Addresses) -> tuple[bytes, str]:
    """The tombstone in the variant that is wanted, and its links."""
    uris = edition.uris
    departure = Departure(gone.id, gone.title, gone.withdrawn, gone.successor)
    statements = tombstone_statements(departure, name, uris=uris)
    said = Description(name, uris.thing(name), uris.document(name), statements, GONE, gone.withdrawn)
    link = links(edition, said, wanted.variant, places, view=view_of(edition, said))
    if gone.successor:
        # Of the record: an agent of it that its successor does not have is led nowhere (RFC 5829, section 3.2).
        link += f", {answers.link(uris.local(uris.record(gone.successor)), rel='successor-version')}"
    if wanted.variant.format != HTML:
        return data_body(edition, said, wanted.variant), link
    paths = {variant.format.name: path for variant, path in reversed(places.all)}
    paths[SCHEMA.token] = places.of(Wish(SCHEMA_JSONLD))
    page = tombstone_page(departure, name, uris=uris, data=data_links(name, uris=uris, addresses=paths), words=words())
    return render_template("tombstone.html", page=page).encode(), link


def _caching(fixed: Variant | None) -> str:
    return answers.PRIVATE if fixed is None else answers.SHARED
