"""Classes and resource types of a record, by its formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linkeddata.vocabulary.uris import mint

# The tables of section 10 of the profile, in the order of its rows: format, BIBO and DCMI, schema.org, COAR.
TYPES = [
    ("Article", "Article", "Article", "c_6501"),
    ("Book Section", "BookSection", "Chapter", "c_3248"),
    ("Book", "Book", "Book", "c_2f33"),
    ("Monograph", "Report", "Report", "c_93fc"),
    ("Conference or Workshop Item", "Document", "CreativeWork", "c_c94f"),
    ("Thesis", "Thesis", "Thesis", "c_46ec"),
    ("Patent", "Patent", "CreativeWork", "c_15cd"),
    ("Artefact", "Document PhysicalObject", "VisualArtwork", "F8RT-TJK0"),
    ("Show/Exhibition", "Document", "CreativeWork", "F8RT-TJK0"),
    ("Composition", "Document", "MusicComposition", "c_18cd"),
    ("Performance", "Document", "CreativeWork", "F8RT-TJK0"),
    ("Image", "Image", "ImageObject", "c_c513"),
    ("Video", "AudioVisualDocument", "VideoObject", "c_12ce"),
    ("Audio", "AudioDocument", "AudioObject", "c_18cc"),
    ("Dataset", "Document Dataset", "Dataset", "c_ddb1"),
    ("Experiment", "Document Dataset", "Dataset", "63NG-B465"),
    ("Teaching Resource", "Document", "LearningResource", "c_e059"),
    ("Other", "Document", "CreativeWork", "c_1843"),
    ("Journal", "Journal", "Periodical", "c_0640"),
    ("Serial", "Periodical", "Periodical", "c_2659"),
    ("Periodical", "Periodical", "Periodical", "c_2659"),
    ("Newspaper", "Newspaper", "Newspaper", "c_2fe3"),
    ("Magazine", "Magazine", "Periodical", "c_2cd9"),
    ("eBook", "Book", "Book", "c_2f33"),
    ("Book Chapter", "Chapter", "Chapter", "c_3248"),
    ("Conference Proceeding", "Proceedings", "Book", "c_f744"),
    ("Conference Proceedings", "Proceedings", "Book", "c_f744"),
    ("Conference Paper", "AcademicArticle", "ScholarlyArticle", "c_5794"),
    ("Poster", "Document", "Poster", "c_6670"),
    ("Lecture", "Document", "PresentationDigitalDocument", "c_8544"),
    ("Presentation", "Document", "PresentationDigitalDocument", "c_8544"),
    ("Preprint", "AcademicArticle", "ScholarlyArticle", "c_816b"),
    ("Working Paper", "Report", "Report", "c_8042"),
    ("Technical Report", "Report", "Report", "c_18gh"),
    ("Report", "Report", "Report", "c_93fc"),
    ("Doctoral Thesis", "Thesis", "Thesis", "c_db06"),
    ("Master Thesis", "Thesis", "Thesis", "c_bdcc"),
    ("Bachelor Thesis", "Thesis", "Thesis", "c_7a1f"),
    ("Dissertation", "Thesis", "Thesis", "c_46ec"),
    ("Data Set", "Document Dataset", "Dataset", "c_ddb1"),
    ("Software", "Document Software", "SoftwareApplication", "c_5ce6"),
    ("Source Code", "Document Software", "SoftwareSourceCode", "QH80-2R4E"),
    ("Video Game", "Document Software", "VideoGame", "c_5ce6"),
    ("Manuscript", "Manuscript", "Manuscript", "c_0040"),
    ("Letter", "Letter", "CreativeWork", "c_0857"),
    ("Map", "Map", "Map", "c_12cd"),
    ("Atlas", "Map", "Map", "c_12cd"),
    ("Globe", "Map", "Map", "c_12cd"),
    ("Photo", "Image", "Photograph", "c_ecc8"),
    ("Print", "Image", "ImageObject", "c_ecc8"),
    ("Slide", "Image", "ImageObject", "c_ecc8"),
    ("Musical Score", "Document", "SheetMusic", "c_18cw"),
    ("VHS", "AudioVisualDocument", "VideoObject", "c_12ce"),
    ("DVD", "AudioVisualDocument", "VideoObject", "c_12ce"),
    ("Blu-ray Disc", "AudioVisualDocument", "VideoObject", "c_12ce"),
    ("Cassette", "AudioDocument", "AudioObject", "c_18cc"),
    ("Website", "Website", "WebSite", "c_7ad9"),
    ("Learning Object", "Document", "LearningResource", "c_e059"),
    ("Standard", "Standard", "CreativeWork", ""),
    ("Review", "Article", "Review", "c_efa0"),
    ("Book Review", "Article", "Review", "c_ba08"),
    ("Dictionary", "ReferenceSource", "Book", ""),
    ("Encyclopedia", "ReferenceSource", "Book", ""),
    ("Kit", "Document PhysicalObject", "CreativeWork", ""),
    ("Physical Object", "Document PhysicalObject", "CreativeWork", ""),
    ("Text", "Document", "CreativeWork", ""),
    ("Unknown", "Document", "CreativeWork", ""),
    ("Online", "Document", "CreativeWork", ""),
]
DCMI = {"PhysicalObject", "Dataset", "Software"}


def classes(told: Any) -> set[str]:
    return set(told("rdf:type"))


@pytest.mark.parametrize(("kind", "bibo", "schema", "coar"), TYPES)
@pytest.mark.parametrize("change", [str, str.upper, str.casefold])
def test_format_has_the_classes_of_the_profile(
    tell: Callable[..., Any], kind: str, bibo: str, schema: str, coar: str, change: Callable[[str], str]
) -> None:
    """Whatever the case it is written in."""
    told = tell(format=change(kind))
    expected = {f"dcmitype:{name}" if name in DCMI else f"bibo:{name}" for name in bibo.split()}
    assert classes(told) == expected | {f"schema:{schema}"}
    assert told("dcterms:type") == ([f"coar:{coar}"] if coar else [])


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        ([], {"bibo:Document", "schema:CreativeWork"}),
        (["Online"], {"bibo:Document", "schema:CreativeWork"}),
        (["Online", "Book"], {"bibo:Book", "schema:Book"}),
        (["DVD", "Musical Score"], {"bibo:Document", "schema:SheetMusic"}),
        (["DVD", "Online"], {"bibo:AudioVisualDocument", "schema:VideoObject"}),
        (["Book", "Conference Proceeding"], {"bibo:Book", "bibo:Proceedings", "schema:Book"}),
        (["Holograph"], {"bibo:Document", "schema:CreativeWork"}),
    ],
)
def test_carriers_count_only_alone(tell: Callable[..., Any], formats: list[str], expected: set[str]) -> None:
    assert classes(tell(format=formats)) == expected


def test_articles_in_repositories_are_academic(tell: Callable[..., Any]) -> None:
    assert classes(tell(format="Article", recordtype="eprints")) == {"bibo:AcademicArticle", "schema:ScholarlyArticle"}


@pytest.mark.parametrize(
    ("fields", "book"),
    [
        ({"author2": "A, B", "author2_role": "edt"}, "bibo:EditedBook"),
        ({"author2": "A, B", "author2_role": "Editor"}, "bibo:EditedBook"),
        ({"author2": "A, B", "author2_role": "trl"}, "bibo:Book"),
        ({"author2": "A, B"}, "bibo:Book"),
        ({"author": "C, D", "author2": "A, B", "author2_role": "edt"}, "bibo:Book"),
    ],
)
def test_book_without_author_but_editor_is_edited(tell: Callable[..., Any], fields: dict[str, str], book: str) -> None:
    assert classes(tell(format="Book", **fields)) == {book, "schema:Book"}


def test_unknown_format_is_a_concept(tell: Callable[..., Any]) -> None:
    told = tell(format=["Holograph", "Book"])
    concept = f"id/concept/format/{mint('Holograph')}"
    assert told("dcterms:type") == ["coar:c_2f33", concept]
    assert told("skos:inScheme", concept) == ["id/scheme/format"]
