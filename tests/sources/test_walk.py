"""What a walk over the pages of a source has met."""

from __future__ import annotations

import pytest

from linkeddata.sources.walk import Met


@pytest.mark.parametrize(
    ("pages", "whole", "lacks"),
    [
        ([], False, False),
        ([(0, [])], True, False),
        ([(2, ["a"]), (2, ["b"])], True, False),
        ([(2, ["a"])], False, True),
        ([(2, ["a", "a"])], False, True),
        ([(2, ["a", "b"]), (3, ["c"])], False, False),
        ([(3, ["a", "b"]), (2, [])], False, False),
        ([(1, ["a", "b"])], False, False),
        ([(2, ["a", "b", None])], False, False),
        ([(2, ["a", None])], False, False),
    ],
)
def test_only_what_was_met_to_the_last_is_whole(
    pages: list[tuple[int, list[str | None]]], whole: bool, lacks: bool
) -> None:
    """As many different ids as the source said on every page, none of them illegible; fewer at all times is a lack."""
    met = Met()
    for found, ids in pages:
        met.page(found, ids)
    assert (met.whole, met.lacks) == (whole, lacks)
