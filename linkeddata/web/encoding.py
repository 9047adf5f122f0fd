"""Content codings: which one a client gets, and the bytes in it (RFC 9110, sections 8.4 and 12.5.3).

gzip is Python's own; brotli is an extra. Nothing here is secret and nothing of a request comes back beside
a secret, so compressing tells nobody anything.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from werkzeug.http import parse_accept_header

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:
    brotli = None

IDENTITY: Final = "identity"
#: A shorter body goes in one packet however it is written (RFC 9293's usual segment holds 1,460 bytes).
LEAST: Final = 1_400
#: A longer one (a result of SPARQL, a sitemap) is written quickly rather than tightly.
_LARGE: Final = 1 << 20
_QUICK: Final = 1
#: What zlib adds to its window's size to be told that gzip is meant.
_WITH_GZIP_HEAD: Final = 16
#: Small pieces are sent together.
_PIECE: Final = 1 << 16
#: No client sends more; a parser's work on the rest would be wasted.
_LONGEST_HEADER: Final = 1_024
_ALIASES: Final = {"x-gzip": "gzip"}
_MEDIA: Final = ("text/", "image/svg+xml")
#: What else is text: `application/…` with one of these endings.
_TEXTS: Final = ("json", "xml", "n-triples", "n-quads", "trig", "javascript")


def _gzip(body: bytes) -> bytes:
    # Without a time in it, so that equal bodies stay equal bytes.
    return gzip.compress(body, _QUICK if len(body) > _LARGE else 6, mtime=0)


def _brotli(body: bytes) -> bytes:
    # From 6 on it takes many times as long for less than a hundredth.
    packed: bytes = brotli.compress(body, quality=_QUICK if len(body) > _LARGE else 5)
    return packed


def _stream_of_gzip() -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    packer = zlib.compressobj(_QUICK, wbits=zlib.MAX_WBITS + _WITH_GZIP_HEAD)
    return packer.compress, packer.flush


def _stream_of_brotli() -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    packer = brotli.Compressor(quality=_QUICK)
    return packer.process, packer.finish


#: The codings there are, in our order of preference, `identity` after all of them.
CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = (
    {"br": _brotli, "gzip": _gzip} if brotli is not None else {"gzip": _gzip}
)

#: The same for bytes that come piece by piece: what takes a piece, and what gives the rest.
_STREAMS: Final = {"br": _stream_of_brotli, "gzip": _stream_of_gzip}


@dataclass(frozen=True, slots=True)
class Coding:
    """A coding by name; `always` where the client rules out bytes as they are, however short they be."""

    name: str
    always: bool = False

    @property
    def mark(self) -> str:
        """What stands at the end of the tag of what is written so: other bytes, another tag."""
        return f"-{self.name}{'-always' if self.always else ''}" if self.name != IDENTITY else ""


@lru_cache(maxsize=1_024)
def wanted(accept_encoding: str | None) -> Coding:
    """The coding for a client: `br`, `gzip` or `identity`, by its quality values, then by our order.

    No header, an empty one, or one that rules out all we have (RFC 9110, section 12.4.1) gets identity.

    >>> wanted("gzip;q=0.5, identity").name, wanted("identity;q=0, gzip").name, wanted(None).name
    ('identity', 'gzip', 'identity')
    """
    qualities: dict[str, float] = {}
    for name, quality in parse_accept_header((accept_encoding or "")[:_LONGEST_HEADER]):
        coding = _ALIASES.get(name.lower(), name.lower())
        qualities[coding] = max(quality, qualities.get(coding, 0.0))
    rest = qualities.get("*", 0.0)
    offered = {coding: qualities.get(coding, rest) for coding in CODINGS}
    best = max(offered, key=lambda coding: offered[coding])
    if offered[best] == 0 or offered[best] < qualities.get(IDENTITY, 0.0):
        return Coding(IDENTITY)
    return Coding(best, always=qualities.get(IDENTITY, qualities.get("*")) == 0)


@lru_cache(maxsize=256)
def is_compressible(content_type: str) -> bool:
    """Whether a type (parameters and all) is text; what is packed already only grows.

    >>> is_compressible("text/turtle; charset=utf-8"), is_compressible("application/gzip")
    (True, False)
    """
    media = content_type.partition(";")[0].strip().lower()
    return media.startswith(_MEDIA) or (media.startswith("application/") and media.endswith(_TEXTS))


def encoded(body: bytes, coding: Coding) -> bytes | None:
    """The body in a coding; None where it goes as it is: for `identity`, and where coding would not shorten it."""
    if coding.name == IDENTITY or (len(body) < LEAST and not coding.always):
        return None
    packed = CODINGS[coding.name](body)
    return packed if len(packed) < len(body) or coding.always else None


def stream(pieces: Iterable[bytes], coding: Coding) -> Iterator[bytes]:
    """Bytes that come piece by piece, in a coding, in pieces of a size to be sent."""
    packed, size = [], 0
    for piece in _coded(pieces, coding):
        packed.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield b"".join(packed)
            packed, size = [], 0
    if size:
        yield b"".join(packed)


def _coded(pieces: Iterable[bytes], coding: Coding) -> Iterator[bytes]:
    if coding.name == IDENTITY:
        yield from pieces
        return
    take, finish = _STREAMS[coding.name]()
    yield from map(take, pieces)
    yield finish()
