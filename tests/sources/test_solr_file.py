"""Files of Solr documents in every shape they come in."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from linkeddata.errors import SourceError
from linkeddata.record import Deletion, Reading, Record, Refusal, readings_of
from linkeddata.sources.solr_file import cut_solr

A, B = {"id": "a", "title": 'Brackets ]}, "quotes\\" and \\\\'}, {"id": "b", "author": ["X", "Y"]}
COMPACT_A, COMPACT_B = json.dumps(A), json.dumps(B)
PRETTY_A, PRETTY_B = json.dumps(A, indent=2), json.dumps(B, indent=2)
HEADER = '"responseHeader": {"status": 0, "params": {"fl": "docs", "x": ["{"]}}'
MARK = "\ufeff"


def read(text: str | bytes, size: int = 1 << 20, limit: int = 1 << 20) -> list[Reading]:
    content = text.encode() if isinstance(text, str) else text
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    return list(readings_of(cut_solr(pieces, "f", limit)))


def brief(readings: list[Reading]) -> list[tuple[str, str]]:
    """Place and id of records and deletions, place and reason of refusals."""
    return [(each.place, each.reason if isinstance(each, Refusal) else each.id) for each in readings]


SHAPES = {
    "one document": (COMPACT_A, ["a"]),
    "one pretty document": (PRETTY_A, ["a"]),
    "one document begun on its first line": ('{"id": "a",\n "title": "x"\n}', ["a"]),
    "pretty documents one after another": (PRETTY_A + "\n" + PRETTY_B + "\n", ["a", "b"]),
    "JSON lines": (COMPACT_A + "\n" + COMPACT_B + "\n", ["a", "b"]),
    "JSON lines, CRLF, blank lines": ("\r\n" + COMPACT_A + "\r\n\r\n  \n" + COMPACT_B + "\r\n", ["a", "b"]),
    "JSON lines, marks": (MARK + COMPACT_A + "\n" + MARK + COMPACT_B, ["a", "b"]),
    "a list": (json.dumps([A, B]), ["a", "b"]),
    "a pretty list": (json.dumps([A, B], indent=2), ["a", "b"]),
    "a list, a document a line": (f"[\n{COMPACT_A},\n{COMPACT_B}\n]\n", ["a", "b"]),
    "a list behind a mark": (MARK + json.dumps([A, B]), ["a", "b"]),
    "a list with commas amiss": (f"[{COMPACT_A} {COMPACT_B},]", ["a", "b"]),
    "two lists": (f"[{COMPACT_A}]\n[{COMPACT_B}]", ["a", "b"]),
    "an empty list": ("[]", []),
    "an empty pretty list": ("[\n]", []),
    "an answer": (f'{{{HEADER}, "response": {{"numFound": 2, "docs": [{COMPACT_A}, {COMPACT_B}]}}}}', ["a", "b"]),
    "a pretty answer": (json.dumps({"responseHeader": {}, "response": {"docs": [A, B]}}, indent=1), ["a", "b"]),
    "an answer without header": (json.dumps({"response": {"docs": [A]}, "facets": {"docs": [B]}}), ["a"]),
    "an answer of none": (json.dumps({"responseHeader": {}, "response": {"docs": []}}), []),
    "an answer a line": ((json.dumps({"response": {"docs": [A]}}) + "\n") * 2, ["a", "a"]),
    "nothing": ("", []),
    "nothing but blanks": (MARK + " \n\n", []),
}


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("shape", SHAPES)
def test_documents_are_found_in_every_shape(shape: str, size: int) -> None:
    """Whatever the shape and however the bytes arrive, the documents are the same."""
    text, ids = SHAPES[shape]
    readings = read(text, size)
    whole = {"a": {"id": ["a"]} | ({"title": [A["title"]]}), "b": {"id": ["b"], "author": ["X", "Y"]}}
    if shape != "one document begun on its first line":
        assert readings == [Record(each, whole[each]) for each in ids]
    assert [each.id for each in readings] == ids


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"{COMPACT_A}\n\n{COMPACT_B}", ["f:1", "f:3"]),
        (f"\n{PRETTY_A}\n{PRETTY_B}", ["f:2", "f:6"]),
        (f"[\n{COMPACT_A},\n\n{COMPACT_B}]", ["f:2", "f:4"]),
        (json.dumps({"response": {"docs": [A, B]}}, indent=1), ["f:4", "f:8"]),
    ],
)
def test_place_is_the_line_where_the_document_begins(text: str, places: list[str]) -> None:
    """In every shape the place can be jumped to in an editor."""
    assert [each.place for each in read(text)] == places


BROKEN_LINES = [
    (1, "ok-1"),
    (2, "not JSON: Unterminated string starting at column 25"),
    (4, "bom-1"),
    (5, "not UTF-8: byte 0xe9 at position 28"),
    (6, "not JSON: NaN is not a number"),
    (7, "key 'title' stands twice"),
    (8, "not JSON: "),  # the words for a comma too many differ between Python versions
    (9, "not a JSON object"),
    (10, "no id"),
    (11, "id is null"),
    (12, "id is empty"),
    (13, "id has 2 values, a record has one"),
    (14, "nested deeper than 100 levels"),
    (15, "dup-1"),
    (16, "not JSON: Invalid control character at column 26"),
    (17, "cr"),
    (18, "ok-2"),
]


def test_broken_lines_cost_only_themselves(shared: Path) -> None:
    """Each of 18 lines is a record, a deletion, nothing (the blank one), or a refusal that says why."""
    found = brief(read((shared / "data/nasty_broken.jsonl").read_bytes()))
    assert [place for place, _ in found] == [f"f:{line}" for line, _ in BROKEN_LINES]
    assert all(said.startswith(expected) for (_, said), (_, expected) in zip(found, BROKEN_LINES, strict=True))


def test_broken_lines_are_of_the_right_kind(shared: Path) -> None:
    """Four records, one deletion, twelve refusals."""
    readings = read((shared / "data/nasty_broken.jsonl").read_bytes())
    kinds = {"ok-1": Record, "bom-1": Record, "cr": Record, "ok-2": Record, "dup-1": Deletion}
    assert [type(each) for each in readings] == [kinds.get(said, Refusal) for _, said in BROKEN_LINES]


@pytest.mark.parametrize(
    "first", ['{"id":"cut-off","title":"no end', '{"id":"cut-off",', '{"id":"cut-off","x":[', "{", "x"]
)
def test_broken_first_line_does_not_hide_that_these_are_lines(first: str) -> None:
    """The next line begins with a brace, so the first one does not go on."""
    found = brief(read(f"{first}\n\n{COMPACT_A}\n{COMPACT_B}\n"))
    assert found[1:] == [("f:3", "a"), ("f:4", "b")]
    assert found[0][1].startswith("not JSON")


def test_first_line_that_is_a_list_of_words_is_refused_as_a_line() -> None:
    """Only a list of objects makes the file a list."""
    assert brief(read(f'["not","an","object"]\n{COMPACT_A}')) == [("f:1", "not a JSON object"), ("f:2", "a")]


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ('{"id": "x", }', "not JSON: "),
        ('{"id": "x", "id": "y"}', "key 'id' stands twice"),
        ('{"id": "x",\n "title": "a\nb"}', "not JSON: Invalid control character at line 2 of the document, column"),
        ("{]", "not JSON: "),
        ("null", "not a JSON object"),
        ("-1.5e3", "not a JSON object"),
        ('"text, with ] and {"', "not a JSON object"),
        ('["a", ["b"]]', "not a JSON object"),
        ('{"title": "x"}', "no id"),
        ('{"id": "' + "x" * 300 + '"}', "longer than 200 bytes"),
    ],
)
def test_broken_document_of_a_list_costs_only_itself(element: str, reason: str) -> None:
    """What is wrong inside its brackets does not touch its neighbours."""
    before, refused, after = brief(read(f"[{COMPACT_A},\n{element},\n{COMPACT_B}]", limit=200))
    assert (before[1], after[1]) == ("a", "b")
    assert refused[0] == "f:2"
    assert refused[1].startswith(reason)


LOST = "f:{}: from here on the file cannot be read: {}"
WITHIN = "the file ends within the value that begins there"
UNCLOSED = "the file ends before its list or object is closed"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (f'[{COMPACT_A},\n{{"id": "b", "title": "cut', 2, WITHIN),
        (f'[{COMPACT_A},\n{{"id": "b", "title": "cut\\', 2, WITHIN),
        (f'[{COMPACT_A},\n{{"id": "b", "author": [\n"X",', 2, WITHIN),
        (f"[{COMPACT_A},\n tru", 2, WITHIN),
        (f"[{COMPACT_A},\n", 2, UNCLOSED),
        (f"[{COMPACT_A}\n}}\n{COMPACT_B}]", 2, "'}' stands where a value should"),
        (f'{PRETTY_A}\n{{\n"id": "b",', 5, WITHIN),
        (f'{{"response": {{"docs": [{COMPACT_A}\n', 2, UNCLOSED),
        (f'{{"response": {{"docs": [{COMPACT_A}]\n', 2, UNCLOSED),
        (f'{{"response": {{"docs": [{COMPACT_A}],\n"x" 1}}}}', 2, "a key without a colon"),
    ],
)
def test_file_that_breaks_off_is_no_whole_source(text: str, line: int, why: str) -> None:
    """What came before is read; then it is said from which line on nothing is."""
    readings = readings_of(cut_solr(iter([text.encode()]), "f"))
    assert brief([next(readings)]) == [("f:1", "a")]
    with pytest.raises(SourceError) as broken:
        list(readings)
    assert str(broken.value) == LOST.format(line, why)


def test_answer_without_documents_is_refused() -> None:
    """An error of Solr's is not an empty index."""
    answer = {"responseHeader": {"status": 400}, "error": {"msg": "undefined field"}}
    assert brief(read(json.dumps(answer))) == [("f:1", "an answer of Solr without a list of documents (response.docs)")]


