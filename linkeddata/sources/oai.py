"""Records of OAI-PMH answers, whatever format of metadata they carry, and such answers saved as files.

The id is the header's identifier, verbatim. Sets are left alone: their names are codes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from linkeddata.errors import RecordRefused, SourceError
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.sources import doaj, dublin_core, marc_xml
from linkeddata.sources.document import identifier
from linkeddata.sources.xml import Element, namespace, text_of

NAMESPACE = "{http://www.openarchives.org/OAI/2.0/}"
ELEMENTS = tuple(f"{NAMESPACE}{name}" for name in ("record", "error", "resumptionToken"))

#: Formats of metadata by the element they begin with.
FORMATS: Mapping[str, Callable[[Element], dict[str, list[str]]]] = MappingProxyType(
    {
        dublin_core.ROOT: dublin_core.fields,
        doaj.ROOT: doaj.fields,
        f"{marc_xml.NAMESPACE}record": marc_xml.fields,
    }
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_log = logging.getLogger(__name__)


def read_oai(elements: Iterator[Element], name: str) -> Iterator[Reading]:
    """What an answer says. An error is a `SourceError`, but for `noRecordsMatch`, which means none.

    A resumption token is logged: the file is one page of a list that goes on.
    """
    rules: Mapping[str, Callable[[Element, str], Iterator[Reading]]] = {
        "record": _record,
        "error": _error,
        "resumptionToken": _token,
    }
    found = False
    for element in elements:
        yield from rules[str(element.tag).removeprefix(NAMESPACE)](element, name)
        found = True
    if not found:
        raise SourceError(f"{name}: neither records nor an error: an answer to another question than ListRecords")


def _error(element: Element, name: str) -> Iterator[Reading]:
    code = element.get("code") or "no code"
    if code != "noRecordsMatch":
        raise SourceError(f"{name}: the OAI-PMH answer is an error, {code}: {text_of(element)}")
    yield from ()


def _token(element: Element, name: str) -> Iterator[Reading]:
    """An empty token ends the list (OAI-PMH 2.0, 3.5)."""
    if text_of(element):
        size = element.get("completeListSize") or "an unknown number"
        _log.info("%s: a page of a list that goes on (of %s records)", name, size)
    yield from ()


def _record(element: Element, name: str) -> Iterator[Reading]:
    yield read_record(element, f"{name}:{element.sourceline}")


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says: whose it is, when it changed, and whether there is nothing behind it any more."""

    id: str
    datestamp: str
    deleted: bool


def read_header(header: Element | None) -> Header:
    """`RecordRefused` where there is no identifier."""
    try:
        own_id = identifier(_header_text(header, "identifier"))
    except RecordRefused as refused:
        raise RecordRefused(f"the header's {refused}") from refused
    deleted = header is not None and header.get("status") == "deleted"
    return Header(own_id, _header_text(header, "datestamp"), deleted)


def read_record(element: Element, place: str) -> Reading:
    """One `record` of an answer, whether it was saved as a file or is being harvested."""
    header, metadata = (element.find(f"{NAMESPACE}{part}") for part in ("header", "metadata"))
    try:
        known = read_header(header)
    except RecordRefused as refused:
        return Refusal(place, str(refused))
    changed = known.datestamp
    if known.deleted:
        return Deletion(known.id, datestamp=changed or None, place=place)
    try:
        found = _fields(metadata)
    except RecordRefused as refused:
        return Refusal(place, str(refused), known.id)
    dated = {"last_indexed": [changed]} if _MOMENT.fullmatch(changed) else {}
    return Record(known.id, {**found, **dated}, datestamp=changed or None, place=place)


def _header_text(header: Element | None, name: str) -> str:
    found = header.find(f"{NAMESPACE}{name}") if header is not None else None
    return text_of(found) if found is not None else ""


def _fields(metadata: Element | None) -> dict[str, list[str]]:
    root = metadata[0] if metadata is not None and len(metadata) else None
    if root is None:
        raise RecordRefused("a record without metadata that is not deleted either")
    if str(root.tag) not in FORMATS:
        raise RecordRefused(f"metadata in a format that is not read: {namespace(root) or 'no namespace'}")
    return {field: values for field, values in FORMATS[str(root.tag)](root).items() if any(values)}
