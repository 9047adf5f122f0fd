"""The SPARQL endpoint over HTTP: the protocol's three requests, formats, refusals, and what strangers try."""

from __future__ import annotations

import csv
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse
from rdflib import Graph
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from werkzeug.test import TestResponse

from linkeddata.catalogue import Edition
from linkeddata.errors import NothingPublished
from linkeddata.representations.example_queries import Example, examples
from linkeddata.store import Examined, Form, Limits, Pool, build, open_pool
from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.web import answers, create_app, sparql, tongues
from linkeddata.web.server import Server, listen
from linkeddata.wording import read_languages

from ..living import soon
from .conftest import settings_for
from .running import in_thread

BASE = "http://data.example.org/lib/"
TITLE = PREFIXES["dcterms"] + "title"
ALL = f"SELECT ?s ?title WHERE {{ ?s <{TITLE}> ?title }} ORDER BY ?s"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
LIMITS = Limits(timeout_seconds=4, memory_bytes=512 << 20, max_rows=2000, queue_seconds=15, max_query_bytes=20_000)
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@dataclass
class Served:
    """What the door needs of `web.current.Current`."""

    _pool: Pool
    limits: Limits = LIMITS

    def pool(self) -> Pool:
        return self._pool

    def edition(self) -> Edition:
        raise NothingPublished("there is a store, and no edition round it")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def quads() -> Iterator[bytes]:
        for number in range(1500):
            yield f'<{BASE}id/record/r{number:04}> <{TITLE}> "Title, “{number}” <b>&amp;"@en .\n'.encode()
        yield f'<{BASE}id/record/r0000> <{PREFIXES["dcterms"]}issued> "2017"^^<{PREFIXES["xsd"]}gYear> .\n'.encode()
        yield f'<{BASE}id/record/r0000> <{PREFIXES["bibo"]}doi> "10.1/x" .\n'.encode()
        yield f"<{BASE}id/record/r0000> <{PREFIXES['rdf']}type> <{PREFIXES['bibo']}Article> .\n".encode()
        yield f'<{BASE}id/record/r0000> <{TITLE}> "mined" <{BASE}graph/mined> .\n'.encode()

    store = tmp_path_factory.mktemp("served") / "store"
    build(store, quads())
    return store


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    with open_pool(folder, limits=LIMITS, prefixes=PREFIXES) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(pool: Pool) -> Flask:
    app = Flask("linkeddata.web")
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    site = SimpleNamespace(title="Ex", contact="", language="en", license="", logo="", imprint="", links=())
    assets = {"site.css": "/lib/static/site.css", "site.js": "/lib/static/site.js"}
    app.context_processor(lambda: {"footer": None})
    tongues.install(app, read_languages(["en"]), "/lib/", {"site": site, "root": "/lib/", "assets": assets})
    app.register_blueprint(sparql.blueprint(Served(pool), BASE))  # type: ignore[arg-type]
    app.after_request(answers.with_common_headers)
    app.after_request(answers.with_coding)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = Server(app.wsgi_app, listen("127.0.0.1", 0))
    with in_thread(server) as running:
        yield f"{running}sparql"


def ask(client: FlaskClient, query: str, accept: str | None = None, **more: str) -> TestResponse:
    headers = {} if accept is None else {"Accept": accept}
    return client.get("/sparql", query_string={"query": query, **more}, headers=headers)


# ---------------------------------------------------------------- the protocol's requests


@pytest.mark.parametrize("method", ["GET", "form", "direct"])
def test_what_stands_in_a_query_is_decoded_once(client: FlaskClient, method: str) -> None:
    """Plus signs and percent signs of a text come back as they were written, in whichever request (SPARQL 1.1
    Protocol, section 2.1)."""
    text = "a+b c%20d%2525 é"
    query, headers = f'SELECT ("{text}" AS ?x) {{}}', {"Accept": "text/csv"}
    reply = {
        "GET": lambda: client.get("/sparql", query_string={"query": query}, headers=headers),
        "form": lambda: client.post("/sparql", data={"query": query}, headers=headers),
        "direct": lambda: client.post("/sparql", data=query, content_type="application/sparql-query", headers=headers),
    }[method]()
    assert (reply.status_code, reply.get_data(as_text=True)) == (200, f"x\r\n{text}\r\n")


