"""What machines ask before all else: where they may go, what this is, and whether it is well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from protego import Protego

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import create_app, machines

from .conftest import BASE, settings_for

PREFIXED = "https://example.org/data/"


@pytest.mark.parametrize("base", [BASE, PREFIXED])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", True),
        ("doc/record/a", True),
        ("doc/record/a.ttl", True),
        ("browse/name?page=2", True),
        ("browse/record?after=a+title&at=a", True),
        ("doc/journal/x.ttl?page=2", True),
        ("doc/record/a?format=ttl", True),
        ("dump/latest.nq.gz", True),
        ("sitemap.xml", True),
        ("sparql", False),
        ("sparql?query=ASK%20%7B%7D", False),
        ("search?q=x", False),
        ("search?page=2&q=x", False),
        ("search/x", False),
        ("feed.atom?page=2", True),
        ("type/book?year=1999", False),
        ("doc/name/x?year=1999", False),
    ],
)
def test_robots_may_walk_what_has_an_end(base: str, path: str, allowed: bool) -> None:
    """Documents in every format, pages of lists and dumps; no query, search or facet. By a parser of robots.txt."""
    rules = Protego.parse(machines.robots_text(Uris(base)))
    assert rules.can_fetch(base + path, "AnyBot") is allowed


@pytest.mark.parametrize("base", [BASE, PREFIXED])
def test_robots_are_told_of_the_sitemap_by_its_whole_address(base: str) -> None:
    """The line holds a whole URL, which is that of the configuration."""
    assert list(Protego.parse(machines.robots_text(Uris(base))).sitemaps) == [f"{base}sitemap.xml"]


@pytest.fixture
def prefixed(tmp_path: Path) -> FlaskClient:
    """A site below a path of its host."""
    publish([Record("a", {"id": ["a"], "title": ["A"]})], Catalogue(tmp_path), Site(PREFIXED, "A site"), processes=1)
    settings = settings_for(
        tmp_path, site__base_uri=PREFIXED, site__title="A site", site__license="https://example.org/licence"
    )
    return create_app(settings).test_client()


@pytest.mark.parametrize("asked", ["", "data/"])
@pytest.mark.parametrize(
    "path", ["robots.txt", "sitemap.xml", "sitemap/1.xml", "changes", "changes/1", "feed.atom", "llms.txt"]
)
def test_every_door_names_addresses_below_the_base_uri(prefixed: FlaskClient, asked: str, path: str) -> None:
    """Whether the proxy takes the path off or not, and whatever Host and X-Forwarded-… say."""
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    answer = prefixed.get(f"/{asked}{path}", headers=forged)
    text = answer.get_data(as_text=True)
    ours = re.findall(r"https?://(?:example\.org|evil\.example)[^\s<>\"')]*", text.replace(":443", ""))
    assert answer.status_code == 200
    assert {uri for uri in ours if uri != "https://example.org/licence"}
    assert [uri for uri in ours if not uri.startswith((PREFIXED, "https://example.org/licence"))] == []


def test_guide_leads_only_to_what_is_there(client: FlaskClient) -> None:
    """Every address of ours in llms.txt answers."""
    text = client.get("/llms.txt").get_data(as_text=True)
    links = re.findall(rf"\]\({BASE}([^)]*)\)", text)
    assert len(links) >= 7
    for link in links:
        with client.get(f"/{link}", follow_redirects=True) as answer:
            assert answer.status_code == 200, link


def test_guide_states_licence_and_counts(prefixed: FlaskClient) -> None:
    """What a model's keeper must know: how much there is, and what may be done with it."""
    text = prefixed.get("/llms.txt").get_data(as_text=True)
    assert text.startswith("# A site\n")
    assert "1 records" in text
    assert "https://example.org/licence" in text


def test_home_leads_to_feed_changes_and_description(client: FlaskClient) -> None:
    """As links in the page and in the header."""
    answer = client.get("/")
    for path in ("/feed.atom", "/changes", "/.well-known/void"):
        assert f'href="{path}"' in answer.get_data(as_text=True)
        assert f"<{path}>" in answer.headers["Link"]
