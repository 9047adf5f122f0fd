"""The page, the Turtle and the JSON-LD of 200 development records say the same, field by field and both ways.

What a page shows of a field must be said in the graph, and what the graph says of it must be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.representations.parts import MOST_NAMED
from linkeddata.representations.statement_table import MOST_MEMBERS
from linkeddata.sources import open_source
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, PREFIXES, PROV, RDF, RDFS, REL, shorten
from linkeddata.web import create_app

from .conftest import BASE, settings_for
from .reading import Page, Seen, Term, Told, clean

RECORDS = 200
FORMATS = (ox.RdfFormat.TURTLE, ox.RdfFormat.JSON_LD)
#: The buttons below the line of where a work appeared, but for those that stay on the page or lead to the publisher.
BUTTON = "//p[@class='acts']/a[not(. = 'Cite' or . = 'Data formats' or contains(., 'DOI'))]"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
LABELS = ontology.labels()
ROLES = {str(BIBO[role]) for role in ("editor", "translator", "director", "producer")}
#: The table shows the beginning of a long text.
LONG = 120


@dataclass(frozen=True)
class Both:
    """A record as its page shows it and as its graph tells it."""

    id: str
    page: Page
    told: Told

    @property
    def record(self) -> str:
        return f"{BASE}id/record/{quote(self.id, safe='')}"

    @property
    def document(self) -> str:
        return f"{BASE}doc/record/{quote(self.id, safe='')}"

    def values(self, *predicates: str) -> list[Term]:
        return self.told.values(self.record, *predicates)

    def wholes(self, *kinds: str) -> list[str]:
        """What the work is part of, of some kinds of ours."""
        parts = self.told.keys(self.record, DCTERMS.isPartOf)
        return [each for each in parts if each.startswith(tuple(f"{BASE}id/{kind}/" for kind in kinds))]


#: What is shown of a field, and what is told of it.
Field: TypeAlias = tuple[list[Seen], list[Term]]


def labelled(curie: str) -> str:
    """What a property is called on pages."""
    words = LABELS.get(curie) or curie.partition(":")[2]
    return words[:1].upper() + words[1:]


def makers(both: Both) -> list[str]:
    """The authors in order, those of the list before the others: so many as a page names."""
    listed = list(both.told.members(both.told.keys(both.record, BIBO.authorList)))
    others = (each for each in both.told.keys(both.record, DCTERMS.creator) if each not in listed)
    return [*listed, *others][:MOST_NAMED]


def others(both: Both) -> list[str]:
    """Everybody else who had a part in the work, each once."""
    told = both.told
    edited = told.members(told.keys(both.record, BIBO.editorList))
    roles = (by for by, _ in told.about[both.record] if by in ROLES or by.startswith(str(REL)))
    helped = (each for each in told.keys(both.record, DCTERMS.contributor) if each not in makers(both))
    return list(dict.fromkeys([*edited, *told.keys(both.record, *roles), *helped]))


def people(both: Both, path: str, agents: list[str]) -> Field:
    """Agents, whose links lead to the page of the heading under which their works are listed."""
    led = {heading: agent for agent in agents for heading in both.told.subjects[str(FOAF.focus), agent]}
    seen = [replace(each, href=led.get(each.href, each.href)) for each in both.page.all(path)]
    return seen, [ox.NamedNode(each) for each in agents]


def container(both: Both) -> Field:
    return both.page.all("//p[@class='src']/i//*[self::a or self::span[@dir]]"), [
        ox.NamedNode(each) for each in both.wholes("journal", "host")[:1]
    ]


def publishers(both: Both) -> Field:
    links = both.page.all("//p[@class='src']/a[contains(@href, '/id/org/')] | //p[@class='src']/span[@dir]")
    return links, both.values(DCTERMS.publisher)


FIELDS: dict[str, Callable[[Both], Field]] = {
    "title": lambda both: (both.page.all("//h1[not(@class='mono')]"), both.values(DCTERMS.title)),
    "authors": lambda both: people(both, "//a[@rel='author']", makers(both)),
    "contributors": lambda both: people(both, "//p[@class='with']/*[self::a or self::span[@dir]]", others(both)),
    "container": container,
    "publishers": publishers,
    "date": lambda both: (both.page.all("//p[@class='src']/time"), both.values(DCTERMS.issued)),
    "abstract": lambda both: (both.page.all("//p[@class='prose']"), both.values(DCTERMS.abstract)),
    "subjects": lambda both: (
        both.page.all("//section[@aria-labelledby='sub']//li/*[1]"),
        both.values(DCTERMS.subject),
    ),
    "repository": lambda both: (
        both.page.all(
            "//p[@class='acts']/a[not(contains(@href, '#cite') or contains(@href, '#fmt') or contains(., 'DOI'))]"
        ),
        both.values(FOAF.page)[:1],
    ),
}


#: Records of which is told what few of the others have.
FULL = {
    "book": {
        **{"format": ["Book"], "title": ["A whole book"], "title_alt": ["Another title"], "author": ["Curie, Marie"]},
        **{"author2": ["Meitner, Lise"], "author2_role": ["editor"], "publisher": ["Wiley"], "publishDate": ["1999"]},
        **{
            "language": ["English", "German"],
            "isbn": ["9783161484100"],
            "oclc_num": ["1234567"],
            "lccn": ["2001000002"],
        },
        **{"upc_str_mv": ["012345678905"], "edition": ["2nd ed."], "physical": ["xii, 200 p."], "series": ["A series"]},
        **{"contents": ["One -- Two"], "genre": ["Handbooks"], "geographic": ["Kuala Lumpur"], "era": ["20th century"]},
        **{
            "dateSpan": ["1999-2001"],
            "title_old": ["What it was"],
            "title_new": ["What it became"],
            "topic": ["Light"],
        },
        **{"description": ["About light."], "url": ["https://lib.example.org/1"], "institution": ["Library"]},
    },
    "chapter": {
        **{"format": ["Book Chapter"], "title": ["A chapter"], "author": ["Curie, Marie"], "publishDate": ["2001-05"]},
        **{"container_title": ["A whole book"], "isbn": ["9783161484100"], "container_start_page": ["10"]},
        **{"container_end_page": ["20"], "container_reference": ["part 2"], "hierarchy_parent_id": ["book"]},
    },
    "journal": {"format": ["Journal"], "title": ["J"], "title_old": ["Earlier J"], "title_new": ["Later J"]},
    "article": {
        **{"format": ["Article"], "title": ["An article"], "author": ["Noether, Emmy"], "doi_str_mv": ["10.1000/182"]},
        **{
            "container_title": ["A journal"],
            "issn": ["0028-0836"],
            "container_volume": ["3"],
            "container_issue": ["4"],
        },
        **{"container_start_page": ["5"], "publishDate": ["2011-02-03"], "url": ["https://hdl.handle.net/2027/1"]},
    },
}


def disagreement(seen: list[Seen], told: list[Term], graph: Told) -> tuple[list[Seen], list[str]]:
    """What is shown and not said, and what is said and not shown."""
    unsaid = [each for each in seen if not any(each.means(value, graph) for value in told)]
    unshown = [str(value.value) for value in told if not any(each.means(value, graph) for each in seen)]
    return unsaid, unshown


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Flask]:
    """Records of which much is told, the seed, and every ninth of the development records, under a licence."""
    data = tmp_path_factory.mktemp("telling")
    full = [Record(name, {"id": [name], **fields}) for name, fields in FULL.items()]
    records = islice(open_source(str(shared / "data" / "dev.jsonl.gz")), None, None, 9)
    seed = open_source(str(shared / "seed-record.json"))
    publish([*full, *seed, *records], Catalogue(data), Site(BASE, licence=LICENCE), processes=1)
    app = create_app(settings_for(data, site__license=LICENCE))
    yield app
    app.extensions["current"].close()


@pytest.fixture(scope="module")
def records(site: Flask) -> list[Both]:
    """The pages and the Turtle of the first of them."""
    client = site.test_client()
    ids = islice(site.extensions["current"].edition().ids(), len(FULL) + 1 + RECORDS)
    return [both(client, each) for each in ids]


def both(client: FlaskClient, identifier: str) -> Both:
    path = f"/doc/record/{quote(identifier, safe='')}"
    page = Page(client.get(f"{path}.html").text, BASE)
    return Both(identifier, page, Told(quads(client, f"{path}.ttl", ox.RdfFormat.TURTLE)))


def quads(client: FlaskClient, path: str, fmt: ox.RdfFormat) -> list[ox.Quad]:
    return list(ox.parse(client.get(path).data, format=fmt, base_iri=BASE))


@pytest.mark.parametrize("field", FIELDS)
def test_field_is_shown_as_it_is_told(records: list[Both], field: str) -> None:
    """Nothing is shown that is not said, nothing that is said is left out, and things lead to their own addresses."""
    assert len(records) == len(FULL) + 1 + RECORDS
    assert any(FIELDS[field](each)[0] for each in records)
    wrong = {each.id: found for each in records if any(found := disagreement(*FIELDS[field](each), each.told))}
    assert wrong == {}


def test_authors_stand_in_the_order_of_the_list(records: list[Both]) -> None:
    """That of the source."""
    for each in records:
        names = [each.told.names(agent) for agent in makers(each)]
        assert all(words in known for words, known in zip(each.page.texts("//a[@rel='author']"), names, strict=True))


def types(both: Both) -> dict[str, str]:
    """What the classes, types and status of a work are called, by URI."""
    uris = both.told.keys(both.record, RDF.type, DCTERMS.type, BIBO.status)
    return {uri: labelled(shorten(uri) or uri) for uri in uris if shorten(uri)}


def test_badges_are_types_and_status_of_the_graph(records: list[Both]) -> None:
    """All of them but those that another says, too, and those of everything."""
    for each in records:
        badges, known = each.page.texts("//p[@class='badges']/span"), types(each)
        own = {name for kind in each.told.keys(each.record, DCTERMS.type) for name in each.told.names(kind)}
        assert badges and {badge.partition(" (")[0] for badge in badges} <= {*known.values(), *own, "Document"}
        bare = {word for badge in badges if badge.endswith(")") for word in [badge.partition(" (")[2][:-1]]}
        assert bare <= own
        classes = [known[uri] for uri in each.told.keys(each.record, RDF.type) if uri.startswith(PREFIXES["bibo"])]
        said = " ".join(badges).lower()
        assert [name for name in classes if name != "Document" and name.lower() not in said] == []
        assert {known[uri] for uri in each.told.keys(each.record, BIBO.status)} <= set(badges)


def first(both: Both, subjects: Iterable[str], *predicates: str) -> str:
    """The first literal that one of some things has."""
    return next(
        (
            clean(value.value)
            for each in subjects
            for value in both.told.values(each, *predicates)
            if isinstance(value, ox.Literal)
        ),
        "",
    )


def place(both: Both) -> list[str]:
    """Volume and issue, then pages or the number of the article, as the graph has them."""
    work, issues = both.record, both.wholes("issue")[:1]
    volume, issue = first(both, [work, *issues], BIBO.volume), first(both, [*issues, work], BIBO.issue)
    numbers = f"{volume} ({issue})" if volume and issue else volume or (f"no. {issue}" if issue else "")
    begin, end = first(both, [work], BIBO.pageStart), first(both, [work], BIBO.pageEnd)
    pages = first(both, [work], BIBO.pages) or (f"{begin}–{end}" if end and end != begin else begin)
    before = "" if numbers or not pages else "pp. " if "–" in pages else "p. "
    article = first(both, [work], BIBO.number)
    return [numbers, f"article {article}" if article else before + pages]


def test_line_of_where_it_appeared_is_that_of_the_graph(records: list[Both]) -> None:
    """Journal or book, volume, issue, pages; publishers; date. Nothing more, and nothing less."""
    for each in records:
        inside = [*each.page.texts("//p[@class='src']/i//*[self::a or self::span[@dir]]"), *place(each)]
        parts = [", ".join(filter(None, inside)), *(shown.words for shown in publishers(each)[0])]
        parts += each.page.texts("//p[@class='src']/time")
        assert each.page.line("src") == " · ".join(filter(None, parts)), each.id


IDENTIFIERS = ("doi", "issn", "eissn", "isbn13", "isbn10", "handle", "oclcnum", "lccn", "upc")


def identifiers(both: Both) -> dict[str, list[Term]]:
    """What identifies the work and what it appeared in, by the words for it."""
    subjects = [both.record, *both.wholes("journal", "host")]
    found = {
        labelled(f"bibo:{name}"): [value for each in subjects for value in both.told.values(each, BIBO[name])]
        for name in IDENTIFIERS
    }
    return {**found, "Web page": both.values(FOAF.page), "Catalogue": both.values(DCTERMS.identifier)}


DETAILS = (
    *("dcterms:alternative", "dcterms:description", "dcterms:tableOfContents", "bibo:edition", "rdau:P60550"),
    *("rdau:P60135", "rdau:P60333", "dcterms:date", "dcterms:language", "bibo:degree", "bibo:issuer", "bibo:locator"),
    *("dcterms:spatial", "dcterms:temporal", "dcterms:replaces", "dcterms:isReplacedBy", "dcterms:relation"),
)


def details(both: Both) -> dict[str, list[Term]]:
    """What else is said of the work, its language among it."""
    found = {labelled(curie): both.values(expand(curie)) for curie in DETAILS}
    kinds = [each for each in both.told.keys(both.record, DCTERMS.type) if each.startswith(f"{BASE}id/concept/")]
    parts = [ox.NamedNode(each) for each in both.wholes("series", "record")]
    return {
        **found,
        labelled("dcterms:isPartOf"): parts,
        labelled("dcterms:type"): [ox.NamedNode(each) for each in kinds],
    }


def origin(both: Both) -> dict[str, list[Term]]:
    """Where the entry came from, said of the document and of the source's record."""
    told, document = both.told, both.document
    source = next(iter(told.keys(document, PROV.wasDerivedFrom)), "")
    return {
        "Institution": told.values(document, PROV.wasAttributedTo),
        "Collection": told.values(document, DCTERMS.isPartOf),
        "Source type": told.values(source, DCTERMS.type),
        "First indexed": told.values(document, DCTERMS.created),
        "Last indexed": told.values(document, DCTERMS.modified),
        "Changed at source": told.values(source, DCTERMS.modified),
    }


