"""The formats we can give, in one table, and the choice among them by what a client accepts.

The choice is that of RFC 9110, section 12.5.1: for each format the most specific range that meets
it decides, and the format with the highest quality wins. Ties go to the more specific range, then to
RDF asked for by name before HTML, then to the order of the table. Of media type parameters only
`profile` means something, and that to the formats which have profiles: it is handed on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from werkzeug.http import parse_accept_header, parse_options_header

from linkeddata.errors import NotAcceptable

#: Server quality of an alias that clients name for other reasons too: browsers list `application/xml`.
_FEEBLE = 0.1
#: No client sends more; a parser's work on the rest would be wasted.
_LONGEST_HEADER = 16_384
_RANGE = re.compile(r"\*/\*|[^\s/*;,\"]+/(?:\*|[^\s/*;,\"]+)")
#: A profile without the quotes that a URI needs in a header (RFC 9110, section 5.6.6), as some clients send it.
_UNQUOTED = re.compile(r"(;\s*profile=)([^\s\";,]+)", re.IGNORECASE)

_Rank: TypeAlias = tuple[float, int, bool, bool, float]
_REFUSED: Final[_Rank] = (0.0, 0, False, False, 0.0)


@dataclass(frozen=True, eq=False)
class Format:
    """One way to write an answer; equal to itself alone, as every format stands in a table of ours.

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

_NQUADS = Format(
    "nq", "nq", "application/n-quads", "application/n-quads", 0.6, _alike(0.6, "text/x-nquads", "text/nquads")
)
_TRIG = Format("trig", "trig", "application/trig", "application/trig", 0.6, _alike(0.6, "application/x-trig"))

#: What every description comes in, in server order.
DOCUMENT_FORMATS: Final[tuple[Format, ...]] = (
    _HTML, _JSONLD, _TURTLE, _JSON, _NTRIPLES, _RDFXML, _NQUADS, _TRIG,
)  # fmt: skip

JSON, JSONLD, TURTLE = _JSON, _JSONLD, _TURTLE
CSV: Final = Format("csv", "csv", "text/csv", "text/csv; charset=utf-8", 0.8)
ATOM: Final = Format("atom", "atom", "application/atom+xml", "application/atom+xml", 0.7)
#: What search results come in, in server order.
SEARCH_FORMATS: Final[tuple[Format, ...]] = (_HTML, _JSON, CSV, _JSONLD, ATOM)

#: What an error is told in: to people, to programs, and to those who want text.
PROBLEM_FORMATS: Final[tuple[Format, ...]] = (
    _HTML,
    Format(
        "problem",
        "json",
        "application/problem+json",
        "application/problem+json",
        0.9,
        _alike(0.9, "application/json"),
    ),
    Format("text", "txt", "text/plain", "text/plain; charset=utf-8", 0.8),
)

_RESULTS_XML = "application/sparql-results+xml"

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
    CSV,
    Format(
        "xml",
        "srx",
        _RESULTS_XML,
        f"{_RESULTS_XML}; charset=utf-8",
        0.7,
        _alike(_FEEBLE, "application/xml", "text/xml"),
    ),
    Format("tsv", "tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8", 0.6),
)

#: What the answer to CONSTRUCT and DESCRIBE comes in.
GRAPH_FORMATS: Final[tuple[Format, ...]] = (
    replace(_TURTLE, quality=1.0),
    _NTRIPLES,
    replace(_JSONLD, quality=0.7, aliases=_alike(_FEEBLE, "application/json")),
    replace(_NQUADS, quality=0.3),
    replace(_TRIG, quality=0.3),
    # Below HTML, for browsers, which name XML too.
    replace(_RDFXML, quality=_FEEBLE),
    replace(_HTML, quality=_FEEBLE),
)

#: What the description of the endpoint comes in: the form for people, and RDF.
SERVICE_FORMATS: Final[tuple[Format, ...]] = (
    _HTML,
    *(replace(fmt, aliases={}) if fmt == _NTRIPLES else fmt for fmt in DOCUMENT_FORMATS if fmt not in (_HTML, _JSON)),
)


