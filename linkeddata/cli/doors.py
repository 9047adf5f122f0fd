"""The doors of the demonstration, each with what it should answer; `demo --check` asks them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Final
from urllib.parse import quote, urlsplit

_RECORD = "record/nottingham-40697"
_JOURNAL = "journal/issn-0028-0836"
_ASK = "/sparql?query=" + quote("ASK { ?s ?p ?o }")
_SELECT = "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
_CONSTRUCT = "/sparql?query=" + quote("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 5")
_UPDATE = "DELETE WHERE { ?s ?p ?o }"
_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"


@dataclass(frozen=True, slots=True)
class Door:
    """A request, and what must come back: status, and the beginning of the content type."""

    path: str
    status: int
    content_type: str
    accept: str = "*/*"
    method: str = "GET"
    body: str | None = None
    sent_type: str | None = None


DOORS: Final = (
    Door("/", 200, "text/html"),
    Door("/browse/record", 200, "text/html"),
    Door("/browse/name", 200, "text/html"),
    Door("/browse/journal", 200, "text/html"),
    Door("/browse/concept", 200, "text/html"),
    Door("/data", 200, "text/html"),
    Door(f"/id/{_RECORD}", 303, "text/plain"),
    Door(f"/id/{_JOURNAL}", 303, "text/plain", "text/turtle"),
    Door(f"/doc/{_RECORD}", 200, "text/html", "text/html"),
    Door(f"/doc/{_RECORD}", 200, "text/turtle", "text/turtle"),
    Door(f"/doc/{_RECORD}", 406, "application/problem+json", "application/pdf"),
    Door(f"/doc/{_RECORD}.html", 200, "text/html"),
    Door(f"/doc/{_RECORD}.jsonld", 200, "application/ld+json"),
    Door(f"/doc/{_RECORD}.json", 200, "application/json"),
    Door(f"/doc/{_RECORD}.ttl", 200, "text/turtle"),
    Door(f"/doc/{_RECORD}.nt", 200, "application/n-triples"),
    Door(f"/doc/{_RECORD}.rdf", 200, "application/rdf+xml"),
    Door(f"/doc/{_RECORD}.nq", 200, "application/n-quads"),
    Door(f"/doc/{_RECORD}.trig", 200, "application/trig"),
    Door(f"/doc/{_RECORD}.jsonld?form=framed", 200, "application/ld+json"),
    Door(f"/doc/{_RECORD}.schema.jsonld", 200, "application/ld+json"),
    Door(f"/doc/{_RECORD}.ttl", 405, "application/problem+json", "application/json", "PUT"),
    Door(f"/doc/{_JOURNAL}.html", 200, "text/html"),
    Door(f"/doc/{_JOURNAL}.ttl", 200, "text/turtle"),
    Door("/.well-known/genid/nottingham-40697/authors/1", 303, "text/plain"),
    Door("/id/record/no-such-record", 404, "application/problem+json", "application/json"),
    Door("/sparql", 200, "text/html", "text/html"),
    Door(_ASK, 200, "application/sparql-results+json", "application/sparql-results+json"),
    Door(_SELECT, 200, "text/csv", "text/csv"),
    Door(_CONSTRUCT, 200, "text/turtle", "text/turtle"),
    Door("/sparql", 200, "text/csv", "text/csv", "POST", "query=" + quote("ASK { ?s ?p ?o }"), _FORM),
    Door("/sparql", 200, "application/ld+json", "application/ld+json", "POST", "DESCRIBE <urn:x>", _DIRECT),
    Door("/sparql", 403, "application/problem+json", "application/json", "POST", _UPDATE, _DIRECT),
    Door("/.well-known/void", 303, "text/plain"),
    Door("/doc/dataset/catalogue.ttl", 200, "text/turtle"),
    Door("/dump/latest.nq.gz", 200, "application/gzip"),
    Door("/dump/latest.nq.gz.sha256", 200, "text/plain"),
    Door("/robots.txt", 200, "text/plain"),
    Door("/llms.txt", 200, "text/plain"),
    Door("/sitemap.xml", 200, "application/xml"),
    Door("/sitemap/1.xml", 200, "application/xml"),
    Door("/changes", 200, "application/activity+json"),
    Door("/changes/1", 200, "application/activity+json"),
    Door("/feed.atom", 200, "application/atom+xml"),
    Door("/context.jsonld", 200, "application/ld+json"),
    Door("/ontologies/terms", 200, "text/turtle", "text/turtle"),
    Door("/def/profile-1", 200, "text/html", "text/html"),
    Door("/readyz", 200, "application/json"),
)


def answers(address: str) -> Iterator[tuple[str, bool]]:
    """For each door a line that says what it answered, and whether that is right."""
    host = urlsplit(address).netloc
    for door in DOORS:
        status, content_type = _ask(host, door)
        is_right = status == door.status and content_type.startswith(door.content_type)
        wanted = "" if is_right else f"   should be {door.status} {door.content_type}"
        yield f"{door.method:4} {door.path[:60]:60} {status} {content_type}{wanted}", is_right


def _ask(host: str, door: Door) -> tuple[int, str]:
    headers = {"Accept": door.accept} | ({"Content-Type": door.sent_type} if door.sent_type else {})
    connection = HTTPConnection(host, timeout=30)
    try:
        connection.request(door.method, door.path, door.body, headers)
        response: HTTPResponse = connection.getresponse()
        response.read()
        return response.status, response.headers.get("Content-Type", "")
    finally:
        connection.close()