def test_the_three_requests_give_the_same_bytes(client: FlaskClient) -> None:
    """GET, form POST and direct POST; unknown parameters are read over."""
    replies = [
        ask(client, ALL, nonsense="1", output="x"),
        client.post("/sparql", data={"query": ALL, "nonsense": "1"}),
        client.post("/sparql?nonsense=1", data=ALL, content_type="application/sparql-query; charset=UTF-8"),
    ]
    assert [reply.status_code for reply in replies] == [200] * 3
    assert len({reply.data for reply in replies}) == 1


@pytest.mark.parametrize("fmt", ["json", "csv", "xml", "tsv"])
def test_tables_equal_what_the_engine_gives(client: FlaskClient, folder: Path, fmt: str) -> None:
    """Byte by byte, on the same store."""
    media = {"json": "application/sparql-results+json", "xml": "application/sparql-results+xml", "csv": "text/csv"}
    reply = ask(client, ALL, media.get(fmt, "text/tab-separated-values"))
    expected: Any = Store.read_only(str(folder)).query(ALL)
    assert reply.data == expected.serialize(None, getattr(QueryResultsFormat, fmt.upper()))
    assert "X-Result-Truncated" not in reply.headers


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        ("ASK {}", None, "application/sparql-results+json"),
        ("ASK {}", "*/*", "application/sparql-results+json"),
        ("ASK {}", "application/json", "application/sparql-results+json"),
        ("ASK {}", "text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK {}", BROWSER, "text/html"),
        ("DESCRIBE <x>", None, "text/turtle"),
        ("DESCRIBE <x>", "application/n-triples", "application/n-triples"),
        ("DESCRIBE <x>", "application/ld+json", "application/ld+json"),
        ("DESCRIBE <x>", "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE <x>", "application/n-quads", "application/n-quads"),
        ("DESCRIBE <x>", "application/trig", "application/trig"),
        ("DESCRIBE <x>", BROWSER, "text/html"),
    ],
)
def test_the_form_and_accept_decide_the_format(
    client: FlaskClient, query: str, accept: str | None, content_type: str
) -> None:
    """Tables and graphs have their own formats and defaults; a browser gets the page."""
    reply = ask(client, query, accept)
    assert (reply.status_code, reply.mimetype) == (200, content_type)
    assert reply.headers["Vary"] == "Accept, Accept-Encoding"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


def test_the_format_parameter_wins_where_it_names_a_format(client: FlaskClient) -> None:
    """The page's choice and its download links need no header; other clients' values there mean nothing."""
    assert ask(client, "ASK {}", BROWSER, format="csv").mimetype == "text/csv"
    assert ask(client, "ASK {}", "text/csv", format="application/json").mimetype == "text/csv"
    assert ask(client, "DESCRIBE <x>", "text/turtle", format="json").mimetype == "text/turtle"


def test_csv_is_a_download_with_raw_values(client: FlaskClient) -> None:
    """Spreadsheets do not open it in place, and values are as in the store."""
    reply = ask(client, ALL, "text/csv")
    rows = list(csv.reader(io.StringIO(reply.get_data(as_text=True), newline="")))
    assert rows[1] == [f"{BASE}id/record/r0000", "Title, “0” <b>&amp;"]
    assert reply.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("graphs", "count"),
    [
        ({}, 1),
        ({"default-graph-uri": f"{BASE}graph/mined"}, 1),
        ({"default-graph-uri": f"{BASE}graph/unknown"}, 0),
        ({"named-graph-uri": f"{BASE}graph/mined"}, 0),
    ],
)
def test_the_dataset_parameters_are_honoured(client: FlaskClient, graphs: dict[str, str], count: int) -> None:
    """A named graph may stand in for the default one; an unknown one is empty. So in the URL of a direct POST."""
    query = f"SELECT * {{ <{BASE}id/record/r0000> <{TITLE}> ?title }}"
    posted = client.post(f"/sparql?{urlencode(graphs)}", data=query, content_type="application/sparql-query")
    for reply in (ask(client, query, **graphs), posted):
        assert reply.get_json(force=True)["results"]["bindings"].__len__() == count


def test_relative_iris_start_from_the_base(client: FlaskClient) -> None:
    """Wherever the service is mounted, `<id/record/r0000>` is a record of it."""
    assert ask(client, "ASK { <id/record/r0000> ?p ?o }").get_json(force=True)["boolean"]


def test_an_answer_at_the_limit_says_so(client: FlaskClient) -> None:
    """Status 200, the header, and exactly so many rows; a larger LIMIT changes nothing."""
    for query in ("SELECT * { ?a ?b ?c . ?d ?e ?f }", "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000"):
        reply = ask(client, query)
        assert reply.headers["X-Result-Truncated"] == "true"
        assert len(reply.get_json(force=True)["results"]["bindings"]) == LIMITS.max_rows


