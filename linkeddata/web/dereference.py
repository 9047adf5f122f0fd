"""The door of things and their documents: `/id/…` answers 303, `/doc/…` is negotiated, a suffix is one variant.

A thing is no document, so asking for it leads to one (Cool URIs for the Semantic Web, section 4).
Every address carries an identifier verbatim; an exact one always wins over a format suffix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, render_template, request

from linkeddata.catalogue import Description, Edition
from linkeddata.errors import NotAcceptable
from linkeddata.representations import represent
from linkeddata.representations.facts import mapping_row
from linkeddata.representations.formats import DOCUMENT_FORMATS, Format, negotiate
from linkeddata.representations.listing_page import thing_page
from linkeddata.representations.mined_card import mined_card
from linkeddata.representations.page import data_links, record_page
from linkeddata.representations.parts import Text
from linkeddata.representations.rdf import read as read_statements
from linkeddata.representations.schema_org import schema_org, script_json
from linkeddata.vocabulary.uris import RECORD, Name, Uris, cell_owner
from linkeddata.vocabulary.uris import read as read_name
from linkeddata.web import answers
from linkeddata.web.finished import Offer, Shelf, Shelves
from linkeddata.web.located import Located, locate, variant_paths
from linkeddata.web.problems import problem

_HTML: Final = DOCUMENT_FORMATS[0]
JSON_CONTEXT: Final = "http://www.w3.org/ns/json-ld#context"
#: Aliases of a variant in a URL parameter, beside its name and media types.
_BY_NAME: Final = {fmt.name: fmt for fmt in DOCUMENT_FORMATS}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One variant of one page of a document."""

    located: Located
    format: Format
    page: int


def blueprint(edition: Callable[[], Edition], labels: Mapping[str, str], shelves: Shelves) -> Blueprint:
    """The routes of `/id/`, `/doc/` and `/.well-known/genid/`."""
    door = Blueprint("dereference", __name__)

    @door.get("/id/<anything:path>")
    def thing(path: str) -> Response:
        current = edition()
        name = read_name(path)
        if name is None or not current.has(name):
            return _varied(problem(404), answers.VARY_ID)
        return see_other(current, name)

    @door.get("/doc/<anything:path>")
    def document(path: str) -> Response:
        current, page = edition(), answers.page_number()
        located = locate(current, path)
        response = None
        if located is not None and page > 0:
            response = _document(current, located, page, shelf=shelves.of(current.number), labels=labels)
        return response or _varied(problem(404), answers.VARY_DOC)

    @door.get("/.well-known/genid/<anything:path>")
    def cell(path: str) -> Response:
        current, owner = edition(), cell_owner(path)
        name = Name(RECORD, owner) if owner is not None else None
        if name is None or not current.has(name):
            return _varied(problem(404), answers.VARY_ID)
        return see_other(current, name)

    return door


def asked() -> Format:
    """The variant a request asks for, by URL parameter or Accept; NotAcceptable where we have none such."""
    wanted = request.args.get("format") or request.args.get("_mediatype")
    if wanted is None:
        return negotiate(request.headers.get("Accept"))
    # A plain + in a query string arrives as a blank.
    wanted = wanted.strip().replace(" ", "+")
    return _BY_NAME.get(wanted) or negotiate(wanted if "/" in wanted else "none/none")


def see_other(edition: Edition, name: Name) -> Response:
    """The redirect from a thing to the variant of its document that the client wants."""
    try:
        fmt = asked()
    except NotAcceptable:
        return _varied(_not_acceptable(variant_paths(edition, name)), answers.VARY_ID)
    paths = variant_paths(edition, name)
    target = paths[fmt.name]
    headers = {"Location": target, "Cache-Control": answers.PRIVATE, "Link": ", ".join(_alternates(paths))}
    response = Response(f"See {target}\n", 303, headers, content_type="text/plain; charset=utf-8")
    return _varied(response, answers.VARY_ID)


def _not_acceptable(paths: Mapping[str, str]) -> Response:
    links = [Text(fmt.media_type, href=paths[fmt.name]) for fmt in DOCUMENT_FORMATS]
    response = problem(406, links=links)
    response.headers["Link"] = ", ".join(_alternates(paths))
    return response


