"""The door of link sets: `/linkset/…` is every link of a thing's page and documents (RFC 9264)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

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
from linkeddata.web.problems import problem
from linkeddata.web.signs import linkset_path, linkset_paths, paged, told
from linkeddata.web.typed_links import signs_of


@dataclass(frozen=True, slots=True)
class _Found:
    """What an address names, and the form where its suffix fixes that."""

    description: Description
    fixed: Format | None = None


def blueprint(edition: Callable[[], Edition]) -> Blueprint:
    """The routes of `/linkset/`."""
    door = Blueprint("linkset", __name__)

    @door.get("/linkset/<anything:path>")
    def links(path: str) -> Response:
        current = edition()
        found = _find(current, path, answers.page_number())
        if found is None:
            return problem(404)
        try:
            fmt = found.fixed or _asked()
        except NotAcceptable:
            return _refused(current, found.description.name)
        return _given(current, found.description, fmt, fixed=found.fixed is not None)

    return door


def _find(edition: Edition, path: str, page: int) -> _Found | None:
    """A thing exactly so called, else one with the suffix of a form."""
    name = read_name(path)
    if name is None or page < 1:
        return None
    stem, dot, extension = name.key.rpartition(".")
    fixed = next((fmt for fmt in LINKSET_FORMATS if dot and stem and fmt.extension == extension), None)
    # Only a record's identifier can end like a suffix.
    exact = edition.describe(name, page=page) if fixed is None or name.kind == RECORD else None
    if exact is not None:
        return _Found(exact)
    suffixed = edition.describe(Name(name.kind, stem), page=page) if fixed else None
    return _Found(suffixed, fixed) if suffixed is not None else None


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
