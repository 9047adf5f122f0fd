"""Searching in scripts without spaces, and for letters that are a letter of their own elsewhere."""

from __future__ import annotations

import pytest

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.catalogue.search import Wish
from linkeddata.publish import Site, publish
from linkeddata.record import Record

TITLES = {
    "zh": "紅樓夢中的服飾研究",
    "zh-2": "中国古代服饰史",
    "ja": "源氏物語における色彩の象徴",
    "ja-2": "明治時代の織物産業",
    "th": "ประวัติศาสตร์ผ้าไหมไทย",
    "pl": "Łódź i przemysł włókienniczy",
    "da": "Smørrebrød og højtid",
    "de": "Straßen und Plätze in Gießen",
    "hr": "Đakovo: grad i ljudi",
}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    data = tmp_path_factory.mktemp("scripts")
    records = [Record(name, {"id": [name], "title": [title]}) for name, title in TITLES.items()]
    publish(records, Catalogue(data), Site("https://data.example.org/"), processes=1)
    return Catalogue(data).current()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("紅樓夢", ["zh"]), ("服飾", ["zh"]), ("中的服飾", ["zh"]), ("古代服", ["zh-2"]),
        ("源氏物語", ["ja"]), ("色彩の象徴", ["ja"]), ("織物", ["ja-2"]), ("明治時代 織物産", ["ja-2"]),
        ("ผ้าไหม", ["th"]), ("源氏物语学", []),
        ("lodz", ["pl"]), ("ŁÓDŹ", ["pl"]), ("wlokienniczy", ["pl"]), ("smorrebrod", ["da"]), ("hojtid", ["da"]),
        ("strassen", ["de"]), ("giessen", ["de"]), ("dakovo", ["hr"]),
    ],
)  # fmt: skip
def test_found_by_a_part_of_the_title(edition: Edition, typed: str, found: list[str]) -> None:
    """By characters in a row where a script has no spaces, by whole words typed without their marks elsewhere."""
    assert edition.search is not None
    result = edition.search.find(Wish(typed))
    assert [hit.id for hit in edition.search.page(result, 0, 10)] == found
