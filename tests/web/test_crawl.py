"""A crawl from the first page, as a stranger does it who knows only how to follow links: what is found is there,
has a name, can be read without fetching anything else, and is ours only where it says so."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urldefrag, urljoin

import pytest
from flask.testing import FlaskClient
from httplink import parse_link_header
from protego import Protego
from pyld import jsonld
from werkzeug.test import TestResponse

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDFS, SCHEMA, SKOS
from linkeddata.vocabulary.uris import RECORD, Name, Uris
from linkeddata.web import create_app

from .conftest import settings_for

#: Below a path of its host, so that an address that leaves out the path is seen to lead astray.
HOST = "https://data.example.org/"
BASE = f"{HOST}library/"
DEPTH = 3
#: An issue is called by its number, and a journal without a title by its ISSN: sources say nothing else of them.
LABELS = (DCTERMS.title, FOAF.name, SKOS.prefLabel, RDFS.label, SCHEMA.name, BIBO.issue, BIBO.issn)
#: The context that this media type stands for, whether or not it is named (Activity Streams 2.0, section 2.1).
ACTIVITIES, THEIR_CONTEXT = "application/activity+json", "https://www.w3.org/ns/activitystreams"
DATA = "application/ld+json"
WANTED = f"{DATA}, text/html;q=0.9, */*;q=0.1"


class Links(HTMLParser):
    """What a page leads to: by links, forms and whatever it loads; and its blocks of JSON-LD."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.blocks: list[str] = []
        self.is_block = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.found += [value for name in ("href", "src", "action") if (value := named.get(name))]
        self.is_block = tag == "script" and named.get("type") == DATA

    def handle_data(self, data: str) -> None:
        if self.is_block and data.strip():
            self.blocks.append(data)


def refuse(url: str, _options: object) -> NoReturn:
    raise AssertionError(f"a context stands elsewhere: {url}")


def nodes(document: Any) -> dict[str, dict[str, Any]]:
    """The nodes of a document, read without a network."""
    return {node["@id"]: node for node in jsonld.flatten(document, None, {"documentLoader": refuse})}


def uris(node: Any) -> Iterator[str]:
    """Every URI in expanded JSON-LD, be it subject, class, property, datatype or value."""
    if isinstance(node, list):
        for each in node:
            yield from uris(each)
    elif isinstance(node, dict):
        yield from (key for key in node if not key.startswith("@"))
        for key, value in node.items():
            yield from uris([{"@id": each} for each in value] if key == "@type" and isinstance(value, list) else value)
        yield from (str(node[key]) for key in ("@id", "@type") if isinstance(node.get(key), str))


