"""The pages people start from: home, lists of things by name, and how to take the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, render_template, request

from linkeddata.catalogue import Edition, Listed, offered
from linkeddata.catalogue.describe import BROWSED
from linkeddata.errors import NothingPublished
from linkeddata.representations.listing_page import BrowsePage, browse_page
from linkeddata.representations.site_pages import DataPage, data_page, home_page
from linkeddata.vocabulary.uris import RECORD, Uris
from linkeddata.web import answers
from linkeddata.web.finished import Offer, Shelves
from linkeddata.web.problems import problem

_SHOWN = 5
_DEEPEST_PAGE = 10_000
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": answers.SHARED,
    "Vary": answers.VARY_FIXED,
}


def blueprint(edition: Callable[[], Edition], labels: Mapping[str, str], shelves: Shelves) -> Blueprint:
    """The routes of `/`, `/browse/…` and `/data`."""
    door = Blueprint("browse", __name__)

    def page(
        served: Edition, template: str, view: Callable[[], object], more: Mapping[str, str] = MappingProxyType({})
    ) -> Response:
        """A page that may be kept a while and asked after by its tag, which is there before its view is."""
        shelf = shelves.of(served.number)
        tag = shelf.page_tag(request.path, str(answers.page_number()))
        offer = Offer(tag, lambda: {**_HEADERS, **more}, served.issued)
        known = shelf.known(offer, exists=False)
        if known is None and (shown := view()) is None:
            return problem(404)
        return known or shelf.reply(offer, lambda: render_template(template, page=shown).encode())

    @door.get("/")
    def home() -> Response:
        try:
            served = edition()
        except NothingPublished:
            return _empty()
        return page(
            served,
            "home.html",
            lambda: home_page(served.counts, served.issued, _rows(served.recent(_SHOWN)), uris=served.uris),
            {"Link": ", ".join(_from_home(served.uris))},
        )

    @door.get("/browse/<kind>")
    def browse(kind: str) -> Response:
        served = edition()
        return page(served, "browse.html", lambda: _list(served, kind, answers.page_number(), labels))

    @door.get("/data")
    def data() -> Response:
        served = edition()
        return page(served, "data.html", lambda: _data(served))

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


def _list(edition: Edition, kind: str, page: int, labels: Mapping[str, str]) -> BrowsePage | None:
    """A page of the things of a kind; None where there is none such."""
    if kind not in (RECORD, *BROWSED) or not 1 <= page <= _DEEPEST_PAGE:
        return None
    listing = edition.listing(kind, page=page)
    if not listing.rows and page > 1:
        return None
    return browse_page(kind, _rows(listing.rows), uris=edition.uris, labels=labels, page=page, more=listing.more)


def _data(edition: Edition) -> DataPage:
    dumps = [(each.kind.words, each.kind.ending, each.size) for each in offered(edition.folder, edition.issued)]
    example = edition.facts["example"] or None
    return data_page(edition.counts, edition.issued, example=example, dumps=dumps, uris=edition.uris)


def _empty() -> Response:
    body = render_template("empty.html", command="linkeddata load FILE")
    return Response(body, content_type=_HEADERS["Content-Type"], headers={"Cache-Control": "no-store"})
