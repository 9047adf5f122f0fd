"""Documents in a JSON file of any of the usual shapes, one at a time, and what they say.

A document a line (JSON lines); a list of documents; the answer of Solr's `select` or of VuFind's REST
API; one document, or one after another, over several lines. The shape is told from the beginning of
the file. A document is one of VuFind's Solr, or a record of an EPrints export, which has an
`eprintid` (or, made for import, an EPrints status of publication) and no `id`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from linkeddata.errors import RecordRefused, SourceError
from linkeddata.record import Brought, Reading, Refusal, Unread
from linkeddata.sources.document import read_document
from linkeddata.sources.eprints import read_eprint
from linkeddata.sources.harvested import is_harvested, read_harvested
from linkeddata.sources.json_object import json_object
from linkeddata.sources.json_values import JsonValues, Unreadable, elements, members
from linkeddata.sources.lines import MAX_DOCUMENT, Flaw, Numbered, numbered_lines, too_long
from linkeddata.sources.opening import SNIFFED, peeked
from linkeddata.sources.vufind_api import read_api_record

TextReader: TypeAlias = Callable[[bytes, str], Iterator[Reading]]
Cut: TypeAlias = tuple[int, bytes | Flaw, TextReader]

_BLANK = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ANSWER = re.compile(rb'\{\s*"(?:responseHeader|response)"\s*:\s*\{')
_API_ANSWER = re.compile(
    rb'\{\s*(?:"resultCount"\s*:\s*\d|"status"\s*:\s*"OK"\s*,\s*"(?:resultCount|records)"|"records"\s*:\s*\[\s*\{)'
)
_LIST_OF_DOCUMENTS = re.compile(rb"\[\s*(?:[{\]]|\Z)")
_OF_EPRINTS = frozenset({"eprintid", "eprint_status", "creators"})
_log = logging.getLogger(__name__)


def read_line(line: bytes, place: str, limit: int = MAX_DOCUMENT) -> Iterator[Reading]:
    """What a line of JSON lines says, without its end; as `cut_solr` has it read, for those who cut files themselves.

    >>> [reading.id for reading in read_line(b'{"id": "a"}', "file:1")]
    ['a']
    """
    text = line.removeprefix(_BYTE_ORDER_MARK).strip(_BLANK)
    if len(line) > limit and text:
        yield Refusal(place, too_long(limit).reason)
    elif text:
        yield from _READ(text, place)


def _readings(
    read: Callable[[Mapping[str, Any], str], Iterator[Reading]], text: bytes, place: str
) -> Iterator[Reading]:
    """What a document says, if it is one."""
    try:
        document = json_object(text)
    except RecordRefused as refused:
        yield Refusal(place, str(refused))
        return
    yield from read(document, place)


def _by_shape(document: Mapping[str, Any], place: str) -> Iterator[Reading]:
    if is_harvested(document):
        yield read_harvested(document, place)
    elif "id" not in document and not _OF_EPRINTS.isdisjoint(document):
        yield read_eprint(document, place)
    else:
        yield from read_document(document, place)


_READ: Final[TextReader] = partial(_readings, _by_shape)
_READ_OF_ANSWER: Final[TextReader] = partial(_readings, read_document)
_READ_OF_API: Final[TextReader] = partial(_readings, read_api_record)


def cut_solr(pieces: Iterator[bytes], name: str, limit: int = MAX_DOCUMENT) -> Iterator[Brought]:
    """The documents of a file, unread; one of more than `limit` bytes is refused.

    A document that is wrong in itself is refused alone. Where a file over several lines is broken
    between its documents, or ends too early, nobody knows what is missing: SourceError names the line.
    """
    for line, text, read in _documents(pieces, name, limit):
        place = f"{name}:{line}"
        yield Refusal(place, text.reason) if isinstance(text, Flaw) else Unread(text, place, read)


def _documents(pieces: Iterator[bytes], name: str, limit: int) -> Iterator[Cut]:
    head, pieces = peeked(pieces, enough=lambda seen: len(seen) >= SNIFFED)
    if _spreads_over_lines(head.removeprefix(_BYTE_ORDER_MARK).strip(_BLANK)):
        return _from_values(_without_mark(pieces), name, limit)
    return _read_by(_READ, _from_lines(pieces, limit))


def _read_by(read: TextReader, documents: Iterator[Numbered]) -> Iterator[Cut]:
    return ((line, text, read) for line, text in documents)


def _spreads_over_lines(head: bytes) -> bool:
    """Whether the file is to be cut by its brackets and not by its lines.

    A first line that is no object may be one that goes on, or a broken one among JSON lines. The
    next line tells: one that goes on is followed by a key or a closing bracket, a line of JSON
    lines by another that begins with a brace.
    """
    if any(shape.match(head) for shape in (_LIST_OF_DOCUMENTS, _ANSWER, _API_ANSWER)):
        return True
    first, _, following = head.partition(b"\n")
    next_byte = following.lstrip(_BLANK)[:1]
    return first.startswith(b"{") and next_byte in (b'"', b"}", b"]", b",", b":") and not _is_object(first)


def _is_object(text: bytes) -> bool:
    try:
        json_object(text)
    except RecordRefused:
        return False
    return True


def _without_mark(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        yield piece.removeprefix(_BYTE_ORDER_MARK) if number == 0 else piece


def _from_lines(pieces: Iterator[bytes], limit: int) -> Iterator[Numbered]:
    for number, line in numbered_lines(pieces, limit):
        text = line if isinstance(line, Flaw) else line.removeprefix(_BYTE_ORDER_MARK).strip(_BLANK)
        if text:
            yield number, text


def _from_values(pieces: Iterator[bytes], name: str, limit: int) -> Iterator[Cut]:
    values = JsonValues(pieces, limit)
    try:
        while first := values.peek():
            if first == b"[":
                yield from _read_by(_READ, elements(values))
            elif values.begins(_ANSWER):
                yield from _read_by(_READ_OF_ANSWER, _documents_of_answer(values))
            elif values.begins(_API_ANSWER):
                _log.info("%s: records of VuFind's API, which have no text to mine citations from", name)
                yield from _read_by(_READ_OF_API, _records_of_api(values))
            else:
                yield values.line, values.value(), _READ
    except Unreadable as error:
        raise SourceError(f"{name}:{error.line}: from here on the file cannot be read: {error}") from error


def _documents_of_answer(values: JsonValues) -> Iterator[Numbered]:
    """The documents under `response`, `docs` of Solr's answer; facets and the like are passed over."""
    start, found = values.line, False
    for key in members(values):
        if key == b'"response"' and values.peek() == b"{":
            for inner in members(values):
                if inner == b'"docs"' and values.peek() == b"[":
                    found = True
                    yield from elements(values)
                else:
                    values.value()
        else:
            values.value()
    if not found:
        yield start, Flaw("an answer of Solr without a list of documents (response.docs)")


def _records_of_api(values: JsonValues) -> Iterator[Numbered]:
    """The records under `records` of an answer of VuFind's API; where nothing was found there are none."""
    for key in members(values):
        if key == b'"records"' and values.peek() == b"[":
            yield from elements(values)
        else:
            values.value()
