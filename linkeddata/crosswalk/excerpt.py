"""The pieces of a free text that something was mined from, with their surroundings, for people to judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

#: A piece of text, and the key it was read as; empty for what only stands around it.
Piece: TypeAlias = tuple[str, str]
Span: TypeAlias = tuple[int, int]

_AROUND: Final = 40
_LONGEST: Final = 240
_GAP: Final = " … "


def excerpt(text: str, spans: Mapping[str, Span]) -> list[Piece]:
    """The text around the spans, cut into pieces; a span that holds another one is not marked itself.

    >>> excerpt("Some title. Some Journal, 39 (7). More words.", {"volume": (26, 28), "issue": (30, 31)})
    [('Some title. Some Journal, ', ''), ('39', 'volume'), (' (', ''), ('7', 'issue'), ('). More words.', '')]
    """
    pieces: list[Piece] = []
    end = 0
    for key, (start, stop) in _innermost(spans):
        between = text[end:start]
        pieces += _between(between, is_first=end == 0)
        pieces.append((_shortened(text[start:stop]), key))
        end = stop
    if end and text[end:]:
        rest = text[end:]
        pieces.append((rest if len(rest) <= _AROUND else rest[:_AROUND] + _GAP.rstrip(), ""))
    return pieces


def _innermost(spans: Mapping[str, Span]) -> list[tuple[str, Span]]:
    """Spans in the order of the text, without those that reach over another."""
    chosen: list[tuple[str, Span]] = []
    behind = 0
    ordered = sorted([(stop, -start, place, key) for place, (key, (start, stop)) in enumerate(spans.items())])
    for stop, start, _, key in ordered:
        if behind <= -start < stop:
            chosen.append((key, (-start, stop)))
            behind = stop
    return chosen


def _between(text: str, *, is_first: bool) -> list[Piece]:
    if not text:
        return []
    if len(text) <= 2 * _AROUND:
        return [(text, "")]
    head = "" if is_first else text[:_AROUND]
    return [(head + _GAP + text[-_AROUND:], "")]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
