"""Works by year as a picture: a bar for each year, or for a few, that leads to the works of it.

At most 24 bars, so that the narrowest phone shows them; spans grow by 2, 5, 10 years and so on. Gaps stay gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_MOST_BARS: Final = 24
_SPANS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
WIDTH, HEIGHT, _ROOM = 620, 128, 108
_LEAST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: the years it stands for in words, its works, where it leads, and its place in the picture."""

    words: str
    works: int
    href: str
    x: float
    y: float
    width: float
    height: float
    chosen: bool = False
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    """All bars; `undated` is the number of works without a year."""

    bars: tuple[Bar, ...]
    undated: int = 0

    @property
    def span(self) -> str:
        """The first and the last year."""
        first, last = self.bars[0].words.partition("–")[0], self.bars[-1].words.rpartition("–")[2]
        return first if first == last else f"{first} to {last}"


def histogram(
    years: Mapping[int, int], address: Callable[[tuple[int, int]], str], chosen: tuple[int, int] | None = None
) -> Histogram | None:
    """The picture of works by year (0 for those without); None where none has a year.

    `address` gives where the bar of a span leads, `chosen` is the span that was asked for.
    """
    dated = {year: works for year, works in years.items() if year}
    if not dated:
        return None
    first, last = min(dated), max(dated)
    length = next(span for span in _SPANS if last // span - first // span < _MOST_BARS)
    start, slots = first // length, last // length - first // length + 1
    counted: dict[int, int] = {}
    for year, works in dated.items():
        counted[year // length] = counted.get(year // length, 0) + works
    most, step = max(counted.values()), WIDTH / slots
    every = -(-slots // 8)
    bars = tuple(
        _bar(slot, works, most=most, length=length, place=(slot - start) * step, step=step, address=address,
             chosen=chosen, labelled=(slot - start) % every == 0)
        for slot, works in sorted(counted.items())
    )  # fmt: skip
    return Histogram(bars, years.get(0, 0))


def _bar(
    slot: int,
    works: int,
    *,
    most: int,
    length: int,
    place: float,
    step: float,
    address: Callable[[tuple[int, int]], str],
    chosen: tuple[int, int] | None,
    labelled: bool,
) -> Bar:
    years = slot * length, slot * length + length - 1
    height = max(_LEAST, 100 * works / most)
    words = str(years[0]) if length == 1 else f"{years[0]}–{years[1]}"
    within = chosen is not None and chosen[0] <= years[1] and years[0] <= chosen[1]
    return Bar(
        words, works, address(years), round(place + 1, 1), round(_ROOM - height, 1),
        round(max(step - 2, 1), 1), round(height, 1), within, labelled,
    )  # fmt: skip