def _document(
    edition: Edition, located: Located, page: int, *, shelf: Shelf, labels: Mapping[str, str]
) -> Response | None:
    """A document as its address or the client wants it; None where there is none."""
    if located.fixed is not None:
        return _variant(edition, _Wanted(located, located.fixed, page), shelf=shelf, labels=labels)
    try:
        wanted = _Wanted(located, asked(), page)
    except NotAcceptable:
        is_there = edition.describe(located.name, page=page) is not None
        return _varied(_not_acceptable(located.paths), answers.VARY_DOC) if is_there else None
    response = _variant(edition, wanted, shelf=shelf, labels=labels)
    if response is None:
        return None
    response.headers["Cache-Control"] = answers.PRIVATE
    response.headers["Content-Location"] = _paged(located.paths[wanted.format.name], page)
    return _varied(response, answers.VARY_DOC)


def _variant(edition: Edition, wanted: _Wanted, *, shelf: Shelf, labels: Mapping[str, str]) -> Response | None:
    """One variant of a document, or 304 where the client has it, by its tag alone; None where there is none.

    Whether more pages follow is known only when a thing has been described, so it is part of the tag.
    """
    sure = wanted.located.standing.sure and wanted.page == 1
    for more in (False,) if sure else (False, True):
        known = shelf.known(_offer(edition, wanted, more, shelf), exists=sure)
        if known is not None:
            return known
    description = edition.describe(wanted.located.name, page=wanted.page)
    if description is None:
        return None
    offer = _offer(edition, wanted, description.more, shelf)
    return shelf.reply(offer, lambda: _body(edition, description, wanted, labels))


def _offer(edition: Edition, wanted: _Wanted, more: bool, shelf: Shelf) -> Offer:
    """A variant before it is made. A page names the edition in its foot, and so it changes with it."""
    located, fmt = wanted.located, wanted.format
    standing, make = located.standing, shelf.page_tag if fmt == _HTML else answers.entity_tag
    parts = (edition.facts["version"], located.name.path, standing.version, str(wanted.page), str(more), fmt.name)

    def headers() -> dict[str, str]:
        return {
            "Content-Type": fmt.content_type,
            "Cache-Control": answers.SHARED,
            "Vary": answers.VARY_FIXED,
            "Link": ", ".join(_links(edition.uris, wanted, more)),
        }

    return Offer(make(*parts), headers, edition.issued if fmt == _HTML else standing.modified)


def _body(edition: Edition, description: Description, wanted: _Wanted, labels: Mapping[str, str]) -> bytes:
    uris = edition.uris
    if wanted.format != _HTML:
        return represent(description.statements, wanted.format, focus=description.uri, genid=uris.genid, base=uris.base)
    triples = read_statements(description.statements, genid=uris.genid)
    if description.name.kind == RECORD:
        block = script_json(schema_org(triples, description.uri))
        data = data_links(description.name, uris=uris, addresses=wanted.located.paths)
        mined = read_statements(description.mined, genid=uris.genid)
        page = record_page(triples, description.name, uris=uris, labels=labels, mined=mined)
        page = replace(page, data=data, origin=(*page.origin, mapping_row(edition.facts["version"], uris=uris)))
        card = mined_card(description.clues, len(mined), uris.local(uris.base))
        return render_template("record.html", page=page, schema_org=block, mined=card).encode()
    thing = thing_page(
        triples, description.name, uris=uris, labels=labels, page=description.page, more=description.more
    )
    return render_template("thing.html", page=thing).encode()


def _alternates(paths: Mapping[str, str]) -> list[str]:
    return [
        answers.link(paths[fmt.name], rel="alternate", type=fmt.content_type)
        for fmt in DOCUMENT_FORMATS
        if fmt.name in paths
    ]


def _links(uris: Uris, wanted: _Wanted, more: bool) -> list[str]:
    name, fmt, page = wanted.located.name, wanted.format, wanted.page
    thing, path = uris.thing(name), uris.local(uris.document(name))
    found = [
        answers.link(uris.local(thing), rel="describes"),
        answers.link(path, rel="canonical"),
        answers.link(thing, rel="cite-as"),
    ]
    # PyLD's loader fails on JSON-LD answers with several alternates; there they are left to the other variants.
    if fmt.media_type != "application/ld+json":
        found += _alternates({name: path for name, path in wanted.located.paths.items() if name != fmt.name})
    if fmt.name == "json":
        context = uris.local(f"{uris.base}context.jsonld")
        found.append(answers.link(context, rel=JSON_CONTEXT, type="application/ld+json"))
    if page > 1:
        found.append(answers.link(_paged(path, page - 1), rel="prev"))
    if more:
        found.append(answers.link(_paged(path, page + 1), rel="next"))
    return found


def _paged(path: str, page: int) -> str:
    if page == 1:
        return path
    return f"{path}{'&' if '?' in path else '?'}page={page}"


def _varied(response: Response, vary: str) -> Response:
    response.headers["Vary"] = vary
    return response
