"""Any request at all: however odd its parts and whatever comes together, the rules that hold for all are kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from linkeddata.vocabulary.uris import KINDS

DOORS = ("id", "doc", "doc", "linkset", ".well-known/genid")
SUFFIXES = ("", "", ".html", ".ttl", ".jsonld", ".json", ".nt", ".rdf", ".nq", ".trig", ".schema.jsonld", ".bib",
            ".csl.json", ".pdf", ".txt", ".TTL")  # fmt: skip
PLACES = ("", "search", "search.csv", "browse/record", "browse/name", "browse/x", "type/x", "year/2012", "year/x",
          "data", "sparql", "ontologies/terms", "def/mining-1.nt", "sitemap/9999999999999999999.xml", "changes/1",
          "changes/0",
          "feed.atom", "dump/x", "context/x.jsonld", "static/x", "graph/vocab")  # fmt: skip
PARAMETERS = ("format", "_mediatype", "view", "form", "_profile", "page", "lang", "q", "letter", "after", "at", "year",
              "type", "sort", "timeout", "x")  # fmt: skip
VALUES = ("", "ttl", "html", "text/turtle", "application/ld+json", "plain", "expanded", "schema", "full", "2", "0",
          "-1", "9" * 20, "de", "fr", "\0", "\r\nA: b", "<script>", "%", '"', "(", "AND OR", "NEAR", "a*", "1990-1999",
          "\u202e", "x" * 600, "title")  # fmt: skip
ODD = ("%25", "%252", "%00", "a/b", "..", "%2e%2e", "'", "%22%3C%3E", "x" * 3000, "%C3%A9", "%ff", "%ed%a0%80", "%23")
HEADERS = {
    "Accept": ("*/*", "text/html", "text/turtle", "application/ld+json", "application/json", "application/pdf", "q=;;,",
               'application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"', "text/turtle;q=2", "text/csv",
               "application/rdf+xml,*/*;q=0.1", "application/x-bibtex", "image/*", "application/atom+xml"),
    "Accept-Profile": ("<http://schema.org/>", "<urn:x>", "junk", ";"),
    "Accept-Encoding": ("gzip", "br", "identity;q=0", "*"),
    "Accept-Language": ("de", "fr;q=0.5, *", "-"),
    "If-None-Match": ("*", '"x"', 'W/"y"', "junk"),
}  # fmt: skip


def requests(seed: int, things: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Addresses and headers, drawn by chance and the same each time."""
    dice = random.Random(seed)  # noqa: S311 - the same each time is what is wanted
    while True:
        odd = f"{dice.choice((*KINDS, 'x', ''))}/{dice.choice(ODD)}"
        thing = f"{dice.choice(DOORS)}/{odd if dice.random() < 0.2 else dice.choice(things)}{dice.choice(SUFFIXES)}"
        path = dice.choice(PLACES) if dice.random() < 0.3 else thing
        asked = [f"{dice.choice(PARAMETERS)}={quote(dice.choice(VALUES))}" for _ in range(dice.choice((0, 0, 1, 2, 3)))]
        headers = {name: dice.choice(known) for name, known in HEADERS.items() if dice.random() < 0.4}
        yield f"/{path}{'?' if asked else ''}{'&'.join(asked)}", headers


def check_redirect(client: FlaskClient, answer: TestResponse) -> None:
    """It leads to what is there, here."""
    assert answer.headers["Location"].startswith("/") and not answer.headers["Location"].startswith("//")
    with client.get(answer.headers["Location"]) as there:
        assert there.status_code in (200, 303, 308, 400, 406)


def check_given(client: FlaskClient, path: str, headers: dict[str, str], answer: TestResponse) -> None:
    """It is known again by its tag, and stands, byte for byte, where it says that it stands."""
    if tag := answer.headers.get("ETag"):
        with client.get(path, headers={**headers, "If-None-Match": tag}) as again:
            assert again.status_code == 304
    if place := answer.headers.get("Content-Location"):
        coding = {name: value for name, value in headers.items() if name == "Accept-Encoding"}
        with client.get(place, headers=coding) as there:
            assert (there.status_code, there.data) == (200, answer.data)


@pytest.mark.parametrize("seed", range(4))
def test_any_request_is_answered_by_the_rules(nasty: Flask, seed: int) -> None:
    """No fault of ours, HEAD like GET, no line break in a header; redirects, tags and places are true."""
    client, edition = nasty.test_client(), nasty.extensions["current"].edition()
    shared = [
        row.uri.partition("/id/")[2]
        for kind in ("name", "journal", "org")
        for row in edition.listing(kind, page=1).rows
    ]
    things = [f"record/{quote(each, safe='')}" for each in edition.ids()] + shared
    for (path, headers), _ in zip(requests(seed, things), range(150), strict=False):
        with client.get(path, headers=headers) as got, client.head(path, headers=headers) as head:
            assert got.status_code < 500, (path, headers)
            assert (head.status_code, sorted(head.headers)) == (got.status_code, sorted(got.headers)), (path, headers)
            assert not any("\n" in value or "\r" in value for value in got.headers.values())
            if got.status_code in (303, 308):
                check_redirect(client, got)
            elif got.status_code == 200:
                check_given(client, path, headers, got)
