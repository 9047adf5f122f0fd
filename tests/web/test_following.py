"""Changes and feed: what came, changed and went, read by those who follow."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.web import answers, create_app, following, tongues
from linkeddata.wording import read_languages

from .conftest import BASE, settings_for

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import feedparser

ATOM = {"a": "http://www.w3.org/2005/Atom"}
TITLES = {f"r{n}": f"Title {n}" for n in range(7)}


def load(data: Path, **titles: str) -> None:
    """Publish records with these ids and titles."""
    records = [Record(name, {"id": [name], "title": [title]}) for name, title in titles.items()]
    publish(records, Catalogue(data), Site(BASE), processes=1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven records; then one went, one changed and one came."""
    data = tmp_path_factory.mktemp("following")
    load(data, **TITLES)
    time.sleep(1.1)
    load(data, **{**{name: title for name, title in TITLES.items() if name != "r1"}, "r3": "Changed", "r9": "New"})
    return data


def door(data: Path, size: int) -> FlaskClient:
    """The door alone, with so many activities a page."""
    app = Flask("linkeddata.web")
    tongues.install(app, read_languages(["en"]), "/", {})
    current = Catalogue(data).current()
    app.register_blueprint(following.blueprint(lambda: current, title="T", author="A", licence="", size=size))
    app.after_request(answers.with_common_headers)
    return app.test_client()


def got(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get("/" + address.removeprefix(BASE))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/activity+json")
    told: dict[str, Any] = answer.json if answer.is_json else {}
    assert told["@context"] == "https://www.w3.org/ns/activitystreams"
    assert told["id"] == address
    return told


def walked(client: FlaskClient) -> list[dict[str, Any]]:
    """All activities, the newest first, as IIIF Change Discovery 1.0, section 3.4, walks them."""
    found: list[dict[str, Any]] = []
    page, met = got(client, f"{BASE}changes").get("last"), set[str]()
    while page:
        assert page["id"] not in met
        met.add(page["id"])
        told = got(client, page["id"])
        found += reversed(told["orderedItems"])
        page = told.get("prev")
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9, 1000])
def test_walking_back_meets_every_record_once_in_order_of_time(data: Path, size: int) -> None:
    """Whatever the size of a page; who went is among them."""
    client = door(data, size)
    activities = walked(client)
    assert len({each["object"]["id"] for each in activities}) == len(activities) == 8
    assert got(client, f"{BASE}changes")["totalItems"] == 8
    times = [each["endTime"] for each in activities]
    assert times == sorted(times, reverse=True)


def test_each_activity_says_what_happened_last(data: Path) -> None:
    """Create, Update and Delete, each of the record that it happened to."""
    said = {each["object"]["id"].rpartition("/")[2]: each["type"] for each in walked(door(data, 3))}
    assert said == dict.fromkeys(TITLES, "Create") | {"r1": "Delete", "r3": "Update", "r9": "Create"}


def test_pages_lead_to_each_other(data: Path) -> None:
    """The first has no page before it and the last none behind; each says where it begins and belongs."""
    client = door(data, 3)
    pages = [got(client, f"{BASE}changes/{number}") for number in (1, 2, 3)]
    whole = got(client, f"{BASE}changes")
    assert [page["startIndex"] for page in pages] == [0, 3, 6]
    assert (whole["first"]["id"], whole["last"]["id"]) == (pages[0]["id"], pages[2]["id"])
    assert ("prev" in pages[0], "next" in pages[2]) == (False, False)
    assert [page["next"]["id"] for page in pages[:2]] == [page["id"] for page in pages[1:]]
    assert {page["partOf"]["id"] for page in pages} == {whole["id"]}


def test_object_leads_to_its_document_or_is_a_tombstone(data: Path) -> None:
    """What is there answers at its URI; what went says since when."""
    client = create_app(settings_for(data)).test_client()
    for activity in walked(client):
        thing = activity["object"]
        if activity["type"] == "Delete":
            assert (thing["type"], thing["deleted"]) == ("Tombstone", activity["endTime"])
        else:
            assert client.get("/" + thing["url"].removeprefix(BASE)).status_code == 200


@pytest.mark.parametrize("path", ["/changes/0", "/changes/9", "/changes/x", "/feed.atom?page=0", "/feed.atom?page=2"])
def test_page_that_is_not_there_is_404(data: Path, path: str) -> None:
    assert door(data, 3).get(path, headers={"Accept": "application/json"}).status_code == 404


@pytest.mark.parametrize("path", ["/changes", "/changes/1", "/feed.atom"])
def test_what_a_follower_has_is_not_sent_again(data: Path, path: str) -> None:
    """By tag, and by time where it has no tag."""
    client = door(data, 3)
    first = client.get(path)
    for name, header in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert client.get(path, headers={name: first.headers[header]}).status_code == 304


def test_feed_begins_with_what_changed_last(data: Path) -> None:
    """A feed reader finds no fault, and sees the new and the changed record first, and none that went."""
    feed = feedparser.parse(door(data, 3).get("/feed.atom").data)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries[:2]] == ["New", "Changed"]
    assert {entry.id for entry in feed.entries} == {f"{BASE}id/record/{name}" for name in TITLES | {"r9": ""}} - {
        f"{BASE}id/record/r1"
    }


def test_feed_has_all_that_atom_requires(data: Path) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: one id, title and updated each, an author, a link to itself."""
    root = etree.fromstring(door(data, 3).get("/feed.atom").data)
    for element in (root, *root.findall("a:entry", ATOM)):
        assert [len(element.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated")] == [1, 1, 1]
    assert root.findtext("a:author/a:name", "", ATOM) == "A"
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    assert links["self"] == links["first"] == links["last"] == f"{BASE}feed.atom"


def test_feed_goes_on_in_pages(tmp_path: Path) -> None:
    """RFC 5005, section 3: following `next` gives every record once."""
    load(tmp_path, **{f"r{n}": f"T{n}" for n in range(120)})
    client, address, titles = door(tmp_path, 3), f"{BASE}feed.atom", []
    while address:
        feed = feedparser.parse(client.get("/" + address.removeprefix(BASE)).data)
        titles += [entry.title for entry in feed.entries]
        assert len(titles) <= 120
        address = next((link.href for link in feed.feed.links if link.rel == "next"), "")
    assert sorted(titles) == sorted(f"T{n}" for n in range(120))


def test_hostile_titles_leave_the_feed_well_formed(tmp_path: Path) -> None:
    """Markup stays text, and what no XML may hold is left out."""
    load(tmp_path, a="<b>&]]>", b="\ufffe\u0008x", c="\U0001f600")
    feed = feedparser.parse(door(tmp_path, 3).get("/feed.atom").data)
    assert not feed.bozo
    assert {"\U0001f600", "x"} <= {entry.title for entry in feed.entries}
    assert "<b>" not in door(tmp_path, 3).get("/feed.atom").get_data(as_text=True)


def test_record_that_came_back_is_told_once(tmp_path: Path) -> None:
    """Gone and there again: it is no longer told as gone, but as changed."""
    for titles in ({"a": "A", "b": "B"}, {"a": "A"}, {"a": "A", "b": "B"}):
        load(tmp_path, **titles)
        time.sleep(1.1)
    said = [(each["object"]["id"][-1], each["type"]) for each in walked(door(tmp_path, 1))]
    assert said == [("b", "Update"), ("a", "Create")]
