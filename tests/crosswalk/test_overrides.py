"""An operator's own mapping: what it adds, changes and takes away, and how a wrong line in it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linkeddata.crosswalk import Crosswalk, bundled_profile, profile_with
from linkeddata.errors import ConfigurationError
from linkeddata.sources.document import fields_of
from linkeddata.vocabulary.uris import Uris, mint

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "mapping.toml"
ORCID = "0000-0002-1825-0097"
HRSG = f"id/agent/r1/{mint('Plato')}"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    """A file of one's own with this text; gives its path."""

    def write(text: str) -> str:
        (tmp_path / "mapping.toml").write_text(text, "utf-8")
        return str(tmp_path / "mapping.toml")

    return write


@pytest.mark.parametrize(
    ("fields", "predicate", "expected"),
    [
        ({"shelfmark_str_mv": ["A 1", "B"]}, "https://library.example.org/terms#shelfmark", ["A 1", "B"]),
        ({"funder_str_mv": "X"}, "http://purl.org/cerif/frapo/hasFundingAgency", [f"id/org/{mint('X')}"]),
        ({"topic_uri_str_mv": "http://www.yso.fi/onto/yso/p1"}, "dcterms:subject", ["http://www.yso.fi/onto/yso/p1"]),
        ({"topic_uri_str_mv": "p1", "topic": "T"}, "dcterms:subject", [f"id/concept/topic/{mint('T')}"]),
        ({"faculty_str": "Law"}, "dcterms:subject", [f"id/concept/faculty/{mint('Law')}"]),
        ({"accepted_str": "2029-05"}, "dcterms:dateAccepted", ["2029-05^^xsd:gYearMonth"]),
        ({"publisher": ["X", "Y"]}, "dcterms:publisher", [f"id/org/{mint('X')}"]),
        ({"thumbnail": "https://x.org/a.jpg"}, "foaf:depiction", []),
        ({"recordtype": "Invenio", "description": "D"}, "dcterms:abstract", ["D"]),
        ({"recordtype": "eprints", "description": "D"}, "dcterms:abstract", ["D"]),
        ({"publishDate": "2030"}, "dcterms:issued", ["2030^^xsd:gYear"]),
        ({"format": "HOCHSCHULSCHRIFT"}, "rdf:type", ["bibo:Thesis", "schema:Thesis"]),
        ({"format": "Buch"}, "rdf:type", ["bibo:Book", "schema:Book"]),
        ({"author2": "Plato", "author2_role": "Hrsg."}, "bibo:editor", [HRSG]),
        ({"author2": "Plato", "author2_role": "edited by"}, "bibo:editor", [HRSG]),
        ({"language": "deutsch"}, "dcterms:language", ["http://id.loc.gov/vocabulary/iso639-2/ger"]),
        ({"author2": "P", "author2_orcid_str_mv": ORCID}, "dcterms:contributor", [f"id/agent/orcid-{ORCID}"]),
        ({"author": "P", "author_orcid_str_mv": ORCID}, "dcterms:creator", [f"id/agent/orcid-{ORCID}"]),
    ],
)
def test_example_does_what_it_says(
    tell_by: Callable[..., Any], fields: dict[str, Any], predicate: str, expected: list[str]
) -> None:
    assert tell_by(str(EXAMPLE), **fields)(predicate) == expected


def test_example_reaches_the_entry_and_the_report(tell_by: Callable[..., Any]) -> None:
    told = tell_by(str(EXAMPLE), note_txt="N", author2="P", author2_orcid_str_mv="1")
    assert told.of_document("rdfs:comment") == ["N"]
    assert told.notes == [("author2_orcid_str_mv", "1")]
    crosswalk = Crosswalk(Uris("https://data.example.org/"), profile_with(str(EXAMPLE)))
    fates = [crosswalk.fate(name) for name in ("acquisition_no", "shelfmark_str_mv", "x_str_mv", "thumbnail")]
    assert fates == ["number of an acquisition", "mapped", "local field", "unknown"]


def test_what_is_not_overridden_stays(tell_by: Callable[..., Any], seed: dict[str, Any]) -> None:
    """The seed record meets no line of the example but the publisher's, which says the same of it."""
    told, plain = tell_by(str(EXAMPLE), **fields_of(seed)), tell_by("", **fields_of(seed))
    assert told.statements == plain.statements


def test_documentation_shows_the_example() -> None:
    """Word for word, so that what is documented is what is tested."""
    assert EXAMPLE.read_text("utf-8") in (EXAMPLE.parents[2] / "docs" / "mapping.md").read_text("utf-8")


def test_version_tells_one_mapping_from_another(written: Callable[[str], str]) -> None:
    """The plain number without a file; with one its fingerprint, the same wherever the file lies."""
    assert (bundled_profile().version, profile_with("").version) == ("1", "1")
    first, again = (profile_with(written("latest_year = 2030\n")).version for _ in range(2))
    other = profile_with(written("latest_year = 2031\n")).version
    assert re.fullmatch(r"1\+[0-9a-f]{8}", first)
    assert first == again != other


def test_empty_file_changes_nothing_but_the_version(written: Callable[[str], str]) -> None:
    ours, own = bundled_profile(), profile_with(written(""))
    for part in ("record", "document", "source", "about", "ignored", "orcids", "formats", "roles", "languages"):
        assert getattr(own, part) == getattr(ours, part)


