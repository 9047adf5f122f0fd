"""What must hold of every record there is, the nasty ones too: syntax, types, domains, cardinality."""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import RdfFormat, parse
from rdflib import Literal, URIRef

from linkeddata.crosswalk import Crosswalk, Mapping
from linkeddata.record import Record
from linkeddata.vocabulary import ntriples, ontology
from linkeddata.vocabulary.terms import BIBO, DCTERMS, GEO, RDF, XSD, expand

Translated = list[tuple[Record, Mapping]]

COLLECTIONS = {
    BIBO[name] for name in ("Collection", "Journal", "Periodical", "Newspaper", "Magazine", "Website", "Series")
}
NOT_ON_COLLECTIONS = {
    BIBO[name]
    for name in ("authorList", "editorList", "volume", "edition", "pageStart", "pageEnd", "locator", "shortTitle")
}
LEXICAL = {
    XSD.gYear: re.compile(r"[1-9][0-9]{3}"),
    XSD.gYearMonth: re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])"),
    XSD.date: re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    XSD.dateTime: re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z"),
    GEO.wktLiteral: re.compile(r"(POINT|LINESTRING|(MULTI)?POLYGON)\([-0-9., ()]+\)"),
}
OF_LISTS_AND_TYPES = {RDF.first: URIRef, RDF.rest: URIRef, RDF.type: URIRef}


def test_all_records_make_lines_that_parse(translated: Translated) -> None:
    """Every line is read back by another parser, and no blank node is among them."""
    for _, mapping in translated:
        text = ntriples.text(mapping.statements)
        assert len(list(parse(text.encode(), format=RdfFormat.N_TRIPLES))) == len(mapping.triples)
        assert "_:" not in {term[:2] for statement in mapping.statements for term in statement}


def test_almost_no_record_is_refused(translated: Translated) -> None:
    assert len(translated) >= 2300


def test_every_record_has_one_title(translated: Translated, crosswalk: Crosswalk) -> None:
    for record, mapping in translated:
        subject = URIRef(crosswalk.uris.record(record.id))
        assert sum(by == subject and what == DCTERMS.title for by, what, _ in mapping.triples) == 1, record.id


def test_what_is_owned_is_said_of_a_records_own_things(translated: Translated, crosswalk: Crosswalk) -> None:
    """The statements in front are about what `owner_test` calls the record's own, and none of the others is."""
    for record, mapping in translated:
        is_own = crosswalk.uris.owner_test(record.id)
        found = [is_own(subject[1:-1]) for subject, *_ in mapping.statements]
        assert found == [place < mapping.owned for place in range(len(found))], record.id


def test_every_typed_literal_is_well_formed(translated: Translated) -> None:
    for record, mapping in translated:
        for *_, value in mapping.triples:
            if isinstance(value, Literal) and value.datatype:
                assert LEXICAL[value.datatype].fullmatch(value), (record.id, value)


def test_links_and_texts_stand_where_they_belong(translated: Translated) -> None:
    """No literal where a link is asked for, and no link where a literal is (by the JSON-LD context)."""
    context = (term for term in ontology.context().values() if isinstance(term, dict))
    links = {expand(term["@id"]) for term in context if term.get("@type") == "@id"}
    for record, mapping in translated:
        for _, what, value in mapping.triples:
            wanted = OF_LISTS_AND_TYPES.get(what) or (URIRef if what in links else Literal)
            assert isinstance(value, wanted), (record.id, what, value)


def test_bibo_properties_keep_to_their_domains(translated: Translated) -> None:
    """Issue numbers stand on issues, ISSNs on collections, and what documents have never on collections."""
    for record, mapping in translated:
        classes: dict[Any, set[Any]] = {}
        for by, what, value in mapping.triples:
            if what == RDF.type:
                classes.setdefault(by, set()).add(value)
        for by, what, _ in mapping.triples:
            kinds = classes.get(by, set())
            assert what != BIBO.issue or BIBO.Issue in kinds, record.id
            assert what != BIBO.issn or kinds & COLLECTIONS, record.id
            assert what not in NOT_ON_COLLECTIONS or not kinds & COLLECTIONS, (record.id, what)
