"""Finished answers kept in the process: what was made once is sent again as bytes, while the edition is served.

Doors ask for it by way of `finished.Shelf`, and the first door for what all of them have answered. Kept are only
answers that have a tag, in the coding in which they are sent.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, Protocol

#: What an entry costs beside its texts: key, tuples, its place in the order; measured with tracemalloc.
OVERHEAD: Final = 1_500
#: No single answer may push out more than this share of the others.
_LARGEST_SHARE: Final = 8


class Item(Protocol):
    """What may be kept."""

    @property
    def size(self) -> int:
        """So many bytes of memory, nearly."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer with status 200: its headers, and its bytes as they are sent; or that it is `unchanged` (304),
    with the headers that it would have."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    unchanged: bool = False

    @property
    def size(self) -> int:
        """So many bytes of memory, nearly."""
        return OVERHEAD + len(self.body) + sum(len(name) + len(value) for name, value in self.headers)


class Cache:
    """Answers of one edition, at most so many bytes of them; the one not asked for longest goes first.

    Threads share it. Two that miss the same answer at the same time both make it: it is the same.
    """

    def __init__(self, most_bytes: int, may_keep: Callable[[], bool] = lambda: True) -> None:
        """Hold at most `most_bytes`; 0 keeps nothing. Nothing is kept either while `may_keep` says no."""
        self._most, self._may_keep = most_bytes, may_keep
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Item] = OrderedDict()
        self._size = 0
        self._edition: Hashable = None

    def begin(self, edition: Hashable) -> None:
        """Another edition is served: drop everything."""
        with self._lock:
            self._answers.clear()
            self._size, self._edition = 0, edition

    def get(self, edition: Hashable, key: Hashable) -> Item | None:
        """What is kept under a key of an edition, or None."""
        with self._lock:
            known = self._answers.get(key) if edition == self._edition else None
            if known is not None:
                self._answers.move_to_end(key)
            return known

    @property
    def is_open(self) -> bool:
        """Whether it keeps anything at all."""
        return self._most > 0

    @property
    def size(self) -> int:
        """So many bytes are held."""
        return self._size

    def put(self, edition: Hashable, key: Hashable, made: Item) -> None:
        """Keep an answer under a key; one of an edition no longer served, or too large a one, is not kept."""
        size = made.size
        if size * _LARGEST_SHARE > self._most or not self._may_keep():
            return
        with self._lock:
            if edition != self._edition or key in self._answers:
                return
            self._answers[key] = made
            self._size += size
            while self._size > self._most:
                self._size -= self._answers.popitem(last=False)[1].size
