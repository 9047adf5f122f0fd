"""Pages carry the alternates of their header, so that who reads only the page finds the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from httplink import parse_link_header

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Deletion, Record
from linkeddata.web import create_app

from .conftest import BASE, settings_for

ALTERNATE = re.compile(r'<link rel="alternate" type="([^"]*)" href="([^"]*)">')

PATHS = (
    *("record/a", "record/a.ttl", "record/a%26b%20%3Cc%3E", "record/gone"),
    *("org/p-5c62e091?page=1", "org/p-5c62e091?page=2", "dataset/catalogue", "scheme/name"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A publisher of many works, records with the addresses of others' variants, and one that is gone."""
    data: Path = tmp_path_factory.mktemp("links")
    named = ("a", "a.ttl", "a.schema.jsonld", "a&b <c>", "gone")
    works = [Record(n, {"id": [n], "title": [n], "publisher": ["P"]}) for n in (*named, *map(str, range(60)))]
    publish(works, Catalogue(data), Site(BASE), processes=1)
    update([Run(lambda _: Given([Deletion("gone")]))], Catalogue(data), Work(Site(BASE)))
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


@pytest.mark.parametrize("path", PATHS)
def test_page_carries_the_alternates_of_its_header(site: Flask, path: str) -> None:
    """The same addresses with the same types, and the whole graph before the view of it for crawlers."""
    answer = site.test_client().get(f"/doc/{path}", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"
    links = parse_link_header(answer.headers["Link"]).links
    header = {(link["type"], link.target) for link in links if "alternate" in link.rel}
    page = [(kind, unescape(href)) for kind, href in ALTERNATE.findall(answer.text)]
    assert {*page} == header and len(page) == len(header)
    json_ld = [href for kind, href in page if kind == "application/ld+json"]
    assert [("schema" in href) for href in json_ld] == [False, True]
