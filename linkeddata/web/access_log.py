"""A line for each request: what was asked for and how it was answered, and nothing that tells who wanted to know what.

No line holds a query string: it is what people search for. Of the client it says as much as the operator wants.
"""

from __future__ import annotations

import logging
from ipaddress import ip_network
from typing import Final
from urllib.parse import quote

from linkeddata.web.watch import Seen

_LOG = logging.getLogger("linkeddata.access")
_LONGEST_PATH: Final = 500
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
#: Bits of an address that name a network and no household.
_BITS: Final = {4: 24, 6: 48}
_LEAST: Final = {"all": 0, "errors": 500}


class AccessLog:
    """Writes a line for all `requests` or `errors`, saying of `clients` their `address`, `network` or nothing."""

    def __init__(self, requests: str, clients: str) -> None:
        self._least, self._clients = _LEAST[requests], clients

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
            "request": seen.name,
        }
        if self._clients != "none":
            facts["client"] = seen.client if self._clients == "address" else network_of(seen.client)
        if seen.outcome is not None:
            facts["query"] = seen.outcome
        _LOG.info(" ".join(f"{name}={value}" for name, value in facts.items()), extra={"facts": facts})


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
