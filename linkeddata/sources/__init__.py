"""Where records come from: generators of records, deletions and refusals, nothing else, or of documents unread.

A source knows how its records are written down, not what they mean; field names and values pass
through as they stand. What cannot be read of one record is a refusal with its place, and the rest
goes on; what cannot be read of the source as a whole is a `SourceError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import BinaryIO

from linkeddata.errors import SourceError
from linkeddata.record import Brought, Reading, encodable, readings_of
from linkeddata.sources.marc import read_marc_file
from linkeddata.sources.opening import opened, peeked
from linkeddata.sources.solr_file import cut_solr, read_line
from linkeddata.sources.staff_view import read_staff_view
from linkeddata.sources.xml_file import read_xml

__all__ = ["ENDINGS", "KINDS", "open_source", "open_unread", "read_line"]

Reader = Callable[[Iterator[bytes], str], Iterator[Brought]]

KINDS: Mapping[str, Reader] = MappingProxyType(
    {"solr": cut_solr, "staff-view": read_staff_view, "xml": read_xml, "marc": read_marc_file}
)
ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        ".json": "solr",
        ".jsonl": "solr",
        ".ndjson": "solr",
        ".txt": "staff-view",
        ".xml": "xml",
        ".mrc": "marc",
        ".marc": "marc",
    }
)

_PACKED = (".gz", ".zst")
_LEADING_BLANKS = b"\xef\xbb\xbf \t\r\n"
_ENOUGH = 24  # bytes: the leader of a MARC record, which is the longest of all beginnings
# The first that fits. A leader: length, status, type, level; two positions are always "2" (MARC 21, leader 10 and 11).
_BEGINNINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"[{\[]|\Z"), "solr"),
    (re.compile(rb"<|\xff\xfe|\xfe\xff"), "xml"),
    (re.compile(rb"\d{5}[a-z ][a-z ][a-z ]..22[\d ]{5}", re.DOTALL), "marc"),
    (re.compile(b""), "staff-view"),
)


def open_source(location: str, *, kind: str | None = None, stdin: BinaryIO | None = None) -> Iterator[Reading]:
    """The readings of a file, or of `stdin` where the location is `-`; gzip and zst are unpacked on the way.

    An unknown kind or ending is refused at once with a `SourceError`; a file that cannot be opened
    at the first reading, and one that breaks off after the last reading that came before.
    """
    return readings_of(open_unread(location, kind=kind, stdin=stdin))


def open_unread(location: str, *, kind: str | None = None, stdin: BinaryIO | None = None) -> Iterator[Brought]:
    """As `open_source`, but documents of which nothing has to be known to tell them apart come unread."""
    if kind is None and location != "-":
        kind = _kind_by_ending(location)
    if kind is not None and kind not in KINDS:
        raise SourceError(f"{location}: unknown kind of source {kind!r}; known are {', '.join(KINDS)}")
    return _brought(location, kind, stdin)


def _brought(location: str, kind: str | None, stdin: BinaryIO | None) -> Iterator[Brought]:
    with opened(location, stdin) as unread:
        head, pieces = peeked(unread, enough=lambda seen: len(seen.lstrip(_LEADING_BLANKS)) >= _ENOUGH)
        # Places are kept with records: a file whose name is no UTF-8 is called by one that is.
        yield from KINDS[kind or _kind_by_beginning(head)](pieces, encodable(location))


def _kind_by_ending(location: str) -> str:
    path = PurePath(location.lower())
    ending = path.with_suffix("").suffix if path.suffix in _PACKED else path.suffix
    if ending not in ENDINGS:
        known = f"{', '.join(ENDINGS)}, also with {' or '.join(_PACKED)}"
        raise SourceError(f"{location}: the ending {ending!r} names no kind of source; known are {known}")
    return ENDINGS[ending]


def _kind_by_beginning(head: bytes) -> str:
    """The kind of what has no name; nothing at all is JSON without a document."""
    beginning = head.lstrip(_LEADING_BLANKS)
    return next(kind for pattern, kind in _BEGINNINGS if pattern.match(beginning))
