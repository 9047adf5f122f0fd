"""What strangers and hostile records try: every record in every variant, odd caches, and addresses that lie."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from linkeddata.vocabulary.uris import KINDS, RECORD, Name, Uris

from .conftest import BASE, SCRIPT
from .test_accept_headers import TABLE, TYPES

PARSERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
}


def meaning(answer: TestResponse, fmt: ox.RdfFormat) -> tuple[ox.Dataset, ox.Dataset]:
    """What an answer says in its default graph, and in named ones, blank nodes named by what is said of them."""
    flat, named = ox.Dataset(), ox.Dataset()
    for quad in ox.parse(answer.data, format=fmt):
        (flat if quad.graph_name == ox.DefaultGraph() else named).add(quad)
    for dataset in (flat, named):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return flat, named


def test_every_hostile_record_says_the_same_in_every_variant(nasty: Flask) -> None:
    """Each answers in its type, parses, and all default graphs are isomorphic; those with named graphs agree too."""
    client, uris = nasty.test_client(), Uris(BASE)
    for identifier in nasty.extensions["current"].edition().ids():
        path = uris.local(uris.document(Name(RECORD, identifier)))
        answers = {each: client.get(f"{path}?format={each}") for each in TYPES if each != "schema.jsonld"}
        got = {each: (answer.status_code, answer.headers["Content-Type"]) for each, answer in answers.items()}
        assert got == {each: (200, TYPES[each]) for each in answers}, identifier
        said = {each: meaning(answers[each], fmt) for each, fmt in PARSERS.items()}
        assert [each for each in said if said[each][0] != said["nt"][0]] == [], identifier
        assert said["nq"][1] == said["trig"][1], identifier
        assert len(said["nt"][0]) > 3, identifier


@pytest.mark.parametrize("suffix", ["nq", "trig"])
def test_named_graph_is_what_was_mined(sample_app: Flask, suffix: str) -> None:
    """It has the URI of the record's document; each of its statements stands outside it too."""
    name = Name(RECORD, "nottingham-40697")
    mined = sample_app.extensions["current"].edition().describe(name).mined
    quads = list(ox.parse(sample_app.test_client().get(f"/doc/{name.path}.{suffix}").data, format=PARSERS[suffix]))
    flat = {quad.triple for quad in quads if quad.graph_name == ox.DefaultGraph()}
    named = {quad.triple for quad in quads if quad.graph_name == ox.NamedNode(f"{BASE}doc/{name.path}#mined")}
    assert named == {quad.triple for quad in ox.parse(mined, format=ox.RdfFormat.N_TRIPLES)}
    assert named and named < flat
    assert len(flat) + len(named) == len(quads)


def test_title_cannot_end_a_script(nasty: Flask) -> None:
    """In the page, in the block for crawlers and in error pages it is text."""
    client = nasty.test_client()
    for path in ("/doc/record/script.html", f"/doc/record/{SCRIPT.replace('/', '%2F')}", "/browse/record"):
        page = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert not re.search(r"<script>alert|</script(?!>)", page)


