"""Entries for lists of references: BibTeX, RIS and CSL-JSON, read back by the programs that read them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.model import Entry
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from rdflib import Graph

from linkeddata.publish import Site, preview
from linkeddata.representations import rdf
from linkeddata.representations.bibtex import escaped
from linkeddata.representations.described import Described
from linkeddata.representations.exports import EXPORT_FORMATS, export
from linkeddata.sources import open_source
from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.vocabulary.uris import Name

from .viewing import URIS, described

BASE = "https://data.example.org/"
BY_NAME = {fmt.name: fmt for fmt in EXPORT_FORMATS}
#: The names of CSL's variables that are used, by what they hold (CSL 1.0.2, appendix IV).
CSL_TEXTS = {
    *("id", "type", "title", "title-short", "container-title", "collection-title", "volume", "issue", "number", "page"),
    *("number-of-pages", "publisher", "edition", "genre", "DOI", "ISSN", "ISBN", "URL", "language", "keyword"),
    "abstract",
}
CSL_NAMES = {"author", "editor", "translator"}


def exported(turtle: str, kind: str, identifier: str = "r1") -> str:
    """A record of which this is said (`<r>` is the record), in one of the formats."""
    prefixes = "".join(f"@prefix {prefix}: <{uri}> .\n" for prefix, uri in PREFIXES.items())
    name = Name("record", identifier)
    turtle = turtle.replace("<r>", f"<{URIS.thing(name)}>")
    triples = Graph().parse(data=f"@base <{BASE}> .\n{prefixes}{turtle}", format="turtle")
    return export(described(triples), BY_NAME[kind], name).decode()


def entry(text: str) -> Entry:
    """The one entry of a BibTeX file; none is broken."""
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    (found,) = library.entries
    return found


def reference(text: str) -> dict[str, Any]:
    """The one reference of a RIS file."""
    (found,) = rispy.loads(text)
    return dict(found)


def item(text: str) -> dict[str, Any]:
    """The one item of a CSL-JSON file, each variable of its kind."""
    (found,) = json.loads(text)
    assert found.keys() <= CSL_TEXTS | CSL_NAMES | {"issued"}
    assert all(isinstance(found[key], str) for key in CSL_TEXTS & found.keys())
    for person in (person for key in CSL_NAMES & found.keys() for person in found[key]):
        assert person.keys() <= {"family", "given", "suffix"} or person.keys() == {"literal"}
    return dict(found)


@pytest.fixture
def seed_export(gold: bytes) -> dict[str, str]:
    """The seed record in every format."""
    view = Described(rdf.tokens(gold, genid=URIS.genid), uris=URIS, labels={})
    name = Name("record", "nottingham-40697")
    return {kind: export(view, fmt, name).decode() for kind, fmt in BY_NAME.items()}


def test_bibtex_of_the_seed_is_an_article(seed_export: dict[str, str]) -> None:
    """Names as family and given, journal, volume, number, pages with two hyphens, bare DOI."""
    found = entry(seed_export["bib"])
    told = {field.key: field.value for field in found.fields}
    assert (found.entry_type, found.key) == ("article", "nottingham-40697")
    assert told["author"] == "Waring, Justin and Crompton, Amanda"
    assert (told["journal"], told["volume"], told["number"]) == ("Sociology of Health and Illness", "39", "7")
    assert (told["pages"], told["year"], told["doi"]) == ("1083--1099", "2017", "10.1111/1467-9566.12560")


def test_ris_of_the_seed_is_a_journal_article(seed_export: dict[str, str]) -> None:
    """The same facts under their tags; lines end as the format wants, the last tag closes."""
    found = reference(seed_export["ris"])
    assert (found["type_of_reference"], found["authors"]) == ("JOUR", ["Waring, Justin", "Crompton, Amanda"])
    assert (found["secondary_title"], found["volume"], found["number"]) == (
        "Sociology of Health and Illness", "39", "7",
    )  # fmt: skip
    assert (found["start_page"], found["end_page"], found["date"]) == ("1083", "1099", "2017///")
    assert seed_export["ris"].startswith("TY  - JOUR\r\n")
    assert seed_export["ris"].endswith("\r\nER  - \r\n")
    assert seed_export["ris"].count("\n") == seed_export["ris"].count("\r\n")


def test_csl_of_the_seed_makes_a_bibliography(seed_export: dict[str, str]) -> None:
    """A CSL processor sets names, year, title, journal, volume and pages from it."""
    data = item(seed_export["csl"])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON([data]), formatter.plain)
    bibliography.register(Citation([CitationItem(data["id"])]))
    (line,) = map(str, bibliography.bibliography())
    for part in ("Waring", "Crompton", "2017", "movement for improvement", "Sociology of Health and Illness", "39"):
        assert part in line
    assert data["DOI"] == "10.1111/1467-9566.12560"
    assert data["issued"] == {"date-parts": [[2017]]}


@pytest.mark.parametrize(
    ("types", "bibtex", "ris", "csl"),
    [
        ("a bibo:AcademicArticle", "article", "JOUR", "article-journal"),
        ("a bibo:AcademicArticle ; dcterms:type coar:c_5794", "inproceedings", "CPAPER", "paper-conference"),
        ("a bibo:AcademicArticle ; dcterms:type coar:c_816b", "unpublished", "UNPB", "article"),
        ("a bibo:Document ; dcterms:type coar:c_c94f", "inproceedings", "CPAPER", "paper-conference"),
        ("a bibo:Book, schema:Book", "book", "BOOK", "book"),
        ("a bibo:EditedBook", "book", "EDBOOK", "book"),
        ("a bibo:BookSection", "incollection", "CHAP", "chapter"),
        ("a bibo:Thesis", "phdthesis", "THES", "thesis"),
        ("a bibo:Thesis ; dcterms:type coar:c_bdcc", "mastersthesis", "THES", "thesis"),
        ("a bibo:Report", "techreport", "RPRT", "report"),
        ("a bibo:Proceedings", "proceedings", "CONF", "book"),
        ("a bibo:Document, dcmitype:Dataset", "misc", "DATA", "dataset"),
        ("a bibo:Document, dcmitype:Software", "misc", "COMP", "software"),
        ("a bibo:Journal", "misc", "JFULL", "periodical"),
        ("a bibo:Patent", "misc", "PAT", "patent"),
        ("a bibo:Document", "misc", "GEN", "document"),
    ],
)
def test_type_is_that_of_the_table(types: str, bibtex: str, ris: str, csl: str) -> None:
    """One row a kind of record, in all three formats."""
    said = f'<r> {types} ; dcterms:title "T" .'
    assert entry(exported(said, "bib")).entry_type == bibtex
    assert reference(exported(said, "ris"))["type_of_reference"] == ris
    assert item(exported(said, "csl"))["type"] == csl


AGENT = "<r> dcterms:title \"T\" ; dcterms:creator <id/agent/r1/a> . <id/agent/r1/a> "  # fmt: skip


@pytest.mark.parametrize(
    ("said", "bibtex", "ris", "csl"),
    [
        ('a foaf:Person ; foaf:familyName "de la Cruz" ; foaf:givenName "Juan"',
         "de la Cruz, Juan", "de la Cruz, Juan", {"family": "de la Cruz", "given": "Juan"}),
        ('a foaf:Person ; foaf:familyName "King" ; foaf:givenName "Martin Luther" ; bibo:suffixName "Jr."',
         "King, Jr., Martin Luther", "King, Martin Luther, Jr.",
         {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
        ('a foaf:Organization ; foaf:name "Barnes and Noble"',
         "{Barnes and Noble}", "Barnes and Noble", {"literal": "Barnes and Noble"}),
        ('a foaf:Agent ; foaf:name "Plato"', "{Plato}", "Plato", {"literal": "Plato"}),
        ('a foaf:Person ; foaf:familyName "Sand and Sea" ; foaf:givenName "A"',
         "{Sand and Sea}, A", "Sand and Sea, A", {"family": "Sand and Sea", "given": "A"}),
    ],
)  # fmt: skip
def test_names_have_their_parts(said: str, bibtex: str, ris: str, csl: dict[str, str]) -> None:
    """Persons by family and given name, bodies whole and never divided at "and"."""
    text = f"{AGENT}{said} ."
    assert {field.key: field.value for field in entry(exported(text, "bib")).fields}["author"] == bibtex
    assert reference(exported(text, "ris"))["authors"] == [ris]
    assert item(exported(text, "csl"))["author"] == [csl]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("50% of $x_1$ & #2", r"50\% of \$x\_1\$ \& \#2"),
        ("an {unbalanced brace", r"an \textbraceleft{}unbalanced brace"),
        (r"\write18{rm -rf /}", r"\textbackslash{}write18\textbraceleft{}rm -rf /\textbraceright{}"),
        ("~^<|>", r"\textasciitilde{}\textasciicircum{}\textless{}\textbar{}\textgreater{}"),
        ("naïve 李", "naïve 李"),
    ],
)
def test_tex_prints_a_text_as_it_is(written: str, shown: str) -> None:
    """Nothing in a value is a command of its own."""
    assert escaped(written) == shown


def test_words_that_need_their_capitals_keep_them() -> None:
    """Styles lower a title; DNA, pH and McDonald stay, The and Cell do not need to."""
    text = exported('<r> dcterms:title "The DNA of pH in McDonald Cell" .', "bib")
    assert "title = {The {DNA} of {pH} in {McDonald} Cell}" in text


@pytest.mark.parametrize(("date", "bib", "ris", "csl"), [
    ('"2017"^^xsd:gYear', (2017, None), "2017///", [2017]),
    ('"2017-06"^^xsd:gYearMonth', (2017, "jun"), "2017/06//", [2017, 6]),
    ('"2017-06-21"^^xsd:date', (2017, "jun"), "2017/06/21/", [2017, 6, 21]),
])  # fmt: skip
def test_dates_are_as_precise_as_the_source(date: str, bib: tuple[int, str | None], ris: str, csl: list[int]) -> None:
    """No month is invented, none is lost."""
    said = f'<r> dcterms:title "T" ; dcterms:issued {date} .'
    text = exported(said, "bib")
    assert f"year = {{{bib[0]}}}" in text
    assert (f"month = {bib[1]}," in text) is bool(bib[1])
    assert reference(exported(said, "ris"))["date"] == ris
    assert item(exported(said, "csl"))["issued"] == {"date-parts": [csl]}


def test_line_breaks_never_begin_a_tag_or_an_entry() -> None:
    """A title that imitates the format stays one title, whatever it breaks its lines with."""
    for breaking in ("\\n", "\\r\\n", "\\u2028", "\\u0085", "\\u000b", "\\u001d"):
        said = f'<r> dcterms:title "T{breaking}TY  - BOOK{breaking}ER  - {breaking}@book{{x,{breaking}}}" .'
        assert reference(exported(said, "ris"))["title"] == "T TY - BOOK ER - @book{x, }"
        assert entry(exported(said, "bib")).entry_type == "misc"


def test_ris_holds_to_its_limits() -> None:
    """No asterisk and no more than 255 characters in a name."""
    said = f'{AGENT} a foaf:Agent ; foaf:name "*{"n" * 300}" .'
    assert reference(exported(said, "ris"))["authors"] == ["n" * 255]


@pytest.mark.parametrize("identifier", ["a b", "x{y}", "a,b", "10.1002/(sici)1", "Çamcı", "a\\b", "a'b#"])
def test_key_is_readable_whatever_the_id(identifier: str) -> None:
    """BibTeX ends a key at a comma and trips over braces; two such ids never share a key."""
    key = entry(exported('<r> dcterms:title "T" .', "bib", identifier)).key
    assert re.fullmatch(r"[A-Za-z0-9.:/+_-]+", key)


def test_every_nasty_record_is_read_back(shared: Path) -> None:
    """Hostile values in every field: three parsers read all of it and find the title whole."""
    outcomes = preview(open_source(str(shared / "data" / "nasty.jsonl")), Site(BASE))
    records = [one for one in outcomes if isinstance(one, tuple)]
    assert len(records) > 60
    for record, mapping in records:
        view = Described(mapping.statements, uris=URIS, labels={})
        texts = {k: export(view, f, Name("record", record.id)).decode() for k, f in BY_NAME.items()}
        title = item(texts["csl"])["title"]
        found = entry(texts["bib"])
        assert reference(texts["ris"])["title"] == title, record.id
        assert plain(found["title"]) == title, record.id
        balance = re.sub(r"[^{}]", "", texts["bib"])
        assert balance.count("{") == balance.count("}"), record.id


def plain(tex: str) -> str:
    """What TeX prints of a title of ours."""
    for command, char in {"textbackslash": "\\", "textbraceleft": "\x01", "textbraceright": "\x02"}.items():
        tex = tex.replace(f"\\{command}{{}}", char if char != "\\" else "\x03")
    for command, char in {"textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">"}.items():
        tex = tex.replace(f"\\{command}{{}}", char)
    tex = tex.replace("\\textbar{}", "|").replace("{", "").replace("}", "")
    return re.sub(r"\\([#$%&_])", r"\1", tex).translate({1: "{", 2: "}", 3: "\\"})
