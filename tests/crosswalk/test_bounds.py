"""What is too long or too much for any record: left out, or refused, with its reason."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from linkeddata.crosswalk import Crosswalk
from linkeddata.crosswalk.bounds import LONGEST_ID, LONGEST_VALUE, MOST_VALUES
from linkeddata.errors import RecordRefused
from linkeddata.record import Record
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.uris import Uris

CROSSWALK = Crosswalk(Uris("https://data.example.org/"))
FIELDS = ("title", "author", "topic", "description", "publisher", "container_title", "series", "physical")


@pytest.mark.parametrize("character", ["x", '"', "\\", "\n", "é", "李", "🙂"])
def test_longest_value_makes_lines_that_parsers_read(character: str) -> None:
    """Whatever its characters become in URIs and texts: the store reads no line of more than 16 MiB."""
    value = f"a{character * ((LONGEST_VALUE - 2) // len(character.encode()))}b"
    mapping = CROSSWALK(Record("r", {"title": ["T"], **{name: [value] for name in FIELDS}, "format": ["Article"]}))
    assert mapping.notes == ()
    lines = ntriples.text(mapping.statements).encode()
    assert len(list(parse(lines, format=RdfFormat.N_TRIPLES))) == len(mapping.statements)


def test_longer_value_is_left_out_and_keeps_its_place() -> None:
    """The role that stood beside it goes to nobody else."""
    record = Record("r", {"title": ["T"], "author2": ["x" * (LONGEST_VALUE + 1), "Boole, George"],
                          "author2_role": ["edt", "trl"]})  # fmt: skip
    mapping = CROSSWALK(record)
    assert [(note.field, note.reason) for note in mapping.notes] == [("author2", "longer than 1,000,000 bytes")]
    text = ntriples.text(mapping.statements)
    assert "Boole" in text and "translator" in text and "editor" not in text


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Record("r" * (LONGEST_ID + 1), {"title": ["T"]}), "id is longer than 2,000 characters"),
        (Record("r", {"title": ["T"], "topic": ["t"] * MOST_VALUES}), "more than 50,000 values"),
        (Record("r", {"title": ["x" * (LONGEST_VALUE + 1)]}), "no title"),
    ],
)
def test_record_beyond_bounds_is_refused(record: Record, reason: str) -> None:
    with pytest.raises(RecordRefused, match=reason):
        CROSSWALK(record)
