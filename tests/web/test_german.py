"""Every kind of page and every state in German: nothing of ours is still in English.

What stands in the English page and in the German one alike is suspect: it must be a name, or come from a record.
Where a page says that a text is a record's, in code, titles and remarks too, each piece of it must be in the data.
"""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, unquote, unquote_plus, urlencode

import pyoxigraph as ox
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.folder import SEARCH
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Deletion, Record
from linkeddata.sources import open_source
from linkeddata.vocabulary import ontology
from linkeddata.web import create_app

from .conftest import BASE, settings_for
from .test_languages import BARE, HTML, NAMES, PAGES, spoken

SEED = "/doc/record/nottingham-40697"
#: Documents about rules and terms, which are published in English; what they say of them is marked so.
RULES = ("/ontologies/", "/ontologies/terms", "/def/mining-1", "/def/profile-1")


def query(text: str, **more: str) -> str:
    return f"/sparql?{urlencode({'query': text, **more})}"


#: Beside the pages: the states of records and lists, then refusals, by status.
STATES = (
    *("/doc/record/bare.html", "/doc/record/unknown.html", "/doc/record/sixty.html", f"{SEED}.html?page=1"),
    *("/type/Article", "/browse/name?year=1990-1999", "/browse/org", "/browse/concept", "/browse/record?letter=%23"),
    *("/search?q=theroy", "/search?q=%22", "/search?year=1990-1999", "/doc/journal/issn-0028-0836.html"),
    *("/doc/agent/nottingham-40697/creator/1.html", "/def/profile-1"),
    *(query("ASK {}"), query("SELECT * { ?s ?p ?o } LIMIT 3"), query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3")),
    *(query("SELECT * { ?s ?p ?o . ?a ?b ?c }"),),
    # 400
    *(query("SELECT"), query("DROP"), query('SELECT "'), query(r"SELECT \uD800"), "/sparql?query=a&query=b"),
    *(query("ASK {" + "{" * 300 + "}" * 300 + "}"), "/sparql?query=%ff"),
    *(f"{SEED}?view=odd", f"{SEED}?form=odd", f"{SEED}?_profile=odd", f"{SEED}.ttl?form=expanded"),
    *(f"{SEED}?format=ttl&form=expanded",),
    *(f"{SEED}.ttl?format=nt", f"{SEED}?format=ttl&_mediatype=text/html", f"{SEED}.schema.jsonld?_profile=dcterms"),
    # 403, 404, 406, 410, 414
    *(query("DELETE WHERE { ?s ?p ?o }"), query("ASK { SERVICE <http://a.example/> { ?s ?p ?o } }"), ),
    "/sparql?update=x",
    *("/doc/record/nottingham-4069", "/doc/name/nobody", "/browse/nothing", "/browse/name?page=9999", "/sitemap/9.xml"),
    *(f"{SEED}?format=odd", "/search?q=a&format=odd", "/linkset/record/nottingham-40697?format=odd"),
    *("/doc/record/gone", "/dump/1-2020-01-01.nq.gz", query("ASK {} #" + "x" * 70_000)),
)  # fmt: skip
#: Sites that are not well, and what they are asked.
BROKEN = {
    "empty": ("/", "/about", "/doc/record/x"),
    "busy": ("/",),
    "fault": ("/",),
    "unindexed": ("/", "/search?q=a"),
    # Ended at the limit, and then remembered.
    "slow": (query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"),),
    "spent": (query("ASK {}"),),
}
#: What is the same in both languages, by words.
SAME = NAMES | {
    *("ASK", "CONSTRUCT", "CSS", "Curl", "curl", "Python", "OpenRefine", "LibreOffice", "Calc", "Excel", ),
    *("Google", "Sheets"),
    *("DESCRIBE", "SELECT", "SHACL", "DCAT", "VIAF", "ORCID", "Wikidata", "ris", "json", "csl", ),
    *("ttl", "LD", "Code", "Feed", "Format", "Version"),
    *("Sitemap", "Software", "linkeddata"),
}  # fmt: skip


class Texts(HTMLParser):
    """The texts of a page: `plain` those that are ours, `foreign` where these are said to be in English, and `told`
    those that are said to be of a record, or stand in code or attributes."""

    APART = ("blockquote", "title", "mark", "time", "option")
    CODE = ("code", "pre", "script", "textarea")
    VOID = ("meta", "link", "br", "img", "input", "hr")
    SAID = ("aria-label", "placeholder", "alt")
    BESIDE = ("title", "data-copied", "data-selected")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.plain: set[str] = set()
        self.foreign: set[str] = set()
        self.told: set[str] = set()
        self.coded: set[str] = set()
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in self.VOID:
            self._open.append(self._kind(tag, told))
        if tag == "meta" and told.get("name") == "description":
            self._note(told["content"] or "", "record")
        for name in (*self.SAID, *self.BESIDE):
            self._note(told.get(name) or "", "record" if name in self.BESIDE else "")

    def _kind(self, tag: str, told: dict[str, str | None]) -> str:
        if tag == "html":
            return ""
        if tag in self.CODE:
            return "script" if tag == "script" or "data-recipe" in told else "code"
        if told.get("translate") == "no":
            return "code"
        # What says its direction or another language is of a record, or a column of words in that language.
        if tag in self.APART or not told.keys().isdisjoint({"dir", "translate"}) or told.get("lang") == "de":
            return "record"
        return "foreign" if told.get("lang") == "en" and "hreflang" not in told else ""

    def handle_endtag(self, _: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._note(data, next((kind for kind in ("script", "code", "record", "foreign") if kind in self._open), ""))

    def _note(self, data: str, kind: str) -> None:
        text = " ".join(data.split())
        sets = {"record": self.told, "foreign": self.foreign, "code": self.coded, "": self.plain}
        if kind in sets and re.search(r"[^\W\d_]{2,}", text):
            sets[kind].add(text)


def labels() -> set[str]:
    """Words of the labels of terms that are the same in both languages, and names of things."""
    english, german = ontology.labels(), ontology.labels("de")
    return {german[term].casefold() for term in english if german[term].casefold() == english[term].casefold()}


def is_name(text: str) -> bool:
    """Whether a text has no word but names."""
    return text.casefold() in labels() or all(word in SAME for word in re.findall(r"[^\W\d_]{2,}", BARE.sub("", text)))


#: The engine tells what it expected in its own words, and these are marked.
ENGLISH = re.compile(r"Line \d+, column \d+: expected")


def left_in_english(app: Flask, address: str) -> set[str]:
    """The suspects of a page of ours."""
    client = app.test_client()
    english, german = (texts(client.get(spoken(address, each), headers=HTML)) for each in ("en", "de"))
    marked = set() if address.partition("?")[0] in RULES else german.foreign
    return {each for each in (english.plain & german.plain) | marked if not is_name(each) and not ENGLISH.match(each)}


#: Between the pieces of a line that speaks of a record.
JOINTS = re.compile(r" · |; |, |\. | \(|\)|: |“|”|„|…|\n")
#: What is a sentence even in code: some words in a row.
SENTENCE = re.compile(r"\b(?!pip )[A-Za-z][a-z]+(?: [a-z]{2,}){3,}")


def told_in_english(app: Flask, address: str, data: str) -> set[str]:
    """What a German page says of records, or in code, as the English page does, and is in no record."""
    client = app.test_client()
    english, german = (texts(client.get(spoken(address, each), headers=HTML)) for each in ("en", "de"))
    found = {piece.strip() for each in english.told & german.told for piece in JOINTS.split(each)}
    found |= {piece for each in english.coded & german.coded for piece in SENTENCE.findall(each)}
    known = f"{data}\n{unquote_plus(address).casefold()}"
    words = {each for each in found if " " in each or not re.search(r"[/_:.-]", each)}
    return {each for each in words if each.casefold() not in known and not is_name(each) and not ENGLISH.match(each)}


def texts(answer: TestResponse) -> Texts:
    assert answer.mimetype == "text/html", answer.data[:200]
    return Texts(answer.text)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The sample, records that show a state each, and one that is gone."""
    data = tmp_path_factory.mktemp("german")
    plain = {"author": ["A, Ann"], "format": ["Article"], "publishDate": ["1990"], "topic": ["x"]}
    sixty = {"author": [f"Writer{n}, Will" for n in range(60)], "topic": [f"Topic {n}" for n in range(40)]}
    shown = {
        "bare": {"title": ["Bare"]},
        "unknown": {**plain, "format": ["Zoetrope"]},
        "sixty": {**plain, **sixty},
        "gone": plain,
    }
    records = [Record(each, {"id": [each], **fields}) for each, fields in shown.items()]
    sample = open_source(str(files("linkeddata") / "sample" / "records.jsonl"))
    publish([*sample, *records], Catalogue(data), Site(BASE), processes=1)
    update([Run(lambda _: Given([Deletion("gone")]))], Catalogue(data), Work(Site(BASE), processes=1))
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


@pytest.mark.parametrize("address", [*PAGES, *STATES], ids=lambda address: quote(address[:80]))
def test_nothing_of_ours_is_in_english(site: Flask, address: str) -> None:
    """No text of the German page is that of the English one, nor said to be English."""
    assert left_in_english(site, address) == set()


@pytest.fixture(scope="module")
def data(site: Flask) -> str:
    """All that the records say, in small letters: literals and identifiers."""
    dump = site.extensions["current"].edition().folder / "dump.nq.gz"
    quads = ox.parse(gzip.decompress(dump.read_bytes()), format=ox.RdfFormat.N_QUADS)
    terms = dict.fromkeys(str(term.value) for quad in quads for term in (quad.subject, quad.object))
    return "\n".join(" ".join(unquote(each).split()) for each in terms).casefold()


@pytest.mark.parametrize("address", sorted({*PAGES, *STATES} - {*RULES}), ids=lambda address: quote(address[:80]))
def test_nothing_of_ours_passes_for_a_record_s(site: Flask, data: str, address: str) -> None:
    """Where a page marks a text as a record's, in code, titles and remarks: what the languages share is in the data."""
    assert told_in_english(site, address, data) == set()


@pytest.fixture(scope="module")
def broken(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    """Sites that are empty, refuse, fail, or have no search index."""
    bare = tmp_path_factory.mktemp("unindexed") / "data"
    shutil.copytree(sample_data, bare, symlinks=True)
    for index in bare.glob(f"editions/*/{SEARCH}"):
        index.unlink()
    apps = {
        "empty": create_app(settings_for(tmp_path_factory.mktemp("empty"))),
        "busy": create_app(settings_for(sample_data, server__rate=0.001, server__burst=1)),
        "fault": create_app(settings_for(sample_data)),
        "unindexed": create_app(settings_for(bare)),
        "slow": create_app(settings_for(sample_data, sparql__timeout=0.5)),
        "spent": create_app(settings_for(sample_data, sparql__client_seconds=0.001)),
    }
    apps["fault"].view_functions["browse.home"] = lambda: 1 / 0  # type: ignore[assignment, return-value]
    apps["busy"].test_client().get("/")
    apps["spent"].test_client().get(query("SELECT * { ?s ?p ?o }"))
    yield apps
    for app in apps.values():
        app.extensions["current"].close()


@pytest.mark.parametrize(("state", "address"), [(state, each) for state, paths in BROKEN.items() for each in paths])
def test_nothing_of_ours_is_in_english_where_a_site_is_not_well(
    broken: dict[str, Flask], state: str, address: str
) -> None:
    """Nothing loaded, too many requests, a fault of ours, no search index, no query time left."""
    assert left_in_english(broken[state], address) == set()


def test_programs_are_told_in_english(site: Flask) -> None:
    """Problem details and plain text have no language; the page beside them has."""
    for kind, words in (("application/problem+json", b"exactly one query"), ("text/html", b"genau einmal")):
        answer = site.test_client().get("/sparql?query=a&query=b&lang=de", headers={"Accept": kind})
        assert (answer.status_code, answer.mimetype, words in answer.data) == (400, kind, True)
