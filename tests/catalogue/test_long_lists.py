"""Lists of 200,000 names: every page of every letter is there, and none is looked for by reading the list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from linkeddata.catalogue.search import Search, Wish
from linkeddata.catalogue.search_lists import Lists, Place
from linkeddata.catalogue.search_reader import IndexFile
from linkeddata.catalogue.search_writer import SearchWriter
from linkeddata.vocabulary.folding import fold, letter

NAMES, PAGE = 200_000, 50
BASE = "https://data.example.org/"
#: What labels begin with: Latin with and without marks, Cyrillic, Greek, Chinese, Japanese, Hebrew, digits and signs.
BEGINNINGS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "É", "Ø", "Łu", "Ж", "Щ", "Σ", "李", "さ", "ש", "3", "…")


def things() -> Iterator[tuple[str, str]]:
    """URI and label; the labels of a beginning are in no order."""
    for place in range(NAMES):
        start = BEGINNINGS[place % len(BEGINNINGS)]
        yield f"{BASE}id/name/n{place}", f"{start}{place * 7919 % 99991:05}, Name"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with no records and many names."""
    file = tmp_path_factory.mktemp("long") / "search.sqlite"
    writer = SearchWriter(file, None)
    for _ in writer.entering("name", things(), BASE):
        pass
    writer.finish()
    return file


@pytest.fixture(scope="module")
def lists(index: Path) -> Lists:
    return Lists(index)


@pytest.fixture(scope="module")
def keys() -> list[str]:
    """The keys in the order of the list."""
    placed = ((letter(fold(label)), fold(label), uri.rpartition("/")[2]) for uri, label in things())
    return [key for *_, key in sorted(placed)]


@pytest.mark.parametrize("text", ["", "music", "the name*"])
def test_index_without_records_finds_nothing(index: Path, text: str) -> None:
    result = Search(index).find(Wish(text))
    assert (result.total, list(result.docs), result.years) == (0, [], {})


@pytest.mark.parametrize("page", [1, 2, 1999, 2000, 2001, 2002, 3999, 4000])
def test_any_page_holds_its_part_of_the_list(lists: Lists, keys: list[str], page: int) -> None:
    rows = lists.numbered("name", page, size=PAGE)
    assert [row.key for row in rows] == keys[(page - 1) * PAGE : page * PAGE] != []


@pytest.mark.parametrize("page", [0, -1, 4001, 10**9])
def test_page_that_is_not_there_is_empty(lists: Lists, page: int) -> None:
    assert lists.numbered("name", page, size=PAGE) == []


def test_letters_count_everything(lists: Lists) -> None:
    """Marked letters stand with those they are made of; other alphabets and scripts have their places, and the rest."""
    letters = dict(lists.letters("name"))
    assert sum(letters.values()) == lists.things("name") == NAMES
    assert set(letters) == {*"abcdefghijklmnopqrstuvwxyz", "ж", "щ", "σ", "~cjk", "~hiragana", "~hebrew", "#"}


def test_every_letter_is_its_part_of_the_list(lists: Lists, keys: list[str]) -> None:
    """First page and last page of each, one letter after the other, without a gap."""
    start = 0
    for each, count in lists.letters("name"):
        last = -(-count // PAGE)
        ends = [lists.numbered("name", page, size=PAGE, letter=each) for page in (1, last)]
        wanted = keys[start : start + PAGE] + keys[start + (last - 1) * PAGE : start + count]
        assert [row.key for row in chain(*ends)] == wanted
        start += count


def test_place_leads_on_from_any_page(lists: Lists, keys: list[str]) -> None:
    """Forwards and back, by the last row seen."""
    (row,) = lists.numbered("name", 3001, size=PAGE)[-1:]
    assert [each.key for each in lists.shelf("name", size=3, start=row.place)] == keys[3001 * PAGE : 3001 * PAGE + 3]
    back = lists.shelf("name", size=1, start=Place(*row.place), back=True)
    assert [each.key for each in back] == [keys[3001 * PAGE - 2]]


@pytest.mark.parametrize("letter_asked", [None, "m", "#"])
@pytest.mark.parametrize("page", [1, 2000, 4000])
def test_no_page_is_found_by_reading_or_sorting_the_list(
    index: Path, monkeypatch: pytest.MonkeyPatch, page: int, letter_asked: str | None
) -> None:
    """The engine's plan looks up entries of its indexes."""
    plans = list[str]()

    def explained(self: IndexFile, query: str, *values: object) -> list[Any]:
        plans.extend(row[3] for row in self.connection.execute(f"EXPLAIN QUERY PLAN {query}", values))
        return self.connection.execute(query, values).fetchall()

    monkeypatch.setattr(IndexFile, "rows", explained)
    Lists(index).numbered("name", page, size=PAGE, letter=letter_asked)
    of_names = [plan for plan in plans if " thing " in f"{plan} "]
    assert all("SEARCH" in plan for plan in of_names) and not [plan for plan in plans if plan.startswith("SCAN thing")]
