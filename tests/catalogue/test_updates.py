"""Updates: whatever the sequence, what is served is what a fresh load of the same records gives."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkeddata.catalogue import Catalogue
from linkeddata.errors import RefusedForSafety, SourceError
from linkeddata.publish import Given, Report, Run, Site, Work, publish, remap, update
from linkeddata.record import Deletion, Presence, Reading, Record, Refusal
from linkeddata.vocabulary.uris import Name

from .index_content import index_content

SITE = Site("https://data.example.org/", "Example")
WORK = Work(SITE, processes=1)
CITATION = "Waring, Justin (2017) A study. {journal}, {volume} (2). pp. 1-9. ISSN 0028-0836"


def record(identifier: str, title: str = "A title", *, source: str = "", **fields: str | int | list[str]) -> Record:
    named = {name: value if isinstance(value, list) else [str(value)] for name, value in fields.items()}
    return Record(identifier, {"id": [identifier], "title": [title], **named}, place="here:1", source=source)


def fresh(directory: Path, *readings: Reading, site: Site = SITE) -> Report:
    return publish(readings, Catalogue(directory), site, processes=1)


def change(directory: Path, *readings: Reading, site: Site = SITE) -> Report:
    return update([Run(lambda _: Given(readings))], Catalogue(directory), Work(site, processes=1))


def dump(directory: Path) -> list[bytes]:
    """All quads that an edition holds, in the dump's own order."""
    return gzip.decompress((directory / "current" / "dump.nq.gz").read_bytes()).splitlines()


@dataclass
class Harvest:
    """A source's answer to one run."""

    readings: Iterable[Reading]
    mark: str | None = "2026-01-01T00:00:00Z"
    complete: bool = True
    total: int | None = None
    shortfall: str = ""

    def __iter__(self) -> Iterator[Reading]:
        return iter(self.readings)


def harvested(directory: Path, *harvests: Harvest, allow_shrink: bool = False, settings: str = "") -> Report:
    """An update from sources called `s0`, `s1`, …, each of which may lose half of its records."""

    def run(number: int, harvest: Harvest) -> Run:
        return Run(lambda _: harvest, f"s{number}", settings, 0.5)

    runs = [run(number, harvest) for number, harvest in enumerate(harvests)]
    return update(runs, Catalogue(directory), Work(SITE, processes=1, allow_shrink=allow_shrink))


# Few of each, so that records share journals, publishers, subjects and people, and cease to.
IDS = st.sampled_from(["a", "b", "c/d", "e"])
RECORDS = st.builds(
    record,
    IDS,
    st.sampled_from(["One", "Two"]),
    author=st.lists(st.sampled_from(["Waring, Justin", "Curie, Marie"]), max_size=2),
    publisher=st.sampled_from(["Wiley", "Springer"]),
    topic=st.lists(st.sampled_from(["Physics", "Care"]), max_size=2),
    container_title=st.sampled_from(["Nature", "Science"]),
    issn=st.sampled_from(["0028-0836", "0036-8075"]),
    container_volume=st.sampled_from(["1", "2"]),
    container_issue=st.sampled_from(["1", "2"]),
    recordtype=st.just("eprints"),
    spelling=st.sampled_from([CITATION.format(journal="Nature", volume=volume) for volume in (7, 8)]),
)
STEPS = st.lists(st.lists(st.one_of(RECORDS, RECORDS, st.builds(Deletion, IDS)), min_size=1, max_size=4), max_size=5)


def survivors(steps: list[list[Reading]]) -> list[Record]:
    """What is left of a sequence of updates: of each id what came last, unless it was deleted then."""
    left: dict[str, Record] = {}
    for step in steps:
        put: dict[str, Record] = {}
        for reading in step:
            if isinstance(reading, Deletion):
                put.pop(reading.id, None)
                left.pop(reading.id, None)
            elif isinstance(reading, Record):
                put[reading.id] = better(put.get(reading.id), reading)
        left |= put
    return list(left.values())


def better(old: Record | None, new: Record) -> Record:
    """Of two records of one id in one run, of which none is dated, the one that a load of both publishes."""
    if old is None:
        return new
    with TemporaryDirectory() as folder:
        fresh(Path(folder), old, new)
        document, _ = next(iter(Catalogue(Path(folder)).current().sources()))
    return old if json.loads(document)["fields"] == dict(old.fields) else new


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(first=st.lists(RECORDS, min_size=1, max_size=4), steps=STEPS)
def test_load_equals_updates_that_end_in_the_same_records(first: list[Record], steps: list[list[Reading]]) -> None:
    """Put, changed, withdrawn and put again, across ids that share things: the dump is that of a fresh load,
    graphs of mined statements included."""
    with TemporaryDirectory() as folder:
        changed, loaded = Path(folder) / "changed", Path(folder) / "loaded"
        fresh(changed, *first)
        for step in steps:
            change(changed, *step)
        if left := survivors([list(first), *steps]):
            fresh(loaded, *left)
            assert dump(changed) == dump(loaded)
            assert facts(changed) == facts(loaded)
        else:
            assert Catalogue(changed).current().counts["records"] == 0


