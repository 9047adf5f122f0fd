"""Lines in order, and how two sequences of them differ."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from linkeddata.catalogue.sorted_lines import SortedLines, compared

LINES = st.lists(st.text("ab\0é", min_size=1, max_size=4).map(lambda text: f"{text}\n".encode()))


@given(texts=st.lists(LINES, max_size=8))
def test_lines_come_in_order_and_once_however_many_runs_they_take(texts: list[list[bytes]]) -> None:
    """As often as they are read; and nothing is left of them."""
    with TemporaryDirectory() as folder:
        lines = SortedLines(Path(folder) / "sorting", run=8)
        for text in texts:
            lines.add(b"".join(text))
        assert list(lines) == list(lines) == sorted({line for text in texts for line in text})
        lines.close()
        assert list(Path(folder).iterdir()) == []


@given(old=LINES.map(set), new=LINES.map(set))
def test_comparison_says_exactly_what_goes_and_comes(old: set[bytes], new: set[bytes]) -> None:
    found = list(compared(sorted(old), sorted(new)))
    assert {line for added, line in found if not added} == old - new
    assert {line for added, line in found if added} == new - old
    assert len(found) == len(old ^ new)
