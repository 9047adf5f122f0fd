"""Live Solr: everything, changes and deletions, whatever the index and the line do meanwhile."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from linkeddata.errors import ConfigurationError, SourceError
from linkeddata.record import Presence, Reading, Record, Refusal
from linkeddata.sources import open_source
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.http import Fetcher
from linkeddata.sources.solr import open_solr

from .servers import Answer, Script, serving
from .solr_double import Document, Solr, error

PATIENT = Fetcher(delay=0, retries=3, sleep=lambda _: None)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def documents(number: int, **more: Any) -> list[Document]:
    """Indexed one an hour, on the first days of 2026."""
    made = []
    for at in range(number):
        stamp = f"2026-01-{1 + at // 24:02}T{at % 24:02}:00:00Z"
        made.append({"id": f"doc {at:03}", "title": f"T {at}", "last_indexed": stamp, "_version_": 2**60 + at, **more})
    return made


def endpoint(**settings: Any) -> Endpoint:
    return Endpoint("eprints", "solr", **{"url": "http://x/solr/biblio", "page_size": 7, **settings})


def run(solr: Script, since: str | None = None, **settings: Any) -> tuple[list[Reading], Harvest]:
    """Everything that a harvest gives, and the harvest."""
    presence = settings.pop("presence", True)
    with serving(solr) as server:
        asked = endpoint(**{"url": f"{server.url}/solr/biblio", **settings})
        harvest = open_solr(asked, since, fetcher=PATIENT, presence=presence, clock=lambda: NOW)
        return list(harvest), harvest


def ids(readings: list[Reading], kind: type = Record) -> list[str]:
    return [str(each.id) for each in readings if isinstance(each, kind)]


@pytest.mark.parametrize("size", [1, 7, 20, 21, 1000])
def test_everything_is_met_whatever_the_page(size: int) -> None:
    """Page by page, each document once; the number of them is known from the first."""
    found, harvest = run(Solr(documents(20)), page_size=size)
    assert ids(found) == [f"doc {at:03}" for at in range(20)]
    assert (harvest.total, harvest.complete) == (20, True)


def test_real_documents_are_what_the_file_gives(shared: Path) -> None:
    """The same fields, exactly, as from a saved answer; the lock number, too."""
    file = shared / "data/solr/vufind_select.json"
    found, harvest = run(Solr(json.loads(file.read_text())["response"]["docs"]))
    assert {each.id: each for each in found} == {
        each.id: replace(each, source="eprints") for each in open_source(str(file))
    }
    assert len(found) == 40 and harvest.complete


def test_two_thousand_documents_of_real_repositories_come_whole(shared: Path) -> None:
    """By pages of the usual size; of those that stand twice in the file an index has one."""
    lines = gzip.decompress((shared / "data/dev.jsonl.gz").read_bytes()).splitlines()
    index = {document["id"]: document for document in map(json.loads, lines)}
    found, harvest = run(Solr(list(index.values())), page_size=0)
    assert set(ids(found)) == set(index) and len(found) == 1989 and harvest.complete


def test_lock_number_is_exact() -> None:
    """It exceeds what a float can hold."""
    [one], _ = run(Solr([{"id": "a", "_version_": 1780000000000000123}]))
    assert isinstance(one, Record) and one.fields["_version_"] == ["1780000000000000123"]


def test_changes_come_with_a_word_on_all_that_is_there() -> None:
    """So what is gone can be told from what has not changed."""
    found, harvest = run(Solr(documents(20)), "2026-01-01T15:00:00Z")
    assert ids(found) == [f"doc {at:03}" for at in range(15, 20)]
    assert ids(found, Presence) == [f"doc {at:03}" for at in range(20)]
    assert (harvest.complete, harvest.total) == (True, 25)


def test_who_does_not_want_that_word_is_not_complete() -> None:
    """The walk over the ids is not made."""
    solr = Solr(documents(20))
    found, harvest = run(solr, "2026-01-01", presence=False)
    assert ids(found, Presence) == [] and not harvest.complete
    assert len(found) == 20 and solr.requests == 3


@pytest.mark.parametrize(
    ("since", "times", "mark"),
    [
        (None, ["2026-01-31T12:00:00Z", "2026-01-30T00:00:00Z"], "2026-01-31T11:50:00Z"),
        (None, ["2026-01-31T12:00:00.987Z"], "2026-01-31T11:50:00Z"),
        (None, ["2036-01-01T00:00:00Z"], "2026-02-28T23:50:00Z"),
        (None, ["yesterday"], None),
        (None, ["0001-01-01T00:00:00Z"], "0001-01-01T00:00:00Z"),
        (None, [], None),
        ("2026-02-01", [], "2026-02-01T00:00:00Z"),
        ("2026-02-01T10:00:00Z", ["2026-02-01T10:05:00Z"], "2026-02-01T10:00:00Z"),
        ("2026-02-01T10:00:00Z", ["2026-02-01T11:00:00Z"], "2026-02-01T10:50:00Z"),
    ],
)
def test_next_run_begins_ten_minutes_before_the_latest_change(
    since: str | None, times: list[str], mark: str | None
) -> None:
    """By the index's own clock, but not in the future and never earlier than this run did."""
    made = [{"id": str(at), "last_indexed": time} for at, time in enumerate(times)]
    _, harvest = run(Solr(made, schema={"id", "last_indexed"}), since)
    assert harvest.mark == mark


