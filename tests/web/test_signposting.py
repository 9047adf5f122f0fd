"""Programs find their way by typed links: every target answers, with the type that the link promised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyld import jsonld as pyld
from signposting import find_signposting_http
from signposting.linkset import find_signposting_linkset

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import create_app

from .conftest import BASE, settings_for
from .signposting_client import Robot, from_json, from_text, of

SEED = "record/nottingham-40697"
EVERYTHING = [
    SEED,
    "agent/nottingham-40697/waring-justin-6f2d327e",
    "name/waring-justin-6f2d327e",
    "org/wiley-206b7cc7",
    "journal/issn-0028-0836",
    "issue/issn-0028-0836/171-4356",
    "concept/topic/quality-of-care-ca73edcb",
    "scheme/topic",
    "collection/online-access-9ac1e626",
    "dataset/catalogue",
]


@pytest.fixture
def robot(sample_app: Flask) -> Robot:
    return Robot(sample_app, BASE)


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_link_of_a_landing_page_leads_where_it_says(robot: Robot, name: str) -> None:
    """From the URI that is cited to the page, and from there to everything ours, type for type."""
    links = robot.links(f"/id/{name}")
    ours = [link for link in links if robot.is_ours(link["url"])]
    assert {"cite-as", "describedby", "linkset", "type", "canonical"} <= {link["rel"] for link in links}
    for link in ours:
        answer = robot.get(link["url"])
        assert answer.status_code == 200, link
        if "type" in link:
            assert answer.headers["Content-Type"] == link["type"]


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_metadata_resource_leads_back(robot: Robot, name: str) -> None:
    """Each says which page it describes, what to cite and where all links are; its own links are true too."""
    for variant in of(robot.links(f"/id/{name}"), "describedby"):
        links = robot.links(variant["url"])
        assert [link["url"] for link in of(links, "describes")] == [f"{BASE}id/{name}", f"{BASE}doc/{name}.html"]
        assert [link["url"] for link in of(links, "cite-as")] == [f"{BASE}id/{name}"]
        assert len(of(links, "linkset")) == 2
        assert not [link for link in links if "type" in link and not known(robot, link["url"], link["type"])]


def known(robot: Robot, address: str, content_type: str) -> bool:
    """Whether an address answers with just this type."""
    return robot.get(address).headers["Content-Type"] == content_type


@pytest.mark.parametrize("name", EVERYTHING)
def test_link_set_holds_every_link_of_every_header(robot: Robot, name: str) -> None:
    """Level 2: both forms say the same, all of level 1 among it, every address absolute and answering."""
    landing = robot.links(f"/id/{name}")
    text, json = (
        next(link["url"] for link in of(landing, "linkset") if link["type"].endswith(end)) for end in ("set", "json")
    )
    links = set(from_json(robot.get(json).json()))
    assert links == set(from_text(robot.get(text).text))
    page = f"{BASE}doc/{name}.html"
    own = {link["rel"] for link in landing} - {"profile"}
    assert {(rel, target) for start, rel, target, _ in links if start == page} >= {
        (link["rel"], link["url"]) for link in landing if link["rel"] in own
    }
    for start, _, target, content_type in links:
        assert robot.get(start).status_code == 200
        assert not content_type or known(robot, target, content_type)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/linkset+json"),
        ("*/*", "application/linkset+json"),
        ("application/linkset", "application/linkset"),
        ("application/linkset+json", "application/linkset+json"),
        ("application/linkset;q=0.9, application/linkset+json;q=0.1", "application/linkset"),
        ("application/json", "application/linkset+json"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/linkset+json"),
    ],
)
def test_link_set_is_negotiated(client: FlaskClient, accept: str | None, content_type: str) -> None:
    """JSON for those who do not care; the answer says at which address it always stands."""
    answer = client.get(f"/linkset/{SEED}", headers={"Accept": accept} if accept else {})
    assert answer.headers["Content-Type"] == content_type
    fixed = answer.headers["Content-Location"]
    assert client.get(fixed, headers={"Accept": "text/html"}).data == answer.data
    assert "Accept" in answer.headers["Vary"]
    assert client.get(fixed, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        (f"/linkset/{SEED}", "application/pdf", 406),
        (f"/linkset/{SEED}?format=pdf", "*/*", 406),
        ("/linkset/record/none", "*/*", 404),
        ("/linkset/record/none.json", "*/*", 404),
        ("/linkset/nothing/x", "*/*", 404),
        ("/linkset/journal/issn-0028-0836?page=9", "*/*", 404),
    ],
)
def test_link_set_that_there_is_not(client: FlaskClient, path: str, accept: str, status: int) -> None:
    """Unknown things have none, and it comes in two forms only."""
    assert client.get(path, headers={"Accept": accept}).status_code == status


def test_page_names_its_type_authors_and_wholes(robot: Robot) -> None:
    """What it is and who made it, for those who read nothing but headers."""
    links = robot.links(f"/id/{SEED}")
    assert [link["url"] for link in of(links, "type")] == [
        "https://schema.org/AboutPage",
        "https://schema.org/ScholarlyArticle",
    ]
    assert len(of(links, "author")) == 2
    assert f"{BASE}id/journal/issn-1467-9566" in [link["url"] for link in of(links, "collection")]


def test_journal_names_its_works(robot: Robot) -> None:
    """As items, each of which names the journal as its collection."""
    items = [link["url"] for link in of(robot.links("/id/journal/issn-0028-0836"), "item")]
    records = [item for item in items if "/id/record/" in item]
    assert records
    for item in records:
        assert f"{BASE}id/journal/issn-0028-0836" in [link["url"] for link in of(robot.links(item), "collection")]


@pytest.mark.parametrize("variant", ["jsonld", "schema.jsonld"])
def test_json_ld_can_be_loaded_by_pyld(robot: Robot, variant: str) -> None:
    """Its loader refuses an answer with several alternates; these have none."""
    address = f"{BASE}doc/{SEED}.{variant}"
    links = pyld.parse_link_header(robot.get(address).headers["Link"])
    assert not isinstance(links.get("alternate"), list)
    assert "alternate" not in links


def test_real_client_finds_its_way(live_site: str) -> None:
    """The `signposting` library, on a real server: level 1 from the header, level 2 from both link sets."""
    page = f"{live_site}doc/{SEED}"
    found = find_signposting_http(page)
    assert str(found.citeAs.target).endswith(f"/id/{SEED}")
    assert {str(each.type) for each in found.describedBy} >= {"application/ld+json", "application/x-bibtex"}
    for linkset in found.linksets:
        # The set speaks of the public address, whatever the server was asked as.
        everything = find_signposting_linkset(str(linkset.target), linkset.type)
        landing = everything.for_context(f"{BASE}doc/{SEED}.html")
        assert {str(each.target) for each in landing.authors} == {str(each.target) for each in found.authors}
        assert len(landing.describedBy) == len(found.describedBy)


@pytest.fixture(scope="module")
def odd_app(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site of the most awkward records there are, with a licence, a PDF, an ORCID and ids like suffixes."""
    data = tmp_path_factory.mktemp("odd")
    own = {"id": ["pdf"], "title": ["With a file"], "url": ["https://files.example.org/a.pdf"], "format": ["Article"]}
    twins = [Record(each, {"id": [each], "title": [f"The {each}"]}) for each in ("x", "x.json", "x.txt", "x.bib")]
    records = [*open_source(str(shared / "data" / "nasty.jsonl")), *twins, Record("pdf", own)]
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    publish(records, Catalogue(data), Site(BASE, licence=licence), processes=1)
    app = create_app(settings_for(data, site__license=licence))
    yield app
    app.extensions["current"].close()


