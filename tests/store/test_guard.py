"""The scan before the parser: forms found, forbidden words found wherever they hide, and only there."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.errors import QueryError, QueryForbidden, QueryMalformed, QueryTooCostly
from linkeddata.store.guard import Form, examine
from linkeddata.store.limits import Limits

LIMITS = Limits()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", Form.SELECT),
        ("select*{?s ?p ?o}", Form.SELECT),
        ("ASK{}", Form.ASK),
        ("# SELECT\nASK {}", Form.ASK),
        ("PREFIX select: <http://a/ask> CONSTRUCT WHERE { ?s select:x 1 }", Form.CONSTRUCT),
        ("BASE <http://a/> prefix dc.terms: <x> DESCRIBE <y>", Form.DESCRIBE),
        ('VERSION "1.2" ASK {}', Form.ASK),
        ("PREFIX ask:<ask:ask>\rSELECT ?ask { ?ask ask:ask 'ask' }", Form.SELECT),
    ],
)
def test_the_form_is_found_without_parsing(text: str, form: Form) -> None:
    """The first word that is neither prologue nor comment decides."""
    assert examine(text, LIMITS).form is form


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { OPTIONAL{SERVICE<http://a/>{?s ?p ?o}} }",
        "SELECT * { ?s ?p true.SERVICE <http://a/> {} }",
        "SELECT * { ?s ?p 1.SERVICE <http://a/> {} }",
        "SELECT * { \\u0053ERVICE <http://a/> { ?s ?p ?o } }",
        'SELECT ("\\u0022" AS ?x) { SERVICE <http://a/> {} } #"""',
        "SELECT * { ?s ?p 'it''s' SERVICE <http://a/> {} }",
        "SELECT * { ?s ?p ?o # '\n SERVICE <http://a/> {} }",
        "LOAD <http://a/>",
        "INSERT DATA { <a> <b> <c> }",
        "PREFIX a: <b> DELETE WHERE { ?s ?p ?o }",
        "ASK {} ; DROP ALL",
        "WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "\ufeffCLEAR ALL",
    ],
)
def test_what_the_endpoint_never_does_is_forbidden(text: str) -> None:
    """SERVICE and updates are refused by name, however they are written."""
    with pytest.raises(QueryForbidden, match="is refused"):
        examine(text, LIMITS)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX ex: <http://a/> SELECT ?service { ?service ex:service $load }",
        "SELECT * { ?s ?p 'SERVICE <http://a/>' }",
        'SELECT * { ?s ?p \'\'\'it\'s a SERVICE\'\'\' , """a "SERVICE" """ }',
        "SELECT * { ?s ?p 'it\\'s SERVICE' }",
        'SELECT * { <http://a/SERVICE> <LOAD> "x"@add-drop } # INSERT',
        "PREFIX service: <a> ASK { service:load service: :copy }",
        "ASK { ?s ?p ex:a\\'SERVICE\\' }",
        "SELECT * { ?a ?b ?c FILTER(?a<?b && ?c>?a) }",
        "ASK { _:load ?p ?o }",
    ],
)
def test_the_same_words_elsewhere_are_only_words(text: str) -> None:
    """Strings, IRIs, variables, language tags, prefixed names and comments may hold any word."""
    examine(text, LIMITS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ASK { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }", "nesting"),
        ("SELECT * " + "{" * 2_500 + "}" * 2_500, "nesting"),
        ("ASK { FILTER(" + "!" * 10_000 + "true) }", "operators"),
        ("ASK { FILTER(1" + "+1" * 10_000 + ") }", "operators"),
        ("ASK { " + "?a ?b ?c . " * 1_001 + "}", "operators"),
        ("ASK { {} " + "UNION {} " * 201 + "}", "UNIONs"),
        ("ASK { } #" + "x" * 65_536, "longer"),
        ("ASK { } #" + "é" * 40_000, "longer"),
    ],
)
def test_what_no_parser_should_meet_is_too_costly(text: str, reason: str) -> None:
    """The refusal names the bound."""
    with pytest.raises(QueryTooCostly, match=reason):
        examine(text, LIMITS)


@pytest.mark.parametrize(
    "text", ["", "  \n", "# nothing", "hello", "SELECTED * {}", "select: <a>", "'ASK' ", "ASK { 'x }"]
)
def test_what_is_no_query_is_malformed(text: str) -> None:
    """Nothing, another language, or a string without end."""
    with pytest.raises(QueryMalformed):
        examine(text, LIMITS)


@pytest.mark.parametrize("escape", ["\\uD800", "\\U00110000"])
def test_an_escape_of_no_character_is_malformed(escape: str) -> None:
    """Surrogates and numbers beyond Unicode name nothing."""
    with pytest.raises(QueryMalformed, match="no character"):
        examine(f"SELECT ('{escape}' AS ?x) {{}}", LIMITS)


@pytest.mark.parametrize(
    ("text", "cheap"),
    [
        ("ASK {}", True),
        ("DESCRIBE <http://a/>", True),
        ("SELECT * { <http://a/> ?p ?o }", True),
        ("PREFIX ex: <http://a/> SELECT ?o WHERE { ex:a ex:b ?o ; ex:c ?d . ex:e ex:f ?g . } LIMIT 5", True),
        ("SELECT * { ?s ?p ?o } LIMIT 10", True),
        ("ASK { ?s ?p 'x' }", True),
        ("SELECT * { ?s ?p ?o }", False),
        ("SELECT DISTINCT ?p { ?s ?p ?o } LIMIT 10", False),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 10", False),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", False),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10", False),
        ("ASK { ?a ?b ?c . ?d ?e ?f }", False),
        ("SELECT * { <http://a/> <http://b/>+ ?o }", False),
        ("SELECT * { <http://a/> <http://b/>* ?o }", False),
        ("SELECT * { <http://a/> ?p ?o . ?x ?y ?z }", False),
        ("CONSTRUCT WHERE { ?s ?p ?o }", False),
        ("ASK { " + "<a:> ?p ?o . " * 8 + "}", True),
        ("ASK { " + "<a:> ?p ?o . " * 9 + "}", False),
        ("ASK { <a:> " + " ; ".join(["?p ?o"] * 9) + " }", False),
        ("DESCRIBE ?s { ?s ?p ?o }", False),
    ],
)
def test_only_sure_look_ups_are_cheap(text: str, cheap: bool) -> None:
    """The reserved process takes fixed subjects and single bounded patterns, nothing that could burn."""
    assert examine(text, LIMITS).cheap is cheap


@pytest.mark.parametrize(
    "text",
    [
        "a." * 32_000,
        '"' * 64_000,
        "'''" + "a'" * 32_000,
        "<a" * 32_000,
        '"\\' * 32_000,
        "\\u0041" * 10_000,
        '"""\\"' * 13_000,
    ],
)
def test_no_text_slows_the_scan(text: str) -> None:
    """The largest query of the worst shape is refused or passed within a second."""
    began = time.process_time()
    with pytest.raises(QueryError):
        examine(text, LIMITS)
    assert time.process_time() - began < 1


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    """Whatever it is, it is examined or refused with an error of ours."""
    try:
        examine(text, LIMITS)
    except QueryError as error:
        assert str(error)
