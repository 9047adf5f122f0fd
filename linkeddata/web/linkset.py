"""The door of link sets: `/linkset/…` is every link of a thing's page and documents (RFC 9264)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Blueprint, Response, request

from linkeddata.catalogue import Description, Edition
from linkeddata.errors import NotAcceptable
from linkeddata.representations.formats import Format, negotiate
from linkeddata.representations.parts import Text
from linkeddata.representations.signposting import LINKSET_FORMATS, linkset
from linkeddata.vocabulary.uris import RECORD, Name
from linkeddata.vocabulary.uris import read as read_name
from linkeddata.web import answers
from linkeddata.web.documents import addresses, view_of
from linkeddata.web.problems import problem, vary_here
from linkeddata.web.signs import linkset_path, linkset_paths, paged, told
from linkeddata.web.tombstones import heir_of
from linkeddata.web.typed_links import signs_of


def blueprint(edition: Callable[[], Edition]) -> Blueprint:
    """The routes of `/linkset/`."""
    door = Blueprint("linkset", __name__)

    @door.get("/linkset/<anything:path>")
    def links(path: str) -> Response:
        current, page = edition(), answers.page_number()
        for name, fixed in _meant(path) if page else ():
            if description := current.describe(name, page=page):
                return _answer(current, description, fixed)
            if gone := current.gone(name):
                return _departed(current, heir_of(current, name, gone), fixed)
        return problem(404)

    return door


def _meant(path: str) -> Iterator[tuple[Name, Format | None]]:
    """What an address may name: a thing exactly so called, then one with the suffix of a form, which fixes that."""
    name = read_name(path)
    if name is None:
        return
    stem, dot, extension = name.key.rpartition(".")
    fixed = next((fmt for fmt in LINKSET_FORMATS if dot and stem and fmt.extension == extension), None)
    # Only a record's identifier can end like a suffix.
    if fixed is None or name.kind == RECORD:
        yield name, None
    if fixed:
        yield Name(name.kind, stem), fixed


def _answer(edition: Edition, description: Description, fixed: Format | None) -> Response:
    try:
        fmt = fixed or _asked()
    except NotAcceptable:
        return _refused(edition, description.name)
    return _given(edition, description, fmt, fixed=fixed is not None)


def _departed(edition: Edition, heir: Name | None, fixed: Format | None) -> Response:
    """To the links of what took a thing's place, with the suffix kept; gone where nothing did."""
    if heir is None:
        return problem(410)
    taken = addresses(edition, heir).taken
    bare = edition.uris.local(f"{edition.uris.base}linkset/{heir.path}")
    target = linkset_path(edition.uris, heir, fixed, taken) if fixed else bare
    caching = answers.SHARED if fixed else answers.PRIVATE
    headers = {"Location": target, "Cache-Control": caching, "Vary": vary_here(fixed=fixed is not None)}
    return Response(f"Moved to {target}\n", 308, headers, content_type="text/plain; charset=utf-8")


def _asked() -> Format:
    """The form that the parameter names, else by Accept; JSON for those who do not care."""
    wanted = request.args.get("format")
    if wanted is not None:
        named = next((fmt for fmt in LINKSET_FORMATS if fmt.name == wanted), None)
        return named or negotiate("none/none", LINKSET_FORMATS)
    return negotiate(request.headers.get("Accept"), LINKSET_FORMATS)


def _given(edition: Edition, description: Description, fmt: Format, *, fixed: bool) -> Response:
    tag = answers.entity_tag(
        "linkset", edition.facts["version"], f"{edition.number}-{description.version}", str(description.page), fmt.name
    )
    places = addresses(edition, description.name)
    path = paged(linkset_path(edition.uris, description.name, fmt, places.taken), description.page)
    headers = {
        "ETag": f'"{tag}"',
        "Last-Modified": answers.http_date(description.modified),
        "Cache-Control": answers.SHARED if fixed else answers.PRIVATE,
        "Vary": answers.VARY_FIXED if fixed else answers.VARY_DOC,
        **({} if fixed else {"Content-Location": path}),
    }
    if answers.is_known(tag):
        return answers.NotModified(headers)
    signs = replace(signs_of(edition, description, places), told=told(description, view_of(edition, description)()))
    return Response(linkset(signs, fmt, base=edition.uris.base), 200, headers, content_type=fmt.content_type)


def _refused(edition: Edition, name: Name) -> Response:
    paths = linkset_paths(edition.uris, name, addresses(edition, name).taken)
    return problem(406, links=[Text(content_type, href=path) for path, content_type in paths])
