"""Searching through the web: pages for people, results for programs, lists from A to Z."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import feedparser
import orjson
import pytest
from flask.testing import FlaskClient
from lxml import etree
from pyld import jsonld

from linkeddata.catalogue import Catalogue
from linkeddata.representations.search_page import DEEPEST
from linkeddata.web import create_app, search

from .conftest import settings_for

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def sample_copy(sample_data: Path, tmp_path: Path) -> Path:
    """The sample's data directory, to be changed."""
    return Path(shutil.copytree(sample_data, tmp_path / "data", symlinks=True))


def text(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def test_results_lead_to_records(client: FlaskClient) -> None:
    """A page with a number, links to records, and links that narrow."""
    page = text(client, "/search?q=relativity")
    assert re.search(r"\b\d+ works?\b", page)
    assert 'href="/id/record/' in page and 'rel="nofollow" href="/search?q=relativity&amp;type=' in page


@pytest.mark.parametrize(
    ("typed", "thing"),
    [
        ("nottingham-40697", "/id/record/nottingham-40697"),
        ("ISSN 0028-0836", "/id/journal/issn-0028-0836"),
        ("http://localhost:8080/doc/name/waring-justin-6f2d327e", "/id/name/waring-justin-6f2d327e"),
        ("doi:10.1111/1467-9566.12560", "/id/record/nottingham-40697"),
    ],
)
def test_name_of_a_thing_leads_there(client: FlaskClient, typed: str, thing: str) -> None:
    answer = client.get("/search", query_string={"q": typed})
    assert (answer.status_code, answer.headers.get("Location")) == (303, thing)


FORMATS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml",
}


@pytest.mark.parametrize(("extension", "content_type"), FORMATS.items())
def test_results_come_in_formats_by_suffix_parameter_and_accept(
    client: FlaskClient, extension: str, content_type: str
) -> None:
    """All three ways give the same bytes."""
    by_suffix = client.get(f"/search.{extension}?q=theory")
    by_parameter = client.get(f"/search?q=theory&format={extension}")
    by_accept = client.get("/search?q=theory", headers={"Accept": content_type.partition(";")[0]})
    assert {each.headers["Content-Type"] for each in (by_suffix, by_parameter, by_accept)} == {content_type}
    assert by_suffix.data == by_parameter.data == by_accept.data
    assert by_suffix.headers["X-Robots-Tag"] == "noindex"


#: What stands before the address of each record.
MARKS = {"json": '"uri":"', "csv": "\n", "jsonld": '{"@id":"', "atom": "<id>"}


def test_all_formats_tell_the_same_records(client: FlaskClient) -> None:
    """In the same order; JSON-LD read by another processor."""
    found = orjson.loads(client.get("/search.json?q=theory").data)
    uris = [each["uri"] for each in found["items"]]
    rows = list(csv.DictReader(io.StringIO(text(client, "/search.csv?q=theory"))))
    feed = etree.fromstring(client.get("/search.atom?q=theory").data)
    expanded = jsonld.expand(orjson.loads(client.get("/search.jsonld?q=theory").data))
    members = expanded[0]["http://www.w3.org/ns/hydra/core#member"][0]["@list"]
    assert found["total"] == len(uris) > 1
    assert [row["uri"] for row in rows] == uris
    assert [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")] == uris
    assert [member["@id"] for member in members] == uris


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_leads_through_the_whole_result(
    sample_data: Path, monkeypatch: pytest.MonkeyPatch, extension: str
) -> None:
    """The number of all and the next page stand in headers, for CSV has no other place."""
    monkeypatch.setattr(search, "_PROGRAM_SIZE", 10)
    client = create_app(settings_for(sample_data, server__cache_mb=0)).test_client()
    address, uris, pages = f"/search.{extension}", list[str](), 0
    while address:
        answer, pages = client.get(address), pages + 1
        uris += re.findall(
            MARKS[extension] + r"(http://localhost:8080/id/record/[^\"<,]+)", answer.get_data(as_text=True)
        )
        onward = re.search(r'<http://localhost:8080([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        address = onward[1] if onward and pages < 9 else ""
    assert pages == 3 and len(set(uris)) == len(uris) == int(answer.headers["X-Total-Count"])


def test_feeds_and_collections_tell_the_number_of_all(client: FlaskClient) -> None:
    """Atom by OpenSearch's elements, as a reader of feeds finds them; JSON-LD by Hydra's."""
    total = client.get("/search.json?q=the").json["total"]
    feed = feedparser.parse(client.get("/search.atom?q=the").data)
    assert not feed.bozo and (feed.feed.os_totalresults, feed.feed.os_startindex) == (str(total), "1")
    assert orjson.loads(client.get("/search.jsonld?q=the").data)["totalItems"] == total


@pytest.mark.parametrize("path", ["/type/Book", "/year/1905"])
def test_types_and_years_have_pages(client: FlaskClient, path: str) -> None:
    assert 'href="/id/record/' in text(client, path)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/search?q=a&page={DEEPEST + 1}", 404),
        ("/search?q=a&page=0", 404),
        ("/search?q=a&format=pdf", 406),
        ("/search.pdf?q=a", 404),
        ("/type/none", 404),
        ("/year/1", 404),
        ("/browse/name?letter=nothing", 404),
        ("/browse/name?letter=e&page=2", 404),
        ("/browse/name?year=soon", 404),
        ("/browse/name?year=1905&page=2", 404),
    ],
)
def test_what_is_not_there_is_refused(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    "typed", ['"' * 10_000, "<script>alert(1)</script>", "\x00", "a* NEAR b", "'; DROP TABLE x; --", "😀"]
)
@pytest.mark.parametrize("path", ["/search", "/search.json", "/search.atom", "/search.csv", "/search.jsonld"])
def test_hostile_text_is_only_text(client: FlaskClient, path: str, typed: str) -> None:
    """A page or a document comes, and what was typed stands in it escaped, if at all."""
    answer = client.get(path, query_string={"q": typed, "year": typed, "type": typed[:100], "sort": typed, "page": "1"})
    assert answer.status_code == 200
    if path in ("/search", "/search.atom"):
        assert b"<script>alert" not in answer.data
    if path.endswith(".atom"):
        etree.fromstring(answer.data)