def facts(directory: Path) -> tuple[object, ...]:
    """What an edition counts, lists and finds, which must not depend on how it came to be either."""
    edition = Catalogue(directory).current()
    lists = [edition.listing(kind, page=1).rows for kind in ("record", "name", "journal", "concept", "org")]
    return dict(edition.counts), lists, index_content(edition.folder)


def test_first_update_is_a_load(tmp_path: Path) -> None:
    """An empty data directory gets its first edition from an update, too."""
    assert change(tmp_path, record("a")).edition == 1
    assert Catalogue(tmp_path).current().counts["records"] == 1


def test_update_without_changes_issues_no_edition(tmp_path: Path) -> None:
    """The same records again change nothing, and no file of the edition is touched."""
    fresh(tmp_path, record("a"), record("b"))
    report = change(tmp_path, record("b"), record("a"))
    assert (report.edition, report.unchanged, report.published) == (None, 2, 2)
    assert Catalogue(tmp_path).numbers() == [1]


def test_report_tells_new_from_changed_from_unchanged(tmp_path: Path) -> None:
    fresh(tmp_path, record("a"), record("b"), record("c"))
    report = change(tmp_path, record("a"), record("b", "Other"), record("d"), Deletion("c"))
    assert (report.new, report.changed, report.unchanged, report.withdrawn) == (1, 1, 1, 1)
    kept = json.loads(Catalogue(tmp_path).current().report())
    assert (kept["new"], kept["changed"], kept["withdrawn"], kept["published"]) == (1, 1, 1, 3)


def test_later_run_takes_the_place_of_an_earlier_one_whatever_its_age(tmp_path: Path) -> None:
    """A source that goes back to an older version is believed."""
    fresh(tmp_path, record("a", "New", _version_=9))
    change(tmp_path, record("a", "Old", _version_=1))
    assert any(b'"Old"' in line for line in dump(tmp_path))
    assert not any(b'"New"' in line for line in dump(tmp_path))


def test_newest_of_one_id_in_one_update_wins(tmp_path: Path) -> None:
    """Whatever the order, and though the older is what was published before."""
    fresh(tmp_path, record("a", "First", _version_=1))
    report = change(tmp_path, record("a", "Third", _version_=3), record("a", "First", _version_=1))
    assert ([loser.id for loser in report.superseded], report.changed) == (["a"], 1)
    assert any(b'"Third"' in line for line in dump(tmp_path))


def test_record_that_cannot_be_published_any_more_goes(tmp_path: Path) -> None:
    """Its newest version has no title: a load would not publish it, so an update withdraws it, and says why."""
    fresh(tmp_path, record("a"), record("b"))
    report = change(tmp_path, record("a", ""))
    assert (report.withdrawn, [refusal.id for refusal in report.refused]) == (1, ["a"])
    assert Catalogue(tmp_path).current().gone(Name("record", "a")) is not None


def test_id_alone_saves_no_record_that_cannot_be_published_any_more(tmp_path: Path) -> None:
    """A source that tells what has changed, and then all its ids, holds the newest version only."""
    harvested(tmp_path, Harvest([record(name, source="s0") for name in "abc"]))
    changed = Record("a", {"id": ["a"]}, place="here:1", source="s0")
    report = harvested(tmp_path, Harvest([changed, *(Presence(name, "s0") for name in "abc")]))
    assert (report.withdrawn, report.refusals, report.published) == (1, 1, 2)


def test_id_that_is_told_before_its_record_is_entered_makes_no_second_of_it(tmp_path: Path) -> None:
    """Readings are ahead of what is translated; an older stamp than that of an earlier run is no reason to keep it."""
    harvested(tmp_path, Harvest([record("a", "Old", source="s0", _version_=9)]))
    report = harvested(tmp_path, Harvest([Presence("a", "s0"), record("a", "New", source="s0", _version_=1)]))
    assert (report.changed, report.repeats) == (1, 0)


def test_deletion_and_put_count_in_their_order(tmp_path: Path) -> None:
    """What is deleted and then given again, unchanged, lives."""
    fresh(tmp_path, record("a"), record("b"))
    report = change(tmp_path, Deletion("a"), record("a"), record("b"), Deletion("b"))
    assert (report.withdrawn, report.published) == (1, 1)
    assert Catalogue(tmp_path).current().has(Name("record", "a"))


