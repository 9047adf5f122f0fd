"""What was read out of free text in a record: the piece of text, marked, and the rule that read it."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

_EXPLAINED = "def/mining-"


@dataclass(frozen=True, slots=True)
class MinedCard:
    """The rule's name and its document's address, how many statements it made, and the text in pieces:
    each with the key it was read as (empty for what only stands around)."""

    rule: str
    href: str
    count: int
    pieces: tuple[tuple[str, str], ...]


def mined_card(clues: bytes, count: int, root: str) -> MinedCard | None:
    """The card for the clues kept with a record (JSON: version, pieces); None where nothing was mined."""
    if not clues:
        return None
    told = orjson.loads(clues)
    pieces = tuple((text, key) for text, key in told["pieces"])
    return MinedCard(f"mining-{told['version']}", f"{root}{_EXPLAINED}{told['version']}", count, pieces)
