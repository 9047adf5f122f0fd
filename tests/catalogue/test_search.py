"""Searching the development records: what comes first, what it counts under, and that nothing typed does harm."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from linkeddata.catalogue import Edition
from linkeddata.catalogue.search import Search, Wish
from linkeddata.vocabulary.uris import read

CASES = tomllib.loads(Path(__file__).parents[1].joinpath("search_cases.toml").read_text("utf-8"))["case"]


def search_of(edition: Edition) -> Search:
    assert edition.search is not None
    return edition.search


def ids(edition: Edition, **wished: Any) -> list[str]:
    search = search_of(edition)
    return [hit.id for hit in search.page(search.find(Wish(**wished)), 0, 1000)]


@pytest.mark.parametrize("case", [case for case in CASES if "first" in case], ids=lambda case: case["query"])
def test_what_was_meant_comes_first(dev: Edition, case: dict[str, Any]) -> None:
    """Written before the ranking was tuned."""
    wanted = [case["first"]] if isinstance(case["first"], str) else case["first"]
    found = ids(dev, text=case["query"])
    assert found[:1] and found[0].strip() in wanted


@pytest.mark.parametrize("case", [case for case in CASES if "leads_to" in case], ids=lambda case: case["query"])
def test_name_of_one_thing_leads_to_it(dev: Edition, case: dict[str, Any]) -> None:
    assert dev.called(case["query"]) == read(case["leads_to"])
