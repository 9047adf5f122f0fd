"""What a new store is loaded with: all that records say, as N-Quads.

What was mined from a record's text stands twice: in the default graph, and in a graph of the record's own.
"""

from __future__ import annotations

from collections.abc import Iterable

from linkeddata.vocabulary.uris import Uris

#: So many lines about shared things are remembered, so that most are given to the loader only once.
_REMEMBERED = 400_000
#: Longer ones, in characters, would fill memory.
_WORTH_REMEMBERING = 2000


class Filling:
    """Quads that are collected, `size` bytes of them; repeated lines about shared things stand mostly once."""

    def __init__(self, uris: Uris) -> None:
        self._uris = uris
        self._seen = set[str]()
        self._pieces: list[bytes] = []
        self.size = 0

    def add(self, identifier: str, statements: bytes, owned: int, mined: bytes) -> None:
        """What a record says: N-Triples lines, of which the first `owned` bytes are about its own things, and
        those of them that were mined."""
        # Not by `splitlines`, which also cuts texts at separators that may stand in a literal.
        shared = [f"{line}\n" for line in statements[owned:].decode().split("\n")[:-1]]
        self.add_lines(identifier, statements[:owned], shared, mined)

    def add_lines(self, identifier: str, own: bytes, shared: Iterable[str], mined: bytes) -> None:
        """The same, with the lines about shared things one by one."""
        seen = self._seen
        fresh = [line for line in shared if line not in seen]
        seen.update([line for line in fresh if len(line) < _WORTH_REMEMBERING])
        if len(seen) > _REMEMBERED:
            seen.clear()
        pieces = (own, "".join(fresh).encode(), *mined_quads(self._uris, identifier, mined))
        self._pieces += pieces
        self.size += sum(map(len, pieces))

    def take(self) -> bytes:
        """All that was collected since it was last taken."""
        taken = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return taken


def mined_quads(uris: Uris, identifier: str, mined: bytes) -> list[bytes]:
    """Mined statements (N-Triples lines) of a record as quads of their graph."""
    graph = f" <{uris.mined_graph(identifier)}> .\n".encode()
    return [line.removesuffix(b" .\n") + graph for line in mined.splitlines(keepends=True)]
