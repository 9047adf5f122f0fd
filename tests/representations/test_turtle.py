"""The layout of our Turtle: what a person reads."""

from __future__ import annotations

import re

import pytest

from linkeddata.representations import rdf, turtle
from linkeddata.representations.nodes import gather
from linkeddata.vocabulary.terms import PREFIXES

BASE = "https://data.example.org/"
GENID = f"{BASE}.well-known/genid/"


def written(statements: bytes) -> str:
    return turtle.write(rdf.gathered(statements, genid=GENID), own=BASE).decode()


def test_layout_is_that_of_the_gold_file() -> None:
    """Types first on the subject's line, a line a property, a line a value."""
    statements = (
        "<http://e/s> <http://purl.org/dc/terms/title> \"A\" .\n"
        "<http://e/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://purl.org/ontology/bibo/Article> .\n"
        "<http://e/t> <http://purl.org/dc/terms/issued> \"2017\"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n"
        "<http://e/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Article> .\n"
        "<http://e/s> <http://purl.org/dc/terms/title> \"B\"@en .\n"
    )  # fmt: skip
    assert written(statements.encode()) == (
        "@prefix bibo: <http://purl.org/ontology/bibo/> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix schema: <http://schema.org/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "\n"
        "<http://e/s> a bibo:Article, schema:Article ;\n"
        '    dcterms:title "A",\n'
        '        "B"@en .\n'
        "\n"
        "<http://e/t> dcterms:issued \"2017\"^^xsd:gYear .\n"
    )  # fmt: skip


def test_seed_lists_its_authors_in_brackets(gold: bytes) -> None:
    """The list stands in one place, in order, and no cell is left."""
    agent = f"<{BASE}id/agent/nottingham-40697/"
    assert f"bibo:authorList ( {agent}waring-justin-6f2d327e> {agent}crompton-amanda-bc874dec> ) ;" in written(gold)
    assert "_:" not in written(gold)
    assert "rdf:" not in written(gold)


def test_only_the_prefixes_used_are_declared(gold: bytes) -> None:
    """Each declared prefix is used, and each used one declared."""
    text = written(gold)
    declared = set(re.findall(r"^@prefix (\w+):", text, re.MULTILINE))
    without_texts = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', "", text.partition("\n\n")[2])
    assert declared == set(re.findall(r"\b(\w+):\w", without_texts))


def test_uris_are_never_relative(gold: bytes) -> None:
    """A saved file means the same wherever it lies."""
    assert "@base" not in written(gold)
    uris = re.findall(r"<([^>]*)>", re.sub(r'"(?:[^"\\]|\\.)*"', "", written(gold)))
    assert uris and all("://" in uri for uri in uris)


@pytest.mark.parametrize(
    ("uri", "word"),
    [
        ("http://purl.org/coar/resource_type/F8RT-TJK0", "coar:F8RT-TJK0"),
        ("http://purl.org/coar/resource_type/63NG-B465", "coar:63NG-B465"),
        ("http://purl.org/dc/terms/", "<http://purl.org/dc/terms/>"),
        ("http://purl.org/dc/terms/a.b", "<http://purl.org/dc/terms/a.b>"),
        ("http://purl.org/dc/terms/-a", "<http://purl.org/dc/terms/-a>"),
        ("http://purl.org/dc/terms/é", "<http://purl.org/dc/terms/é>"),
        ("http://purl.org/ontology/bibo/status/peerReviewed", "<http://purl.org/ontology/bibo/status/peerReviewed>"),
        ("https://schema.org/Article", "<https://schema.org/Article>"),
        ("urn:isbn:9780306406157", "<urn:isbn:9780306406157>"),
    ],
)
def test_prefix_is_used_only_where_the_name_is_safe(uri: str, word: str) -> None:
    """Names that would need an escape are written in full."""
    assert written(f"<http://e/s> <http://e/p> <{uri}> .\n".encode()).endswith(f"<http://e/p> {word} .\n")


def test_prefixes_cover_what_we_speak() -> None:
    """Every namespace ends where a name begins, so that cutting at the last / or # finds it."""
    assert all(namespace[-1] in "/#" for namespace in PREFIXES.values())


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NIL = f"<{RDF}nil>"


def cell(number: int) -> str:
    return f"<{GENID}a/authors/{number}>"


def link(number: int, rest: str) -> str:
    return f'{cell(number)} <{RDF}first> "{number}" .\n{cell(number)} <{RDF}rest> {rest} .\n'


HEAD = f"<http://e/s> <http://e/p> {cell(1)} .\n"


@pytest.mark.parametrize(
    "statements",
    [
        HEAD + link(1, cell(2)) + link(2, NIL),
        HEAD + link(1, cell(2)),
        HEAD + link(1, cell(1)),
        HEAD + link(1, NIL) + f"<http://e/t> <http://e/p> {cell(1)} .\n",
        HEAD + link(1, NIL) + link(1, cell(2)) + link(2, NIL),
        HEAD + link(1, NIL) + link(2, NIL),
        HEAD,
        HEAD + link(1, NIL) + f"_:b0 <http://e/p> {cell(2)} .\n",
        HEAD + link(1, NIL) + '_:b0 <http://e/p> "nobody points at it" .\n',
        f'<http://e/s> <http://e/p> _:b0 .\n_:b0 <{RDF}first> "1" .\n_:b0 <{RDF}rest> {NIL} .\n',
    ],
    ids=[
        *("proper", "broken off", "a circle", "pointed at twice", "forked", "and another that nobody points at"),
        *("of nothing known", "beside a blank node", "beside a nameless subject", "of nameless cells"),
    ],
)
def test_lists_read_at_once_are_those_of_labelled_cells(statements: str) -> None:
    """Whether all of them can be written in brackets, so that no cell needs a label, or not."""
    labelled = gather(rdf.tokens(statements.encode(), genid=GENID))
    text = written(statements.encode())
    assert text == turtle.write(labelled, own=BASE).decode()
    assert GENID not in text
