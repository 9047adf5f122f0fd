"""The seed's description as the catalogue keeps it: canonical N-Triples, list cells as URIs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

BASE = "https://data.example.org/"
GENID = f"{BASE}.well-known/genid/"


@pytest.fixture
def exact_literals() -> Iterator[None]:
    """rdflib keeps literals as they are written, instead of turning `…54Z` into `…54+00:00`."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    yield
    rdflib.NORMALIZE_LITERALS = before


@pytest.fixture(scope="session")
def gold(shared: Path) -> bytes:
    """The gold description of the seed record, in the order of its file."""
    text = (shared / "seed-record.ttl").read_bytes()
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    following = {triple.subject: triple.object for triple in triples if triple.predicate.value.endswith("#rest")}
    cell = next(triple.object for triple in triples if triple.predicate.value.endswith("/authorList"))
    cells: dict[object, ox.NamedNode] = {}
    while cell in following:
        cells[cell] = ox.NamedNode(f"{GENID}nottingham-40697/authors/{len(cells) + 1}")
        cell = following[cell]
    skolemised = (ox.Triple(cells.get(s, s), p, cells.get(o, o)) for s, p, o in triples)
    return ox.serialize(skolemised, format=ox.RdfFormat.N_TRIPLES) or b""