def test_long_line_is_refused_and_the_rest_goes_on() -> None:
    """The limit is on the line, not on the file."""
    long_line = json.dumps({"id": "long", "description": "x" * 300})
    assert brief(read(f"{COMPACT_A}\n{long_line}\n{COMPACT_B}", size=64, limit=200)) == [
        ("f:1", "a"),
        ("f:2", "longer than 200 bytes"),
        ("f:3", "b"),
    ]


@pytest.mark.parametrize("digits", ["1848796118676144128", "98765432109876543210"])
def test_version_is_exact(digits: str) -> None:
    """No number passes through a float, in or beyond 64 bits."""
    (record,) = read(f'{{"id": {digits}, "_version_": {digits}}}')
    assert record == Record(digits, {"id": [digits], "_version_": [digits]})


def documents_for_ever(piece: bytes, counted: list[int]) -> Iterator[bytes]:
    """`[` and then the same documents again and again, counting what is asked for."""
    yield b"["
    while True:
        counted.append(len(piece))
        yield piece


def test_list_is_read_as_far_as_it_is_asked_for() -> None:
    """A document is out before the next piece is taken: a list without an end can be read."""
    counted: list[int] = []
    piece = f"{COMPACT_A},{COMPACT_B},".encode()
    readings = readings_of(cut_solr(documents_for_ever(piece, counted), "f"))
    taken = list(islice(readings, 10_000))
    assert len(taken) == 10_000
    assert sum(counted) <= len(piece) * 5_000 + (64 << 10) + len(piece)


@pytest.mark.parametrize("opening", [b"[", b'{"responseHeader":{},"response":{"docs":['])
def test_memory_does_not_grow_with_the_list(opening: bytes) -> None:
    """50 MB of documents in one line cost less than 2."""
    document = json.dumps({"id": "a", "description": "x" * 4000}).encode() + b","
    piece = document * 16
    pieces = [opening, *[piece] * (50_000_000 // len(piece)), b"]}}" if opening[:1] == b"{" else b"]"]
    tracemalloc.start()
    count = sum(isinstance(each, Record) for each in readings_of(cut_solr(iter(pieces), "f")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 16 * (len(pieces) - 2)
    assert peak < 2_000_000


def test_endless_document_of_a_list_is_not_held() -> None:
    """A string of 100 MB in a list costs no more than the limit."""
    pieces = iter([b'[{"id":"a","x":"', *[b"x" * (1 << 20)] * 100, b'"},', COMPACT_B.encode(), b"]"])
    tracemalloc.start()
    found = brief(list(readings_of(cut_solr(pieces, "f", 4 << 20))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [("f:1", "longer than 4 MiB"), ("f:1", "b")]
    assert peak < 12 << 20