def expand(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


CARDS = {"idn": identifiers, "det": details, "org": origin}


@pytest.mark.parametrize("card", CARDS)
def test_card_shows_what_is_told_and_nothing_else(records: list[Both], card: str) -> None:
    """Identifiers with their links; language, edition, extent and the like; institution, collection and dates."""
    for each in records:
        shown = each.page.card(card)
        shown.pop("Mapping", None)  # by which rules the record was mapped is no statement of the record's
        told = {label: values for label, values in CARDS[card](each).items() if values}
        assert shown.keys() == told.keys(), each.id
        for label, values in told.items():
            assert disagreement(shown[label], values, each.told) == ([], []), (each.id, label)


@pytest.mark.parametrize("card", CARDS)
def test_every_row_of_a_card_is_seen_somewhere(records: list[Both], card: str) -> None:
    """But for what no source of ours says; so that none of them is held against nothing."""
    told = {label for each in records for label, values in CARDS[card](each).items() if values}
    assert told >= {*CARDS[card](records[0])} - NOWHERE


#: Numbers that others are made of, and what only the citation of a thesis gives.
NOWHERE: Final = {"ISBN-10", "Eissn", "Degree", "Issued by"}


def test_table_has_every_statement_about_the_work(records: list[Both]) -> None:
    """Each with its property and value, and no other; a long text by its beginning."""
    for each in records:
        cells: dict[str, str] = {}
        for curie, words, _ in each.page.table:
            cells[curie] = f"{cells[curie]} · {words}" if curie in cells else words
        told: dict[str, list[Term]] = {}
        for by, value in each.told.about[each.record]:
            told.setdefault(shorten(by) or by, []).extend(single(value, each.told))
        assert cells.keys() == told.keys(), each.id
        for curie, values in told.items():
            assert left_over(cells[curie], values, each.told) == "", (each.id, curie)


def single(value: Term, told: Told) -> list[Term]:
    """A value, or the first members of a list."""
    uri = str(value)[2:] if isinstance(value, ox.BlankNode) else str(value).strip("<>")
    return (
        [ox.NamedNode(each) for each in islice(told.members([uri]), MOST_MEMBERS)]
        if told.keys(uri, RDF.rest)
        else [value]
    )


def left_over(cell: str, values: list[Term], told: Told) -> str:
    """What a cell says beside some values; what it does not say of them, where one is missing."""
    for value in values:
        said = next((words for words in forms(value, told) if words in cell), None)
        if said is None:
            return f"missing: {value}"
        cell = cell.replace(said, "", 1)
    cell = re.sub(r"… \d+ in all", "", cell)
    return re.sub(r" *\((@[\w-]+|xsd:\w+|[\d,]+ characters|, )+\)|[·\s]|…", "", cell)


def forms(value: Term, told: Told) -> list[str]:
    """How a table may write a value: a long text is cut at a word."""
    if isinstance(value, ox.Literal):
        text = clean(value.value)
        return [text, text[:LONG].rpartition(" ")[0].rstrip(" ,;:.") if len(text) > LONG else text]
    assert isinstance(value, ox.NamedNode)
    uri, tail = value.value, value.value.rpartition("/")[2]
    # A journal that has no title is called by its number.
    return [*told.names(uri), *issue_names(uri, told), shorten(uri) or uri, tail.replace("issn-", "ISSN ")]


def issue_names(uri: str, told: Told) -> list[str]:
    """An issue is called by its journal and its numbers."""
    volume, issue = (next(iter(told.keys(uri, by)), "") for by in (BIBO.volume, BIBO.issue))
    numbers = f"{volume} ({issue})" if volume and issue else volume or f"no. {issue}"
    journals = [name for whole in told.keys(uri, DCTERMS.isPartOf) for name in told.names(whole)]
    return [*(f"{name}, {numbers}" for name in journals), numbers] if volume or issue else []


def test_turtle_and_jsonld_hold_the_same_graph(site: Flask, records: list[Both]) -> None:
    """Statement for statement, lists and nameless nodes included, each read by a parser that is not ours."""
    client = site.test_client()
    for each in records:
        path = f"/doc/record/{quote(each.id, safe='')}"
        graphs = [
            canonical(quads(client, f"{path}.{fmt.file_extension}", fmt))
            for fmt in (ox.RdfFormat.TURTLE, ox.RdfFormat.JSON_LD)
        ]
        assert graphs[0] == graphs[1], each.id
        assert len(graphs[0]) > 10


def canonical(found: list[ox.Quad]) -> set[ox.Quad]:
    graph = ox.Dataset(found)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(graph)


def test_as_much_is_marked_as_mined_as_its_graph_holds(site: Flask, records: list[Both]) -> None:
    """The number on the page is that of the statements in the graph of what was mined, and it is the marks' reason."""
    client = site.test_client()
    mined = 0
    for each in records:
        told = quads(client, f"/doc/record/{quote(each.id, safe='')}.trig", ox.RdfFormat.TRIG)
        held = sum(isinstance(quad.graph_name, ox.NamedNode) for quad in told)
        shown = each.page.texts("//section[@aria-labelledby='min']//summary")
        assert [int(text.split()[0]) for text in shown] == [held] * bool(held)
        assert held or each.page.texts("//*[@class='mined']") == []
        mined += held
    assert mined > 1000


def test_licence_and_uri_are_those_of_the_graph(records: list[Both]) -> None:
    """In the head, in the foot, and as the document says it; the permanent URI is that of the work."""
    for each in records:
        licences = each.told.keys(each.document, DCTERMS.license)
        assert [shown.href for shown in each.page.all("//link[@rel='license']")] == licences == [LICENCE]
        assert LICENCE in {shown.href for shown in each.page.all("//footer//a")}
        assert each.page.texts("//code[@id='uri']") == [each.record]
        assert each.told.keys(each.document, FOAF.primaryTopic) == [each.record]


def test_citation_is_made_of_what_the_graph_says(records: list[Both]) -> None:
    """The first author, the year, the title, the container, and an address of the work."""
    for each in records:
        (said,) = each.page.texts("//blockquote[@id='cit']")
        written = [each.told.values(agent, RDFS.label) for agent in makers(each)[:1]]
        parts = [clean(value.value) for values in written for value in values[:1]]
        parts += [first(each, [each.record], DCTERMS.title), first(each, [each.record], DCTERMS.issued)[:4]]
        parts += [name for whole in each.wholes("journal", "host")[:1] for name in sorted(each.told.names(whole))[:1]]
        assert [part for part in parts if part not in said] == [], each.id
        assert each.record in said or first(each, [each.record], BIBO.doi) in said
