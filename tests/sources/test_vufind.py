"""Live VuFind by its REST API: whole or not at all, and a plain word where the site sets a limit."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from linkeddata.errors import SourceError
from linkeddata.record import Reading, Refusal
from linkeddata.sources import open_source
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.http import Fetcher
from linkeddata.sources.vufind import open_vufind

from .servers import Answer, Asked, Script, serving

PATIENT = Fetcher(delay=0, retries=2, sleep=lambda _: None)


@dataclass
class Vufind:
    """The search of the API: `window` is the last record that it goes to, `most` the greatest limit."""

    records: list[dict[str, Any]]
    window: int = 100_000
    most: int = 100

    def __call__(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.target)
        assert parts.path == "/vufind/api/v1/search"
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        page, limit = (int(dict(pairs)[name]) for name in ("page", "limit"))
        if limit > self.most:
            return self.error("Invalid limit")
        if page * limit > self.window:
            return self.error("Deep paging is not possible")
        fields = [value for name, value in pairs if name == "field[]"]
        found = [{name: each[name] for name in fields if name in each} for each in self.records]
        shown = found[(page - 1) * limit : page * limit]
        body = {"resultCount": len(found), **({"records": shown} if shown else {}), "status": "OK"}
        return Answer(json.dumps(body).encode(), headers={"Content-Type": "application/json"})

    @staticmethod
    def error(message: str, status: int = 400) -> Answer:
        body = json.dumps({"status": "ERROR", "statusMessage": message}).encode()
        return Answer(body, status, {"Content-Type": "application/json"})


def records(number: int) -> list[dict[str, Any]]:
    return [{"id": f"r{at}", "title": f"T {at}"} for at in range(number)]


def run(script: Script, since: str | None = None, **settings: Any) -> tuple[list[Reading], Harvest]:
    with serving(script) as server:
        asked = Endpoint("site", "vufind", **{"url": f"{server.url}/vufind", **settings})
        harvest = open_vufind(asked, since, fetcher=PATIENT)
        return list(harvest), harvest


def test_real_records_are_what_the_file_gives(shared: Path) -> None:
    """Everything that is read from an answer is asked for."""
    file = shared / "data/solr/vufind_api_search.json"
    found, harvest = run(Vufind(json.loads(file.read_text())["records"]))
    assert found == [replace(each, source="site") for each in open_source(str(file))]
    assert (len(found), harvest.total, harvest.complete, harvest.mark) == (20, 20, True, None)


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 250])
def test_every_page_is_asked_for(number: int) -> None:
    """Up to the number of results, which is then what was met."""
    found, harvest = run(Vufind(records(number)))
    assert [each.id for each in found] == [f"r{at}" for at in range(number)]
    assert harvest.complete


@pytest.mark.parametrize("ending", ["", "/", "/api/v1", "/api/v1/", "/api/v1/search"])
def test_address_may_be_that_of_the_site_or_of_its_api(ending: str) -> None:
    """Whichever is at hand."""
    with serving(Vufind(records(3))) as server:
        assert (
            len(list(open_vufind(Endpoint("s", "vufind", f"{server.url}/vufind{ending}"), None, fetcher=PATIENT))) == 3
        )


def test_what_is_asked_is_what_is_configured() -> None:
    """Query, filters, fields (the id among them) and size of the pages."""
    with serving(Vufind(records(3))) as server:
        settings: Any = {"query": "ice", "filter": ("format:Book",), "fields": ("title",), "page_size": 50}
        list(open_vufind(Endpoint("s", "vufind", f"{server.url}/vufind", **settings), None, fetcher=PATIENT))
    pairs = parse_qsl(urlsplit(server.asked[0].target).query)
    assert {("lookfor", "ice"), ("filter[]", "format:Book"), ("limit", "50")} <= set(pairs)
    assert [value for name, value in pairs if name == "field[]"] == ["id", "title"]


def test_it_is_said_that_nothing_can_be_mined_and_no_change_be_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    """A run since some moment is one over everything."""
    with caplog.at_level(logging.INFO):
        found, harvest = run(Vufind(records(3)), "2026-01-01")
    assert len(found) == 3 and harvest.complete
    assert "cannot tell what has changed" in caplog.text and "no text to mine citations from" in caplog.text


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (Vufind(records(250), window=200), r"stops behind record 200 of 250: .*Deep paging.*harvest its Solr index"),
        (Vufind(records(250), most=20), "Invalid limit"),
        (
            lambda _: Vufind.error("Permission denied", 403),
            r"Permission denied.*has to give access.*access\.api\.Search",
        ),
        (lambda _: Answer(b'{"status": "ERROR", "statusMessage": "broken"}'), "VuFind refuses: broken"),
        (lambda _: Answer(b"<html>"), "not JSON"),
        (lambda _: Answer(b'{"resultCount": 3, "records": [{"id": "a"}'), "breaks off"),
        (lambda _: Answer(b'{"resultCount": 3, "status": "OK"}'), "its next page is empty"),
        (lambda _: Answer(b'{"status": "OK"}'), "without resultCount"),
        (lambda _: Answer(b'{"status": "OK", "resultCount": %s}' % (b"9" * 5000)), "without resultCount"),
    ],
)
def test_run_that_cannot_come_to_its_end_breaks_off(script: Script, words: str) -> None:
    """The message says why, and what the operator can do."""
    with pytest.raises(SourceError, match=words):
        run(script)


def test_page_that_overlaps_another_is_noticed() -> None:
    """Ids met and results differ, so nothing is taken for deleted; nor is it where a record has no id."""
    found, harvest = run(Vufind([*records(5), *records(1)]))
    assert len(found) == 6 and not harvest.complete
    found, harvest = run(lambda _: Answer(b'{"resultCount": 3, "records": [{"id": "a"}], "status": "OK"}'))
    assert len(found) == 3 and not harvest.complete
    found, harvest = run(Vufind([*records(5), {"title": "no id"}]))
    assert isinstance(found[5], Refusal) and str(found[5]) == "site:6: no id" and not harvest.complete
