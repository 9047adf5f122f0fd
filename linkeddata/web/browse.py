"""The pages people start from: home, lists of things by name, and how to take the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, render_template, request

from linkeddata.catalogue import Edition, Listed, offered
from linkeddata.catalogue.describe import BROWSED
from linkeddata.errors import NothingPublished
from linkeddata.representations.listing_page import browse_page
from linkeddata.representations.site_pages import data_page, home_page
from linkeddata.vocabulary.uris import RECORD, Uris
from linkeddata.web import answers
from linkeddata.web.problems import problem

_SHOWN = 5
_DEEPEST_PAGE = 10_000


def blueprint(edition: Callable[[], Edition], labels: Mapping[str, str]) -> Blueprint:
    """The routes of `/`, `/browse/…` and `/data`."""
    door = Blueprint("browse", __name__)

    @door.get("/")
    def home() -> Response:
        try:
            current = edition()
        except NothingPublished:
            return _page(render_template("empty.html", command="linkeddata load FILE"), None)
        page = home_page(current.counts, current.issued, _rows(current.recent(_SHOWN)), uris=current.uris)
        response = _page(render_template("home.html", page=page), current)
        response.headers["Link"] = ", ".join(_from_home(current.uris))
        return response

    @door.get("/browse/<kind>")
    def browse(kind: str) -> Response:
        current, page = edition(), answers.page_number()
        if kind not in (RECORD, *BROWSED) or not 1 <= page <= _DEEPEST_PAGE:
            return problem(404)
        listing = current.listing(kind, page=page)
        if not listing.rows and page > 1:
            return problem(404)
        shown = browse_page(kind, _rows(listing.rows), uris=current.uris, labels=labels, page=page, more=listing.more)
        return _page(render_template("browse.html", page=shown), current)

    @door.get("/data")
    def data() -> Response:
        current = edition()
        dumps = [(each.kind.words, each.kind.ending, each.size) for each in offered(current.folder, current.issued)]
        example, uris = current.facts["example"] or None, current.uris
        page = data_page(current.counts, current.issued, example=example, dumps=dumps, uris=uris)
        return _page(render_template("data.html", page=page), current)

    return door


def _from_home(uris: Uris) -> list[str]:
    """Links to what leads to everything, for programs that begin where people do."""
    root = uris.local(uris.base)
    return [
        answers.link(f"{root}.well-known/void", rel="describedby"),
        answers.link(f"{root}feed.atom", rel="alternate", type="application/atom+xml"),
        answers.link(f"{root}changes", rel="alternate", type="application/activity+json"),
    ]


def _rows(listed: tuple[Listed, ...] | list[Listed]) -> list[tuple[str, str, str | None]]:
    return [(row.uri, row.label, row.year) for row in listed]


def _page(body: str, edition: Edition | None) -> Response:
    """An HTML page that may be kept a while and asked after by its tag."""
    if edition is None:
        return Response(body, content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})
    tag = answers.entity_tag(f"edition-{edition.number}", request.full_path)
    headers = {"ETag": f'"{tag}"', "Cache-Control": answers.SHARED, "Vary": answers.VARY_FIXED}
    if answers.is_known(tag):
        return Response(status=304, headers=headers)
    return Response(body, headers=headers, content_type="text/html; charset=utf-8")
