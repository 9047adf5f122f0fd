"""Page ranges as sources write them, to the fields of a container."""

from __future__ import annotations

import re

_RANGE = re.compile(
    r"(?:pp?\.?\s*)?([A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdm]+)\s*(?:[-–—]\s*([A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdm]+))?"
)


def page_fields(text: str) -> dict[str, list[str]]:
    """First and last page of one range; what is more, or other, is a free reference.

    An abbreviated end (201-3) is left out, because it is not the name of a page.

    >>> page_fields("192-200")
    {'container_start_page': ['192'], 'container_end_page': ['200']}
    >>> page_fields("201-3"), page_fields("Art. No. 7"), page_fields("")
    ({'container_start_page': ['201']}, {'container_reference': ['Art. No. 7']}, {})
    >>> page_fields("099-100")
    {'container_start_page': ['099'], 'container_end_page': ['100']}
    """
    if not text:
        return {}
    found = _RANGE.fullmatch(text.strip())
    if not found:
        return {"container_reference": [text.strip()]}
    start, end = found.groups()
    fields = {"container_start_page": [start]}
    if end and not _abbreviated(start, end):
        fields["container_end_page"] = [end]
    return fields


def _abbreviated(start: str, end: str) -> bool:
    if not (start.isdecimal() and end.isdecimal()):
        return False
    # Held against each other as texts: Python makes no number of more than 4,300 digits.
    first, last = start.lstrip("0"), end.lstrip("0")
    return (len(last), last) < (len(first), first)
