"""The description of the dataset: what it is, how much it holds, where to ask and where to get it.

VoID (W3C Interest Group Note of 3 March 2011) and DCAT (version 3, W3C Recommendation of 22 August 2024).
Run facts stand here and never in the store, so that the same input gives the same dump. What is counted
is the default graph, which is what a SPARQL query without GRAPH sees.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final
from urllib.parse import quote

from linkeddata.catalogue.dump import COMPRESSION, Tally, Written
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token, literal_token, unescaped, uri_token
from linkeddata.vocabulary.terms import (
    DCAT,
    DCTERMS,
    FOAF,
    FORMATS,
    PREFIXES,
    RDF,
    RDFS,
    SPDX,
    VCARD,
    VOID,
    XSD,
    shorten,
)
from linkeddata.vocabulary.uris import Uris, mint

_VOCABULARIES = ("bibo", "dcterms", "foaf", "prov", "schema", "skos")
_FORMATS: Final = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML")
_PROTOCOL: Final = "http://www.w3.org/TR/sparql11-protocol/"
_SHA256: Final = SPDX.checksumAlgorithm_sha256


def describe_dataset(uris: Uris, facts: Mapping[str, str], tally: Tally, dumps: Sequence[Written]) -> bytes:
    """The dataset's description as N-Triples.

    `facts`: title, issued and first_issued (ISO 8601), edition (its number), example (a record's URI)
    and version (of the mapping); licence, contact (e-mail or web address) and publisher (a name) may be
    empty. `tally` is what was counted, `dumps` what can be fetched.
    """
    about = _About(uris, facts)
    told = chain(
        _links(about), _texts(about), _counts(about, tally), _service(about), _people(about),
        *(_distribution(about, dump) for dump in dumps),
        _partitions(about, tally.classes, (VOID.classPartition, VOID["class"], VOID.entities)),
        _partitions(about, tally.properties, (VOID.propertyPartition, VOID.property, VOID.triples)),
    )  # fmt: skip
    return ntriples.text(told).encode()


class _About:
    """The dataset and what belongs to it, as subjects."""

    def __init__(self, uris: Uris, facts: Mapping[str, str]) -> None:
        self.uris, self.facts = uris, facts

    def links(self, pairs: Iterable[tuple[str, str]], part: str = "") -> Iterator[Statement]:
        """Statements whose values are URIs; those that are empty are left out."""
        subject = uri_token(self.part(part))
        return ((subject, uri_token(predicate), uri_token(target)) for predicate, target in pairs if target)

    def texts(self, pairs: Iterable[tuple[str, Token]], part: str = "") -> Iterator[Statement]:
        """Statements whose values are literals."""
        subject = uri_token(self.part(part))
        return ((subject, uri_token(predicate), value) for predicate, value in pairs)

    def part(self, name: str) -> str:
        """The dataset itself, or what is described with it under a fragment."""
        return f"{self.uris.dataset}#{name}" if name else self.uris.dataset


def _links(about: _About) -> Iterator[Statement]:
    base, facts = about.uris.base, about.facts
    return about.links((
        (RDF.type, VOID.Dataset),
        (RDF.type, DCAT.Dataset),
        (FOAF.homepage, base),
        (DCAT.landingPage, f"{base}data"),
        (DCTERMS.license, facts["licence"]),
        (VOID.sparqlEndpoint, f"{base}sparql"),
        (VOID.dataDump, f"{base}dump/latest.nq.gz"),
        (RDFS.seeAlso, f"{base}sparql/examples.ttl"),
        (DCTERMS.conformsTo, about.uris.rule(f"profile-{facts['version']}")),
        (VOID.exampleResource, facts["example"]),
        *((VOID.vocabulary, PREFIXES[prefix]) for prefix in _VOCABULARIES),
        *((VOID.feature, FORMATS[name]) for name in _FORMATS),
    ))  # fmt: skip


def _texts(about: _About) -> Iterator[Statement]:
    facts = about.facts
    return about.texts((
        (DCTERMS.title, literal_token(facts["title"])),
        (DCTERMS.issued, _moment(facts["first_issued"])),
        (DCTERMS.modified, _moment(facts["issued"])),
        (DCAT.version, literal_token(facts["edition"])),
        (VOID.uriSpace, literal_token(about.uris.base)),
        # What counts as an entity (VoID, section 4.6).
        (VOID.uriRegexPattern, literal_token(f"^{re.escape(about.uris.things)}")),
    ))  # fmt: skip


def _counts(about: _About, tally: Tally) -> Iterator[Statement]:
    counted = (
        (VOID.triples, tally.statements),
        (VOID.entities, tally.entities),
        (VOID.distinctSubjects, tally.subjects),
        (VOID.documents, tally.classes[uri_token(FOAF.Document).encode()]),
        (VOID.classes, len(tally.classes)),
        (VOID.properties, len(tally.properties)),
    )
    return about.texts((predicate, _count(number)) for predicate, number in counted)


def _service(about: _About) -> Iterator[Statement]:
    """The SPARQL endpoint (DCAT 3, section 6.9)."""
    base, part = about.uris.base, "sparql"
    yield from about.links((
        (RDF.type, DCAT.DataService),
        (DCAT.endpointURL, f"{base}sparql"),
        (DCTERMS.conformsTo, _PROTOCOL),
        (DCAT.servesDataset, about.uris.dataset),
    ), part)  # fmt: skip
    yield from about.texts([(DCTERMS.title, literal_token("SPARQL endpoint", language="en"))], part)


def _people(about: _About) -> Iterator[Statement]:
    """Who publishes, and whom to ask; nothing that is not set."""
    publisher, contact = about.facts["publisher"], about.facts["contact"]
    if publisher:
        yield from about.links([(DCTERMS.publisher, about.part("publisher"))])
        yield from about.links([(RDF.type, FOAF.Agent)], "publisher")
        yield from about.texts([(FOAF.name, literal_token(publisher))], "publisher")
    if how := _contact(contact):
        yield from about.links([(DCAT.contactPoint, about.part("contact"))])
        yield from about.links([(RDF.type, VCARD.Kind), how], "contact")


def _contact(contact: str) -> tuple[str, str] | None:
    if contact.startswith(("http://", "https://")):
        return VCARD.hasURL, contact
    return (VCARD.hasEmail, f"mailto:{contact.removeprefix('mailto:')}") if "@" in contact else None


def _distribution(about: _About, dump: Written) -> Iterator[Statement]:
    """A dump, under the address that never changes, and its checksum (DCAT 3, sections 6.8 and 6.15)."""
    part = f"dump-{dump.kind.name}"
    checksum = f"{part}-sha256"
    yield from about.links([(DCAT.distribution, about.part(part))])
    yield from about.links((
        (RDF.type, DCAT.Distribution),
        (DCAT.downloadURL, about.uris.dump(int(about.facts["edition"]), about.facts["issued"], dump.kind.ending)),
        (DCAT.accessURL, f"{about.uris.base}dump/latest.{dump.kind.ending}"),
        *dump.kind.properties,
        (DCAT.compressFormat, COMPRESSION),
        (DCTERMS.license, about.facts["licence"]),
        (SPDX.checksum, about.part(checksum)),
    ), part)  # fmt: skip
    yield from about.texts((
        (DCTERMS.title, literal_token(f"Dump: {dump.kind.words}", language="en")),
        (DCAT.byteSize, literal_token(str(dump.size), datatype=uri_token(XSD.nonNegativeInteger))),
        (DCTERMS.issued, _moment(about.facts["issued"])),
    ), part)  # fmt: skip
    yield from about.links([(RDF.type, SPDX.Checksum), (SPDX.algorithm, _SHA256)], checksum)
    value = literal_token(dump.digest, datatype=uri_token(XSD.hexBinary))
    yield from about.texts([(SPDX.checksumValue, value)], checksum)


def _partitions(about: _About, counted: Counter[bytes], terms: tuple[str, str, str]) -> Iterator[Statement]:
    """The part of each class or property: `terms` are what leads to it, what names it, and what counts it."""
    leads, names, counts = terms
    kind = "class" if leads == VOID.classPartition else "property"
    for token, number in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        uri = unescaped(token.decode().strip("<>"))
        label = shorten(uri) or uri
        part = f"{kind}-{quote(label.replace(':', '-'), safe='') if label != uri else mint(uri)}"
        yield from about.links([(leads, about.part(part))])
        yield from about.links([(names, uri)], part)
        yield from about.texts([(counts, _count(number)), (RDFS.label, literal_token(f"{label}: {number}"))], part)


def _count(number: int) -> Token:
    return literal_token(str(number), datatype=uri_token(XSD.integer))


def _moment(moment: str) -> Token:
    return literal_token(moment, datatype=uri_token(XSD.dateTime))
