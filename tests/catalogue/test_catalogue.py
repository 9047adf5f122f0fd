"""Editions: whole or not at all, told apart, and never changed once they are issued."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TypeVar

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.errors import NothingPublished, RefusedForSafety, SourceError, StoreLocked
from linkeddata.publish import Report, Site, publish
from linkeddata.record import Deletion, Reading, Record, Refusal
from linkeddata.vocabulary.uris import Name

from ..living import all_end, soon

T = TypeVar("T")
SITE = Site("https://data.example.org/", "Example")


def record(identifier: str, title: str = "A title", *, version: int = 1, **fields: str | list[str]) -> Record:
    named = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    known = {"id": [identifier], "title": [title], "_version_": [str(version)], **named}
    return Record(identifier, known, place=f"here:{version}")


def load(directory: Path, *readings: Reading, site: Site = SITE, rebase: bool = False) -> Report:
    return publish(readings, Catalogue(directory), site, processes=1, rebase=rebase)


def dump(directory: Path) -> bytes:
    return gzip.decompress((directory / "current" / "dump.nq.gz").read_bytes())


def test_nothing_published_says_how_to_begin(tmp_path: Path) -> None:
    """An empty data directory is told with the command that fills it."""
    with pytest.raises(NothingPublished, match="linkeddata load FILE"):
        Catalogue(tmp_path).current()


def test_load_issues_a_numbered_edition(tmp_path: Path) -> None:
    """Each load makes the next edition, and the newest is current."""
    assert [load(tmp_path, record("a")).edition, load(tmp_path, record("a")).edition] == [1, 2]
    assert Catalogue(tmp_path).current().number == 2
    assert Catalogue(tmp_path).numbers() == [1, 2]


def test_same_input_gives_the_same_dump(tmp_path: Path) -> None:
    """Two loads of the same records in another order give the same compressed bytes, without a blank node."""
    records = [record(name, author="Waring, Justin", publisher="Wiley") for name in ("a", "b", "c")]
    load(tmp_path / "1", *records)
    load(tmp_path / "2", *reversed(records))
    first, second = ((tmp_path / each / "current" / "dump.nq.gz").read_bytes() for each in "12")
    assert first == second
    assert b"_:" not in dump(tmp_path / "1")


def test_dump_has_its_checksum_beside_it(tmp_path: Path) -> None:
    """The digest is that of the file, in the form `sha256sum -c` reads."""
    load(tmp_path, record("a"))
    file = tmp_path / "current" / "dump.nq.gz"
    expected = f"{hashlib.sha256(file.read_bytes()).hexdigest()}  dump.nq.gz\n"
    assert file.with_name("dump.nq.gz.sha256").read_text() == expected


def test_shared_statements_stand_once(tmp_path: Path) -> None:
    """Two records of one publisher state its name once in the dump."""
    load(tmp_path, *(record(name, publisher="Wiley") for name in "ab"))
    assert dump(tmp_path).count(b'foaf/0.1/name> "Wiley"') == 1


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_newest_of_one_id_wins_whatever_the_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Of several records with one id the greatest version is published, the others leave nothing and are named."""
    report = load(tmp_path, *(record("a", f"Title {n}", version=n, publisher=f"Publisher {n}") for n in order))
    text = dump(tmp_path)
    assert (report.published, sorted(other.place for other in report.superseded)) == (1, ["here:1", "here:2"])
    assert b"Title 3" in text
    assert b"Title 1" not in text
    assert b"Publisher 2" not in text


def test_what_a_losing_version_says_first_stays_where_another_record_says_it(tmp_path: Path) -> None:
    """A shared statement is kept for the record that is published with it, and goes where only the loser says it."""
    load(
        tmp_path,
        record("a", version=2, publisher="Wiley"),
        record("a", version=1, publisher=["Springer", "Elsevier"]),
        record("b", publisher="Springer"),
    )
    text = dump(tmp_path)
    assert [text.count(f'name> "{name}"'.encode()) for name in ("Wiley", "Springer", "Elsevier")] == [1, 1, 0]


def test_deletion_takes_out_what_was_put_before_it(tmp_path: Path) -> None:
    """A deletion in the stream withdraws the record, and one that comes later puts it again."""
    report = load(
        tmp_path, record("a"), record("b"), Deletion("a"), Deletion("b"), record("b", "Again"), Deletion("none")
    )
    assert (report.published, report.deletions, report.withdrawn) == (1, 3, 0)
    assert b"id/record/a>" not in dump(tmp_path)


def test_refused_record_costs_only_itself(tmp_path: Path) -> None:
    """A record without a title and an unreadable line are named, the rest is published."""
    report = load(tmp_path, record("a"), record("b", ""), Refusal("file:3", "not JSON"))
    assert report.published == 1
    assert [str(each) for each in report.refused] == [
        "here:1: no title, title_full or title_short (id 'b')",
        "file:3: not JSON",
    ]


