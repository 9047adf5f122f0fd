"""Every RDF form of a description says the same as its N-Triples, to every reader."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterable
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, XSD

from linkeddata.representations import represent
from linkeddata.representations.formats import by_extension
from linkeddata.vocabulary.ntriples import literal_token, text, uri_token
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDFS, SCHEMA

# rdflib's own JSON-LD parser still uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

BASE = "https://data.example.org/"
GENID = f"{BASE}.well-known/genid/"
SEED = URIRef(f"{BASE}id/record/nottingham-40697")

HOSTILE = [
    'quotes " and "" and """ at the end"""',
    "line\nfeed, carriage\rreturn, both\r\n, tab\t",
    "back\\slash \\n \\u0041 \\",
    f"a cell <{GENID}nottingham-40697/authors/1> . in a text <{GENID}x> .",
    f"<{GENID}nottingham-40697/authors/1>",
    '"@en',
    '"^^<http://www.w3.org/2001/XMLSchema#string>',
    "_:cell1",
    "]]> <![CDATA[ & &amp; &#0; <script>alert(1)</script>",
    "עברית \u200f \u202e العربية",
    "astral 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀 \U0010fffd",
    "e\u0301 is not \u00e9, \u2028 \u2029 \x85 \xa0 \ufeff",
    " spaces  around ",
    "",
    "@id",
    "http://example.org/",
    "x" * 70_000,
]


def lines_of(triples: Iterable[tuple[Any, Any, Any]]) -> str:
    """Triples of rdflib terms as canonical N-Triples."""
    return text((token(s), token(p), token(o)) for s, p, o in triples)


def token(term: URIRef | Literal) -> str:
    if isinstance(term, URIRef):
        return uri_token(term)
    datatype = uri_token(term.datatype) if term.datatype else None
    return literal_token(str(term), language=term.language, datatype=datatype)


def refuse(url: str, _options: object = None) -> Any:
    raise AssertionError(f"a remote document was asked for: {url}")


def by_rdflib(name: str) -> Callable[[bytes], Graph]:
    return lambda data: Graph().parse(data=data, format=name)


def by_pyoxigraph(fmt: ox.RdfFormat) -> Callable[[bytes], Graph]:
    def read(data: bytes) -> Graph:
        again = ox.serialize((quad.triple for quad in ox.parse(data, format=fmt)), format=ox.RdfFormat.N_TRIPLES)
        return Graph().parse(data=again, format="nt")

    return read


def by_pyld(data: bytes) -> Graph:
    options = {"documentLoader": refuse, "format": "application/n-quads"}
    return Graph().parse(data=pyld.to_rdf(json.loads(data), options), format="nt")


READERS = [
    ("nt", by_rdflib("nt")),
    ("nt", by_pyoxigraph(ox.RdfFormat.N_TRIPLES)),
    ("ttl", by_rdflib("turtle")),
    ("ttl", by_pyoxigraph(ox.RdfFormat.TURTLE)),
    ("rdf", by_rdflib("xml")),
    ("rdf", by_pyoxigraph(ox.RdfFormat.RDF_XML)),
    ("jsonld", by_rdflib("json-ld")),
    ("jsonld", by_pyld),
    ("json", by_pyld),
    ("nq", by_pyoxigraph(ox.RdfFormat.N_QUADS)),
    ("trig", by_pyoxigraph(ox.RdfFormat.TRIG)),
]
EVERY_READER = pytest.mark.parametrize(("extension", "read"), READERS)


def written(statements: bytes, extension: str) -> bytes:
    fmt = by_extension(extension)
    assert fmt is not None
    return represent(statements, fmt, focus=str(SEED), genid=GENID, base=BASE)


def meant(statements: bytes) -> Graph:
    """The statements with blank nodes for list cells, made without the code under test."""

    def node(term: Any) -> Any:
        cell = isinstance(term, ox.NamedNode) and term.value.startswith(GENID)
        return ox.BlankNode("b" + "".join(c if c.isalnum() else "-" for c in term.value)) if cell else term

    triples = (ox.Triple(node(s), p, node(o)) for s, p, o, _ in ox.parse(statements, format=ox.RdfFormat.N_TRIPLES))
    return Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")


def listed(name: str, members: Iterable[Any]) -> list[tuple[Any, Any, Any]]:
    """A list whose cells are URIs; its head is the first of them."""
    cells = [URIRef(f"{GENID}{name}/authors/{n}") for n, _ in enumerate(members, 1)]
    following = [*cells, RDF.nil][1:]
    return [
        (cell, predicate, value)
        for cell, member, rest in zip(cells, members, following, strict=True)
        for predicate, value in ((RDF.first, member), (RDF.rest, rest))
    ]


@EVERY_READER
@pytest.mark.usefixtures("exact_literals")
def test_seed_says_the_same_in_every_format(gold: bytes, extension: str, read: Callable[[bytes], Graph]) -> None:
    """113 statements, the list of authors among them."""
    graph = read(written(gold, extension))
    assert len(graph) == 113
    assert isomorphic(graph, meant(gold))


@EVERY_READER
@pytest.mark.usefixtures("exact_literals")
def test_hostile_text_survives_every_format(extension: str, read: Callable[[bytes], Graph]) -> None:
    """Texts made to break a syntax come back letter by letter, plain, tagged and typed."""
    literals = [Literal(text, normalize=False) for text in HOSTILE]
    literals += [Literal("Tschüß", lang="de"), Literal("英文", lang="zh-hant")]
    literals += [Literal(lexical, datatype=XSD.gYear, normalize=False) for lexical in ("2017", "-0044", 'no"year')]
    literals += [Literal("1.50", datatype=XSD.decimal, normalize=False), Literal("x", datatype=BIBO.odd)]
    statements = lines_of((SEED, DCTERMS.title, literal) for literal in literals).encode()
    graph = read(written(statements, extension))
    assert isomorphic(graph, meant(statements))


HEAD = URIRef(f"{GENID}a/authors/1")
POINTED = (SEED, BIBO.authorList, HEAD)
SHAPES = {
    "empty": [(SEED, BIBO.authorList, RDF.nil)],
    "nil as a subject": [(SEED, BIBO.authorList, RDF.nil), (RDF.nil, RDF.type, RDF.List)],
    "repeats, and nil as a member": [POINTED, *listed("a", [SEED, SEED, RDF.nil])],
    "texts, of a property that is no list": [(SEED, DCTERMS.title, HEAD), *listed("a", [Literal("x"), SEED])],
    "two of one property": [
        *((SEED, BIBO.authorList, URIRef(f"{GENID}{name}/authors/1")) for name in "ab"),
        *listed("a", [SEED]),
        *listed("b", [SEED]),
    ],
    "pointed at twice": [POINTED, (URIRef(f"{BASE}other"), BIBO.authorList, HEAD), *listed("a", [SEED])],
    "pointed at by none": listed("a", [SEED, SEED]),
    "broken off": [POINTED, *listed("a", [SEED, SEED])[:3]],
    "without a rest": [POINTED, *listed("a", [SEED])[:1]],
    "circular": [POINTED, (HEAD, RDF.first, SEED), (HEAD, RDF.rest, HEAD)],
    "two members in a cell": [POINTED, *listed("a", [SEED]), (HEAD, RDF.first, RDF.nil)],
    "more said of a cell": [POINTED, *listed("a", [SEED]), (HEAD, RDF.type, RDF.List)],
    "list in a list": [POINTED, *listed("a", [URIRef(f"{GENID}b/authors/1")]), *listed("b", [SEED])],
}


@EVERY_READER
@pytest.mark.usefixtures("exact_literals")
@pytest.mark.parametrize("triples", SHAPES.values(), ids=SHAPES)
def test_lists_of_any_shape_survive(
    triples: list[tuple[Any, Any, Any]], extension: str, read: Callable[[bytes], Graph]
) -> None:
    """Proper lists become lists, and whatever is no proper list still says what it said."""
    statements = lines_of(triples).encode()
    assert isomorphic(read(written(statements, extension)), meant(statements))


XML_SAFE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff")
)
URIS = st.sampled_from(
    [SEED, URIRef(f"{BASE}id/org/wiley-1"), DCTERMS.title, URIRef("http://schema.org///odd"), FOAF[""]]
)
LITERALS = st.one_of(
    st.builds(Literal, XML_SAFE, normalize=st.just(False)),
    st.builds(Literal, XML_SAFE, lang=st.sampled_from(["en", "zh-hant"]), normalize=st.just(False)),
    st.builds(Literal, XML_SAFE, datatype=st.sampled_from([XSD.gYear, BIBO.odd]), normalize=st.just(False)),
)
PROPERTIES = st.sampled_from(
    [RDF.type, RDFS.label, DCTERMS.title, DCTERMS.creator, BIBO.authorList, SCHEMA.sameAs, URIRef(f"{BASE}own")]
)
FLAT = st.lists(
    # a class that ends in no name is none that RDF/XML can express
    st.tuples(URIS, PROPERTIES, st.one_of(URIS, LITERALS)).filter(lambda t: t[1:] != (RDF.type, FOAF[""])),
    max_size=12,
)
LISTS = st.lists(
    st.tuples(URIS, PROPERTIES.filter(lambda p: p != RDF.type), st.lists(st.one_of(URIS, LITERALS), max_size=4)),
    max_size=3,
)


@pytest.mark.usefixtures("exact_literals")
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flat=FLAT, lists=LISTS)
def test_any_graph_survives_every_format(flat: list[Any], lists: list[Any]) -> None:
    """Random statements and lists, read by every reader, are the statements that went in."""
    for n, (subject, predicate, members) in enumerate(lists):
        cells = listed(string.ascii_lowercase[n], members)
        flat = [*flat, (subject, predicate, cells[0][0] if cells else RDF.nil), *cells]
    statements = lines_of(flat).encode()
    expected = meant(statements)
    for extension, read in READERS:
        assert isomorphic(read(written(statements, extension)), expected), extension


@pytest.mark.parametrize("extension", ["nt", "ttl", "rdf", "jsonld", "nq", "trig"])
def test_statements_said_twice_are_written_once(gold: bytes, extension: str) -> None:
    """A page of what points at a thing may repeat a statement; no format does."""
    assert written(gold + gold, extension) == written(gold, extension)


@pytest.mark.parametrize("extension", ["nt", "ttl", "rdf", "jsonld", "nq", "trig"])
def test_nothing_said_is_a_document_too(extension: str) -> None:
    """No statements give an empty document that its readers accept."""
    data = written(b"", extension)
    assert all(len(read(data)) == 0 for name, read in READERS if name == extension)


@pytest.mark.parametrize("extension", ["nt", "ttl", "rdf", "jsonld", "nq", "trig"])
def test_cells_are_blank_nodes_and_never_uris(gold: bytes, extension: str) -> None:
    """What a store needs as a URI is nobody's business outside it."""
    assert GENID.encode() not in written(gold, extension)
    assert any(isinstance(node, BNode) for node in meant(gold).all_nodes())


