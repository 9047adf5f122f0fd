"""A line for each request: what was asked for and how it was answered, and nothing that tells who wanted to know what.

No line holds a query string: it is what people search for. Of the client it says as much as the operator wants.
"""

from __future__ import annotations

import logging
from functools import lru_cache, partial
from ipaddress import ip_network
from typing import Final
from urllib.parse import quote

from linkeddata.web.budget import client_of
from linkeddata.web.watch import Seen

_LOG = logging.getLogger("linkeddata.access")
_LONGEST_PATH: Final = 500
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
#: Bits of an address that name a network and no household.
_BITS: Final = {4: 24, 6: 48}
#: So many clients are remembered with what is said of them.
_REMEMBERED: Final = 1_000
_LEAST: Final = {"all": 0, "errors": 500}


class AccessLog:
    """Writes a line for all `requests` or `errors`, saying of `clients` their `address`, `network` or nothing; a client
    is who sent a request through so many `proxies` of ours."""

    def __init__(self, requests: str, *, clients: str, proxies: int = 0) -> None:
        self._least, self._proxies = _LEAST[requests], proxies
        # By the client, which is short: a header to which anybody may add is not kept.
        self._said = lru_cache(_REMEMBERED)(partial(_client, how=clients))

    def __call__(self, seen: Seen) -> None:
        if seen.status < self._least:
            return
        facts = {
            "method": seen.method if seen.method in _METHODS else "other",
            "path": quote(seen.path.encode("latin-1", "replace")[:_LONGEST_PATH], safe="/:@!$&'()*+,;=~"),
            "status": seen.status,
            "bytes": seen.size,
            "milliseconds": round(seen.seconds * 1000, 2),
            "kind": seen.kind,
            "request": str(seen.named),
        }
        if client := self._said(client_of(seen.peer, seen.forwarded, self._proxies)):
            facts["client"] = client
        if seen.outcome is not None:
            facts["query"] = seen.outcome
        _LOG.info("%s", Facts(facts))


class Facts(dict[str, object]):
    """What a line says, as names and values; written out where it is written as text."""

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.items())


def _client(client: str, *, how: str) -> str:
    if how == "none":
        return ""
    return client if how == "address" else network_of(client)


def network_of(client: str) -> str:
    """The network that an address, or a smaller network, is of; empty for what is none.

    >>> network_of("192.0.2.77"), network_of("2001:db8:1:2::/64"), network_of("unix:")
    ('192.0.2.0/24', '2001:db8:1::/48', '')
    """
    try:
        network = ip_network(client, strict=False)
    except ValueError:
        return ""
    return str(network.supernet(new_prefix=min(network.prefixlen, _BITS[network.version])))
