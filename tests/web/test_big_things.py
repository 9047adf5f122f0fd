"""A journal with very many works: its first page is small in every format, and links lead through the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask import Flask
from rdflib import DCTERMS, Graph, Literal, URIRef

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.vocabulary.terms import HYDRA
from linkeddata.web import create_app

from .conftest import BASE, settings_for
from .signposting_client import Robot, of

WORKS = 620
JOURNAL = "journal/issn-1467-9566"
VARIANTS = ("html", "jsonld", "ttl", "json", "nt", "rdf", "nq", "trig", "schema.jsonld")
BIGGEST = 200_000


def works() -> Iterator[Record]:
    for n in range(WORKS):
        fields = {
            "id": f"w{n}",
            "title": f"Work {n} on a subject of some length, and what follows from it for everybody",
            "format": "Article",
            "container_title": "Journal of Everything",
            "issn": "1467-9566",
            "container_volume": str(n // 12),
            "container_issue": str(n % 12 + 1),
            "publishDate": str(1950 + n % 70),
            "topic": "Everything",
        }
        authors = [f"Writer, Will {k}" for k in range(8)]
        yield Record(f"w{n}", {**{field: [value] for field, value in fields.items()}, "author": authors})


@pytest.fixture(scope="module")
def robot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Robot]:
    data = tmp_path_factory.mktemp("big")
    publish(works(), Catalogue(data), Site(BASE), processes=1)
    app: Flask = create_app(settings_for(data))
    yield Robot(app, BASE)
    app.extensions["current"].close()


def things(robot: Robot) -> list[str]:
    """The journal, the subject, a name and a scheme that everything hangs on."""
    work = Graph().parse(data=robot.get("/doc/record/w1.nt").text, format="nt")
    (subject,) = work.objects(URIRef(f"{BASE}id/record/w1"), DCTERMS.subject)
    (name, *_) = (node for node in work.subjects() if f"{BASE}id/name/" in str(node))
    return [JOURNAL, str(subject).removeprefix(f"{BASE}id/"), str(name).removeprefix(f"{BASE}id/"), "scheme/name"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_first_page_is_small_in_every_format(robot: Robot, variant: str) -> None:
    """Whatever points at it."""
    for name in things(robot):
        answer = robot.get(f"/doc/{name}.{variant}")
        assert answer.status_code == 200
        assert len(answer.content) < BIGGEST, name


def test_links_lead_through_all_works_once(robot: Robot) -> None:
    """From the first page by `next` to the last: every work, none twice, and the last page is the one announced."""
    address: str | None = f"{BASE}doc/{JOURNAL}"
    seen: list[str] = []
    while address:
        page, links = address, robot.links(address)
        graph = Graph().parse(data=robot.get(address, Accept="application/n-triples").text, format="nt")
        seen += [str(part) for part in graph.subjects(DCTERMS.isPartOf, URIRef(f"{BASE}id/{JOURNAL}"))]
        assert len(seen) == len(set(seen))
        address = next((link["url"] for link in of(links, "next")), None)
    records = [uri for uri in seen if "/id/record/" in uri]
    assert sorted(records) == sorted(f"{BASE}id/record/w{n}" for n in range(WORKS))
    assert [link["url"] for link in of(robot.links(f"/doc/{JOURNAL}"), "last")] == [page]


def test_neighbours_are_the_same_in_header_document_and_page(robot: Robot) -> None:
    """`Link`, Hydra and the buttons of the page agree."""
    links = robot.links(f"/doc/{JOURNAL}.ttl?page=2")
    graph = Graph().parse(data=robot.get(f"/doc/{JOURNAL}.ttl?page=2").text, format="turtle")
    here = URIRef(f"{BASE}doc/{JOURNAL}?page=2")
    for word, rel in {"first": "first", "previous": "prev", "next": "next", "last": "last"}.items():
        (linked,) = (link["url"] for link in of(links, rel))
        assert str(graph.value(here, HYDRA[word])).removesuffix("?page=1") == linked
    page = robot.get(f"/doc/{JOURNAL}.html?page=2").text
    assert f'rel="next" href="/doc/{JOURNAL}?page=3"' in page
    assert f'rel="prev" href="/doc/{JOURNAL}"' in page


def test_count_is_told_to_people_and_programs(robot: Robot) -> None:
    """Works and issues point at a journal: programs are told how many there are, people how many works."""
    graph = Graph().parse(data=robot.get(f"/doc/{JOURNAL}.ttl").text, format="turtle")
    total = graph.value(URIRef(f"{BASE}doc/{JOURNAL}"), HYDRA.totalItems)
    assert isinstance(total, Literal)
    assert int(total) > WORKS
    page = robot.get(f"/doc/{JOURNAL}.html").text
    assert f"({WORKS:,})" in page
    assert f"Page 1 of {-(-int(total) // 50)}" in page


@pytest.mark.parametrize("variant", ["ttl", "nt", "rdf", "nq", "trig"])
def test_every_format_tells_of_the_pages(robot: Robot, variant: str) -> None:
    """The same collection and view in all of them."""
    fmt = ox.RdfFormat.from_extension(variant)
    assert fmt is not None
    quads = ox.parse(robot.get(f"/doc/{JOURNAL}.{variant}?page=2").content, format=fmt)
    assert {str(HYDRA.view), str(HYDRA.next), str(HYDRA.totalItems)} <= {quad.predicate.value for quad in quads}


@pytest.mark.parametrize("page", ["0", "-1", "99", "999999", "x", "9" * 30])
def test_page_that_there_is_not(robot: Robot, page: str) -> None:
    """Behind the last, or no number at all."""
    assert robot.get(f"/doc/{JOURNAL}.ttl?page={page}").status_code == 404