@dataclass
class Crawl:
    """Follows links from the first page to a depth; `faults` is what a stranger would complain about."""

    client: FlaskClient
    faults: list[str] = field(default_factory=list)
    answered: dict[str, int] = field(default_factory=dict)
    things: set[str] = field(default_factory=set)

    def run(self, depth: int) -> None:
        waiting = deque([(BASE, 0)])
        known = {BASE}
        while waiting:
            address, steps = waiting.popleft()
            for found in self.visit(address):
                if steps < depth and found not in known and self.is_ours(found, address):
                    known.add(found)
                    waiting.append((found, steps + 1))

    def is_ours(self, found: str, where: str) -> bool:
        if found.startswith(HOST) and not found.startswith(BASE):
            self.faults.append(f"{where} leads beside the site: {found}")
        # From a page in another language its other pages are not walked once more.
        return found.startswith(BASE) and not ("lang=" in where and "lang=" in found)

    def visit(self, address: str) -> set[str]:
        """What an address leads to: its answer's links, and of a thing what is said of it."""
        answer, at = self.answer(address)
        kind = answer.mimetype
        found = {urljoin(at, link.target) for link in parse_link_header(answer.headers.get("Link", "")).links}
        if kind == "text/html":
            page = Links(answer.text)
            found |= {urljoin(at, each) for each in page.found}
            found |= {uri for block in page.blocks for uri in uris([*nodes(json.loads(block)).values()])}
        if kind in (DATA, ACTIVITIES, "application/json") and answer.status_code == 200:
            found |= self.read(address, answer)
        return {urldefrag(each).url for each in found}

    def answer(self, address: str) -> tuple[TestResponse, str]:
        """The answer at an address, or where it leads with one redirect, and where that is."""
        answer = self.get(address)
        if answer.status_code == 303:
            address = urljoin(address, answer.headers["Location"])
            answer = self.get(address)
        self.answered[address] = answer.status_code
        if answer.status_code != 200:
            self.faults.append(f"{address} answers {answer.status_code}")
        return answer, address

    def get(self, address: str) -> TestResponse:
        path = "/" + address.removeprefix(HOST)
        method = "HEAD" if address.endswith(".gz") else "GET"
        with self.client.open(path, method=method, headers={"Accept": WANTED}) as answer:
            return answer

    def read(self, address: str, answer: TestResponse) -> set[str]:
        """The URIs in JSON-LD; a thing must have a label there."""
        document = json.loads(answer.data)
        if answer.mimetype == ACTIVITIES:
            assert document.pop("@context") == THEIR_CONTEXT
            document["@context"] = {
                "@vocab": f"{THEIR_CONTEXT}#",
                "id": "@id",
                "type": "@type",
                "url": {"@type": "@id"},
            }
        if isinstance(document, dict) and "@context" not in document:
            return set()
        told = nodes(document)
        # With a query behind it an address is no name of a thing, but leads to its page in a language.
        if address.startswith(f"{BASE}id/") and "?" not in address:
            self.things.add(address)
            if not any(str(label) in told.get(address, {}) for label in LABELS):
                self.faults.append(f"{address} has no label")
        return {uri for uri in uris([*told.values()]) if not uri.startswith("_:")}


@pytest.fixture(scope="module")
def site(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Two hundred of the development records, from all of their sources."""
    data = tmp_path_factory.mktemp("crawl")
    records = islice(open_source(str(shared / "data" / "dev.jsonl.gz")), 0, None, 10)
    publish(records, Catalogue(data), Site(BASE, "A library"), processes=1)
    app = create_app(settings_for(data, site__base_uri=BASE))
    yield app.test_client()
    app.extensions["current"].close()


def test_every_own_uri_answers_has_a_label_and_can_be_read(site: FlaskClient) -> None:
    """From the first page three steps far."""
    crawl = Crawl(site)
    crawl.run(DEPTH)
    assert crawl.faults == []
    assert len(crawl.things) > 500


def test_robots_reach_every_record(site: FlaskClient) -> None:
    """From the first page by links that robots.txt allows, and from the sitemap that it names."""
    rules = Protego.parse(site.get("/robots.txt").text)
    known = browsed(site, rules)
    ids = site.application.extensions["current"].edition().ids()
    documents = {Uris(BASE).document(Name(RECORD, each)) for each in ids}
    assert len(documents) == 200
    assert {each for each in documents if not {each, f"{each}.html", each.replace("/doc/", "/id/")} & known} == set()
    assert sitemap(site, rules) == documents


def browsed(site: FlaskClient, rules: Protego) -> set[str]:
    """What the first page and the lists of records lead to, as far as robots may go."""
    crawl, known = Crawl(site), {BASE}
    waiting = deque(known)
    while waiting:
        links = Links(crawl.get(waiting.popleft()).text).found
        found = {urldefrag(urljoin(BASE, each)).url for each in links} - known
        allowed = {each for each in found if each.startswith(BASE) and rules.can_fetch(each, "AnyBot")}
        known |= allowed
        waiting.extend(each for each in allowed if each.startswith(f"{BASE}browse/record"))
    return known


def sitemap(site: FlaskClient, rules: Protego) -> set[str]:
    """The pages that the sitemaps list, as far as robots may go."""
    found, waiting = set[str](), deque(rules.sitemaps)
    while waiting:
        address = waiting.popleft()
        assert rules.can_fetch(address, "AnyBot")
        entries = re.findall("<loc>(.*?)</loc>", site.get("/" + address.removeprefix(HOST)).text)
        waiting.extend(each for each in entries if each.endswith(".xml"))
        found |= {unescape(each) for each in entries if not each.endswith(".xml")}
    assert all(rules.can_fetch(each, "AnyBot") for each in found)
    return found
