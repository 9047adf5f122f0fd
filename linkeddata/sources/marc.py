"""Binary MARC (ISO 2709) to MARC records, through pymarc, which knows MARC-8.

Records are cut at their end marks and not by the lengths they state, which are wrong where a record
was edited by hand or is longer than 99,999 bytes; so a broken record costs itself only.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator

from linkeddata.errors import ConfigurationError, RecordRefused
from linkeddata.record import Reading, Refusal
from linkeddata.sources.lines import MAX_DOCUMENT, Flaw, numbered_parts
from linkeddata.sources.marc_fields import read_marc
from linkeddata.sources.marc_record import MarcField, MarcRecord

try:
    import pymarc
except ImportError:  # an extra: whoever has no MARC files needs no MARC library
    pymarc = None  # type: ignore[assignment]

_END_OF_RECORD = b"\x1d"
_BETWEEN = b" \t\r\n\0\x1a"  # line ends, and the padding of tapes and of CP/M
_ENCODING = 9  # in the leader: `a` is UTF-8, a blank MARC-8
# What pymarc raises on bytes that are no record, besides its own.
_FAULTS = (ValueError, IndexError, KeyError, TypeError, AttributeError)


def read_marc_file(pieces: Iterator[bytes], name: str, limit: int = MAX_DOCUMENT) -> Iterator[Reading]:
    """What the records of a file say; its place is the number of the record, from 1."""
    if pymarc is None:
        raise ConfigurationError(f"{name}: binary MARC needs the extra: pip install 'linkeddata[marc]'")
    logging.getLogger("pymarc").setLevel(logging.ERROR)  # it warns of odd indicators with the whole field
    for number, text, ended in numbered_parts(pieces, _END_OF_RECORD, limit):
        place = f"{name}:record {number}"
        try:
            if record := _record(text, ended):
                yield read_marc(record, place)
        except RecordRefused as refused:
            yield Refusal(place, str(refused))


def _record(text: bytes | Flaw, ended: bool) -> MarcRecord | None:
    """The record; nothing where there are only blanks."""
    if isinstance(text, Flaw):
        raise RecordRefused(text.reason)
    data = text.lstrip(_BETWEEN)
    if not data:
        return None
    if not ended:
        raise RecordRefused("the file ends within the record")
    return _parsed(data + _END_OF_RECORD)


def _parsed(data: bytes) -> MarcRecord:
    utf8 = _is_utf8(data)
    if not utf8 and data[_ENCODING : _ENCODING + 1] == b"a":
        raise RecordRefused("not UTF-8, though its leader says so")
    # The length is made true, because pymarc believes it.
    data = b"%05d" % min(len(data), 99_999) + data[5:]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd subfield codes, which are no ones we read
            found = pymarc.Record(data=data, force_utf8=utf8, hide_utf8_warnings=True)
    except (pymarc.exceptions.PymarcException, *_FAULTS) as error:
        raise RecordRefused(f"not a MARC record: {str(error) or type(error).__name__}") from error
    return _converted(found)


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8, whatever the leader says: text in MARC-8 is not, unless it is all ASCII.

    MARC-8 writes marks before their letter, and a letter is no second byte in UTF-8; but its escapes
    to other scripts are ASCII.
    """
    if b"\x1b" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _converted(found: pymarc.Record) -> MarcRecord:
    control, fields = [], []
    for field in found.fields:
        if field.control_field:
            control.append((field.tag, field.data or ""))
        else:
            subfields = [(each.code, each.value) for each in field.subfields]
            fields.append(MarcField(field.tag, *_indicators(field), subfields))
    return MarcRecord(str(found.leader), control, fields)


def _indicators(field: pymarc.Field) -> tuple[str, str]:
    first, second = field.indicators or (" ", " ")
    return first, second
