"""The pages people start from: home, lists of things by name, and how to take the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, render_template, request

from linkeddata.catalogue import Edition, Listed, offered
from linkeddata.catalogue.describe import BROWSED
from linkeddata.catalogue.pointing import PAGE
from linkeddata.catalogue.search import Search, Wish
from linkeddata.catalogue.search_lists import Lists, Place, Shelved
from linkeddata.errors import NothingPublished
from linkeddata.representations.formats import ATOM
from linkeddata.representations.listing_page import BrowsePage, browse_page
from linkeddata.representations.search_page import DEEPEST, read_span
from linkeddata.representations.shelf_page import Busiest, Shelf, busiest_page, by_year, shelf_page
from linkeddata.representations.site_pages import (
    DataPage,
    Dump,
    HomePage,
    data_page,
    home_page,
    with_examples,
)
from linkeddata.vocabulary.folding import letter
from linkeddata.vocabulary.uris import RECORD, Uris
from linkeddata.web import answers
from linkeddata.web.finished import Offer, Shelves, response
from linkeddata.web.problems import problem
from linkeddata.web.tongues import Words
from linkeddata.wording import Wording

_SHOWN = 3
_DEEPEST_PAGE = 10_000
#: The parameters that name a place in a list from A to Z.
_PLACES: Final = ("letter", "after", "before", "at")
_LONGEST_PLACE: Final = 1_000
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": answers.SHARED,
    "Vary": answers.VARY_FIXED,
}


def blueprint(edition: Callable[[], Edition], words: Words, shelves: Shelves) -> Blueprint:
    """The routes of `/`, `/browse/…` and `/data`."""
    door = Blueprint("browse", __name__)

    def page(
        served: Edition, template: str, view: Callable[[], object], more: Mapping[str, str] = MappingProxyType({})
    ) -> Response:
        """A page that may be kept a while and asked after by its tag, which is there before its view is."""
        shelf = shelves.of(served.number)
        tag = shelf.page_tag(
            request.path, str(answers.page_number()), *(request.args.get(name, "") for name in (*_PLACES, "year"))
        )
        offer = Offer(tag, lambda: {**_HEADERS, **more}, served.issued)
        known = shelf.known(offer, exists=False)
        if known is None and (shown := view()) is None:
            return problem(404)
        return response(known or shelf.answer(offer, lambda: render_template(template, page=shown).encode()))

    @door.get("/")
    def home() -> Response:
        try:
            served = edition()
        except NothingPublished:
            return _empty()
        return page(
            served,
            "home.html",
            lambda: _home(served, words()),
            {"Link": ", ".join(_from_home(served.uris))},
        )

    @door.get("/browse/<kind>")
    def browse(kind: str) -> Response:
        served = edition()
        if served.lists is None:
            return page(served, "browse.html", lambda: _list(served, kind, answers.page_number(), words))
        if served.search and kind in BROWSED and "year" in request.args:
            return page(served, "browse.html", lambda: _by_year(served, served.search, kind, words))
        return page(served, "browse.html", lambda: _shelf(served, kind, words))

    @door.get("/data")
    def data() -> Response:
        served = edition()
        return page(served, "data.html", lambda: _data(served, words()))

    return door


def _from_home(uris: Uris) -> list[str]:
    """Links to what leads to everything, for programs that begin where people do."""
    root = uris.local(uris.base)
    return [
        answers.link(f"{root}.well-known/void", rel="describedby"),
        answers.link(f"{root}feed.atom", rel="alternate", type=ATOM.content_type),
        answers.link(f"{root}changes", rel="alternate", type="application/activity+json"),
    ]


def _home(edition: Edition, words: Wording) -> HomePage:
    uris, recent = edition.uris, _rows(edition.recent(_SHOWN))
    page = home_page(edition.counts, edition.issued, recent, uris=uris, years=_years(edition), words=words)
    return with_examples(page, edition.samples, _dumps(edition), uris=uris, words=words)


def _rows(listed: tuple[Listed, ...] | list[Listed]) -> list[tuple[str, str, str | None]]:
    return [(row.uri, row.label, row.year) for row in listed]


def _list(edition: Edition, kind: str, page: int, words: Words) -> BrowsePage | None:
    """A page of the things of a kind; None where there is none such."""
    if kind not in (RECORD, *BROWSED) or not 1 <= page <= _DEEPEST_PAGE:
        return None
    listing = edition.listing(kind, page=page)
    if not listing.rows and page > 1:
        return None
    return browse_page(
        kind, _rows(listing.rows), uris=edition.uris, labels=words().labels, page=page, more=listing.more
    )


def _shelf(edition: Edition, kind: str, words: Words) -> BrowsePage | None:
    """A page of the list from A to Z, from the place on that the address names; None where there is no such list."""
    args, lists = request.args, edition.lists
    letter_asked = args.get("letter")
    letters = lists.letters(kind) if lists and kind in (RECORD, *BROWSED) else []
    if lists is None or kind not in (RECORD, *BROWSED) or letter_asked not in (None, *(each for each, _ in letters)):
        return None
    placed = any(name in args for name in _PLACES[1:])
    page = 0 if placed else answers.page_number()
    rows, before, behind = _from(lists, kind, letter_asked) if placed else _numbered(lists, kind, letter_asked, page)
    if not rows and page != 1 and not placed:
        return None
    shown = [(row.key, row.label, row.works, row.place._asdict()) for row in rows]
    years = by_year(kind, _years(edition), edition.uris)
    last = max(1, -(-lists.things(kind, letter_asked) // PAGE))
    shelf = Shelf(shown, letters, letter_asked, before, behind, page, last)
    return shelf_page(kind, shelf, uris=edition.uris, labels=words().labels, years=years, words=words())


def _by_year(edition: Edition, search: Search | None, kind: str, words: Words) -> BrowsePage | None:
    """A page of the things of a kind that have most works in some years; None where the address names no years."""
    years, page = read_span(request.args["year"]), answers.page_number()
    if search is None or edition.lists is None or years is None or not 1 <= page <= DEEPEST:
        return None
    found = search.busiest(Wish(years=years), kind, page * PAGE + 1)[(page - 1) * PAGE :]
    if not found and page > 1:
        return None
    rows = [(each.key, each.label, each.works) for each in found[:PAGE]]
    busiest = Busiest(rows, years, page, len(found) > PAGE and page < DEEPEST)
    letters, labels = edition.lists.letters(kind), words().labels
    return busiest_page(kind, busiest, letters, uris=edition.uris, labels=labels, years=_years(edition), words=words())


def _numbered(lists: Lists, kind: str, letter_asked: str | None, page: int) -> tuple[list[Shelved], bool, bool]:
    """The rows of a page, whether there are rows before and whether there are behind them."""
    rows = lists.numbered(kind, page, size=PAGE, letter=letter_asked)
    return rows, page > 1, page * PAGE < lists.things(kind, letter_asked)


def _from(lists: Lists, kind: str, letter_asked: str | None) -> tuple[list[Shelved], bool, bool]:
    """The rows behind or before the place that the address names; whether there are more on either side."""
    args = request.args
    back = "before" in args
    sort = args.get("before" if back else "after", "")[:_LONGEST_PLACE]
    start = Place(letter(sort), sort, args.get("at", "")[:_LONGEST_PLACE]) if sort or "at" in args else Place("")
    rows = lists.shelf(kind, size=PAGE + 1, start=start, letter=letter_asked, back=back)
    goes_on, rows = len(rows) > PAGE, rows[1:] if back and len(rows) > PAGE else rows[:PAGE]
    came_from = bool(rows) and bool(lists.shelf(kind, size=1, start=rows[0].place, letter=letter_asked, back=True))
    return rows, came_from, goes_on or back


def _years(edition: Edition) -> dict[int, int]:
    """The works of each year, and of none (0)."""
    if edition.lists is None:
        return {}
    years = edition.lists.years()
    return {**years, 0: edition.counts["records"] - sum(years.values())}


def _data(edition: Edition, words: Wording) -> DataPage:
    example, dumps = edition.facts["example"] or None, _dumps(edition)
    return data_page(edition.counts, edition.issued, example=example, dumps=dumps, uris=edition.uris, words=words)


def _dumps(edition: Edition) -> list[Dump]:
    return [(each.kind.words, each.kind.ending, each.size) for each in offered(edition.folder, edition.issued)]


def _empty() -> Response:
    body = render_template("empty.html", command="linkeddata load FILE")
    return Response(body, content_type=_HEADERS["Content-Type"], headers={"Cache-Control": "no-store"})
