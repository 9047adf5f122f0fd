"""What an Accept header chooses: one table of headers, most of them recorded from real clients."""

from __future__ import annotations

import contextlib
import time

import pytest

from linkeddata.errors import NotAcceptable
from linkeddata.representations.formats import (
    DOCUMENT_FORMATS,
    GRAPH_FORMATS,
    RESULT_FORMATS,
    Format,
    by_extension,
    negotiate,
)

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
RAPPER = (
    "application/rdf+xml, text/rdf;q=0.6, application/n-triples, text/plain;q=0.1, text/turtle, application/x-turtle, "
    "application/turtle, text/n3;q=0.3, text/rdf+n3;q=0.3, application/rdf+n3;q=0.3, application/x-trig, "
    "application/rss;q=0.8, application/rss+xml;q=0.8, text/rss;q=0.8, application/xml;q=0.3, text/xml;q=0.3, "
    "application/atom+xml;q=0.3, text/html;q=0.2, application/xhtml+xml;q=0.4, text/html;q=0.6, "
    "application/xhtml+xml;q=0.8, text/x-nquads, */*;q=0.1"
)
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
    "text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18,application/json;q=0.135,text/shaclc;q=0.1,"
    "text/shaclc-ext;q=0.05"
)
RDFLIB = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
    "application/trix, application/trig"
)
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
TRIPLYDB = (
    "application/trig, application/n-quads, application/n-triples;q=0.9, text/turtle;q=0.9, "
    "application/x-turtle;q=0.9, text/rdf+n3;q=0.9, application/ld+json;q=0.85, application/rdf+xml;q=0.8, "
    "text/plain;q=0.8, */*;q=0.7"
)
TWENTY_FIVE = ", ".join([f"application/x-{n};q=0.9" for n in range(24)] + ["application/n-triples;q=0.1"])
TEN_KILOBYTES = ", ".join([f"application/x-{n};q=0.5" for n in range(400)] + ["text/turtle;q=0.4"])
EXPANDED = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"'

HEADERS = [
    # nobody says what they want
    (None, "html"),
    ("", "html"),
    ("  ,, ;", "html"),
    ("*/*", "html"),  # curl, wget, Python requests, Slackbot, Bingbot
    ("text/turtle;q=abc", "html"),  # malformed, so ignored
    ("text/turtle;q=1.5", "html"),
    ("turtle", "html"),
    ("*/turtle", "html"),
    # browsers and crawlers
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),  # Firefox, Safari
    (CHROME, "html"),
    ("text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,*/*;q=0.8", "html"),
    ("text/xml,application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5", "html"),
    ("image/gif, image/jpeg, */*", "html"),  # Internet Explorer
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "html"),  # Java's URLConnection
    ("application/xhtml+xml", "html"),
    # RDF tools
    (RDFLIB, "jsonld"),
    ("text/turtle, application/x-turtle, */*;q=0.1", "ttl"),  # rdflib, format="turtle"
    ("text/plain, */*;q=0.1", "nt"),  # rdflib, format="nt"
    ("application/rdf+xml, */*;q=0.1", "rdf"),  # rdflib, format="xml"
    ("application/ld+json, application/json;q=0.9, */*;q=0.1", "jsonld"),  # rdflib, format="json-ld"
    ("application/trig, */*;q=0.1", "trig"),  # rdflib, format="trig"
    (JENA, "ttl"),
    (RAPPER, "ttl"),
    (COMUNICA, "nq"),
    (TRIPLYDB, "nq"),
    ("application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09", "rdf"),  # Protégé
    ("application/turtle,text/turtle", "ttl"),  # SPARQLWrapper
    ("application/ld+json,application/x-json+ld", "jsonld"),
    ("application/ld+json, application/json", "jsonld"),  # PyLD
    ("application/json, text/plain, */*", "json"),  # axios
    ("application/json", "json"),
    # one type, an alias of it, or with parameters
    ("text/turtle", "ttl"),
    ("TEXT/Turtle;Q=1.0", "ttl"),
    ("application/x-turtle", "ttl"),
    ("text/n3", "ttl"),
    ("text/json", "json"),
    ("application/ntriples", "nt"),
    ("text/plain", "nt"),
    ("application/n-quads", "nq"),
    ("text/x-nquads", "nq"),
    ("application/x-trig", "trig"),
    ("text/xml", "rdf"),
    (EXPANDED, "jsonld"),
    ("text/turtle;charset=utf-8", "ttl"),
    ('application/ld+json;profile="a, text/html;q=1, b";q=0.5, text/turtle;q=0.4', "jsonld"),
    ("text/turtle;q=1.0000", "ttl"),
    # the highest quality wins
    ("text/turtle;q=0.8, application/n-triples;q=0.9", "nt"),
    ("text/turtle;q=0.5, */*;q=0.8", "html"),
    ("text/turtle;q=0.2, text/turtle;q=0.9, text/html;q=0.5", "ttl"),  # of two the higher counts
    ("application/x-turtle;q=0.9, text/turtle;q=0.1, text/html;q=0.5", "ttl"),
    # ties: more specific, then RDF by name, then our order
    ("*/*, text/turtle", "ttl"),
    ("text/html, text/turtle", "ttl"),
    ("text/html, application/xml", "html"),
    ("application/rdf+xml, application/n-triples", "nt"),
    ("text/*", "html"),
    ("application/*", "jsonld"),
    ("text/*, application/rdf+xml;q=0.9", "html"),
    # nothing of this kind
    ("text/turtle;q=0, */*", "html"),
    ("text/html;q=0, */*", "jsonld"),
    ("text/html;q=0, text/*", "ttl"),
    ("text/html;q=0, application/ld+json;q=0, */*", "ttl"),
    ("text/html;q=0, application/ld+json;q=0, application/x-turtle;q=0, */*", "json"),
    ("text/turtle, application/x-turtle;q=0", "ttl"),  # the type that is sent was asked for
    ("text/html;q=0.0, text/turtle;q=0.001", "ttl"),
    # lists that are long
    (TWENTY_FIVE, "nt"),
    (TEN_KILOBYTES, "ttl"),
    # two header lines, as servers join them
    ("text/html;q=0.3,application/n-triples", "nt"),
]

