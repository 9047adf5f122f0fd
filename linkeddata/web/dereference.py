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
from linkeddata.representations.formats import DOCUMENT_FORMATS, Format, by_extension, negotiate
from linkeddata.representations.listing_page import thing_page
from linkeddata.representations.mined_card import mined_card
from linkeddata.representations.page import data_links, record_page
from linkeddata.representations.parts import Text
from linkeddata.representations.rdf import read as read_statements
from linkeddata.representations.schema_org import schema_org, script_json
from linkeddata.vocabulary.uris import RECORD, Name, cell_owner
from linkeddata.vocabulary.uris import read as read_name
from linkeddata.web import answers
from linkeddata.web.problems import problem

_HTML: Final = DOCUMENT_FORMATS[0]
JSON_CONTEXT: Final = "http://www.w3.org/ns/json-ld#context"
#: Aliases of a variant in a URL parameter, beside its name and media types.
_BY_NAME: Final = {fmt.name: fmt for fmt in DOCUMENT_FORMATS}


@dataclass(frozen=True, slots=True)
class Found:
    """What an address names: a thing's description, and the variant where the address fixes it."""

    description: Description
    fixed: Format | None


def blueprint(edition: Callable[[], Edition], labels: Mapping[str, str]) -> Blueprint:
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
        current = edition()
        found = find(current, path, answers.page_number())
        if found is None:
            return _varied(problem(404), answers.VARY_DOC)
        if found.fixed is not None:
            return _variant(current, found.description, found.fixed, labels)
        return _varied(_negotiated(current, found.description, labels), answers.VARY_DOC)

    @door.get("/.well-known/genid/<anything:path>")
    def cell(path: str) -> Response:
        current, owner = edition(), cell_owner(path)
        name = Name(RECORD, owner) if owner is not None else None
        if name is None or not current.has(name):
            return _varied(problem(404), answers.VARY_ID)
        return see_other(current, name)

    return door


def find(edition: Edition, path: str, page: int = 1) -> Found | None:
    """What a decoded path behind `/doc/` names: a thing exactly so called, else one with a format suffix."""
    name = read_name(path)
    if name is None or page < 1:
        return None
    stem, dot, extension = name.key.rpartition(".")
    suffixed = by_extension(extension) if dot and stem else None
    # Only a record's identifier can hold a dot; what we mint ourselves cannot.
    if suffixed is None or name.kind == RECORD:
        exact = edition.describe(name, page=page)
        if exact is not None:
            return Found(exact, None)
    if suffixed is None:
        return None
    description = edition.describe(Name(name.kind, stem), page=page)
    return Found(description, suffixed) if description else None


def asked() -> Format:
    """The variant a request asks for, by URL parameter or Accept; NotAcceptable where we have none such."""
    wanted = request.args.get("format") or request.args.get("_mediatype")
    if wanted is None:
        return negotiate(request.headers.get("Accept"))
    # A plain + in a query string arrives as a blank.
    wanted = wanted.strip().replace(" ", "+")
    return _BY_NAME.get(wanted) or negotiate(wanted if "/" in wanted else "none/none")


def variant_path(edition: Edition, name: Name, fmt: Format) -> str:
    """The path of one variant of a document: by suffix; by parameter where that address is another record's."""
    path = edition.uris.local(edition.uris.document(name))
    taken = name.kind == RECORD and edition.has(Name(RECORD, f"{name.key}.{fmt.extension}"))
    return f"{path}?format={fmt.name}" if taken else f"{path}.{fmt.extension}"


def see_other(edition: Edition, name: Name) -> Response:
    """The redirect from a thing to the variant of its document that the client wants."""
    try:
        fmt = asked()
    except NotAcceptable:
        return _varied(_not_acceptable(edition, name), answers.VARY_ID)
    target = variant_path(edition, name, fmt)
    headers = {"Location": target, "Cache-Control": answers.PRIVATE, "Link": ", ".join(_alternates(edition, name))}
    response = Response(f"See {target}\n", 303, headers, content_type="text/plain; charset=utf-8")
    return _varied(response, answers.VARY_ID)


