"""Documents given before Flask: what they say is what the door of documents says, and what it refuses is left to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from linkeddata.catalogue import Description
from linkeddata.representations.signposting import Link, header, landing_links
from linkeddata.representations.variants import HTML, Variant, suffixes
from linkeddata.vocabulary.tokens import FOAF, RDF, SCHEMA
from linkeddata.vocabulary.uris import RECORD as RECORD_KIND
from linkeddata.vocabulary.uris import Name
from linkeddata.web import create_app, prompt
from linkeddata.web.budget import WAIT
from linkeddata.web.documents import Addresses, view_of
from linkeddata.web.finished import Shelves
from linkeddata.web.signs import our_profile, told
from linkeddata.web.typed_links import links, record_links, signs_of

from .conftest import settings_for
from .test_door import ASKED, asked, said

RECORD = "/doc/record/nottingham-40697"
DATA = [suffix for suffix in suffixes(RECORD_KIND) if suffix != "html"]
PAGE = "html"
#: A header that no document depends on, which leads past this door.
PAST = {"Range": "bytes=0-9"}


@pytest.fixture(scope="module")
def app(sample_data: Path) -> Iterator[Flask]:
    """An application that keeps nothing."""
    made = create_app(settings_for(sample_data, server__cache_mb=0))
    yield made
    made.extensions["current"].close()


def is_prompt(app: Flask, path: str) -> bool:
    """Whether a request is answered before Flask."""
    door: Any = app.wsgi_app
    answered: bool = door.is_prompt(EnvironBuilder(path).get_environ())
    return answered


@pytest.mark.parametrize("suffix", [*DATA, PAGE])
def test_answer_before_flask_is_that_of_flask(app: Flask, suffix: str) -> None:
    """Status, headers and bytes, whatever a client wants, has already, or asks by HEAD."""
    path, client = f"{RECORD}.{suffix}", app.test_client()
    assert is_prompt(app, path)
    for name, headers in ASKED.items():
        if "Range" not in headers:
            wanted = asked(app, path, headers)
            for method in ("GET", "HEAD"):
                before = said(client.open(path, method=method, headers=wanted))
                assert before == said(client.open(path, method=method, headers={**wanted, **PAST})), (name, method)


def test_links_of_an_unchanged_document_are_those_of_flask(app: Flask) -> None:
    """Those that `said` leaves out."""
    headers, client = {"If-None-Match": "*"}, app.test_client()
    answers = [client.get(f"{RECORD}.ttl", headers={**headers, **more}) for more in ({}, PAST)]
    assert [answer.status_code for answer in answers] == [304, 304]
    assert answers[0].headers["Link"] == answers[1].headers["Link"]
    assert "Content-Type" not in answers[0].headers


@pytest.mark.parametrize(
    "path",
    [
        *(RECORD, f"{RECORD}.html?lang=de", f"{RECORD}.none", f"{RECORD}.ttl?view=plain", f"{RECORD}.ttl?page=2"),
        *("/doc/record/none.ttl", "/doc/record/.ttl", "/doc/record/n%C3%B6tt.ttl", "/doc/journal/issn-0028-0836.ttl"),
        *("/id/record/nottingham-40697", "/", "/doc/record/"),
    ],
)
def test_everything_else_is_left_to_flask(app: Flask, path: str) -> None:
    """What is negotiated, parameters, refusals, and what only the store knows."""
    assert not is_prompt(app, path)


@pytest.mark.parametrize(
    "more", [{"REQUEST_METHOD": "POST"}, {"REQUEST_METHOD": "OPTIONS"}, {WAIT: 1.0}, {"HTTP_IF_MATCH": '"a"'}]
)
def test_who_asks_otherwise_or_too_much_is_left_to_flask(app: Flask, more: dict[str, Any]) -> None:
    """It knows the methods, and refuses in the words of each kind."""
    behind = prompt.Prompt(app, app.extensions["current"], Shelves(app.extensions["current"].answers))
    request = EnvironBuilder(f"{RECORD}.ttl").get_environ()
    assert behind.is_prompt({**request})
    assert not behind.is_prompt({**request, **more})


def test_long_document_is_left_to_a_thread(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long it is stands before its statements, so that none is read to know it."""
    edition = app.extensions["current"].edition()
    length = len(edition.describe(edition.uris.name(edition.facts["example"])).statements)
    path = f"/doc/{edition.facts['example'].removeprefix(edition.uris.things)}.ttl"
    monkeypatch.setattr(prompt, "_SHORT", length)
    assert is_prompt(app, path)
    monkeypatch.setattr(prompt, "_SHORT", length - 1)
    assert not is_prompt(app, path)
    assert app.test_client().get(path).status_code == 200


def test_between_two_editions_flask_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a server of the institution's changes, what is said is not to be kept, and that is said there."""
    current = app.extensions["current"]
    monkeypatch.setattr(current, "is_settled", lambda: False)
    assert not is_prompt(app, f"{RECORD}.ttl")
    assert app.test_client().get(f"{RECORD}.ttl").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("identifier", ["a", "b/c d", "x" * 150, "y" * 250, "z" * 1000])
@pytest.mark.parametrize("suffix", DATA)
def test_links_of_all_records_are_those_of_each(app: Flask, identifier: str, suffix: str) -> None:
    """Whether they all fit into a header or not."""
    edition, name = app.extensions["current"].edition(), Name(RECORD_KIND, identifier)
    variant = suffixes(RECORD_KIND)[suffix]
    places = Addresses(edition.uris.local(edition.uris.document(name)), known=suffixes(RECORD_KIND))
    alone = Description(name, edition.uris.thing(name), edition.uris.document(name), b"", "", "")
    expected = links(edition, alone, variant, places, view=view_of(edition, alone))
    assert record_links(edition, name, variant, places) == expected


@pytest.mark.parametrize("identifier", ["a", "b/c d", "y" * 250, "z" * 1000])
@pytest.mark.parametrize("files", [0, 1, 40])
def test_links_of_a_page_are_those_of_each(app: Flask, identifier: str, files: int) -> None:
    """Of all pages, but for what statements say: as if each were made alone, whether they fit into a header or not."""
    edition, name = app.extensions["current"].edition(), Name(RECORD_KIND, identifier)
    thing, document = edition.uris.thing(name), edition.uris.document(name)
    kept = [f"<{thing}> {RDF.type} {SCHEMA.Article} .\n"]
    kept += [f"<{thing}> {FOAF.page} <https://example.org/{n}.pdf> .\n" for n in range(files)]
    alone = Description(name, thing, document, "".join(kept).encode(), "", "")
    places, page = Addresses(edition.uris.local(document), known=suffixes(RECORD_KIND)), Variant(HTML)
    view = view_of(edition, alone)
    known = replace(signs_of(edition, alone, places), told=told(alone, view()))
    expected = header([Link("profile", our_profile(edition)), *landing_links(known)])
    assert links(edition, alone, page, places, view=view) == expected
    assert expected.count('rel="item"') in (0, files)
