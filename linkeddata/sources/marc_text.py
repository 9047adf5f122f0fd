"""The punctuation of catalogue cards (ISBD), which MARC keeps at the end of a subfield before the next one."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s/:;,=]+$")
# A full stop that ends a sentence and no abbreviation: behind a word of four letters or more (cf. "ed.", "vol.",
# "Inc."), a date, or a closing bracket. Behind a lone capital it belongs to initials.
_FULL_STOP = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=\d{4})|(?<=[)\]]))\.$")
_LATIN_ABBREVIATIONS = re.compile(
    r"\b(?:dept|ltda|assoc|univ|publ|bros|corp|mass|calif|penn|minn|illus)\.$", re.IGNORECASE
)


def unpunctuated(text: str) -> str:
    """A text without the marks that only lead to what followed on the card.

    >>> unpunctuated("The test /"), unpunctuated("Political science."), unpunctuated("Rhine, J. B.")
    ('The test', 'Political science', 'Rhine, J. B.')
    >>> unpunctuated("1st Feminist Press ed."), unpunctuated("1932-")
    ('1st Feminist Press ed.', '1932-')
    """
    bare = _SEPARATORS.sub("", text.strip())
    if bare.endswith("..") or _LATIN_ABBREVIATIONS.search(bare):
        return bare
    return _FULL_STOP.sub("", bare)