def test_withdrawn_record_leaves_a_tombstone_until_it_is_put_again(tmp_path: Path) -> None:
    """The tombstone tells what it was called and when it went; its agents go with it."""
    fresh(tmp_path, record("a/b", "The title", author="Waring, Justin"), record("c"))
    change(tmp_path, Deletion("a/b"))
    gone = Catalogue(tmp_path).current()
    tombstone = gone.gone(Name("record", "a/b"))
    assert tombstone is not None and (tombstone.title, tombstone.withdrawn) == ("The title", gone.issued)
    assert gone.gone(Name("agent", "a/b/waring-justin-6f2d327e")) == tombstone
    assert not any(b"a%2Fb" in line or b"Waring" in line for line in dump(tmp_path))
    change(tmp_path, record("a/b", "The title"))
    assert Catalogue(tmp_path).current().gone(Name("record", "a/b")) is None


def test_load_buries_what_it_does_not_bring(tmp_path: Path) -> None:
    """What was published and is not in a whole new load was withdrawn, and stays so through later runs."""
    fresh(tmp_path, record("a"), record("b"))
    assert fresh(tmp_path, record("b")).withdrawn == 1
    fresh(tmp_path, record("b", "Again"))
    change(tmp_path, record("c"))
    assert Catalogue(tmp_path).current().gone(Name("record", "a")) is not None


