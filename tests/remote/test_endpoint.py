"""The endpoint before a server: its guard, limits, formats and headers are ours, whatever stands behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat
from pyoxigraph import parse_query_results as parse_results

from linkeddata.catalogue import Catalogue
from linkeddata.config import read_settings
from linkeddata.errors import QueryForbidden, QueryMalformed, QueryQueueFull, QueryTooCostly, StoreError
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.store import Asker, Limits, RemotePool, RemoteWriter, Server, Wish
from linkeddata.web import create_app

BASE = "https://data.example.org/"
EX = "http://example.org/"
COUNT = 200
ALL = "SELECT * { ?s ?p ?o }"
# Every combination of three statements is looked at, and none is wanted; it ends by itself after some seconds, because
# no server notices that nobody waits any more.
RUNAWAY = """
SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(STRLEN(CONCAT(STR(?a), STR(?c), STR(?e), ?b)) = 7) }
"""
LIMITS = Limits(timeout_seconds=3, max_rows=50, queue_seconds=0.2)


def statements() -> Iterator[bytes]:
    for number in range(COUNT):
        yield f'<{EX}s{number}> <{EX}title> "Nr. {number}, {{\\"é\\"}}" .\n'.encode()


@pytest.fixture(scope="module")
def filled(live: Any) -> Any:
    """A server with two hundred statements."""
    live.clear()
    RemoteWriter(live.server, BASE).load(statements())
    return live


@pytest.fixture
def pool(filled: Any) -> RemotePool:
    return RemotePool(filled.server, workers=1, limits=LIMITS, prefixes={"ex": EX})


@pytest.mark.parametrize("media", ["json", "xml", "csv", "tsv"])
def test_rows_come_in_all_formats_and_are_cut_at_the_limit(pool: RemotePool, media: str) -> None:
    """As many whole rows as may be, and the answer says that there were more."""
    answer = pool.answer(ALL, media=media)
    assert (answer.rows, answer.truncated) == (50, True)
    form = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}
    if media in form:
        assert len(list(parse_results(answer.body, format=form[media]))) == 50


@pytest.mark.parametrize("media", ["ttl", "nt", "jsonld", "rdf"])
def test_graphs_come_in_all_formats_and_are_cut_at_the_limit(pool: RemotePool, media: str) -> None:
    answer = pool.answer("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", media=media)
    assert (answer.rows, answer.truncated) == (50, True)


def test_relative_names_begin_at_the_base(pool: RemotePool) -> None:
    answer = pool.answer("SELECT ?o { <s7> <title> ?o }", media="csv", base=EX)
    assert answer.body.splitlines()[1].decode() == '"Nr. 7, {""é""}"'


def test_runaway_is_ended_at_the_deadline_and_remembered(pool: RemotePool) -> None:
    """Others are answered meanwhile, and afterwards."""
    with pytest.raises(QueryTooCostly, match="time limit"):
        pool.answer(RUNAWAY, media="json")
    with pytest.raises(QueryTooCostly, match="not tried again"):
        pool.answer(RUNAWAY, media="json")
    assert pool.answer("ASK { }", media="json").body


def test_query_is_given_up_when_nobody_waits(pool: RemotePool) -> None:
    with pytest.raises(QueryTooCostly, match="nobody waited"):
        pool.answer(RUNAWAY + " #", media="json", asker=Asker(cancelled=lambda: True))


def test_query_given_up_keeps_its_place_until_its_time_is_over(pool: RemotePool) -> None:
    """The server does not notice that nobody listens; the next one must not come on top of it."""
    with pytest.raises(QueryTooCostly):
        pool.answer(RUNAWAY + " #", media="json", asker=Asker(cancelled=lambda: True))
    with pytest.raises(QueryQueueFull):
        pool.answer("SELECT * { ?s ?p ?o } ORDER BY ?s", media="json")


def test_server_that_breaks_off_for_time_is_too_slow(scripted: Any) -> None:
    """Oxigraph writes so into an answer that it has begun."""
    script, address = scripted
    script.answers.append((200, {}, EMPTY[:-3] + b"The SPARQL operation has been cancelled"))
    pool = RemotePool(Server(endpoint=address, kind="oxigraph"), workers=1, limits=LIMITS, prefixes={})
    with pytest.raises(QueryTooCostly, match="time limit"):
        pool.answer(RUNAWAY, media="json")


def test_look_ups_have_a_place_of_their_own(pool: RemotePool) -> None:
    """While one query of any kind fills the only place, another waits in vain, and a look-up is answered."""
    gone = threading.Event()

    def run() -> None:
        with pytest.raises(QueryTooCostly):
            pool.answer(RUNAWAY, media="json", asker=Asker(cancelled=gone.is_set))

    runaway = threading.Thread(target=run)
    runaway.start()
    while runaway.is_alive() and not pool._gate._within:
        time.sleep(0.01)
    with pytest.raises(QueryQueueFull):
        pool.answer("SELECT * { ?s ?p ?o } ORDER BY ?s", media="json")
    assert pool.answer(f"ASK {{ <{EX}s1> ?p ?o }}", media="json").body
    gone.set()
    runaway.join(60)
    assert not runaway.is_alive()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?s ?p", QueryMalformed),
        ("SELECT * { ?s undeclared:p ?o }", QueryMalformed),
        ("DELETE DATA { <a:a> <a:b> <a:c> }", QueryForbidden),
        ("SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }", QueryForbidden),
        ('DEFINE get:soft "replace" SELECT * FROM <http://localhost:1/> { ?s ?p ?o }', QueryMalformed),
    ],
)
def test_what_cannot_be_answered_is_told_apart(pool: RemotePool, query: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        pool.answer(query, media="json")


@pytest.mark.parametrize("function", ["bif:exp", "<sql:exp>", "BIF:exp", "sql:user_name"])
def test_functions_of_virtuoso_are_not_for_strangers(virtuoso: Any, function: str) -> None:
    """Some of them read files or tables; the word in a text is no function."""
    pool = RemotePool(virtuoso.server, workers=1, limits=LIMITS, prefixes={})
    with pytest.raises(QueryForbidden):
        pool.answer(f"SELECT ({function}(1) AS ?x) {{ }}", media="json")
    assert b"bif:exp" in pool.answer('SELECT ("bif:exp" AS ?x) { }', media="json").body


EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
ROW = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://e/s"}}]}}'


def test_kind_decides_what_is_said_of_time(scripted: Any) -> None:
    """A second more than is waited for, so that our own limit comes first."""
    script, address = scripted
    script.answers.append((200, {}, EMPTY))
    for kind, said in (("virtuoso", "4000"), ("fuseki", "4"), ("qlever", "4s"), ("oxigraph", None)):
        RemotePool(Server(endpoint=address, kind=kind), workers=1, limits=LIMITS, prefixes={}).answer(ALL, media="json")
        assert script.seen[-1][1].get("timeout") == ([said] if said else None)


def test_wish_for_less_time_is_passed_on(scripted: Any) -> None:
    """And one for more is not."""
    script, address = scripted
    script.answers.append((200, {}, EMPTY))
    pool = RemotePool(Server(endpoint=address, kind="fuseki"), workers=1, limits=Limits(), prefixes={})
    for wanted, told in ((4, "5"), (4_000, "31"), (None, "31")):
        pool.answer(ALL, media="json", wish=Wish(seconds=wanted))
        assert script.seen[-1][1]["timeout"] == [told]


@pytest.mark.parametrize(
    ("headers", "rows"), [({"X-SQL-State": "S1TAT"}, True), ({"X-SPARQL-MaxRows": "1"}, True), ({}, False)]
)
def test_answer_that_the_server_cut_says_so(scripted: Any, headers: dict[str, str], rows: bool) -> None:
    """Virtuoso gives what it found in time, or as many rows as it is set up for, with status 200."""
    script, address = scripted
    script.answers.append((200, headers, ROW))
    pool = RemotePool(Server(endpoint=address, kind="virtuoso"), workers=1, limits=LIMITS, prefixes={})
    assert pool.answer(ALL, media="csv").truncated is rows


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b"Line 3: no", QueryMalformed),
        (503, b"Query timed out", QueryTooCostly),
        (503, b"too busy", QueryQueueFull),
        (500, b"stack trace with /etc/secret", StoreError),
        (302, b"", StoreError),
        (200, b"<html>Welcome</html>", StoreError),
        (200, ROW[:-20], StoreError),
    ],
)
def test_what_a_server_answers_is_one_of_our_errors(scripted: Any, status: int, body: bytes, error: Any) -> None:
    """Words of the server are shown only where they are about the query."""
    script, address = scripted
    script.answers.append((status, {"Location": address}, body))
    pool = RemotePool(Server(endpoint=address, kind="fuseki"), workers=1, limits=LIMITS, prefixes={})
    with pytest.raises(error) as caught:
        pool.answer(ALL, media="json")
    assert "secret" not in str(caught.value)


def test_server_that_is_not_there_is_told_without_its_address() -> None:
    pool = RemotePool(Server(endpoint="http://127.0.0.1:1/x", kind="other"), workers=1, limits=LIMITS, prefixes={})
    with pytest.raises(StoreError, match=r"^The query could not be run\.$"):
        pool.answer(ALL, media="json")


@pytest.fixture
def site(scripted: Any, tmp_path: Path) -> Iterator[FlaskClient]:
    """A site before the scripted server."""
    script, address = scripted
    script.answers.append((200, {}, ROW))
    publish([Record("a", {"title": ["A"]}, place="here:1")], Catalogue(tmp_path), Site(BASE), processes=1)
    flags = {"store.path": str(tmp_path), "store.endpoint": address, "site.base_uri": BASE}
    app = create_app(read_settings(flags, {}, here=tmp_path))
    yield app.test_client()
    app.extensions["current"].close()


def test_nothing_of_the_client_goes_on_but_the_query(site: FlaskClient, scripted: Any) -> None:
    """No credentials, cookies or addresses, and none of our own where none are set."""
    headers = {"Authorization": "Basic c2VjcmV0", "Cookie": "secret=1", "X-Forwarded-For": "::1", "Accept": "text/csv"}
    answer = site.get("/sparql", query_string={"query": ALL, "timeout": "9999", "secret": "x"}, headers=headers)
    assert (answer.status_code, answer.data) == (200, b"s\r\nhttp://e/s\r\n")
    sent, form = scripted[0].seen[-1]
    assert set(sent) == {"Host", "Accept-Encoding", "Content-Length", "Accept", "Content-Type", "User-Agent"}
    assert form == {"query": [f"BASE <{BASE}> {ALL}"]}


def test_graphs_that_the_client_names_go_on(site: FlaskClient, scripted: Any) -> None:
    site.get("/sparql", query_string={"query": ALL, "default-graph-uri": "http://e/1", "named-graph-uri": "http://e/2"})
    _, form = scripted[0].seen[-1]
    assert (form["default-graph-uri"], form["named-graph-uri"]) == (["http://e/1"], ["http://e/2"])


def test_server_that_does_not_answer_leaves_the_pages_of_records(site: FlaskClient, scripted: Any) -> None:
    """They come from the register; only what needs the graph says that it is not to be had."""
    scripted[0].answers[:] = [(500, {}, b"out of memory")]
    told = [site.get(path).status_code for path in ("/doc/record/a.ttl", "/sparql?query=ASK{}", "/doc/org/any-1.ttl")]
    assert told == [200, 503, 503]
