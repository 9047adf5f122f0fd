"""XML read strictly, one element at a time; whoever reads XML here does it through this file.

A document type is refused before anything is parsed, so there are no entities to expand and nothing
to fetch. Nothing is repaired: repaired XML loses records without a word. Elements are let go once
they have been read, and what one may cost is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal, TypeAlias

from lxml import etree

from linkeddata.sources.lines import MAX_DOCUMENT, too_long

Element: TypeAlias = etree._Element

MAX_MARKS = 500_000  # tags, or attributes, of one record: 32 MiB of "<a/>" would become a gigabyte
_DOCUMENT_TYPE = "a document type (DOCTYPE) is not accepted"
_BYTE_ORDER_MARK = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")
_PROLOG = re.compile(rb"\s*+(?:(?:<\?.*?\?>|<!--.*?-->)\s*+)*+", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
# Each writes `<!DOCTYPE` in the bytes of ASCII, zeros aside. Others, like UTF-7 or EBCDIC, could hide it.
_ENCODINGS = re.compile(
    rb"utf-?8|utf-?16(?:le|be)?|(?:us-)?ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d", re.IGNORECASE
)
_POSITION = re.compile(
    r"(?:,? (?:use|try) XML_PARSE_HUGE.*)?(?:\s*, line \d+, column \d+)?(?: \(<string>, line \d+\))?$", re.DOTALL
)


class XmlBroken(Exception):
    """From this line and column on nothing can be read any more."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(f"{reason} (column {column})" if column else reason)
        self.line = line


class XmlCut(XmlBroken):
    """What is there is well-formed, but it stops before its end."""


def xml_root(head: bytes) -> str:
    """The name of the root element, as `{namespace}name`, from the beginning of a file.

    Refused, as `XmlBroken`: what is no XML, has a document type, or an encoding that might hide one.
    """
    _refuse_document_type(head)
    parser = _parser("start")
    broken = _fed(parser, head)
    for _, element in parser.read_events():
        # The look at the bytes goes by ASCII; in UTF-16 a comment can be written that seems to end before it does.
        if element.getroottree().docinfo.internalDTD is not None:
            raise XmlBroken(1, 0, _DOCUMENT_TYPE)
        return str(element.tag)
    raise broken or XmlCut(1, 0, "no root element at the beginning")


def xml_elements(pieces: Iterator[bytes], names: Collection[str], limit: int = MAX_DOCUMENT) -> Iterator[Element]:
    """The elements of these names, each whole; it is emptied when the next is asked for.

    Where the XML breaks, those before come first, then `XmlBroken`; so it is, too, where more than
    `limit` bytes, or too many tags, come without such an element.
    """
    parser = _parser("end", names)
    size, line = _Size(limit), 1
    for piece in pieces:
        broken = _fed(parser, piece)
        size.add(piece)
        for element in _taken(parser):
            size, line = _Size(limit), element.sourceline or line
            yield element
        if broken or (broken := size.broken(line)):
            raise broken
    if broken := _closed(parser):
        raise broken
    yield from _taken(parser)


def text_of(element: Element) -> str:
    """All text of an element and of those within, without blanks around it."""
    return "".join(element.itertext()).strip()


def local_name(element: Element) -> str:
    """The name of an element without its namespace; with its prefix, where nobody has said what that stands for."""
    # Not by `etree.QName`, to which such a name is none: the parser gives the element before it tells of the fault.
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace of an element, or nothing."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _refuse_document_type(head: bytes) -> None:
    text = _BYTE_ORDER_MARK.sub(b"", head, count=1).replace(b"\0", b"")
    prolog = _PROLOG.match(text)
    rest = text[prolog.end() :] if prolog else text
    if rest.startswith(b"<!DOCTYPE"):
        raise XmlBroken(1 + text[: len(text) - len(rest)].count(b"\n"), 0, _DOCUMENT_TYPE)
    if not rest.startswith(b"<"):
        raise (XmlBroken if rest else XmlCut)(1, 0, "not XML: no root element at the beginning")
    declared = _DECLARED.match(text.lstrip())
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        raise XmlBroken(1, 0, f"the encoding {declared[1].decode('ascii', 'replace')!r} is not accepted")


def _parser(event: Literal["start", "end"], names: Collection[str] = ("*",)) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=(event,),
        tag=tuple(names),
        resolve_entities="internal",  # none can be declared, see above; an unknown one is an error
        no_network=True,
        load_dtd=False,
        recover=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _fed(parser: etree.XMLPullParser, piece: bytes) -> XmlBroken | None:
    """Parses on; the elements that ended before a fault can still be taken."""
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        return XmlBroken(*_fault(error))
    return None


def _closed(parser: etree.XMLPullParser) -> XmlCut | None:
    """A parser that is fed says nothing of an end too early until it is told that this was all."""
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        return XmlCut(*_fault(error))
    return None


def _fault(error: etree.XMLSyntaxError) -> tuple[int, int, str]:
    line, column = error.position
    return max(line or 0, 1), max(column or 0, 0), _POSITION.sub("", error.msg or "not XML").strip()


def _taken(parser: etree.XMLPullParser) -> Iterator[Element]:
    for _, element in parser.read_events():
        yield element
        parent = element.getparent()
        element.clear()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


class _Size:
    """What has been parsed since the last element was taken."""

    __slots__ = ("_attributes", "_bytes", "_limit", "_tags")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = self._tags = self._attributes = 0

    def add(self, piece: bytes) -> None:
        self._bytes += len(piece)
        self._tags += piece.count(b"<")
        self._attributes += piece.count(b"=")

    def broken(self, line: int) -> XmlBroken | None:
        if self._bytes > self._limit:
            return XmlBroken(line, 0, f"a record {too_long(self._limit).reason}")
        if max(self._tags, self._attributes) > MAX_MARKS:
            return XmlBroken(line, 0, f"a record of more than {MAX_MARKS:,} tags or attributes")
        return None