def by_extension(extension: str) -> Format | None:
    """The document format of a suffix, without its dot."""
    return next((fmt for fmt in DOCUMENT_FORMATS if fmt.extension == extension), None)


class Choice(NamedTuple):
    """The format chosen, and the profiles (URIs) that the media range which decided asked for."""

    format: Format
    profiles: tuple[str, ...] = ()


def negotiate(accept: str | None, offered: Sequence[Format] = DOCUMENT_FORMATS, *, default: str = "") -> Format:
    """The best of the offered formats for an Accept header, as `choose` chooses it.

    >>> negotiate("text/turtle;q=0.9, text/html;q=0.8").name
    'ttl'
    """
    return choose(accept, offered, default=default).format


def choose(accept: str | None, offered: Sequence[Format] = DOCUMENT_FORMATS, *, default: str = "") -> Choice:
    """The best of the offered formats for an Accept header, with the profiles asked for in it.

    `default` names the format that goes before the others where the client has no preference: it is
    given where the header says nothing readable, and to `*/*`; the first of those offered if none is
    named. NotAcceptable, which lists what is offered, where none of them is wanted.
    """
    first = next((fmt for fmt in offered if fmt.name == default), offered[0])
    ranges = _ranges(accept)
    if not ranges:
        return Choice(first)
    qualities = _qualities(ranges)
    best = max(offered, key=lambda fmt: _rank(fmt, qualities, fmt == first))
    if _rank(best, qualities, False)[0] == 0:
        raise NotAcceptable("none of the wanted types can be given; there are %(types)s", types=_listed(offered))
    return Choice(best, _profiles(best, ranges))


class _Range(NamedTuple):
    """One media range: its name in lower case, its quality, and the profiles it asks for."""

    name: str
    quality: float
    profiles: tuple[str, ...]


def _ranges(accept: str | None) -> list[_Range]:
    """The well-formed ranges of a header."""
    found = []
    header = _UNQUOTED.sub(r'\1"\2"', (accept or "")[:_LONGEST_HEADER])
    for value, quality in parse_accept_header(header):
        name, _, parameters = value.partition(";")
        name = name.strip().lower()
        if _RANGE.fullmatch(name):
            profile = parse_options_header(value)[1].get("profile", "") if parameters else ""
            found.append(_Range(name, quality, tuple(profile.split())))
    return found


def _qualities(ranges: Sequence[_Range]) -> dict[str, float]:
    """The quality of each type named, the highest of several. Refusing a profile of a type is not refusing the type."""
    qualities: dict[str, float] = {}
    for name, quality, profiles in ranges:
        if quality or not profiles:
            qualities[name] = max(quality, qualities.get(name, 0.0))
    return qualities


def _profiles(fmt: Format, ranges: Sequence[_Range]) -> tuple[str, ...]:
    """The profiles of the range that named the format: of equal ones, a range with profiles is the more specific."""
    named = [each for each in ranges if each.name == fmt.media_type and each.quality]
    return max(named, key=lambda each: (each.quality, bool(each.profiles))).profiles if named else ()


def _rank(fmt: Format, ranges: Mapping[str, float], is_default: bool) -> _Rank:
    """How much a client wants a format: its quality, how specific it was, whether it named RDF; then our preference."""
    if ranges.get(fmt.media_type) == 0:
        return _REFUSED
    names = {fmt.media_type: fmt.quality, **fmt.aliases}
    named = [(ranges[name], ours) for name, ours in names.items() if name in ranges]
    if named:
        quality, ours = max(named)
        return (quality, 2, ours > _FEEBLE and fmt.name != _HTML.name, is_default, ours)
    for specific, pattern in ((1, f"{fmt.media_type.partition('/')[0]}/*"), (0, "*/*")):
        if pattern in ranges:
            return (ranges[pattern], specific, False, is_default, fmt.quality)
    return _REFUSED


def _listed(offered: Sequence[Format]) -> str:
    return ", ".join(fmt.media_type for fmt in offered)
