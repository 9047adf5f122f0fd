"""Content codings: which a client gets, and what is sent in them."""

from __future__ import annotations

import gzip
import hashlib
import http.client
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import brotli
import pytest
from flask import send_file
from flask.testing import FlaskClient
from waitress.buffers import ReadOnlyFileBasedBuffer

from linkeddata.web.encoding import LEAST, Coding, encoded, is_compressible, stream, wanted

RECORD = "/doc/record/nottingham-40697"
DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}
SELECT = "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20200"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0.5, gzip", "gzip"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("identity;q=0", "identity"),
        ("deflate", "identity"),
        ("gzip;q=nonsense", "identity"),
        ("gzip;q=0", "identity"),
        ("," * 5000, "identity"),
    ],
)
def test_the_client_chooses_the_coding(header: str | None, name: str) -> None:
    """The highest quality wins, then brotli before gzip; what rules out all we have is read over."""
    assert wanted(header).name == name


@pytest.mark.parametrize("header", ["identity;q=0, gzip", "gzip, *;q=0"])
def test_who_rules_out_plain_bytes_gets_none(client: FlaskClient, header: str) -> None:
    """Then even the shortest body is coded, and has a tag of its own."""
    coded, other = (client.get("/robots.txt", headers={"Accept-Encoding": each}) for each in (header, "gzip"))
    assert (coded.headers.get("Content-Encoding"), other.headers.get("Content-Encoding")) == ("gzip", None)
    assert gzip.decompress(coded.data) == other.data
    assert Coding("gzip", always=True).mark != Coding("gzip").mark


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_only_what_gets_shorter_is_coded(coding: str) -> None:
    """Short bodies and such as are packed already go as they are."""
    assert encoded(b"a" * (LEAST - 1), Coding(coding)) is None
    assert encoded(hashlib.shake_256(b"").digest(5000), Coding(coding)) is None
    packed = encoded(b"a" * LEAST, Coding(coding))
    assert packed is not None
    assert DECODERS[coding](packed) == b"a" * LEAST


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_equal_bodies_are_equal_bytes(coding: str) -> None:
    """A strong tag promises it: no time of day goes into the bytes. Large bodies are coded too."""
    for body in (b"text " * 1000, b"text " * 300_000):
        first, second = encoded(body, Coding(coding)), encoded(body, Coding(coding))
        assert first is not None
        assert first == second
        assert coding != "gzip" or first[4:8] == bytes(4)
        assert DECODERS[coding](first) == body


@pytest.mark.parametrize(
    ("content_type", "is_text"),
    [
        ("text/turtle; charset=utf-8", True),
        ("application/ld+json", True),
        ("application/rdf+xml", True),
        ("application/n-quads", True),
        ("application/sparql-results+json; charset=utf-8", True),
        ("image/svg+xml", True),
        ("application/gzip", False),
        ("application/zstd", False),
        ("image/png", False),
        ("", False),
    ],
)
def test_only_text_is_compressible(content_type: str, is_text: bool) -> None:
    """What is packed already only grows."""
    assert is_compressible(content_type) == is_text


@pytest.mark.parametrize("coding", DECODERS)
@pytest.mark.parametrize(
    "path",
    [
        *(f"{RECORD}.{extension}" for extension in ("html", "jsonld", "ttl", "nt", "rdf", "nq")),
        RECORD,
        "/doc/journal/issn-0028-0836.html",
        "/",
        "/browse/record",
        "/ontologies/terms",
        "/ontologies/crosswalk.toml",
        "/context.jsonld",
        "/static/site.css",
        SELECT,
    ],
)
def test_every_door_speaks_every_coding(client: FlaskClient, path: str, coding: str) -> None:
    """The body is the same behind each coding; HEAD tells its length; the address says that it varies by it."""
    plain = client.get(path)
    coded = client.get(path, headers={"Accept-Encoding": coding})
    head = client.head(path, headers={"Accept-Encoding": coding})
    assert coded.headers.get("Content-Encoding", "identity") == coding
    assert DECODERS[coding](coded.data) == plain.data
    assert head.headers["Content-Length"] == coded.headers["Content-Length"] == str(len(coded.data))
    for answer in (plain, coded, head):
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_each_coding_has_its_own_tag(client: FlaskClient) -> None:
    """Other bytes under the same strong tag would spoil a cache; and one coding's tag is no other's."""
    tags = {
        coding: client.get(f"{RECORD}.ttl", headers={"Accept-Encoding": coding}).headers["ETag"] for coding in DECODERS
    }
    assert len(set(tags.values())) == len(DECODERS)
    other = client.get(f"{RECORD}.ttl", headers={"Accept-Encoding": "gzip", "If-None-Match": tags["br"]})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/id/record/nottingham-40697", "/doc/record/none", "/dump/latest.nq.gz"])
