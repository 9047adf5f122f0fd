"""The staff view of one record, saved as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linkeddata.record import Reading, Record, Refusal
from linkeddata.sources.document import fields_of
from linkeddata.sources.staff_view import read_staff_view

SAVED = Path(__file__).resolve().parents[1] / "data/staff-view.txt"


def read(text: str | bytes, limit: int = 1 << 20) -> list[Reading]:
    content = text.encode() if isinstance(text, str) else text
    return list(read_staff_view((content[at : at + 5] for at in range(0, len(content), 5)), "f", limit))


def test_saved_page_gives_the_fields_of_the_seed_record(seed: dict[str, Any]) -> None:
    """Text and Solr's JSON of the same record are the same record, field by field and in order."""
    (record,) = read(SAVED.read_bytes())
    assert isinstance(record, Record)
    assert list(record.fields.items()) == list(fields_of(seed).items())


def test_place_is_the_line_of_the_first_field() -> None:
    """The labels of the page are passed over."""
    (record,) = read(SAVED.read_bytes())
    assert (record.id, record.place) == ("nottingham-40697", "f:11")


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("id\ta\nauthor\tX\nY", {"id": ["a"], "author": ["X", "Y"]}),
        ("id\ta\r\nauthor\tX\r\nY\r\n", {"id": ["a"], "author": ["X", "Y"]}),
        ("\ufeffid\ta", {"id": ["a"]}),
        ("id \ta", {"id": ["a"]}),
        ("id\ta\n\nauthor\t\nX\n\n", {"id": ["a"], "author": ["X"]}),
        ("id\ta\nauthor\tX\nauthor\tY", {"id": ["a"], "author": ["X", "Y"]}),
        ("id\ta\nempty\t\ntitle\tT", {"id": ["a"], "title": ["T"]}),
        ("id\ta\ndewey-full\t940\n_version_\t1\ngeo.x\tN", {
            "id": ["a"], "dewey-full": ["940"], "_version_": ["1"], "geo.x": ["N"],
        }),
        ("id\ta\ntitle\tT\twith tab", {"id": ["a"], "title": ["T\twith tab"]}),
        ("id\ta\ntopic\tX\nNot a name\there", {"id": ["a"], "topic": ["X", "Not a name\there"]}),
        ("id\ta\ntitle\tone\u2028line", {"id": ["a"], "title": ["one\u2028line"]}),
        ("Title: x\nid: no\nid\t  a", {"id": ["  a"]}),
    ],
)  # fmt: skip
def test_lines_are_fields_values_or_labels(lines: str, fields: dict[str, list[str]]) -> None:
    """A name and a tab begin a field; a line without is a further value; what comes before is a label."""
    assert read(lines) == [Record(fields["id"][0], fields)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no field `id`"),
        ("Some notes\nid: a\nid  a\n", "no field `id`"),
        ("title\tT", "no field `id`"),
        ("id\t\ntitle\tT", "no field `id`"),
        ("id\ta\nid\tb", "id has 2 values, a record has one"),
        (b"id\tcaf\xe9", "not UTF-8: byte 0xe9 at position 7"),
        ("id\t" + "x" * 100, "longer than 64 bytes"),
    ],
)
def test_file_that_is_no_staff_view_is_refused(text: str | bytes, reason: str) -> None:
    """The reason names what was looked for."""
    (refusal,) = read(text, limit=64)
    assert isinstance(refusal, Refusal)
    assert refusal.place == "f:1"
    assert refusal.reason.startswith(reason)
