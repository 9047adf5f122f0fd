"""JSON objects read exactly, or refused with the reason."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.errors import RecordRefused
from linkeddata.sources import json_object as module
from linkeddata.sources.json_object import MAX_DEPTH, MAX_VALUES, json_object


def nested(depth: int) -> bytes:
    """An object whose lists go `depth` levels deep, itself counted."""
    return b'{"x":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"_version_":1848796118676144128}', 1848796118676144128),
        (b'{"x":123456789012345678901234567890}', "123456789012345678901234567890"),
        (b'{"x":2017.50}', "2017.50"),
        (b'{"x":[1,1e999]}', ["1", "1e999"]),
        (b'{"x":"\\ud800"}', "\ud800"),
        (b'{"x":"a\\":b"}', 'a":b'),
        (b'{"x" : ": y"}', ": y"),
        ('{"x":"café"}'.encode(), "café"),
        (b'{"x":"caf\\u00e9"}', "café"),
    ],
)
def test_values_are_exact(text: bytes, value: object) -> None:
    """No digit is lost, no text is changed."""
    assert list(json_object(text).values()) == [value]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"a":"no end', "not JSON: Unterminated string starting at column 6"),
        (b'{"a":"caf\xe9"}', "not UTF-8: byte 0xe9 at position 10"),
        (b'{"a":NaN}', "not JSON: NaN is not a number"),
        (b'{"a":-Infinity}', "not JSON: -Infinity is not a number"),
        (b'{"a":"raw\x01control"}', "not JSON: Invalid control character at column 10"),
        (b'{\n"a":"b"\n"c":1}', "not JSON: Expecting ',' delimiter at line 3 of the document, column 1"),
        (b'{"a":1} {"a":2}', "not JSON: Extra data at column 9"),
        (b'["a"]', "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"title":1,"title":2}', "key 'title' stands twice"),
        (b'{"a":{"b":1,"b":1}}', "key 'b' stands twice"),
        (b'{"a" :1,"a":2}', "key 'a' stands twice"),
        (b'{"a":1,"\\u0061":1e9}', "key 'a' stands twice"),
        (nested(MAX_DEPTH + 1), "nested deeper than 100 levels"),
        (nested(200_000), "nested deeper than 100 levels"),
        (b'{"x":' + b'{"x":' * 200_000, "nested deeper than 100 levels"),
    ],
)
def test_refusal_says_why_and_where(text: bytes, reason: str) -> None:
    """The reason is fit for the person who has to mend the record."""
    with pytest.raises(RecordRefused) as refused:
        json_object(text)
    assert str(refused.value) == reason


@pytest.mark.parametrize("text", [nested(MAX_DEPTH), b'{"x":"' + b"[{" * 1000 + b'"}'])
def test_depth_counts_brackets_outside_strings_only(text: bytes) -> None:
    """The limit itself is allowed, and brackets in an abstract are text."""
    assert list(json_object(text)) == ["x"]


def test_bomb_of_empty_lists_is_refused_without_being_unpacked() -> None:
    """Half a million lists cost nothing but their text, not 64 bytes each."""
    bomb = b'{"x":[' + b"[]," * (MAX_VALUES + 1) + b"[]]}"
    tracemalloc.start()
    with pytest.raises(RecordRefused, match="more than 500,000 values"):
        json_object(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("text", [",[{" * (MAX_VALUES + 1), 'a\\", "b' * (MAX_VALUES + 1)], ids=["marks", "quotes"])
def test_text_full_of_commas_is_one_value(text: str) -> None:
    """What looks like half a million values stands in a string; those that stand outside are counted still."""
    document = {"id": "a", "description": text, "author": ["A", "B"]}
    assert json_object(json.dumps(document).encode()) == document
    with pytest.raises(RecordRefused, match="more than 500,000 values"):
        json_object(json.dumps({**document, "topic": ["x"] * (MAX_VALUES + 2)}).encode())


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,\n", "\t: ")])
def test_flat_document_is_read_the_fast_way_however_it_is_spaced(
    separators: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow second opinion is asked for doubtful documents only."""
    monkeypatch.setattr(module, "_carefully", lambda _: pytest.fail("read twice"))
    document = {"id": "a", "title": "Ünder the [sea]: a \\ study", "year": 2017, "author": ["A", "B"]}
    assert json_object(json.dumps(document, separators=separators).encode()) == document


texts = st.text(st.characters(exclude_categories=[]), max_size=8)
values = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | texts


@given(st.dictionaries(texts, values | st.lists(values, max_size=3), max_size=6), st.booleans())
def test_flat_documents_come_back_whole(document: dict[str, Any], spaced: bool) -> None:
    """Fast or careful, what was written is read; numbers may be text."""
    text = json.dumps(document, separators=None if spaced else (",", ":")).encode()
    assert list(json_object(text).items()) in (list(document.items()), list(_numbers_as_text(document).items()))


def _numbers_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_numbers_as_text(each) for each in value]
    return str(value) if type(value) is int else value
