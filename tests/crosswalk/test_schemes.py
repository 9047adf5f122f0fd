"""The statements about concept schemes that no record makes."""

from __future__ import annotations

from rdflib import Literal

from linkeddata.crosswalk import Crosswalk, Mapping, vocabulary_statements
from linkeddata.record import Record
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import terms
from linkeddata.vocabulary.terms import SKOS


def test_every_scheme_used_is_described(translated: list[tuple[Record, Mapping]], crosswalk: Crosswalk) -> None:
    """Each scheme that a record puts a concept in has a class and a label of ours."""
    used = {value for _, mapping in translated for _, what, value in mapping.triples if what == SKOS.inScheme}
    described = terms(vocabulary_statements(crosswalk.uris, crosswalk.profile))
    assert used <= {subject for subject, *_ in described}
    labels = {value for *_, value in described if isinstance(value, Literal)}
    assert labels <= {Literal(text, lang="en") for key, text in ontology.labels().items() if key.startswith("scheme:")}
