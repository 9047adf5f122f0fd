"""What a new store is loaded with: all that records say, as N-Quads.

What was mined from a record's text stands twice: in the default graph, and in a graph of the record's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from linkeddata.vocabulary.ntriples import Statement, uri_token
from linkeddata.vocabulary.terms import FOAF
from linkeddata.vocabulary.uris import Uris

#: At least so many lines about shared things are remembered, those met last, and at most twice as many, so that
#: most are given to the loader only once.
_REMEMBERED: Final = 300_000
#: Longer ones, in bytes, would fill memory.
_WORTH_REMEMBERING: Final = 2000
#: What a heading stands for is an agent of the record's own: no other record says it again.
_FOCUS: Final = uri_token(FOAF.focus)

#: What a line is remembered by: the statement, or where there is none, the line.
_Key: TypeAlias = Statement | bytes


class Filling:
    """Quads that are collected, `size` bytes of them; repeated lines about shared things stand mostly once."""

    def __init__(self, uris: Uris) -> None:
        self._uris = uris
        self._recent, self._before = set[_Key](), set[_Key]()
        self._pieces: list[bytes] = []
        self.size = 0

    def add(self, identifier: str, statements: bytes, owned: int, mined: bytes) -> None:
        """What a record says: N-Triples lines, of which the first `owned` bytes are about its own things, and
        those of them that were mined."""
        shared = statements[owned:].splitlines(keepends=True)
        self._add(identifier, statements[:owned], self._fresh(shared, shared), mined)

    def add_statements(
        self, identifier: str, own: bytes, shared: Sequence[Statement], lines: Sequence[bytes], mined: bytes
    ) -> None:
        """The same, with what is said about shared things as statements, and as lines."""
        self._add(identifier, own, self._fresh(shared, lines), mined)

    def _fresh(self, keys: Sequence[_Key], lines: Sequence[bytes]) -> bytes:
        """The lines that were not given, or so long ago that they were forgotten."""
        recent, before, fresh = self._recent, self._before, list[bytes]()
        for key, line in zip(keys, lines, strict=True):
            if key in recent:
                continue
            if key not in before:
                fresh.append(line)
            if key[1] != _FOCUS and len(line) < _WORTH_REMEMBERING:
                recent.add(key)
        if len(recent) > _REMEMBERED:
            self._recent, self._before = set(), recent
        return b"".join(fresh)

    def _add(self, identifier: str, own: bytes, shared: bytes, mined: bytes) -> None:
        again = _mined_text(self._uris, identifier, mined) if mined else b""
        self._pieces += own, shared, again
        self.size += len(own) + len(shared) + len(again)

    def take(self) -> bytes:
        """All that was collected since it was last taken."""
        taken = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return taken


def mined_quads(uris: Uris, identifier: str, mined: bytes) -> list[bytes]:
    """Mined statements (N-Triples lines) of a record as quads of their graph."""
    return _mined_text(uris, identifier, mined).splitlines(keepends=True)


def _mined_text(uris: Uris, identifier: str, mined: bytes) -> bytes:
    # Every line ends so, and nothing within one: a line break in a literal is escaped.
    return mined.replace(b" .\n", f" <{uris.mined_graph(identifier)}> .\n".encode())
