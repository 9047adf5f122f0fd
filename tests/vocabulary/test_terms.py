"""Prefixed names and what they stand for."""

from __future__ import annotations

import pytest

from linkeddata.vocabulary.terms import PREFIXES, SCHEMA, expand, shorten


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_goes_both_ways(prefix: str) -> None:
    assert shorten(expand(f"{prefix}:x")) == f"{prefix}:x"


def test_unknown_prefix_is_an_error_and_unknown_term_has_no_short_form() -> None:
    with pytest.raises(KeyError):
        expand("dc:title")
    assert shorten("http://purl.org/dc/elements/1.1/title") is None


def test_no_namespace_lies_within_another() -> None:
    """Else a term would have two prefixed names."""
    spaces = list(PREFIXES.values())
    assert not [(one, other) for one in spaces for other in spaces if one != other and one.startswith(other)]


def test_schema_org_is_plain_http() -> None:
    assert str(SCHEMA) == "http://schema.org/"