@pytest.mark.parametrize(("accept", "link"), [("application/json", '"link":["'), ("text/xml", '<link href="')])
def test_an_answer_at_the_limit_links_to_the_limits(client: FlaskClient, accept: str, link: str) -> None:
    """In JSON and XML, where the header may get lost."""
    cut = ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f }", accept).get_data(as_text=True)
    assert f'{link}{BASE}sparql/help#limits"' in cut


def test_a_client_may_wait_less(client: FlaskClient) -> None:
    """`timeout` shortens the limit; what is no time means nothing."""
    # Processes that others have lost are being replaced.
    assert soon(lambda: ask(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", timeout="0.3").status_code == 200)
    reply = ask(client, RUNAWAY.replace("?n", "?short"), timeout="0.3")
    assert (reply.status_code, "after 0.3 seconds" in reply.get_json(force=True)["detail"]) == (503, True)
    assert [ask(client, "ASK {}", timeout=each).status_code for each in ("0", "-1", "nan", "inf", "x")] == [200] * 5


def test_downloads_ask_for_the_same_graphs(client: FlaskClient) -> None:
    """The links of a result keep the parameters that name graphs."""
    page = ask(client, ALL, BROWSER, **{"default-graph-uri": f"{BASE}graph/mined"}).get_data(as_text=True)
    assert "1 row in" in page
    assert f"{urlencode({'default-graph-uri': f'{BASE}graph/mined'})}&amp;format=csv" in page


def test_a_query_met_by_a_change_of_editions_goes_to_the_new_one(pool: Pool, folder: Path) -> None:
    """Its pool was closed between being found and being asked; it is asked again, of the one served now."""
    retired = open_pool(folder, workers=1, limits=LIMITS)
    retired.close()
    found = iter((retired, retired))

    class Changing(Served):
        def pool(self) -> Pool:
            return next(found, self._pool)

    changing = Flask("linkeddata.web")
    changing.register_blueprint(sparql.blueprint(Changing(pool), BASE))  # type: ignore[arg-type]
    assert ask(changing.test_client(), "ASK {}").status_code == 200
    assert next(found, None) is None


def test_head_has_the_headers_and_no_body(client: FlaskClient) -> None:
    """As for GET."""
    reply = client.head("/sparql", query_string={"query": "ASK {}"})
    assert (reply.status_code, reply.data, reply.mimetype) == (200, b"", "application/sparql-results+json")


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "GET", "headers": {"Accept": "application/json"}}, 400),
        ({"method": "GET", "query_string": "query=ASK+%7B%7D&query=ASK+%7B%7D"}, 400),
        ({"method": "GET", "query_string": "query=%FF"}, 400),
        ({"method": "GET", "query_string": "query=ASK"}, 400),
        ({"method": "GET", "query_string": "query="}, 400),
        ({"method": "GET", "query_string": {"query": "ASK {" + "{" * 200}}, 400),
        ({"method": "GET", "query_string": {"query": "ASK {} #" + "x" * 20_000}}, 414),
        ({"method": "GET", "query_string": {"update": "CLEAR ALL"}}, 403),
        ({"method": "GET", "query_string": {"query": "CLEAR ALL"}}, 403),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403),
        ({"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"}, 403),
        ({"method": "POST", "data": {"query": "ASK { SERVICE <http://a/> {} }"}}, 403),
        ({"method": "POST", "data": {"query": "ASK {}"}, "query_string": {"query": "ASK {}"}}, 400),
        ({"method": "POST", "data": "ASK {}", "content_type": "text/plain"}, 415),
        ({"method": "POST", "data": b"ASK {} #\xff", "content_type": "application/sparql-query"}, 400),
        ({"method": "POST", "data": b"x" * 300_000, "content_type": "application/sparql-query"}, 413),
        ({"method": "POST", "data": b"x" * 30_000, "content_type": "application/sparql-query"}, 413),
        ({"method": "POST", "data": {"query": "ASK {}"}, "headers": {"Content-Encoding": "gzip"}}, 415),
        ({"method": "GET", "query_string": {"query": "ASK {}"}, "headers": {"Accept": "application/pdf"}}, 406),
        ({"method": "GET", "query_string": {"query": "ASK {}", "default-graph-uri": "no iri"}}, 400),
        ({"method": "POST", "data": {"nonsense": "1"}}, 400),
        ({"method": "GET", "query_string": {"query": "ASK { FILTER(<http://a/f>(1)) }"}}, 400),
        ({"method": "PUT"}, 405),
        ({"method": "DELETE"}, 405),
    ],
)
def test_what_is_refused_has_its_status(client: FlaskClient, request_: dict[str, Any], status: int) -> None:
    """Every refusal is a declared status; programs get problem details that repeat it."""
    reply = client.open("/sparql", **request_)
    assert reply.status_code == status
    if status != 405:
        assert reply.mimetype == "application/problem+json"
        assert reply.get_json(force=True)["status"] == status
        assert (reply.headers["Cache-Control"], reply.headers["Vary"]) == ("no-store", "Accept")


