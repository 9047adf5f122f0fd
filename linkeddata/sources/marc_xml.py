"""MARCXML (http://www.loc.gov/standards/marcxml/) to MARC records."""

from __future__ import annotations

from collections.abc import Iterator

from linkeddata.record import Reading
from linkeddata.sources import marc_fields
from linkeddata.sources.marc_record import MarcField, MarcRecord
from linkeddata.sources.xml import Element

NAMESPACE = "{http://www.loc.gov/MARC21/slim}"
ELEMENTS = (f"{NAMESPACE}record",)


def read_marc_xml(elements: Iterator[Element], name: str) -> Iterator[Reading]:
    """What each `record` says."""
    for element in elements:
        yield marc_fields.read_marc(_record(element), f"{name}:{element.sourceline}")


def fields(element: Element) -> dict[str, list[str]]:
    """The fields of a `record` that somebody else has given an id."""
    return marc_fields.fields(_record(element))


def _record(element: Element) -> MarcRecord:
    """Control fields and the leader keep their blanks, which are positions."""
    leader = element.findtext(f"{NAMESPACE}leader") or ""
    control = [(each.get("tag") or "", each.text or "") for each in element.iterfind(f"{NAMESPACE}controlfield")]
    return MarcRecord(leader, control, [_field(each) for each in element.iterfind(f"{NAMESPACE}datafield")])


def _field(element: Element) -> MarcField:
    subfields = [(each.get("code") or "", each.text or "") for each in element.iterfind(f"{NAMESPACE}subfield")]
    return MarcField(element.get("tag") or "", element.get("ind1") or " ", element.get("ind2") or " ", subfields)
