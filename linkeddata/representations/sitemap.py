"""Sitemaps for crawlers (sitemaps.org, protocol 0.9): an index, and the files it leads to, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_index(files: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """The index of sitemap files, each with its address and when one of its pages last changed (ISO 8601)."""
    return _written("sitemapindex", "sitemap", files)


def sitemap(pages: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """One file: the address of each page, absolute, and when it last changed (ISO 8601)."""
    return _written("urlset", "url", pages)


def _written(whole: str, part: str, listed: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    yield f'{_HEAD}<{whole} xmlns="{_SPACE}">\n'.encode()
    for address, changed in listed:
        yield f"<{part}><loc>{escape(address)}</loc><lastmod>{escape(changed)}</lastmod></{part}>\n".encode()
    yield f"</{whole}>\n".encode()
