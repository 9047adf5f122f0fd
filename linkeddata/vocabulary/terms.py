"""The namespaces we speak and their prefixes; the only place where they are spelt out."""

from __future__ import annotations

from functools import cached_property, lru_cache

from rdflib import URIRef
from rdflib.namespace import Namespace as RdflibNamespace


@lru_cache(maxsize=4_096)
def named(uri: str) -> URIRef:
    """A term by its URI, the same object at each mention: what is identical is found in a table without comparing.

    For properties, of which there are some hundreds; what data are about would only push those out.
    """
    return URIRef(uri)


class Namespace(RdflibNamespace):
    """A namespace that makes each of its terms once: rdflib makes them anew at each mention, a page's thousand too."""

    def __getattr__(self, name: str) -> URIRef:
        # What Python itself asks for (`__wrapped__`, say) is no term: rdflib refuses it.
        term = named(str(super().__getattr__(name)))
        self.__dict__[name] = term
        return term

    @cached_property
    def title(self) -> URIRef:  # type: ignore[override]
        """The term, and not the method of text."""
        return named(f"{self}title")


BIBO = Namespace("http://purl.org/ontology/bibo/")
COAR = Namespace("http://purl.org/coar/resource_type/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCMITYPE = Namespace("http://purl.org/dc/dcmitype/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDAU = Namespace("http://rdaregistry.info/Elements/u/")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
REL = Namespace("http://id.loc.gov/vocabulary/relators/")
# rdflib's own SDO is https and would not join with schema.org's data, whose namespace is http.
SCHEMA = Namespace("http://schema.org/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID = Namespace("http://rdfs.org/ns/void#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

# Things of it are named in the dataset's description, but none of its terms is used.
FORMATS = Namespace("http://www.w3.org/ns/formats/")

PREFIXES: dict[str, str] = {
    "bibo": str(BIBO),
    "coar": str(COAR),
    "dcat": str(DCAT),
    "dcmitype": str(DCMITYPE),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "geo": str(GEO),
    "hydra": str(HYDRA),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdau": str(RDAU),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "rel": str(REL),
    "schema": str(SCHEMA),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "vcard": str(VCARD),
    "void": str(VOID),
    "xsd": str(XSD),
}


def expand(curie: str) -> URIRef:
    """The term that a prefixed name stands for; KeyError for an unknown prefix.

    >>> expand("dcterms:title")
    rdflib.term.URIRef('http://purl.org/dc/terms/title')
    """
    prefix, _, local = curie.partition(":")
    return URIRef(PREFIXES[prefix] + local)


@lru_cache(maxsize=4_096)
def shorten(uri: str) -> str | None:
    """The prefixed name of a term in one of our namespaces, or None.

    >>> shorten("http://purl.org/dc/terms/title")
    'dcterms:title'
    """
    for prefix, namespace in PREFIXES.items():
        if uri.startswith(namespace):
            return f"{prefix}:{uri[len(namespace) :]}"
    return None
