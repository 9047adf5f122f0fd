"""Works by year as a picture: never too many bars, nothing lost, gaps where there is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.representations.histogram import Histogram, histogram


def drawn(years: dict[int, int], chosen: tuple[int, int] | None = None) -> Histogram:
    picture = histogram(years, lambda span: f"{span[0]}-{span[1]}", chosen)
    assert picture is not None
    return picture


@given(st.dictionaries(st.integers(1, 9999), st.integers(1, 100_000), min_size=1, max_size=80))
def test_every_work_is_in_one_of_few_bars(years: dict[int, int]) -> None:
    """Whatever the years: at most 24 bars, within the picture, and their works are all there are."""
    picture = drawn(years)
    assert len(picture.bars) <= 24
    assert sum(bar.works for bar in picture.bars) == sum(years.values())
    assert all(bar.x >= 0 and bar.x + bar.width <= 360 and 2 <= bar.height <= 100 for bar in picture.bars)


@given(st.dictionaries(st.integers(1, 9999), st.integers(1, 100), min_size=1, max_size=30))
def test_bars_lead_to_the_years_that_they_count(years: dict[int, int]) -> None:
    """The spans do not overlap, and the works of each are those of its bar."""
    for bar in drawn(years).bars:
        first, last = map(int, bar.href.split("-"))
        assert bar.works == sum(works for year, works in years.items() if first <= year <= last)


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ({2001: 1, 2003: 2}, ["2001", "2003"]),
        ({1980: 3, 2020: 3}, ["1980–1981", "2020–2021"]),
        ({1577: 1, 2001: 20, 2002: 20}, ["1577–2000", "2001", "2002"]),
    ],
)
def test_spans_grow_gaps_stay_and_the_few_oldest_share_a_bar(years: dict[int, int], words: list[str]) -> None:
    assert [bar.words for bar in drawn(years).bars] == words


def test_undated_works_are_told_beside_the_picture() -> None:
    assert drawn({0: 5, 2001: 1}).undated == 5
    assert histogram({0: 5}, str) is None


def test_chosen_years_are_marked() -> None:
    assert [bar.chosen for bar in drawn({2001: 1, 2002: 1, 2003: 1}, (2002, 2003)).bars] == [False, True, True]
