"""What terms are called and what they say: complete in both languages, and in words."""

from __future__ import annotations

import re

import pytest

from linkeddata.representations.ontology_files import TITLES
from linkeddata.representations.parts import Data
from linkeddata.representations.term_list import term_page, term_statements, terms
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import PREFIXES

ENGLISH, GERMAN, COMMENTS = ontology.labels(), ontology.labels("de"), ontology.comments()
#: What both languages write alike: abbreviations, languages without another name, words from a third.
ALIKE = {
    "DJ", "DOI", "ISBN", "ISBN-10", "ISSN", "LCCN", "UPC", "Afrikaans", "Hindi", "Sanskrit", "Tamil", "Urdu",
}  # fmt: skip
TERMS = [name for name in ENGLISH if name.partition(":")[0] in {*PREFIXES, "scheme"}]


def test_both_languages_name_the_same_things_in_the_same_order() -> None:
    """So that one file can be read beside the other."""
    assert list(GERMAN) == list(ENGLISH)


def test_every_term_and_scheme_is_explained() -> None:
    assert list(COMMENTS) == TERMS


def test_german_differs_from_english() -> None:
    """But for what both write alike: else a line was forgotten."""
    assert {label for name, label in GERMAN.items() if label == ENGLISH[name]} == ALIKE


def test_language_without_labels_is_refused() -> None:
    with pytest.raises(KeyError):
        ontology.labels("fr")


@pytest.mark.parametrize("name", ENGLISH)
def test_labels_are_words(name: str) -> None:
    """No code, no camel case, nothing at the ends; and never the local name where that is no word."""
    local = name.partition(":")[2]
    for label in (ENGLISH[name], GERMAN[name]):
        assert label == label.strip() and label
        assert not re.search(r"[a-z][A-Z]|_|\.$", label)
        assert label != local or local.isalpha()


@pytest.mark.parametrize("name", TERMS)
def test_comment_is_one_sentence_that_says_more_than_the_label(name: str) -> None:
    comment = COMMENTS[name]
    assert re.fullmatch(r"[A-Z].{14,}\.", comment)
    assert ". " not in comment
    assert comment.rstrip(".").casefold() not in {ENGLISH[name].casefold(), f"the {ENGLISH[name]}".casefold()}


def test_every_vocabulary_has_a_name_and_every_term_a_place() -> None:
    """The page says no bare prefix where it could say a name."""
    listed = terms({"en": ENGLISH, "de": GERMAN}, COMMENTS)
    page = term_page(listed, data=Data("u", "u", ()))
    assert {each.prefix for each in page.vocabularies} == PREFIXES.keys()
    assert [each.prefix for each in page.vocabularies if each.name == each.prefix] == []
    assert sum(len(each.terms) for each in page.vocabularies) == len(listed)


def test_terms_used_by_the_document_of_terms_stand_in_it() -> None:
    """It explains itself too."""
    listed = terms({"en": ENGLISH, "de": GERMAN}, COMMENTS)
    statements = term_statements(listed, document="https://example.org/terms").decode().splitlines()
    subjects = {line.split(" ")[0] for line in statements}
    assert {line.split(" ")[1] for line in statements} - subjects == set()


def test_every_file_has_a_title() -> None:
    """And every way of reading a value that the crosswalk names has its words."""
    crosswalk = ontology.table("crosswalk.toml")
    rows = [row for rows in crosswalk.values() if isinstance(rows, list) for row in rows if isinstance(row, dict)]
    assert {file.name for file in ontology.files()} - TITLES.keys() == set()
    assert {row["as"] for row in rows if "as" in row} - ontology.table("readings.toml").keys() == set()