def test_dates_tell_first_issue_and_last_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record keeps its first date through changes and through a withdrawal; what does not change keeps both."""
    for day, readings in enumerate(
        ([record("a"), record("b")], [record("a", "Two")], [Deletion("a")], [record("a")]), 1
    ):
        monkeypatch.setattr("linkeddata.catalogue.draft._now", lambda day=day: f"2026-01-0{day}T00:00:00Z")
        change(tmp_path, *readings)
    dates = {
        entry.id: (entry.first_issued[:10], entry.modified[:10]) for entry in Catalogue(tmp_path).current().entries()
    }
    assert dates == {"a": ("2026-01-01", "2026-01-04"), "b": ("2026-01-01", "2026-01-01")}


@pytest.mark.parametrize(
    ("clock", "stamped"),
    [("2026-01-02T11:00:00Z", "2026-01-02T12:00:00Z"), ("2026-01-01T11:00:00Z", "2026-01-01T11:00:00Z")],
    ids=["an hour", "more than a day"],
)
def test_clock_that_is_set_back_hides_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: str, stamped: str
) -> None:
    """Followers ask for what is later than what they have seen; only a clock that was far ahead is given up."""
    for now, title in (("2026-01-02T12:00:00Z", "One"), (clock, "Two")):
        monkeypatch.setattr("linkeddata.catalogue.draft._now", lambda now=now: now)
        change(tmp_path, record("a", title))
    edition = Catalogue(tmp_path).current()
    assert (edition.issued, [entry.modified for entry in edition.entries()]) == (stamped, [stamped])


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([("a", "b")], "b"),
        ([("a", "x"), ("x", "b")], "b"),
        ([("a", "x"), ("x", "a")], None),
        ([("a", "never-seen")], None),
    ],
)
def test_successor_is_where_the_chain_ends(tmp_path: Path, chain: list[tuple[str, str]], expected: str | None) -> None:
    """A chain of successors ends at a record that is served, or nowhere; a circle is no way."""
    fresh(tmp_path, record("a"), record("b"), record("x"))
    for old, new in chain:
        change(tmp_path, Deletion(old, successor=new))
    tombstone = Catalogue(tmp_path).current().gone(Name("record", "a"))
    assert tombstone is not None and tombstone.successor == expected


def test_successor_can_be_given_later_and_to_an_id_never_seen(tmp_path: Path) -> None:
    """An id of an older system leads on, too."""
    fresh(tmp_path, record("a"), record("b"))
    change(tmp_path, Deletion("a"))
    assert change(tmp_path, Deletion("a", successor="b"), Deletion("old-7", successor="b")).edition == 3
    assert change(tmp_path, Deletion("a", successor="b"), Deletion("old-7", successor="b")).edition is None
    gone = [Catalogue(tmp_path).current().gone(Name("record", name)) for name in ("a", "old-7")]
    assert [each and each.successor for each in gone] == ["b", "b"]


def test_successor_is_taken_back_only_expressly(tmp_path: Path) -> None:
    """A source that repeats a deletion says nothing of the successor; an empty one says that there is none."""
    fresh(tmp_path, record("a"), record("b"))
    change(tmp_path, Deletion("a", successor="b"))
    assert change(tmp_path, Deletion("a")).edition is None
    assert change(tmp_path, Deletion("a", successor="")).edition == 3
    tombstone = Catalogue(tmp_path).current().gone(Name("record", "a"))
    assert tombstone is not None and tombstone.successor is None


def test_successor_of_a_record_that_is_put_again_changes_nothing(tmp_path: Path) -> None:
    """What is deleted and put in every run, a successor being named, issues no edition each time."""
    fresh(tmp_path, record("a"), record("b"))
    assert change(tmp_path, Deletion("a", successor="b"), record("a")).edition is None


def test_complete_run_withdraws_what_it_did_not_meet(tmp_path: Path) -> None:
    """Records and mere presences are met; what is neither is gone. Records of other sources are no matter."""
    first = [record(name, source="s0") for name in "abc"]
    harvested(tmp_path, Harvest(first), Harvest([record("z", source="s1")], complete=False))
    report = harvested(tmp_path, Harvest([record("a", "New", source="s0"), Presence("b", "s0")]))
    assert (report.withdrawn, report.published) == (1, 3)
    assert Catalogue(tmp_path).current().gone(Name("record", "c")) is not None


def test_incomplete_run_withdraws_nothing(tmp_path: Path) -> None:
    harvested(tmp_path, Harvest([record(name, source="s0") for name in "abc"]))
    report = harvested(tmp_path, Harvest([record("a", "New", source="s0")], complete=False))
    assert (report.withdrawn, report.published) == (0, 3)


def test_source_that_shrinks_too_far_is_refused_unless_allowed(tmp_path: Path) -> None:
    """Nothing of its run counts, and the other source is published all the same."""
    harvested(tmp_path, Harvest([record(name, source="s0") for name in "abc"]))
    less, other = Harvest([record("a", "New", source="s0")]), Harvest([record("z", source="s1")])
    report = harvested(tmp_path, less, other)
    assert [type(failure) for failure in report.failures] == [RefusedForSafety]
    assert "2 of 3 records" in str(report.failures[0])
    assert (report.published, report.changed, report.withdrawn) == (4, 0, 0)
    assert harvested(tmp_path, less, allow_shrink=True).withdrawn == 2


@pytest.mark.parametrize("whole", [False, True])
def test_source_that_breaks_counts_for_nothing(tmp_path: Path, whole: bool) -> None:
    """What came before it broke is taken back, its mark stays, and the other sources are published; also in a
    first run, where statements have gone to the loader already."""

    def breaking() -> Iterator[Reading]:
        yield record("a", "Broken", source="s0", publisher="Gone")
        yield Deletion("b", source="s0")
        raise SourceError("cut off")

    before = [record("a", source="s0", publisher="Wiley"), record("b", source="s0")]
    if not whole:
        harvested(tmp_path, Harvest(before, mark="first"))
    report = harvested(tmp_path, Harvest(breaking(), mark="second"), Harvest([record("z", source="s1")]))
    assert [str(failure) for failure in report.failures] == ["s0: cut off"]
    assert not any(b"Broken" in line or b"Gone" in line for line in dump(tmp_path))
    fresh(tmp_path / "expected", *([] if whole else before), record("z", source="s1"))
    assert dump(tmp_path) == dump(tmp_path / "expected")
    assert {name: mark.since for name, mark in Catalogue(tmp_path).marks().items() if name == "s0"} == (
        {} if whole else {"s0": "first"}
    )


def test_mark_moves_with_the_run_and_is_asked_from_next_time(tmp_path: Path) -> None:
    """Also by a run that changed nothing; when what is asked for has changed, all is asked for again."""
    asked: list[str | None] = []

    def run(mark: str, settings: str = "") -> None:
        harvest = Harvest([record("a", source="s")], mark=mark)

        def begin(since: str | None) -> Harvest:
            asked.append(since)
            return harvest

        update([Run(begin, "s", settings)], Catalogue(tmp_path), WORK)

    run("one"), run("two"), run("three"), run("four", "other filter")
    assert asked == [None, "one", "two", None]
    assert Catalogue(tmp_path).numbers() == [1]
    assert Catalogue(tmp_path).marks()["s"].since == "four"


def test_rollback_takes_the_marks_back(tmp_path: Path) -> None:
    """After it the sources are asked from where the older edition ended, and updates follow on it."""
    harvested(tmp_path, Harvest([record("a", source="s0")], mark="one"))
    harvested(tmp_path, Harvest([record("a", "Two", source="s0")], mark="two"))
    harvested(tmp_path, Harvest([record("a", "Two", source="s0")], mark="three"))
    assert Catalogue(tmp_path).roll_back() == 1
    assert Catalogue(tmp_path).marks()["s0"].since == "one"
    assert any(b"A title" in line for line in dump(tmp_path))
    assert harvested(tmp_path, Harvest([record("a", "Four", source="s0")], mark="four")).edition == 3


def test_of_two_sources_the_one_named_first_is_served(tmp_path: Path) -> None:
    """The other's record of the same id stands back, and takes its place when it goes."""
    site = Site("https://data.example.org/", sources=("best", "other"))
    change(tmp_path, record("a", "Best", source="best"), site=site)
    change(tmp_path, record("a", "Other", source="other", _version_=99), site=site)
    assert any(b'"Best"' in line for line in dump(tmp_path))
    change(tmp_path, Deletion("a", source="best"), site=site)
    fresh(tmp_path / "expected", record("a", "Other", source="other", _version_=99), site=site)
    assert dump(tmp_path) == dump(tmp_path / "expected")


