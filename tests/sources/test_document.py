"""What one Solr document says."""

from __future__ import annotations

from typing import Any

import pytest

from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources.document import fields_of, read_document


def read(document: dict[str, Any]) -> list[Reading]:
    return list(read_document(document, "f:1"))


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("One", ["One"]),
        (["One", "Two"], ["One", "Two"]),
        (2017, ["2017"]),
        (1848796118676144128, ["1848796118676144128"]),
        (2017.5, ["2017.5"]),
        ([2017, None, "", "2018"], ["2017", "", "", "2018"]),
        ("  kept as it is \n", ["  kept as it is \n"]),
        ("half \ud800 of a pair", ["half \ud800 of a pair"]),
        ([True, {"name": "X"}, ["Y"], "Z"], ["", "", "", "Z"]),
    ],
)
def test_every_value_becomes_text(value: object, texts: list[str]) -> None:
    """Scalars and lists give lists of texts; what is no text goes."""
    assert fields_of({"field": value}) == {"field": texts}


@pytest.mark.parametrize("value", [None, "", [], [None, ""], True, False, {"name": "X"}, [["Y"]]])
def test_field_without_any_text_is_left_out(value: object) -> None:
    """A field is there only if it says something."""
    assert fields_of({"field": value}) == {}


def test_fields_keep_the_order_of_the_source() -> None:
    """Order is the source's, not the alphabet's."""
    assert list(fields_of({"b": "1", "id": "2", "a": "3"})) == ["b", "id", "a"]


@pytest.mark.parametrize(
    ("value", "own_id"),
    [
        ("nottingham-40697", "nottingham-40697"),
        ("  2008305903", "  2008305903"),
        ("a%252Fb\nc", "a%252Fb\nc"),
        (40697, "40697"),
        (["only-one"], "only-one"),
    ],
)
def test_id_is_taken_verbatim(value: object, own_id: str) -> None:
    """Nothing is trimmed, folded or decoded."""
    assert read({"id": value}) == [Record(own_id, {"id": [own_id]})]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"title": "x"}, "no id"),
        ({"id": None}, "id is null"),
        ({"id": ""}, "id is empty"),
        ({"id": [""]}, "id is empty"),
        ({"id": []}, "id has 0 values, a record has one"),
        ({"id": ["a", "b"]}, "id has 2 values, a record has one"),
        ({"id": True}, "id is not a text"),
        ({"id": {"a": "b"}}, "id is not a text"),
        ({"id": [["a"]]}, "id is not a text"),
        ({"id": "a\ud800"}, "id holds half a surrogate pair, which no URI can carry"),
        ({"delete": {"query": "*:*"}}, "a deletion that names no id"),
        ({"delete": {"id": "1", "sucessor": "2"}}, "a deletion that says 'sucessor', which means nothing here"),
        ({"delete": {"id": ""}}, "a deletion whose id is empty"),
        ({"delete": None}, "a deletion whose id is null"),
        ({"delete": {"id": "a", "successor": "a"}}, "a deletion whose successor is the record itself"),
        ({"deleted": True}, "no id"),
    ],
)
def test_document_that_names_no_record_is_refused(document: dict[str, Any], reason: str) -> None:
    """The reason says what is wrong with the id."""
    assert read(document) == [Refusal("f:1", reason)]


@pytest.mark.parametrize(
    ("document", "ids"),
    [
        ({"delete": {"id": "a"}}, ["a"]),
        ({"delete": {"id": "a", "_version_": 3}}, ["a"]),
        ({"delete": {"id": ["a", "b"]}}, ["a", "b"]),
        ({"delete": "a"}, ["a"]),
        ({"delete": ["a", "b"]}, ["a", "b"]),
        ({"delete": 40697}, ["40697"]),
        ({"id": "a", "deleted": True, "title": "Gone"}, ["a"]),
    ],
)
def test_deletion_in_every_form_of_solr_is_understood(document: dict[str, Any], ids: list[str]) -> None:
    """One deletion for each id."""
    assert read(document) == [Deletion(each) for each in ids]


def test_deleted_document_keeps_its_time_of_change() -> None:
    """An old tombstone can be told from a new one though the fields are gone."""
    document = {"id": "a", "deleted": True, "last_indexed": "2025-11-14T19:42:54Z"}
    assert read(document) == [Deletion("a", datestamp="2025-11-14T19:42:54Z")]


@pytest.mark.parametrize("mark", [{"deleted": False}, {"deleted": "true"}, {"delete": "b"}])
def test_field_that_only_looks_like_a_deletion_deletes_nothing(mark: dict[str, Any]) -> None:
    """A document with an id is withdrawn by `"deleted": true` alone."""
    assert [type(each) for each in read({"id": "a", **mark})] == [Record]


def test_one_bad_id_among_deletions_costs_only_itself() -> None:
    """The other ids of the same command are deleted."""
    assert read({"delete": ["a", "", "b"]}) == [
        Deletion("a"),
        Refusal("f:1", "a deletion whose id is empty"),
        Deletion("b"),
    ]


def test_every_reading_names_its_place() -> None:
    """Messages can point at the line."""
    places = [reading.place for each in ({"id": "a"}, {"delete": "b"}, {}) for reading in read(each)]
    assert places == ["f:1", "f:1", "f:1"]
