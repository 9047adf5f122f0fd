"""The description of the dataset (VoID): what it is, how much it holds, where to get it.

VoID, W3C Interest Group Note of 3 March 2011. Run facts stand here and never in the store, so that
the same input gives the same dump.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdflib import Literal, URIRef

from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Triple
from linkeddata.vocabulary.terms import DCAT, DCTERMS, FOAF, PREFIXES, RDF, VOID, XSD
from linkeddata.vocabulary.uris import Uris

_VOCABULARIES = ("bibo", "dcterms", "foaf", "prov", "schema", "skos")


def describe_dataset(uris: Uris, facts: Mapping[str, str]) -> bytes:
    """The dataset's description as N-Triples.

    `facts`: title, issued (ISO 8601), licence (may be empty), example (a record's URI, may be empty),
    records, statements, version (of the mapping).
    """
    return ntriples.text(_statements(uris, facts)).encode()


def _statements(uris: Uris, facts: Mapping[str, str]) -> Iterator[Triple]:
    dataset, base = uris.dataset, uris.base
    for kind in (VOID.Dataset, DCAT.Dataset):
        yield dataset, URIRef(RDF.type), URIRef(kind)
    yield dataset, URIRef(DCTERMS.title), Literal(facts["title"])
    yield dataset, URIRef(DCTERMS.issued), Literal(facts["issued"], datatype=XSD.dateTime, normalize=False)
    yield dataset, URIRef(FOAF.homepage), URIRef(base)
    if facts["licence"]:
        yield dataset, URIRef(DCTERMS.license), URIRef(facts["licence"])
    yield dataset, URIRef(VOID.sparqlEndpoint), URIRef(f"{base}sparql")
    yield dataset, URIRef(VOID.dataDump), URIRef(f"{base}dump/latest.nq.gz")
    yield dataset, URIRef(VOID.uriSpace), Literal(base)
    yield dataset, URIRef(VOID.triples), _number(facts["statements"])
    yield dataset, URIRef(VOID.documents), _number(facts["records"])
    yield dataset, URIRef(DCTERMS.conformsTo), uris.rule(f"profile-{facts['version']}")
    if facts["example"]:
        yield dataset, URIRef(VOID.exampleResource), URIRef(facts["example"])
    for prefix in _VOCABULARIES:
        yield dataset, URIRef(VOID.vocabulary), URIRef(PREFIXES[prefix])


def _number(text: str) -> Literal:
    return Literal(text, datatype=XSD.integer, normalize=False)
