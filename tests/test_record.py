"""What sources bring, and which of several records of one id is published."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.record import (
    Brought,
    Deletion,
    Presence,
    Reading,
    Record,
    Refusal,
    Unread,
    of_source,
    readings_of,
    standing,
)


def record(version: str = "", indexed: str = "", datestamp: str | None = None, source: str = "") -> Record:
    fields = {"_version_": [version], "last_indexed": ["", indexed]}
    return Record("r1", {name: values for name, values in fields.items() if any(values)}, datestamp, source=source)


#: Each stands above the one before it.
RISING = [
    (record(), 0),
    (record(datestamp="2024-01-01"), 0),
    (record(indexed="2024-02-01T00:00:00Z", datestamp="2030-01-01"), 0),
    (record(version="9"), 0),
    (record(version="10", indexed="2001-01-01T00:00:00Z"), 0),
    (record(version="10", indexed="2001-01-02T00:00:00Z"), 0),
    (record(version="1849925109405450243"), 0),
    (record(), 1),
    (record(version="1"), 1),
    (record(), 10),
]


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_priority_decides_then_version_then_date(lower: tuple[Record, int], higher: tuple[Record, int]) -> None:
    assert standing(*lower) < standing(*higher)


@pytest.mark.parametrize("version", ["-1", "1.5", "²", "1" * 21, "x"])
def test_version_that_is_no_lock_number_counts_as_none(version: str) -> None:
    assert standing(record(version=version)) == standing(record())


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_text_sorts_as_the_numbers_do(low: int, high: int, version: int, other: int) -> None:
    one, two = standing(record(version=str(version)), low), standing(record(version=str(other)), high)
    assert (one < two) == ((low, version) < (high, other))


def test_records_of_two_sources_are_not_equal() -> None:
    """And where a record was read makes no difference."""
    assert Record("a", {}, source="x") != Record("a", {}, source="y")
    assert Record("a", {}, place="f:1") == Record("a", {}, place="f:2")


def spelled(text: bytes, place: str) -> Iterator[Reading]:
    """A record of each letter."""
    return (Record(letter, {}, place=place) for letter in text.decode())


BROUGHT: list[Brought] = [Deletion("a"), Unread(b"bc", "f:7", spelled), Unread(b"", "f:8", spelled), Record("a", {})]


def test_what_is_unread_is_read_in_its_turn() -> None:
    """It comes to any number of readings, and each tells where it stood."""
    found = list(readings_of(BROUGHT))
    assert found == [Deletion("a"), Record("b", {}), Record("c", {}), Record("a", {})]
    assert [each.place for each in found if isinstance(each, Record)] == ["f:7", "f:7", ""]


@pytest.mark.parametrize(
    "brought", [*BROUGHT, Presence("a"), Refusal("f:1", "why")], ids=lambda each: type(each).__name__
)
def test_source_is_put_to_whatever_it_brings(brought: Brought) -> None:
    expected = ["core" for _ in readings_of([brought])]
    assert [each.source for each in readings_of([of_source(brought, "core")])] == expected
