"""What an edition has counted equals what SPARQL counts, and lists from A to Z lose nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.catalogue.search_file import KEPT_FROM
from linkeddata.catalogue.search_lists import RELATED_BY, Lists, Place
from linkeddata.catalogue.search_row import KINDS
from linkeddata.record import Deletion

from .changing import change, load, some_records
from .graph_counts import WORKS, works_by_type, works_by_year, works_of

every_kind = pytest.mark.parametrize("kind", WORKS)


def lists_of(edition: Edition) -> Lists:
    assert edition.lists is not None
    return edition.lists


@pytest.fixture(scope="module")
def told(dev: Edition) -> dict[str, dict[str, dict[str, int]]]:
    """By kind and key the works of every thing with their years (0: none), as the graph says it."""
    return {kind: works_of(dev, kind) for kind in WORKS}


@pytest.fixture(scope="module")
def changed(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """An edition in which records were changed, withdrawn and added, too few for all to be made anew: some now say
    what others say."""
    data, records = tmp_path_factory.mktemp("changed"), some_records(shared, 230)
    first, late = records[:200], records[200:]
    load(data, first)
    change(
        data,
        *(replace(one, fields={**other.fields, "id": [one.id]}) for one, other in zip(first[:30], late, strict=False)),
    )
    change(data, *(Deletion(one.id) for one in first[20:45]), *late)
    edition = Catalogue(data).current()
    assert edition.counts["records"] == 200 - 25 + 30
    return edition


@pytest.fixture(params=["loaded", "changed"])
def counted(request: pytest.FixtureRequest, dev: Edition) -> Edition:
    """An edition as a load made it, and one as later runs left it."""
    edition: Edition = dev if request.param == "loaded" else request.getfixturevalue("changed")
    return edition


@every_kind
def test_works_of_everything_are_counted_as_sparql_counts_them(counted: Edition, kind: str) -> None:
    found = {each.key: each.works for each in lists_of(counted).values(kind, 1_000_000)}
    assert found == {key: len(works) for key, works in works_of(counted, kind).items()} != {}


def test_types_are_counted_as_sparql_counts_them(counted: Edition) -> None:
    """Every work under one type; where two types of a work tell as much, under either."""
    found = {each.key: each.works for each in lists_of(counted).values("type", 1000)}
    certain, possible = works_by_type(counted)
    assert sum(found.values()) == counted.counts["records"]
    assert all(certain[key] <= found.get(key, 0) <= possible[key] for key in {*found, *possible})


def test_years_are_counted_as_sparql_counts_them(counted: Edition) -> None:
    assert lists_of(counted).years() == works_by_year(counted)


def test_pictures_after_changes_are_what_sparql_tells(changed: Edition) -> None:
    """Of everything that has some works, kept or not."""
    for kind in WORKS:
        things = {key: works for key, works in works_of(changed, kind).items() if len(works) > 3}
        pictured = {key: lists_of(changed).portrait(kind, key)[0] for key in things}
        assert pictured == {key: dict(Counter(works.values())) for key, works in things.items()}


@every_kind
def test_pictures_are_what_sparql_tells(dev: Edition, told: Any, kind: str) -> None:
    """Kept ones and those made at the request alike."""
    some = sorted(told[kind], key=lambda key: (-len(told[kind][key]), key))[:40]
    assert kind not in ("journal", "org") or len(told[kind][some[0]]) >= KEPT_FROM
    pictured = {key: lists_of(dev).portrait(kind, key)[0] for key in some}
    assert pictured == {key: dict(Counter(told[kind][key].values())) for key in some}


@pytest.mark.parametrize(
    ("kind", "other"), [("name", "name"), ("name", "concept"), ("concept", "concept"), ("journal", "name")]
)
def test_neighbours_are_those_of_the_shared_works(dev: Edition, told: Any, kind: str, other: str) -> None:
    """The ten that share most works, each with the right number."""
    for key in sorted(told[kind], key=lambda key: (-len(told[kind][key]), key))[:15]:
        works = set(told[kind][key])
        shared = Counter({each: len(works & set(whose)) for each, whose in told[other].items() if each != key})
        best = sorted(filter(None, shared.values()), reverse=True)[:10]
        neighbours = lists_of(dev).portrait(kind, key)[1][other]
        assert [each.works for each in neighbours] == best
        assert all(shared[each.key] == each.works for each in neighbours)


def test_related_works_share_most(dev: Edition, told: Any) -> None:
    """Five of the highest score there is: an author counts three, a subject two, the journal one."""
    weights = {KINDS[kind]: weight for kind, weight in RELATED_BY.items()}
    for identifier in list(dev.ids())[::120]:
        uri = dev.uris.record(identifier)
        scores: Counter[str] = Counter()
        for kind, weight in weights.items():
            groups = [set(works) for works in told[kind].values() if uri in works and len(works) <= 200]
            scores.update({work: weight for group in groups for work in group - {uri}} if len(groups) == 1 else {})
            if len(groups) > 1:
                scores.update(
                    {work: weight * sum(work in group for group in groups) for work in set().union(*groups) - {uri}}
                )
        related = lists_of(dev).related(identifier)
        if sum(uri in works for kind in weights for works in told[kind].values()) <= 20:
            assert [scores[dev.uris.record(each.id)] for each in related] == sorted(scores.values(), reverse=True)[:5]


@pytest.mark.parametrize("kind", ["record", "name", "journal", "concept", "org"])
def test_list_from_a_to_z_shows_everything_once(dev: Edition, kind: str) -> None:
    """Page after page, forwards and backwards, each letter on its own, the letters' numbers being right."""
    lists, place, keys = lists_of(dev), Place(""), list[str]()
    while rows := lists.shelf(kind, size=1000, start=place):
        keys += [row.key for row in rows]
        place = rows[-1].place
    assert len(keys) == sum(count for _, count in lists.letters(kind)) >= 26
    back = lists.shelf(kind, size=10, start=place, back=True)
    assert [row.key for row in back] == keys[-11:-1]
    assert all(len(lists.shelf(kind, size=10**6, start=Place(""), letter=each)) == n for each, n in lists.letters(kind))