def test_record_that_nobody_foresaw_costs_only_itself(tmp_path: Path) -> None:
    """What no source of ours gives, and the mapping fails on, is refused with its place and what happened."""
    strange = Record("b", {"id": ["b"], "title": [b"B"]}, place="here:2")  # type: ignore[list-item]
    report = load(tmp_path, record("a"), strange, record("c"))
    assert (report.published, len(report.refused)) == (2, 1)
    assert re.match(r"here:2: an unforeseen fault of the mapping, .*Error: .*\(id 'b'\)", str(report.refused[0]))


def test_source_that_breaks_changes_nothing(tmp_path: Path) -> None:
    """When the source breaks off, what was served is served still, and the next load succeeds."""

    def breaking() -> object:
        yield record("b")
        raise SourceError("cut off")

    load(tmp_path, record("a"))
    with pytest.raises(SourceError):
        publish(breaking(), Catalogue(tmp_path), SITE, processes=1)  # type: ignore[arg-type]
    assert (Catalogue(tmp_path).current().number, b"record/a>" in dump(tmp_path)) == (1, True)
    assert load(tmp_path, record("c")).edition == 2


def test_load_of_nothing_issues_no_edition(tmp_path: Path) -> None:
    """An input without a single good record does not empty the site."""
    load(tmp_path, record("a"))
    assert load(tmp_path, record("b", "")).edition is None
    assert Catalogue(tmp_path).current().number == 1


def test_base_uri_cannot_change_by_accident(tmp_path: Path) -> None:
    """Another base URI is refused, unless it is asked for."""
    other = Site("https://other.example.org/")
    load(tmp_path, record("a"))
    with pytest.raises(RefusedForSafety, match=r"data\.example\.org"):
        load(tmp_path, record("a"), site=other)
    assert load(tmp_path, record("a"), site=other, rebase=True).edition == 2


def test_second_writer_is_refused_and_told_by_whom(tmp_path: Path) -> None:
    """While one process writes, another gets its pid."""
    with Catalogue(tmp_path).begin(SITE.uris), pytest.raises(StoreLocked, match=f"process {os.getpid()}"):
        load(tmp_path, record("a"))


def test_unchanged_record_keeps_its_time_of_change(tmp_path: Path) -> None:
    """In a new edition only what changed has a new time, and a new version."""
    load(tmp_path, record("a"), record("b"))
    before = {name: Catalogue(tmp_path).current().describe(Name("record", name)) for name in "ab"}
    time.sleep(1.1)
    load(tmp_path, record("a"), record("b", "Changed"))
    after = {name: Catalogue(tmp_path).current().describe(Name("record", name)) for name in "ab"}
    assert before["a"] == after["a"]
    assert before["b"] and after["b"] and before["b"].modified < after["b"].modified
    assert before["b"].version != after["b"].version


KILLED_LOAD = """
import sys
from pathlib import Path
from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
if __name__ == "__main__":
    fields = lambda n: {"id": [str(n)], "title": [f"New {n}"], "author": [f"Author, {n}"]}
    readings = (Record(str(n), fields(n)) for n in range(20_000))
    publish(readings, Catalogue(Path(sys.argv[1])), Site("https://data.example.org/"), processes=2)
"""


@pytest.mark.parametrize("seconds", [0.6, 1.5, 3.0])
def test_killed_load_leaves_what_was_served(tmp_path: Path, seconds: float) -> None:
    """Killed at some moment, a load has changed nothing or all, and the next one clears up and succeeds."""
    data, script = tmp_path / "data", tmp_path / "load.py"
    script.write_text(KILLED_LOAD)
    load(data, record("a", "Old"))
    with subprocess.Popen([sys.executable, str(script), str(data)], start_new_session=True) as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
    edition = Catalogue(data).current()
    assert edition.counts["records"] == (1 if edition.number == 1 else 20_000)
    assert edition.describe(Name("record", "a" if edition.number == 1 else "7")) is not None
    load(data, record("b"))
    assert sorted(path.name for path in data.iterdir()) == ["current", "editions", "lock"]
    assert not list(data.glob("editions/*.unfinished"))
    assert Catalogue(data).current().counts["records"] == 1


def test_only_so_many_editions_are_kept(tmp_path: Path) -> None:
    """The oldest go when a new one is issued, but never the one that is served."""
    for _ in range(4):
        publish([record("a")], Catalogue(tmp_path, keep=2), SITE, processes=1)
    assert Catalogue(tmp_path).numbers() == [3, 4]
    assert Catalogue(tmp_path).current().number == 4


def test_killed_load_leaves_no_process(tmp_path: Path) -> None:
    """The processes that translate end when their parent is killed, though nobody tells them."""
    script = tmp_path / "load.py"
    script.write_text(KILLED_LOAD)
    with subprocess.Popen([sys.executable, str(script), str(tmp_path / "data")]) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        started = soon(lambda: [int(pid) for pid in children.read_text().split()])
        process.kill()
    assert started
    assert all_end(started)
