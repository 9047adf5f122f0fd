"""A source on the network: what has to be known to ask it, and one run over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from linkeddata.record import Reading


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A source on the network as it is configured; what a kind does not know it ignores.

    `kind` is `solr`, `oai-pmh` or `vufind`. `filter` are Solr's filter queries (or VuFind's filters),
    `since_field` the field of Solr that says when a document was last indexed, `fields` the fields to
    fetch (all when empty), `id_field` the unique key. `metadata_prefix` and `sets` are OAI-PMH's.
    `page_size` 0 is the kind's own; `delay` are seconds between requests, `timeout` seconds of
    silence before one is given up, `retries` how often it is tried again.
    `id_pattern` (a regular expression) is replaced by `id_replacement` in every id.
    """

    name: str
    kind: str
    url: str
    query: str = "*:*"
    filter: tuple[str, ...] = ()
    since_field: str = "last_indexed"
    fields: tuple[str, ...] = ()
    id_field: str = "id"
    metadata_prefix: str = "oai_dc"
    sets: tuple[str, ...] = ()
    page_size: int = 0
    delay: float = 0.5
    timeout: float = 60.0
    retries: int = 5
    id_pattern: str = ""
    id_replacement: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


class Harvest(Protocol):
    """One run over a source: iterate it once, then read how it went.

    A SourceError from the iteration means that the run is incomplete: what came before it counts for
    nothing, and the mark stays where it was.
    """

    #: How many readings there will be, once the source has said so.
    total: int | None
    #: After the end: where the next run begins (`since`), in the source's own time.
    mark: str | None
    #: After the end: every id that the source holds was met, so those that were not are no more.
    complete: bool
    #: After the end: what is known not to have been given, though it is there; empty where nothing is.
    shortfall: str

    def __iter__(self) -> Iterator[Reading]: ...