def _not_acceptable(edition: Edition, name: Name) -> Response:
    links = [Text(fmt.media_type, href=variant_path(edition, name, fmt)) for fmt in DOCUMENT_FORMATS]
    response = problem(406, links=links)
    response.headers["Link"] = ", ".join(_alternates(edition, name))
    return response


def _negotiated(edition: Edition, description: Description, labels: Mapping[str, str]) -> Response:
    try:
        fmt = asked()
    except NotAcceptable:
        return _not_acceptable(edition, description.name)
    response = _variant(edition, description, fmt, labels)
    response.headers["Cache-Control"] = answers.PRIVATE
    response.headers["Content-Location"] = _paged(variant_path(edition, description.name, fmt), description.page)
    return response


def _variant(edition: Edition, description: Description, fmt: Format, labels: Mapping[str, str]) -> Response:
    """One variant of a document, or 304 where the client has it; the tag costs no serialising."""
    shown = description.version if fmt != _HTML else f"edition-{edition.number}-{description.version}"
    tag = answers.entity_tag(edition.facts["version"], shown, str(description.page), fmt.name)
    headers = {
        "ETag": f'"{tag}"',
        "Last-Modified": answers.http_date(description.modified),
        "Cache-Control": answers.SHARED,
        "Vary": answers.VARY_FIXED,
        "Link": ", ".join(_links(edition, description, fmt)),
    }
    if answers.is_known(tag):
        return Response(status=304, headers=headers)
    return Response(_body(edition, description, fmt, labels), 200, headers, content_type=fmt.content_type)


def _body(edition: Edition, description: Description, fmt: Format, labels: Mapping[str, str]) -> bytes:
    uris = edition.uris
    if fmt != _HTML:
        return represent(description.statements, fmt, focus=description.uri, genid=uris.genid, base=uris.base)
    triples = read_statements(description.statements, genid=uris.genid)
    if description.name.kind == RECORD:
        block = script_json(schema_org(triples, description.uri))
        addresses = {fmt.name: variant_path(edition, description.name, fmt) for fmt in DOCUMENT_FORMATS}
        data = data_links(description.name, uris=uris, addresses=addresses)
        mined = read_statements(description.mined, genid=uris.genid)
        page = record_page(triples, description.name, uris=uris, labels=labels, mined=mined)
        page = replace(page, data=data, origin=(*page.origin, mapping_row(edition.facts["version"], uris=uris)))
        card = mined_card(description.clues, len(mined), uris.local(uris.base))
        return render_template("record.html", page=page, schema_org=block, mined=card).encode()
    thing = thing_page(
        triples, description.name, uris=uris, labels=labels, page=description.page, more=description.more
    )
    return render_template("thing.html", page=thing).encode()


def _alternates(edition: Edition, name: Name) -> list[str]:
    return [
        answers.link(variant_path(edition, name, fmt), rel="alternate", type=fmt.content_type)
        for fmt in DOCUMENT_FORMATS
    ]


def _links(edition: Edition, description: Description, fmt: Format) -> list[str]:
    uris, name = edition.uris, description.name
    path = uris.local(description.document)
    found = [
        answers.link(uris.local(description.uri), rel="describes"),
        answers.link(path, rel="canonical"),
        answers.link(description.uri, rel="cite-as"),
    ]
    # PyLD's loader fails on JSON-LD answers with several alternates; there they are left to the other variants.
    if fmt.media_type != "application/ld+json":
        found += [link for link in _alternates(edition, name) if variant_path(edition, name, fmt) not in link]
    if fmt.name == "json":
        context = uris.local(f"{uris.base}context.jsonld")
        found.append(answers.link(context, rel=JSON_CONTEXT, type="application/ld+json"))
    if description.page > 1:
        found.append(answers.link(_paged(path, description.page - 1), rel="prev"))
    if description.more:
        found.append(answers.link(_paged(path, description.page + 1), rel="next"))
    return found


def _paged(path: str, page: int) -> str:
    if page == 1:
        return path
    return f"{path}{'&' if '?' in path else '?'}page={page}"


def _varied(response: Response, vary: str) -> Response:
    response.headers["Vary"] = vary
    return response
