"""N-Quads lines as updates: what a server is sent."""

from __future__ import annotations

import pytest

from linkeddata.errors import StoreError
from linkeddata.store.statements import Change, graph_of, updates

A = b'<http://e/a> <http://e/b> "x y" .\n'
NAMED = b"<http://e/a> <http://e/b> <http://e/c> <http://e/g> .\n"


def texts(*changes: Change, graph: str = "", longest: int = 10_000, most: int = 100) -> list[str]:
    return list(updates(changes, graph=graph, longest=longest, most=most))


def test_what_goes_and_what_comes_is_one_request() -> None:
    assert texts((True, A), (False, NAMED)) == [
        "DELETE DATA {\nGRAPH <http://e/g> {\n<http://e/a> <http://e/b> <http://e/c> .\n}\n} ;\n"
        'INSERT DATA {\n<http://e/a> <http://e/b> "x y" .\n}'
    ]


def test_default_graph_may_have_a_name() -> None:
    """Named graphs keep theirs."""
    (text,) = texts((True, A), (True, NAMED), graph="http://e/own")
    assert text.count("GRAPH <http://e/own> {") == text.count("GRAPH <http://e/g> {") == 1


@pytest.mark.parametrize(("longest", "most", "requests"), [(1, 100, 10), (10_000, 3, 4), (70, 100, 5), (10_000, 10, 1)])
def test_requests_are_bounded_by_bytes_and_statements(longest: int, most: int, requests: int) -> None:
    assert len(texts(*[(True, A)] * 10, longest=longest, most=most)) == requests


@pytest.mark.parametrize(
    ("line", "graph"),
    [
        (A, None),
        (NAMED, b"<http://e/g>"),
        (b'<http://e/a> <http://e/b> "a <http://e/g> ."@en .\n', None),
        (b'<http://e/a> <http://e/b> "\\" <http://e/x> ."^^<http://e/t> <http://e/g> .\n', b"<http://e/g>"),
    ],
)
def test_graph_of_a_line_is_not_what_a_text_quotes(line: bytes, graph: bytes | None) -> None:
    assert graph_of(line) == graph


@pytest.mark.parametrize("line", [b"nonsense\n", A[:-3], A + A, b'<http://e/a> <http://e/b> "x" } ; CLEAR ALL .\n'])
def test_what_is_no_statement_is_never_sent(line: bytes) -> None:
    with pytest.raises(StoreError, match="no statement"):
        texts((True, line))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (rb'"\\u00e9"', r'"\\\u007500e9"'),
        (rb'"\\\\U"', r'"\\\\\u0055"'),
        (rb'"\\n\n\""', r'"\\n\n\""'),
        (rb'"\u0007"', r'"\u0007"'),
    ],
)
def test_backslash_before_u_is_no_escape_to_any_reader(written: bytes, sent: str) -> None:
    """Neither to one that decodes escapes first, nor to one that reads them within texts."""
    (text,) = texts((True, b"<http://e/a> <http://e/b> " + written + b" .\n"))
    assert text.splitlines()[1] == f"<http://e/a> <http://e/b> {sent} ."
