"""Searching: `/search` for people and programs, and the pages of a type and of a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

from flask import Blueprint, Response, render_template, request

from linkeddata.catalogue import Edition
from linkeddata.catalogue.search import Hit, Result, Search, Wish
from linkeddata.catalogue.search_row import AND_OTHERS
from linkeddata.errors import NotAcceptable, RequestMistaken
from linkeddata.representations.formats import SEARCH_FORMATS, Format, negotiate
from linkeddata.representations.histogram import Histogram, histogram
from linkeddata.representations.parts import Offer as Given
from linkeddata.representations.parts import Text, capital
from linkeddata.representations.search_documents import Found, search_document
from linkeddata.representations.search_page import (
    DEEPEST,
    FACETS,
    NARROWING,
    ORDERS,
    SIZE,
    Asked,
    SearchPage,
    chosen,
    facet,
    hidden,
    item,
    orders,
    read_span,
    turned,
    type_label,
)  # fmt: skip
from linkeddata.representations.variants import HTML
from linkeddata.vocabulary.uris import Name
from linkeddata.web import answers
from linkeddata.web.finished import Offer, Shelves
from linkeddata.web.problems import problem
from linkeddata.web.tongues import Words
from linkeddata.wording import Wording, marked

#: So many things a search may be narrowed to at once; a longer key is none of ours.
_MOST_UNDER: Final = 12
_LONGEST_KEY: Final = 500
#: Results for programs come in larger pages.
_PROGRAM_SIZE: Final = 100
_FIRST: Final = 400
_ROBOTS: Final = {"X-Robots-Tag": "noindex"}


def blueprint(edition: Callable[[], Edition], words: Words, shelves: Shelves) -> Blueprint:
    """The routes of `/search`, `/type/{x}` and `/year/{y}`."""
    door = Blueprint("search", __name__)

    @door.get("/search")
    def search() -> Response:
        fmt = _wanted_format()
        return _answer(edition(), _asked(edition()), fmt, words, "Accept", shelves)

    @door.get("/search.<extension>")
    def search_as(extension: str) -> Response:
        fmt = next((each for each in SEARCH_FORMATS if each.extension == extension), None)
        if fmt is None:
            return problem(404)
        return _answer(edition(), _asked(edition()), fmt, words, answers.VARY_FIXED, shelves)

    @door.get("/type/<key>")
    def of_type(key: str) -> Response:
        return _shelf(edition(), "type", key, words)

    @door.get("/year/<key>")
    def of_year(key: str) -> Response:
        return _shelf(edition(), "year", key, words)

    return door


def _wanted_format() -> Format:
    """By `?format=`, or by what is accepted. NotAcceptable where that is none of ours."""
    asked = request.args.get("format")
    if asked is None:
        return negotiate(request.headers.get("Accept"), SEARCH_FORMATS)
    found = next((each for each in SEARCH_FORMATS if asked in (each.name, each.extension)), None)
    if found is None:
        names = ", ".join(each.name for each in SEARCH_FORMATS)
        raise NotAcceptable("results come as %(formats)s", formats=names)
    return found


def _asked(edition: Edition) -> Asked:
    """What the address asks; what it says that means nothing is passed over, and the page is 0 for what is none."""
    args = request.args
    pairs = [(name, key) for name in NARROWING for key in args.getlist(name) if 0 < len(key) <= _LONGEST_KEY]
    order = args.get("sort", "relevance")
    return Asked(
        root=edition.uris.local(edition.uris.base),
        text=args.get("q", "").strip(),
        under=tuple(dict.fromkeys(pairs))[:_MOST_UNDER],
        years=read_span(args.get("year", "")),
        order=order if order in ORDERS else "relevance",
        page=answers.page_number(),
    )


def _answer(edition: Edition, asked: Asked, fmt: Format, words: Words, vary: str, shelves: Shelves) -> Response:
    if edition.search is None:
        return problem(503, marked("There is no search index at the moment; the lists from A to Z can be used."))
    if not 1 <= asked.page <= DEEPEST:
        return problem(
            404,
            RequestMistaken(
                "Results are shown up to page %(last)s. All records are in the dump, and SPARQL finds any part.",
                last=DEEPEST,
            ),
        )
    if fmt == HTML and asked.text and not asked.under and (name := edition.called(asked.text)):
        return _led_to(edition, name)
    search, shelf = edition.search, shelves.of(edition.number)
    headers = {"Content-Type": fmt.content_type, "Cache-Control": answers.BRIEF, "Vary": vary, **_ROBOTS}
    tag = shelf.page_tag("search", fmt.name, vary, repr(asked))
    if fmt == HTML:
        return shelf.reply(Offer(tag, lambda: headers), lambda: _html(edition, search, asked, words))

    @cache
    def found() -> Found:
        return _found(edition, search, asked, search.find(_wish(asked)), fmt)

    return shelf.reply(Offer(tag, lambda: {**headers, **_about(found())}), lambda: search_document(found(), fmt))


def _html(edition: Edition, search: Search, asked: Asked, words: Words) -> bytes:
    page = _page(edition, search, asked, search.find(_wish(asked)), words)
    return render_template("search.html", page=page).encode()


def _about(found: Found) -> dict[str, str]:
    """What formats such as CSV have no place for: how many results there are in all, and where the neighbours are."""
    ways = (("next", found.following), ("prev", found.previous))
    links = ", ".join(answers.link(to, rel=rel) for rel, to in ways if to)
    return {"X-Total-Count": str(found.total), **({"Link": links} if links else {})}


def _led_to(edition: Edition, name: Name) -> Response:
    """The text is the name of one thing."""
    response = Response(
        status=303, headers={"Location": edition.uris.local(edition.uris.thing(name)), "Vary": "Accept"}
    )
    response.headers["Cache-Control"] = answers.BRIEF
    return response


def _wish(asked: Asked) -> Wish:
    under = tuple((NARROWING[name][0], key) for name, key in asked.under)
    order = asked.order if asked.text or asked.order != "relevance" else "newest"
    return Wish(asked.text, under, asked.years, order, _first(asked.page * _PROGRAM_SIZE))


def _first(wanted: int) -> int:
    """So many are put in order: few serve almost everybody, and whoever leafs on has all that can be leafed through."""
    return _FIRST if wanted <= _FIRST else DEEPEST * _PROGRAM_SIZE


def _page(
    edition: Edition, search: Search, asked: Asked, result: Result, words: Words, heading: str = ""
) -> SearchPage:
    hits = search.page(result, (asked.page - 1) * SIZE, SIZE)
    facets = (facet(name, _values(result, name, words), asked, words()) for name in FACETS)
    meant = result.suggestion
    return SearchPage(
        asked=asked,
        heading=heading or (words().say("“%(text)s”", text=asked.text) if asked.text else words().say("All records")),
        total=result.total,
        items=tuple(item(_in_words(hit, words()), uris=edition.uris) for hit in hits),
        chosen=chosen(_chosen(asked, result, words), asked, words()),
        facets=tuple(each for each in facets if each.values),
        orders=orders(asked, words()) if result.total > 1 else (),
        histogram=_histogram(asked, result),
        pager=turned(asked, result.total),
        offers=_offers(asked),
        hidden=hidden(asked),
        suggestion=Text(meant, href=replace(asked, text=meant, page=1).address()) if meant else None,
        names=_names(edition, result),
        cut=result.query.cut,
        ends_early=asked.page == DEEPEST and result.total > DEEPEST * SIZE,
    )


def _in_words(hit: Hit, words: Wording) -> Hit:
    """A hit whose index row says in English that there are other names."""
    names, others, behind = hit.names.rpartition(AND_OTHERS)
    return hit._replace(names=words.say("%(names)s and others", names=names)) if others and not behind else hit


def _offers(asked: Asked) -> tuple[Given, ...]:
    first = replace(asked, page=1)
    others = (each for each in SEARCH_FORMATS if each != HTML)
    return tuple(Given(_WORDS[each.name], first.address(f".{each.extension}"), each.content_type) for each in others)


def _names(edition: Edition, result: Result) -> tuple[Text, ...]:
    """The things called somewhat like what was not found."""
    uris = edition.uris
    return tuple(Text(each.label, href=uris.local(uris.thing(Name(each.kind, each.key)))) for each in result.names)


_WORDS: Final = {"json": "JSON", "csv": "CSV", "jsonld": "JSON-LD", "atom": "Atom"}


def _histogram(asked: Asked, result: Result) -> Histogram | None:
    dated = sum(result.years.values())
    years = {**result.years, 0: result.total - dated}
    return histogram(years, lambda years: replace(asked, years=years, page=1).address(), asked.years)


def _chosen(asked: Asked, result: Result, words: Words) -> list[tuple[str, str, str]]:
    known = {(each.kind, each.key): each.label for each in result.chosen}
    named = ((name, key, known.get((NARROWING[name][0], key), key)) for name, key in asked.under)
    return [(name, key, type_label(label, words().labels) if name == "type" else label) for name, key, label in named]


def _values(result: Result, parameter: str, words: Words) -> list[tuple[str, str, int]]:
    found = result.values[NARROWING[parameter][0]]
    is_type = parameter == "type"
    return [(each.key, type_label(each.label, words().labels) if is_type else each.label, each.works) for each in found]


def _found(edition: Edition, search: Search, asked: Asked, result: Result, fmt: Format) -> Found:
    uris, start = edition.uris, (asked.page - 1) * _PROGRAM_SIZE
    hits = search.page(result, start, _PROGRAM_SIZE)
    host = uris.base.removesuffix(asked.root)
    suffix = f".{fmt.extension}"
    more = start + _PROGRAM_SIZE < result.total and asked.page < DEEPEST

    def absolute(page: int, ending: str = suffix) -> str:
        return host + replace(asked, page=page).address(ending)

    facets = {
        name: [(each.key, each.label, each.works) for each in result.values[kind]]
        for name, (kind, _) in NARROWING.items()
    }
    facets["year"] = [(str(year), str(year), works) for year, works in result.years.items()]
    return Found(
        text=asked.text, total=result.total, works=[_work(hit, edition) for hit in hits], facets=facets,
        address=absolute(asked.page), collection=absolute(1), page_of=absolute(1, ""), issued=edition.issued,
        site=edition.facts.get("title", ""),
        following=absolute(asked.page + 1) if more else None,
        previous=absolute(asked.page - 1) if asked.page > 1 else None,
        start=start + 1, size=_PROGRAM_SIZE,
    )  # fmt: skip


def _work(hit: Hit, edition: Edition) -> tuple[str, str, str, str, int | None, str]:
    return (edition.uris.record(hit.id), *hit[1:])


def _shelf(edition: Edition, parameter: str, key: str, words: Words) -> Response:
    """The works of a type or a year, newest first: a search without words, under an address of its own."""
    if edition.search is None or edition.lists is None or (label := edition.lists.label(parameter, key)) is None:
        return problem(404)
    asked = Asked(edition.uris.local(edition.uris.base))
    asked = replace(asked, years=read_span(key)) if parameter == "year" else asked.with_(parameter, key)
    heading = words().say("Works of %(year)s", year=label) if parameter == "year" else type_label(label, words().labels)
    result = edition.search.find(_wish(asked))
    page = _page(edition, edition.search, asked, result, words, capital(heading))
    headers = {"Cache-Control": answers.SHARED, "Vary": answers.VARY_FIXED}
    return Response(render_template("search.html", page=page), headers=headers, content_type=HTML.content_type)
