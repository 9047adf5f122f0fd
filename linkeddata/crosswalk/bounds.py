"""Bounds of what is published: a value, or an id, of megabytes is no value but an accident, or an attack.

The longest line that can come of a value within bounds, every byte of it percent-encoded in two URIs and escaped in
a text, is one that RDF parsers still read: the store's stops at 16 MiB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from linkeddata.errors import RecordRefused
from linkeddata.record import Record

#: In bytes of UTF-8.
LONGEST_VALUE: Final = 1_000_000
#: In characters.
LONGEST_ID: Final = 2_000
_MOST_BYTES: Final = 4
#: Of a record; the largest collaborations have some thousand authors. Each value comes to several statements.
MOST_VALUES: Final = 50_000
TOO_LONG: Final = f"longer than {LONGEST_VALUE:,} bytes"


def bounded(record: Record) -> tuple[Record, list[tuple[str, str]]]:
    """The record without the values that are too long, and these by field; an empty text keeps the place of each,
    because fields belong together by position. RecordRefused where the id itself is too long, or there are too
    many values."""
    if len(record.id) > LONGEST_ID:
        raise RecordRefused(f"id is longer than {LONGEST_ID:,} characters")
    values = list(chain.from_iterable(record.fields.values()))
    if len(values) > MOST_VALUES:
        raise RecordRefused(f"more than {MOST_VALUES:,} values")
    # What all values together do not weigh, none of them does.
    if sum(map(len, values)) * _MOST_BYTES <= LONGEST_VALUE:
        return record, []
    left_out = [(name, value) for name, values in record.fields.items() for value in values if _is_long(value)]
    return (replace(record, fields=_without(record.fields)), left_out) if left_out else (record, [])


def _is_long(value: str) -> bool:
    return len(value) * _MOST_BYTES > LONGEST_VALUE and len(value.encode(errors="surrogatepass")) > LONGEST_VALUE


def _without(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: ["" if _is_long(value) else value for value in values] for name, values in fields.items()}
