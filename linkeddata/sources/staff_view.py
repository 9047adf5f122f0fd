"""The staff view of one VuFind record, saved as text from the browser.

    Staff View
    author<TAB>Waring, Justin
    Crompton, Amanda
    id<TAB>nottingham-40697

A field begins with its name at the start of a line (a letter or underscore, then letters, digits,
`_`, `.` and `-`), then a tab, perhaps after blanks. Lines without that are further values of the
field above; lines before the first field are the page's own labels and are passed over, and so are
blank lines.

A value that itself runs over several lines (a `fullrecord` in XML) cannot be told from several
values and is read as such; a further value that looks like a name and a tab is read as a field.
Forms that separate names by blanks or colons are not accepted, because values hold both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkeddata.errors import RecordRefused
from linkeddata.record import Reading, Record, Refusal
from linkeddata.sources.document import identifier
from linkeddata.sources.lines import MAX_DOCUMENT, too_long

_FIELD = re.compile(r"([A-Za-z_][\w.-]*) *\t(.*)", re.ASCII | re.DOTALL)


def read_staff_view(pieces: Iterator[bytes], name: str, limit: int = MAX_DOCUMENT) -> Iterator[Reading]:
    """The one record of a staff view; a file that shows no `id` field is refused as none."""
    try:
        lines = _text(pieces, limit).removeprefix("\ufeff").split("\n")
    except RecordRefused as refused:
        yield Refusal(f"{name}:1", str(refused))
        return
    first, fields = _fields(lines)
    try:
        yield Record(_identifier(fields), fields, place=f"{name}:{first}")
    except RecordRefused as refused:
        yield Refusal(f"{name}:{first}", str(refused))


def _text(pieces: Iterator[bytes], limit: int) -> str:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > limit:
            raise RecordRefused(too_long(limit).reason)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise RecordRefused(f"not UTF-8: byte 0x{content[error.start]:02x} at position {error.start + 1}") from error


def _fields(lines: list[str]) -> tuple[int, dict[str, list[str]]]:
    """The line of the first field, and each field with its values; one without any is left out."""
    first, fields = 0, dict[str, list[str]]()
    values: list[str] = []  # of the labels at first, which belong to no field
    for number, line in enumerate(lines, start=1):
        field = _FIELD.fullmatch(line.removesuffix("\r"))
        if field:
            first = first or number
            values = fields.setdefault(field[1], [])
        if value := field[2] if field else line.removesuffix("\r"):
            values.append(value)
    return first or 1, {name: values for name, values in fields.items() if values}


def _identifier(fields: dict[str, list[str]]) -> str:
    if "id" not in fields:
        raise RecordRefused("no field `id` (a line that begins with `id` and a tab), so this is no staff view")
    return identifier(fields["id"])
