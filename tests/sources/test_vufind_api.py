"""Answers of VuFind's REST API."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from linkeddata.record import Reading, Record, Refusal, readings_of
from linkeddata.sources import open_source
from linkeddata.sources.solr_file import cut_solr

RECORD = {
    "id": " x/1 ",
    "title": "T",
    "authors": {
        "primary": {"Waring, Justin": {"role": ["aut"]}, "Lee, Bo": {"role": ["-"]}},
        "secondary": [],
        "corporate": {"The Group": {}},
    },
    "formats": ["Book"],
    "languages": ["English"],
    "series": [{"name": "S", "number": "2"}],
    "subjects": [["Banks", "History"], ["Ice"]],
    "urls": [{"url": "http://x/", "desc": "Full text"}],
    "buildings": [{"value": "0/Main/", "translated": "Main"}],
}
EXPECTED = {
    "title": ["T"],
    "author": ["Waring, Justin", "Lee, Bo"],
    "author_role": ["aut", ""],
    "author_corporate": ["The Group"],
    "format": ["Book"],
    "language": ["English"],
    "series": ["S"],
    "topic": ["Banks--History", "Ice"],
    "url": ["http://x/"],
    "building": ["0/Main/"],
}


def read(answer: object, **options: int) -> list[Reading]:
    return list(readings_of(cut_solr(iter([json.dumps(answer, **options).encode()]), "f")))  # type: ignore[arg-type]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("before", [{"resultCount": 1}, {"status": "OK", "resultCount": 1}, {}])
def test_record_has_the_fields_of_its_solr_document(before: dict[str, object], indent: int | None) -> None:
    """Objects become lists again; the id is verbatim."""
    [found] = read({**before, "records": [RECORD], "facets": {"records": []}}, indent=indent)  # type: ignore[arg-type]
    assert isinstance(found, Record)
    assert found.id == " x/1 "
    assert {name: values for name, values in found.fields.items() if name != "id"} == EXPECTED


def test_answer_of_none_is_none() -> None:
    """The API leaves the list out."""
    assert read({"resultCount": 0, "status": "OK"}) == []


def test_record_without_id_is_refused_alone() -> None:
    """The fields asked for may not have had it."""
    first, second = read({"resultCount": 2, "records": [{"title": "T"}, RECORD]})
    assert isinstance(first, Refusal) and first.reason == "no id"
    assert isinstance(second, Record)


def test_real_answer_is_read_whole_and_says_that_nothing_can_be_mined(
    shared: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever loads it learns why there are no citations."""
    with caplog.at_level(logging.INFO, "linkeddata"):
        found = list(open_source(str(shared / "data/solr/vufind_api_search.json")))
    assert [type(each) for each in found] == [Record] * 20
    assert caplog.messages[0].endswith("records of VuFind's API, which have no text to mine citations from")


@pytest.mark.parametrize(
    "odd",
    [{"authors": []}, {"authors": {"primary": "x"}}, {"subjects": [{"heading": ["A", "B"]}]}, {"urls": ["http://x/"]}],
)
def test_odd_shapes_cost_their_field_only(odd: dict[str, object]) -> None:
    """Versions of VuFind differ."""
    [found] = read({"resultCount": 1, "records": [{**RECORD, **odd}]})
    assert isinstance(found, Record)
