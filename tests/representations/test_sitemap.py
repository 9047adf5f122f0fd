"""Sitemaps as text: whole, and escaped."""

from __future__ import annotations

from lxml import etree

from linkeddata.representations.sitemap import sitemap, sitemap_index

PAGES = [("https://example.org/a&b/doc/record/1", "2026-01-31T12:00:00Z")]


def test_addresses_are_escaped() -> None:
    """A base URI may hold an ampersand; a parser gives back what was meant."""
    for written in (sitemap(PAGES), sitemap_index(PAGES)):
        (entry,) = etree.fromstring(b"".join(written))
        assert tuple(child.text for child in entry) == PAGES[0]


def test_nothing_is_gathered_before_it_is_written() -> None:
    """Of an endless list the beginning can be had: pages are written as they are found."""
    written = sitemap((f"https://example.org/{n}", "2026-01-31") for n in iter(int, 1))
    assert [len(next(written)) > 0 for _ in range(3)] == [True, True, True]
