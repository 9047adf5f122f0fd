"""The document of all terms we publish: what each is called, what it says, and the vocabulary it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from linkeddata.representations.parts import Data, capital, number
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token, literal_token, uri_token
from linkeddata.vocabulary.terms import DCTERMS, FOAF, PREFIXES, RDF, RDFS, SKOS, expand

#: What each vocabulary is called, in the order in which readers want them.
_NAMES: Final = {
    "dcterms": "Dublin Core terms",
    "bibo": "Bibliographic Ontology",
    "dcmitype": "Dublin Core types",
    "foaf": "Friend of a Friend",
    "skos": "Simple Knowledge Organization System",
    "schema": "schema.org",
    "coar": "COAR resource types",
    "rdau": "RDA, unconstrained properties",
    "prov": "Provenance Ontology",
    "void": "Vocabulary of Interlinked Datasets",
    "dcat": "Data Catalog Vocabulary",
    "geo": "GeoSPARQL",
    "hydra": "Hydra Core Vocabulary",
    "rdf": "RDF",
    "rdfs": "RDF Schema",
    "owl": "Web Ontology Language",
    "spdx": "Software Package Data Exchange",
    "vcard": "vCard Ontology",
    "xsd": "XML Schema datatypes",
    "rel": "MARC relators",
}
#: Vocabularies whose terms are all of one kind.
_KINDS: Final = {"coar": str(SKOS.Concept), "xsd": str(RDFS.Datatype), "geo": str(RDFS.Datatype)}
_TITLES: Final = {"en": "Terms of this catalogue", "de": "Begriffe dieses Katalogs"}


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its prefixed name (also its anchor), its labels, and what it says."""

    curie: str
    label: str
    german: str
    comment: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that come from one vocabulary."""

    prefix: str
    name: str
    namespace: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class TermPage:
    """One table for each vocabulary."""

    count: str
    vocabularies: tuple[Vocabulary, ...]
    data: Data


def terms(labels: Mapping[str, Mapping[str, str]], comments: Mapping[str, str]) -> list[Term]:
    """The terms of vocabularies, in the order of the English labels; `labels` by language."""
    english, german = labels["en"], labels["de"]
    return [
        Term(curie, label, german.get(curie, ""), comments.get(curie, ""))
        for curie, label in english.items()
        if curie.partition(":")[0] in PREFIXES
    ]


def term_page(listed: list[Term], *, data: Data) -> TermPage:
    """The page of the terms; `data` says where its other formats are."""
    shown = (_vocabulary(prefix, listed) for prefix in (*_NAMES, *(PREFIXES.keys() - _NAMES.keys())))
    return TermPage(number(len(listed)), tuple(each for each in shown if each.terms), data)


def _vocabulary(prefix: str, listed: list[Term]) -> Vocabulary:
    own = (term for term in listed if term.curie.startswith(f"{prefix}:"))
    sorted_terms = sorted(own, key=lambda term: term.curie.casefold())
    return Vocabulary(prefix, _NAMES.get(prefix, prefix), PREFIXES[prefix], tuple(map(_capitalised, sorted_terms)))


def _capitalised(term: Term) -> Term:
    return Term(term.curie, capital(term.label), capital(term.german), term.comment)


def term_statements(listed: list[Term], *, document: str) -> bytes:
    """The same as statements (canonical N-Triples), the document's own first."""
    return ntriples.text([*_document(uri_token(document)), *(each for term in listed for each in _term(term))]).encode()


def _document(document: Token) -> Iterator[Statement]:
    yield document, uri_token(RDF.type), uri_token(FOAF.Document)
    for language, title in _TITLES.items():
        yield document, uri_token(DCTERMS.title), literal_token(title, language=language)


def _term(term: Term) -> Iterator[Statement]:
    subject, prefix = uri_token(expand(term.curie)), term.curie.partition(":")[0]
    if kind := _kind(term.curie):
        yield subject, uri_token(RDF.type), uri_token(kind)
    for language, label in (("en", term.label), ("de", term.german)):
        yield subject, uri_token(RDFS.label), literal_token(label, language=language)
    yield subject, uri_token(RDFS.comment), literal_token(term.comment, language="en")
    yield subject, uri_token(RDFS.isDefinedBy), uri_token(PREFIXES[prefix])


def _kind(curie: str) -> str | None:
    """Class, property, datatype or concept; None for single things, such as the statuses of BIBO.

    >>> _kind("bibo:Book"), _kind("bibo:doi"), _kind("bibo:status/unpublished")
    ('http://www.w3.org/2000/01/rdf-schema#Class', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#Property', None)
    """
    prefix, _, local = curie.partition(":")
    special = _KINDS.get(prefix)
    if special or "/" in local or curie == "rdf:nil":
        return special
    is_class = local[0].isupper() and prefix != "rdau"
    return str(RDFS.Class if is_class else RDF.Property)
