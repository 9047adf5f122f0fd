r"""A reference as BibTeX, in UTF-8.

Braces are counted by BibTeX before TeX sees them, escaped or not, so a brace of the text becomes a command;
so does every character that TeX would act on. `\write18` in a title is then nine characters to be printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from linkeddata.representations.reference import Person, Reference
from linkeddata.vocabulary.uris import mint

#: What TeX acts on (The TeXbook, chapter 7), and what its old fonts show as something else.
_SPECIAL: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{char: f"\\{char}" for char in "#$%&_"},
    }
)
#: In an address nothing may be escaped, so what would unbalance an entry stands percent-encoded.
_IN_ADDRESS: Final = str.maketrans({char: f"%{ord(char):02X}" for char in '{}\\" '})
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/+_-]*")
#: A word with a capital behind its first character: styles that lower titles would spoil it.
_NAME_LIKE: Final = re.compile(r"(?<![\w\\])\w[\w’'-]*?[A-Z][\w’'-]*")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: In which field a container stands, and the body behind a work, by entry type; any other entry has none.
_CONTAINER: Final[Mapping[str, str]] = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_BODY: Final[Mapping[str, str]] = {
    "phdthesis": "school",
    "mastersthesis": "school",
    "techreport": "institution",
    "manual": "organization",
}
_AND: Final = re.compile(r"\band\b", re.IGNORECASE)


def write(reference: Reference) -> bytes:
    """One entry, ending in a line break; its key is the record's id where BibTeX can read that."""
    lines = "".join(f"  {name} = {value},\n" for name, value in _fields(reference) if value)
    return f"@{reference.kind.bibtex}{{{_key(reference.id)},\n{lines}}}\n".encode()


def _key(identifier: str) -> str:
    return identifier if _PLAIN_KEY.fullmatch(identifier) else mint(identifier)


def _fields(told: Reference) -> Iterator[tuple[str, str]]:
    """The fields in the order in which people read them; empty ones too."""
    kind = told.kind.bibtex
    yield "author", _braced(_names(told.authors))
    yield "editor", _braced(_names(told.editors))
    yield "title", _braced(_title(told.title))
    yield _CONTAINER.get(kind, "howpublished"), _braced(escaped(told.container))
    yield "year", _braced(f"{told.date[0]:04d}" if told.date else "")
    yield "month", _MONTHS[told.date[1] - 1] if len(told.date) > 1 else ""
    for name, value in _plain(told).items():
        yield name, _braced(escaped(value))
    yield "doi", _braced(told.doi.translate(_IN_ADDRESS))
    yield "url", _braced(told.url.translate(_IN_ADDRESS))
    yield "abstract", _braced(escaped(told.abstract))


def _plain(told: Reference) -> Mapping[str, str]:
    body = _BODY.get(told.kind.bibtex)
    return {
        "series": told.series,
        "volume": told.volume,
        "number": told.issue,
        "eid": told.number,
        "pages": told.pages.replace("–", "--"),
        "edition": told.edition,
        **({body: told.institution or told.publisher} if body else {"publisher": told.publisher}),
        "type": told.kind.genre if body and body != "organization" else "",
        "issn": ", ".join(told.issns),
        "isbn": ", ".join(told.isbns),
        "language": told.language,
        "keywords": ", ".join(told.keywords),
    }


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""


def escaped(text: str) -> str:
    r"""A text that TeX prints as it is.

    >>> escaped(r"50% {x} \write18"), escaped("A & B")
    ('50\\% \\textbraceleft{}x\\textbraceright{} \\textbackslash{}write18', 'A \\& B')
    """
    return text.translate(_SPECIAL)


def _title(title: str) -> str:
    """The title with braces round the words that lose their meaning without their capitals."""
    return " ".join(_kept(word) for word in title.split(" "))


def _kept(word: str) -> str:
    return f"{{{escaped(word)}}}" if _NAME_LIKE.search(word) else escaped(word)


def _names(people: tuple[Person, ...]) -> str:
    return " and ".join(map(_name, people))


def _name(person: Person) -> str:
    """`Family, Suffix, Given` (btxdoc, section 4); a body in braces, for it has no such parts."""
    if person.literal:
        return f"{{{escaped(person.literal)}}}"
    parts = (person.family, person.suffix, person.given)
    return ", ".join(_part(part) for part in parts if part)


def _part(part: str) -> str:
    """A part of a name, in braces where BibTeX would divide it further."""
    return f"{{{escaped(part)}}}" if "," in part or _AND.search(part) else escaped(part)
