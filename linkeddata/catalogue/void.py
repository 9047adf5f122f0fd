"""The description of the dataset (VoID): what it is, how much it holds, where to get it.

VoID, W3C Interest Group Note of 3 March 2011. Run facts stand here and never in the store, so that
the same input gives the same dump.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Token, literal_token, uri_token
from linkeddata.vocabulary.terms import DCAT, DCTERMS, FOAF, PREFIXES, RDF, VOID, XSD
from linkeddata.vocabulary.uris import Uris

_VOCABULARIES = ("bibo", "dcterms", "foaf", "prov", "schema", "skos")


def describe_dataset(uris: Uris, facts: Mapping[str, str]) -> bytes:
    """The dataset's description as N-Triples.

    `facts`: title, issued (ISO 8601), licence (may be empty), example (a record's URI, may be empty),
    records, statements, version (of the mapping).
    """
    dataset = uri_token(uris.dataset)
    told = [*_links(uris, facts), *_facts(uris, facts)]
    return ntriples.text((dataset, uri_token(predicate), value) for predicate, value in told).encode()


def _links(uris: Uris, facts: Mapping[str, str]) -> Iterator[tuple[str, Token]]:
    base = uris.base
    known = [
        (RDF.type, VOID.Dataset),
        (RDF.type, DCAT.Dataset),
        (FOAF.homepage, base),
        (DCTERMS.license, facts["licence"]),
        (VOID.sparqlEndpoint, f"{base}sparql"),
        (VOID.dataDump, f"{base}dump/latest.nq.gz"),
        (DCTERMS.conformsTo, uris.rule(f"profile-{facts['version']}")),
        (VOID.exampleResource, facts["example"]),
        *((VOID.vocabulary, PREFIXES[prefix]) for prefix in _VOCABULARIES),
    ]
    return ((predicate, uri_token(target)) for predicate, target in known if target)


def _facts(uris: Uris, facts: Mapping[str, str]) -> Iterator[tuple[str, Token]]:
    yield DCTERMS.title, literal_token(facts["title"])
    yield DCTERMS.issued, literal_token(facts["issued"], datatype=uri_token(XSD.dateTime))
    yield VOID.uriSpace, literal_token(uris.base)
    for predicate, name in ((VOID.triples, "statements"), (VOID.documents, "records")):
        yield predicate, literal_token(facts[name], datatype=uri_token(XSD.integer))
