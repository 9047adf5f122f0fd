"""The door of things and their documents: `/id/…` answers 303, `/doc/…` is negotiated, a suffix is one variant.

A thing is no document, so asking for it leads to one (Cool URIs for the Semantic Web, section 4).
Every address carries an identifier verbatim; an exact one always wins over a format suffix, and what
was withdrawn keeps its addresses.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response

from linkeddata.catalogue import Edition
from linkeddata.errors import NotAcceptable, RequestMistaken
from linkeddata.representations.parts import Text
from linkeddata.vocabulary.uris import RECORD, Name, cell_owner
from linkeddata.vocabulary.uris import read as read_name
from linkeddata.web import answers, finished
from linkeddata.web.documents import Addresses, addresses
from linkeddata.web.finished import Shelf, Shelves
from linkeddata.web.given import variant_answer
from linkeddata.web.located import Located, locate
from linkeddata.web.problems import problem
from linkeddata.web.signs import our_profile
from linkeddata.web.tombstones import departed
from linkeddata.web.tongues import Words
from linkeddata.web.wishes import wish


def blueprint(edition: Callable[[], Edition], words: Words, shelves: Shelves) -> Blueprint:
    """The routes of `/id/`, `/doc/` and `/.well-known/genid/`."""
    door = Blueprint("dereference", __name__)

    @door.get("/id/<anything:path>")
    def thing(path: str) -> Response:
        name = read_name(path)
        return _led_on(edition(), name) if name else problem(404)

    @door.get("/doc/<anything:path>")
    def document(path: str) -> Response:
        current = edition()
        located = locate(current, path, answers.page_number())
        if located is None:
            return _unknown(current, read_name(path))
        given = _given(current, located, words=words, shelf=shelves.of(current.number))
        return given or _missing(current, located)

    @door.get("/.well-known/genid/<anything:path>")
    def cell(path: str) -> Response:
        owner = cell_owner(path)
        return _led_on(edition(), Name(RECORD, owner)) if owner is not None else problem(404)

    return door


def _led_on(edition: Edition, name: Name) -> Response:
    """From a thing to its document; from one that is gone to its successor or tombstone."""
    if edition.has(name):
        return see_other(edition, name)
    gone = edition.gone(name)
    return departed(edition, name, gone) if gone else _unknown(edition, name)


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


def _given(edition: Edition, located: Located, *, words: Words, shelf: Shelf) -> Response | None:
    """A document in the variant that its address fixes, else in the one that the client wants; None where it is not."""
    try:
        wanted = wish(our_profile(edition), located.fixed, located.name.kind)
        answer = variant_answer(edition, located, wanted, words=words, shelf=shelf)
    except (NotAcceptable, RequestMistaken) as error:
        return _refused(error, located.places) if located.describe(edition) else None
    if answer is None:
        return None
    response = finished.response(answer)
    if located.fixed is None:
        response.headers["Cache-Control"] = answers.PRIVATE
        response.headers["Content-Location"] = located.places.of(wanted, located.page)
        response.headers["Vary"] = answers.VARY_DOC
    return response


def _missing(edition: Edition, located: Located) -> Response:
    gone = edition.gone(located.name)
    return departed(edition, located.name, gone, fixed=located.fixed) if gone else _unknown(edition, located.name)


def _unknown(edition: Edition, name: Name | None) -> Response:
    """There is no such thing; of a record the ids that are much like it are told, and it can be searched for."""
    if name is None or name.kind != RECORD:
        return problem(404)
    uris = edition.uris
    links = [Text(each, href=uris.local(uris.record(each))) for each in edition.close_to(name.key)]
    return problem(404, links=links, sought=name.key)


def _refused(error: NotAcceptable | RequestMistaken, places: Addresses) -> Response:
    """A refusal that says what there is."""
    mistaken = isinstance(error, RequestMistaken)
    response = problem(400 if mistaken else 406, error if mistaken else None, links=places.listed())
    response.headers["Link"] = ", ".join(places.alternates())
    return response
