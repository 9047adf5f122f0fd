"""Numbered lines within bounds."""

from __future__ import annotations

import tracemalloc

import pytest

from linkeddata.sources.lines import Flaw, numbered_lines


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_do_not_depend_on_how_the_bytes_arrive(size: int) -> None:
    """Pieces may end anywhere."""
    text = b"one\n\ntwo\r\nthree"
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    assert list(numbered_lines(pieces)) == [(1, b"one"), (2, b""), (3, b"two\r"), (4, b"three")]


@pytest.mark.parametrize(("text", "numbers"), [(b"", []), (b"a", [1]), (b"a\n", [1]), (b"a\n\n", [1, 2])])
def test_end_of_file_ends_the_last_line(text: bytes, numbers: list[int]) -> None:
    """With or without a last line feed the count is the same."""
    assert [number for number, _ in numbered_lines(iter([text]))] == numbers


def test_line_at_the_limit_is_kept_and_one_over_it_is_a_flaw() -> None:
    """The bound is exact, and the line after it is read."""
    found = list(numbered_lines(iter([b"12345\n123", b"456\nok\n"]), limit=5))
    assert found == [(1, b"12345"), (2, Flaw("longer than 5 bytes")), (3, b"ok")]


def test_endless_line_is_not_held() -> None:
    """200 MB in one line cost no more than the limit."""
    pieces = (bytes(1 << 20) for _ in range(200))
    tracemalloc.start()
    assert list(numbered_lines(pieces, limit=4 << 20)) == [(1, Flaw("longer than 4 MiB"))]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20
