"""`linkeddata harvest`: a file that `load` reads back as it came, or one that does not look finished."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linkeddata.cli import run
from linkeddata.cli.common import readings
from linkeddata.record import Deletion, Record
from linkeddata.sources import open_source
from linkeddata.sources.harvest import Endpoint
from linkeddata.sources.harvesting import open_harvest

from ..sources.servers import Answer, Asked, serving
from ..sources.solr_double import Solr, error

Harvest = Callable[..., int]
DOCUMENTS = [{"id": f"d{at}", "title": f"T {at}", "last_indexed": f"2026-01-0{at}T00:00:00Z"} for at in range(1, 6)]
DELETED = "oai/listrecords_dspace_2004_deleted.xml"
IDENTIFY = (
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-02-01T00:00:00Z</responseDate>'
    b'<request verb="Identify">http://x/</request><Identify><deletedRecord>persistent</deletedRecord>'
    b"<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify></OAI-PMH>"
)


@pytest.fixture
def solr() -> Solr:
    return Solr(list(DOCUMENTS))


@pytest.fixture
def harvest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solr: Solr) -> Iterator[Harvest]:
    """The command in a folder where the source `eprints` is configured."""
    monkeypatch.chdir(tmp_path)
    with serving(solr) as server:
        source = f'[[source]]\nname = "eprints"\nkind = "solr"\nurl = "{server.url}/solr/biblio"\n'
        (tmp_path / "linkeddata.toml").write_text(source + "delay = 0\nretries = 0\npage_size = 2\n")
        yield lambda *arguments: run(["harvest", *arguments])


def ids(file: str) -> list[str]:
    return [str(each.id) for each in open_source(file)]


@pytest.mark.parametrize("out", ["out.jsonl", "out.jsonl.gz", "out.ndjson"])
def test_file_is_what_was_harvested(harvest: Harvest, out: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Read back, the same records; where the next run may begin is said."""
    assert harvest("eprints", "--out", out) == 0
    assert ids(out) == ["d1", "d2", "d3", "d4", "d5"]
    assert not Path(f"{out}.part").exists() and (Path(out).read_bytes()[:2] == b"\x1f\x8b") == out.endswith(".gz")
    told = capfd.readouterr()
    assert told.out == "" and "5 records, 0 deletions, 0 refused" in told.err
    assert "--since 2026-01-04T23:50:00Z" in told.err


def test_records_go_to_standard_output(harvest: Harvest, capfd: pytest.CaptureFixture[str]) -> None:
    """And nothing else does."""
    assert harvest("eprints") == 0
    assert [json.loads(line)["id"] for line in capfd.readouterr().out.splitlines()] == [
        [f"d{at}"] for at in range(1, 6)
    ]


def test_only_changes_and_only_so_many_are_fetched(harvest: Harvest, solr: Solr) -> None:
    """No more pages are asked for than it takes."""
    assert harvest("eprints", "--since", "2026-01-03", "--out", "a.jsonl") == 0
    assert ids("a.jsonl") == ["d3", "d4", "d5"]
    before = solr.requests
    assert harvest("eprints", "--limit", "3", "--out", "b.jsonl") == 0
    assert ids("b.jsonl") == ["d1", "d2", "d3"] and solr.requests == before + 2


def test_what_breaks_off_does_not_look_finished(
    harvest: Harvest, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """What came is kept as .part, and the file of an earlier run is as it was."""
    Path("out.jsonl").write_text("earlier")
    solr.before = lambda number: error("no more", 500) if number > 2 else None
    assert harvest("eprints", "--out", "out.jsonl") == 5
    assert Path("out.jsonl").read_text() == "earlier"
    Path("out.jsonl.part").rename("part.jsonl")
    assert ids("part.jsonl") == ["d1", "d2", "d3", "d4"]
    assert "500" in capfd.readouterr().err


def test_packed_part_can_be_read(harvest: Harvest, solr: Solr) -> None:
    """Its stream is closed as it should be."""
    solr.before = lambda number: error("no more", 500) if number > 2 else None
    assert harvest("eprints", "--out", "out.jsonl.gz") == 5
    assert len(gzip.decompress(Path("out.jsonl.gz.part").read_bytes()).splitlines()) == 4


def test_what_is_not_all_does_not_look_finished(
    harvest: Harvest, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """Here the index changes while it is walked over."""
    solr.before = lambda number: solr.documents.pop(0) and None if number == 2 else None
    assert harvest("eprints", "--out", "out.jsonl") == 5
    assert Path("out.jsonl.part").exists() and not Path("out.jsonl").exists()
    assert "not everything that there is was given; kept as it is: out.jsonl.part" in capfd.readouterr().err


def test_refused_document_is_told_and_is_in_the_exit_code(
    harvest: Harvest, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """Which of them, and why."""
    Path("linkeddata.toml").write_text(Path("linkeddata.toml").read_text() + 'id_pattern = "d3"\n')
    assert harvest("eprints", "--out", "out.jsonl") == 4
    assert ids("out.jsonl") == ["d1", "d2", "d4", "d5"]
    assert "refused: eprints:3: id 'd3' becomes empty by id_pattern" in capfd.readouterr().err


def test_deletions_and_times_of_oai_pmh_come_back_as_they_were(harvest: Harvest, shared: Path) -> None:
    """An address without a name in the settings does, too; its kind is guessed."""
    body = (shared / "data" / DELETED).read_bytes()

    def oai(asked: Asked) -> Answer:
        return Answer(IDENTIFY if asked.parameters["verb"] == "Identify" else body)

    with serving(oai) as server:
        assert harvest(f"{server.url}/oai?verb=Identify", "--out", "out.jsonl") == 0
        wanted = list(open_harvest(Endpoint("a", "oai-pmh", f"{server.url}/oai", delay=0)))
    found = list(readings(["a=out.jsonl"]))
    assert found == wanted
    assert {type(each) for each in found} == {Record, Deletion} and all(each.datestamp for each in found)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["eprint"],
            3,
            "neither a source in linkeddata.toml nor a URL; did you mean eprints?; configured are: eprints",
        ),
        (["http://127.0.0.1:9/"], 2, "of what kind is http://127.0.0.1:9/? Say it by --kind"),
        (["http://127.0.0.1:9/solr/biblio/select?q=x"], 2, "give the address without its question (?q=x)"),
        (["eprints", "--since", "yesterday"], 2, "yesterday"),
        (["eprints", "--out", "out.json"], 2, "should end in one of .jsonl, .jsonl.gz"),
        (["eprints", "--out", "nowhere/out.jsonl"], 1, "nowhere/out.jsonl.part: No such file or directory"),
        (["eprints", "--kind", "sru"], 2, "sru"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_exit_code(
    harvest: Harvest, solr: Solr, arguments: list[str], code: int, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Before anything is asked."""
    assert harvest(*arguments) == code
    assert words in capfd.readouterr().err and solr.requests == 0


def test_sources_are_shown_with_where_each_value_came_from(harvest: Harvest, capfd: pytest.CaptureFixture[str]) -> None:
    """By `config show`; lists as lists."""
    assert run(["config", "show"]) == 0
    shown = capfd.readouterr().out
    assert "source.eprints.page_size = 2   (linkeddata.toml)\n" in shown
    assert "source.eprints.filter = []   (default)\n" in shown
