"""What stands behind a citation: keywords, DOIs and web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from linkeddata.crosswalk.citation_known import Known, host_of
from linkeddata.crosswalk.citation_text import Find, Finds
from linkeddata.vocabulary.identifiers import clean_doi

_DOI: Final = re.compile(r"(?i:doi:|https?://(?:dx\.)?doi\.org/)?10\.")
_LONGEST_KEYWORD: Final = 100


def links(text: str, start: int, known: Known) -> Finds:
    """The DOI, if whole words behind a place name exactly one; and web addresses on other hosts than the record's.

    `start` is the first link, or the end of the text.
    """
    dois: dict[str, Find] = {}
    related: dict[str, Find] = {}
    for word, at in _words(text, start):
        if _DOI.match(word):
            trimmed = _trimmed(word)
            if doi := clean_doi(trimmed):
                dois.setdefault(doi, Find(doi, at, at + len(trimmed)))
        elif (host := host_of(word)) and host not in known.hosts:
            related[word] = Find(word, at, at + len(word))
    finds: Finds = {}
    if len(dois) == 1:
        finds["doi"] = dois.popitem()[1]
    if related:
        *_, last = related.values()
        finds["related_urls"] = Find(list(related), next(iter(related.values())).start, last.end)
    return finds


def _words(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Each word, and where it stands first."""
    seen: set[str] = set()
    for word in text[start:].split(" "):
        if word not in seen:
            seen.add(word)
            yield word, start
        start += len(word) + 1


def _trimmed(word: str) -> str:
    """A word without the punctuation behind it: stops, and closing brackets that were never opened."""
    end, open_ones = len(word), word.count("(") - word.count(")")
    while end and (word[end - 1] in ".,;" or (word[end - 1] == ")" and open_ones < 0)):
        open_ones += word[end - 1] == ")"
        end -= 1
    return word[:end]


def keywords(text: str, start: int, stop: int, known: Known) -> Finds:
    """Words between two places, the citation and the first link, where semicolons make two or more of them.

    Only for a record without topics. A bracket that a semicolon cuts through makes them unreadable.
    """
    if text.find(";", start, stop) < 0 or known.topics:
        return {}
    pieces = [piece.strip() for piece in text[start:stop].split(";")]
    words = [piece for piece in pieces if 0 < len(piece) <= _LONGEST_KEYWORD]
    if len(words) < 2 or any(word.count("(") != word.count(")") for word in words):
        return {}
    return {"keywords": Find(list(dict.fromkeys(words)), text.index(words[0], start), stop)}
