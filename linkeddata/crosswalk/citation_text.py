"""What the readers of an EPrints text share: its normal form, its words, and the place of what was found."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from linkeddata.crosswalk.text import is_piled_up, is_printable


class Find(NamedTuple):
    """A value, and where in the normalised text it stands (behind its last character: `end`)."""

    value: Any
    start: int
    end: int


Finds: TypeAlias = dict[str, Find]


def one_line(text: str) -> str:
    """Text in NFC on one line, runs of white space folded to one blank and cut off at the ends.

    >>> one_line("  Mu\\u0308ller,\\n Jo\\u0308rg ")
    'Müller, Jörg'
    """
    if not text.isascii() and not is_piled_up(text):
        text = unicodedata.normalize("NFC", text)
    # Of all white space only the plain blank counts as printable.
    if "  " not in text and is_printable(text):
        return text.strip()
    return " ".join(text.split())


def ends_word(text: str, at: int) -> bool:
    """Whether a blank or the end of the text stands at a place."""
    return at == len(text) or text[at : at + 1] == " "


def begins_word(text: str, at: int) -> bool:
    """Whether a word can begin at a place."""
    return at == 0 or text[at - 1] == " "


def occurrences(text: str, words: str, start: int, end: int) -> Iterator[int]:
    """Where words stand as words of their own between two places, overlapping ones too."""
    at = text.find(words, start, end)
    while at >= 0:
        if begins_word(text, at) and ends_word(text, at + len(words)):
            yield at
        at = text.find(words, at + 1, end)


def found(text: str, start: int, end: int) -> Find:
    """What stands between two places, as it stands."""
    return Find(text[start:end], start, end)
