"""Bounds of what is published: a value, or an id, of megabytes is no value but an accident, or an attack.

The longest line that can come of a value within bounds, every character of it percent-encoded in two URIs, is
one that RDF parsers still read: the store's stops at 16 MiB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from linkeddata.errors import RecordRefused
from linkeddata.record import Record

#: In characters.
LONGEST_VALUE: Final = 500_000
LONGEST_ID: Final = 2_000
TOO_LONG: Final = f"longer than {LONGEST_VALUE:,} characters"


def bounded(record: Record) -> tuple[Record, list[tuple[str, str]]]:
    """The record without the values that are too long, and these by field; an empty text keeps the place of each,
    because fields belong together by position. RecordRefused where the id itself is too long."""
    if len(record.id) > LONGEST_ID:
        raise RecordRefused(f"id is longer than {LONGEST_ID:,} characters")
    if max(map(len, chain.from_iterable(record.fields.values())), default=0) <= LONGEST_VALUE:
        return record, []
    left_out = [(name, value) for name, values in record.fields.items() for value in values if _is_long(value)]
    return replace(record, fields=_without(record.fields)), left_out


def _is_long(value: str) -> bool:
    return len(value) > LONGEST_VALUE


def _without(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: ["" if _is_long(value) else value for value in values] for name, values in fields.items()}
