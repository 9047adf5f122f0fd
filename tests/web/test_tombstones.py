"""What is gone: 410 in every format, or 308 to what took its place."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyld import jsonld as pyld

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Deletion, Record
from linkeddata.vocabulary.terms import DCTERMS, OWL, PROV
from linkeddata.vocabulary.uris import RECORD, Name
from linkeddata.web import create_app

from .conftest import BASE, settings_for

AGENT_PATH = "waring-justin-6f2d327e"
TITLE = 'A "title" </script> & more'
#: What is published first and withdrawn then: its title, and its successor.
GONE: dict[str, tuple[str, str | None]] = {
    "gone": (TITLE, None),
    "merged": ("Merged", "heir"),
    "chained": ("Merged twice", "merged"),
    "first": ("In a circle", "second"),
    "second": ("In a circle", "first"),
    "orphaned": ("Replaced by what is not here", "never"),
    "x.ttl": ("A withdrawn id that ends like a suffix", None),
    "a/b//c": ("Slashes", "heir/2"),
    "old": ("Old", "taken"),
}
LIVE = {each: (each, None) for each in ("heir", "heir/2", "x", "taken", "taken.ttl")}
PARSERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
    "schema.jsonld": ox.RdfFormat.JSON_LD,
}
TYPES = {
    "html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
    "json": "application/json",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "schema.jsonld": "application/ld+json",
}


@pytest.fixture(scope="module")
def graveyard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with some records, which has lost some others."""
    data: Path = tmp_path_factory.mktemp("graveyard")
    records = [
        Record(each, {"id": [each], "title": [title], "author": ["Waring, Justin"]})
        for each, (title, _) in {**GONE, **LIVE}.items()
    ]
    publish(records, Catalogue(data), Site(BASE), processes=1)
    deletions = [Deletion(each, successor=heir) for each, (_, heir) in GONE.items()]
    update([Run(lambda _: Given(deletions))], Catalogue(data), Work(Site(BASE), processes=1))
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


@pytest.fixture
def when(graveyard: Flask) -> str:
    """When the edition says that the record went."""
    tombstone = graveyard.extensions["current"].edition().gone(Name(RECORD, "gone"))
    assert tombstone is not None
    return str(tombstone.withdrawn)


@pytest.fixture
def visitor(graveyard: Flask) -> FlaskClient:
    return graveyard.test_client()


def said(data: bytes, suffix: str) -> set[tuple[str, str, str]]:
    return {(q.subject.value, q.predicate.value, q.object.value) for q in ox.parse(data, format=PARSERS[suffix])}


