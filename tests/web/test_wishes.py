"""What the address says of format, profile, form and view: the table of parameters, replayed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import orjson
import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.web import create_app

from .conftest import BASE, settings_for

SEED = "record/nottingham-40697"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OURS = f"{BASE}def/profile-1"
FORMS = "http://www.w3.org/ns/json-ld#"
EXPANDED = f'application/ld+json;profile="{FORMS}expanded"'

#: Query behind `/id/` and `/doc/`, the address it leads to (None: 406, or the status of a refusal).
ASKED = [
    ("format=ttl", "ttl"),
    ("format=trig", "trig"),
    ("_mediatype=text/turtle", "ttl"),
    ("_mediatype=application%2Fld%2Bjson", "jsonld"),
    ("_mediatype=application/ld+json", "jsonld"),
    ("format=application/rdf+xml", "rdf"),
    ("_mediatype=text/turtle;q=0.5,%20application/n-quads", "nq"),
    (f"_mediatype={quote(EXPANDED)}", "jsonld?form=expanded"),
    ("format=ttl&_mediatype=text/turtle", "ttl"),
    ("format=ttl&_mediatype=text/html", 400),
    ("format=nonsense", 406),
    ("format=", 406),
    ("_mediatype=application/pdf", 406),
    ("form=expanded", "jsonld?form=expanded"),
    ("form=framed&format=json", "json?form=framed"),
    ("form=nonsense", 400),
    ("form=expanded&format=ttl", 400),
    ("view=plain&format=ttl", "ttl?view=plain"),
    ("view=fancy", 400),
    ("_profile=schema&format=ttl", "ttl?_profile=schema"),
    ("_profile=schema&format=jsonld", "jsonld?_profile=schema"),
    ("_profile=full&format=nt", "nt?_profile=full"),
    (f"_profile={quote(OURS)}&format=nt", "nt?_profile=full"),
    ("_profile=http://schema.org/&format=nq", "nq?_profile=schema"),
    ("_profile=schema&format=html", 406),
    ("_profile=nonsense", 400),
]


@pytest.mark.parametrize(("query", "expected"), ASKED)
def test_parameters_go_before_headers(client: FlaskClient, query: str, expected: str | int) -> None:
    """`/id/` leads to what the parameters name, and keeps of them what is needed; `/doc/` gives that."""
    answer = client.get(f"/id/{SEED}?{query}", headers={"Accept": BROWSER})
    given = client.get(f"/doc/{SEED}?{query}", headers={"Accept": BROWSER})
    if isinstance(expected, int):
        assert (answer.status_code, given.status_code) == (expected, expected)
    else:
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/doc/{SEED}.{expected}")
        assert (given.status_code, given.headers["Content-Location"]) == (200, f"/doc/{SEED}.{expected}")
        assert client.get(answer.headers["Location"]).data == given.data


#: Query behind an address with a suffix, its status, and its Content-Type where it is 200.
SUFFIXED = [
    ("ttl?format=ttl", 200, "text/turtle; charset=utf-8"),
    ("ttl?_mediatype=text/turtle", 200, "text/turtle; charset=utf-8"),
    ("ttl?_mediatype=application/x-turtle", 200, "text/turtle; charset=utf-8"),
    ("ttl?format=html", 400, ""),
    ("ttl?_mediatype=application/ld+json", 400, ""),
    ("ttl?format=nonsense", 406, ""),
    ("ttl?_mediatype=application/pdf", 406, ""),
    ("ttl?form=expanded", 400, ""),
    ("ttl?view=plain", 200, "text/plain; charset=utf-8"),
    ("rdf?view=plain", 200, "text/plain; charset=utf-8"),
    ("ttl?view=fancy", 400, ""),
    ("jsonld?form=expanded", 200, EXPANDED),
    ("jsonld?form=flattened-compacted", 200, f'application/ld+json;profile="{FORMS}flattened {FORMS}compacted"'),
    ("jsonld?form=compacted", 200, f'application/ld+json;profile="{FORMS}compacted"'),
    ("json?form=expanded", 200, "application/json"),
    ("jsonld?form=nonsense", 400, ""),
    ("ttl?_profile=schema", 200, "text/turtle; charset=utf-8"),
    ("ttl?_profile=nonsense", 400, ""),
    ("html?_profile=schema", 406, ""),
    ("schema.jsonld", 200, "application/ld+json"),
    ("schema.jsonld?_profile=schema", 200, "application/ld+json"),
    ("schema.jsonld?_profile=full", 400, ""),
    ("schema.jsonld?form=expanded", 200, EXPANDED),
    ("schema.ttl", 404, ""),
    ("pdf", 404, ""),
]


@pytest.mark.parametrize(("rest", "status", "content_type"), SUFFIXED)
def test_suffix_and_parameters_must_agree(client: FlaskClient, rest: str, status: int, content_type: str) -> None:
    """What contradicts the address is refused, whatever the client accepts."""
    answer = client.get(f"/doc/{SEED}.{rest}", headers={"Accept": "application/n-quads"})
    assert answer.status_code == status
    if status == 200:
        assert (answer.headers["Content-Type"], answer.headers["Vary"]) == (content_type, "Accept-Encoding")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("header", "suffix", "profile"),
    [
        (None, "html", OURS),
        ("<http://schema.org/>", "jsonld?_profile=schema", "http://schema.org/"),
        (f"<{OURS}>", "html?_profile=full", OURS),
        (f"<urn:example:unknown>, <{OURS}>;q=0.1", "html?_profile=full", OURS),
        ("<urn:example:unknown>", "html", OURS),
    ],
)
def test_profile_is_negotiated_by_header(client: FlaskClient, header: str | None, suffix: str, profile: str) -> None:
    """A known one is given and kept in the address; for an unknown one the default is, and says so."""
    headers = {"Accept-Profile": header} if header else {}
    assert client.get(f"/id/{SEED}", headers=headers).headers["Location"] == f"/doc/{SEED}.{suffix}"
    answer = client.get(f"/doc/{SEED}", headers=headers)
    assert (answer.status_code, answer.headers["Content-Profile"]) == (200, f"<{profile}>")
    assert f'<{profile}>; rel="profile"' in answer.headers["Link"]


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "jsonld"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.1", "jsonld"),
        ("text/html, text/turtle;q=0.9", "ttl"),
        ("application/rdf+xml, text/html;q=0.9, */*;q=0.1", "rdf"),
        ("application/xml", "rdf"),
        ("*/*", "jsonld"),
    ],
)
def test_browser_gets_a_profile_without_page_as_json(client: FlaskClient, accept: str, suffix: str) -> None:
    """The schema.org view has no page of its own, and the XML that browsers name is not meant for RDF."""
    asked = {"Accept": accept, "Accept-Profile": "<http://schema.org/>"}
    assert client.get(f"/id/{SEED}", headers=asked).headers["Location"] == f"/doc/{SEED}.{suffix}?_profile=schema"


def test_suffix_reads_no_profile_header(client: FlaskClient) -> None:
    """It is the same for everybody, and its answer may be kept for everybody."""
    plain = client.get(f"/doc/{SEED}.ttl")
    asked = client.get(f"/doc/{SEED}.ttl", headers={"Accept-Profile": "<http://schema.org/>"})
    assert (asked.data, asked.headers["Content-Profile"]) == (plain.data, f"<{OURS}>")


def test_unknown_profile_in_the_address_lists_the_known(client: FlaskClient) -> None:
    """400 names the tokens."""
    told = orjson.loads(client.get(f"/doc/{SEED}?_profile=x", headers={"Accept": "application/json"}).data)
    assert told["status"] == 400
    assert "full, schema" in told["detail"]


@pytest.mark.parametrize(("suffix", "fmt"), [("ttl", ox.RdfFormat.TURTLE), ("rdf", ox.RdfFormat.RDF_XML)])
def test_schema_view_says_the_same_in_every_format(client: FlaskClient, suffix: str, fmt: ox.RdfFormat) -> None:
    """The JSON-LD of crawlers, read by another parser, is what the other formats of the profile say."""
    said = []
    for data, form in (
        (client.get(f"/doc/{SEED}.{suffix}?_profile=schema").data, fmt),
        (client.get(f"/doc/{SEED}.schema.jsonld").data, ox.RdfFormat.JSON_LD),
    ):
        dataset = ox.Dataset(ox.parse(data, format=form))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        said.append(dataset)
    assert said[0] == said[1]
    assert len(said[0]) > 15


def test_full_graph_comes_before_the_view_in_the_links(client: FlaskClient) -> None:
    """rdflib follows the first alternate of JSON-LD."""
    links = client.get(f"/doc/{SEED}.html").headers["Link"]
    assert links.index(f"</doc/{SEED}.jsonld>") < links.index(f"</doc/{SEED}.schema.jsonld>")


@pytest.fixture(scope="module", params=["jsonld", "ttl"])
def other_default(sample_data: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, Flask]]:
    """A site with another default variant, and the name of that."""
    app = create_app(settings_for(sample_data, server__default_variant=request.param))
    yield request.param, app
    app.extensions["current"].close()


@pytest.mark.parametrize("accept", [None, "", "*/*", "nonsense", "image/png, */*;q=0.1"])
def test_setting_says_what_the_undecided_get(other_default: tuple[str, Flask], accept: str | None) -> None:
    """Where no type is named, the default variant is given; browsers and those who name a type get theirs."""
    name, app = other_default
    client, headers = app.test_client(), {} if accept is None else {"Accept": accept}
    assert client.get(f"/id/{SEED}", headers=headers).headers["Location"] == f"/doc/{SEED}.{name}"
    assert client.get(f"/id/{SEED}", headers={"Accept": BROWSER}).headers["Location"] == f"/doc/{SEED}.html"
    assert client.get(f"/id/{SEED}", headers={"Accept": "text/html"}).headers["Location"] == f"/doc/{SEED}.html"


RAPPER = "application/rdf+xml, application/n-triples, text/plain;q=0.1, text/turtle, text/html;q=0.6, */*;q=0.1"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "text/html"),
        (BROWSER, "text/html"),
        ("text/html;q=0.1", "text/html"),
        ("text/turtle", "application/problem+json"),
        ("application/ld+json", "application/problem+json"),
        (RAPPER, "text/plain"),
        ("text/turtle, text/plain;q=0.5", "text/plain"),
        ("text/plain", "text/plain"),
        ("application/problem+json", "application/problem+json"),
        ("application/pdf", "application/problem+json"),
    ],
)
@pytest.mark.parametrize("path", ["/doc/record/none", "/id/record/none", f"/doc/{SEED}?format=x", "/sparql?query=x"])
def test_errors_come_in_the_kind_that_is_wanted(client: FlaskClient, path: str, accept: str | None, kind: str) -> None:
    """A page for people, problem details for programs: RDF tools that list HTML last get no page. The query
    endpoint is for programs, so there whoever says nothing gets details."""
    answer = client.get(path, headers={"Accept": accept} if accept else {})
    expected = "application/problem+json" if path.startswith("/sparql") and accept is None else kind
    assert answer.status_code in (400, 404, 406)
    assert answer.headers["Content-Type"].partition(";")[0] == expected


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    ("path", "vary"),
    [
        (f"/id/{SEED}", "Accept, Accept-Profile, Accept-Language"),
        ("/id/record/none", "Accept, Accept-Profile, Accept-Language"),
        (f"/id/{SEED}?format=x", "Accept, Accept-Profile, Accept-Language"),
        (f"/doc/{SEED}", "Accept, Accept-Profile, Accept-Language, Accept-Encoding"),
        ("/doc/record/none", "Accept, Accept-Profile, Accept-Language, Accept-Encoding"),
        (f"/doc/{SEED}?_profile=x", "Accept, Accept-Profile, Accept-Language, Accept-Encoding"),
    ],
)
def test_vary_is_the_same_on_every_status(client: FlaskClient, path: str, vary: str, method: str) -> None:
    """A cache that learnt from a refusal what an address depends on learnt the right thing."""
    answer = client.open(path, method=method)
    assert method == "OPTIONS" or answer.headers["Vary"] == vary
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_head_has_the_length_of_get(client: FlaskClient) -> None:
    """In every variant, and for refusals too."""
    for rest in (".ttl", ".jsonld?form=framed", ".trig", "?format=nq", ".ttl?_profile=schema", ".pdf", "?format=x"):
        got, head = (client.open(f"/doc/{SEED}{rest}", method=method) for method in ("GET", "HEAD"))
        assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.data))
        assert (head.status_code, head.headers.get("ETag")) == (got.status_code, got.headers.get("ETag"))