def test_overriding_line_stands_where_ours_stood(written: Callable[[str], str]) -> None:
    """Any name of the property will do, and several lines may take the place of one."""
    own = """record = [
        { from = "title_sub", property = "<http://rdaregistry.info/Elements/u/P60493>", as = "prose", when = "repository" },
        { from = "title_sub", property = "rdau:P60493", as = "text", when = "catalogue" },
        { from = "note", property = "rdfs:comment", as = "text" },
    ]"""  # noqa: E501
    ours, changed = bundled_profile().record, profile_with(written(own)).record
    place = [rule.fields[0] for rule in ours].index("title_sub")
    assert [rule.read_as for rule in changed[place : place + 2]] == ["prose", "text"]
    assert changed[:place] == ours[:place]
    assert changed[place + 2 : -1] == ours[place + 1 :]
    assert changed[-1].fields == ("note",)


def test_removed_line_may_be_written_anew_elsewhere(tell_by: Callable[..., Any], written: Callable[[str], str]) -> None:
    text = """remove = [{ from = "institution_category", property = "dcterms:type" }]
    document = [{ from = "institution_category", property = "dcterms:type", as = "concept", scheme = "kind" }]"""
    told = tell_by(written(text), institution="X", institution_category="K")
    assert told.of_document("dcterms:type") == [f"id/concept/kind/{mint('K')}"]


def test_own_words_win_over_ours(written: Callable[[str], str]) -> None:
    """A word that stands for a row of ours may be given to another one, or to a new format."""
    text = """[formats]
    ebook = { types = ["bibo:Manual"], coar = "" }
    [formats."Musical Score"]
    types = ["bibo:Image"]
    [roles]
    com = { also = ["ed"] }
    edt = { also = ["hrsg"] }
    """
    profile, ours = profile_with(written(text)), bundled_profile()
    assert profile.roles["ed"] == profile.roles["com"] == ours.roles["com"]
    assert profile.roles["hrsg"] == profile.roles["editor"] == ours.roles["edt"]
    assert profile.formats["ebook"].types == ("<http://purl.org/ontology/bibo/Manual>",)
    assert (profile.formats["ebook"].coar, profile.formats["ebook"].edited) == (None, ours.formats["ebook"].edited)
    assert profile.formats["musical score"].coar == ours.formats["musical score"].coar


RECORD = 'record = [\n  { from = "x", property = "rdfs:comment", as = "text" },\n  %s\n]'
LINE = '{ from = "y", property = "rdfs:comment", as = "text" }'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (RECORD % LINE.replace("as", "has"), 3, "unknown column 'has'"),
        (RECORD % LINE.replace("text", "txt"), 3, "no way to read a value as 'txt'"),
        (RECORD % LINE.replace("rdfs:", "ex:"), 3, "unknown prefix 'ex' in 'ex:comment'"),
        (RECORD % LINE.replace("rdfs:comment", "<x y>"), 3, "'<x y>' is no prefixed name"),
        (RECORD % LINE.replace("rdfs:comment", "<comment>"), 3, "'<comment>' is no prefixed name"),
        (RECORD % LINE.replace("text", "authors"), 3, "only one line may read 'as authors': crosswalk.toml:"),
        (RECORD % LINE.replace("text", "fixed"), 3, "the column 'value' is missing, which 'fixed' needs"),
        (RECORD % LINE.replace("text", 'concept", scheme = "My list'), 3, "scheme = 'My list' is not a word"),
        (f"latest_year = 2030\ndocument = [{LINE.replace('text', 'doi')}]", 2, "'doi' says something of the record"),
        ("\nremove = [\n{ from = 'title', property = 'dcterms:type' } ]", 3, "no line of ours reads 'title' as"),
        ("remove = [{ from = 'title' }]", 1, "the column 'property' is missing"),
        ("\n[prefixes]\nfoaf = 'https://example.org/'", 3, "the prefix 'foaf' stands for http://xmlns.com/foaf/0.1/"),
        ("[prefixes]\nex = 'example'", 2, "ex = 'example' is not a prefix with its namespace"),
        ("[prefixes]\nEx = 'https://example.org/'", 2, "Ex = 'https://example.org/' is not a prefix"),
        ("[prefixes]\nex = 1", 1, "prefixes = {'ex': 1} is not a table of texts"),
        ("[roles]\nedt = { also = ['a'] }\n[formats]\nedt = { coar = 'x' }", 4, "the column 'types' is missing"),
        ("[formats]\nA = { types = ['b:c'] }", 2, "unknown prefix 'b' in 'b:c'"),
        ("[formats]\n\n[formats.A]\ntype = ['bibo:Book']", 3, "unknown column 'type'"),
        ("[formats]\nA = { types = [] }\nB = { types = [], also = ['a'] }", 3, "'a' stands for another row already"),
        ("[roles]\nHerausgeber = { property = 'bibo:editor' }", 2, "'Herausgeber' is no code of a MARC relator"),
        ("[languages]\nDeutsch = { tag = 'de' }", 2, "'Deutsch' is no code of ISO 639-2"),
        ("formats = 1", 1, "formats = 1 is not a table"),
        ("version = '2'", 1, "unknown column 'version'"),
        ("latest_year = '2030'", 1, "latest_year = '2030' is not a number from 1 on"),
        ("repositories = 'x'", 1, "repositories = 'x' is not a list of texts"),
        ("[ignored]\nx = 'y'", 1, "ignored = {'x': 'y'} is not a table of lists of texts"),
        ("[orcid]\nauthor = []", 1, "orcid = {'author': []} is not a table of texts"),
    ],
)
def test_wrong_line_is_refused_with_its_place(written: Callable[[str], str], text: str, line: int, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"\A{re.escape(f'mapping.toml:{line}: {reason}')}"):
        profile_with(written(text))


@pytest.mark.parametrize("text", ["record = [", "a = 1\na = 2"])
def test_what_is_no_toml_is_refused(written: Callable[[str], str], text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\Amapping\.toml: "):
        profile_with(written(text))


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"\Amapping\.toml: "):
        profile_with(str(tmp_path / "mapping.toml"))
