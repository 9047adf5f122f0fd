"""The doors to the whole: the dataset's description, the dump, health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import orjson
from flask import Blueprint, Response, send_file

from linkeddata.catalogue import DUMP, Edition
from linkeddata.errors import NothingPublished
from linkeddata.vocabulary.uris import DATASET, Name
from linkeddata.web import answers
from linkeddata.web.dereference import see_other

_ROBOTS: Final = "User-agent: *\nDisallow: /search\nDisallow: /sparql\n"


def blueprint(edition: Callable[[], Edition]) -> Blueprint:
    """The routes beside the things: `/.well-known/void`, `/dump/…`, and those for machines."""
    door = Blueprint("dataset", __name__)

    @door.get("/.well-known/void")
    def void() -> Response:
        return see_other(edition(), Name(DATASET, "catalogue"))

    @door.get("/dump/latest.nq.gz")
    def dump() -> Response:
        file = edition().folder / DUMP
        digest = file.with_name(f"{DUMP}.sha256").read_text("ascii").split()[0]
        return send_file(file, "application/n-quads", etag=digest, download_name="latest.nq.gz", max_age=300)

    @door.get("/dump/latest.nq.gz.sha256")
    def checksum() -> Response:
        text = (edition().folder / f"{DUMP}.sha256").read_text("ascii").replace(DUMP, "latest.nq.gz")
        return Response(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": answers.SHARED})

    @door.get("/robots.txt")
    def robots() -> Response:
        return Response(_ROBOTS, content_type="text/plain; charset=utf-8", headers={"Cache-Control": answers.SHARED})

    @door.get("/healthz")
    def alive() -> Response:
        return _json({"alive": True}, 200)

    @door.get("/readyz")
    def ready() -> Response:
        try:
            return _json({"ready": True, "edition": edition().number}, 200)
        except NothingPublished:
            return _json({"ready": False}, 503)

    return door


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json", headers={"Cache-Control": "no-store"})
