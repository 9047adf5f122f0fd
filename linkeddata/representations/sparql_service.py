"""The description of the endpoint (SPARQL 1.1 Service Description, W3C Recommendation of 21 March 2013).

It says what the endpoint speaks, which formats it gives, which graphs there are, and where it stops. The
standard has no words for limits: they are schema.org's property values, and one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token, literal_token, uri_token
from linkeddata.vocabulary.terms import RDF, RDFS, SCHEMA, SD, VOID, XSD
from linkeddata.vocabulary.uris import Uris

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_GIVEN: Final = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"),
)
_ENTAILMENT: Final = "http://www.w3.org/ns/entailment/Simple"
_GEOSPARQL: Final = "http://www.opengis.net/def/function/geosparql/"
#: GeoSPARQL's functions that the engine has; each is called by a test.
FUNCTIONS: Final = tuple(
    f"{_GEOSPARQL}{name}"
    for name in (
        *("sfEquals", "sfDisjoint", "sfIntersects", "sfTouches", "sfCrosses", "sfWithin", "sfContains", "sfOverlaps"),
        *("ehEquals", "ehDisjoint", "ehMeet", "ehOverlap", "ehCovers", "ehCoveredBy", "ehInside", "ehContains"),
        *("rcc8eq", "rcc8dc", "rcc8ec", "rcc8po", "rcc8tppi", "rcc8tpp", "rcc8ntpp", "rcc8ntppi"),
        *("length", "convexHull", "envelope", "getSRID", "isEmpty", "isSimple", "dimension", "centroid"),
        *("coordinateDimension", "asGeoJSON"),
    )
)


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that is limited: a name that does not change, its value, and its unit in words."""

    name: str
    value: float
    unit: str

    @property
    def digits(self) -> str:
        """Its value as a decimal number, without an exponent.

        >>> Bound("answer", 64 << 20, "bytes").digits, Bound("time", 30.0, "s").digits, Bound("time", 0.5, "s").digits
        ('67108864', '30', '0.5')
        """
        return f"{self.value:.3f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Holding:
    """What can be asked: statements of the default graph, named graphs (some, in order), whether there are more."""

    statements: int | None = None
    graphs: Sequence[str] = ()
    more: bool = False


def service_address(uris: Uris) -> str:
    """The endpoint's address."""
    return f"{uris.base}sparql"


def describe_service(uris: Uris, bounds: Iterable[Bound], holding: Holding) -> bytes:
    """The description as N-Triples."""
    about = _About(service_address(uris))
    bounds = tuple(bounds)
    told = [*_service(about, uris), *_limits(about, bounds), *_functions(), *_dataset(about, uris, holding)]
    return ntriples.text(told).encode()


class _About:
    """The endpoint, and what is described with it under a fragment of its address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def part(self, name: str) -> str:
        return f"{self.address}#{name}"

    def links(self, part: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Statement]:
        """Statements whose values are URIs."""
        subject = uri_token(self.part(part))
        return ((subject, uri_token(predicate), uri_token(target)) for predicate, target in pairs)

    def texts(self, part: str, pairs: Iterable[tuple[str, Token]]) -> Iterator[Statement]:
        """Statements whose values are literals."""
        subject = uri_token(self.part(part))
        return ((subject, uri_token(predicate), value) for predicate, value in pairs)


def _service(about: _About, uris: Uris) -> Iterator[Statement]:
    pairs = [
        (RDF.type, SD.Service),
        (SD.endpoint, about.address),
        (SD.supportedLanguage, SD.SPARQL11Query),
        (SD.supportedLanguage, SD.SPARQL10Query),
        *((SD.resultFormat, f"{_FORMATS}{name}") for name in _GIVEN),
        (SD.defaultEntailmentRegime, _ENTAILMENT),
        *((SD.extensionFunction, uri) for uri in FUNCTIONS),
        (SD.defaultDataset, about.part("dataset")),
        (RDFS.seeAlso, f"{about.address}/help"),
        (RDFS.seeAlso, f"{about.address}/examples.ttl"),
        (RDFS.seeAlso, uris.dataset),
    ]
    return about.links("service", pairs)


def _limits(about: _About, bounds: Sequence[Bound]) -> Iterator[Statement]:
    words = "; ".join(f"{bound.unit}: {bound.digits}" for bound in bounds)
    sentence = (
        f"Queries only, no updates and no SERVICE. Limits: {words}. An answer that is cut at one of them carries the "
        "header X-Result-Truncated, and in JSON and XML a link. Graphs that nobody has heard of are empty."
    )
    yield from about.texts("service", [(RDFS.comment, literal_token(sentence, language="en"))])
    for bound in bounds:
        part = f"limit-{bound.name}"
        yield from about.links("service", [(SCHEMA.additionalProperty, about.part(part))])
        yield from about.links(part, [(RDF.type, SCHEMA.PropertyValue)])
        value = literal_token(bound.digits, datatype=uri_token(XSD.decimal))
        pairs = [(SCHEMA.propertyID, literal_token(bound.name)), (SCHEMA.value, value)]
        yield from about.texts(part, [*pairs, (SCHEMA.unitText, literal_token(bound.unit, language="en"))])


def _functions() -> Iterator[Statement]:
    return ((uri_token(uri), uri_token(RDF.type), uri_token(SD.Function)) for uri in FUNCTIONS)


def _dataset(about: _About, uris: Uris, holding: Holding) -> Iterator[Statement]:
    yield from about.links("dataset", [(RDF.type, SD.Dataset), (SD.defaultGraph, about.part("default-graph"))])
    yield from about.links("default-graph", [(RDF.type, SD.Graph), (RDFS.seeAlso, uris.dataset)])
    if holding.statements is not None:
        count = literal_token(str(holding.statements), datatype=uri_token(XSD.integer))
        yield from about.texts("default-graph", [(VOID.triples, count)])
    for number, graph in enumerate(holding.graphs, start=1):
        part = f"graph-{number}"
        yield from about.links("dataset", [(SD.namedGraph, about.part(part))])
        yield from about.links(part, [(RDF.type, SD.NamedGraph), (SD.name, graph)])
    yield from about.texts("dataset", [(RDFS.comment, literal_token(_graphs_in_words(holding), language="en"))])


def _graphs_in_words(holding: Holding) -> str:
    said = (
        "Everything is in the default graph. What was mined from free text stands a second time in a named graph of "
        "its record, which is called like the record's document with #mined behind."
    )
    return f"{said} Of these, {len(holding.graphs)} are listed here; there are more." if holding.more else said
