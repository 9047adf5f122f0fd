"""The door for those who follow the data: `/changes` as activities, `/feed.atom` for people's readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response

from linkeddata.catalogue import Change, Edition
from linkeddata.representations.activities import Activity, collection, collection_page
from linkeddata.representations.feed import Feed, FeedEntry, atom
from linkeddata.representations.formats import ATOM
from linkeddata.vocabulary.uris import RECORD, Name, Uris
from linkeddata.web import answers
from linkeddata.web.issued import issued
from linkeddata.web.problems import problem

PAGE: Final = 1000
_ENTRIES: Final = 50
#: Pages of the feed end here; who wants more follows `/changes`.
_DEEPEST: Final = 100
_ACTIVITIES: Final = "application/activity+json"


def blueprint(edition: Callable[[], Edition], *, title: str, author: str, licence: str, size: int = PAGE) -> Blueprint:
    """The routes of `/changes`, `/changes/{n}` with `size` activities each, and `/feed.atom`."""
    door = Blueprint("following", __name__)

    @door.get("/changes")
    def changes() -> Response:
        current = edition()
        told = current.changes
        return issued(
            current,
            _ACTIVITIES,
            lambda: collection(current.uris, count=told.count(), pages=told.pages(size)),
        )

    @door.get("/changes/<int:number>")
    def page(number: int) -> Response:
        current = edition()
        listed = [Activity(*change[:4]) for change in current.changes.page(number, size)]
        if not listed:
            return problem(404)
        pages = current.changes.pages(size)
        return issued(
            current,
            _ACTIVITIES,
            lambda: collection_page(current.uris, listed, number=number, pages=pages, size=size),
        )

    @door.get("/feed.atom")
    def feed() -> Response:
        current, number = edition(), answers.page_number()
        newest = current.changes.newest(_ENTRIES, (number - 1) * _ENTRIES) if 1 <= number <= _DEEPEST else []
        if not newest:
            return problem(404)
        entries = [_entry(current.uris, change) for change in newest]
        told = _feed(current, number, title=title, author=author, licence=licence)
        return issued(current, ATOM.content_type, lambda: atom(told, entries), title, author, licence)

    return door


def _feed(edition: Edition, number: int, *, title: str, author: str, licence: str) -> Feed:
    base = edition.uris.base
    address = f"{base}feed.atom"
    last = min(-(-edition.counts["records"] // _ENTRIES), _DEEPEST)
    places = {"self": number, "first": 1, "last": last, "previous": number - 1, "next": number + 1}
    pages = tuple((name, _paged(address, page)) for name, page in places.items() if 1 <= page <= last)
    return Feed(address, title, author, base, licence, edition.issued, pages)


def _entry(uris: Uris, change: Change) -> FeedEntry:
    page = uris.document(Name(RECORD, change.id))
    return FeedEntry(uris.record(change.id), change.title, change.issued, change.time, page, f"{page}.jsonld")


def _paged(address: str, page: int) -> str:
    return address if page == 1 else f"{address}?page={page}"
