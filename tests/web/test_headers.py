"""Headers of every answer: what a browser may do with it, and who may read it; preflight at every door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient
from httplink import parse_link_header
from werkzeug.test import TestResponse

from linkeddata.web import create_app

from .conftest import settings_for

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
EXPOSED = {"Link", "ETag", "Location", "Content-Location", "Content-Profile", "Memento-Datetime", "Retry-After"}
SEED = "record/nottingham-40697"
ASK, FAULTY = "/sparql?query=ASK%20%7B%7D", "/sparql?query=nonsense"
#: One address or more of each door (endpoint), and the methods it takes.
READ, QUERY = "GET, HEAD, OPTIONS", "GET, HEAD, POST, OPTIONS"
DOORS = {
    "assets.static": (["/static/site.css", "/static/none.css"], READ),
    "dereference.thing": ([f"/id/{SEED}", "/id/record/none"], READ),
    "dereference.document": ([f"/doc/{SEED}", f"/doc/{SEED}.html", f"/doc/{SEED}.ttl", "/doc/record/none"], READ),
    "dereference.cell": (["/.well-known/genid/nottingham-40697/authors/1"], READ),
    "linkset.links": ([f"/linkset/{SEED}", f"/linkset/{SEED}.json"], READ),
    "browse.home": (["/"], READ),
    "browse.browse": (["/browse/record", "/browse/none"], READ),
    "browse.data": (["/data"], READ),
    "about.about": (["/about"], READ),
    "search.search": (["/search", "/search?q=theory", "/search?page=0"], READ),
    "search.search_as": (["/search.json?q=theory", "/search.pdf"], READ),
    "search.of_type": (["/type/Book", "/type/none"], READ),
    "search.of_year": (["/year/1905"], READ),
    "sparql.query": (["/sparql", ASK, FAULTY], QUERY),
    "sparql.help": (["/sparql/help"], READ),
    "sparql.examples": (["/sparql/examples.ttl", "/sparql/examples.none"], READ),
    "dataset.void": (["/.well-known/void"], READ),
    "dataset.vocabulary": (["/graph/vocab"], READ),
    "dataset.dump": (["/dump/latest.nq.gz", "/dump/latest.nq.gz.sha256", "/dump/none"], READ),
    "sitemaps.index": (["/sitemap.xml"], READ),
    "sitemaps.part": (["/sitemap/1.xml", "/sitemap/99.xml"], READ),
    "following.changes": (["/changes"], READ),
    "following.page": (["/changes/1", "/changes/99"], READ),
    "following.feed": (["/feed.atom"], READ),
    "machines.robots": (["/robots.txt"], READ),
    "machines.guide": (["/llms.txt"], READ),
    "machines.alive": (["/healthz"], READ),
    "machines.ready": (["/readyz"], READ),
    "ontologies.context": (["/context.jsonld"], READ),
    "ontologies.context_version": (["/context/0.jsonld"], READ),
    "ontologies.index": (["/ontologies/"], READ),
    "ontologies.table": (["/ontologies/terms", "/ontologies/crosswalk.toml"], READ),
    "ontologies.rules": (["/def/profile-1", "/def/none"], READ),
}
EVERY_DOOR = pytest.mark.parametrize(
    ("path", "methods"), [(path, methods) for paths, methods in DOORS.values() for path in paths]
)


def test_every_door_is_in_the_table(sample_app: Flask) -> None:
    """A new door must say here what it allows."""
    assert {rule.endpoint for rule in sample_app.url_map.iter_rules()} == set(DOORS)


def check(answer: TestResponse) -> None:
    """What every answer whatsoever must say."""
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert set(answer.headers["Access-Control-Expose-Headers"].split(", ")) >= EXPOSED
    for never in ("Access-Control-Allow-Credentials", "Set-Cookie", "Server", "X-Powered-By"):
        assert never not in answer.headers


@EVERY_DOOR
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/pdf"])
def test_every_answer_is_safe_to_show_and_free_to_read(
    client: FlaskClient, path: str, methods: str, accept: str
) -> None:
    """Pages, data, redirects and errors; HEAD and refused methods too."""
    for method in ("GET", "HEAD", "DELETE"):
        with client.open(path, method=method, headers={"Accept": accept, "Origin": "https://other.example"}) as answer:
            assert answer.status_code != 500
            assert (answer.status_code == 405) == (method == "DELETE")
            check(answer)


def test_unchanged_and_unforeseen_are_answered_alike(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """304, and the page of a fault of our own."""
    tag = client.get("/").headers["ETag"]
    check(client.get("/", headers={"If-None-Match": tag}))
    current = client.application.extensions["current"]
    monkeypatch.setattr(current.edition(), "has", lambda name: 1 / 0)
    fault = client.get(f"/id/{SEED}")
    assert (fault.status_code, fault.headers["Cache-Control"]) == (500, "no-store")
    check(fault)


@EVERY_DOOR
def test_preflight_is_answered_at_every_door(client: FlaskClient, path: str, methods: str) -> None:
    """204 with the methods of the door and the headers a script may send, to be remembered for a day."""
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(path, headers={**asked, "Access-Control-Request-Headers": "accept-profile"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Allow"] == answer.headers["Access-Control-Allow-Methods"] == methods
    assert answer.headers["Access-Control-Allow-Headers"] == "Accept-Profile, Accept-Datetime, Content-Type"
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    assert "Content-Type" not in answer.headers
    check(answer)


@pytest.mark.parametrize("path", ["/nothing", "/sitemap/x.xml", "/.git/config"])
def test_where_no_door_is_nothing_is_allowed(client: FlaskClient, path: str) -> None:
    """OPTIONS is 404 there, like GET, and says that to scripts of other sites too."""
    answer = client.options(path)
    assert (answer.status_code, "Allow" in answer.headers) == (404, False)
    check(answer)


@EVERY_DOOR
def test_refused_method_names_those_allowed(client: FlaskClient, path: str, methods: str) -> None:
    """405 with the same list as OPTIONS."""
    answer = client.put(path)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == set(methods.split(", "))


def typed_links(answer: TestResponse) -> Iterator[tuple[str, str]]:
    """What the header, and the head of a page, promise: an address of ours and the type that is there."""
    for link in parse_link_header(answer.headers.get("Link", "")).links:
        yield link.target, dict(link.attributes).get("type", "")
    if answer.mimetype == "text/html" and answer.data:
        yield from ((each.get("href"), each.get("type", "")) for each in lxml.html.fromstring(answer.data).iter("link"))


@EVERY_DOOR
def test_every_link_with_a_type_is_of_that_type(client: FlaskClient, path: str, methods: str) -> None:
    """To the letter, as clients of Signposting compare it; whichever door says so, pages and refusals included."""
    with client.get(path, headers={"Accept": "text/html, */*;q=0.1"}) as answer:
        promised = {urljoin(path, href): kind for href, kind in typed_links(answer) if kind and "://" not in href}
    for href, kind in promised.items():
        with client.get(href) as there:
            assert (there.status_code, there.headers["Content-Type"]) == (200, kind), href


@pytest.mark.parametrize(
    ("path", "status", "caching"),
    [
        ("/id/record/none", 404, "private, max-age=60"),
        ("/doc/record/none.ttl", 404, "private, max-age=60"),
        (f"/doc/{SEED}?format=x", 406, "private, max-age=60"),
        (f"/doc/{SEED}?_profile=x", 400, "no-store"),
        (FAULTY, 400, "no-store"),
    ],
)
def test_refusal_is_kept_for_a_minute_at_most(client: FlaskClient, path: str, status: int, caching: str) -> None:
    """By nobody but who asked: the next one may ask in another kind."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, caching)


@pytest.mark.parametrize("path", [f"/id/{SEED}", f"/doc/{SEED}.ttl", "/browse/record", "/data", ASK, "/readyz"])
def test_fault_of_ours_is_kept_by_nobody(tmp_path: Path, path: str) -> None:
    """Nothing is published yet, or it cannot be read: that passes, and it is said when to come again."""
    answer = create_app(settings_for(tmp_path)).test_client().get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