def test_letters_and_pages_lead_through_a_list(client: FlaskClient) -> None:
    """From a letter on, by `after`, and back by `before`."""
    whole = text(client, "/browse/name")
    onward = re.search(r'rel="next" href="([^"]+)"', whole)
    assert "letter=e" in whole and "Einstein, Albert" in text(client, "/browse/name?letter=e")
    assert onward is not None
    further = text(client, onward[1].replace("&amp;", "&"))
    back = re.search(r'rel="prev" href="([^"]+)"', further)
    assert back is not None
    assert re.findall(r'href="(/id/name/[^"]+)"', text(client, back[1].replace("&amp;", "&"))) == re.findall(
        r'href="(/id/name/[^"]+)"', whole
    )


def test_people_can_be_browsed_by_year(client: FlaskClient) -> None:
    """Those who published in a year, and the bars that lead to other years."""
    page = text(client, "/browse/name?year=1905")
    assert "Einstein, Albert" in page and "Waring, Justin" not in page
    assert 'href="/browse/name?year=' in page and 'href="/browse/name?letter=e"' in page


@pytest.mark.parametrize("kind", ["name", "journal", "concept", "org"])
def test_everything_that_has_works_of_a_year_is_listed(client: FlaskClient, kind: str) -> None:
    """The same as a search narrowed to the year counts."""
    facet = {"name": "person", "journal": "journal", "concept": "subject", "org": "publisher"}[kind]
    counted = client.get("/search.json?year=1800-1960").json["facets"][facet]
    page = text(client, f"/browse/{kind}?year=1800-1960")
    assert counted and all(f"/id/{kind}/{each['key']}" in page for each in counted)


def test_pages_of_things_tell_what_was_counted(client: FlaskClient) -> None:
    """Works by year and neighbours for a name, related works for a record."""
    name = text(client, "/doc/name/waring-justin-6f2d327e.html")
    assert "Works by year" in name and "Often writes with" in name and "Crompton, Amanda" in name
    assert "Works by year" in text(client, "/")


def test_rows_name_the_first_makers_on_the_page_of_each(client: FlaskClient) -> None:
    """In the source's order, whoever the page is about; no key is shown for the later ones of 26."""
    record = text(client, "/doc/record/landmark-numpy-2020.html")
    names = list(dict.fromkeys(re.findall(r'href="(/id/name/[^"]+)"', record)))
    shown = "Charles R. Harris; K. Jarrod Millman; Stéfan J. van der Walt and others"
    pages = [client.get(name, follow_redirects=True).get_data(as_text=True) for name in (*names[:2], names[12])]
    # What is nameless on such a page would have nothing but the key of its heading to show.
    rows = [row for page in pages for row in re.findall(r'</a></span><br><span class="small mute"[^>]*>([^<]*)', page)]
    assert rows and [row for row in rows if re.search(r"-[0-9a-f]{8}\b|creator/", row)] == []
    assert len(names) == 26 and all(shown in page for page in pages)


def test_site_without_an_index_has_no_search_box_but_lists(sample_copy: Path) -> None:
    """Search says that it is not there at the moment, browsing goes on."""
    (sample_copy / "current" / "search.sqlite").unlink()
    client = create_app(settings_for(sample_copy)).test_client()
    assert 'role="search"' not in text(client, "/") + text(client, "/browse/journal")
    assert "Nature" in text(client, "/browse/journal")
    assert client.get("/search?q=a").status_code == 503
    assert Catalogue(sample_copy).current().search is None


LINKING = ["/", "/browse/record", "/search?q=the", "/search?sort=title", "/search?type=Book", "/year/1905",
           "/type/Book", "/doc/name/waring-justin-6f2d327e.html", "/doc/record/nottingham-40697.html",
           "/doc/journal/issn-0028-0836.html"]  # fmt: skip


@pytest.mark.parametrize("path", LINKING)
def test_links_to_results_are_not_to_be_followed(client: FlaskClient, path: str) -> None:
    """Narrowed results are without end; no robot shall wander there."""
    found = etree.HTML(client.get(path).data)
    leading = found.xpath("//a[contains(@href, '/search?') or contains(@href, '/search.')]")
    assert all("nofollow" in (each.get("rel") or "").split() for each in leading)
    assert leading or "/doc/record" in path


def test_robots_are_kept_off_results(client: FlaskClient) -> None:
    assert "Disallow: /search\n" in text(client, "/robots.txt")
    assert '<meta name="robots" content="noindex">' in text(client, "/search?q=a")
