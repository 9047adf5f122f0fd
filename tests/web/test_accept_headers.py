"""The headers of real clients, replayed against a real server: the table `accept_headers.toml` is the test."""

from __future__ import annotations

import tomllib
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

NAME = "record/nottingham-40697"
TABLE: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("accept_headers.toml").read_text("utf-8"))[
    "header"
]
every_header = pytest.mark.parametrize("row", TABLE, ids=lambda row: row["client"])
TYPES = {
    "html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
    "schema.jsonld": "application/ld+json",
    "json": "application/json",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "nq": "application/n-quads",
    "trig": "application/trig",
}


def ask(site: str, path: str, row: dict[str, Any]) -> HTTPResponse:
    """The answer to one row of the table, its header lines sent as they stand there."""
    lines = row.get("accept", [])
    filler = "".join(f"application/x-{n};q=0.9, " for n in range(row.get("filler", 0)))
    connection = HTTPConnection(urlsplit(site).netloc, timeout=30)
    connection.putrequest("GET", path)
    for line in [lines] if isinstance(lines, str) else lines:
        connection.putheader("Accept", filler + line)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


@every_header
def test_thing_leads_to_the_variant_of_the_table(live_site: str, row: dict[str, Any]) -> None:
    """`/id/` answers 303 to the address of the variant, or 406."""
    answer = ask(live_site, f"/id/{NAME}", row)
    wanted = None if row["variant"] == "406" else f"/doc/{NAME}.{row['variant']}"
    assert (answer.status, answer.headers["Location"]) == (303 if wanted else 406, wanted)
    assert answer.headers["Vary"] == "Accept, Accept-Profile, Accept-Language"


@every_header
def test_document_is_the_variant_of_the_table(live_site: str, row: dict[str, Any]) -> None:
    """`/doc/` answers in the type of the variant, and says its address."""
    answer = ask(live_site, f"/doc/{NAME}", row)
    suffix = row["variant"].partition("?")[0]
    if row["variant"] == "406":
        assert (answer.status, answer.headers["Content-Type"]) == (406, "application/problem+json")
    else:
        assert answer.headers["Content-Location"] == f"/doc/{NAME}.{row['variant']}"
        assert answer.headers["Content-Type"].partition(";profile=")[0] == TYPES[suffix]


@every_header
def test_suffix_says_the_same_to_everybody(live_site: str, row: dict[str, Any]) -> None:
    """An address with a suffix is its format, whoever asks."""
    answer = ask(live_site, f"/doc/{NAME}.ttl", row)
    assert (answer.status, answer.headers["Content-Type"]) == (200, TYPES["ttl"])
    assert answer.headers["Vary"] == "Accept-Encoding"


@every_header
def test_variant_of_the_table_is_there(live_site: str, row: dict[str, Any]) -> None:
    """Where `/id/` leads, there is the type that was promised; nobody who named no HTML gets it."""
    if row["variant"] != "406":
        answer = ask(live_site, f"/doc/{NAME}.{row['variant']}", {})
        assert answer.headers["Content-Type"].partition(";profile=")[0] == TYPES[row["variant"].partition("?")[0]]


def test_table_has_every_client_that_matters() -> None:
    """A client that goes from the table was forgotten."""
    clients = " ".join(row["client"] for row in TABLE)
    named = "Chrom Firefox Safari curl wget requests rdflib SPARQLWrapper Jena RDF4J rapper Comunica Protégé Googlebot"
    assert [name for name in f"{named} Bingbot Slackbot PyLD".split() if name not in clients] == []
    assert all(row.get("seen") for row in TABLE[: next(n for n, r in enumerate(TABLE) if r["client"] == "Mobi") + 1])
