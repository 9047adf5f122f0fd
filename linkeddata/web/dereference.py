"""The door of things and their documents: `/id/…` answers 303, `/doc/…` is negotiated, a suffix is one variant.

A thing is no document, so asking for it leads to one (Cool URIs for the Semantic Web, section 4).
Every address carries an identifier verbatim; an exact one always wins over a format suffix, and what
was withdrawn keeps its addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response

from linkeddata.catalogue import Description, Edition, Tombstone
from linkeddata.errors import NotAcceptable, RequestMistaken
from linkeddata.representations.variants import Variant, by_suffix
from linkeddata.vocabulary.uris import RECORD, Name, cell_owner
from linkeddata.vocabulary.uris import read as read_name
from linkeddata.web import answers
from linkeddata.web.documents import Addresses, addresses, our_profile, variant_answer
from linkeddata.web.problems import problem
from linkeddata.web.tombstones import departed
from linkeddata.web.wishes import wish


@dataclass(frozen=True, slots=True)
class Found:
    """What an address names: a thing's description, or the tombstone of one that is gone; and the variant where
    the address fixes it."""

    name: Name
    what: Description | Tombstone
    fixed: Variant | None = None


def blueprint(edition: Callable[[], Edition], labels: Mapping[str, str]) -> Blueprint:
    """The routes of `/id/`, `/doc/` and `/.well-known/genid/`."""
    door = Blueprint("dereference", __name__)

    @door.get("/id/<anything:path>")
    def thing(path: str) -> Response:
        name = read_name(path)
        return _led_on(edition(), name) if name else problem(404)

    @door.get("/doc/<anything:path>")
    def document(path: str) -> Response:
        current = edition()
        found = find(current, path, answers.page_number())
        if found is None:
            return problem(404)
        if isinstance(found.what, Tombstone):
            return departed(current, found.name, found.what, fixed=found.fixed)
        return _given(current, found.what, found.fixed, labels)

    @door.get("/.well-known/genid/<anything:path>")
    def cell(path: str) -> Response:
        owner = cell_owner(path)
        return _led_on(edition(), Name(RECORD, owner)) if owner is not None else problem(404)

    return door


def find(edition: Edition, path: str, page: int = 1) -> Found | None:
    """What a decoded path behind `/doc/` names: a thing exactly so called, else one with a format suffix."""
    name = read_name(path)
    if name is None or page < 1:
        return None
    suffixed = by_suffix(name.key, name.kind)
    # Only a record's identifier can end like a suffix; what we mint ourselves cannot.
    if suffixed is None or name.kind == RECORD:
        exact = _what(edition, name, page)
        if exact is not None:
            return Found(name, exact)
    if suffixed is None:
        return None
    stem = Name(name.kind, suffixed[0])
    what = _what(edition, stem, page)
    return Found(stem, what, suffixed[1]) if what is not None else None


def _what(edition: Edition, name: Name, page: int) -> Description | Tombstone | None:
    return edition.describe(name, page=page) or edition.gone(name)


def _led_on(edition: Edition, name: Name) -> Response:
    """From a thing to its document; from one that is gone to its successor or tombstone."""
    if edition.has(name):
        return see_other(edition, name)
    gone = edition.gone(name)
    return departed(edition, name, gone) if gone else problem(404)


def see_other(edition: Edition, name: Name) -> Response:
    """The redirect from a thing to the variant of its document that the client wants."""
    places = addresses(edition, name)
    try:
        target = places.of(wish(our_profile(edition), kind=name.kind), answers.page_number())
    except (NotAcceptable, RequestMistaken) as error:
        return _refused(error, places)
    links = ", ".join(places.alternates())
    headers = {"Location": target, "Cache-Control": answers.PRIVATE, "Link": links, "Vary": answers.VARY_ID}
    return Response(f"See {target}\n", 303, headers, content_type="text/plain; charset=utf-8")


def _given(edition: Edition, description: Description, fixed: Variant | None, labels: Mapping[str, str]) -> Response:
    """A document in the variant that its address fixes, else in the one that the client wants."""
    places = addresses(edition, description.name)
    try:
        wanted = wish(our_profile(edition), fixed, description.name.kind)
        response = variant_answer(edition, description, wanted, labels=labels, places=places)
    except (NotAcceptable, RequestMistaken) as error:
        return _refused(error, places)
    if fixed is None:
        response.headers["Cache-Control"] = answers.PRIVATE
        response.headers["Content-Location"] = places.of(wanted, description.page)
        response.headers["Vary"] = answers.VARY_DOC
    return response


def _refused(error: NotAcceptable | RequestMistaken, places: Addresses) -> Response:
    """A refusal that says what there is."""
    mistaken = isinstance(error, RequestMistaken)
    response = problem(400 if mistaken else 406, str(error) if mistaken else None, links=places.listed())
    response.headers["Link"] = ", ".join(places.alternates())
    return response