def test_a_syntax_error_has_line_and_column(client: FlaskClient) -> None:
    """In the words of the engine, and as numbers."""
    details = ask(client, "SELECT * {\n  ?s ?p }").get_json(force=True)
    assert details["line"] == 2
    assert details["detail"].startswith(f"Line 2, column {details['column']}:")


def test_who_wants_text_gets_text(client: FlaskClient) -> None:
    """The sentence alone."""
    reply = ask(client, "SELECT", "text/plain, text/csv;q=0.5")
    assert (reply.status_code, reply.mimetype) == (400, "text/plain")


def test_a_runaway_is_503_with_retry_after_while_others_are_answered(client: FlaskClient, app: Flask) -> None:
    """It is ended at its deadline; an ASK meanwhile is answered at once."""
    replies: list[TestResponse] = []
    thread = threading.Thread(target=lambda: replies.append(ask(app.test_client(), RUNAWAY)))
    thread.start()
    time.sleep(0.2)
    assert ask(client, "ASK {}").status_code == 200
    assert not replies
    thread.join(30)
    assert replies[0].status_code == 503
    assert int(replies[0].headers["Retry-After"]) > 0
    assert "time limit of 4 seconds" in replies[0].get_json(force=True)["detail"]


def test_a_memory_hog_is_503(client: FlaskClient) -> None:
    """The reason is named. A text is doubled forty times, which no machine is too busy for."""
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    reply = ask(client, f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("12345678" AS ?x0) {doubled} }}')
    assert reply.status_code == 503
    assert "memory" in reply.get_json(force=True)["detail"]


