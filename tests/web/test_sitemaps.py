"""Sitemaps: every record once, in parts that stay the same, with the true time of its last change."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.vocabulary.uris import RECORD, Name, Uris
from linkeddata.web import answers, create_app, sitemaps

from .conftest import BASE, settings_for

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOSTILE = ("a&b", "<c>", "d/../e", "f?g=h#i", "j.html", "k k", 'l"l', "m%2Fm", "\u674e", "n'n", "]]>")


def load(data: Path, **titles: str) -> None:
    """Publish records with these ids and titles."""
    records = [Record(name, {"id": [name], "title": [title]}) for name, title in titles.items()]
    publish(records, Catalogue(data), Site(BASE), processes=1)


def site(data: Path, size: int) -> FlaskClient:
    """The door alone, with so many pages a file."""
    app = Flask("linkeddata.web")
    current = Catalogue(data).current()
    app.register_blueprint(sitemaps.blueprint(lambda: current, size))
    app.after_request(answers.with_common_headers)
    return app.test_client()


def read(client: FlaskClient, path: str) -> dict[str, str]:
    """Address and time of change of each entry of a sitemap or an index."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    entries = list(etree.fromstring(answer.data))
    found = [(entry.findtext("s:loc", "", SPACE), entry.findtext("s:lastmod", "", SPACE)) for entry in entries]
    assert len({address for address, _ in found}) == len(found)
    return dict(found)


def parts(client: FlaskClient) -> list[dict[str, str]]:
    """What each file of the index holds."""
    return [read(client, f"/{address.removeprefix(BASE)}") for address in read(client, "/sitemap.xml")]


def test_every_record_stands_once_in_some_part(shared: Path, tmp_path: Path) -> None:
    """All development records, by the address of their document, no part larger than it may be."""
    catalogue = Catalogue(tmp_path)
    publish(open_source(str(shared / "data" / "dev.jsonl.gz")), catalogue, Site(BASE), processes=1)
    found = parts(site(tmp_path, 300))
    uris = Uris(BASE)
    expected = sorted(uris.document(Name(RECORD, each)) for each in catalogue.current().ids())
    assert sorted(chain.from_iterable(found)) == expected
    assert max(map(len, found)) == 300


def test_index_says_when_a_part_last_changed(tmp_path: Path) -> None:
    """Only the part of the changed record has a new time, which is that of the record and of no other in it."""
    load(tmp_path, a="A", b="B", c="C", d="D")
    before = site(tmp_path, 2)
    old, old_parts = read(before, "/sitemap.xml"), parts(before)
    time.sleep(1.1)
    load(tmp_path, a="A", b="B", c="Changed", d="D")
    new, new_parts = read(site(tmp_path, 2), "/sitemap.xml"), parts(site(tmp_path, 2))
    assert list(new) == list(old) == [f"{BASE}sitemap/1.xml", f"{BASE}sitemap/2.xml"]
    assert [new[file] > old[file] for file in new] == [False, True]
    assert [max(part.values()) for part in new_parts] == list(new.values())
    assert new_parts[0] == old_parts[0]


def test_hostile_ids_leave_it_well_formed(tmp_path: Path) -> None:
    """Each address, as a crawler reads it, leads to its record."""
    publish([Record(name, {"id": [name], "title": ["T"]}) for name in HOSTILE], Catalogue(tmp_path), Site(BASE))
    client = create_app(settings_for(tmp_path)).test_client()
    (part,) = parts(client)
    assert len(part) == len(HOSTILE)
    for address in part:
        answer = client.get(f"/{address.removeprefix(BASE)}", headers={"Accept": "text/turtle"})
        assert answer.status_code == 200, address
        assert f'<{urlsplit(address).path}>; rel="canonical"' in answer.headers["Link"]


def test_address_is_the_one_its_page_names(client: FlaskClient) -> None:
    """The canonical address of a record's page is the one in the sitemap."""
    address = next(iter(parts(client)[0])).removeprefix(BASE)
    assert f'</{address}>; rel="canonical"' in client.get(f"/{address}").headers["Link"]


@pytest.mark.parametrize("path", ["/sitemap/0.xml", "/sitemap/2.xml", "/sitemap/x.xml", "/sitemap/-1.xml"])
def test_part_that_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap/1.xml"])
def test_what_a_crawler_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    """By tag, and by time where it has no tag."""
    first = client.get(path)
    for name, header in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = client.get(path, headers={name: first.headers[header]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
