"""The formats we can give, in one table, and the choice among them by what a client accepts.

The choice is that of RFC 9110, section 12.5.1: for each format the most specific range that meets
it decides, and the format with the highest quality wins. Ties go to the more specific range, then to
RDF asked for by name before HTML, then to the order of the table. Media type parameters
(`profile`, `charset`) are read over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from werkzeug.http import parse_accept_header

from linkeddata.errors import NotAcceptable

#: Server quality of an alias that clients name for other reasons too: browsers list `application/xml`.
_FEEBLE = 0.1
#: No client sends more; a parser's work on the rest would be wasted.
_LONGEST_HEADER = 16_384
_RANGE = re.compile(r"\*/\*|[^\s/*;,\"]+/(?:\*|[^\s/*;,\"]+)")

_Rank: TypeAlias = tuple[float, int, bool, float]
_REFUSED: Final[_Rank] = (0.0, 0, False, 0.0)


@dataclass(frozen=True)
class Format:
    """One way to write an answer.

    `media_type` is what a client asks for, `content_type` what we send; `quality` is ours, between
    formats the client likes equally; `aliases` are accepted and never sent.
    """

    name: str
    extension: str
    media_type: str
    content_type: str
    quality: float
    aliases: Mapping[str, float] = field(default_factory=dict, hash=False)


def _alike(quality: float, *names: str) -> dict[str, float]:
    return dict.fromkeys(names, quality)


_TURTLE_ALIASES = ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3")

_HTML = Format("html", "html", "text/html", "text/html; charset=utf-8", 1.0, _alike(1.0, "application/xhtml+xml"))
_JSONLD = Format("jsonld", "jsonld", "application/ld+json", "application/ld+json", 0.95)
_TURTLE = Format("ttl", "ttl", "text/turtle", "text/turtle; charset=utf-8", 0.9, _alike(0.9, *_TURTLE_ALIASES))
_JSON = Format("json", "json", "application/json", "application/json", 0.85, _alike(0.85, "text/json"))
_NTRIPLES = Format(
    "nt",
    "nt",
    "application/n-triples",
    "application/n-triples",
    0.8,
    {"application/ntriples": 0.8, "text/plain": _FEEBLE},
)
_RDFXML = Format(
    "rdf",
    "rdf",
    "application/rdf+xml",
    "application/rdf+xml",
    0.7,
    _alike(_FEEBLE, "application/xml", "text/xml"),
)

#: What every description comes in, in server order.
DOCUMENT_FORMATS: Final[tuple[Format, ...]] = (_HTML, _JSONLD, _TURTLE, _JSON, _NTRIPLES, _RDFXML)

#: What the answer to SELECT and ASK comes in. The charset is for R's SPARQL package, which else garbles the text.
RESULT_FORMATS: Final[tuple[Format, ...]] = (
    Format(
        "json",
        "json",
        "application/sparql-results+json",
        "application/sparql-results+json; charset=utf-8",
        1.0,
        _alike(1.0, "application/json"),
    ),
    replace(_HTML, quality=0.9),
    Format("csv", "csv", "text/csv", "text/csv; charset=utf-8", 0.8),
)

#: What the answer to CONSTRUCT and DESCRIBE comes in.
GRAPH_FORMATS: Final[tuple[Format, ...]] = (
    replace(_TURTLE, quality=1.0),
    _NTRIPLES,
    replace(_JSONLD, quality=0.7, aliases=_alike(_FEEBLE, "application/json")),
)


def by_extension(extension: str) -> Format | None:
    """The document format of a suffix, without its dot."""
    return next((fmt for fmt in DOCUMENT_FORMATS if fmt.extension == extension), None)


def negotiate(accept: str | None, offered: Sequence[Format] = DOCUMENT_FORMATS) -> Format:
    """The best of the offered formats for an Accept header; the first where the header says nothing readable.

    NotAcceptable, which lists what is offered, where none of them is wanted.

    >>> negotiate("text/turtle;q=0.9, text/html;q=0.8").name
    'ttl'
    """
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda fmt: _rank(fmt, ranges))
    if _rank(best, ranges)[0] == 0:
        raise NotAcceptable(f"none of the wanted types can be given; there are {_listed(offered)}")
    return best


def _ranges(accept: str | None) -> dict[str, float]:
    """The well-formed ranges of a header, in lower case without parameters; of equal ones the highest quality."""
    ranges: dict[str, float] = {}
    for value, quality in parse_accept_header((accept or "")[:_LONGEST_HEADER]):
        name = value.partition(";")[0].strip().lower()
        if _RANGE.fullmatch(name):
            ranges[name] = max(quality, ranges.get(name, 0.0))
    return ranges


def _rank(fmt: Format, ranges: Mapping[str, float]) -> _Rank:
    """How much a client wants a format: its quality, how specific it was, whether it named RDF; then our quality."""
    if ranges.get(fmt.media_type) == 0:
        return _REFUSED
    names = {fmt.media_type: fmt.quality, **fmt.aliases}
    named = [(ranges[name], ours) for name, ours in names.items() if name in ranges]
    if named:
        quality, ours = max(named)
        return (quality, 2, ours > _FEEBLE and fmt.name != _HTML.name, ours)
    for specific, pattern in ((1, f"{fmt.media_type.partition('/')[0]}/*"), (0, "*/*")):
        if pattern in ranges:
            return (ranges[pattern], specific, False, fmt.quality)
    return _REFUSED


def _listed(offered: Sequence[Format]) -> str:
    return ", ".join(fmt.media_type for fmt in offered)
