"""What a new store is loaded with: all that records say, as N-Quads.

What was mined from a record's text stands twice: in the default graph, and in a graph of the record's own.
"""

from __future__ import annotations

from linkeddata.vocabulary.uris import Uris

#: So many lines about shared things are remembered, so that most are given to the loader only once.
_REMEMBERED = 400_000
#: Longer ones, in bytes, would fill memory.
_WORTH_REMEMBERING = 2000


class Filling:
    """Quads that are collected, `size` bytes of them; repeated lines about shared things stand mostly once."""

    def __init__(self, uris: Uris) -> None:
        self._uris = uris
        self._seen = set[bytes]()
        self._pieces: list[bytes] = []
        self.size = 0

    def add(self, identifier: str, statements: bytes, owned: int, mined: bytes) -> None:
        """What a record says: N-Triples lines, of which the first `owned` bytes are about its own things, and
        those of them that were mined."""
        seen = self._seen
        fresh = [line for line in statements[owned:].splitlines(keepends=True) if line not in seen]
        seen.update(line for line in fresh if len(line) < _WORTH_REMEMBERING)
        if len(seen) > _REMEMBERED:
            seen.clear()
        self._pieces += (statements[:owned], *fresh, *mined_quads(self._uris, identifier, mined))
        self.size += len(statements)

    def take(self) -> bytes:
        """All that was collected since it was last taken."""
        taken = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return taken


def mined_quads(uris: Uris, identifier: str, mined: bytes) -> list[bytes]:
    """Mined statements (N-Triples lines) of a record as quads of their graph."""
    graph = f" <{uris.mined_graph(identifier)}> .\n".encode()
    return [line.removesuffix(b" .\n") + graph for line in mined.splitlines(keepends=True)]
