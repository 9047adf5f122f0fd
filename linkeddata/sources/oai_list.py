"""A list that comes in pages, followed from token to token, and whether it came to its end; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from linkeddata.errors import SourceError
from linkeddata.sources.oai_answer import OaiAnswer

MAX_PAGES: Final = 200_000  # of one list: twenty million records in the hundreds that are usual
MAX_EMPTY: Final = 50  # pages without a record, one after another
MAX_TOKEN: Final = 16_384  # characters; no server takes a longer address


@dataclass(frozen=True, slots=True)
class Window:
    """A list to be asked for, from its beginning: a verb, perhaps a set, perhaps since a time."""

    verb: str
    prefix: str
    set: str = ""
    since: str = ""

    def question(self, token: str = "") -> list[tuple[str, str]]:
        """The parameters of its first page, or of the one behind a token, which stands alone (OAI-PMH 2.0, 3.5)."""
        if token:
            return [("verb", self.verb), ("resumptionToken", token)]
        all_of_them = [("verb", self.verb), ("metadataPrefix", self.prefix), ("set", self.set), ("from", self.since)]
        return [(name, value) for name, value in all_of_them if value]

    def __str__(self) -> str:
        """As a place says it: nothing about the usual case."""
        identifiers = ["identifiers"] if self.verb == "ListIdentifiers" else []
        return "".join(f"{part}, " for part in (*identifiers, *([f"set {self.set}"] if self.set else [])))


class Progress:
    """What has been got of a list so far."""

    __slots__ = ("_empty", "_sizes", "_tokens", "got", "pages")

    def __init__(self) -> None:
        self.got = self.pages = self._empty = 0
        self._sizes: set[int] = set()
        self._tokens: set[int] = set()  # their hashes: a token may be long, and they may be many

    @property
    def size(self) -> int | None:
        """How many records there are by what the repository says; of several numbers the least."""
        return min(self._sizes, default=None)

    @property
    def short(self) -> bool:
        """Fewer came than some number that was stated, so it is not certain that these were all."""
        return self.got < max(self._sizes, default=0)

    def add(self, answer: OaiAnswer) -> None:
        """Notes a page. A `SourceError`, where the list can have no end."""
        self.pages += 1
        self.got += answer.count
        self._empty = 0 if answer.count else self._empty + 1
        if answer.size is not None:
            self._sizes.add(answer.size)
        if answer.token:
            self._follow(answer.token)

    def end(self) -> None:
        """A `SourceError`, where fewer records came than the repository said.

        The number may be an estimate, and is one if it is revised on the way (OAI-PMH 2.0, 3.5). So it is fewer than
        the least number that counts. More are no loss.
        """
        if self.size is not None and self.got < self.size:
            raise SourceError(f"the list ended after {self.got:,} records, of {self.size:,} that it should have")

    def _follow(self, token: str) -> None:
        if len(token) > MAX_TOKEN:
            raise SourceError(f"a resumption token of {len(token):,} characters")
        if hash(token) in self._tokens:
            raise SourceError("the list goes round in a circle: a resumption token came for the second time")
        self._tokens.add(hash(token))
        if self._empty >= MAX_EMPTY:
            raise SourceError(f"{self._empty} pages without a record, and a resumption token in each")
        if self.pages >= MAX_PAGES:
            raise SourceError(f"no end of the list after {self.pages:,} pages")
