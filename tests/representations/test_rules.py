"""The page of the mapping from its tables, whatever an operator has written into them."""

from __future__ import annotations

from typing import Any

import pytest

from linkeddata.representations.parts import Data, Text
from linkeddata.representations.rules import ProfilePage, Words, profile_page

WORDS = Words({"dcterms:title": "title", "rel:edt": "editor", "bibo:editor": "editor"}, "/ontologies/terms")


def page(version: str = "1", **tables: Any) -> ProfilePage:
    """The page of these tables; those not given are empty."""
    whole = {"crosswalk": {}, "formats": {}, "roles": {}, "readings": {}} | tables
    return profile_page(whole, version=version, words=WORDS, files=[], data=Data("u", "u", ()))


def line(**row: Any) -> Any:
    """The first line of the page of a crosswalk with one row."""
    row = {"from": "f", "property": "dcterms:title", "as": "text"} | row
    return page(crosswalk={"record": [row]}, readings={"text": "One line."}).sections[0].lines[0]


def test_line_says_field_property_and_reading_in_words() -> None:
    """The property leads to its place in the document of terms."""
    shown = line()
    assert (shown.fields, shown.reading, shown.narrowed) == (("f",), "One line.", "")
    assert shown.property == Text("Title", href="/ontologies/terms#dcterms:title", note="dcterms:title")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"max": 1}, "At most 1 value."),
        ({"max": 2, "scheme": "topic"}, "At most 2 values; in the list “topic”."),
        ({"when": "repository"}, "Only in records of research repositories."),
        ({"when": "never"}, "Never."),
        ({"unless": "dcterms:title"}, "Not where dcterms:title says the same."),
        ({"strip": " ,:;"}, "Without “,:;” at its end."),
        ({"tagged": False}, ""),
        ({"colour": ["red", "blue"]}, "Colour: red, blue."),
    ],
)
def test_what_narrows_a_line_is_put_into_words(row: dict[str, Any], words: str) -> None:
    """A column that nobody knows is shown as it is written."""
    assert line(**row).narrowed == words


@pytest.mark.parametrize("row", [{"as": "riddle"}, {"property": "x:y"}, {"from": ["a", "b"]}])
def test_unknown_words_are_shown_as_they_are(row: dict[str, Any]) -> None:
    """A table is checked elsewhere; here it never breaks the page."""
    shown = line(**row)
    assert (shown.reading == "riddle") == ("as" in row)
    assert (shown.property == Text("x:y")) == ("property" in row)
    assert shown.fields == tuple(row.get("from", ["f"]))


@pytest.mark.parametrize(
    ("row", "stated", "note"),
    [
        ({}, ["rel:edt"], ""),
        ({"property": "bibo:editor"}, ["bibo:editor"], ""),
        (
            {"property": "bibo:editor", "only_on": "bibo:Book"},
            ["bibo:editor", "rel:edt"],
            "the first only on bibo:Book",
        ),
    ],
)
def test_role_is_shown_by_what_states_it(row: dict[str, Any], stated: list[str], note: str) -> None:
    shown = page(roles={"edt": row}).roles[0]
    assert ([text.note for text in shown.stated], shown.note) == (stated, note)


def test_format_tells_where_other_classes_are_used() -> None:
    row = {"types": ["dcterms:title"], "coar": "c_1", "edited": "bibo:EditedBook", "carrier": True}
    shown = page(formats={"Book": row}).formats[0]
    assert [text.value for text in shown.types] == ["Title", "coar:c_1"]
    assert shown.note == "With editors but no author bibo:EditedBook; counts only where nothing else is known."


@pytest.mark.parametrize(("version", "own"), [("1", False), ("1+3f2a", True)])
def test_version_tells_whether_there_are_lines_of_the_site_itself(version: str, own: bool) -> None:
    assert page(version).with_own_lines is own
