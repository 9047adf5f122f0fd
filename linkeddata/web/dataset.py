"""The doors to the whole: the dataset's description, and the dumps of the editions that are kept.

A dated name gives the same bytes for ever, `latest` those of the edition served now.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from linkeddata.catalogue import LATEST, Edition, Offer, dated, offered
from linkeddata.vocabulary.uris import DATASET, Name
from linkeddata.web import answers
from linkeddata.web.dereference import see_other
from linkeddata.web.problems import problem
from linkeddata.wording import marked

_GONE: Final = marked("The edition that this was the dump of is no longer kept.")
_FIXED: Final = "public, max-age=31536000, immutable"
_SUM: Final = ".sha256"
#: A part that can be sent: one range of bytes, or the last so many (RFC 9110, section 14.1.2).
_PART: Final = re.compile(r"bytes=(?:(?P<first>\d{1,18})-(?P<last>\d{1,18})?|-\d{1,18})", re.IGNORECASE | re.ASCII)
#: A graph has no document: what stands in it is a question that the endpoint answers, in the format that is wanted.
_OF_GRAPH: Final = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}"


def blueprint(edition: Callable[[], Edition]) -> Blueprint:
    """The routes of `/.well-known/void`, `/dump/…` and of the graph of statements that no record makes."""
    door = Blueprint("dataset", __name__)

    @door.get("/.well-known/void")
    def void() -> Response:
        return see_other(edition(), Name(DATASET, "catalogue"))

    @door.get("/graph/vocab")
    def vocabulary() -> Response:
        uris = edition().uris
        query = urlencode({"query": _OF_GRAPH.format(uris.vocabulary_graph)})
        headers = {"Location": f"{uris.local(uris.base)}sparql?{query}", "Cache-Control": answers.PRIVATE}
        return Response("See the SPARQL endpoint.\n", 303, headers, content_type="text/plain; charset=utf-8")

    @door.get("/dump/<name>")
    def dump(name: str) -> Response:
        current, wanted = edition(), name.removesuffix(_SUM)
        offer, was_there = _find(current, wanted)
        if offer is None:
            return problem(410, _GONE) if was_there else problem(404)
        caching = answers.SHARED if wanted.startswith(LATEST) else _FIXED
        response = _checksum(offer, wanted) if name.endswith(_SUM) else _sent(offer, wanted)
        response.headers.update({"Cache-Control": caching, "Vary": answers.VARY_FIXED})
        response.headers["Link"] = answers.link(current.uris.local(current.uris.dataset), rel="describedby")
        return response

    return door


def _find(edition: Edition, name: str) -> tuple[Offer | None, bool]:
    """The dump of a name, and whether there was one."""
    stem, _, ending = name.partition(".")
    folder: Path = edition.folder
    offers, was_there = (offered(folder, edition.issued), True) if stem == LATEST else dated(folder.parent, stem)
    offer = next((offer for offer in offers if offer.kind.ending == ending), None)
    return offer, was_there and not offers


def _sent(offer: Offer, name: str) -> Response:
    """The file, or a part of it (RFC 9110, section 14), with its digest (RFC 9530)."""
    response = send_file(
        offer.file,
        "application/gzip",
        as_attachment=True,
        download_name=name,
        etag=offer.digest,
        last_modified=datetime.fromisoformat(offer.issued),
        conditional=False,
    )
    try:
        response.make_conditional(_asked(), accept_ranges=True, complete_length=response.content_length)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(offer.digest)).decode()}:"
    return response


def _asked() -> WSGIEnvironment:
    """The request without a Range that is none: of another unit than bytes it must be passed over, one that cannot be
    read or names several parts may be (RFC 9110, section 14.2). Then everything is sent."""
    part = _PART.fullmatch(request.environ.get("HTTP_RANGE", "").strip())
    if part and int(part["first"] or 0) <= int(part["last"] or part["first"] or 0):
        return request.environ
    return {name: value for name, value in request.environ.items() if name != "HTTP_RANGE"}


def _checksum(offer: Offer, name: str) -> Response:
    """As `sha256sum -c` reads it, by the name under which the dump was asked for."""
    return Response(f"{offer.digest}  {name}\n", content_type="text/plain; charset=utf-8")
