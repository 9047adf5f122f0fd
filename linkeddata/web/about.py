"""The door of the page about the site."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template

from linkeddata.catalogue import Edition
from linkeddata.representations.about_page import Bounds, about_page
from linkeddata.web import answers
from linkeddata.web.finished import Offer, Shelves
from linkeddata.web.tongues import Words


def blueprint(edition: Callable[[], Edition], words: Words, shelves: Shelves, bounds: Bounds) -> Blueprint:
    """The route of `/about`; `bounds` are those of the endpoint."""
    door = Blueprint("about", __name__)

    @door.get("/about")
    def about() -> Response:
        served = edition()
        shelf = shelves.of(served.number)
        offer = Offer(shelf.page_tag("about", repr(bounds)), lambda: answers.PAGE, served.issued)

        def body() -> bytes:
            page = about_page(served.facts["version"], bounds, uris=served.uris, words=words())
            return render_template("about.html", page=page).encode()

        return shelf.reply(offer, body)

    return door
