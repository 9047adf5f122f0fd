"""XML files of records: EPrints exports, OAI-PMH answers and MARCXML, told apart by their root element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from linkeddata.errors import SourceError
from linkeddata.record import Reading, Refusal
from linkeddata.sources import eprints_xml, marc_xml, oai
from linkeddata.sources.lines import MAX_DOCUMENT
from linkeddata.sources.opening import SNIFFED, peeked
from linkeddata.sources.xml import Element, XmlBroken, xml_elements, xml_root


@dataclass(frozen=True, slots=True)
class Dialect:
    """The elements that are read one by one, and who reads them."""

    elements: tuple[str, ...]
    read: Callable[[Iterator[Element], str], Iterator[Reading]]


_EPRINTS = Dialect(eprints_xml.ELEMENTS, eprints_xml.read_eprints)
_MARC = Dialect(marc_xml.ELEMENTS, marc_xml.read_marc_xml)
DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        f"{eprints_xml.NAMESPACE}eprints": _EPRINTS,
        f"{eprints_xml.NAMESPACE}eprint": _EPRINTS,
        f"{oai.NAMESPACE}OAI-PMH": Dialect(oai.ELEMENTS, oai.read_oai),
        f"{marc_xml.NAMESPACE}collection": _MARC,
        f"{marc_xml.NAMESPACE}record": _MARC,
    }
)


def read_xml(pieces: Iterator[bytes], name: str, limit: int = MAX_DOCUMENT) -> Iterator[Reading]:
    """What the records of a file say.

    Where it is not well-formed, what came before is given and one refusal says from which line on it
    is lost; where nothing came before, and where the root element is an unknown one, `SourceError`.
    """
    head, pieces = peeked(pieces, enough=lambda seen: len(seen) >= SNIFFED)
    found = False
    try:
        dialect = _dialect(head, pieces, name)
        for reading in dialect.read(xml_elements(pieces, dialect.elements, limit), name):
            yield reading
            found = True
    except XmlBroken as broken:
        if not found:
            raise SourceError(f"{name}:{broken.line}: cannot be read as XML: {broken}") from broken
        rest = f"the rest of the file from line {broken.line} on cannot be read: {broken}"
        yield Refusal(f"{name}:{broken.line}", rest)


def _dialect(head: bytes, pieces: Iterator[bytes], name: str) -> Dialect:
    if not head:
        next(pieces, None)  # raises, where the source broke off before its first byte
    root = xml_root(head)
    if root not in DIALECTS:
        known = ", ".join(DIALECTS)
        raise SourceError(f"{name}: the root element {root} is none of those that are read: {known}")
    return DIALECTS[root]
