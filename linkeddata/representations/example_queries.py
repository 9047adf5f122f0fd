"""Example queries for people, made of what is really there, and published for editors elsewhere.

As RDF they are SHACL's SPARQL executables (Shapes Constraint Language, W3C Recommendation of 20 July 2017,
section 5.2.1), in the way that the SIB's collection of examples and its editor have made common.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import Template
from typing import Final

from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, literal_token, uri_token
from linkeddata.vocabulary.terms import PREFIXES, RDF, RDFS, SCHEMA, SH, XSD
from linkeddata.wording import marked


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of the store that an example asks about: its URI and what it is called."""

    uri: str
    label: str


@dataclass(frozen=True, slots=True)
class Example:
    """A query that gives something, and the message that says what it shows, with the label of what it asks about."""

    key: str
    message: str
    query: str
    label: str = ""

    @property
    def words(self) -> str:
        """What it shows, in English."""
        return self.message % {"label": self.label}

    @property
    def form(self) -> str:
        """Its form in lower case: `select` or `construct`."""
        return "construct" if "CONSTRUCT" in self.query else "select"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """An example to be: `$thing` in its query and `%(label)s` in its words are those of a thing of its kind."""

    key: str
    kind: str
    words: str
    query: str


_PATTERNS: Final = (
    _Pattern("works", "", marked("Twenty works"), """\
SELECT ?work ?title ?date WHERE {
  ?work dcterms:title ?title ; dcterms:issued ?date .
} LIMIT 20"""),
    _Pattern("author", "author", marked("Works of %(label)s, by date"), """\
SELECT ?work ?title ?date WHERE {
  <$thing> foaf:focus ?person .
  ?work dcterms:creator ?person ; dcterms:title ?title .
  OPTIONAL { ?work dcterms:issued ?date }
} ORDER BY ?date"""),
    _Pattern("co-authors", "author", marked("With whom %(label)s writes"), """\
SELECT ?heading ?name (COUNT(DISTINCT ?work) AS ?works) WHERE {
  <$thing> foaf:focus ?person .
  ?work dcterms:creator ?person , ?other .
  ?heading foaf:focus ?other ; skos:prefLabel ?name .
} GROUP BY ?heading ?name ORDER BY DESC(?works) ?name LIMIT 20"""),
    _Pattern("journal", "journal", marked("What appeared in %(label)s"), """\
SELECT ?work ?title ?volume ?pages WHERE {
  ?work dcterms:isPartOf <$thing> ; dcterms:title ?title .
  OPTIONAL { ?work bibo:volume ?volume }
  OPTIONAL { ?work bibo:pageStart ?pages }
} ORDER BY ?volume ?pages LIMIT 100"""),
    _Pattern("subject", "subject", marked("Works about %(label)s"), """\
SELECT ?work ?title WHERE {
  ?work dcterms:subject <$thing> ; dcterms:title ?title .
} LIMIT 100"""),
    _Pattern("years", "", marked("Works per year"), """\
SELECT ?year (COUNT(?work) AS ?works) WHERE {
  ?work dcterms:issued ?date .
  BIND(SUBSTR(STR(?date), 1, 4) AS ?year)
} GROUP BY ?year ORDER BY ?year"""),
    _Pattern("subjects", "subject", marked("The subjects of most works"), """\
SELECT ?subject ?label (COUNT(?work) AS ?works) WHERE {
  ?work dcterms:subject ?subject .
  ?subject skos:prefLabel ?label .
} GROUP BY ?subject ?label ORDER BY DESC(?works) LIMIT 20"""),
    _Pattern("dois", "", marked("Works that have a DOI"), """\
SELECT ?work ?doi WHERE {
  ?work bibo:doi ?doi .
} LIMIT 100"""),
    _Pattern("classes", "", marked("What kinds of things there are"), """\
SELECT ?class (COUNT(?thing) AS ?things) WHERE {
  ?thing a ?class .
} GROUP BY ?class ORDER BY DESC(?things)"""),
    _Pattern("work", "", marked("Everything about one work"), """\
CONSTRUCT { ?work ?property ?value } WHERE {
  { SELECT ?work WHERE { ?work dcterms:issued ?date } LIMIT 1 }
  ?work ?property ?value .
}"""),
)  # fmt: skip


def examples(things: dict[str, Thing]) -> tuple[Example, ...]:
    """The examples, about the `author`, `journal` and `subject` given; those about what is not there are left out."""
    return tuple(
        _example(pattern, things.get(pattern.kind))
        for pattern in _PATTERNS
        if not pattern.kind or pattern.kind in things
    )


def _example(pattern: _Pattern, thing: Thing | None) -> Example:
    known = {"thing": thing.uri} if thing else {}
    query = Template(pattern.query).substitute(known)
    prefixes = [f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in sorted(PREFIXES) if f"{name}:" in pattern.query]
    return Example(pattern.key, pattern.words, "".join(prefixes) + query, thing.label if thing else "")


def describe_examples(shown: Sequence[Example], *, address: str) -> bytes:
    """The examples as N-Triples; `address` is that of the endpoint."""
    document = f"{address}/examples"
    told = [statement for example in shown for statement in _told(example, document, address)]
    return ntriples.text([*told, *_declared(document)]).encode()


def _told(example: Example, document: str, address: str) -> Iterator[Statement]:
    subject = uri_token(f"{document}#{example.key}")
    kind = SH.SPARQLConstructExecutable if example.form == "construct" else SH.SPARQLSelectExecutable
    for predicate, target in (
        (RDF.type, SH.SPARQLExecutable),
        (RDF.type, kind),
        (SH.prefixes, f"{document}#prefixes"),
        (SCHEMA.target, address),
    ):
        yield subject, uri_token(predicate), uri_token(target)
    yield subject, uri_token(RDFS.label), literal_token(example.words, language="en")
    yield subject, uri_token(RDFS.comment), literal_token(example.words, language="en")
    yield subject, uri_token(SH[example.form]), literal_token(example.query)


def _declared(document: str) -> Iterator[Statement]:
    """The prefixes, as SHACL declares them (section 5.2.1)."""
    for prefix, namespace in PREFIXES.items():
        part = uri_token(f"{document}#prefix-{prefix}")
        yield uri_token(f"{document}#prefixes"), uri_token(SH.declare), part
        yield part, uri_token(SH.prefix), literal_token(prefix)
        yield part, uri_token(SH.namespace), literal_token(namespace, datatype=uri_token(XSD.anyURI))
