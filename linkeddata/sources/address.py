"""Addresses of requests: made from parameters, shown without secrets, and followed no further than their host."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from linkeddata.errors import SourceError

Parameters = Iterable[tuple[str, str]]

_SECRET: Final = re.compile(
    r"pass|pwd|secret|api_?key|signature|session|auth|^(?:sig|key|token|access_?token|user|jwt)$", re.IGNORECASE
)
_LONGEST: Final = 400  # characters of an address in a message; a query of Solr's may be far longer
_BLANK: Final = re.compile(r"[\s\x00-\x1f\x7f]")
_PORTS: Final = {"http": 80, "https": 443}


def checked(url: str) -> str:
    """The address itself, if it is one of http or https with a host; else a `SourceError`."""
    try:
        parts = urlsplit(url)
        fit = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0 and not _BLANK.search(parts.netloc)
    except ValueError:  # a port that is no number, a bracket that is not closed
        fit = False
    if not fit:
        raise SourceError(f"{shown(url)}: not an address that can be asked: http:// or https:// and a host are needed")
    return url


def encoded(parameters: Parameters) -> str:
    """A query, each name and value percent-encoded once.

    >>> encoded([("verb", "ListRecords"), ("resumptionToken", "a&b=c d%20")])
    'verb=ListRecords&resumptionToken=a%26b%3Dc%20d%2520'
    """
    return urlencode(list(parameters), quote_via=quote, safe="")


def asking(url: str, parameters: Parameters) -> str:
    """The address with these parameters behind those that it has; without its credentials and fragment.

    >>> asking("http://me:pw@example.org/oai?db=1#x", [("verb", "Identify")])
    'http://example.org/oai?db=1&verb=Identify'
    """
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, encoded(parameters))))
    return urlunsplit((parts.scheme, _place(parts), parts.path or "/", query, ""))


def credentials(url: str) -> tuple[str, str]:
    """User and password that stand in an address, or nothing and nothing."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or "")


def shown(url: str) -> str:
    """The address as a message may show it: no credentials, no value of a parameter that is called like a secret.

    >>> shown("https://me:pw@example.org/oai?verb=Identify&api_key=abc")
    'https://example.org/oai?verb=Identify&api_key=***'
    >>> shown("me:pw@example.org/oai")
    'example.org/oai'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    secret = any(_SECRET.search(name) for name, _ in pairs)
    query = "&".join(f"{name}={_masked(name, value)}" for name, value in pairs) if secret else parts.query
    # Without a host it is no address, and what stands before an @ may still be a password.
    path = parts.path if parts.netloc else parts.path.rpartition("@")[2]
    scheme = parts.scheme if parts.netloc or path == parts.path else ""
    return _shortened(urlunsplit((scheme, _place(parts), path, query, "")))


def redirected(url: str, location: str) -> str:
    """Where a redirect leads, if that is the same place, or the same host over https; else a `SourceError`.

    Any other place is for the operator to approve: it may be a machine that only this one can reach,
    and it would be given what was meant for the first.

    >>> redirected("http://example.org/oai?verb=Identify", "https://example.org/oai2?verb=Identify")
    'https://example.org/oai2?verb=Identify'
    """
    try:
        target = urljoin(url, location)
    except ValueError as broken:  # a bracket that is not closed
        raise SourceError(f"{shown(url)}: redirects to what is no address") from broken
    old, new = urlsplit(url), urlsplit(checked(target))
    upgraded = (old.scheme, new.scheme) == ("http", "https") and old.hostname == new.hostname
    if not upgraded and _origin(old) != _origin(new):
        raise SourceError(f"{shown(url)}: redirects to another place, {shown(target)}; if that is right, configure it")
    return urlunsplit((new.scheme, _place(new), new.path or "/", new.query, ""))


def _masked(name: str, value: str) -> str:
    return "***" if _SECRET.search(name) else value


def _place(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _shortened(text: str) -> str:
    printable = "".join(each if each.isprintable() else "?" for each in text)
    return printable if len(printable) <= _LONGEST else f"{printable[:_LONGEST]}…"