def test_ten_thousand_brackets_do_not_end_the_service(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by the guard; without it one query process ends, and the service answers on."""
    query = "ASK { FILTER(" + "(" * 9_900 + "1" + ")" * 9_900 + ") }"
    assert ask(client, query).status_code == 400
    monkeypatch.setattr(Pool, "examine", lambda *_: Examined(Form.ASK, cheap=False))
    assert ask(client, query).status_code == 503
    assert ask(client, "ASK {}").status_code == 200


def test_service_reaches_nobody(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by name; with the guard bypassed a listener on loopback still hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{server.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        reply = ask(client, query)
        assert (reply.status_code, "SERVICE" in reply.get_json(force=True)["detail"]) == (403, True)
        monkeypatch.setattr(Pool, "examine", lambda *_: Examined(Form.SELECT, cheap=False))
        assert ask(client, query).status_code == 503
        with pytest.raises(TimeoutError):
            server.accept()


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_who_takes_a_page_gets_the_form(client: FlaskClient, accept: str) -> None:
    """With the address, the limits in words, and an example in the box; no script is needed."""
    page = client.get("/sparql", headers={"Accept": accept}).get_data(as_text=True)
    assert '<form class="card" action="/lib/sparql" method="get"' in page
    assert f"{BASE}sparql" in page
    assert "4 s and 2,000 rows" in page
    assert "SELECT ?work ?title ?date" in page
    assert "onclick" not in page and "style=" not in page


@pytest.mark.parametrize("example", examples({}), ids=lambda example: example.key)
def test_every_example_gives_something(client: FlaskClient, example: Example) -> None:
    """Each linked query runs and finds rows even on this small store."""
    reply = ask(client, example.query, "application/sparql-results+json, text/turtle")
    assert reply.status_code == 200
    found = reply.get_json(force=True)["results"]["bindings"] if reply.is_json or b"{" in reply.data[:1] else reply.data
    assert found


def test_a_browser_with_a_query_gets_a_table(client: FlaskClient) -> None:
    """URIs of ours are short links, values are escaped and carry their language, the query stays in the box."""
    page = ask(client, ALL + " LIMIT 2", BROWSER).get_data(as_text=True)
    assert "2 rows in " in page
    assert f'<a href="/lib/id/record/r0000" title="{BASE}id/record/r0000">…/record/r0000</a>' in page
    assert '<td lang="en" dir="auto">Title, “0” &lt;b&gt;&amp;amp;</td>' in page
    assert "ORDER BY ?s LIMIT 2</textarea>" in page
    assert "format=csv" in page and "format=json" in page


def test_the_page_shows_the_first_thousand_rows_and_says_so(client: FlaskClient) -> None:
    """A cut is told in words; the downloads go on to the limit."""
    reply = ask(client, ALL, BROWSER)
    page = reply.get_data(as_text=True)
    assert "Only the first 1,000 are shown here; downloads go to 2,000." in page
    assert page.count("<tr>") == 1001
    assert reply.headers["X-Result-Truncated"] == "true"


def test_a_graph_is_shown_as_turtle(client: FlaskClient) -> None:
    """With our prefixes, as text."""
    page = ask(client, "DESCRIBE <id/record/r0000>", BROWSER).get_data(as_text=True)
    assert "4 statements in " in page
    assert "dcterms:title" in page and "bibo:doi" in page


def test_an_error_page_keeps_the_query_and_points_at_the_place(client: FlaskClient) -> None:
    """Status 400, an alert, the line with a mark below it."""
    query = "SELECT *\nWHERE { ?s <b> }</textarea><script>"
    reply = ask(client, query, BROWSER)
    page = reply.get_data(as_text=True)
    assert (reply.status_code, reply.mimetype) == (400, "text/html")
    assert 'role="alert"' in page
    assert "SELECT *\nWHERE { ?s &lt;b&gt; }&lt;/textarea&gt;&lt;script&gt;</textarea>" in page
    assert "2 | WHERE" in page and " ^</code>" in page


@pytest.mark.parametrize("value", ["javascript:alert(1)", "data:text/html,x", "urn:isbn:1"])
def test_only_web_addresses_become_links(client: FlaskClient, value: str) -> None:
    """Other IRIs are text."""
    page = ask(client, f"SELECT (<{value}> AS ?x) {{}}", BROWSER).get_data(as_text=True)
    assert f">{value}</td>" in page
    assert f'href="{value}"' not in page


# ---------------------------------------------------------------- real clients on a real server


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_tables_and_graphs(address: str, method: str) -> None:
    """The commonest client, by GET and POST, in each format it knows for the form."""
    wrapper = SPARQLWrapper(address)
    wrapper.setMethod(method)
    wrapper.setQuery(ALL + " LIMIT 3")
    for fmt in (JSON, XML, CSV):
        wrapper.setReturnFormat(fmt)
        assert wrapper.queryAndConvert()
    wrapper.setQuery("DESCRIBE <id/record/r0000>")
    wrapper.setReturnFormat(TURTLE)
    assert len(Graph().parse(data=wrapper.queryAndConvert(), format="turtle")) == 4


def test_rdflib_reads_a_query_as_a_graph(address: str) -> None:
    """A CONSTRUCT has an address like any document."""
    url = f"{address}?{urlencode({'query': 'CONSTRUCT WHERE { <id/record/r0000> ?p ?o }'})}"
    assert len(Graph().parse(url)) == 4
    with urlopen(f"{url}&format=nt") as reply:
        assert len(list(parse(reply.read(), RdfFormat.N_TRIPLES))) == 4


def test_the_query_of_a_client_that_hangs_up_is_ended(address: str, pool: Pool) -> None:
    """Both processes are free again long before two such queries would have met their deadline."""
    host, port = address.removeprefix("http://").removesuffix("/sparql").split(":")
    for number in range(2):
        query = urlencode({"query": RUNAWAY.replace("?n", f"?gone{number}")})
        with socket.create_connection((host, int(port))) as client:
            client.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.1)
    began = time.monotonic()
    assert json.loads(pool.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", media="json").body)
    assert time.monotonic() - began < LIMITS.timeout_seconds


@pytest.mark.parametrize(("processes", "places"), [(2, 2 + 1), (5, 1 + 1)])
def test_query_processes_are_shared_out_among_web_processes(sample_data: Path, processes: int, places: int) -> None:
    """Of the three of the setting each has its share, rounded up, and one for look-ups besides."""
    current = create_app(settings_for(sample_data, sparql__workers=3, server__processes=processes)).extensions[
        "current"
    ]
    try:
        assert current.pool().standing().places == places
        assert current.limits.long_queries == 1
    finally:
        current.close()
