"""What a document can be given as: suffixes, and the profiles that clients ask for."""

from __future__ import annotations

import time

import pytest

from linkeddata.config import VARIANTS
from linkeddata.representations.formats import DOCUMENT_FORMATS
from linkeddata.representations.variants import (
    FULL,
    HTML,
    PROFILES,
    SCHEMA,
    SUFFIXES,
    by_suffix,
    formats_of,
    profile_wanted,
)

OURS = "https://data.example.org/def/profile-1+6f3a90c2"


@pytest.mark.parametrize(
    ("key", "stem", "name"),
    [
        ("a.ttl", "a", "ttl.full."),
        ("a.jsonld", "a", "jsonld.full."),
        ("a.schema.jsonld", "a", "jsonld.schema."),
        ("a.schema.ttl", "a.schema", "ttl.full."),
        ("a/b.html.nq", "a/b.html", "nq.full."),
        ("a.trig", "a", "trig.full."),
    ],
)
def test_longest_suffix_is_taken(key: str, stem: str, name: str) -> None:
    found = by_suffix(key)
    assert found is not None
    assert (found[0], found[1].name) == (stem, name)


@pytest.mark.parametrize("key", ["a", "a.pdf", ".ttl", ".schema.jsonl", "a.TTL", "a.ttl/", "ttl", ""])
def test_other_keys_have_no_suffix(key: str) -> None:
    assert by_suffix(key) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("<http://schema.org/>", SCHEMA),
        ("<https://schema.org/>", SCHEMA),
        (f"<{OURS}>", FULL),
        (f"<{OURS}>;q=0.5, <http://schema.org/>;q=0.9", SCHEMA),
        (f"<{OURS}>, <http://schema.org/>", FULL),
        ("<http://schema.org/>; q=0, <urn:example:other>", None),
        ("<urn:example:a,b>, <http://schema.org/>", SCHEMA),
        ("schema", SCHEMA),
        ("unknown, full;q=0.1", FULL),
        ("http://schema.org/", SCHEMA),
        ("", None),
        (",;<>", None),
    ],
)
def test_wanted_profile_is_the_known_one_of_highest_quality(header: str, expected: object) -> None:
    """URIs in angle brackets or tokens; what nobody knows is read over."""
    assert profile_wanted(header, OURS) == expected


@pytest.mark.parametrize("part", ["<", "a;", "<a>;q=", ",", " ", "a" * 50, "<a>,"])
def test_hostile_profile_header_costs_little(part: str) -> None:
    began = time.process_time()
    profile_wanted(part * (1_000_000 // len(part)), OURS)
    assert time.process_time() - began < 0.5


def test_every_variant_has_a_name_of_its_own() -> None:
    """The tag of an answer is made of it."""
    assert len({variant.name for variant in SUFFIXES.values()}) == len(SUFFIXES)


def test_setting_knows_every_format() -> None:
    """The room of settings may not look into the table, so this holds them together."""
    assert tuple(fmt.name for fmt in DOCUMENT_FORMATS) == VARIANTS


def test_only_our_own_profile_has_a_page() -> None:
    assert [profile for profile in PROFILES if HTML in formats_of(profile)] == [FULL]
