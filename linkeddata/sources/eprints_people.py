"""The people and bodies of an EPrints record: names as headings, roles and ORCID iDs beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_ORCID = re.compile(r"(?:https?://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.IGNORECASE)
#: Fields of other people than authors; the role is stated where the record itself states none.
_OTHERS = (("editors", "editor"), ("contributors", ""))


def people(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Authors with their ORCID iDs, other people with their roles, corporate authors."""
    authors = list(_listed(record, "creators"))
    others = [(heading(entry), _role(entry) or role) for name, role in _OTHERS for entry in _listed(record, name)]
    return {
        "author": [heading(entry) for entry in authors],
        "author_orcid_str_mv": [_orcid(entry) for entry in authors],
        "author2": [name for name, _ in others],
        "author2_role": [role for _, role in others],
        "author_corporate": [heading(entry) for entry in _listed(record, "corp_creators")],
    }


def heading(entry: Mapping[str, Any]) -> str:
    """A name as "Family, Given", with honorific and lineage where headings have them.

    >>> heading({"name": {"family": "King", "given": "Martin Luther", "lineage": "Jr.", "honourific": "Rev."}})
    'King, Rev. Martin Luther, Jr.'
    >>> heading({"name": {"family": "Suharto", "given": None}})
    'Suharto'
    """
    name = entry.get("name")
    if not isinstance(name, Mapping):
        return _text(name)
    family, lineage = _text(name.get("family")), _text(name.get("lineage"))
    given = f"{_text(name.get('honourific'))} {_text(name.get('given'))}".strip()
    return ", ".join(part for part in (family, given, lineage) if part)


def _listed(record: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The entries of a field that have a name; a plain text is a name."""
    value = record.get(name)
    for each in value if isinstance(value, list) else [value]:
        entry = each if isinstance(each, Mapping) else {"name": each}
        if heading(entry):
            yield entry


def _orcid(entry: Mapping[str, Any]) -> str:
    """An ORCID iD under `orcid`, or under `id`, which is an e-mail address or a local name otherwise."""
    found = (_text(entry.get(name)) for name in ("orcid", "id"))
    return next((text for text in found if _ORCID.fullmatch(text)), "")


def _role(entry: Mapping[str, Any]) -> str:
    """The relator code at the end of a contributor's type (`http://www.loc.gov/loc.terms/relators/THS`)."""
    return _text(entry.get("type")).rpartition("/")[2].lower()


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