def test_document_without_a_time_is_fetched_each_time(caplog: pytest.LogCaptureFixture) -> None:
    """It could never be seen otherwise; the log says so."""
    found, _ = run(Solr([*documents(20), {"id": "undated"}]), "2026-01-01T19:00:00Z")
    assert ids(found) == ["doc 019", "undated"]
    assert "1 documents have no last_indexed; each run fetches them" in caplog.text


def test_index_without_the_field_is_fetched_whole(caplog: pytest.LogCaptureFixture) -> None:
    """The log says why."""
    found, harvest = run(Solr([{"id": "a"}, {"id": "b"}]), "2026-01-01")
    assert ids(found) == ["a", "b"] and ids(found, Presence) == []
    assert (harvest.complete, harvest.mark) == (True, None)
    assert "undefined field last_indexed; so everything is fetched" in caplog.text


def test_filters_and_fields_are_asked_for() -> None:
    """Only what is wanted, and what is needed to place it."""
    made = [*documents(3, recordtype=["eprints"]), {"id": "other", "recordtype": ["marc"]}]
    found, harvest = run(Solr(made), filter=("recordtype:eprints",), fields=("title",))
    assert len(found) == 3 and harvest.complete
    assert isinstance(found[0], Record) and set(found[0].fields) == {"id", "title", "last_indexed", "_version_"}


@pytest.mark.parametrize("ending", ["", "/", "/select", "/select/"])
def test_address_may_be_that_of_the_core(ending: str) -> None:
    """Or of its handler."""
    with serving(Solr(documents(3))) as server:
        assert len(list(open_solr(endpoint(url=f"{server.url}/solr/biblio{ending}"), None, fetcher=PATIENT))) == 3


def test_ids_are_rewritten_everywhere() -> None:
    """In records and in the word on what is there; one of which nothing is left is refused."""
    settings = {"id_pattern": r"^doc (00)?", "id_replacement": "x-"}
    found, _ = run(Solr(documents(20)), "2026-01-01T19:00:00Z", **settings)
    assert ids(found) == ["x-019"] and ids(found, Presence)[:2] == ["x-0", "x-1"]
    [refused], _ = run(Solr(documents(1)), id_pattern=".*")
    assert isinstance(refused, Refusal) and refused.reason == "id 'doc 000' becomes empty by id_pattern"


def test_unique_key_may_have_another_name() -> None:
    """It becomes the id."""
    found, harvest = run(Solr([{"urn": "a", "title": "A"}, {"urn": "b"}], key="urn"), id_field="urn")
    assert ids(found) == ["a", "b"] and harvest.complete


# Ways to page


@pytest.mark.parametrize(
    "solr",
    [
        Solr(documents(20), sortable=False),
        Solr(documents(20), sortable=False, schema={"id"}),
        Solr(documents(20), cursors=False),
        Solr(documents(20), cursors=False, most=3),
        Solr(documents(20), key="other", schema={"id", "other", "last_indexed"}),
    ],
    ids=[
        "key not sortable",
        "nothing sortable",
        "before cursors",
        "fewer than asked for",
        "key that is not the unique one",
    ],
)
def test_without_a_cursor_it_is_counted(solr: Solr) -> None:
    """Every document is met all the same, and the number of ids says whether it was."""
    found, harvest = run(solr)
    assert sorted(ids(found)) == [f"doc {at:03}" for at in range(20)]
    assert harvest.complete


