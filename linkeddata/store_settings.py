"""The settings of a graph in a SPARQL server that need a check, and its password.

The password can be set by the environment alone (`LINKEDDATA_STORE_PASSWORD`), or in a file that
`LINKEDDATA_STORE_PASSWORD_FILE` names; it is never printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from linkeddata.errors import ConfigurationError
from linkeddata.source_settings import read_secret

#: Kinds of servers that can be named; `auto` asks the server.
SERVER_KINDS: Final = (
    *("auto", "virtuoso", "oxigraph", "graphdb", "fuseki", "blazegraph", "neptune", "qlever"),
    "other",
)
_PASSWORD, _PASSWORD_FILE = "LINKEDDATA_STORE_PASSWORD", "LINKEDDATA_STORE_PASSWORD_FILE"
PASSWORD_VARIABLES: Final = (_PASSWORD, _PASSWORD_FILE)


@dataclass(frozen=True, slots=True)
class Password:
    """The password of the server's user, where there is one."""

    said: str = field(default="", repr=False)
    file: str = ""

    def __bool__(self) -> bool:
        return bool(self.said or self.file)

    def secret(self) -> str:
        """The password, empty where there is none; ConfigurationError where its file cannot be read.

        It is read when it is asked for: whoever only serves need not be allowed to read it.
        """
        return read_secret(self.file, "the store") if self.file else self.said


def read_password(environment: Mapping[str, str], *, user: str) -> Password:
    """The password that the environment sets; ConfigurationError where it is set twice, or for no user."""
    said, file = environment.get(_PASSWORD, ""), environment.get(_PASSWORD_FILE, "")
    if said and file:
        raise ConfigurationError(f"environment: only one of {_PASSWORD} and {_PASSWORD_FILE} can be set")
    if (said or file) and not user:
        raise ConfigurationError(f"environment: {_PASSWORD if said else _PASSWORD_FILE} is set, but no store.user")
    return Password(said, file)


def _about_address(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        return "cannot be read as an address"
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url) or parts.fragment:
        return "should be an absolute http or https address"
    return "should hold no user and password; they are settings of their own" if user is not None else ""


def _about_graph(uri: str) -> str:
    well_formed = re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", uri)
    return "" if not uri or well_formed else "should be an absolute URI"


def _about_kind(kind: str) -> str:
    return "" if kind in SERVER_KINDS else f"should be one of {', '.join(SERVER_KINDS)}"


def _about_batch(size: str) -> str:
    return "" if 1 <= int(size) <= 65_536 else "should be between 1 and 65536"


#: What is wrong with a value, by the name of the setting.
STORE_COMPLAINTS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "store.endpoint": _about_address,
        "store.update_endpoint": _about_address,
        "store.graph": _about_graph,
        "store.server": _about_kind,
        "store.batch_kb": _about_batch,
    }
)