GRAPH = f"{BASE}doc/record/nottingham-40697#mined"


def quads_of(data: bytes, extension: str) -> ox.Dataset:
    """What a file of quads says, blank nodes named by what is said of them."""
    fmt = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}[extension]
    dataset = ox.Dataset(ox.parse(data, format=fmt))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@pytest.mark.parametrize("extension", ["nq", "trig"])
@pytest.mark.parametrize("triples", SHAPES.values(), ids=SHAPES)
def test_named_graph_shares_its_cells_with_the_default_graph(
    triples: list[tuple[Any, Any, Any]], extension: str
) -> None:
    """What is said twice is said of the same blank nodes, whatever part of a list is in both."""
    whole, part = lines_of(triples).encode(), lines_of(triples[1:]).encode()
    fmt = by_extension(extension)
    assert fmt is not None
    said = represent(whole, fmt, focus=str(SEED), genid=GENID, base=BASE, named=(GRAPH, part))
    expected = b"".join(
        line.rstrip(b"\n").removesuffix(b" .") + ending
        for lines, ending in ((whole, b" .\n"), (part, f" <{GRAPH}> .\n".encode()))
        for line in lines.splitlines(keepends=True)
    )
    cells = re.sub(rf"<{GENID}(\w)/authors/(\d+)>".encode(), rb"_:\1\2", expected)
    assert quads_of(said, extension) == quads_of(cells, "nq")


@pytest.mark.parametrize("extension", ["nq", "trig"])
def test_formats_of_quads_without_a_named_graph_have_none(gold: bytes, extension: str) -> None:
    """Nothing was mined: then no graph stands empty."""
    data = written(gold, extension)
    assert {quad.graph_name for quad in quads_of(data, extension)} == {ox.DefaultGraph()}
    assert b"{" not in data
