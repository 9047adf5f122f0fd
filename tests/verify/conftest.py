"""A site with a few records, and a way to ask it that can be meddled with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.config import read_settings
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.verify import Answer, Report, Verifier, target
from linkeddata.web import create_app

BASE = "http://localhost:8080/"
SITE = Site(BASE, "Sample")
SEED = "nottingham-40697"
#: One whose addresses with suffixes are those of another, and one that says the same thing very often.
AWKWARD = [
    Record("a", {"id": ["a"], "title": ["A"], "author": ["X", "Y"]}),
    Record("a.ttl", {"id": ["a.ttl"], "title": ["Not Turtle"]}),
    Record("a.schema.jsonld", {"id": ["a.schema.jsonld"], "title": ["Not a view"]}),
    Record("crowd", {"id": ["crowd"], "title": ["C"], "author": ["Anonymous"] * 2000}),
    Record("long", {"id": ["long"], "title": ["L"], "description": ["long text " * 20_000]}),
]


@dataclass
class Asked:
    """Asks an application; `meddle` may change what comes back, and `stale` is asked instead for SPARQL."""

    app: Flask
    stale: Flask | None = None
    meddle: Callable[[str, Answer], Answer] = lambda address, answer: answer
    addresses: list[str] = field(default_factory=list)

    def get(self, address: str) -> Answer:
        self.addresses.append(address)
        response = self.app.test_client().get(f"/{address}")
        return self.meddle(address, Answer(response.status_code, response.headers["Content-Type"], response.data))

    def query(self, text: str) -> Answer:
        headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"}
        client = (self.stale or self.app).test_client()
        response = client.post("/sparql", data=urlencode({"query": text}), headers=headers)
        return Answer(response.status_code, response.headers["Content-Type"], response.data)


def publish_in(data: Path, records: list[Record]) -> tuple[Edition, Flask]:
    """An edition of these records, and a site of it."""
    publish(records, Catalogue(data), SITE, processes=1)
    return Catalogue(data).current(), create_app(read_settings({"store.path": str(data)}, {}, here=data))


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Edition, Flask]]:
    """The bundled sample and the awkward ones."""
    sample = [
        each for each in open_source(str(files("linkeddata") / "sample" / "records.jsonl")) if isinstance(each, Record)
    ]
    edition, app = publish_in(tmp_path_factory.mktemp("sample"), [*sample, *AWKWARD])
    yield edition, app
    app.extensions["current"].close()


@pytest.fixture
def edition(sample_site: tuple[Edition, Flask]) -> Edition:
    return sample_site[0]


@pytest.fixture
def asked(sample_site: tuple[Edition, Flask]) -> Asked:
    return Asked(sample_site[1])


def verified(edition: Edition, client: Asked, *texts: str, site: Site = SITE) -> Report:
    """What is found of these things."""
    verifier = Verifier(edition, site, client)
    for text in texts:
        found = target(edition, text)
        assert found is not None, text
        verifier.verify(found)
    return verifier.report
