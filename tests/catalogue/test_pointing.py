"""Things that very much points at: every page is bounded, and together the pages are the whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from linkeddata.catalogue.describe import tell
from linkeddata.catalogue.pointing import MOST_COUNTED, PAGE, pointing
from linkeddata.store import Reader, embedded
from linkeddata.vocabulary.terms import DCTERMS, FOAF, HYDRA, PREFIXES
from linkeddata.vocabulary.uris import Name, Uris

URIS = Uris("https://data.example.org/")
DCT, RDF_NS, XSD = PREFIXES["dcterms"], PREFIXES["rdf"], PREFIXES["xsd"]
HUGE, NAME, SMALL = Name("journal", "huge"), Name("name", "many"), Name("journal", "small")
WORKS = MOST_COUNTED * 2
#: What is said of a work: it and its parts under their prefix letters.
WORK = """<r> <{t}isPartOf> <huge> .
<r> <{t}title> "Work {n}" .
<r> <{t}issued> "{year}"^^<{x}gYear> .
<r> <{t}creator> <a> .
<r> <{t}contributor> <a> .
<a> <http://xmlns.com/foaf/0.1/name> "Author {n}" .
<r> <http://purl.org/ontology/bibo/authorList> <c1> .
<c1> <{f}first> <a> .
<c1> <{f}rest> <c2> .
<c2> <{f}first> <b> .
<b> <http://xmlns.com/foaf/0.1/name> "Second author" .
<c2> <{f}rest> <{f}nil> .
"""


def work(n: int) -> str:
    """The statements of one of many works."""
    text = WORK.format(t=DCT, f=RDF_NS, x=XSD, n=n, year=1900 + n % 120)
    if n % 10 == 0:
        text += f"<name> <{FOAF.focus}> <a> .\n"
    if n < 3 * PAGE:
        # Two dates: the work is still one.
        text += f'<r> <{DCT}isPartOf> <small> .\n<r> <{DCT}issued> "1800"^^<{XSD}gYear> .\n'
    things = {"r": f"id/record/r{n}", "a": f"id/agent/r{n}/a", "b": f"id/agent/r{n}/b", "name": "id/name/many"}
    things |= {f"c{k}": f".well-known/genid/r{n}/authors/{k}" for k in (1, 2)}
    things |= {journal: f"id/journal/{journal}" for journal in ("huge", "small")}
    for short, path in things.items():
        text = text.replace(f"<{short}>", f"<{URIS.base}{path}>")
    return text


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a journal of 20,000 works, a name with 2,000 and a journal with 150."""
    folder = tmp_path_factory.mktemp("huge") / "store"
    embedded.build(folder, (work(n).encode() for n in range(WORKS)))
    writer = embedded.Writer(folder)
    writer.optimize()  # as every edition's is
    writer.close()
    return folder


@pytest.fixture(scope="module")
def reader(store: Path) -> Reader:
    return Reader(store)


def graph_of(reader: Reader, name: Name, page: int) -> Graph:
    told = tell(reader, URIS, name, page)
    assert told is not None
    return Graph().parse(data=told.statements, format="nt")


def links(reader: Reader, name: Name) -> Iterator[tuple[str, str, str]]:
    """Every statement that points at a thing, page after page."""
    page = 1
    while (found := pointing(reader, name, URIS.thing(name), page)).links:
        yield from found.links
        page += 1


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        (SMALL, "?from ?by <{uri}> BIND(<{uri}> AS ?to)"),
        (NAME, "<{uri}> foaf:focus ?to . ?from ?by ?to FILTER(?by NOT IN (rdf:first, foaf:focus))"),
        (HUGE, "?from ?by <{uri}> BIND(<{uri}> AS ?to)"),
    ],
    ids=["sorted", "name", "huge"],
)
def test_pages_together_are_what_the_endpoint_says(reader: Reader, name: Name, pattern: str) -> None:
    """Every link stands on exactly one page, and no link is missing."""
    found = list(links(reader, name))
    prefixes = "".join(f"PREFIX {prefix}: <{uri}> " for prefix, uri in PREFIXES.items())
    query = f"{prefixes} SELECT ?from ?by ?to {{ {pattern.format(uri=URIS.thing(name))} }}"
    assert len(found) == len(set(found))
    assert set(found) == set(reader.rows(query))


