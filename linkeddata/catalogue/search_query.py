"""What somebody typed into a search box, made a query that can do no harm.

Every word goes to the full-text index folded and between double quotes, which folded text cannot hold:
nothing of the index's own language gets through, and nothing is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from linkeddata.vocabulary.folding import fold, is_spaceless

#: Longer texts are cut here; so are more words, and longer phrases.
LONGEST: Final = 500
MOST_PARTS: Final = 20
_MOST_WORDS: Final = 30
#: Shorter beginnings of words fit too much, as do many: what is beyond is a whole word.
_SHORTEST_BEGINNING: Final = 3
MOST_BEGINNINGS: Final = 3
_PART: Final = re.compile(r'"([^"]*)(?:"|$)|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Part:
    """Folded words that stand one behind the other; of a beginning, the last may go on."""

    words: tuple[str, ...]
    beginning: bool = False

    @property
    def match(self) -> str:
        return f'"{" ".join(self.words)}"' + ("*" if self.beginning else "")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: all parts, wherever each stands; the text as it was typed, and folded. `cut` says that not
    all of it is looked for."""

    parts: tuple[Part, ...]
    folded: str = ""
    cut: bool = False
    typed: str = ""

    @property
    def match(self) -> str:
        """The text for the full-text index; empty where nothing is looked for."""
        return " AND ".join(part.match for part in self.parts)

    @property
    def opening(self) -> str:
        """The same, where the first part is what a column begins with."""
        return f"^{self.match}"


def read_query(text: str) -> Query:
    """Words, "phrases" and beginnings* of a text; the last word counts as a beginning too.

    >>> read_query('Søren "the  concept*" irony*').match
    '"soren" AND "the concept" AND "irony"*'
    >>> read_query('NEAR(a b) OR "; DROP').match, read_query('*"').match
    ('"near a" AND "b" AND "or" AND "drop"', '')
    >>> read_query("com* con* ab* int* pro* res").match
    '"com"* AND "con"* AND "ab" AND "int"* AND "pro" AND "res"'
    """
    kept = text[:LONGEST]
    found = list(_PART.finditer(kept))
    parts = [_part(each, is_last=each is found[-1]) for each in found]
    wanted = [part for part in dict.fromkeys(parts) if part.words]
    looked_for = tuple(_few_beginnings(wanted[:MOST_PARTS]))
    return Query(looked_for, fold(kept), len(text) > LONGEST or len(wanted) > MOST_PARTS, kept)


def _few_beginnings(parts: list[Part]) -> Iterator[Part]:
    """The parts, whole words in the place of too many beginnings."""
    left = MOST_BEGINNINGS
    for part in parts:
        yield part if left else replace(part, beginning=False)
        left -= part.beginning and left > 0


def _part(found: re.Match[str], *, is_last: bool) -> Part:
    quoted = found[1] is not None
    written = found[1] if quoted else found[2]
    words = fold(written).split()[:_MOST_WORDS]
    if words and is_spaceless(words[-1]):
        return _spaceless(words)
    starred = not quoted and written.endswith("*")
    begins = starred or (is_last and not quoted and len(words) == 1)
    return Part(tuple(words), begins and bool(words) and len(words[-1]) >= _SHORTEST_BEGINNING)


def _spaceless(words: list[str]) -> Part:
    """Pairs of characters; the last character stands for itself only where there is no pair."""
    if len(words) > 1 and words[-2].endswith(words[-1]):
        return Part(tuple(words[:-1]))
    return Part(tuple(words), beginning=True)
