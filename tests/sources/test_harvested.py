"""Harvested records as JSON lines, and back again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linkeddata.record import Deletion, Reading, Record, Refusal, readings_of
from linkeddata.sources import open_source
from linkeddata.sources.harvested import harvested_line
from linkeddata.sources.solr_file import cut_solr

TEXTS = st.text(st.characters(), max_size=8)
IDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
NAMES = st.sampled_from(["id", "@harvest", "delete", "deleted", "eprintid", "creators", "_version_", "title"]) | TEXTS
RECORDS = st.builds(Record, IDS, st.dictionaries(NAMES, st.lists(TEXTS, max_size=3), max_size=6), st.none() | TEXTS)


def read(*lines: bytes) -> list[Reading]:
    return list(readings_of(cut_solr(iter([b"".join(lines)]), "f")))


@given(st.lists(RECORDS, max_size=4))
def test_any_record_comes_back_as_it_was(records: list[Record]) -> None:
    """Whatever its id, its fields and its time: empty texts, odd names and broken characters, too."""
    assert read(*map(harvested_line, records)) == records


@given(IDS, st.none() | TEXTS.filter(bool), st.none() | IDS)
def test_any_deletion_comes_back_as_it_was(own_id: str, datestamp: str | None, successor: str | None) -> None:
    """With its time, and the id that took its place, which is another."""
    assume(successor != own_id)
    deletion = Deletion(own_id, datestamp, successor=successor)
    assert read(harvested_line(deletion)) == [deletion]


@pytest.mark.parametrize(
    "file",
    [
        "dev_extended.jsonl.gz",
        "nasty.jsonl",
        "solr/vufind_select.json",
        "solr/vufind_api_search.json",
        "oai/listrecords_dspace_2004_deleted.xml",
        "oai/listrecords_doaj_2017_token.xml",
        "eprints/caltech_import_24.xml",
        "marc/weird_ids.mrc",
    ],
)
def test_records_of_every_source_come_back_as_they_were(shared: Path, file: str) -> None:
    """Deletions, too."""
    found = [each for each in open_source(str(shared / "data" / file)) if isinstance(each, Record | Deletion)]
    assert read(*map(harvested_line, found)) == found and found


def test_line_of_a_plain_record_is_its_document() -> None:
    """Nothing is added that is not needed; a time of change is one member more."""
    record = Record("a", {"id": ["a"], "title": ["T"]})
    assert json.loads(harvested_line(record)) == {"id": ["a"], "title": ["T"]}
    dated = json.loads(harvested_line(Record("a", record.fields, "2026-01-01")))
    assert dated == {"id": ["a"], "title": ["T"], "@harvest": {"datestamp": "2026-01-01"}}


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"fields": {"x": "y"}}, "@harvest is not what a harvest writes"),
        ({"fields": [1]}, "@harvest is not what a harvest writes"),
        ({"datestamp": ["2026"]}, "@harvest is not what a harvest writes"),
        ({"id": ""}, "id is empty"),
        ({"id": ["a", "b"]}, "id has 2 values, a record has one"),
    ],
)
def test_line_that_was_written_by_others_is_refused(about: object, reason: str) -> None:
    """With its place."""
    [refused] = read(json.dumps({"id": "a", "@harvest": about}).encode())
    assert isinstance(refused, Refusal) and str(refused) == f"f:1: {reason}"


def test_member_of_that_name_that_is_a_text_is_a_field() -> None:
    """Only an object says more."""
    [record] = read(b'{"id": "a", "@harvest": "x"}')
    assert record == Record("a", {"id": ["a"], "@harvest": ["x"]})
