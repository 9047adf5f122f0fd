"""The sheet on which one record is translated."""

from __future__ import annotations

from linkeddata.crosswalk import Crosswalk
from linkeddata.crosswalk.sheet import Note, Sheet
from linkeddata.record import Record
from linkeddata.vocabulary.ntriples import literal_token, uri_token


def sheet_of(crosswalk: Crosswalk, **fields: list[str]) -> Sheet:
    return Sheet(Record("r1", fields), crosswalk.uris, crosswalk.profile)


def test_statement_stands_once_where_it_was_first_made(crosswalk: Crosswalk) -> None:
    sheet, predicate = sheet_of(crosswalk), uri_token("https://example.org/p")
    for word in ("a", "b", "a"):
        sheet.say(predicate, literal_token(word))
    assert [value for *_, value in sheet.statements] == ['"a"', '"b"']


def test_values_are_those_that_say_something(crosswalk: Crosswalk) -> None:
    sheet = sheet_of(crosswalk, topic=["", "n/a", " b ", "a", " b "], empty=["unknown"])
    assert list(sheet.values("topic")) == [" b ", "a", " b "]
    assert sheet.values_of(("missing", "empty", "topic")) == [" b ", "a"]
    assert (sheet.first("topic"), sheet.first("empty"), sheet.values_of(("empty",))) == ("b", None, [])


def test_refused_value_is_noted_in_short(crosswalk: Crosswalk) -> None:
    sheet = sheet_of(crosswalk)
    sheet.refuse("url", "x" * 100_000, "too long")
    assert sheet.notes == [Note("url", "x" * 200, "too long")]


def test_concept_is_stated_with_label_and_scheme(crosswalk: Crosswalk) -> None:
    sheet = sheet_of(crosswalk)
    uri = sheet.concept("topic", "Quality of care")
    assert (
        uri
        == sheet.concept("topic", "Quality of care")
        == uri_token(crosswalk.uris.concept("topic", "Quality of care"))
    )
    assert [by for by, *_ in sheet.statements] == [uri] * 3


def test_repository_is_told_by_record_type(crosswalk: Crosswalk) -> None:
    assert sheet_of(crosswalk, recordtype=["EPrints"]).is_repository
    assert sheet_of(crosswalk, record_format=["eprints"]).is_repository
    assert not sheet_of(crosswalk, recordtype=["marc"], record_format=["eprints"]).is_repository
    assert not sheet_of(crosswalk).is_repository
