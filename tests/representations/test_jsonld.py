"""JSON-LD in the compact form of our context, held against PyLD."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld as pyld

from linkeddata.errors import NotAcceptable
from linkeddata.representations import jsonld, rdf
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import PREFIXES

BASE = "https://data.example.org/"
GENID = f"{BASE}.well-known/genid/"
SEED = f"{BASE}id/record/nottingham-40697"


def refuse(url: str, _options: object = None) -> Any:
    raise AssertionError(f"a remote document was asked for: {url}")


OFFLINE = {"documentLoader": refuse}


def written(statements: bytes, focus: str = SEED) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(jsonld.write(rdf.gathered(statements, genid=GENID), focus=focus))
    return document


def about(*values: str, predicate: str) -> dict[str, Any]:
    """The node of one subject with these values."""
    lines = (f"<http://e/s> <{predicate}> {value} .\n" for value in values)
    node: dict[str, Any] = written("".join(lines).encode())["@graph"][0]
    return node


def test_seed_is_what_pyld_would_have_written(gold: bytes) -> None:
    """Expanded and compacted again by PyLD, the seed's document is the same, letter by letter."""
    document = written(gold)
    again = pyld.compact(pyld.expand(document, OFFLINE), {"@context": ontology.context()}, OFFLINE)
    assert again == document


def test_seed_comes_first_and_reads_as_a_record(gold: bytes) -> None:
    """The thing described heads the graph; links are plain, authors a list, sets arrays even when single."""
    record = written(gold)["@graph"][0]
    agents = [
        f"{BASE}id/agent/nottingham-40697/{key}" for key in ("waring-justin-6f2d327e", "crompton-amanda-bc874dec")
    ]
    assert record["id"] == SEED
    assert record["type"] == ["bibo:AcademicArticle", "schema:ScholarlyArticle"]
    assert record["authorList"] == record["creator"] == agents
    assert record["issued"] == {"type": "xsd:gYear", "@value": "2017"}
    assert record["sameAs"] == ["https://doi.org/10.1111/1467-9566.12560"]
    assert record["volume"] == "39"


def test_another_focus_comes_first_instead(gold: bytes) -> None:
    """A journal's document begins with the journal, and the others keep their order."""
    journal = f"{BASE}id/journal/issn-1467-9566"
    before = [node["id"] for node in written(gold)["@graph"]]
    assert [node["id"] for node in written(gold, journal)["@graph"]] == sorted(before, key=journal.__ne__)


def test_context_is_inline_and_asks_for_nothing(gold: bytes) -> None:
    """No URL stands where a context would be fetched from; a reader without a network reads all."""
    document = written(gold)
    assert document["@context"] == ontology.context()
    written_out = jsonld.write(rdf.gathered(gold, genid=GENID), focus=SEED)
    assert not re.search(rb'"@(?:context|import)":\s*(?:"|\[)', written_out)


def test_keys_follow_the_context(gold: bytes) -> None:
    """In every node, after `id`, in the order of the context."""
    order = list(ontology.context())
    for node in written(gold)["@graph"]:
        assert list(node) == sorted(node, key=order.index)


@pytest.mark.parametrize(
    ("predicate", "values", "expected"),
    [
        ("http://purl.org/dc/terms/title", ['"A"'], {"title": "A"}),
        ("http://purl.org/dc/terms/title", ['"A"', '"B"@en'], {"title": ["A", {"@language": "en", "@value": "B"}]}),
        ("http://purl.org/dc/terms/title", ["<http://e/o>"], {"title": {"id": "http://e/o"}}),
        ("http://purl.org/dc/terms/alternative", ['"A"'], {"alternative": ["A"]}),
        ("http://purl.org/dc/terms/title", ['"A"^^<http://www.w3.org/2001/XMLSchema#string>'], {"title": "A"}),
        # a value that the term does not foresee stands under the property's full name
        ("http://purl.org/dc/terms/publisher", ['"Wiley"'], {"dcterms:publisher": "Wiley"}),
        (
            "http://purl.org/dc/terms/publisher",
            ['"Wiley"', "<http://e/o>"],
            {"publisher": ["http://e/o"], "dcterms:publisher": "Wiley"},
        ),
        ("http://purl.org/ontology/bibo/authorList", ["<http://e/o>"], {"bibo:authorList": {"id": "http://e/o"}}),
        ("http://id.loc.gov/vocabulary/relators/ths", ["<http://e/o>"], {"rel:ths": {"id": "http://e/o"}}),
        ("http://e/own", ['"A"'], {"http://e/own": "A"}),
        ("http://schema.org///own", ['"A"'], {"http://schema.org///own": "A"}),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ['"A"'], {"rdf:type": "A"}),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ["<http://e/o>"], {"type": "http://e/o"}),
        ("http://purl.org/ontology/bibo/status", ["<http://schema.org/>"], {"status": "http://schema.org/"}),
    ],
)
def test_value_stands_under_the_key_of_its_kind(predicate: str, values: list[str], expected: dict[str, Any]) -> None:
    """Text, link and list of one property may need different keys, or readers would mistake one for another."""
    assert about(*values, predicate=predicate) == {"id": "http://e/s", **expected}


@pytest.mark.parametrize("uri", ["schema:name", "rel:ths", "xsd:string"])
def test_uri_that_reads_as_a_prefixed_name_is_refused(uri: str) -> None:
    """Nothing in JSON-LD could tell it from the term of that name."""
    with pytest.raises(NotAcceptable, match="prefixes"):
        about(f"<{uri}>", predicate="http://e/p")


def test_context_has_every_prefix_of_ours() -> None:
    """And each with the namespace that the graph uses."""
    assert {name: ontology.context()[name] for name in PREFIXES} == PREFIXES


def test_context_names_no_property_twice() -> None:
    """One term a property: the same statement always stands under the same key."""
    terms = [term for name, term in ontology.context().items() if name not in PREFIXES]
    properties = [term if isinstance(term, str) else term["@id"] for term in terms]
    assert len(properties) == len(set(properties))


def test_context_names_every_property_that_the_crosswalk_can_emit() -> None:
    """Every property named in the crosswalk's table or code, but relators, whose names are codes."""
    folder = Path(jsonld.__file__).resolve().parents[1] / "crosswalk"
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    used = {f"{prefix.lower()}:{name}" for prefix, name in re.findall(r"\b([A-Z]{4,8})\.([a-z]\w+)", code)}
    used |= set(re.findall(r'"(\w+:[a-zP]\w+)"', ontology.path("crosswalk.toml").read_text("utf-8")))
    known = {term if isinstance(term, str) else term["@id"] for term in ontology.context().values()}
    classes = {
        name for name in used if name.partition(":")[0] not in PREFIXES or name.startswith(("rel:", "xsd:", "rdf:"))
    }
    assert used - classes - known == set()
