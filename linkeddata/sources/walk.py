"""What walks over the pages of a source share: what was met, whose it is, and who asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from linkeddata.errors import ConfigurationError, SourceError
from linkeddata.record import Presence, Reading, Refusal
from linkeddata.sources.harvest import Endpoint
from linkeddata.sources.http import MAX_BODY, Fetcher

_ROUNDS: Final = 2  # a walk is shifted by what comes meanwhile, but not by everything
_SPARE: Final = 1000


@dataclass(slots=True)
class Met:
    """The ids met on a walk, held against the numbers of documents that the source said there are.

    Of each id only its hash is kept, a few dozen bytes. Should two ever be equal, one id seems to be
    missing: then the walk counts as incomplete, which withdraws nothing.
    """

    #: How many documents there are, as each page said it.
    founds: set[int] = field(default_factory=set)
    #: Documents that told no id.
    nameless: int = 0
    _ids: set[int] = field(default_factory=set)
    _documents: int = 0

    @property
    def count(self) -> int:
        """How many different ids were met."""
        return len(self._ids)

    @property
    def whole(self) -> bool:
        """Every document was met, and nothing came or went meanwhile: only then is an id that was not met no more.

        Where the number of documents changed on the way, a page may have been shifted past one of them,
        and an index that is being rebuilt lacks documents that will be back.
        """
        return not self.nameless and self.founds == {self.count}

    @property
    def lacks(self) -> bool:
        """Fewer documents were met than there were at any time: some were not given."""
        return self.count + self.nameless < min(self.founds, default=0)

    def page(self, found: int, ids: list[str | None]) -> None:
        """One page more. SourceError where the pages hold far more than there is: the source goes round in circles."""
        self.founds.add(found)
        self._ids.update(hash(each) for each in ids if each is not None)
        self.nameless += ids.count(None)
        self._documents += len(ids)
        if self._documents > _ROUNDS * max(self.founds) + _SPARE:
            raise SourceError(f"the same documents come again and again: {self}")

    def __str__(self) -> str:
        said = " and ".join(map(str, sorted(self.founds)))
        nameless = f" and {self.nameless} documents without a legible id" if self.nameless else ""
        return f"{self.count} ids{nameless} were met, and the source spoke of {said} documents"


def fetcher_for(endpoint: Endpoint, limit: int = MAX_BODY) -> Fetcher:
    """Who asks this source, as politely as it is configured; no answer may have more than `limit` bytes."""
    return Fetcher(
        delay=endpoint.delay,
        timeout=endpoint.timeout,
        retries=endpoint.retries,
        user=endpoint.user,
        password=endpoint.password,
        limit=limit,
    )


def owned(endpoint: Endpoint) -> Callable[[Iterator[Reading]], Iterator[Reading]]:
    """Puts the name of the source to readings, and its ids through `id_pattern`.

    ConfigurationError where the pattern or what is put in its place is none. A reading whose id becomes
    empty is refused; refusals are told by the ids that the site knows, too.
    """
    try:
        pattern = re.compile(endpoint.id_pattern) if endpoint.id_pattern else None
        re.sub(endpoint.id_pattern, endpoint.id_replacement, "")
    except (re.error, IndexError) as wrong:
        raise ConfigurationError(f"{endpoint.name}: id_pattern or id_replacement cannot be used: {wrong}") from wrong

    def one(reading: Reading) -> Reading:
        reading = replace(reading, source=endpoint.name)
        if pattern is None or reading.id is None:
            return reading
        new_id = pattern.sub(endpoint.id_replacement, reading.id)
        return replace(reading, id=new_id) if new_id else _nameless(reading)

    return lambda readings: map(one, readings)


def _nameless(reading: Reading) -> Refusal:
    place = reading.source if isinstance(reading, Presence) else reading.place
    return Refusal(place, f"id {reading.id!r} becomes empty by id_pattern", source=reading.source)
