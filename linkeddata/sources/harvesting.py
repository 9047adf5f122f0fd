"""The door to sources on the network: from how one is configured to a run over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from linkeddata.errors import SourceError
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.instants import since_text
from linkeddata.sources.oai_pmh import open_oai_pmh
from linkeddata.sources.solr import open_solr
from linkeddata.sources.vufind import open_vufind

Opener = Callable[[Endpoint, str | None, bool], Harvest]

HARVESTED: Mapping[str, Opener] = MappingProxyType(
    {
        "solr": lambda endpoint, since, presence: open_solr(endpoint, since, presence=presence),
        "oai-pmh": lambda endpoint, since, _: open_oai_pmh(endpoint, since),
        "vufind": lambda endpoint, since, _: open_vufind(endpoint, since),
    }
)


def open_harvest(endpoint: Endpoint, since: str | None = None, *, presence: bool = True) -> Harvest:
    """A run over a source, everything or what has changed since; nothing is asked before it is iterated.

    Who only wants the records says so by `presence`: then there need be no word on those that have not changed.
    SourceError for an unknown kind or a `since` that is no moment, ConfigurationError for other settings
    that cannot be.
    """
    opener = HARVESTED.get(endpoint.kind)
    if opener is None:
        known = ", ".join(HARVESTED)
        raise SourceError(f"{endpoint.name}: unknown kind of source {endpoint.kind!r}; known are {known}")
    return opener(endpoint, since_text(since) if since else None, presence)


def kind_of(url: str) -> str | None:
    """The kind that an address is probably of.

    >>> kind_of("http://localhost:8983/solr/biblio"), kind_of("https://example.org/vufind/api/v1")
    ('solr', 'vufind')
    >>> kind_of("https://example.org/cgi/oai2?verb=Identify"), kind_of("https://example.org/")
    ('oai-pmh', None)
    """
    parts = urlsplit(url)
    if "/api/v1" in parts.path:
        return "vufind"
    if "/solr/" in parts.path or parts.path.rstrip("/").endswith("/select"):
        return "solr"
    return "oai-pmh" if "verb=" in parts.query or "oai" in parts.path.lower() else None
