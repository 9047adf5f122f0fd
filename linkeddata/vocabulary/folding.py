"""Text as it is searched and sorted: without case, marks and the letters that only some alphabets have.

The same folding is applied to what is indexed and to what is asked for, so that "Øvrelid" is found by
"ovrelid" and "Graßhoff" by "grasshoff". Words of scripts that put no blanks between them (Chinese,
Japanese, Thai, Lao, Khmer, Burmese) become pairs of neighbouring characters: a piece of a title then is
a row of pairs. A run's last character also stands alone, so that every character begins some token.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
        "ŋ": "n", "ɓ": "b", "ɖ": "d", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ʼ": "", "ʻ": "", "\u00ad": "", "\u200b": " ",
        "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    }
)  # fmt: skip
#: What becomes of each byte of UTF-8: those of other than ASCII characters stay.
_ASCII: Final = bytes(
    code if code > 127 else ord(chr(code).lower() if chr(code).isalnum() else " ") for code in range(256)
)
#: Longer words are rare, and each is folded anew.
_REMEMBERED: Final = 40
_SPACELESS: Final = (
    "\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u104f\u1780-\u17d3\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowel signs of Indian scripts are no letters to `\w`, but within words they are.
_SIGNS: Final = "\u0900-\u0963\u0971-\u0dff"
# Accents, points and vowel marks of Latin, Greek, Cyrillic, Hebrew, Arabic and Syriac; dots and viramas of India.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0711\u0730-\u074a"
    "\u093c\u094d\u09bc\u09cd\u0a3c\u0a4d\u0abc\u0acd\u0b3c\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_RUN: Final = re.compile(f"[{_SPACELESS}]+")
_NOT_WORD: Final = re.compile(f"[^\\w{_SIGNS}{_SPACELESS}]+|_+")
_ANY_SPACELESS: Final = re.compile(f"[{_SPACELESS}]")


def fold(text: str) -> str:
    """The words of a text in folded form, with one blank between them.

    >>> fold("Søgaard: Faire Œuvre – GRAẞHOFF's Çağrı"), fold("日本語")
    ('sogaard faire oeuvre grasshoff s cagri', '日本 本語 語')
    """
    return " ".join(words(indexable(text)))


def indexable(text: str) -> str:
    """A text of which those words are folded that are not ASCII: an index whose tokenizer is SQLite's `ascii` (FTS5,
    section 4.3.2) finds the same words in it as in what `fold` gives, for it does the rest itself.

    >>> indexable("Søgaard: Faire Œuvre"), indexable("It's ASCII.")
    ('sogaard Faire oeuvre', "It's ASCII.")
    """
    if text.isascii():
        return text
    return " ".join([word if word.isascii() else _foreign(word) for word in text.split()])


def words(indexed: str) -> list[str]:
    """The words that such an index finds in a text that was made for it, each as often as it stands there."""
    # Most are ASCII, which translated as bytes takes a tenth of the time.
    plain = indexed.encode("utf-8", "surrogatepass").translate(_ASCII)
    return plain.decode("utf-8", "surrogatepass").split()


def _foreign(word: str) -> str:
    return _known(word) if len(word) <= _REMEMBERED else _folded(word)


def _folded(text: str) -> str:
    """The folding of a text that is not all ASCII."""
    text = unicodedata.normalize("NFKC", text.replace("\x00", " "))
    pieces = [text] if not _ANY_SPACELESS.search(text) else _RUN.sub(_pairs, text).split("\x00")
    # Every second piece is a run of pairs, which keep their marks: in these scripts they are vowels and tones.
    folded = (piece if place % 2 else _without_marks(piece) for place, piece in enumerate(pieces))
    return " ".join("".join(folded).split())


@lru_cache(maxsize=1 << 14)
def _known(word: str) -> str:
    return _folded(word)


def is_spaceless(word: str) -> bool:
    """Whether a folded word is a character, or a pair, of a script without blanks between words."""
    return bool(_ANY_SPACELESS.match(word))


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    pairs = [characters[place : place + 2] for place in range(len(characters))]
    return f" \x00{' '.join(pairs)}\x00 "


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = _MARKS.sub("", apart)
    # A mark may have been all that was not yet folded: "İ" in lower case is "i" with a dot above.
    return _NOT_WORD.sub(" ", plain.translate(_LETTERS))


def letter(folded: str) -> str:
    """The heading that a folded text stands under in an index from A to Z.

    A letter of the Latin, Greek or Cyrillic alphabet; for others the script's name behind `~`, so that in plain
    order it comes after z; `#` for the rest.

    >>> letter("waring"), letter("психология"), letter("日本 本語 語"), letter("3d music")
    ('w', 'п', '~cjk', '#')
    """
    first = folded[:1]
    if "a" <= first <= "z":
        return first
    if not first.isalpha():
        return "#"
    script = unicodedata.name(first, "#").partition(" ")[0].lower()
    return first if script in ("greek", "cyrillic") else "#" if script == "latin" else f"~{script}"
