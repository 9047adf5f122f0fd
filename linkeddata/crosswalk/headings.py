"""Name headings and subject headings: cut at their punctuation, never guessed at.

A heading without a comma may be a person, a body or a pseudonym; it stays an agent.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
# EPrints prints honorifics in front of the given name.
_PREFIX: Final = re.compile(r"(Dr|Prof|Professor|Sir|Dame|Rev|Datuk|Dato['’]|Tan Sri)\.?\s+(?=\S)", re.IGNORECASE)
_DATES = re.compile(r"(?:(?:approximately|active|ca\.?|b\.|d\.)\s*)?\d{3,4}\??\s*-?\s*(?:\d{3,4}\??)?\.?|-\d{3,4}\.?")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class PersonName(NamedTuple):
    """A name heading taken apart; `family` is None where it is unknown whether it is a person."""

    name: str
    family: str | None = None
    given: str | None = None
    prefix: str | None = None
    suffix: str | None = None


def read_name(heading: str) -> PersonName:
    """A name heading (one line of clean text) as a name and its parts.

    >>> read_name("Waring, Justin")
    PersonName(name='Justin Waring', family='Waring', given='Justin', prefix=None, suffix=None)
    >>> read_name("King, Martin Luther, Jr.").suffix, read_name("Smith, Dr John").prefix
    ('Jr.', 'Dr')
    >>> read_name("World Health Organization").family is None, read_name("李, 小明").name
    (True, '李小明')
    """
    parts = [part.strip() for part in heading.split(",")]
    family, rest = parts[0], [part for part in parts[1:] if part and not _DATES.fullmatch(part)]
    given: str | None = None
    suffix: str | None = None
    for part in rest:
        if suffix is None and part.lower() in _SUFFIXES:
            suffix = part
        elif given is None:
            given = part
    if not family or not given:
        return PersonName(", ".join(filter(None, (family, *rest))) or heading.strip(", "))
    found = _PREFIX.match(given)
    prefix, given = (found[0].strip(), given[found.end() :]) if found else (None, given)
    return PersonName(_full(family, given, prefix=prefix, suffix=suffix), family, given, prefix, suffix)


def _full(family: str, given: str, *, prefix: str | None, suffix: str | None) -> str:
    if not family.isascii() and _CJK.search(family) and _CJK.search(given):
        return family + given
    return f"{given} {family} {suffix}" if suffix else f"{given} {family}"


def split_subjects(text: str) -> list[str]:
    """The subjects in one string: cut at semicolons outside brackets, a final full stop taken off.

    >>> split_subjects("Health; National Health Service (NHS; UK); Schools -- Yemen.")
    ['Health', 'National Health Service (NHS; UK)', 'Schools -- Yemen']
    """
    if ";" not in text:
        subject = text.strip().removesuffix(".").strip()
        return [subject] if subject else []
    pieces = _pieces(text) if "(" in text or "[" in text else text.split(";")
    return [subject for piece in pieces if (subject := piece.strip().removesuffix(".").strip())]


def _pieces(text: str) -> list[str]:
    cuts = _cuts(text)
    return [text[start:end] for start, end in zip((0, *(cut + 1 for cut in cuts)), (*cuts, None), strict=True)]


def _cuts(text: str) -> list[int]:
    """Where semicolons stand outside brackets; a bracket that is never closed encloses nothing."""
    cuts: list[int] = []
    cuts_at_opening: list[int] = []
    for place, character in enumerate(text):
        if character == ";":
            cuts.append(place)
        elif character in "([":
            cuts_at_opening.append(len(cuts))
        elif character in ")]" and cuts_at_opening:
            del cuts[cuts_at_opening.pop() :]
    return cuts
