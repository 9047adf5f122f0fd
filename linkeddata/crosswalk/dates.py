"""Publication dates: what a source's string can honestly be said to be.

A year stays a year: nothing is padded to the first of January. What is not a plain date keeps its
own words beside or instead of a typed value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from linkeddata.vocabulary.ntriples import Token, literal_token, uri_token
from linkeddata.vocabulary.terms import XSD

EARLIEST_YEAR: Final = 1000
# Digits are written out: years in other scripts' digits are as often those of another calendar.
_PLAIN: Final = re.compile(r"(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2})(?:T00:00:00(?:\.0+)?Z?)?)?)?")
_DECORATED: Final = re.compile(r"(?:\[|c|©|\[c|\()?\s?(?P<y>[0-9]{4})[\].)]{0,3}")
# Ranges, open ranges and doubted years: the first year is stated, the whole string kept.
_INEXACT: Final = re.compile(r"\[?c?(?P<y>[0-9]{4})\??(?:\s?[-/–]\s?(?:c?[0-9]{4}|[0-9]{2}|))?\??\]?\.?")
# A moment says more than a date of publication; its day is stated, its words are kept.
_MOMENT: Final = re.compile(
    r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_STAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")
#: So many characters of a moment in ISO 8601 tell it to the second.
_SECONDS: Final = 19
_TYPES: Final = tuple(map(uri_token, (XSD.gYear, XSD.gYearMonth, XSD.date)))
_DATE_TIME: Final = uri_token(XSD.dateTime)
#: Longer texts are no dates, or rare ones, and each is read anew.
_REMEMBERED: Final = 40


class PublicationDate(NamedTuple):
    """A date as far as it is known: (year,), (year, month) or (year, month, day), or nothing; and
    the words of the source where they say more or less than that."""

    parts: tuple[int, ...] = ()
    words: str | None = None

    @property
    def literal(self) -> Token | None:
        """The typed literal: xsd:gYear, xsd:gYearMonth or xsd:date."""
        return _literal(self.parts) if self.parts else None


@lru_cache(maxsize=4096)
def _literal(parts: tuple[int, ...]) -> Token:
    lexical = f"{parts[0]:04d}" + "".join(f"-{part:02d}" for part in parts[1:])
    return literal_token(lexical, datatype=_TYPES[len(parts) - 1])


def read_date(text: str, latest_year: int) -> PublicationDate:
    """What a publication date says; years from 1000 to `latest_year` are believed.

    >>> read_date("c2017", 2030).parts, read_date("2017-06-21", 2030).parts
    ((2017,), (2017, 6, 21))
    >>> read_date("2015-2017", 2030)
    PublicationDate(parts=(2015,), words='2015-2017')
    >>> read_date("199?", 2030)
    PublicationDate(parts=(), words='199?')
    """
    return _known_date(text, latest_year) if len(text) <= _REMEMBERED else _read_date(text, latest_year)


def _read_date(text: str, latest_year: int) -> PublicationDate:
    for pattern, exact in ((_PLAIN, True), (_DECORATED, True), (_INEXACT, False), (_MOMENT, False)):
        found = pattern.fullmatch(text)
        parts = _believable(found, latest_year) if found else ()
        if parts:
            return PublicationDate(parts, None if exact else text)
    return PublicationDate(words=text)


#: Years, and moments of change, return in record after record, and several times in one.
_known_date = lru_cache(maxsize=4096)(_read_date)


def earliest(dates: Iterable[PublicationDate]) -> PublicationDate:
    """The earliest of several dates that is known at all; of equals the one known least exactly."""
    return min([date for date in dates if date.parts], key=attrgetter("parts"), default=PublicationDate())


def _believable(found: re.Match[str], latest_year: int) -> tuple[int, ...]:
    parts = tuple(int(part) for part in found.groupdict().values() if part)
    if not EARLIEST_YEAR <= parts[0] <= latest_year:
        return ()
    try:
        date(*(*parts, 1, 1)[:3])
    except ValueError:
        return ()
    return parts


def timestamp(text: str) -> Token | None:
    """A moment as xsd:dateTime in UTC with `Z`, or None where it is not one.

    >>> timestamp("2025-11-14T20:42:54+01:00"), timestamp("2025-11-14 19:42:54")
    ('"2025-11-14T19:42:54Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>', None)
    """
    return _known_moment(text) if len(text) <= _REMEMBERED else _read_moment(text)


def _read_moment(text: str) -> Token | None:
    found = _STAMP.fullmatch(text)
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if moment.year < EARLIEST_YEAR:
        return None
    fraction = (found[2] or "").rstrip("0").rstrip(".")
    return literal_token(f"{moment.isoformat()[:_SECONDS]}{fraction}Z", datatype=_DATE_TIME)


_known_moment = lru_cache(maxsize=4096)(_read_moment)
