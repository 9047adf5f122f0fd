"""Rows counted in text: never in the middle of one, never fooled by what a value holds."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from typing import BinaryIO, cast
from xml.etree import ElementTree

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from linkeddata.querying.cutting import ROW_TEXTS, Full, RowSink
from linkeddata.querying.query_process import RESULTS

csv.field_size_limit(1 << 24)
HOSTILE = ("{}", '}},{"x', '"', "},{}", "]}}", '\\n"\\n', "\\\\", "</result>", "\\t", "{", "")
ROWS = " ".join(f"({json.dumps(text)} UNDEF)" for text in HOSTILE) + " (UNDEF UNDEF) (UNDEF 'x')"
QUERY = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {ROWS} }} }}".replace("\\\\n", "\\n")
COUNT = len(HOSTILE) + 2


def written(query: str, media: str, *, max_rows: int, max_bytes: int = 1 << 20) -> RowSink:
    sink = RowSink(ROW_TEXTS[media], max_rows=max_rows, max_bytes=max_bytes)
    with suppress(Full):
        cast(QuerySolutions, Store().query(query)).serialize(cast(BinaryIO, sink), RESULTS[media])
    return sink


def rows_in(media: str, text: bytes) -> int:
    """How many rows an independent reader finds."""
    if media == "json":
        return len(json.loads(text)["results"]["bindings"])
    if media == "xml":
        return len(ElementTree.fromstring(text)[1])  # noqa: S314 - our own text
    if media == "csv":
        return len(list(csv.reader(io.StringIO(text.decode(), newline="")))) - 1
    return text.count(b"\n") - 1


@pytest.mark.parametrize("media", sorted(ROW_TEXTS))
@pytest.mark.parametrize("bound", [0, 1, 5, COUNT - 1, COUNT, 100])
def test_an_answer_holds_so_many_whole_rows(media: str, bound: int) -> None:
    """An independent reader finds the rows that the sink says, and the flag is set only when some are missing."""
    sink = written(QUERY, media, max_rows=bound)
    text = sink.text()
    assert sink.rows == min(bound, COUNT) == rows_in(media, text)
    assert sink.truncated is (bound < COUNT)


@pytest.mark.parametrize("media", sorted(ROW_TEXTS))
def test_a_whole_answer_is_what_the_engine_writes(media: str) -> None:
    """Nothing is changed in an answer within the bounds."""
    whole = cast(QuerySolutions, Store().query(QUERY)).serialize(None, RESULTS[media])
    assert written(QUERY, media, max_rows=100).text() == whole


@pytest.mark.parametrize("media", sorted(ROW_TEXTS))
def test_the_bound_on_bytes_cuts_between_rows(media: str) -> None:
    """Thousands of rows against a bound of kilobytes: well-formed, below the bound, flagged."""
    many = " ".join(f"'value, {number}'" for number in range(20_000))
    sink = written(f"SELECT ?a {{ VALUES ?a {{ {many} }} }}", media, max_rows=50_000, max_bytes=100_000)
    text = sink.text()
    assert sink.truncated
    assert sink.rows == rows_in(media, text) > 100
    assert len(text) < 100_100


@pytest.mark.parametrize("media", sorted(ROW_TEXTS))
def test_one_huge_row_is_read_once(media: str) -> None:
    """A value of several megabytes neither slows the count nor passes the bound."""
    huge = f"SELECT ?a {{ VALUES ?a {{ 'x' '{'y' * 3_000_000}' 'z' }} }}"
    sink = written(huge, media, max_rows=10, max_bytes=1_000_000)
    assert rows_in(media, sink.text()) == sink.rows == 1
    whole = written(huge, media, max_rows=10, max_bytes=1 << 23)
    assert rows_in(media, whole.text()) == whole.rows == 3


@pytest.mark.parametrize("media", sorted(ROW_TEXTS))
def test_rows_of_triple_terms_are_counted(media: str) -> None:
    """Nested braces do not end a row."""
    term = "<<( <http://a> <http://b> '}},{' )>>"
    sink = written(f"SELECT ?t ?u {{ VALUES ?n {{ 1 2 3 }} BIND({term} AS ?t) }}", media, max_rows=2)
    assert sink.text() and (sink.rows, sink.truncated) == (2, True)


def test_every_results_format_can_be_cut() -> None:
    """The tables of formats and of row shapes have the same names."""
    assert ROW_TEXTS.keys() == RESULTS.keys()
    assert set(RESULTS.values()) == {
        QueryResultsFormat.JSON,
        QueryResultsFormat.XML,
        QueryResultsFormat.CSV,
        QueryResultsFormat.TSV,
    }
