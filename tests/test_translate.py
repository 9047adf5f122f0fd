"""Documents to what is entered of them: the same, and in the same order, however many processes do it."""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkeddata.catalogue import Translation
from linkeddata.record import Brought, Deletion, Record, Refusal
from linkeddata.sources import open_source, open_unread
from linkeddata.translate import Batch, Site, translated

SITE = Site("https://data.example.org/")


def lines() -> Iterator[str]:
    """Some batches of documents; now and then one is deleted again, another is broken, or holds half a character."""
    for number in range(450):
        yield json.dumps({"id": f"r{number}", "title": [f"Title {number}"], "odd": "\ud800" * (number % 90 == 7)})
        if number % 50 == 0:
            yield json.dumps({"delete": [f"r{number}", f"r{number - 1}"]})
            yield '{"id": '


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "in.jsonl").write_text("\n".join(lines()))
    return str(tmp_path / "in.jsonl")


def tallied(batches: list[Batch]) -> list[Counter[object]]:
    """What was counted, and the quads."""
    counts = [sum((Counter(getattr(each, name)) for each in batches), Counter()) for name in ("fields", "mined")]
    return [*counts, Counter({line: 1 for each in batches for line in each.quads.splitlines()})]


def test_documents_read_by_several_processes_come_as_if_read_by_one(file: str) -> None:
    """Records, deletions and refusals in the order of the file, with their places; beside others that were read."""
    first: list[Brought] = [Deletion("r9"), Record("r9", {"title": ["Half \ud800"]})]
    ours = list(translated([*first, *open_unread(file)], SITE, 2, fills=True))
    theirs = list(translated([*first, *open_source(file)], SITE, 1, fills=True))
    outcomes, expected = ([each for batch in batches for each in batch.outcomes] for batches in (ours, theirs))
    assert outcomes == expected
    assert {Translation: 451, Deletion: 19, Refusal: 9} == Counter(map(type, outcomes))
    assert [getattr(each, "place", "") for each in outcomes] == [getattr(each, "place", "") for each in expected]
    assert tallied(ours) == tallied(theirs)


@pytest.mark.parametrize("name", ["nasty.jsonl", "nasty_broken.jsonl", "dev_extended.jsonl.gz"])
def test_no_cycles_are_left(shared: Path, name: str) -> None:
    """What is done with is let go of at once, whatever was wrong with it: nobody need look for it."""
    # The first time, tables are read; and another thread may leave some at any time.
    assert min(_cycles_left(str(shared / "data" / name)) for _ in range(3)) == 0


def _cycles_left(file: str) -> int:
    gc.collect()
    gc.disable()
    try:
        assert list(translated(open_unread(file), SITE, 1, fills=True))
        return gc.collect()
    finally:
        gc.enable()


def test_batch_ends_where_values_grow_many(file: str, tmp_path: Path) -> None:
    """Each comes to several statements, so they weigh more than they are long, read or unread."""
    document = json.dumps({"id": "a", "topic": ["x"] * 20_000})
    (tmp_path / "many.jsonl").write_text(f"{document}\n" * 20)
    many = str(tmp_path / "many.jsonl")
    sizes = [[len(batch.outcomes) for batch in translated(door(many), SITE, 1)] for door in (open_source, open_unread)]
    assert max(sizes[1]) <= max(sizes[0]) < 20