@pytest.mark.parametrize("name", [SMALL, NAME, HUGE], ids=["sorted", "name", "huge"])
def test_same_page_is_the_same_bytes(reader: Reader, store: Path, name: Name) -> None:
    """However often it is asked for, and from whichever opening of the store."""
    told = {tell(each, URIS, name, 2) for each in (reader, Reader(store)) for _ in range(4)}
    assert len(told) == 1


@pytest.mark.parametrize("name", [SMALL, NAME, HUGE], ids=["sorted", "name", "huge"])
def test_page_is_small_however_much_there_is(reader: Reader, name: Name) -> None:
    """Fifty things and what is told of them."""
    told = tell(reader, URIS, name, 1)
    assert told is not None
    assert len(told.pointing.shown) == PAGE
    assert len(told.statements) < 100_000


def test_makers_stand_in_their_order(reader: Reader) -> None:
    """The first author before the second, on every work of a page."""
    told = tell(reader, URIS, HUGE, 3)
    assert told is not None
    lines = [line for line in told.statements.decode().splitlines() if f"<{DCTERMS.creator}>" in line]
    seconds = [place for place, line in enumerate(lines) if "/b>" in line]
    assert len(lines) == 2 * PAGE
    assert min(seconds) == PAGE


@pytest.mark.parametrize(
    ("name", "page", "said"),
    [
        (SMALL, 1, {"first": 1, "next": 2, "last": 3}),
        (SMALL, 2, {"first": 1, "previous": 1, "next": 3, "last": 3}),
        (SMALL, 3, {"first": 1, "previous": 2, "last": 3}),
        (NAME, 40, {"first": 1, "previous": 39, "last": 40}),
        (HUGE, 1, {"first": 1, "next": 2}),
        (HUGE, WORKS // PAGE, {"first": 1, "previous": WORKS // PAGE - 1, "last": WORKS // PAGE}),
    ],
)
def test_page_names_its_neighbours(reader: Reader, name: Name, page: int, said: dict[str, int]) -> None:
    """In Hydra's words; the last page only where the end was counted."""
    graph, document = graph_of(reader, name, page), URIS.document(name)
    here = URIRef(f"{document}?page={page}")
    assert (URIRef(document), HYDRA.view, here) in graph
    assert (here, RDF.type, HYDRA.PartialCollectionView) in graph
    neighbours = {word: graph.value(here, HYDRA[word]) for word in ("first", "previous", "next", "last")}
    assert {word: str(uri) for word, uri in neighbours.items() if uri} == {
        word: f"{document}?page={number}" for word, number in said.items()
    }


@pytest.mark.parametrize(("name", "total", "capped"), [(SMALL, 150, False), (NAME, 2000, False), (HUGE, 10_000, True)])
def test_count_says_where_it_stopped(reader: Reader, name: Name, total: int, capped: bool) -> None:
    """Exact up to 10,000; more is labelled as more."""
    graph, document = graph_of(reader, name, 1), URIRef(URIS.document(name))
    assert graph.value(document, HYDRA.totalItems) == Literal(total)
    comment = str(graph.value(document, RDFS.comment) or "")
    assert comment.startswith("more than 10,000") is capped


def test_document_of_one_page_says_nothing_of_pages(reader: Reader) -> None:
    """An author's document is about the author."""
    assert str(HYDRA) not in graph_of(reader, Name("agent", "r1/a"), 1).serialize(format="nt")


@pytest.mark.parametrize(("name", "page"), [(SMALL, 4), (NAME, 41), (HUGE, WORKS // PAGE + 1), (Name("org", "x"), 1)])
def test_there_is_no_page_behind_the_last(reader: Reader, name: Name, page: int) -> None:
    """Nor a page of what nobody speaks of."""
    assert tell(reader, URIS, name, page) is None
