"""Reading statements, and the two formats that pyoxigraph helps to write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF, XSD

from linkeddata.errors import NotAcceptable
from linkeddata.representations.rdf import ntriples, rdfxml, read

GENID = "https://data.example.org/.well-known/genid/"
CELL = f"<{GENID}a%2Fb/authors/1>"


def one(value: str, predicate: str = "http://example.org/p") -> bytes:
    return f"<http://example.org/s> <{predicate}> {value} .\n".encode()


@pytest.mark.parametrize(
    ("token", "term"),
    [
        ("<http://example.org/é>", URIRef("http://example.org/é")),
        (r"<http://example.org/\u00E9>", URIRef("http://example.org/é")),
        ('"a \\"b\\" \\\\n \\n \\r \\t"', Literal('a "b" \\n \n \r \t')),
        (r'"\u00E9 \U0001F600 \b\f"', Literal("é 😀 \b\f")),
        ('"Tschüß"@de', Literal("Tschüß", lang="de")),
        ('"\\"@en"', Literal('"@en')),
        ('"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>', Literal("2017", datatype=XSD.gYear, normalize=False)),
        ('"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>', Literal("1.50", datatype=XSD.decimal, normalize=False)),
        (CELL, BNode("cell1")),
        (f'"{CELL}"', Literal(CELL)),
        ('" . "', Literal(" . ")),
    ],
)
def test_token_becomes_a_term(token: str, term: object) -> None:
    """URIs, literals and list cells, with every escape of N-Triples."""
    assert read(one(token), genid=GENID) == [(URIRef("http://example.org/s"), URIRef("http://example.org/p"), term)]


def test_literal_keeps_its_letters() -> None:
    """rdflib would rewrite the Z of a time to +00:00; we serve what the store holds."""
    value = read(one('"2025-11-14T19:42:54Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'), genid=GENID)[0][2]
    assert str(value) == "2025-11-14T19:42:54Z"


def test_order_is_kept_and_labels_follow_it(gold: bytes) -> None:
    """Statements come as they stand; cells are numbered as they are met."""
    triples = read(gold, genid=GENID)
    cells = dict.fromkeys(node for triple in triples for node in triple if isinstance(node, BNode))
    assert list(cells) == [BNode("cell1"), BNode("cell2")]
    assert [predicate for _, predicate, _ in triples[:3]] == [
        RDF.type,
        RDF.type,
        URIRef("http://purl.org/dc/terms/identifier"),
    ]


@pytest.mark.parametrize(
    "data", [b"nonsense\n", b"<a> <b> <c> .", b"<a> <b> <c> .\n\n", b"<a> <b> .\n", b"# comment\n"]
)
def test_what_is_no_statement_is_refused(data: bytes) -> None:
    """A line that is not canonical N-Triples stops the reading; nothing is lost in silence."""
    with pytest.raises(ValueError, match="canonical"):
        read(data, genid=GENID)


def test_ntriples_of_the_seed_is_canonical(gold: bytes) -> None:
    """But for the cells, the bytes are those that pyoxigraph writes."""
    again = ox.parse(ntriples(gold, genid=GENID), format=ox.RdfFormat.N_TRIPLES)
    assert ox.serialize((quad.triple for quad in again), format=ox.RdfFormat.N_TRIPLES) == ntriples(gold, genid=GENID)


def test_xml_holds_no_character_that_it_cannot() -> None:
    """Controls and non-characters become U+FFFD, and the document stays well-formed."""
    written = rdfxml(one(r'"a\u0000\u000B\u001F\uFFFE\uFFFFb"'), genid=GENID)
    assert "".join(ElementTree.fromstring(written).itertext()).strip() == "a\ufffd\ufffd\ufffd\ufffd\ufffdb"  # noqa: S314


@pytest.mark.parametrize("predicate", ["http://example.org/12", "http://example.org/", "http://purl.org/dc/terms/"])
def test_property_without_an_xml_name_is_refused(predicate: str) -> None:
    """RDF/XML has no way to write it, and a broken document would be worse."""
    with pytest.raises(NotAcceptable, match="XML name"):
        rdfxml(one('"<oxprefix: x"', predicate), genid=GENID)


def test_text_that_looks_like_a_nameless_element_is_written() -> None:
    """Only an element counts, not a text that quotes one."""
    assert b"&lt;oxprefix: x" in rdfxml(one('"<oxprefix: x"'), genid=GENID)


def test_xml_is_the_same_in_every_process(gold: bytes, tmp_path: Path) -> None:
    """An ETag made without writing the document stands for these bytes; pyoxigraph alone shuffles the prefixes."""
    (tmp_path / "gold.nt").write_bytes(gold)
    code = (
        "import sys, pathlib; from linkeddata.representations.rdf import rdfxml;"
        f"sys.stdout.buffer.write(rdfxml(pathlib.Path(sys.argv[1]).read_bytes(), genid={GENID!r}))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "gold.nt")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    others = [subprocess.run(command, capture_output=True, check=True, env=environment).stdout for _ in range(2)]
    assert others == [rdfxml(gold, genid=GENID)] * 2
