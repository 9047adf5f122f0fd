"""The URI policy: every name reads back, and no two things share one."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from linkeddata.vocabulary.uris import DOC, ID, KINDS, MINTED_KINDS, RECORD, Name, Uris, cell_owner, encode, mint, read

BASE = "https://data.example.org/catalogue/"
URIS = Uris(BASE)

NASTY = [
    "a/b",
    "a%2Fb",
    "a%252Fb",
    "a#b",
    "a?b",
    'a"b',
    "a b",
    "a+b",
    "a\nb",
    " a",
    "..",
    "é",
    "e\u0301",
    "𝔸",
    "<a>",
    "a.ttl",
    "x/authors/1",
]
IDS = st.sampled_from(NASTY) | st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Waring, Justin", "waring-justin-6f2d327e"),
        ("Quality of care", "quality-of-care-ca73edcb"),
        ("Wiley", "wiley-206b7cc7"),
        ("National Health Service (NHS)", "national-health-service-nhs-a8f4b24a"),
        ("C++", "c-f1deb75f"),
        ("李, 小明", "x-9505090a"),
    ],
)
def test_key_is_slug_and_hash(text: str, key: str) -> None:
    """As the gold record has them."""
    assert mint(text) == key


@pytest.mark.parametrize(("one", "other"), [("café", "cafe\u0301"), ("a  b", " a\n\tb "), ("a\u00a0b", "a b")])
def test_same_text_has_the_same_key(one: str, other: str) -> None:
    assert mint(one) == mint(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C", "C++"), ("C", "C#"), ("Care", "care"), ("é", "e"), ("", "-"), ("李", "林")]
)
def test_other_text_has_another_key(one: str, other: str) -> None:
    assert mint(one) != mint(other)


def test_long_slug_is_cut_where_sixty_characters_end() -> None:
    """Even where that is behind a hyphen: whoever reads the rule comes to the same key."""
    slug = "a" * 59 + "-"
    assert mint("a" * 59 + " b").startswith(f"{slug}-")
    assert len(mint("word " * 100)) == 60 + 9


@given(TEXTS)
def test_key_needs_no_encoding(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,60}-[0-9a-f]{8}", mint(text))


@given(IDS)
def test_encoding_leaves_only_unreserved_characters(identifier: str) -> None:
    code = encode(identifier)
    assert re.fullmatch(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+", code)
    assert unquote(code) == identifier


@given(IDS, TEXTS, st.integers(1, 9999))
def test_every_uri_of_a_record_reads_back(identifier: str, name: str, position: int) -> None:
    """Record, document, agent and list cell, also from a path that a web server has decoded."""
    record, person = Name(RECORD, identifier), Name("agent", f"{identifier}/{mint(name)}")
    assert URIS.name(URIS.record(identifier)) == read(unquote(record.path)) == record
    assert URIS.thing(record) == URIS.record(identifier)
    assert str(URIS.document(record)) == BASE + DOC + record.path
    assert URIS.name(URIS.agent(identifier, name)) == read(unquote(person.path)) == person
    assert URIS.thing(person) == URIS.agent(identifier, name)
    for whose in ("authors", "editors"):
        cell = URIS.cell(identifier, position, whose)
        assert cell_owner(unquote(cell.removeprefix(URIS.genid))) == identifier


@given(st.sampled_from(KINDS), st.sampled_from(["%", "%2", "x/%ff", "x/\ufffd"]) | TEXTS.filter(bool))
def test_whatever_an_address_names_is_a_uri(kind: str, key: str) -> None:
    """Also what nobody has minted: it can be asked for, and reads back."""
    uri = URIS.thing(Name(kind, key))
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*", uri.removeprefix(BASE))
    assert URIS.name(uri) == Name(kind, key)


@given(st.sampled_from(MINTED_KINDS), TEXTS)
def test_every_minted_uri_reads_back(kind: str, text: str) -> None:
    uri = URIS.minted(kind, text)
    assert URIS.name(uri) == Name(kind, mint(text))
    assert URIS.thing(Name(kind, mint(text))) == uri


@given(TEXTS, TEXTS.filter(bool), TEXTS, st.sampled_from([None, "1467-9566"]))
def test_uris_with_several_parts_read_back(title: str, issue: str, volume: str, issn: str | None) -> None:
    key = URIS.journal_key(title, issn)
    made = [
        URIS.journal(key),
        URIS.issue(key, volume=volume, issue=issue, year="2017"),
        URIS.host(title, None),
        URIS.host(title, "9781558612747"),
        URIS.concept("topic", title),
        URIS.scheme("topic"),
        URIS.orcid("0000-0002-1825-0097"),
        URIS.dataset,
    ]
    for uri in made:
        NamedNode(uri)
        name = URIS.name(uri)
        assert name is not None
        assert URIS.thing(name) == uri


@given(IDS, IDS, TEXTS, TEXTS)
def test_two_ids_never_meet(one: str, other: str, name: str, other_name: str) -> None:
    """Nothing that is a record's own is named like anything of another record."""
    assume(one != other)

    def own(identifier: str, text: str) -> set[str]:
        record = Name(RECORD, identifier)
        cells = (URIS.cell(identifier, 1), URIS.cell(identifier, 1, "editors"))
        return {URIS.record(identifier), URIS.document(record), URIS.agent(identifier, text), *cells}

    assert own(one, name).isdisjoint(own(other, other_name))
    assert not any(map(URIS.owner_test(one), own(other, other_name)))
    assert all(map(URIS.owner_test(one), own(one, name)))


@pytest.mark.parametrize(
    ("make", "owned"),
    [
        (lambda: f"{URIS.document(Name(RECORD, 'a'))}#source", True),
        (lambda: f"{URIS.document(Name(RECORD, 'a'))}#mined", True),
        (lambda: URIS.document(Name(RECORD, "ab")), False),
        (lambda: URIS.record("a/b"), False),
        (lambda: URIS.agent("a/b", "x"), False),
        (lambda: URIS.orcid("0000-0002-1825-0097"), False),
        (lambda: URIS.minted("name", "a"), False),
        (lambda: URIS.minted("org", "a"), False),
        (lambda: URIS.concept("topic", "a"), False),
        (lambda: URIS.dataset, False),
        (lambda: "https://elsewhere.example.org/id/record/a", False),
    ],
)
def test_record_owns_its_own_things_only(make: Callable[[], str], owned: bool) -> None:
    assert URIS.owner_test("a")(make()) is owned


@pytest.mark.parametrize("path", ["", "record", "record/", "recordx/a", "Record/a", "graph/a", "/record/a"])
def test_other_paths_name_nothing(path: str) -> None:
    assert read(path) is None
    assert URIS.name(BASE + ID + path) is None


def test_other_hosts_name_nothing() -> None:
    assert URIS.name("https://example.org/id/record/a") is None
    assert all(URIS.name(f"{BASE}{ID}{kind}/a") == Name(kind, "a") for kind in KINDS)


@pytest.mark.parametrize(
    ("uri", "local"),
    [
        (BASE + "id/record/a%2Fb", "/catalogue/id/record/a%2Fb"),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_uri_of_ours_is_a_path_for_links(uri: str, local: str) -> None:
    assert URIS.local(uri) == local


@pytest.mark.parametrize("path", ["a", "a/authors", "a/authors/", "a/authors/x", "/authors/1", "a/people/1"])
def test_no_other_path_names_a_cell(path: str) -> None:
    assert cell_owner(path) is None
