"""`Verifier`: nothing is found where all is well, and each door that says something else is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from linkeddata.catalogue import Edition
from linkeddata.publish import Site
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.verify import Answer, Report, Verifier, sample

from .conftest import BASE, SEED, SITE, Asked, publish_in, verified

JOURNAL, DOCUMENT = "id/journal/issn-0028-0836", f"doc/record/{SEED}"
DOORS = ("jsonld", "json", "ttl", "nt", "rdf", "nq", "trig")
FORMS = ("compacted", "expanded", "flattened", "framed")
THINGS = (
    *(SEED, f"id/record/{SEED}", f"/{DOCUMENT}.ttl", f"{BASE}{DOCUMENT}", f"{BASE}{JOURNAL}"),
    *("a", "a.ttl", "a.schema.jsonld", "crowd", "long"),
    *("id/scheme/topic", "id/dataset/catalogue", "def/profile-1", "def/mining-1", "ontologies/terms"),
)


def doors(report: Report) -> set[str]:
    return {fault.door for fault in report.faults}


def swapped(address: str, old: bytes, new: bytes) -> Callable[[str, Answer], Answer]:
    """A door that says something else than it should."""
    return lambda asked, answer: replace(answer, body=answer.body.replace(old, new)) if asked == address else answer


@pytest.mark.parametrize("text", THINGS)
def test_every_door_says_the_same(edition: Edition, asked: Asked, text: str) -> None:
    """Of records with the oddest ids, of shared things, and of documents of rules."""
    report = verified(edition, asked, text)
    assert (report.faults, report.things) == ([], 1)
    assert report.statements > 5


def test_every_format_and_form_is_asked(edition: Edition, asked: Asked) -> None:
    """Formats, forms of JSON-LD, the view for crawlers and the page."""
    verified(edition, asked, SEED)
    wanted = {f"{DOCUMENT}.{door}" for door in (*DOORS, "html", "schema.jsonld")}
    assert wanted | {f"{DOCUMENT}.jsonld?form={form}" for form in FORMS} <= set(asked.addresses)


def test_every_page_of_a_long_document_is_asked(edition: Edition, tmp_path: Path) -> None:
    """A journal with more works than a page holds: as many pages as it takes, in every format."""
    works = [Record(str(n), {"id": [str(n)], "title": ["T"], "publisher": ["P"]}) for n in range(60)]
    own, app = publish_in(tmp_path, works)
    asked = Asked(app)
    publisher = own.listing("org", page=1).rows[0].uri
    report = verified(own, asked, publisher)
    assert (report.faults, report.documents) == ([], 2)
    assert {f"{publisher.removeprefix(BASE).replace('id/', 'doc/')}.{door}?page=2" for door in DOORS} <= {
        *asked.addresses
    }
    app.extensions["current"].close()


def test_cache_that_gives_the_first_page_for_every_number_is_found(edition: Edition, asked: Asked) -> None:
    """A fault, and no endless book."""
    first: dict[str, Answer] = {}
    asked.meddle = lambda address, answer: first.setdefault(re.sub(r"[?&]page=\d+", "", address), answer)
    assert doors(verified(edition, asked, f"{BASE}{JOURNAL}")) == {"all page 2"}


def test_store_that_does_not_answer_is_a_fault_and_no_endless_book(edition: Edition, asked: Asked) -> None:
    """Every door of a shared thing says so once; nobody leafs on to further pages."""
    asked.meddle = lambda _, answer: replace(answer, status=503)
    report = verified(edition, asked, f"{BASE}{JOURNAL}")
    assert set(DOORS) <= doors(report)
    assert not any("page=2" in address for address in asked.addresses)


@pytest.mark.parametrize(
    ("door", "suffix"), [*((door, door) for door in DOORS), ("jsonld framed", "jsonld?form=framed")]
)
def test_door_that_says_something_else_is_found(edition: Edition, asked: Asked, door: str, suffix: str) -> None:
    """One word changed at one door is a fault of this door, with what it lacks and what it has too much."""
    asked.meddle = swapped(f"{DOCUMENT}.{suffix}", b"Waring", b"Warning")
    (fault,) = [each for each in verified(edition, asked, SEED).faults if "#mined" not in each.door]
    assert fault.door == door
    assert fault.missing and fault.surplus
    assert any("Warning" in line for line in fault.lines())


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(404, "text/turtle; charset=utf-8", b"none"), "status 404"),
        (Answer(200, "text/plain; charset=utf-8", b""), "it comes as text/plain"),
        (Answer(200, "text/turtle; charset=utf-8", b"<a"), "Unexpected end"),
        (Answer(200, "text/turtle; charset=utf-8", b""), "statements missing, 0 too many"),
    ],
)
def test_door_that_gives_no_graph_is_found(edition: Edition, asked: Asked, answer: Answer, problem: str) -> None:
    """Wrong status or type, what no parser reads, and nothing at all."""
    asked.meddle = lambda address, known: answer if address == f"{DOCUMENT}.ttl" else known
    (fault,) = verified(edition, asked, SEED).faults
    assert fault.door == "ttl"
    assert problem in fault.problem


def test_context_that_stands_elsewhere_is_found(edition: Edition, asked: Asked) -> None:
    """JSON-LD is read without a network."""
    body = b'{"@context": "https://example.org/context.jsonld", "@graph": []}'
    asked.meddle = lambda address, known: replace(known, body=body) if address == f"{DOCUMENT}.json" else known
    (fault,) = verified(edition, asked, SEED).faults
    assert "https://example.org/context.jsonld" in fault.problem


@pytest.mark.parametrize("door", ["nq", "trig"])
def test_mined_graph_that_is_another_is_found(edition: Edition, asked: Asked, door: str) -> None:
    """The named graph holds what was mined, under its own name."""
    asked.meddle = swapped(f"{DOCUMENT}.{door}", b"#mined>", b"#other>")
    faults = [each for each in verified(edition, asked, SEED).faults if each.door.startswith(door)]
    assert any("#other" in each.door and each.surplus for each in faults)
    assert any("#mined" in each.door and each.missing for each in faults)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"application/ld+json", b"application/json", "0 blocks"),
        (b'"headline":', b'"headline2":', "headline, headline2"),
        (b'{"@context"', b"{", "Expecting"),
        (b"</head>", b'<script type="application/ld+json">{}</script></head>', "2 blocks"),
    ],
)
def test_block_that_is_not_the_view_is_found(
    edition: Edition, asked: Asked, old: bytes, new: bytes, problem: str
) -> None:
    """A page without it, with another, with two, and with one that is no JSON."""
    asked.meddle = swapped(f"{DOCUMENT}.html", old, new)
    (fault,) = verified(edition, asked, SEED).faults
    assert fault.door.startswith("html")
    assert problem in fault.problem


def test_endpoint_that_lags_behind_is_found(tmp_path: Path) -> None:
    """It has statements that nobody makes any more, and lacks new ones; so of a shared thing."""
    record = Record("a", {"id": ["a"], "title": ["New"], "publisher": ["P"], "topic": ["T"]})
    edition, app = publish_in(tmp_path / "new", [record])
    _, stale = publish_in(tmp_path / "old", [replace(record, fields={"id": ["a"], "title": ["Old"], "topic": ["T"]})])
    report = verified(edition, Asked(app, stale), "a", edition.listing("org", page=1).rows[0].uri)
    assert doors(report) == {"sparql"}
    assert any('"New"' in line for line in report.faults[0].missing)
    assert any('"Old"' in line for line in report.faults[0].surplus)
    assert report.faults[1].missing
    for each in (app, stale):
        each.extensions["current"].close()


def test_mapping_that_has_changed_is_found(edition: Edition, asked: Asked) -> None:
    """What the mapping would make of the source document now is not what is served."""
    report = verified(edition, asked, SEED, site=Site(BASE, licence="https://example.org/licence"))
    assert "map" in doors(report)
    assert all(door.split()[0] in ("map", "sparql") for door in doors(report))


def test_report_counts_and_stays_short(edition: Edition, asked: Asked) -> None:
    """However much differs, some lines are told and all are counted."""
    asked.meddle = lambda address, known: replace(known, body=b"") if address == f"{DOCUMENT}.nt" else known
    report = verified(edition, asked, SEED, "a")
    (told,) = report.as_json()["faults"]  # type: ignore[misc]
    assert (told["missing"], len(told["first_missing"])) == (len(report.faults[0].missing), 5)
    assert len([*report.lines()]) == 8
    assert [*report.lines()][-1].startswith("verified 2 things in 2 documents, ")


def test_sample_draws_the_same_again(edition: Edition) -> None:
    """Records and shared things that they speak of, each once; another seed draws others."""
    first, again, other = ([each.uri for each in sample(edition, 8, seed)] for seed in (1, 1, 2))
    assert first == again != other
    assert len({*first}) == len(first)
    assert sum("/id/record/" in uri for uri in first) == 8
    assert sum("/id/record/" in each.uri for each in sample(edition, 10_000, 1)) == edition.counts["records"]


def test_real_and_hostile_records_say_the_same_everywhere(shared: Path, tmp_path: Path) -> None:
    """A dozen of the development records, a dozen of the hostile ones, and things that they speak of."""
    files = [shared / "data" / name for name in ("dev.jsonl.gz", "nasty.jsonl")]
    records = [each for file in files for each in islice(open_source(str(file)), 300) if isinstance(each, Record)]
    edition, app = publish_in(tmp_path, records[::25] + records[300:336:3])
    verifier = Verifier(edition, SITE, Asked(app))
    for each in sample(edition, 30, 1):
        verifier.verify(each)
    assert [*map(str, verifier.report.faults)] == []
    app.extensions["current"].close()