def shifting(solr: Solr, at: int, change: Callable[[list[Document]], object]) -> Solr:
    """The index changes just before that request."""

    def before(number: int) -> None:
        if number == at:
            change(solr.documents)

    solr.before = before
    return solr


def test_document_lost_by_counting_is_not_taken_for_deleted() -> None:
    """One that goes shifts the next past the page: the walk lacks it, and its mark stands still."""
    solr = shifting(Solr(documents(20), sortable=False, schema={"id"}), 5, lambda them: them.pop(0))
    found, harvest = run(solr, page_size=7)
    assert "doc 007" not in ids(found) and "doc 007" in ids(found, Presence)
    assert (harvest.complete, harvest.mark) == (True, None)


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (lambda them: them.pop(0), {"doc 000"}),
        (lambda them: them.pop(), {"doc 019"}),
        (lambda them: them.append({"id": "a"}), set()),
        (lambda them: them.append({"id": "z"}), set()),
        (lambda them: (them.pop(), them.append({"id": "a"})), {"doc 019"}),
    ],
    ids=["first goes", "last goes", "one comes behind", "one comes ahead", "one goes, one comes"],
)
def test_change_on_the_way_leads_to_another_walk_over_the_ids(change: Callable[..., Any], gone: set[str]) -> None:
    """Then it is known what is there, and only what is gone is not."""
    solr = shifting(Solr(documents(20), schema={"id"}), 2, change)
    found, harvest = run(solr)
    assert harvest.complete
    assert {f"doc {at:03}" for at in range(20)} - set(ids(found, Presence)) == gone


def test_second_walk_over_the_ids_makes_good_for_the_first() -> None:
    """Here the index changes on the first, and stands still on the second."""
    solr = shifting(Solr(documents(20), most=5), 5, lambda them: them.pop(0))
    found, harvest = run(solr, "2026-01-05")
    assert ids(found) == [] and harvest.complete
    assert len(ids(found, Presence)) == 20 + 19


def test_index_that_never_stands_still_is_never_complete(caplog: pytest.LogCaptureFixture) -> None:
    """What was not met may be there."""
    solr = Solr(documents(20), most=5)
    solr.before = lambda number: solr.documents.append({"id": f"new {number:03}"})
    found, harvest = run(solr)
    assert len(ids(found)) >= 20 and not harvest.complete
    assert "nothing can be taken for deleted in this run" in caplog.text


def test_number_of_documents_that_is_too_high_withdraws_nothing() -> None:
    """A server that forgets some of its pages; the next run begins where this one did."""

    class Forgetful(Solr):
        def _answer(self, *asked: Any) -> dict[str, Any]:
            body = super()._answer(*asked)
            body["response"]["numFound"] += 1
            return body

    _, harvest = run(Forgetful(documents(20)), "2026-01-01T15:00:00Z")
    assert (harvest.complete, harvest.mark) == (False, "2026-01-01T15:00:00Z")


def test_circle_is_noticed() -> None:
    """A cursor that moves, over documents that are the same for ever, would have no end."""
    marks = iter(range(10**6))

    def circling(_: object) -> Answer:
        body = {"response": {"numFound": 500, "docs": documents(400)}, "nextCursorMark": f"m{next(marks)}"}
        return Answer(json.dumps(body).encode())

    with pytest.raises(SourceError, match="the same documents come again and again"):
        run(circling, page_size=400)


def test_pages_without_documents_come_to_an_end() -> None:
    """Whatever the cursor says: some documents are not given, so the next run begins where this one did."""
    marks = iter(range(10**6))

    def empty(_: object) -> Answer:
        page = next(marks)
        assert page < 10, "asked again and again"
        return Answer(json.dumps({"response": {"numFound": 3, "docs": []}, "nextCursorMark": f"m{page}"}).encode())

    found, harvest = run(empty)
    assert (found, harvest.complete, harvest.mark) == ([], False, None)


