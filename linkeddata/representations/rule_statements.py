"""The documents of rules as statements: what they are, their version, and the parts they consist of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token, literal_token, uri_token
from linkeddata.vocabulary.terms import DCTERMS, FOAF, OWL, PROV, RDF, RDFS
from linkeddata.vocabulary.uris import Uris

_PROFILE: Final = {"en": "How records are mapped, version {}", "de": "Wie Datensätze abgebildet werden, Version {}"}
_MINING: Final = {"en": "What is read from citations, version {}", "de": "Was aus Zitaten gelesen wird, Version {}"}
#: The tables of the mapping.
PROFILE_FILES: Final = ("crosswalk.toml", "formats.toml", "roles.toml", "languages.toml")
MINING_FILE: Final = "mining.toml"


def profile_statements(version: str, *, uris: Uris, titles: Mapping[str, str]) -> bytes:
    """The document of the mapping and the tables it was made from, whose `titles` go by file name."""
    document = uris.rule(f"profile-{version}")
    told = [*_document(document, _PROFILE, version), *_files(document, PROFILE_FILES, uris, titles)]
    return ntriples.text(told).encode()


def mining_statements(table: Mapping[str, Any], *, uris: Uris, titles: Mapping[str, str]) -> bytes:
    """The document of what is read from texts, each rule as a part of it."""
    document = uris.rule(f"mining-{table['version']}")
    told = [*_document(document, _MINING, table["version"]), *_files(document, (MINING_FILE,), uris, titles)]
    for key, row in table["keys"].items():
        told += _key(document, key, row)
    return ntriples.text(told).encode()


def _document(document: str, titles: Mapping[str, str], version: str) -> Iterator[Statement]:
    subject = uri_token(document)
    yield _link(document, RDF.type, FOAF.Document)
    yield _link(document, RDF.type, PROV.Plan)
    for language, title in titles.items():
        yield subject, uri_token(DCTERMS.title), literal_token(title.format(version), language=language)
    # Not dcterms:hasVersion, whose values are other documents and no texts.
    yield subject, uri_token(OWL.versionInfo), literal_token(version)


def _files(document: str, names: tuple[str, ...], uris: Uris, titles: Mapping[str, str]) -> Iterator[Statement]:
    for name in names:
        file = uris.ontology(name)
        yield _link(document, DCTERMS.hasPart, file)
        yield _link(file, RDF.type, FOAF.Document)
        yield uri_token(file), uri_token(DCTERMS.title), literal_token(titles.get(name, name), language="en")


def _key(document: str, key: str, row: Mapping[str, str]) -> Iterator[Statement]:
    part = f"{document}#{key}"
    yield _link(document, DCTERMS.hasPart, part)
    yield _link(part, RDF.type, PROV.Plan)
    yield uri_token(part), uri_token(RDFS.label), literal_token(key)
    yield uri_token(part), uri_token(DCTERMS.identifier), literal_token(row["name"])
    for column in ("statement", "rule"):
        yield uri_token(part), uri_token(RDFS.comment), literal_token(row[column], language="en")


def _link(subject: str, predicate: str, value: str) -> tuple[Token, Token, Token]:
    return uri_token(subject), uri_token(predicate), uri_token(value)
