"""The page of a name: how else those are written who bear it, and where else they are known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.web import create_app

from .conftest import BASE, settings_for
from .reading import Page, Told

ORCID = "0000-0002-1825-0097"
#: Authors and, for the first of each, an ORCID iD.
WORKS = {
    "a": ("Carberry, Josiah", ORCID),
    "b": ("Carberry, J. S.", ORCID),
    "c": ("Carberry, Josiah", None),
    "d": ("Nobody, Ned", None),
}
JOSIAH = "carberry-josiah-1eff3411"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One person under two names, somebody else under one of them, and a name that nobody shares."""
    data: Path = tmp_path_factory.mktemp("names")
    records = [
        Record(key, {"id": [key], "title": [key], "author": [name], "author_orcid_str_mv": [orcid] if orcid else []})
        for key, (name, orcid) in WORKS.items()
    ]
    publish(records, Catalogue(data), Site(BASE), processes=1)
    app = create_app(settings_for(data))
    yield app
    app.extensions["current"].close()


def known(client: FlaskClient, label: str) -> Page:
    """The page of a name."""
    listing = client.application.extensions["current"].edition().listing("name", page=1)
    (uri,) = [row.uri for row in listing.rows if row.label == label]
    return Page(client.get(f"{uri.removeprefix(BASE).replace('id/', '/doc/')}.html").text, BASE)


def test_identifier_tells_other_spellings_and_where_else_a_person_is_known(site: Flask) -> None:
    """Each leads there; the other heading is none of the works."""
    page = known(site.test_client(), "Carberry, Josiah")
    card = page.card("own")
    assert [(each.words, each.href) for each in card["Other spellings"]] == [
        ("Carberry, J. S.", f"{BASE}id/name/carberry-j-s-96163b90")
    ]
    assert [each.href for each in card["Same person elsewhere"]] == [f"https://orcid.org/{ORCID}"]
    assert sorted(page.texts("//ul[@class='works']//a")) == ["a", "b", "c"]


def test_without_an_identifier_nothing_is_guessed(site: Flask) -> None:
    """That two names are alike says nothing."""
    card = known(site.test_client(), "Nobody, Ned").card("own")
    assert [each.words for each in card["Same person elsewhere"]] == ["none known yet"]
    assert "Other spellings" not in card


def test_data_say_what_the_page_says(site: Flask) -> None:
    """The spelling and the address are statements of the document."""
    quads = ox.parse(site.test_client().get(f"/doc/name/{JOSIAH}.nt").data, format=ox.RdfFormat.N_TRIPLES)
    told, person = Told(quads), f"{BASE}id/agent/orcid-{ORCID}"
    assert told.keys(person, "http://schema.org/sameAs") == [f"https://orcid.org/{ORCID}"]
    assert told.names(f"{BASE}id/name/carberry-j-s-96163b90") == {"Carberry, J. S."}
