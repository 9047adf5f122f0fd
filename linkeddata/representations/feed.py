"""New and changed records as a feed: Atom (RFC 4287), in pages (RFC 5005, section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

_ATOM: Final = "http://www.w3.org/2005/Atom"
# XML 1.0, section 2.2: what no document may hold, escaped or not.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A record: its URI, title, when it came and when it last changed (ISO 8601), its page and its JSON-LD."""

    uri: str
    title: str
    issued: str
    modified: str
    page: str
    data: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What is said of the whole. `address` is that of the feed, `pages` lead from this page by relation."""

    address: str
    title: str
    author: str
    home: str
    licence: str
    updated: str
    pages: Sequence[tuple[str, str]]


def atom(feed: Feed, entries: Iterable[FeedEntry]) -> bytes:
    """A page of the feed; the newest entry first."""
    root = Element("feed", {"xmlns": _ATOM})
    _texts(root, (("id", feed.address), ("title", feed.title), ("updated", feed.updated)))
    _texts(SubElement(root, "author"), [("name", feed.author)])
    for relation, address in feed.pages:
        _link(root, relation, address, "application/atom+xml")
    _link(root, "alternate", feed.home, "text/html")
    if feed.licence:
        _link(root, "license", feed.licence)  # RFC 4946
    for entry in entries:
        _entry(SubElement(root, "entry"), entry)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(element: Element, entry: FeedEntry) -> None:
    _texts(element, (("id", entry.uri), ("title", entry.title)))
    _texts(element, (("published", entry.issued), ("updated", entry.modified)))
    _link(element, "alternate", entry.page, "text/html")
    _link(element, "alternate", entry.data, "application/ld+json")


def _texts(parent: Element, texts: Iterable[tuple[str, str]]) -> None:
    for name, text in texts:
        SubElement(parent, name).text = _NOT_IN_XML.sub("", text)


def _link(parent: Element, relation: str, address: str, kind: str = "") -> None:
    SubElement(parent, "link", {"rel": relation, "href": address} | ({"type": kind} if kind else {}))