def test_what_is_no_finished_text_is_not_coded(client: FlaskClient, path: str) -> None:
    """Redirects, errors and dumps go as they are."""
    with client.get(path, headers={"Accept-Encoding": "gzip, br", "Accept": "text/html"}) as answer:
        assert "Content-Encoding" not in answer.headers


def test_answer_whose_tag_names_no_coding_is_left_alone(client: FlaskClient) -> None:
    """A strong tag stands for one sequence of bytes; who makes it otherwise must code it himself."""
    app = client.application

    def own() -> tuple[str, dict[str, str]]:
        return "a" * 5000, {"ETag": '"own"', "Content-Type": "text/plain"}

    with app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        answer = app.process_response(app.make_response(own()))
    assert "Content-Encoding" not in answer.headers
    assert len(answer.get_data()) == 5000


def test_file_that_the_server_sends_itself_is_left_alone(client: FlaskClient, tmp_path: Path) -> None:
    """Even where it is text, and the server's wrapper of it knows its length: nobody reads it here."""
    (tmp_path / "large.txt").write_text("a" * 5000)
    app, headers = client.application, {"Accept-Encoding": "gzip"}
    with app.test_request_context(headers=headers, environ_overrides={"wsgi.file_wrapper": ReadOnlyFileBasedBuffer}):
        answer = app.process_response(send_file(tmp_path / "large.txt", etag=False))
    assert answer.direct_passthrough
    assert "Content-Encoding" not in answer.headers
    answer.close()


@pytest.fixture
def connection(live_site: str) -> Iterator[http.client.HTTPConnection]:
    """One connection to a real server, kept alive."""
    with closing(http.client.HTTPConnection(urlsplit(live_site).netloc, timeout=10)) as connection:
        yield connection


@pytest.mark.parametrize("path", [f"{RECORD}.html", "/dump/latest.nq.gz", "/static/site.css", SELECT])
def test_real_server_sends_as_much_as_it_says(connection: http.client.HTTPConnection, path: str) -> None:
    """GET, HEAD and GET again over one connection: a wrong length would garble the second answer."""
    lengths = []
    for method in ("GET", "HEAD", "GET"):
        connection.request(method, path, headers={"Accept-Encoding": "br, gzip"})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200
        assert len(body) == (0 if method == "HEAD" else int(answer.headers["Content-Length"]))
        lengths.append(answer.headers["Content-Length"])
    assert len(set(lengths)) == 1


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_real_server_sends_a_stream_whole(connection: http.client.HTTPConnection, coding: str) -> None:
    """Its length is not known when it begins; what arrives is all of it, in the coding that was asked for."""
    connection.request("GET", "/sitemap/1.xml", headers={"Accept-Encoding": coding})
    answer = connection.getresponse()
    assert (answer.status, answer.headers.get("Content-Encoding", "identity")) == (200, coding)
    body = DECODERS[coding](answer.read())
    assert len(ElementTree.fromstring(body)) == 28  # noqa: S314 - our own


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_streams_are_coded_as_they_come(coding: str) -> None:
    """Piece by piece, in pieces large enough to be worth sending, and equal bytes for equal pieces."""
    pieces = [b"%06d " % number * 20 for number in range(5_000)]
    sent = list(stream(iter(pieces), Coding(coding)))
    assert DECODERS[coding](b"".join(sent)) == b"".join(pieces)
    assert len(sent) < 20
    assert sent == list(stream(iter(pieces), Coding(coding)))