@pytest.mark.parametrize("name", ["record/gone", f"agent/gone/{AGENT_PATH}", "record/orphaned", "record/first"])
@pytest.mark.parametrize("suffix", TYPES)
def test_withdrawn_record_answers_gone_in_every_format(visitor: FlaskClient, name: str, suffix: str) -> None:
    """By suffix, and by negotiation at both addresses: 410 in the type that was asked for."""
    answer = visitor.get(f"/doc/{name}.{suffix}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (410, TYPES[suffix])
    assert (answer.headers["Vary"], "public" in answer.headers["Cache-Control"]) == ("Accept-Encoding", True)
    if suffix != "schema.jsonld":
        for door in ("id", "doc"):
            asked = visitor.get(f"/{door}/{name}", headers={"Accept": TYPES[suffix]})
            assert (asked.status_code, asked.headers["Content-Type"]) == (410, TYPES[suffix])
            assert asked.headers["Vary"].startswith("Accept, Accept-Profile, Accept-Language")
            assert asked.headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize("suffix", [each for each in PARSERS if each != "schema.jsonld"])
def test_tombstone_says_what_went_and_when(visitor: FlaskClient, when: str, suffix: str) -> None:
    """Identifier and title of the thing, whose URI is deprecated; the end of its document."""
    thing, document = f"{BASE}id/record/gone", f"{BASE}doc/record/gone"
    told = said(visitor.get(f"/doc/record/gone.{suffix}").data, suffix)
    assert {
        (thing, str(DCTERMS.identifier), "gone"),
        (thing, str(DCTERMS.title), TITLE),
        (thing, str(OWL.deprecated), "true"),
        (document, str(PROV.invalidatedAtTime), when),
    } <= told


def test_every_format_of_a_tombstone_says_the_same(visitor: FlaskClient) -> None:
    told = {frozenset(said(visitor.get(f"/doc/record/gone.{s}").data, s)) for s in PARSERS if s != "schema.jsonld"}
    assert len(told) == 1


def test_forms_and_profiles_are_given_of_tombstones_too(visitor: FlaskClient) -> None:
    """Expanded JSON-LD is expanded, and the view for crawlers names the thing."""
    expanded = visitor.get("/doc/record/gone.jsonld?form=expanded")
    assert (expanded.status_code, pyld.expand(json.loads(expanded.data))) == (410, json.loads(expanded.data))
    view = json.loads(visitor.get("/doc/record/gone.schema.jsonld").data)
    assert (view["@id"], view["name"]) == (f"{BASE}id/record/gone", TITLE)


def test_agent_that_its_successor_does_not_have_is_gone(visitor: FlaskClient) -> None:
    """A person is not led to a publication; the tombstone says what took the place of their record."""
    answer = visitor.get("/doc/agent/merged/nobody-00000000.ttl")
    assert answer.status_code == 410
    assert '</id/record/heir>; rel="successor-version"' in answer.headers["Link"]
    heir = (f"{BASE}id/record/merged", str(DCTERMS.isReplacedBy), f"{BASE}id/record/heir")
    assert heir in said(answer.data, "ttl")


def test_agent_of_a_withdrawn_record_is_gone_with_it(visitor: FlaskClient) -> None:
    """Its document ended too, and the record's tombstone stands beside it."""
    told = said(visitor.get(f"/doc/agent/gone/{AGENT_PATH}.nt").data, "nt")
    ended = {subject for subject, predicate, _ in told if predicate == str(PROV.invalidatedAtTime)}
    assert ended == {f"{BASE}doc/record/gone", f"{BASE}doc/agent/gone/{AGENT_PATH}"}


def test_page_of_a_tombstone_leads_on(visitor: FlaskClient, when: str) -> None:
    """Title and date, a link onward, nothing for search engines to keep, and no markup from the title."""
    page = visitor.get("/doc/record/gone.html").get_data(as_text=True)
    for words in ("noindex", 'href="/browse/record"', f'datetime="{when}"', "&lt;/script", when[:4]):
        assert words in page
    assert "</script> & more" not in page


MOVED = [
    ("/id/record/merged", "/id/record/heir"),
    ("/id/record/merged?format=ttl&x=1", "/id/record/heir?format=ttl&x=1"),
    ("/id/record/chained", "/id/record/heir"),
    ("/doc/record/merged", "/id/record/heir"),
    ("/doc/record/merged?page=1", "/id/record/heir?page=1"),
    ("/doc/record/merged.ttl", "/doc/record/heir.ttl"),
    ("/doc/record/chained.schema.jsonld?view=plain", "/doc/record/heir.schema.jsonld?view=plain"),
    ("/doc/record/merged.trig?x=%0d%0aSet-Cookie:a", "/doc/record/heir.trig?x=%0d%0aSet-Cookie:a"),
    ("/id/record/a%2Fb%2F%2Fc", "/id/record/heir%2F2"),
    (f"/id/agent/merged/{AGENT_PATH}", f"/id/agent/heir/{AGENT_PATH}"),
    (f"/doc/agent/merged/{AGENT_PATH}.nt", f"/doc/agent/heir/{AGENT_PATH}.nt"),
    ("/.well-known/genid/merged/authors/1", "/id/record/heir"),
    ("/linkset/record/merged", "/linkset/record/heir"),
    ("/linkset/record/chained.json", "/linkset/record/heir.json"),
    (f"/linkset/agent/merged/{AGENT_PATH}.txt", f"/linkset/agent/heir/{AGENT_PATH}.txt"),
]


@pytest.mark.parametrize(("path", "target"), MOVED)
@pytest.mark.parametrize("accept", ["text/turtle", "application/pdf", None])
def test_merged_record_leads_to_its_successor(visitor: FlaskClient, path: str, target: str, accept: str | None) -> None:
    """308 in one step, with suffix and query kept, and what is there is published."""
    answer = visitor.get(path, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["Location"]) == (308, target)
    assert visitor.get(target).status_code in (200, 303)


def test_suffix_of_a_successor_may_be_taken(visitor: FlaskClient) -> None:
    """Then its Turtle is reached by parameter, and the query stands behind that."""
    answer = visitor.get("/doc/record/old.ttl?view=plain")
    assert answer.headers["Location"] == "/doc/record/taken?format=ttl&view=plain"


def test_withdrawn_id_keeps_its_address_before_a_suffix(visitor: FlaskClient) -> None:
    """`x.ttl` was a record; the Turtle of `x` stays where it was, at an address of its own."""
    assert visitor.get("/doc/record/x.ttl").status_code == 410
    target = visitor.get("/id/record/x", headers={"Accept": "text/turtle"}).headers["Location"]
    assert (target, visitor.get(target).status_code) == ("/doc/record/x?format=ttl", 200)


def test_list_cell_of_a_withdrawn_record_is_gone(visitor: FlaskClient) -> None:
    assert visitor.get("/.well-known/genid/gone/authors/1").status_code == 410
    assert visitor.get("/.well-known/genid/none/authors/1").status_code == 404


@pytest.mark.parametrize("path", ["record/gone", "record/gone.json", "record/x.ttl", f"agent/gone/{AGENT_PATH}.txt"])
def test_links_of_what_is_gone_are_gone_with_it(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/linkset/{path}").status_code == 410
    assert visitor.get(f"/linkset/{path.replace('gone', 'none').replace('x.ttl', 'y.ttl')}").status_code == 404


@pytest.mark.parametrize("suffix", ["bib", "ris", "csl.json"])
def test_reference_of_what_is_gone_says_so(visitor: FlaskClient, suffix: str) -> None:
    """There is nothing left to cite: 410 in the kind that the client reads; a successor's reference is led to."""
    for accept, kind in (("text/html", "text/html"), ("application/x-bibtex", "application/problem+json")):
        answer = visitor.get(f"/doc/record/gone.{suffix}", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (410, kind)
    assert visitor.get(f"/doc/record/merged.{suffix}").headers["Location"] == f"/doc/record/heir.{suffix}"


@pytest.mark.parametrize("query", ["format=nonsense", "_profile=x", "view=x"])
def test_gone_matters_more_than_the_kind(visitor: FlaskClient, query: str) -> None:
    """Who asks for what there is not hears that it is gone, and not that the format is unknown."""
    assert visitor.get(f"/doc/record/gone?{query}").status_code == 410
    assert visitor.get("/doc/record/gone", headers={"Accept": "application/pdf"}).status_code == 410


@pytest.mark.parametrize("path", ["/id/record/gone", "/doc/record/gone.ttl", "/id/record/merged"])
def test_head_and_other_methods_of_what_is_gone(visitor: FlaskClient, path: str) -> None:
    got, head = visitor.get(path), visitor.head(path)
    assert (head.status_code, sorted(head.headers), head.data) == (got.status_code, sorted(got.headers), b"")
    assert visitor.post(path).status_code == 405
    assert visitor.options(path).status_code == 204


def test_page_of_a_successor_says_what_was_merged_into_it(visitor: FlaskClient) -> None:
    """Whoever was led here from another address sees that it is no mistake; also at the end of a chain."""
    found = re.search(r"under another identifier before: (.*?)</p>", visitor.get("/doc/record/heir.html").text)
    assert found and re.findall(r"<code[^>]*>([^<]*)</code>", found[1]) == ["chained", "merged"]
    assert "under another identifier" not in visitor.get("/doc/record/x.html").text


def test_update_of_an_edition_that_cannot_look_up_successors_makes_it_able(tmp_path: Path) -> None:
    """Registers that were begun by an earlier version lack the index, and get it."""
    records = [Record(each, {"id": [each], "title": [each]}) for each in ("old", "taken", "x")]
    publish(records, Catalogue(tmp_path), Site(BASE), processes=1)
    with closing(sqlite3.connect(tmp_path / "current" / "register.sqlite")) as register, register:
        register.execute("DROP INDEX withdrawn_by_successor")
    gone = [Run(lambda _: Given([Deletion("old", successor="taken")]))]
    update(gone, Catalogue(tmp_path), Work(Site(BASE), processes=1))
    assert Catalogue(tmp_path).current().merged_into(Name(RECORD, "taken")) == ["old"]