REFUSED = [
    "application/pdf",
    "image/png, image/*;q=0.8",
    "text/turtle;q=0",
    "application/x-turtle, text/turtle;q=0",
    "*/*;q=0",
    "text/css, application/pdf;q=0.1",
]

RESULTS = [
    (None, "json"),
    ("*/*", "json"),
    (CHROME, "html"),
    ("application/sparql-results+json", "json"),
    ("application/sparql-results+json,application/json,text/javascript,application/javascript", "json"),
    ("application/json", "json"),
    ("text/csv", "csv"),
    ("text/csv, text/html", "csv"),
    ("text/html", "html"),
]

GRAPHS = [
    (None, "ttl"),
    ("*/*", "ttl"),
    (CHROME, "html"),
    (JENA, "ttl"),
    ("application/ld+json,application/x-json+ld", "jsonld"),
    ("application/json", "jsonld"),
    ("application/n-triples;q=0.9, application/rdf+xml", "rdf"),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_header_chooses_a_format(header: str | None, expected: str) -> None:
    """Every header of the corpus gets the format that stands beside it."""
    assert negotiate(header).name == expected


@pytest.mark.parametrize("header", REFUSED)
def test_header_without_a_format_of_ours_is_refused(header: str) -> None:
    """None of ours wanted: NotAcceptable, and its text names what there is."""
    with pytest.raises(NotAcceptable) as refused:
        negotiate(header)
    assert all(fmt.media_type in str(refused.value) for fmt in DOCUMENT_FORMATS)


@pytest.mark.parametrize(("header", "expected"), RESULTS)
def test_results_are_negotiated_alike(header: str | None, expected: str) -> None:
    """SELECT and ASK: JSON unless something else is named; a browser gets the page."""
    assert negotiate(header, RESULT_FORMATS).name == expected


@pytest.mark.parametrize(("header", "expected"), GRAPHS)
def test_graphs_are_negotiated_alike(header: str | None, expected: str) -> None:
    """CONSTRUCT and DESCRIBE: Turtle unless something else is named; a browser gets the page."""
    assert negotiate(header, GRAPH_FORMATS).name == expected


@pytest.mark.parametrize("offered", [RESULT_FORMATS, GRAPH_FORMATS])
def test_every_table_refuses_the_unknown(offered: tuple[Format, ...]) -> None:
    """The text of the refusal lists the table that was offered."""
    with pytest.raises(NotAcceptable, match=offered[0].media_type.replace("+", r"\+")):
        negotiate("application/pdf", offered)


@pytest.mark.parametrize("part", ['"', "a/b;", ",", "a/b;x=1", '\\"', "text/turtle;q=0.1,", ";", "a/b " * 3])
def test_hostile_header_costs_little(part: str) -> None:
    """A megabyte of anything is answered at once, by a format or a refusal."""
    began = time.process_time()
    with contextlib.suppress(NotAcceptable):
        negotiate(part * (1_000_000 // len(part)))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("fmt", DOCUMENT_FORMATS, ids=lambda fmt: fmt.name)
def test_every_format_can_be_asked_for(fmt: Format) -> None:
    """By its media type, by what we send as Content-Type, by each alias, and by its extension."""
    assert {negotiate(name) for name in (fmt.media_type, fmt.content_type, *fmt.aliases)} == {fmt}
    assert by_extension(fmt.extension) is fmt


def test_unknown_extension_is_no_format() -> None:
    """A suffix that is no format may be part of an identifier."""
    assert by_extension("pdf") is None
