"""Statements as tokens and lines: what is written is what another parser reads, and what is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import Literal, URIRef

from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import literal_token, read_literal, term, unescaped, uri_token
from linkeddata.vocabulary.terms import XSD

S, P = "<https://example.org/s>", "<https://example.org/p>"
YEAR = uri_token(XSD.gYear)

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n\r\t\x00\u2028\x85u@^'))
LANGUAGES = st.sampled_from([None, "en", "zh", "ang"])


def read(token: str) -> NamedNode | OxLiteral:
    """A token as another parser reads it, at the end of a line."""
    [quad] = parse(ntriples.text([(S, P, token)]).encode(), format=RdfFormat.N_TRIPLES)
    return quad.object


@given(TEXTS, LANGUAGES)
def test_text_is_read_as_it_was_written(text: str, language: str | None) -> None:
    """By another parser, and by us, whatever it holds."""
    token = literal_token(text, language=language)
    found = read(token)
    assert (found.value, found.language) == (text, language)
    assert read_literal(token) == (text, language or "", "")
    assert term(token) == Literal(text, lang=language)


@given(TEXTS)
def test_typed_literal_is_read_as_it_was_written(text: str) -> None:
    token = literal_token(text, datatype=YEAR)
    assert read(token) == OxLiteral(text, datatype=NamedNode(XSD.gYear))
    assert read_literal(token) == (text, "", YEAR)
    assert (str(term(token)), term(token).datatype) == (text, XSD.gYear)


@given(st.text('aé<>"{}|^`\\ \n'))
def test_uri_is_valid_whatever_went_into_it(text: str) -> None:
    token = uri_token(f"https://example.org/{text}")
    assert read(token) == NamedNode(token[1:-1])
    assert term(token) == URIRef(token[1:-1])


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (literal_token("a"), '"a"'),
        (literal_token('say "\\n"\n\r\t'), '"say \\"\\\\n\\"\\n\\r\t"'),
        (literal_token("a", language="en"), '"a"@en'),
        (literal_token("2017", datatype=YEAR), '"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (uri_token("https://example.org/é"), "<https://example.org/é>"),
        (uri_token('https://example.org/ <>"{}|^`\\'), "<https://example.org/%20%3C%3E%22%7B%7D%7C%5E%60%5C>"),
    ],
)
def test_token_is_canonical(token: str, expected: str) -> None:
    """Nothing is escaped that need not be."""
    assert token == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a", "a"),
        ("\\u00E9\\U0001F538", "é🔸"),
        ("\\t\\b\\n\\r\\f\\\"\\'\\\\", "\t\b\n\r\f\"'\\"),
        ("\\\\u00E9", "\\u00E9"),
    ],
)
def test_all_escapes_of_the_standard_are_read(text: str, plain: str) -> None:
    """Those too that we never write (RDF 1.1 N-Triples, section 7)."""
    assert unescaped(text) == read(f'"{text}"').value == plain


@given(st.lists(TEXTS))
def test_each_statement_is_one_line(texts: list[str]) -> None:
    """In the order given."""
    statements = [(S, P, literal_token(text)) for text in texts]
    lines = ntriples.lines(statements)
    assert ntriples.text(statements).encode() == b"".join(lines)
    assert [line.count(b"\n") for line in lines] == [1] * len(texts)
    assert [str(value) for *_, value in ntriples.terms(statements)] == texts


@given(TEXTS)
def test_line_of_a_graph_is_an_nquads_line(text: str) -> None:
    graph = "https://example.org/doc/a#mined"
    line = ntriples.quad_line((S, P, literal_token(text)), graph)
    [quad] = parse(line.encode(), format=RdfFormat.N_QUADS)
    assert (quad.graph_name, quad.object.value) == (NamedNode(graph), text)


def test_moment_keeps_its_letter() -> None:
    """Where rdflib by itself would write `+00:00` for `Z`."""
    moment = literal_token("2025-11-14T19:42:54Z", datatype=uri_token(XSD.dateTime))
    assert str(term(moment)) == "2025-11-14T19:42:54Z"