def test_illegible_document_is_refused_alone_and_counted_by_its_id() -> None:
    """The walk over the ids tells that it is there."""
    deep: Any = "x"
    for _ in range(120):
        deep = [deep]
    found, harvest = run(Solr([{"id": "a"}, {"id": "b", "note": deep}, {"id": "c"}]))
    assert ids(found) == ["a", "c"] and ids(found, Presence) == ["a", "b", "c"]
    assert [str(each) for each in found if isinstance(each, Refusal)] == ["eprints:2: nested deeper than 100 levels"]
    assert harvest.complete


# Faults

GOOD = json.dumps({"response": {"numFound": 0, "docs": []}, "nextCursorMark": "*"}).encode()
PASSING = {
    "cut behind its length": Answer(GOOD, length=len(GOOD) + 50),
    "cut JSON": Answer(GOOD[:-20]),
    "500": error("shard timed out", 500),
    "503": Answer(status=503, headers={"Retry-After": "1"}),
    "HTML": Answer(b"<html>Log in</html>", headers={"Content-Type": "text/html"}),
    "partial": Answer(b'{"responseHeader": {"partialResults": true}, "response": {"numFound": 0, "docs": []}}'),
    "no numFound": Answer(b'{"response": {"docs": []}}'),
    "endless numFound": Answer(b'{"response": {"numFound": %s, "docs": []}}' % (b"9" * 5000)),
    "two answers": Answer(GOOD + GOOD),
    "nothing": Answer(b""),
}


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("at", [1, 2])
def test_passing_fault_costs_nothing(fault: str, at: int) -> None:
    """The page is asked for again."""
    solr = Solr(documents(20))
    solr.before = lambda number: PASSING[fault] if number == at else None
    found, harvest = run(solr)
    assert len(found) == 20 and harvest.complete


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("cut JSON", "breaks off"),
        ("500", "500.*shard timed out"),
        ("503", "503"),
        ("HTML", "not JSON, it begins with b'<html>"),
        ("partial", "partialResults"),
        ("no numFound", "numFound"),
    ],
)
def test_lasting_fault_breaks_the_run_off(fault: str, words: str) -> None:
    """On the third page: what came before is not the whole, so there is no mark and nothing is complete."""
    solr = Solr(documents(20))
    solr.before = lambda number: PASSING[fault] if number > 2 else None
    with serving(solr) as server:
        harvest = open_solr(endpoint(url=f"{server.url}/solr/biblio"), None, fetcher=PATIENT)
        with pytest.raises(SourceError, match=words):
            list(harvest)
    assert (harvest.complete, harvest.mark) == (False, None)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error("org.apache.solr.search.SyntaxError: Cannot parse 'a:'"), "eprints: Solr says: .*Cannot parse 'a:'"),
        (Answer(b'{"error": {"msg": "in a 200", "code": 400}}'), "Solr says: in a 200"),
        (Answer(b"<html>no such core", 404, {"Content-Type": "text/html"}), "404.*no such core"),
        (Answer(b"", 401), "401"),
    ],
)
def test_refusal_is_told_in_the_words_of_solr(answer: Answer, words: str) -> None:
    """It is asked once only: to ask again would change nothing."""
    with serving(lambda _: answer) as server, pytest.raises(SourceError, match=words):
        list(open_solr(endpoint(url=server.url), None, fetcher=PATIENT))
    assert len(server.asked) == 1


def test_password_goes_to_the_server_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    """As basic authentication; no message shows it."""
    own = endpoint(user="me", password="hush", delay=0, retries=0)  # noqa: S106 - made up
    with (
        serving(lambda _: Answer(b"", 401)) as server,
        caplog.at_level(logging.DEBUG),
        pytest.raises(SourceError) as caught,
    ):
        list(open_solr(replace(own, url=server.url), None))
    assert server.asked[0].headers["Authorization"] == "Basic bWU6aHVzaA=="
    assert "hush" not in f"{caught.value} {caplog.text} {own!r}"


@pytest.mark.parametrize(
    ("settings", "since", "kind"),
    [
        ({}, "NOW-1DAY", SourceError),
        ({}, "2026-02-30", SourceError),
        ({"since_field": "a:b OR *"}, None, ConfigurationError),
        ({"id_pattern": "("}, None, ConfigurationError),
        ({"id_pattern": "x", "id_replacement": r"\3"}, None, ConfigurationError),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(settings: Any, since: str | None, kind: type[Exception]) -> None:
    """Before any request."""
    with pytest.raises(kind):
        open_solr(endpoint(**settings), since)
