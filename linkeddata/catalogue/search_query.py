"""What somebody typed into a search box, made a query that can do no harm.

Every word goes to the full-text index folded and between double quotes, which folded text cannot hold:
nothing of the index's own language gets through, and nothing is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from linkeddata.vocabulary.folding import fold, is_spaceless

#: Longer texts are cut here; so are more words, and longer phrases.
LONGEST: Final = 500
MOST_PARTS: Final = 20
_MOST_WORDS: Final = 30
#: Shorter beginnings of words fit too much.
_SHORTEST_BEGINNING: Final = 2
_SHORTEST_LAST: Final = 3
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
    """What is looked for: all parts, wherever each stands. `cut` says that not all of the text is looked for."""

    parts: tuple[Part, ...]
    folded: str = ""
    cut: bool = False

    @property
    def match(self) -> str:
        """The text for the full-text index; empty where nothing is looked for."""
        return " AND ".join(part.match for part in self.parts)

    @property
    def any_match(self) -> str:
        """The same, where one part is enough, in names and subjects."""
        return "{people subjects} : (" + " OR ".join(part.match for part in self.parts) + ")"


def read_query(text: str) -> Query:
    """Words, "phrases" and beginnings* of a text; the last word counts as a beginning too.

    >>> read_query('Søren "the  concept*" irony*').match
    '"soren" AND "the concept" AND "irony"*'
    >>> read_query('NEAR(a b) OR "; DROP').match, read_query('*"').match
    ('"near a" AND "b" AND "or" AND "drop"', '')
    """
    kept = text[:LONGEST]
    found = list(_PART.finditer(kept))
    parts = [_part(each, is_last=each is found[-1]) for each in found]
    wanted = [part for part in dict.fromkeys(parts) if part.words]
    return Query(tuple(wanted[:MOST_PARTS]), fold(kept), len(text) > LONGEST or len(wanted) > MOST_PARTS)


def _part(found: re.Match[str], *, is_last: bool) -> Part:
    quoted = found[1] is not None
    written = found[1] if quoted else found[2]
    words = fold(written).split()[:_MOST_WORDS]
    if words and is_spaceless(words[-1]):
        return _spaceless(words)
    starred = not quoted and written.endswith("*")
    begins = starred or (is_last and not quoted and len(words) == 1)
    shortest = _SHORTEST_BEGINNING if starred else _SHORTEST_LAST
    return Part(tuple(words), begins and bool(words) and len(words[-1]) >= shortest)


def _spaceless(words: list[str]) -> Part:
    """Pairs of characters; the last character stands for itself only where there is no pair."""
    if len(words) > 1 and words[-2].endswith(words[-1]):
        return Part(tuple(words[:-1]))
    return Part(tuple(words), beginning=True)
