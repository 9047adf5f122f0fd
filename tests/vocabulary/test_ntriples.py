"""Statements as tokens and lines: what is written is what another parser reads."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from rdflib import Literal, URIRef

from linkeddata.vocabulary.ntriples import lines, literal_token, quad_line, read_literal, terms, text, uri_token
from linkeddata.vocabulary.terms import XSD

S, P = "<https://example.org/s>", "<https://example.org/p>"
YEAR = uri_token(XSD.gYear)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n\r\t\x00\u2028\x85'))
LITERALS = st.one_of(
    st.tuples(TEXTS, st.just(""), st.just("")),
    st.tuples(TEXTS, st.sampled_from(["en", "zh", "ang"]), st.just("")),
    st.tuples(TEXTS, st.just(""), st.just(YEAR)),
)


def token_of(literal: tuple[str, str, str]) -> str:
    words, language, datatype = literal
    return literal_token(words, language=language or None, datatype=datatype or None)


@given(st.lists(LITERALS))
def test_what_is_written_is_read(literals: list[tuple[str, str, str]]) -> None:
    """One line each, in their order, whatever the text holds; another parser finds the same."""
    statements = [(S, P, token_of(literal)) for literal in literals]
    written = text(statements)
    assert written.count("\n") == len(lines(statements)) == len(literals)
    read = [quad.object for quad in parse(written.encode(), format=RdfFormat.N_TRIPLES)]
    assert [(each.value, each.language or "") for each in read] == [(words, tag) for words, tag, _ in literals]


@given(LITERALS)
def test_literal_reads_back(literal: tuple[str, str, str]) -> None:
    """`read_literal` undoes `literal_token`, and `terms` gives the rdflib literal."""
    assert read_literal(token_of(literal)) == literal
    [(subject, predicate, value)] = terms([(S, P, token_of(literal))])
    kind = XSD.gYear if literal[2] else None
    expected = Literal(literal[0], lang=literal[1] or None, datatype=kind, normalize=False)
    assert (subject, predicate, value) == (URIRef(S[1:-1]), URIRef(P[1:-1]), expected)


@given(st.text('aé<>"{}|^`\\ \n'))
def test_uri_reads_back_whatever_it_is_made_of(end: str) -> None:
    """No text makes a token that a parser refuses."""
    [quad] = parse(text([(S, P, uri_token(f"https://example.org/{end}"))]), format=RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, pyoxigraph.NamedNode)


@pytest.mark.parametrize(
    ("token", "canonical"),
    [
        (literal_token("a"), '"a"'),
        (literal_token('say "\\n"\n\r\t'), '"say \\"\\\\n\\"\\n\\r\t"'),
        (literal_token("a", language="en"), '"a"@en'),
        (literal_token("2017", datatype=YEAR), '"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (uri_token("https://example.org/é"), "<https://example.org/é>"),
        (uri_token('https://example.org/ <>"{}|^`\\'), "<https://example.org/%20%3C%3E%22%7B%7D%7C%5E%60%5C>"),
    ],
)
def test_token_is_canonical(token: str, canonical: str) -> None:
    """Quoting is that of canonical N-Triples."""
    assert token == canonical


@given(LITERALS)
def test_line_of_a_graph_is_an_nquads_line(literal: tuple[str, str, str]) -> None:
    """A statement of a named graph reads back with its graph."""
    graph = "https://example.org/doc/a#mined"
    [quad] = parse(quad_line((S, P, token_of(literal)), graph).encode(), format=RdfFormat.N_QUADS)
    assert (quad.graph_name, quad.object.value) == (pyoxigraph.NamedNode(graph), literal[0])
