"""The first door: what is answered again is what was answered before, and what Flask alone would say."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, TestResponse

from linkeddata.web import create_app
from linkeddata.web.within_path import within

from .conftest import settings_for
from .test_unchanged import DOCUMENTS, LONG_AGO, LONG_AHEAD, MADE, PAGES, STATIC

RECORD = "/doc/record/nottingham-40697"
OTHERS = [
    "/?lang=de",
    f"{RECORD}.html?lang=de",
    "/search?q=waves",
    "/search.json?q=waves",
    "/linkset/record/nottingham-40697.json",
    "/dump/latest.nq.gz",
]
UNKEPT = [f"{RECORD}.none", "/id/record/nottingham-40697", "/readyz", f"{RECORD}?format=no"]
#: Headers of requests; where a tag is asked after, it is that of the answer without the condition.
ASKED: dict[str, dict[str, str]] = {
    "plain": {},
    "gzip": {"Accept-Encoding": "gzip"},
    "br": {"Accept-Encoding": "br, gzip;q=0.5"},
    "nothing plain": {"Accept-Encoding": "gzip, identity;q=0"},
    "turtle": {"Accept": "text/turtle"},
    "browser": {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "de"},
    "profile": {"Accept-Profile": "<http://schema.org/>", "Accept": "application/ld+json"},
    "nothing accepted": {"Accept": "application/pdf"},
    "known": {"If-None-Match": "{tag}"},
    "known weakly": {"If-None-Match": 'W/{tag}, "other"'},
    "known, gzip": {"If-None-Match": "{tag}", "Accept-Encoding": "gzip"},
    "known, plain now": {"If-None-Match": "{gzip tag}"},
    "another": {"If-None-Match": '"other"'},
    "any": {"If-None-Match": "*"},
    "since": {"If-Modified-Since": LONG_AHEAD},
    "since long": {"If-Modified-Since": LONG_AGO},
    "another since": {"If-None-Match": '"other"', "If-Modified-Since": LONG_AHEAD},
    "part": {"Range": "bytes=0-9"},
}


@pytest.fixture(scope="module")
def apps(sample_data: Path) -> Iterator[tuple[Flask, Flask]]:
    """One application that keeps answers, and one that does not."""
    made = create_app(settings_for(sample_data)), create_app(settings_for(sample_data, server__cache_mb=0))
    yield made
    for app in made:
        app.extensions["current"].close()


def said(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that an answer says, but for the links of a 304 and the time of day.

    Those of a shared thing are in the store, which nobody asks for a 304: only who kept the page has them.
    """
    with answer:
        answer.headers.pop("Date", None)
        if answer.status_code == 304:
            answer.headers.pop("Link", None)
        return answer.status_code, sorted(answer.headers), answer.data


def asked(app: Flask, path: str, headers: dict[str, str]) -> dict[str, str]:
    """The headers, with the tags of the address in them."""
    if not any("tag}" in value for value in headers.values()):
        return headers
    tags = []
    for coding in (headers.get("Accept-Encoding", "identity"), "gzip"):
        with app.test_client().head(path, headers={"Accept-Encoding": coding}) as answer:
            tags.append(answer.headers.get("ETag", ""))
    return {name: value.replace("{tag}", tags[0]).replace("{gzip tag}", tags[1]) for name, value in headers.items()}


