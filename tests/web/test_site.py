"""The doors beside the things: pages to begin from, the dataset, and what happens when an edition is issued."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import orjson
import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.catalogue import Catalogue
from linkeddata.errors import ConfigurationError
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.vocabulary.uris import KINDS, Name
from linkeddata.web import create_app

from .conftest import BASE, settings_for


def load(data: Path, *titles: str, base: str = BASE) -> None:
    """Publish records called a, b, c … with these titles."""
    records = [Record(name, {"id": [name], "title": [title]}) for name, title in zip("abc", titles, strict=False)]
    publish(records, Catalogue(data), Site(base), processes=1)


def test_home_counts_what_sparql_counts(client: FlaskClient) -> None:
    """The numbers on the first page are those of the store."""
    counted = client.get(
        "/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) { ?s a <http://xmlns.com/foaf/0.1/Document> }"}
    )
    records = orjson.loads(counted.data)["results"]["bindings"][0]["n"]["value"]
    assert records == "28"
    page = client.get("/").get_data(as_text=True)
    assert ">28<" in page
    assert "browse/record" in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("record", "Array programming with NumPy"),
        ("name", "Einstein, Albert"),
        ("journal", "Nature"),
        ("concept", "Relativity"),
        ("org", "Wiley"),
    ],
)
def test_browse_lists_things_by_name(client: FlaskClient, kind: str, words: str) -> None:
    """Each kind has a list whose links lead to things."""
    page = client.get(f"/browse/{kind}").get_data(as_text=True)
    assert words in page
    assert f'href="/id/{kind}/' in page or f'href="/doc/{kind}/' in page


@pytest.mark.parametrize(
    "path",
    [
        "/browse/nothing",
        "/browse/record?page=0",
        "/browse/record?page=x",
        "/browse/record?page=99",
        "/browse/record?page=99999999999999",
    ],
)
def test_list_that_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    """Unknown kinds and pages are not found."""
    assert client.get(path).status_code == 404


def test_dump_is_what_its_checksum_says_and_comes_in_parts(client: FlaskClient) -> None:
    """The whole graph as N-Quads, by Range too."""
    with client.get("/dump/latest.nq.gz") as dump:
        assert dump.headers["Content-Type"] == "application/gzip"
        body = dump.data
    digest = hashlib.sha256(body).hexdigest()
    assert client.get("/dump/latest.nq.gz.sha256").get_data(as_text=True) == f"{digest}  latest.nq.gz\n"
    assert len(list(ox.parse(gzip.decompress(body), format=ox.RdfFormat.N_QUADS))) > 2000
    with client.get("/dump/latest.nq.gz", headers={"Range": "bytes=0-99"}) as part:
        assert (part.status_code, part.data) == (206, body[:100])


def test_dataset_description_counts_and_leads_on(client: FlaskClient) -> None:
    """VoID says how much there is, where to ask and where to fetch, and each address answers."""
    answer = client.get("/.well-known/void", headers={"Accept": "text/turtle"}, follow_redirects=True)
    text = answer.get_data(as_text=True)
    assert '"28"^^xsd:integer' in text
    for term in ("void:sparqlEndpoint", "void:dataDump", "void:exampleResource", "dcterms:conformsTo"):
        assert term in text
    for path in ("/sparql", "/dump/latest.nq.gz", "/def/profile-1", "/ontologies/crosswalk.toml", "/context.jsonld"):
        with client.get(path, follow_redirects=True) as found:
            assert found.status_code == 200


def test_dataset_is_one_redirect_away(client: FlaskClient) -> None:
    """The well-known address leads to the document itself, never to another redirect."""
    answer = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/doc/dataset/catalogue.ttl")


@pytest.mark.parametrize(
    "path",
    [
        "/ontologies/none.toml",
        "/ontologies/../pyproject.toml",
        "/ontologies/..%2Fpyproject.toml",
        "/static/../app.py",
        "/def/none",
    ],
)
def test_no_other_file_can_be_had(client: FlaskClient, path: str) -> None:
    """Only the tables named in the code are served."""
    assert client.get(path).status_code == 404


def test_empty_site_says_how_to_begin(tmp_path: Path) -> None:
    """Without an edition the first page names the command, everything else is not ready."""
    client = create_app(settings_for(tmp_path)).test_client()
    assert "linkeddata load FILE" in client.get("/").get_data(as_text=True)
    for path in ("/readyz", "/id/record/a", "/browse/record", "/data", "/sparql?query=ASK%20%7B%7D"):
        assert client.get(path).status_code == 503
    assert client.get("/healthz").status_code == 200


def test_other_base_uri_is_refused_at_the_start(tmp_path: Path) -> None:
    """What is published keeps its names."""
    load(tmp_path, "A", base="https://other.example.org/")
    with pytest.raises(ConfigurationError, match=r"other\.example\.org"):
        create_app(settings_for(tmp_path))


def test_new_edition_is_noticed_while_serving(tmp_path: Path) -> None:
    """Documents, lists and SPARQL tell the new edition, and what did not change keeps its tag."""
    load(tmp_path, "Unchanged", "Before")
    app = create_app(settings_for(tmp_path))
    client = app.test_client()
    ask = {"query": 'ASK { ?s ?p "After" }'}
    tags = {name: client.get(f"/doc/record/{name}.ttl").headers["ETag"] for name in "ab"}
    assert b"false" in client.get("/sparql", query_string=ask).data
    load(tmp_path, "Unchanged", "After")
    assert b"After" in client.get("/doc/record/b.ttl").data
    assert b"true" in client.get("/sparql", query_string=ask).data
    again = {name: client.get(f"/doc/record/{name}.ttl").headers["ETag"] for name in "ab"}
    app.extensions["current"].close()
    assert (again["a"] == tags["a"], again["b"] == tags["b"]) == (True, False)


def test_host_header_reaches_no_uri(client: FlaskClient) -> None:
    """Whatever a client calls the site, names stay what they are and links are relative."""
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    for path in (
        "/",
        "/id/record/nottingham-40697",
        "/doc/record/nottingham-40697.ttl",
        "/sparql",
        "/.well-known/void",
    ):
        answer = client.get(path, headers=forged)
        assert b"evil.example" not in answer.data
        assert "evil" not in str(answer.headers)


def test_site_under_a_path_links_within_it(tmp_path: Path) -> None:
    """With a base URI below the root of its host, links and redirects keep the path."""
    load(tmp_path, "A", base="https://example.org/data/")
    client = create_app(settings_for(tmp_path, site__base_uri="https://example.org/data/")).test_client()
    assert client.get("/id/record/a", headers={"Accept": "text/turtle"}).headers["Location"] == "/data/doc/record/a.ttl"
    page = client.get("/doc/record/a.html").get_data(as_text=True)
    style = re.search(r'href="(/data/static/site\.[0-9a-f]{16}\.css)"', page)
    assert style is not None
    for path in ("/data/", style[1], "/data/static/site.css", "/data/doc/record/a.ttl", "/data/browse/record"):
        with client.get(path) as found:
            assert found.status_code == 200
    assert 'href="/doc/' not in page


@pytest.mark.parametrize(("accept", "kind"), [("text/turtle", "text/turtle"), ("text/html", "text/html")])
def test_graph_that_no_record_makes_leads_to_what_stands_in_it(client: FlaskClient, accept: str, kind: str) -> None:
    """Its name is told by the endpoint's description, so it answers: in every format, and as a page."""
    answer = client.get("/graph/vocab", headers={"Accept": accept}, follow_redirects=True)
    assert (answer.status_code, answer.mimetype, len(answer.history)) == (200, kind, 1)
    assert "id/scheme/topic" in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_is_there_where_something_is_said_of_it(sample_app: Flask, kind: str) -> None:
    """Whether there is one is found without describing it, for things of every kind, and for those that are not."""
    edition = sample_app.extensions["current"].edition()
    ours = f"{edition.uris.base}id/{kind}/"
    rows = gzip.decompress((edition.folder / "dump.nq.gz").read_bytes()).decode().split()
    found = dict.fromkeys(edition.uris.name(each[1:-1]) for each in rows if each.startswith(f"<{ours}"))
    names = [*[name for name in found if name][:20], Name(kind, "none"), Name(kind, "catalogue")]
    assert [edition.has(name) for name in names] == [edition.describe(name) is not None for name in names]
