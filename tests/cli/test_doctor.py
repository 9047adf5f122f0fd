"""`doctor`: one line for each thing that it looks at, and what a request through the front door sees."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import click.testing
import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.lock import locked
from linkeddata.cli import command
from linkeddata.cli.checking import FAULTS_FOUND
from linkeddata.cli.front_door import asking, examine
from linkeddata.cli.invocation import Stop
from linkeddata.config import read_settings
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.web import create_app
from linkeddata.web.server import Server, listen

Change = Callable[[WSGIEnvironment], None]
Alter = Callable[[list[tuple[str, str]]], list[tuple[str, str]]]


def load(data: Path, base: str) -> None:
    publish([Record("a", {"id": ["a"], "title": ["A"]})], Catalogue(data), Site(base), processes=1)


class Proxy:
    """What stands before a site and meddles: it changes requests, and the headers of answers."""

    def __init__(self, change: Change = lambda _: None, alter: Alter = lambda headers: headers) -> None:
        self.change, self.alter = change, alter
        self.site: Callable[..., object] = lambda *_: []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> object:
        self.change(environ)
        return self.site(environ, lambda status, headers, *more: start_response(status, self.alter(headers), *more))


@contextmanager
def serving(data: Path, proxy: Proxy | None = None) -> Iterator[str]:
    """A real server over an edition whose base URI is its address."""
    proxy = proxy or Proxy()
    server = Server(proxy, listen("localhost", 0))  # type: ignore[arg-type]
    load(data, server.address)
    settings = read_settings({"store.path": str(data), "site.base_uri": server.address}, {}, here=data)
    proxy.site = create_app(settings).wsgi_app
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join(20)


def told(base: str, edition: int | None = 1) -> dict[str, str]:
    """The level of each check of the front door."""
    return {finding.check: finding.level for finding in examine(base, edition, asking())}


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    done = click.testing.CliRunner().invoke(command, [*arguments], catch_exceptions=True)
    return (done.exception.code if isinstance(done.exception, Stop) else done.exit_code), done.output


def test_front_door_of_a_site_that_is_well(tmp_path: Path) -> None:
    """Nothing is wrong where nothing stands before the server."""
    with serving(tmp_path) as base:
        found = told(base)
    assert "fault" not in found.values()
    assert {"edition served", "clock", "redirect", "negotiation", "cache", "tags", "CORS"} <= found.keys()


def dropped(*names: str) -> Alter:
    return lambda headers: [(name, value) for name, value in headers if name not in names]


def _no_accept(environ: WSGIEnvironment) -> None:
    environ.pop("HTTP_ACCEPT", None)


def _late(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*dropped("Date")(headers), ("Date", "Mon, 01 Jan 2001 00:00:00 GMT")]


def _zoneless(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*dropped("Date")(headers), ("Date", "Mon, 01 Jan 2001 00:00:00")]


def _moved(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, "http://inside:8000/x" if name == "Location" else value) for name, value in headers]


@pytest.mark.parametrize(
    ("proxy", "check", "level"),
    [
        (Proxy(change=_no_accept), "negotiation", "fault"),
        (Proxy(alter=dropped("Vary")), "cache", "fault"),
        (Proxy(alter=dropped("Access-Control-Allow-Origin")), "CORS", "fault"),
        (Proxy(alter=lambda headers: [*headers, ("Access-Control-Allow-Origin", "*")]), "CORS", "fault"),
        (Proxy(alter=_moved), "redirect", "fault"),
        (Proxy(alter=dropped("ETag")), "tags", "warning"),
        (Proxy(alter=_late), "clock", "warning"),
        (Proxy(alter=_zoneless), "clock", "warning"),
    ],
    ids=["accept", "vary", "no CORS", "CORS twice", "location", "tags", "clock", "clock without a zone"],
)  # fmt: skip
def test_meddling_proxy_is_found_out(tmp_path: Path, proxy: Proxy, check: str, level: str) -> None:
    """Each thing that proxies do wrong has its check."""
    with serving(tmp_path, proxy) as base:
        assert told(base)[check] == level


class Mixing:
    """A cache that keeps the first answer of an address for everybody."""

    def __init__(self, site: Callable[..., list[bytes]]) -> None:
        self.site = site
        self.kept: dict[str, tuple[str, list[tuple[str, str]], bytes]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path not in self.kept:
            begun: list[tuple[str, list[tuple[str, str]]]] = []
            body = b"".join(self.site(environ, lambda status, headers, *_: begun.append((status, headers))))
            self.kept[path] = (*begun[0], body)
        status, headers, body = self.kept[path]
        start_response(status, headers)
        return [body]


def test_cache_that_mixes_formats_is_found_out(tmp_path: Path) -> None:
    """The second format that is asked for comes as the first."""
    proxy = Proxy()
    with serving(tmp_path, proxy) as base:
        proxy.site = Mixing(proxy.site)  # type: ignore[arg-type]
        found = told(base)
    assert (found["negotiation"], found["cache"]) == ("fault", "fault")


def test_edition_that_is_not_ours_is_found_out(tmp_path: Path) -> None:
    """Another number means another data directory, or a server that has not noticed."""
    with serving(tmp_path) as base:
        assert told(base, edition=7)["edition served"] == "fault"


def test_address_that_nobody_serves_is_the_only_finding() -> None:
    """Without an answer there is nothing else to look at."""
    assert told("http://localhost:1/") == {"address": "fault"}


def test_command_prints_a_line_for_each_check_and_what_to_do(tmp_path: Path) -> None:
    """Warnings for what is better set, no fault, exit 0."""
    with serving(tmp_path) as base:
        code, text = run("--data", str(tmp_path), "--base-uri", base, "doctor")
    assert (code, "fault" in text) == (0, False)
    assert "warning licence: " in text and "; set site.license" in text
    assert "ok      edition served: edition 1, ours" in text


def test_fault_ends_with_its_exit_code(tmp_path: Path) -> None:
    """Nothing published and nobody at the address: exit 8, and JSON says the same."""
    code, text = run("--data", str(tmp_path), "--base-uri", "http://localhost:1/", "doctor", "--json")
    levels = {finding["check"]: finding["level"] for finding in json.loads(text)}
    assert code == FAULTS_FOUND
    assert (levels["edition"], levels["address"], levels["lock"]) == ("fault", "fault", "ok")


def test_other_base_uri_and_a_writer_are_found(tmp_path: Path) -> None:
    """Names that differ from the setting are a fault; a running writer is worth knowing, by its pid."""
    load(tmp_path, "https://other.example.org/")
    with locked(tmp_path):
        code, text = run("--data", str(tmp_path), "doctor", "--offline", "--json")
    found = {finding["check"]: finding for finding in json.loads(text)}
    assert (code, found["names"]["level"], found["lock"]["level"]) == (FAULTS_FOUND, "fault", "warning")
    assert "is writing" in found["lock"]["found"]


def test_asking_leaves_the_lock_free(tmp_path: Path) -> None:
    """Whoever writes next is not kept out."""
    load(tmp_path, "http://localhost:8080/")
    run("--data", str(tmp_path), "doctor", "--offline")
    with locked(tmp_path):
        pass
