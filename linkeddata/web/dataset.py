"""The doors to the whole: the dataset's description, the dump, the context and tables, health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import orjson
from flask import Blueprint, Response, send_file

from linkeddata.catalogue import DUMP, Edition
from linkeddata.errors import NothingPublished
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.uris import DATASET, Name
from linkeddata.web import answers
from linkeddata.web.dereference import see_other
from linkeddata.web.problems import problem

#: The tables that may be read, and the type each is sent as.
_TABLES: Final = {
    "context.jsonld": "application/ld+json",
    "crosswalk.toml": "text/plain; charset=utf-8",
    "formats.toml": "text/plain; charset=utf-8",
    "languages.toml": "text/plain; charset=utf-8",
    "roles.toml": "text/plain; charset=utf-8",
    "labels.toml": "text/plain; charset=utf-8",
}
_ROBOTS: Final = "User-agent: *\nDisallow: /sparql\n"


def blueprint(edition: Callable[[], Edition]) -> Blueprint:
    """The routes beside the things: `/.well-known/void`, `/dump/…`, `/context.jsonld`, `/ontologies/…`, `/def/…`."""
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

    @door.get("/context.jsonld")
    def context() -> Response:
        return _table("context.jsonld")

    @door.get("/ontologies/<name>")
    def tables(name: str) -> Response:
        return _table(name)

    @door.get("/def/<name>")
    def rules(name: str) -> Response:
        current = edition()
        if name != f"profile-{current.facts['version']}":
            return problem(404)
        # Relative, so that it holds at whatever address the service is reached.
        path = current.uris.local(f"{current.uris.base}ontologies/crosswalk.toml")
        return Response(f"See {path}\n", 303, {"Location": path}, content_type="text/plain; charset=utf-8")

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


def _table(name: str) -> Response:
    content_type = _TABLES.get(name)
    if content_type is None:
        return problem(404)
    body = ontology.path(name).read_bytes()
    tag = answers.entity_tag(body.hex())
    headers = {"ETag": f'"{tag}"', "Cache-Control": answers.SHARED}
    if answers.is_known(tag):
        return Response(status=304, headers=headers)
    return Response(body, headers=headers, content_type=content_type)


def _json(value: object, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json", headers={"Cache-Control": "no-store"})
