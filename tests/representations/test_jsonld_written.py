"""Our own writers of expanded, flattened and framed JSON-LD, held against PyLD, which is slow and by other hands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pyld import jsonld as pyld

from linkeddata.representations import jsonld, jsonld_written, rdf
from linkeddata.vocabulary.ntriples import Statement

from .conftest import BASE, GENID

SEED = f"{BASE}id/record/nottingham-40697"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ODD: list[Statement] = [
    (f"<{SEED}>", f"<{RDF}type>", "<http://e/C>"),
    (f"<{SEED}>", f"<{RDF}type>", '"no class"'),
    (f"<{SEED}>", "<http://e/p>", '"x"@en'),
    (f"<{SEED}>", "<http://e/p>", f"<{RDF}nil>"),
    (f"<{SEED}>", "<http://e/p>", "_:cell1"),
    ("_:cell1", f"<{RDF}first>", '"2017"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
    ("_:cell1", f"<{RDF}rest>", "_:cell2"),
    ("_:cell2", f"<{RDF}first>", f"<{SEED}>"),
    ("_:cell2", f"<{RDF}rest>", f"<{RDF}nil>"),
    ("<http://e/a>", "<http://purl.org/dc/terms/creator>", "<http://e/b>"),
    ("<http://e/b>", "<http://purl.org/dc/terms/creator>", "<http://e/a>"),
]
MATTERS = pytest.mark.parametrize("which", ["the seed", "odd things", "nothing"])


@pytest.fixture
def tokens(gold: bytes, which: str) -> list[Statement]:
    return {"the seed": rdf.tokens(gold, genid=GENID), "odd things": ODD, "nothing": []}[which]


def alike(value: Any) -> Any:
    """Arrays without their order, but for lists, so that only what is said counts."""
    if isinstance(value, dict):
        return {key: [*map(alike, each)] if key == "@list" else alike(each) for key, each in value.items()}
    return (
        sorted(map(alike, value), key=lambda each: json.dumps(each, sort_keys=True))
        if isinstance(value, list)
        else value
    )


@MATTERS
def test_expanded_is_what_a_processor_expands(tokens: list[Statement]) -> None:
    """PyLD's expansion of our compact form."""
    compact = jsonld.document(tokens, focus=SEED)
    ours = alike(jsonld_written.expanded(tokens, focus=SEED))
    assert ours == alike(pyld.expand(compact))


@MATTERS
def test_flattened_is_what_a_processor_flattens(tokens: list[Statement]) -> None:
    """PyLD's flattening of our compact form, each node once, in the same order."""
    theirs = pyld.flatten(jsonld.document(tokens, focus=SEED))
    ours = jsonld_written.flattened(tokens, focus=SEED)
    assert [node["@id"] for node in ours] == [node["@id"] for node in theirs]
    assert [*map(alike, ours)] == [*map(alike, theirs)]


def identifiers(value: Any) -> Iterator[str]:
    """The nodes about which something is said in a tree."""
    if isinstance(value, list):
        for each in value:
            yield from identifiers(each)
    elif isinstance(value, dict):
        if "id" in value and len(value) > 1:
            yield value["id"]
        for inner in value.values():
            yield from identifiers(inner)


@MATTERS
def test_framed_says_the_same_and_each_node_once(tokens: list[Statement]) -> None:
    """As a processor reads it: flattened again it is what our flat form is."""
    framed = jsonld_written.framed(jsonld.document(tokens, focus=SEED), focus=SEED)
    told = [*identifiers(framed.get("@graph", [{**framed}]))]
    assert len(told) == len(set(told))
    theirs, ours = pyld.flatten(framed), jsonld_written.flattened(tokens, focus=SEED)
    assert [*map(alike, theirs)] == [*map(alike, ours)]


def test_trees_do_not_grow_without_end() -> None:
    """A chain of a thousand nodes is cut into trees that any reader can take, and nothing of it is lost."""
    chain = [(f"<http://e/{n}>", "<http://purl.org/dc/terms/isPartOf>", f"<http://e/{n + 1}>") for n in range(1000)]
    framed = jsonld_written.framed(jsonld.document(chain, focus="http://e/0"), focus="http://e/0")
    assert framed["@graph"][0]["id"] == "http://e/0"
    assert len(set(identifiers(framed["@graph"]))) == 1000
    assert max(json.dumps(tree).count("{") for tree in framed["@graph"]) <= 31
