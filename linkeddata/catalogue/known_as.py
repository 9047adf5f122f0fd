"""What a text is exactly the name of: so that whoever types a DOI is led to the work and not to a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

from linkeddata.vocabulary.identifiers import clean_doi, clean_handle, clean_isbn, clean_issn
from linkeddata.vocabulary.uris import DOC, RECORD, Name, Uris, read

#: Longer texts are no names.
_LONGEST: Final = 2000
_SAID_BEFORE: Final = re.compile(r"(?:doi|issn|isbn(?:-1[03])?|urn:(?:issn|isbn))\s*[:\s]\s*", re.IGNORECASE)


def thing_called(
    text: str, uris: Uris, has: Callable[[Name], bool], by_number: Callable[[str], list[str]]
) -> Name | None:
    """The one thing of this id, URI or identifier, or None. `by_number` gives the ids of records that
    have an identifier."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    name = _of_uri(text, uris) or Name(RECORD, text)
    if has(name):
        return name
    if (issn := clean_issn(_SAID_BEFORE.sub("", text, count=1))) and has(journal := Name("journal", f"issn-{issn}")):
        return journal
    for number in numbers_of(text):
        found = by_number(number)
        if found:
            return Name(RECORD, found[0]) if len(found) == 1 else None
    return None


def _of_uri(text: str, uris: Uris) -> Name | None:
    """The thing that a URI of a thing, or of its document, names."""
    start = f"{uris.base}{DOC}"
    return read(unquote(text[len(start) :])) if text.startswith(start) else uris.name(text)


def identifier(text: str) -> str | None:
    """The DOI or handle that a text is, however it is written; None where it is none.

    >>> identifier("https://hdl.handle.net/1765/1154"), identifier("DOI 10.1000/Ab"), identifier("music")
    ('1765/1154', '10.1000/ab', None)
    """
    if len(text) > _LONGEST:
        return None
    return clean_doi(text) or clean_doi(_SAID_BEFORE.sub("", text, count=1)) or clean_handle(text)


def numbers_of(text: str) -> Iterator[str]:
    """The identifiers that a text may be, as they stand in the index: a DOI, handle, ISSN or ISBN.

    >>> list(numbers_of("https://doi.org/10.1000/A-b")), list(numbers_of("ISSN 0028-0836")), list(numbers_of("music"))
    (['10.1000/ab', '10.1000/ab'], ['00280836'], [])
    """
    bare = _SAID_BEFORE.sub("", text, count=1)
    isbn = clean_isbn(bare)
    for found in (clean_doi(text), clean_doi(bare), clean_handle(text), clean_issn(bare), isbn and isbn[0]):
        if found:
            yield found.lower().replace("-", "")
