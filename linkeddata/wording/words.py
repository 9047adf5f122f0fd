"""One language of the site, as a value that pages are made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from linkeddata.errors import LinkedDataError

#: English with the day before the month, as it is spelt everywhere here.
_TERRITORIES: Final = {"en": "en_GB"}


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """A language: its tag (BCP 47), its messages, and the labels of terms in it; each is like none but itself."""

    language: str
    messages: NullTranslations = field(default_factory=NullTranslations, repr=False)
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    locale: Locale = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises `babel.UnknownLocaleError` or ValueError for a tag that names no language."""
        object.__setattr__(self, "locale", _locale(self.language))

    @property
    def name(self) -> str:
        """What the language calls itself."""
        own = _own_name(self.locale) or self.language
        return own[:1].upper() + own[1:]

    @property
    def direction(self) -> str:
        """Which way it is written: `ltr` or `rtl`."""
        return str(self.locale.text_direction)

    def say(self, message: str, /, **values: object) -> str:
        """A message in this language, with values in the place of `%(name)s`.

        >>> ENGLISH.say("Version %(version)s", version=1)
        'Version 1'
        """
        said = self.messages.gettext(message) if message else ""
        return said % values if values else said

    def told(self, error: LinkedDataError) -> str:
        """What an error says, in this language where a catalogue knows its message.

        >>> ENGLISH.told(LinkedDataError("Wait %(count)s seconds.", count=3))
        'Wait 3 seconds.'
        """
        values = {
            name: self.told(value) if isinstance(value, LinkedDataError) else value
            for name, value in error.values.items()
        }
        return self.say(error.message, **values)

    def knows(self, message: str) -> bool:
        """Whether a message is said in this language, and not in that of the source."""
        return self.locale.language == "en" or (bool(message) and self.messages.gettext(message) != message)

    def plural(self, one: str, many: str, number: int, /) -> str:
        """A message about a number of things, which stands in the place of `%(num)s`.

        >>> ENGLISH.plural("%(num)s work", "%(num)s works", 1200)
        '1,200 works'
        """
        return self.messages.ngettext(one, many, number) % {"num": self.number(number)}

    def number(self, number: float, places: int = 0) -> str:
        """A number as readers of the language group it.

        >>> ENGLISH.number(61204), Wording("de").number(61204), Wording("de").number(38.42, 1)
        ('61,204', '61.204', '38,4')
        """
        return _number(number, places, self.language)

    def day(self, year: int, month: int, day: int | None) -> str:
        """A day, or a month of a year where no day is given. ValueError for one that the calendar has not.

        >>> ENGLISH.day(2017, 6, 21), Wording("de").day(2017, 6, 21), Wording("de").day(2017, 3, None)
        ('21 June 2017', '21. Juni 2017', 'März 2017')
        """
        return _day(year, month, day, self.language)


# Babel reads its tables anew for each name, number and date, and pages show few different ones. They are kept by the
# language's tag: a locale is compared in Python.


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    return Locale.parse(_TERRITORIES.get(language, language.replace("-", "_")))


@lru_cache(maxsize=64)
def _own_name(locale: Locale) -> str | None:
    return locale.get_language_name(locale)


@lru_cache(maxsize=4_096)
def _number(number: float, places: int, language: str) -> str:
    return str(format_decimal(number, "#,##0" + ("." + "0" * places if places else ""), locale=_locale(language)))


@lru_cache(maxsize=4_096)
def _day(year: int, month: int, day: int | None, language: str) -> str:
    locale = _locale(language)
    if day is None:
        return str(format_skeleton("yMMMM", date(year, month, 1), locale=locale))
    return str(format_date(date(year, month, day), "long", locale=locale))


#: The language of the source, without labels.
ENGLISH: Final = Wording("en")
