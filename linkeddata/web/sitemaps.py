"""The door for crawlers that list pages: `/sitemap.xml` and the files it leads to.

A record's one address there is `/doc/record/{id}`, which its pages name as canonical; its variants are
found from it. Shared things are reached from records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response

from linkeddata.catalogue import Edition
from linkeddata.representations.sitemap import sitemap, sitemap_index
from linkeddata.vocabulary.uris import RECORD, Name
from linkeddata.web.issued import issued
from linkeddata.web.problems import problem

#: No file may hold more (sitemaps.org, protocol 0.9).
MOST_PAGES: Final = 50_000
_XML: Final = "application/xml; charset=utf-8"


def blueprint(edition: Callable[[], Edition], size: int = MOST_PAGES) -> Blueprint:
    """The routes of `/sitemap.xml` and `/sitemap/{n}.xml`, `size` pages a file."""
    door = Blueprint("sitemaps", __name__)

    @door.get("/sitemap.xml")
    def index() -> Response:
        current = edition()
        base = current.uris.base
        files = ((f"{base}sitemap/{part.number}.xml", part.modified) for part in current.changes.parts(size))
        return issued(current, _XML, lambda: b"".join(sitemap_index(files)))

    @door.get("/sitemap/<int:number>.xml")
    def part(number: int) -> Response:
        current = edition()
        document = current.uris.document
        modified = {part.number: part.modified for part in current.changes.parts(size)}
        if number not in modified:
            return problem(404)
        records = current.changes.part(number, size)
        pages = ((document(Name(RECORD, identifier)), changed) for identifier, changed in records)
        return issued(current, _XML, lambda: sitemap(pages), modified=modified[number])

    return door
