"""Works by year as a picture: a bar for each year, or for a few, that leads to the works of it.

At most 24 bars, so that the narrowest phone shows them; spans grow by 2, 5, 10 years and so on. Gaps stay gaps,
but a few works from long before the others share one bar: else four centuries with a book each would press
everything else into one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_MOST_BARS: Final = 23
#: The oldest share one bar, if they are no more than one in so many.
_FEW: Final = 20
_SPANS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_WIDTH: Final = 360
_WIDEST: Final = 36
#: The foot of the bars; below it stand the years.
_FOOT: Final = 108
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
    label: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Histogram:
    """All bars; `undated` is the number of works without a year."""

    bars: tuple[Bar, ...]
    undated: int = 0

    @property
    def highest(self) -> int:
        """The place of the first of the highest bars, which says its number of works for all."""
        works = [bar.works for bar in self.bars]
        return works.index(max(works))

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
    first, last = _beginning(dated), max(dated)
    length = next(span for span in _SPANS if last // span - first // span < _MOST_BARS)
    start = first // length
    spans: dict[tuple[int, int], int] = {}
    for year, works in sorted(dated.items()):
        slot = max(year // length, start - 1)
        years_of = (slot * length, slot * length + length - 1) if slot >= start else (min(dated), start * length - 1)
        spans[years_of] = spans.get(years_of, 0) + works
    return Histogram(
        _bars(spans, length, start - (min(dated) < start * length), last // length, address, chosen), years.get(0, 0)
    )


def _beginning(dated: Mapping[int, int]) -> int:
    """The year that the picture begins with: before it lie few works, if any."""
    few, passed = sum(dated.values()) / _FEW, 0
    for year, works in sorted(dated.items()):
        passed += works
        if passed > few:
            return year
    return max(dated)


def _bars(
    spans: Mapping[tuple[int, int], int],
    length: int,
    first: int,
    last: int,
    address: Callable[[tuple[int, int]], str],
    chosen: tuple[int, int] | None,
) -> tuple[Bar, ...]:
    most, step = max(spans.values()), min(_WIDTH / (last - first + 1), _WIDEST)
    every = -(-(last - first + 1) // 6)
    bars = []
    for years, works in spans.items():
        slot = max(years[1] // length, first) - first
        height = max(_LEAST, 100 * works / most)
        label = _label(years, length) if slot % every == 0 else ""
        within = chosen is not None and chosen[0] <= years[1] and years[0] <= chosen[1]
        bars.append(
            Bar(_words(years), works, address(years), round(slot * step + 1, 1), round(_FOOT - height, 1),
                round(max(step - 2, 1), 1), round(height, 1), within, label)
        )  # fmt: skip
    return tuple(bars)


def _label(years: tuple[int, int], length: int) -> str:
    """The year below a bar: its first, but of the bar of all before the others the last."""
    return f"–{years[1]}" if years[1] - years[0] >= length else str(years[0])


def _words(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}"