def test_header_stays_short_and_true_whatever_the_record(odd_app: Flask) -> None:
    """5,000 authors or an id of 1,000 characters: no more than 4 kB, and what to cite and read always in it."""
    robot, uris = Robot(odd_app, BASE), Uris(BASE)
    for identifier in odd_app.extensions["current"].edition().ids():
        path = uris.local(uris.record(identifier)).replace("/id/", "/doc/", 1)
        for address in (f"{path}?format=html", f"{path}?format=ttl", f"{path}?format=bib"):
            answer = robot.get(address)
            assert answer.status_code == 200, identifier
            assert len(answer.headers["Link"]) <= 4000
        links = robot.links(f"{path}?format=html")
        assert {"cite-as", "linkset"} <= {link["rel"] for link in links}
        described = of(links, "describedby")
        assert described
        assert robot.get(described[0]["url"]).headers["Content-Type"] == described[0]["type"]


def test_what_no_header_holds_stands_in_the_link_set(odd_app: Flask) -> None:
    """All authors or none in the header, all of them in the set."""
    robot = Robot(odd_app, BASE)
    assert not of(robot.links("/doc/record/nasty-045.html"), "author")
    links = list(from_json(robot.get("/linkset/record/nasty-045.json").json()))
    assert len([1 for _, rel, _, _ in links if rel == "author"]) > 4000


def test_licence_and_file_are_named(odd_app: Flask) -> None:
    """A licence where one is configured; a PDF as an item, which knows its page in the link set."""
    robot = Robot(odd_app, BASE)
    links = robot.links("/doc/record/pdf.html")
    assert [link["url"] for link in of(links, "license")] == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    (item,) = of(links, "item")
    assert (item["url"], item["type"]) == ("https://files.example.org/a.pdf", "application/pdf")
    sets = list(from_json(robot.get("/linkset/record/pdf.json").json()))
    page = f"{BASE}doc/record/pdf.html"
    assert (item["url"], "collection", page, "") in sets


def test_id_that_ends_like_a_suffix_has_a_link_set_of_its_own(odd_app: Flask) -> None:
    """`x.json` is a record; the set of `x` is then reached by a parameter, and the reference of `x` too."""
    robot = Robot(odd_app, BASE)
    assert "/doc/record/x.json.html" in robot.get("/linkset/record/x.json").text
    for link in of(robot.links("/doc/record/x.html"), "linkset"):
        assert "?format=" in link["url"]
        assert "/doc/record/x.html" in robot.get(link["url"]).text
    assert "title = {The x}" in robot.get("/doc/record/x?format=bib").text
    assert robot.get("/doc/record/x.bib").headers["Content-Type"].startswith("text/html")
