"""The punctuation of catalogue cards (ISBD), which MARC keeps at the end of a subfield before the next one."""

from __future__ import annotations

import re
from unicodedata import normalize

# Both from where such a row begins: from each of its places they would take time by the square of its length.
_SEPARATORS = re.compile(r"(?<![\s/:;,=])[\s/:;,=]++$")
# What a full stop at the end belongs to.
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)\.$")
_ENDS_A_SENTENCE = re.compile(r"(?:\d{4}|[)\]])\.$")
_SHORTEST_WORD = 4  # letters; shorter ones are as often abbreviations: "ed.", "vol.", "cm."
_SHORTEST_NAME = 2  # one letter is an initial
_ABBREVIATIONS = frozenset(
    {"assoc", "bros", "calif", "co", "corp", "dept", "dr", "etc", "illus", "inc", "jr", "ltd", "ltda", "mass", "minn"}
    | {"mrs", "penn", "publ", "sr", "univ"}
)


def unpunctuated(text: str, shortest: int = _SHORTEST_WORD) -> str:
    """A text without the marks that only lead to what followed on the card.

    A full stop stays behind words of fewer letters than `shortest` and known abbreviations.

    >>> unpunctuated("The test /"), unpunctuated("Political science."), unpunctuated("1st Feminist Press ed.")
    ('The test', 'Political science', '1st Feminist Press ed.')
    """
    bare = _SEPARATORS.sub("", normalize("NFC", text).strip())
    if bare.endswith(".."):
        return bare
    word = _LAST_WORD.search(bare)
    is_word = word and len(word[1]) >= shortest and word[1].casefold() not in _ABBREVIATIONS
    return bare[:-1] if is_word or _ENDS_A_SENTENCE.search(bare) else bare


def name_unpunctuated(text: str) -> str:
    """The same for names, whose words may be short.

    >>> name_unpunctuated("Kitay, Jim."), name_unpunctuated("Rhine, J. B."), name_unpunctuated("Nixon, Rob, 1932-")
    ('Kitay, Jim', 'Rhine, J. B.', 'Nixon, Rob, 1932-')
    """
    return unpunctuated(text, _SHORTEST_NAME)
