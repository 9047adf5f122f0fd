"""The people and bodies of a MARC record, with their roles beside them."""

from __future__ import annotations

from collections.abc import Iterator

from linkeddata.sources.marc_record import MarcField, MarcRecord
from linkeddata.sources.marc_text import name_unpunctuated, unpunctuated

_PEOPLE, _BODIES = frozenset({"100", "700"}), frozenset({"110", "111", "710", "711"})
#: Added entries with one of these roles are authors like the main entry (VuFind: firstAuthorRoles).
_AUTHORING = frozenset({"aut", "author", "cre", "creator", "joint author"})
_NAME = {"100": "abcqd", "700": "abcqd", "110": "abn", "710": "abn", "111": "acndq", "711": "acndq"}


def people(record: MarcRecord) -> dict[str, list[str]]:
    """Authors, other people and bodies, each list with one of roles of the same length."""
    found: dict[str, list[str]] = {}
    for field in record.tagged(_PEOPLE | _BODIES):
        name = name_unpunctuated(field.joined(_NAME[field.tag]))
        if name and not (field.tag.startswith("7") and field.all("t")):
            role = _role(field)
            kind = _kind(field, role)
            found.setdefault(kind, []).append(name)
            found.setdefault(f"{kind}_role", []).append(role)
    return found


def _kind(field: MarcField, role: str) -> str:
    if field.tag in _BODIES:
        return "author_corporate"
    return "author" if field.tag == "100" or role.casefold() in _AUTHORING else "author2"


def _role(field: MarcField) -> str:
    """The relator: its code ($4, perhaps at the end of a URI), else its word ($e, of meetings $j)."""
    return next(_roles(field), "")


def _roles(field: MarcField) -> Iterator[str]:
    yield from (code.rpartition("/")[2] for code in field.all("4"))
    yield from (unpunctuated(word).rstrip(".") for word in field.all("j" if field.tag.endswith("11") else "e"))
