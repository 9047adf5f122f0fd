"""Text of a source made fit to be published: normalised, without controls, without placeholders.

Everything a source gives is hostile until it went through here.
"""

from __future__ import annotations

import html
import re
import string
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

# C0 (but tab and line breaks), DEL, C1, lone surrogates, non-characters: no XML may hold them.
# The byte order mark is a leftover of encoding wherever it stands in a text.
_CONTROL: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
_CONTROLS: Final = re.compile(f"[{_CONTROL}]")
_ANYTHING: Final = re.compile(rf"[^\s{_CONTROL}]")
_SPACE: Final = re.compile(r"\s+")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Words that say "not available" (DataCite Metadata Schema, appendix on standard values, in any bracket),
# cataloguers' "sine nomine" and "sine loco", and mere punctuation. Signs may be a name: "!!!", "$", "❤".
_PLACEHOLDER: Final = re.compile(
    r"[-\u2010-\u2015.,;:/|?_~'\"()\[\]{}… ]*|\[?s\. ?[nl]\.?\]?|n/a|unknown|"
    r"[:({\[]+(?:unac|unal|unap|unas|unav|unkn|none|null|tba)[)}\]]*(?: unknown)?|et al\.?",
    re.IGNORECASE,
)
_SHORT: Final = 16
#: What no placeholder begins with, nor an entity: most values are told by their first character.
_TELLING: Final = frozenset(string.ascii_letters + string.digits).difference("eEnNsSuU")
#: Of the others, in which two letters no such word begins.
_TELLING_TWO: Final = frozenset({f"{one}{two}" for one in "eEnNsSuU" for two in string.ascii_letters}).difference(
    ("et", "eT", "Et", "ET", "un", "uN", "Un", "UN")
)
#: All characters of ASCII but the controls; and so many are worth a second way to look for those.
_PRINTABLE, _LINE = bytes(range(0x20, 0x7F)), 200
#: From this length on it is worth looking for piled-up marks; of so many in a row no script has need.
_LONG, _MOST_MARKS = 8_000, 30
#: All marks stand behind the Latin letters (U+0300 and up), so most texts hold no such row.
#: A set by itself comes first: what does not begin so is passed over at once.
_MAYBE_PILED: Final = re.compile(rf"[^\x00-\u02ff][^\x00-\u02ff]{{{_MOST_MARKS}}}")
_MARKUP: Final = re.compile(
    r"<!\[CDATA\[|\]\]>|</?(?:jats:[a-z-]+|p|br|div|ul|ol|li|h[1-6]|sec|title|"
    r"i|b|u|em|strong|italic|bold|sub|sup|span|a|tt|sc|small|font|inline-formula)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_BREAKS: Final = re.compile(r"</?(?:jats:)?(?:p|br|div|ul|ol|li|h[1-6]|sec|title)\b", re.IGNORECASE)


def is_printable(text: str) -> bool:
    """As `str.isprintable`, which takes five times as long for a text of plain letters."""
    if len(text) < _LINE or not text.isascii():
        return text.isprintable()
    return not text.encode().translate(None, _PRINTABLE)


def is_piled_up(text: str) -> bool:
    """Whether a long text piles up more marks on one letter than any script does (UAX 15, section 13).

    To bring marks into order takes the square of their number, in Python's own normalisation too.
    """
    if len(text) < _LONG or text.isascii() or not _MAYBE_PILED.search(text):
        return False
    return max(_marks(text)) > _MOST_MARKS


def _marks(text: str) -> Iterator[int]:
    """For each character how many marks stand in a row up to it."""
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        yield marks


def unpiled(text: str) -> str:
    """A text with at most thirty marks in a row; what is piled up beyond is no writing."""
    return "".join(character for character, marks in zip(text, _marks(text), strict=True) if marks <= _MOST_MARKS)


def clean(text: str) -> str:
    """Text in NFC without control characters, entities decoded once; white space stays.

    >>> clean("Q&amp;A\\x00 &amp;amp; cafe\\u0301")
    'Q&A &amp; café'
    """
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    # Line breaks and all that is taken out count as not printable.
    if not is_printable(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROLS.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", unpiled(text) if is_piled_up(text) else text)
    return text


def without_controls(text: str) -> str:
    """Text without the characters that no XML may hold; all else, Unicode form too, stays."""
    return text if text.isprintable() else _CONTROLS.sub("", text)


@lru_cache(maxsize=65536)
def label(text: str) -> str:
    """Clean text on one line: runs of white space folded, ends trimmed.

    >>> label("  Drosophila\\n   Muller F ")
    'Drosophila Muller F'
    """
    text = clean(text)
    # Of all white space only the plain blank counts as printable.
    return text.strip() if "  " not in text and text.isprintable() else _SPACE.sub(" ", text).strip()


def prose(text: str) -> str:
    """Clean running text that may hold HTML or JATS: known tags out, block tags become line breaks.

    >>> prose("<p>One <i>in vitro</i>.</p><p>a < b</p>")
    'One in vitro.\\n\\na < b'
    """
    if "<" in text or "]]>" in text:
        text = _MARKUP.sub(lambda tag: "\n" if _BREAKS.match(tag[0]) else "", text)
    return clean(text).strip()


def is_absent(text: str) -> bool:
    """Whether a text only says that there is nothing: empty, `[s.n.]`, `n/a`, `unknown`, `(:unav)`.

    >>> [is_absent(t) for t in ("", " [S.l.]", "(:Unav)", "Unknown", "Unknown Pleasures", "C++")]
    [True, True, True, True, False, False]
    """
    if text[:1] in _TELLING or text[:2] in _TELLING_TWO:
        return False
    if len(text) < _SHORT:
        return _PLACEHOLDER.fullmatch(label(text)) is not None
    found = _ANYTHING.search(text)
    # Only what begins with an entity (`&nbsp;`) can still come to nothing.
    return found is None or (found[0] == "&" and not label(text))
