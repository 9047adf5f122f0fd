"""Statements as lines: what is written is what another parser reads."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from rdflib import BNode, Literal, URIRef

from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.terms import XSD

S, P = URIRef("https://example.org/s"), URIRef("https://example.org/p")
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n\r\t\x00\u2028\x85'))
TERMS = st.one_of(
    TEXTS.map(Literal),
    st.builds(Literal, TEXTS, lang=st.sampled_from(["en", "zh", "ang"])),
    st.builds(lambda text: Literal(text, datatype=XSD.string), TEXTS),
    st.builds(lambda text: Literal(text, datatype=XSD.gYear, normalize=False), TEXTS),
    st.builds(lambda text: URIRef(f"https://example.org/{ntriples.uri_token(text)[1:-1]}"), st.text('aé<>"{}|^`\\ \n')),
)


@given(st.lists(TERMS))
def test_what_is_written_is_read(terms: list[URIRef | Literal]) -> None:
    """One line each, in their order, whatever the text holds."""
    text = ntriples.text((S, P, term) for term in terms)
    assert text.count("\n") == len(ntriples.lines((S, P, term) for term in terms)) == len(terms)
    read = [quad.object for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES)]
    assert [each.value for each in read] == [str(term) for term in terms]
    assert [getattr(each, "language", None) for each in read] == [getattr(term, "language", None) for term in terms]


@pytest.mark.parametrize(
    ("term", "token"),
    [
        (Literal("a"), '"a"'),
        (Literal('say "\\n"\n\r\t'), '"say \\"\\\\n\\"\\n\\r\t"'),
        (Literal("a", lang="en"), '"a"@en'),
        (Literal("a", datatype=XSD.string), '"a"'),
        (Literal("2017", datatype=XSD.gYear, normalize=False), '"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (URIRef("https://example.org/é"), "<https://example.org/é>"),
        (URIRef('https://example.org/ <>"{}|^`\\'), "<https://example.org/%20%3C%3E%22%7B%7D%7C%5E%60%5C>"),
    ],
)
def test_token_is_canonical(term: URIRef | Literal, token: str) -> None:
    assert ntriples.token(term) == token


def test_blank_nodes_are_refused() -> None:
    with pytest.raises(TypeError, match="neither a URI nor a literal"):
        ntriples.text([(S, P, BNode())])


@given(TERMS)
def test_line_of_a_graph_is_an_nquads_line(term: URIRef | Literal) -> None:
    graph = "https://example.org/doc/a#mined"
    [quad] = parse(ntriples.quad_line((S, P, term), graph).encode(), format=RdfFormat.N_QUADS)
    assert (quad.graph_name, quad.object.value) == (pyoxigraph.NamedNode(graph), str(term))