def requests(seed: int, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Mixed requests: any address, parameter and header."""
    dice = random.Random(seed)  # noqa: S311 - the same each time is what is wanted
    names = ("record/nottingham-40697", "journal/issn-0028-0836", "record/none", "org/wiley-206b7cc7")
    headers = [each["accept"] for each in TABLE if isinstance(each.get("accept"), str)]
    rests = ("", "", "", ".ttl", ".html", ".jsonld", ".nq", ".schema.jsonld", ".pdf", ".json")
    queries = ("", "", "", "?format=ttl", "?format=x", "?form=expanded", "?view=plain", "?_profile=schema")
    for _ in range(count):
        door = dice.choice(("id", "doc", "doc"))
        path = f"/{door}/{dice.choice(names)}{dice.choice(rests) if door == 'doc' else ''}{dice.choice(queries)}"
        profile = {"Accept-Profile": "<http://schema.org/>"} if dice.random() < 0.2 else {}
        yield path, {"Accept": dice.choice(headers), **profile}


def told(answer: TestResponse) -> tuple[Any, ...]:
    return answer.status_code, answer.headers.get("Content-Type"), answer.headers.get("Location"), answer.data


def test_cache_that_ignores_vary_gives_nobody_the_wrong_type(client: FlaskClient) -> None:
    """What may be kept for everybody is the same for everybody: 1,000 requests through a cache that looks only at
    the address and at `public` or `private`."""
    kept: dict[str, TestResponse] = {}
    hits = 0
    for path, headers in requests(seed=20261125, count=1000):
        fresh = client.get(path, headers=headers)
        if path in kept:
            hits += 1
            assert told(kept[path]) == told(fresh), (path, headers)
        elif "public" in fresh.headers["Cache-Control"]:
            kept[path] = fresh
    assert hits > 100


BREAKS = "%0d%0aSet-Cookie:%20a=b"


@pytest.mark.parametrize(
    "path",
    [
        f"/id/record/x{BREAKS}",
        f"/doc/record/x{BREAKS}.ttl",
        f"/id/record/script?_profile={BREAKS}",
        f"/id/record/script?format={BREAKS}",
        f"/id/record/script?view=plain{BREAKS}",
        f"/id/record/script?form=expanded&page=2{BREAKS}",
        f"/doc/record/script?_mediatype=text/turtle{BREAKS}",
        f"/.well-known/genid/x{BREAKS}/authors/1",
        "/id/record/a%0D%0ASet-Cookie%3A%20b",
        "/doc/record/a%0D%0ASet-Cookie%3A%20b.ttl",
        "/doc/record/a%0D%0ASet-Cookie%3A%20b",
    ],
)
def test_line_breaks_split_no_answer(nasty: Flask, path: str) -> None:
    """In an id or a query they stay data: no header of theirs, and no line break in any header."""
    answer = nasty.test_client().get(path)
    assert answer.status_code < 500
    assert "Set-Cookie" not in answer.headers
    assert not any(sign in value for value in answer.headers.values() for sign in "\r\n")


@pytest.mark.parametrize(
    "path",
    [
        "/id//evil.example",
        "/id///evil.example/",
        "/doc//evil.example/x.ttl",
        "//evil.example/%2e%2e",
        "/id/record/%2F%2Fevil.example",
        "/id/record//evil.example",
        "/id/https://evil.example/",
        "/id/record/script?format=ttl&_profile=//evil.example",
        "/.well-known/genid///evil.example/authors/1",
        "/ontologies//evil.example",
    ],
)
def test_no_redirect_leads_away(nasty: Flask, path: str) -> None:
    """A location begins with one slash and stays on this host."""
    location = nasty.test_client().get(path).headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path",
    [
        "/doc/record/../../../etc/passwd",
        "/doc/record/..%2f..%2f..%2fetc%2fpasswd",
        "/doc/record/%2e%2e/%2e%2e/register.sqlite",
        "/doc/record/script.ttl/../../../register.sqlite",
        "/doc/record/script.%2e%2e%2fhtml",
        "/doc/record/script.ttl%00.html",
        "/doc/dataset/../catalogue",
        "/id/record/%00",
        "/doc/record/script.html%00",
    ],
)
def test_no_path_leads_to_a_file(nasty: Flask, path: str) -> None:
    """An id is a key of the register, never a name of a file."""
    answer = nasty.test_client().get(path)
    assert answer.status_code == 404
    assert b"root:" not in answer.data and b"SQLite" not in answer.data


@pytest.mark.parametrize(
    "key", ["%25", "%252", "%ff", "%ed%a0%80", "x/%22%3E", "x/%7B%60%5C", "%00", "a//b", "..", "."]
)
@pytest.mark.parametrize("kind", KINDS)
def test_text_that_names_nothing_is_not_found(nasty: Flask, kind: str, key: str) -> None:
    """At every door of things, and no fault of the store that would be asked for it."""
    client = nasty.test_client()
    assert {client.get(f"/{door}/{kind}/{key}").status_code for door in ("id", "doc", "linkset")} == {404}


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_long_ids_and_queries_are_no_burden(client: FlaskClient, size: int) -> None:
    """They are unknown, or read over, like any other."""
    assert client.get(f"/doc/record/{'a.ttl' * (size // 5)}").status_code == 404
    assert client.get(f"/id/record/nottingham-40697?x={'a' * size}").status_code == 303


def test_header_of_links_stays_short(nasty: Flask) -> None:
    """However long an id is, proxies take the answer: the alternates are left out first."""
    client, uris = nasty.test_client(), Uris(BASE)
    for identifier in nasty.extensions["current"].edition().ids():
        path = uris.local(uris.document(Name(RECORD, identifier)))
        assert len(client.get(f"{path}?format=ttl").headers["Link"]) < 4096 + 2 * len(path), identifier
