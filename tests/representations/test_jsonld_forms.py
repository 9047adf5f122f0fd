"""The forms of JSON-LD: each says the same, and is what its profile says that it is."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest

from linkeddata.errors import NotAcceptable
from linkeddata.representations import jsonld, jsonld_forms, rdf, represent
from linkeddata.representations.formats import by_extension
from linkeddata.representations.jsonld_forms import FORMS, MOST_VALUES, NAMESPACE, form_asked

from .conftest import BASE, GENID

SEED = f"{BASE}id/record/nottingham-40697"
LIST_OF_LISTS = (
    f"<{SEED}> <http://e/p> <{GENID}a/authors/1> .\n"
    f"<{GENID}a/authors/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <http://e/circle> .\n"
    f"<{GENID}a/authors/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> "
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .\n"
    f"<http://e/circle> <http://e/p> <http://e/circle> .\n"
    "<http://e/other> <http://e/p> <http://e/circle> .\n"
    '<http://e/alone> <http://e/p> "x"@en .\n'
).encode()
every_form = pytest.mark.parametrize("name", FORMS)


def written(statements: bytes, name: str) -> Any:
    fmt = by_extension("jsonld")
    assert fmt is not None
    return json.loads(represent(statements, fmt, focus=SEED, genid=GENID, base=BASE, form=FORMS[name]))


def meaning(document: Any) -> ox.Dataset:
    """The statements of a document, blank nodes named by what is said of them."""
    dataset = ox.Dataset(ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@every_form
@pytest.mark.parametrize("which", ["the seed", "circles and strays", "nothing"])
def test_every_form_says_the_same(gold: bytes, name: str, which: str) -> None:
    """Read by another parser than wrote it, nothing is lost and nothing added; framing too loses nothing."""
    statements = {"the seed": gold, "circles and strays": LIST_OF_LISTS, "nothing": b""}[which]
    assert meaning(written(statements, name)) == meaning(written(statements, "compacted"))
    assert (len(meaning(written(statements, name))) > 0) == bool(statements)


def test_compacted_is_our_own_form(gold: bytes) -> None:
    """The form that is given without being asked for."""
    assert written(gold, "compacted") == json.loads(jsonld.write(rdf.gathered(gold, genid=GENID), focus=SEED))


@pytest.mark.parametrize("name", ["expanded", "flattened", "flattened-expanded"])
def test_expanded_forms_have_no_context(gold: bytes, name: str) -> None:
    """Every key is a URI or a keyword, every value an array of objects."""
    nodes = written(gold, name)
    assert {key for node in nodes for key in node if not key.startswith(("http://", "@"))} == set()
    assert len({node["@id"] for node in nodes}) == len(nodes)


def test_framed_is_a_tree_that_begins_at_the_thing(gold: bytes) -> None:
    """The record's authors, subjects and document stand within it."""
    framed = written(gold, "framed")
    record = framed.get("@graph", [framed])[0]
    assert record["id"] == SEED
    assert record["creator"][0]["familyName"] == "Waring"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ([], None),
        (["https://example.org/unknown"], None),
        ([f"{NAMESPACE}context"], None),
        ([f"{NAMESPACE}expanded"], "expanded"),
        ([f"{NAMESPACE}compacted", f"{NAMESPACE}flattened"], "flattened-compacted"),
        ([f"{NAMESPACE}framed", f"{NAMESPACE}compacted", "https://example.org/unknown"], "framed-compacted"),
        ([f"{NAMESPACE}expanded", f"{NAMESPACE}expanded"], "expanded"),
        ([f"{NAMESPACE}expanded", f"{NAMESPACE}compacted"], "expanded"),
        ([f"{NAMESPACE}framed", f"{NAMESPACE}flattened"], "framed"),
    ],
)
def test_profiles_name_a_form(asked: list[str], name: str | None) -> None:
    """All known ones together; of those that exclude each other the first."""
    form = form_asked(asked)
    assert (form.name if form else None) == name


@every_form
def test_profiles_are_echoed(name: str) -> None:
    """The Content-Type names all profiles of the form, in quotes, for URIs hold colons."""
    uris = " ".join(NAMESPACE + part for part in name.split("-"))
    assert FORMS[name].content_type == f'application/ld+json;profile="{uris}"'


def test_hostile_context_fetches_nothing() -> None:
    """A document that names a remote context is refused, and nothing is asked for."""
    with pytest.raises(NotAcceptable):
        jsonld_forms.statements_of({"@context": "https://example.org/context.jsonld", "a": "b"})


@pytest.mark.parametrize("name", ["expanded", "flattened", "framed"])
def test_what_would_take_too_long_is_refused(name: str) -> None:
    """PyLD's work grows faster than the document; our own form has no limit."""
    long = {"@context": {}, "@graph": [{"@id": "http://e/a", "http://e/p": ["x"] * MOST_VALUES}]}
    with pytest.raises(NotAcceptable, match="too long"):
        jsonld_forms.in_form(long, FORMS[name], focus=SEED)
    assert len(jsonld_forms.in_form(long, FORMS["compacted"], focus=SEED)) > MOST_VALUES
