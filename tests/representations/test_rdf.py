"""Reading statements, and the two formats that pyoxigraph helps to write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from linkeddata.errors import NotAcceptable
from linkeddata.representations.graph import plain
from linkeddata.representations.rdf import ntriples, rdfxml, tokens
from linkeddata.vocabulary.tokens import DCTERMS, RDF

GENID = "https://data.example.org/.well-known/genid/"
CELL = f"<{GENID}a%2Fb/authors/1>"


def one(value: str, predicate: str = "http://example.org/p") -> bytes:
    return f"<http://example.org/s> <{predicate}> {value} .\n".encode()


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("<http://example.org/é>", "http://example.org/é"),
        (r"<http://example.org/\u00E9>", "http://example.org/é"),
        ('"a \\"b\\" \\\\n \\n \\r \\t"', 'a "b" \\n \n \r \t'),
        (r'"\u00E9 \U0001F600 \b\f"', "é 😀 \b\f"),
        ('"Tschüß"@de', "Tschüß"),
        ('"\\"@en"', '"@en'),
        ('"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>', "2017"),
        (CELL, "_:cell1"),
        (f'"{CELL}"', CELL),
        ('" . "', " . "),
    ],
)
def test_token_is_read_as_plain_text(token: str, text: str) -> None:
    """URIs, literals and list cells, with every escape of N-Triples."""
    ((_, _, value),) = tokens(one(token), genid=GENID)
    assert plain(value) == text


def test_order_is_kept_and_labels_follow_it(gold: bytes) -> None:
    """Statements come as they stand; cells are numbered as they are met."""
    statements = tokens(gold, genid=GENID)
    cells = dict.fromkeys(node for statement in statements for node in statement if node.startswith("_:"))
    assert list(cells) == ["_:cell1", "_:cell2"]
    assert [predicate for _, predicate, _ in statements[:3]] == [RDF.type, RDF.type, DCTERMS.identifier]


@pytest.mark.parametrize(
    "data", [b"nonsense\n", b"<a> <b> <c> .", b"<a> <b> <c> .\n\n", b"<a> <b> .\n", b"# comment\n"]
)
def test_what_is_no_statement_is_refused(data: bytes) -> None:
    """A line that is not canonical N-Triples stops the reading; nothing is lost in silence."""
    with pytest.raises(ValueError, match="canonical"):
        tokens(data, genid=GENID)


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
