"""What was mined, as statements: the gold record, each key, and what the fields have said already."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from linkeddata.crosswalk import Crosswalk
from linkeddata.crosswalk.citation import Mined, mine
from linkeddata.crosswalk.mined import MINING_VERSION, RULES, mined_statements
from linkeddata.crosswalk.sheet import Sheet
from linkeddata.errors import RecordRefused
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.sources.document import fields_of
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.terms import expand, shorten
from linkeddata.vocabulary.uris import mint

BASE = "https://data.example.org/"
TITLE, AUTHOR = "Honest title", "Weiss, Anna"
ISSN, OTHER_ISSN = "1467-9566", "0141-9889"
WORDS = ("Sleep", "Work")
RECORD, DOCUMENT = "id/record/r1", "doc/record/r1"


@pytest.fixture
def sheets(crosswalk: Crosswalk) -> Callable[[Record], Sheet]:
    """Gives the sheet of a record when its fields have been read, and only they."""
    return crosswalk.sheet


class Told:
    """Mined statements; called with a property (and a subject) it gives the values in short form."""

    def __init__(self, sheet: Sheet, mined: Mined) -> None:
        self.before = set(sheet.statements)
        self.notes = list(sheet.notes)
        self.statements = mined_statements(sheet, mined)
        self.sheet = sheet
        self.triples = ntriples.terms(self.statements)

    def __call__(self, predicate: str, subject: str = RECORD) -> list[str]:
        wanted = (BASE + subject, str(expand(predicate)))
        return [_short(str(value)) for by, what, value in self.triples if (str(by), str(what)) == wanted]


def _short(value: str) -> str:
    return value.removeprefix(BASE) if value.startswith(BASE) else shorten(value) or value


@pytest.fixture
def tell(sheets: Callable[[Record], Sheet]) -> Callable[..., Told]:
    """Mines a record whose citation goes on behind its title with `rest`, beside the fields given."""

    def translate(rest: str, kind: str = "Article", flag: str = "NonPeerReviewed", **fields: Any) -> Told:
        text = f"r12021-03-04T05:06:07Z {TITLE} {AUTHOR} 2019-05 {kind} {flag} {AUTHOR} (2019) {TITLE}. {rest}"
        whole = {"recordtype": "eprints", "title": TITLE, "author": AUTHOR, "format": kind, "publishDate": "2019"}
        lists = {
            name: [value] if isinstance(value, str) else value
            for name, value in (whole | {"spelling": text} | fields).items()
        }
        record = Record("r1", {name: values for name, values in lists.items() if values})
        return Told(sheets(record), mine(record))

    return translate


def test_seed_record_gives_the_gold_statements(
    shared: Path, seed: dict[str, Any], sheets: Callable[[Record], Sheet]
) -> None:
    """The mined statements are those of the gold file below its mark, no more and no less."""
    record = Record(seed["id"], fields_of(seed))
    gold, _, marked = (shared / "seed-record.ttl").read_text("utf-8").partition("\n# @graph ")
    prefixes = "\n".join(line for line in gold.splitlines() if line.startswith("@"))
    wanted = set(parse(f"{prefixes}\n{marked.partition(chr(10))[2]}".encode(), format=RdfFormat.TURTLE))
    statements = mined_statements(sheets(record), mine(record))
    assert set(parse(ntriples.text(statements).encode(), format=RdfFormat.N_TRIPLES)) == wanted
    assert len(statements) == len(wanted) == 26


def test_nothing_mined_is_nothing_said(tell: Callable[..., Told]) -> None:
    """Not even that there is a graph of mined statements."""
    assert tell("", spelling="Something else").statements == []


def test_graph_of_mined_statements_is_described(tell: Callable[..., Told]) -> None:
    told, graph = tell("J, 2."), f"{DOCUMENT}#mined"
    assert told("dcterms:hasPart", DOCUMENT) == [graph]
    assert told("rdf:type", graph) == ["prov:Entity"]
    assert told("prov:wasDerivedFrom", graph) == [f"{DOCUMENT}#source"]
    assert told("dcterms:conformsTo", graph) == [f"def/mining-{MINING_VERSION}"]
    assert told("dcterms:modified", f"{DOCUMENT}#source") == ["2021-03-04T05:06:07Z"]


@pytest.mark.parametrize(
    ("rest", "values"),
    [
        ("J, 2 (3): 44.", {"bibo:volume": ["2"], "bibo:number": ["44"]}),
        ("J, 2. pp. 1-9.", {"bibo:pageStart": ["1"], "bibo:pageEnd": ["9"], "bibo:pages": []}),
        ("J, 2. p. 1.", {"bibo:pageStart": ["1"], "bibo:pageEnd": [], "bibo:pages": []}),
        ("J, 2. pp. 201-3.", {"bibo:pageStart": ["201"], "bibo:pageEnd": [], "bibo:pages": ["201-3"]}),
        ("J, 2. pp. 1-2, 5.", {"bibo:pageStart": [], "bibo:pageEnd": [], "bibo:pages": ["1-2, 5"]}),
        ("J, 2. (Unpublished)", {"bibo:status": ["bibo:status/unpublished"]}),
        ("J, 2. (In Press)", {"bibo:status": ["bibo:status/forthcoming"]}),
        ("J, 2. (Submitted)", {"bibo:status": []}),
        ("J, 2. doi:10.5555/X", {"bibo:doi": ["10.5555/x"], "schema:sameAs": ["https://doi.org/10.5555/x"]}),
        ("J, 2. http://a.example/ http://b_%%/", {"dcterms:relation": ["http://a.example/"]}),
        ("J, 2. Sleep.; n/a; Work", {"dcterms:subject": [f"id/concept/topic/{mint(word)}" for word in WORDS]}),
        ("J, 2.", {"dcterms:date": ["2019-05"], "dcterms:bibliographicCitation": [f"{AUTHOR} (2019) {TITLE}. J, 2."]}),
    ],
)  # fmt: skip
def test_keys_are_stated_of_the_record(tell: Callable[..., Told], rest: str, values: dict[str, list[str]]) -> None:
    told = tell(rest)
    assert {predicate: told(predicate) for predicate in values} == values


def test_date_that_says_no_more_than_the_field_is_not_stated(tell: Callable[..., Told]) -> None:
    assert tell("J, 2.", publishDate="2019-05")("dcterms:date") == []


@pytest.mark.parametrize(
    ("kind", "classes"),
    [
        ("Article", []),
        ("Conference or Workshop Item", ["bibo:AcademicArticle", "schema:ScholarlyArticle"]),
        ("Book", []),
    ],
)
def test_reviewed_conference_items_are_articles(tell: Callable[..., Told], kind: str, classes: list[str]) -> None:
    told = tell("In: Talks.", kind, "PeerReviewed")
    assert told("bibo:status") == ["bibo:status/peerReviewed"]
    assert told("rdf:type") == classes
    assert tell("In: Talks.", kind)("rdf:type") == []


@pytest.mark.parametrize(
    ("words", "degree", "kind"),
    [
        ("PhD", ["bibo:degrees/phd"], ["coar:c_db06"]),
        ("Doctoral", ["bibo:degrees/phd"], ["coar:c_db06"]),
        ("Masters", [], ["coar:c_bdcc"]),
        ("Other", [], []),
    ],
)
def test_theses_have_a_degree_and_who_granted_it(
    tell: Callable[..., Told], words: str, degree: list[str], kind: list[str]
) -> None:
    told, body = tell(f"{words} thesis, University of Example.", "Thesis"), f"id/org/{mint('University of Example')}"
    assert (told("bibo:degree"), told("dcterms:type"), told("bibo:issuer")) == (degree, kind, [body])
    assert told("foaf:name", body) == ["University of Example"]


@pytest.mark.parametrize(
    ("words", "classes", "kind"),
    [
        ("Technical Report", [], ["coar:c_18gh"]),
        ("Working Paper", [], ["coar:c_8042"]),
        ("Discussion Paper", [], ["coar:c_8042"]),
        ("Documentation", ["bibo:Manual", "schema:TechArticle"], ["coar:c_71bd"]),
        ("Project Report", [], []),
    ],
)
def test_reports_are_told_apart(tell: Callable[..., Told], words: str, classes: list[str], kind: list[str]) -> None:
    """A report is a `bibo:Report` by its field already; only what goes beyond it is mined."""
    told = tell(f"{words}.", "Monograph")
    assert (told("rdf:type"), told("dcterms:type")) == (classes, kind)


def test_article_stands_in_its_issue_and_journal(tell: Callable[..., Told]) -> None:
    told = tell(f"Sociology, 39 (7). ISSN {ISSN}, {OTHER_ISSN}")
    journal, issue = f"id/journal/issn-{ISSN}", f"id/issue/issn-{ISSN}/39-7"
    assert told("dcterms:isPartOf") == [journal, issue]
    assert told("rdf:type", journal) == ["bibo:Journal", "schema:Periodical"]
    assert (told("dcterms:title", journal), told("bibo:issn", journal)) == (["Sociology"], [ISSN])
    assert told("dcterms:hasFormat", journal) == [f"id/journal/issn-{OTHER_ISSN}"]
    assert (told("bibo:volume", issue), told("bibo:issue", issue)) == (["39"], ["7"])


def test_issue_without_volume_is_named_by_its_year(tell: Callable[..., Told]) -> None:
    told = tell("Sociology (7). p. 1.")
    assert told("dcterms:isPartOf") == [f"id/journal/{mint('Sociology')}", f"id/issue/{mint('Sociology')}/y2019-7"]


def test_section_stands_in_its_host(tell: Callable[..., Told]) -> None:
    told, host = tell("In: Host. pp. 1-2. ISBN 1558612742", "Book Section"), "id/host/isbn-9781558612747"
    assert told("dcterms:isPartOf") == [host]
    assert told("rdf:type", host) == ["bibo:Book", "schema:Book"]
    assert (told("dcterms:title", host), told("bibo:isbn10", host)) == (["Host"], ["1558612742"])


def test_isbn_of_a_book_is_its_own(tell: Callable[..., Told]) -> None:
    told = tell("Elm. ISBN 9781558612747", "Book", publisher="Elm")
    assert (told("bibo:isbn13"), told("dcterms:isPartOf")) == (["9781558612747"], [])


def test_conference_item_known_by_issn_stands_in_a_collection(tell: Callable[..., Told]) -> None:
    told, series = (
        tell(f"In: Talks. ISSN {ISSN}", "Conference or Workshop Item", "PeerReviewed"),
        f"id/journal/issn-{ISSN}",
    )
    assert told("dcterms:isPartOf") == [series]
    assert (told("rdf:type", series), told("dcterms:title", series)) == (["bibo:Collection"], [])


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({"container_title": "S"}, [f"id/issue/{mint('S')}/39-7"]),
        ({"issn": OTHER_ISSN}, [f"id/issue/issn-{OTHER_ISSN}/39-7"]),
        ({"isbn": "1558612742"}, [f"id/journal/issn-{ISSN}", f"id/issue/issn-{ISSN}/39-7"]),
        ({"container_title": "S", "container_issue": "8"}, []),
        ({"container_title": "S", "container_volume": "1"}, [f"id/issue/{mint('S')}/1-7"]),
        ({"container_issue": "8"}, [f"id/journal/issn-{ISSN}", f"id/issue/issn-{ISSN}/39-8"]),
    ],
)
def test_container_of_the_fields_keeps_its_name(
    tell: Callable[..., Told], fields: dict[str, str], parts: list[str]
) -> None:
    """What is mined is added to it; an issue that the fields name is not named a second time."""
    assert tell(f"Sociology, 39 (7). ISSN {ISSN}", **fields)("dcterms:isPartOf") == parts


def test_mined_issn_is_said_of_the_journal_that_the_fields_name(tell: Callable[..., Told]) -> None:
    told = tell(f"Sociology, 39. ISSN {ISSN}", container_title="S")
    assert (told("bibo:issn", f"id/journal/{mint('S')}"), told("dcterms:isPartOf")) == ([ISSN], [])


def test_what_the_fields_say_is_not_mined(tell: Callable[..., Told]) -> None:
    told = tell("J, 2. doi:10.5555/x", url="https://doi.org/10.5555/x", topic="Sleep", issn="1-2")
    assert (told("bibo:doi"), told("schema:sameAs")) == ([], [])
    assert told.before.isdisjoint(told.statements)
    assert told.sheet.notes == told.notes


def test_every_statement_knows_its_rule(tell: Callable[..., Told]) -> None:
    told = tell("J, 2. doi:10.5555/X")
    origins = {shorten(said[1][1:-1]): told.sheet.statements[said] for said in told.statements}
    assert origins["bibo:doi"] == ("spelling", "doi:10.5555/X", f"eprints-doi/{MINING_VERSION}")
    assert origins["bibo:volume"] == ("spelling", "2", f"eprints-numbering/{MINING_VERSION}")
    assert origins["dcterms:title"] == ("spelling", "J", f"eprints-container/{MINING_VERSION}")


def test_rules_have_a_level_that_is_published() -> None:
    assert {rule.level for rule in RULES.values()} == {"A", "B"}
    assert all(re.fullmatch(rf"eprints-[a-z]+/{MINING_VERSION}", rule.name) for rule in RULES.values())


def test_every_real_record_can_be_stated(shared: Path, sheets: Callable[[Record], Sheet]) -> None:
    """On real records: every value has a rule, and no statement is one that the fields made."""
    told = []
    for one in open_source(str(shared / "data" / "dev.jsonl.gz")):
        if isinstance(one, Record) and (mined := mine(one)).values:
            try:
                told.append(Told(sheets(one), mined))
            except RecordRefused:
                continue
    assert len(told) >= 930
    assert all(each.statements and each.before.isdisjoint(each.statements) for each in told)
