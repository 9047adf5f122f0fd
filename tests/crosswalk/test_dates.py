"""Publication dates and time stamps: what a string can honestly be said to be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.crosswalk.dates import PublicationDate, earliest, read_date, timestamp
from linkeddata.vocabulary.ntriples import read_literal

LATEST = 2028


def shown(token: str | None) -> str | None:
    """A typed literal in short: its text and the last part of its datatype."""
    if token is None:
        return None
    text, _, datatype = read_literal(token)
    return f"{text}^{datatype.rpartition('#')[2].rstrip('>')}"


@pytest.mark.parametrize(
    ("text", "literal", "has_words"),
    [
        ("2017", "2017^gYear", False),
        ("2017-06", "2017-06^gYearMonth", False),
        ("2017-06-21", "2017-06-21^date", False),
        ("2017-06-21T00:00:00Z", "2017-06-21^date", False),
        ("2020-02-29", "2020-02-29^date", False),
        ("c2017", "2017^gYear", False),
        ("©2017", "2017^gYear", False),
        ("[2017]", "2017^gYear", False),
        ("[c2017]", "2017^gYear", False),
        ("2017.", "2017^gYear", False),
        ("2015-2017", "2015^gYear", True),
        ("2015/2017", "2015^gYear", True),
        ("2015-17", "2015^gYear", True),
        ("2013-", "2013^gYear", True),
        ("[1998?]", "1998^gYear", True),
        ("1998?", "1998^gYear", True),
        ("1000", "1000^gYear", False),
        ("2028", "2028^gYear", False),
        ("2029", None, True),
        ("0999", None, True),
        ("2019-02-30", None, True),
        ("19--", None, True),
        ("199?", None, True),
        ("n.d.", None, True),
        ("02.11.2019", None, True),
        ("2017-06-21T12:00:00Z", "2017-06-21^date", True),
        ("2011-03-26 19:16:19", "2011-03-26^date", True),
        ("2021-03-04T25:61:00Z", None, True),
        ("c1957-c1970.", "1957^gYear", True),
        ("٢٠١٧", None, True),
        ("20171", None, True),
        ("", None, False),
    ],
)
def test_publication_date_is_no_more_exact_than_its_source(text: str, literal: str | None, has_words: bool) -> None:
    """A year stays a year; what is not a plain date keeps its words, besides or instead."""
    found = read_date(text, LATEST)
    assert shown(found.literal) == literal
    assert found.words == (text if has_words or not text else None)


NASTY = [
    (53, "1994", ["[1998?]", "201-?", "19XX", "[between 1900 and 1910?]", "n.d."]),
    (54, "1871", ["1871-1872", "2013-", "2001 Sep-Oct", "FEB 1999", "2541", "Heisei 12 [2000]", "5764 [2004]"]),
    (55, None, ["2019-02-30", "02.11.2019", "1", "0000", "-0044", "99/2019", "2021-03-04T25:61:00Z"]),
]


@pytest.mark.parametrize(("line", "year", "words"), NASTY)
def test_nasty_dates(shared: Path, line: int, year: str | None, words: list[str]) -> None:
    """The earliest year that can be believed is stated; all that is no plain date is kept as words."""
    document = json.loads((shared / "data" / "nasty.jsonl").read_text("utf-8").split("\n")[line - 1])
    found = [read_date(text, LATEST) for text in document["publishDate"]]
    assert shown(earliest(found).literal) == (year and f"{year}^gYear")
    assert [date.words for date in found if date.words] == words


@given(st.text() | st.from_regex(r"\[?c?[0-9]{1,5}([-/][0-9]{1,4})?([-/][0-9]{1,2})?\??\]?", fullmatch=True))
def test_date_is_typed_or_in_words(text: str) -> None:
    """No text is lost, and no year is believed beyond the bounds."""
    found = read_date(text, LATEST)
    assert found.parts or found.words == text
    assert not found.parts or 1000 <= found.parts[0] <= LATEST


def test_earliest_of_none_is_nothing() -> None:
    assert earliest([]) == earliest([PublicationDate(words="n.d.")]) == PublicationDate()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-11-14T19:42:54Z", "2025-11-14T19:42:54Z"),
        ("2025-11-14T20:42:54+01:00", "2025-11-14T19:42:54Z"),
        ("2025-12-31T23:30:00-01:00", "2026-01-01T00:30:00Z"),
        ("2025-11-14T19:42:54.653Z", "2025-11-14T19:42:54.653Z"),
        ("2025-11-14T19:42:54.500000000Z", "2025-11-14T19:42:54.5Z"),
        ("2025-11-14T19:42:54.000Z", "2025-11-14T19:42:54Z"),
        ("2025-11-14 19:42:54", None),
        ("2025-11-14T19:42:54", None),
        ("2025-11-14", None),
        ("2025-02-30T00:00:00Z", None),
        ("2025-11-14T25:00:00Z", None),
        ("2025-11-14T19:42:60Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("٢٠٢٥-11-14T19:42:54Z", None),
    ],
)
def test_moment_is_in_utc_or_nothing(text: str, moment: str | None) -> None:
    assert shown(timestamp(text)) == (moment and f"{moment}^dateTime")
