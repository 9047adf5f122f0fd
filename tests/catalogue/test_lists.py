"""What an edition has counted equals what SPARQL counts, and lists from A to Z lose nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from linkeddata.catalogue import Edition
from linkeddata.catalogue.search_file import KEPT_FROM
from linkeddata.catalogue.search_lists import RELATED_BY, Lists, Place
from linkeddata.catalogue.search_row import KINDS
from linkeddata.store import Reader
from linkeddata.vocabulary.terms import PREFIXES

WORKS = {
    "name": "?thing foaf:focus ?agent . ?work dcterms:creator|dcterms:contributor ?agent",
    "journal": "?work dcterms:isPartOf/dcterms:isPartOf? ?thing FILTER(CONTAINS(STR(?thing), '/journal/'))",
    "concept": "?work dcterms:subject ?thing",
    "org": "{ ?work dcterms:publisher ?thing } UNION { ?d prov:wasAttributedTo ?thing ; foaf:primaryTopic ?work }",
    "collection": "?doc dcterms:isPartOf ?thing ; foaf:primaryTopic ?work",
}
every_kind = pytest.mark.parametrize("kind", WORKS)


def lists_of(edition: Edition) -> Lists:
    assert edition.lists is not None
    return edition.lists


@pytest.fixture(scope="module")
def told(dev: Edition) -> dict[str, dict[str, dict[str, int]]]:
    """By kind and key the works of every thing with their years (0: none), as the graph says it."""
    reader, start = Reader(dev.folder / "store"), f"{dev.uris.base}id/"
    prefixes = "".join(f"PREFIX {prefix}: <{uri}>\n" for prefix, uri in PREFIXES.items())
    found: dict[str, dict[str, dict[str, int]]] = {}
    for kind, pattern in WORKS.items():
        query = f"SELECT DISTINCT ?thing ?work ?issued {{ {pattern} OPTIONAL {{ ?work dcterms:issued ?issued }} }}"
        things = found.setdefault(kind, {})
        for thing, work, issued in reader.rows(prefixes + query):
            assert thing and work
            if work.startswith(f"{start}record/"):
                things.setdefault(thing.removeprefix(f"{start}{kind}/"), {})[work] = int((issued or "0")[:4])
    return found


@every_kind
def test_works_of_everything_are_counted_as_sparql_counts_them(dev: Edition, told: Any, kind: str) -> None:
    lists = lists_of(dev)
    counted = {each.key: each.works for each in lists.values(kind, 1_000_000)}
    assert counted == {key: len(works) for key, works in told[kind].items()}


@every_kind
def test_pictures_are_what_sparql_tells(dev: Edition, told: Any, kind: str) -> None:
    """Kept ones and those made at the request alike."""
    some = sorted(told[kind], key=lambda key: (-len(told[kind][key]), key))[:40]
    assert kind not in ("journal", "org") or len(told[kind][some[0]]) >= KEPT_FROM
    pictured = {key: lists_of(dev).portrait(kind, key)[0] for key in some}
    assert pictured == {key: dict(Counter(told[kind][key].values())) for key in some}


def test_home_counts_every_year(dev: Edition) -> None:
    years = Counter(hit for hit in _years(dev))
    assert lists_of(dev).years() == {year: works for year, works in years.items() if year}


def _years(dev: Edition) -> list[int]:
    reader = Reader(dev.folder / "store")
    query = (
        f"PREFIX dcterms: <{PREFIXES['dcterms']}> SELECT ?w (MIN(?y) AS ?year) {{ ?w dcterms:issued ?y }} GROUP BY ?w"
    )
    return [int((year or "0")[:4]) for _, year in reader.rows(query)]


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