def is_ready(app: Flask, path: str, **headers: str) -> bool:
    """Whether the door has the answer to a request at hand."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    door: Any = app.wsgi_app
    ready: bool = door.is_ready(EnvironBuilder(path, headers=named).get_environ())
    return ready


@pytest.mark.parametrize("path", [*DOCUMENTS, *PAGES, *MADE, *STATIC, *OTHERS, *UNKEPT])
def test_answers_are_the_same_with_the_door_and_without(apps: tuple[Flask, Flask], path: str) -> None:
    """Status, headers and bytes, of a first request and of its repetition, whoever asked what in between."""
    clients = [app.test_client() for app in apps]
    for method in ("GET", "HEAD"):
        rounds = [
            [
                [said(client.open(path, method=method, headers=asked(apps[1], path, headers))) for client in clients]
                for headers in ASKED.values()
            ]
            for _ in range(2)
        ]
        for name, answers in zip(ASKED, zip(*rounds, strict=True), strict=True):
            for kept, made in answers:
                assert kept == made, name


@pytest.mark.parametrize("path", [f"{RECORD}.ttl", RECORD, "/", "/static/site.css", "/search?q=wave", "/sitemap.xml"])
def test_what_was_answered_is_at_hand(apps: tuple[Flask, Flask], path: str) -> None:
    """A document, a page, a file: the next one who asks the same costs nothing, nor does one who has it already."""
    tag = apps[0].test_client().get(path).headers["ETag"]
    assert is_ready(apps[0], path)
    known = f'{tag}, "at hand"'
    assert not is_ready(apps[0], path, If_None_Match=known)
    assert apps[0].test_client().get(path, headers={"If-None-Match": known}).status_code == 304
    assert is_ready(apps[0], path, If_None_Match=known)


@pytest.mark.parametrize("path", [*UNKEPT, "/sparql?query=ASK%7B%7D"])
def test_what_has_no_tag_is_not_kept(apps: tuple[Flask, Flask], path: str) -> None:
    """Errors, redirects, the state of the service, and answers of SPARQL."""
    with apps[0].test_client().get(path):
        assert not is_ready(apps[0], path)


@pytest.mark.parametrize("headers", [{"Range": "bytes=0-9"}, {"If-Match": '"a"'}, {"If-Range": '"a"'}])
def test_requests_that_ask_otherwise_go_through(apps: tuple[Flask, Flask], headers: dict[str, str]) -> None:
    """Vary does not tell what these do."""
    apps[0].test_client().get("/data")
    assert is_ready(apps[0], "/data")
    assert not is_ready(apps[0], "/data", **headers)


def test_headers_that_vary_names_not_change_nothing(apps: tuple[Flask, Flask]) -> None:
    """An address with a suffix is one for all that accept the same coding, however they write that."""
    apps[0].test_client().get(f"{RECORD}.nt?view=plain", headers={"Accept-Encoding": "gzip, deflate"})
    assert is_ready(apps[0], f"{RECORD}.nt?view=plain", Accept="text/html", Accept_Encoding="deflate, gzip;q=0.9")
    assert not is_ready(apps[0], f"{RECORD}.nt?view=plain", Accept_Encoding="identity")


def test_nothing_is_at_hand_between_two_editions(apps: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    """While a server of the institution's changes, nobody is given anything to keep, not even what was kept before."""
    apps[0].test_client().get(f"{RECORD}.rdf")
    monkeypatch.setattr(apps[0].extensions["current"], "is_settled", lambda: False)
    assert not is_ready(apps[0], f"{RECORD}.rdf")
    assert apps[0].test_client().get(f"{RECORD}.rdf").headers["Cache-Control"] == "no-store"


def test_answers_at_hand_count_for_the_budget(sample_data: Path) -> None:
    """Whatever a request costs, it is one."""
    client = create_app(settings_for(sample_data, server__rate=0.1, server__burst=3)).test_client()
    assert [client.get("/data").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_long_addresses_are_not_kept(apps: tuple[Flask, Flask]) -> None:
    """They would fill the shelf with what nobody asks for again."""
    for length in (100, 3000):
        apps[0].test_client().get(f"/data?{'x' * length}")
    assert [is_ready(apps[0], f"/data?{'x' * length}") for length in (100, 3000)] == [True, False]


def test_what_is_kept_is_counted(sample_data: Path) -> None:
    """However many ways of asking there are, the bound of bytes holds."""
    app = create_app(settings_for(sample_data, server__cache_mb=1))
    for number in range(400):
        app.test_client().get(RECORD, headers={"Accept": f"text/turtle, text/x-{number}"})
    shelf = app.extensions["current"].answers
    assert 500_000 < shelf.size <= 1 << 20
    assert not is_ready(app, RECORD, Accept="text/turtle, text/x-0")


@pytest.mark.parametrize(
    ("path", "root", "found"),
    [
        ("/lod/data", "/lod/", "/data"),
        ("/lod/", "/lod/", "/"),
        ("/lod", "/lod/", "/"),
        ("/data", "/lod/", "/data"),
        ("/lodge", "/lod/", "/lodge"),
        ("", "/", "/"),
        ("/", "/", "/"),
    ],
)
def test_site_below_a_path_is_asked_with_it_or_without(path: str, root: str, found: str) -> None:
    """The base URI without its last slash is its first page, too."""
    assert within(path, root) == found


def exchange(site: str, sent: str) -> str:
    """What a server says to some requests on one connection until it closes that; moments do not count."""
    address = urlsplit(site)
    with socket.create_connection((str(address.hostname), address.port), timeout=10) as connection:
        connection.sendall(sent.replace("\n", "\r\n").encode())
        parts = iter(lambda: connection.recv(1 << 16), b"")
        return re.sub("Date: .*", "", b"".join(parts).decode("latin-1"))


REQUEST = "%s /doc/record/nottingham-40697.nq HTTP/1.%d\nHost: x\nConnection: %s\n\n"
GET, LAST = REQUEST % ("GET", 1, "keep-alive"), REQUEST % ("GET", 1, "close")


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        (LAST, 1),
        (GET * 3 + LAST, 4),
        (REQUEST % ("GET", 0, "close"), 1),
        (REQUEST % ("HEAD", 1, "keep-alive") + LAST, 2),
        (GET + GET.replace(".nq", ".none") + LAST, 3),
    ],
    ids=["one", "in a row", "old", "head", "between others"],
)
def test_server_answers_again_what_it_answered(live_site: str, sent: str, answers: int) -> None:
    """From the loop as from a thread, to the byte, each in its turn, and the connection ends when it should."""
    first, second, third = (exchange(live_site, sent) for _ in range(3))
    assert first == second == third
    assert first.count("HTTP/1.") == answers