def test_record_of_no_named_source_belongs_to_the_next_that_names_it(tmp_path: Path) -> None:
    """What was loaded from a file before its source was configured does not stand in its way for ever."""
    fresh(tmp_path, record("a", "From a file", _version_=5))
    harvested(tmp_path, Harvest([record("a", "Harvested", source="s0")]))
    harvested(tmp_path, Harvest([]), allow_shrink=True)
    assert Catalogue(tmp_path).current().counts["records"] == 0


def test_source_deletes_what_it_would_take_over(tmp_path: Path) -> None:
    """A record of no named source that it calls deleted, or of which it holds nothing that can be published, goes."""
    fresh(tmp_path, record("a"), record("b"), record("c", source="s1"))
    unfit = Record("b", {"id": ["b"]}, place="here:1", source="s0")
    report = harvested(tmp_path, Harvest([Deletion("a", source="s0"), Deletion("c", source="s0"), unfit]))
    assert (report.withdrawn, report.published) == (2, 1)


def test_changed_mapping_is_applied_to_all_by_the_next_update(tmp_path: Path) -> None:
    """An update after the licence was set equals a fresh load with it, though it brings only one record."""
    licensed = Site("https://data.example.org/", "Example", "https://creativecommons.org/publicdomain/zero/1.0/")
    fresh(tmp_path, record("a"), record("b"))
    report = change(tmp_path, record("c"), site=licensed)
    fresh(tmp_path / "expected", *(record(name) for name in "abc"), site=licensed)
    assert (report.new, report.changed) == (1, 2)
    assert dump(tmp_path) == dump(tmp_path / "expected")


def test_remap_keeps_marks_and_standing_sources(tmp_path: Path) -> None:
    harvested(tmp_path, Harvest([record("a", source="s0")], mark="one"), Harvest([record("a", "Other", source="s1")]))
    before = dump(tmp_path)
    remap(Catalogue(tmp_path), SITE, processes=1)
    assert dump(tmp_path) == before
    assert Catalogue(tmp_path).marks()["s0"].since == "one"
    assert Catalogue(tmp_path).current().sizes() == {"s0": 1, "s1": 1}


def test_kept_pieces_do_not_pile_up(tmp_path: Path) -> None:
    """A record that changes every night leaves a handful of segments, and all that is kept can be read."""
    change(tmp_path, *(record(name) for name in "abcdefgh"))
    for night in range(40):
        change(tmp_path, record("a", f"Night {night}"))
    folder = tmp_path / "current" / "kept"
    assert len(list(folder.iterdir())) <= 17
    assert sum(1 for _ in Catalogue(tmp_path).current().sources()) == 8
    assert any(b"Night 39" in line for line in dump(tmp_path))


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It reports what would change, and leaves neither edition nor mark."""
    harvested(tmp_path, Harvest([record("a", source="s0")], mark="one"))
    runs = [Run(lambda _: Harvest([record("b", source="s0")], mark="two", complete=False), "s0")]
    report = update(runs, Catalogue(tmp_path), WORK, dry_run=True)
    assert (report.new, report.published, report.edition) == (1, 2, None)
    assert (Catalogue(tmp_path).numbers(), Catalogue(tmp_path).marks()["s0"].since) == ([1], "one")
    assert not (tmp_path / "draft").exists()


def test_refusal_of_a_line_loses_nothing_else(tmp_path: Path) -> None:
    fresh(tmp_path, record("a"))
    report = change(tmp_path, Refusal("file:3", "not JSON"), record("b"))
    assert (report.published, [refusal.place for refusal in report.refused]) == (2, ["file:3"])
