"""Night after night: `update` against a live index, the site, and the commands that tell what there is."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.lock import locked
from linkeddata.cli import run

from ..sources.servers import Answer, Asked, serving
from ..sources.solr_double import Solr, error

Command = Callable[..., int]


def document(number: int, day: int = 1, **fields: object) -> dict[str, object]:
    known = {"title": f"Title {number}", "publisher": ["Wiley"], "last_indexed": f"2026-01-{day:02}T00:00:00Z"}
    return {"id": f"d{number}", **known, **fields}


@pytest.fixture
def solr() -> Solr:
    return Solr([*(document(number) for number in range(1, 30)), document(30, 4)])


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solr: Solr) -> Iterator[Command]:
    """The command in a folder where the source `eprints` is configured, which has been harvested once."""
    monkeypatch.chdir(tmp_path)
    with serving(solr) as server:
        source = f'[[source]]\nname = "eprints"\nkind = "solr"\nurl = "{server.url}/solr/biblio"\n'
        (tmp_path / "linkeddata.toml").write_text(source + "delay = 0\nretries = 0\npage_size = 10\n")
        assert run(["update"]) == 0
        yield lambda *arguments: run(list(arguments))


def titles() -> set[str]:
    """The titles in the dump that is served."""
    lines = gzip.decompress(Path("data/current/dump.nq.gz").read_bytes()).decode().splitlines()
    return {line.split('"')[1] for line in lines if "/id/record/" in line and "terms/title>" in line}


def edition() -> int:
    return Catalogue(Path("data")).current().number


def test_site_equals_the_index_night_after_night(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """What came, changed and went there comes, changes and goes here; a night without changes leaves no edition."""
    solr.documents[:] = [document(1, 5, title="Changed"), *solr.documents[2:], document(99, 6)]
    assert command("update") == 0
    told = capfd.readouterr().err
    assert "new 1, changed 1," in told and "withdrew 1; published 30" in told
    assert titles() == {str(each["title"]) for each in solr.documents}
    assert command("update") == 0
    assert "nothing has changed" in capfd.readouterr().err
    assert edition() == 2
    assert command("get", "/id/record/d2") == 1
    assert command("get", "/doc/record/d99.ttl") == 0


def test_only_what_changed_is_fetched(command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]) -> None:
    """The second night asks for what is newer than the mark, some minutes before the latest, and for everybody's id."""
    solr.documents[0] = document(1, 5, title="Changed")
    capfd.readouterr()
    command("update")
    assert "read 2: new 0, changed 1, unchanged 1," in capfd.readouterr().err
    assert command("update", "--all") == 0
    assert "read 30: new 0, changed 0, unchanged 30" in capfd.readouterr().err


def test_index_that_lost_too_much_is_not_believed(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """More than the limit of five per cent is gone: exit 7, all is served still, and --allow-shrink does it."""
    del solr.documents[:3]
    assert command("update") == 7
    assert "3 of 30 records are no longer in the source" in capfd.readouterr().err
    assert (edition(), len(titles())) == (1, 30)
    assert command("update", "--allow-shrink") == 0
    assert len(titles()) == 27


def test_source_that_is_down_keeps_the_others_from_nothing(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str], shared: Path
) -> None:
    """Exit 5 names it; what the other source has is published, and its own records stay."""
    page = (shared / "data/oai/listrecords_page4.xml").read_bytes()
    identifiers = re.findall(rb"<identifier>(.*?)</identifier>", page)
    identify = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-02-01T00:00:00Z</responseDate>'
        b'<request verb="Identify">http://x/</request><Identify><deletedRecord>persistent</deletedRecord>'
        b"<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify></OAI-PMH>"
    )

    def oai(asked: Asked) -> Answer:
        return Answer(identify if asked.parameters["verb"] == "Identify" else page)

    solr.before = lambda _: error("out of order", 500)
    with serving(oai) as server, Path("linkeddata.toml").open("a") as file:
        file.write(f'[[source]]\nname = "ojs"\nkind = "oai-pmh"\nurl = "{server.url}/oai"\ndelay = 0\n')
        file.flush()
        assert command("update") == 5
    assert "out of order" in capfd.readouterr().err
    assert command("status") == 0
    assert "left out as a whole: eprints: " in capfd.readouterr().out
    assert Catalogue(Path("data")).current().sizes() == {"eprints": 30, "ojs": len(set(identifiers))}


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (error("out of order", 500), 5, "out of order"),
        (Answer(b'{"responseHeader": {"status": 0}, "respo'), 5, "left out as a whole"),
        (Answer(b'{"response": {"numFound": 0, "docs": []}, "nextCursorMark": "*"}'), 0, "there are no records"),
    ],
    ids=["down", "cut", "empty"],
)
def test_first_run_that_brings_nothing_says_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    answer: Answer,
    code: int,
    told: str,
) -> None:
    """Before anything is published, too, a source is named that broke off, and an empty one is no fault."""
    monkeypatch.chdir(tmp_path)
    with serving(lambda _: answer) as server:
        source = f'[[source]]\nname = "eprints"\nkind = "solr"\nurl = "{server.url}/solr/biblio"\n'
        Path("linkeddata.toml").write_text(f"{source}delay = 0\nretries = 0\n")
        assert run(["update"]) == code
    said = capfd.readouterr().err
    assert told in said and (code == 0 or "left out as a whole:\n  eprints: " in said)
    assert Catalogue(Path("data")).numbers() == []


def test_first_update_of_which_nothing_can_be_published_names_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.jsonl").write_text("no json\n")
    assert run(["update", "--from", "bad.jsonl"]) == 4
    assert "bad.jsonl:1: not JSON" in capfd.readouterr().err


def test_changes_come_from_files_too(command: Command, capfd: pytest.CaptureFixture[str]) -> None:
    """Documents are put, delete lines withdraw, a successor leads on; a broken line costs itself."""
    Path("changes.jsonl").write_text(
        f"{json.dumps(document(1, title='By file'))}\n"
        '{"delete": {"id": "d2"}}\n{"delete": {"id": "d3", "successor": "d1"}}\nno json\n'
    )
    assert command("update", "--from", "eprints=changes.jsonl") == 4
    assert "changes.jsonl:4: " in capfd.readouterr().err
    assert command("get", "--headers", "/id/record/d2") == 1
    assert "410 GONE" in capfd.readouterr().out
    assert command("get", "--headers", "/id/record/d3") == 0
    told = capfd.readouterr().out
    assert "308 PERMANENT REDIRECT" in told and "Location: /id/record/d1" in told
    assert "By file" in titles()


def test_withdrawn_by_hand_until_it_is_put_again(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """A record goes at once, and comes back when its source is asked for everything."""
    assert command("withdraw", "d1", "d2") == 0
    assert len(titles()) == 28
    assert command("withdraw", "d3", "--successor", "d4") == 0
    assert command("withdraw", "never") == 2
    assert command("withdraw", "d5", "--successor", "never") == 2
    assert "there is no such record" in capfd.readouterr().err
    assert command("update", "--all") == 0
    assert len(titles()) == 30


def test_what_a_source_holds_and_gives_no_more_is_told(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """A record that comes with an old date, or was withdrawn by hand, is named each night until it is fetched."""
    solr.documents.append(document(77, 1))
    assert command("withdraw", "d5") == 0
    capfd.readouterr()
    assert command("update") == 0
    assert "--all asks for them again:\n  eprints: d5\n  eprints: d77\n" in capfd.readouterr().err
    assert command("update", "--all") == 0
    assert len(titles()) == 31 and "--all asks" not in capfd.readouterr().err


def test_index_that_gives_less_than_it_counts_is_exit_5(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """What came is published, and nobody takes that for all there is; the next run begins where this one did."""
    solr.documents[0] = document(1, 5, title="Changed")
    short = {"response": {"numFound": 2, "start": 0, "docs": [solr.documents[0]]}, "nextCursorMark": "*"}
    solr.before = lambda _: Answer(json.dumps(short).encode(), headers={"Content-Type": "application/json"})
    marks = Catalogue(Path("data")).marks()
    assert command("update") == 5
    assert "eprints: 1 ids were met, and the source spoke of 2 documents" in capfd.readouterr().err
    assert "Changed" in titles()
    assert Catalogue(Path("data")).marks()["eprints"].since == marks["eprints"].since


def test_successor_that_was_a_mistake_is_taken_back(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """Withdrawn once more without a successor, an id answers 410 instead of 308."""
    assert command("withdraw", "d1", "--successor", "d2") == 0
    assert command("withdraw", "d1") == 0
    capfd.readouterr()
    assert command("get", "/id/record/d1", "--headers") == 1
    assert "410 GONE" in capfd.readouterr().out


def test_rollback_serves_an_earlier_edition_and_updates_follow_on_it(
    command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]
) -> None:
    """The change is undone, and the next night fetches it again."""
    solr.documents[0] = document(1, 5, title="Changed")
    command("update")
    assert command("rollback", "--dry-run") == 0
    assert "would serve edition 1 of" in capfd.readouterr().err and edition() == 2
    assert command("rollback") == 0
    assert "Changed" not in titles()
    assert command("rollback", "7") == 3
    assert "there is no edition 7; there are: 1, 2" in capfd.readouterr().err
    assert command("update") == 0
    assert "Changed" in titles() and edition() == 3


def test_editions_and_status_tell_what_there_is(command: Command, capfd: pytest.CaptureFixture[str]) -> None:
    """In words, and as JSON that says the same."""
    command("withdraw", "d1")
    capfd.readouterr()
    assert command("editions") == 0
    assert [line[0] for line in capfd.readouterr().out.splitlines()] == [" ", "*"]
    assert command("status", "--json") == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["edition"], told["records"], told["report"]["withdrawn"], told["writer"]) == (2, 29, 1, None)
    assert [(each["name"], each["records"]) for each in told["sources"]] == [("eprints", 29)]
    assert told["sources"][0]["since"] and told["disk"]["free"] > 0
    assert command("status") == 0
    assert "source      eprints: 29 records, harvested " in capfd.readouterr().out


def test_who_writes_now_is_told(command: Command, capfd: pytest.CaptureFixture[str]) -> None:
    """While a run holds the lock, status names its process and a second run is refused."""
    with locked(Path("data")):
        capfd.readouterr()
        assert command("status") == 0
        assert f"writing now process {os.getpid()}" in capfd.readouterr().out
        assert command("update") == 6


def test_update_without_sources_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["update"]) == 3
    assert "configures no [[source]]" in capfd.readouterr().err
    Path("linkeddata.toml").write_text(
        '[[source]]\nname = "eprints"\nkind = "solr"\nurl = "http://127.0.0.1:9/solr/x"\n'
    )
    assert run(["update", "eprint"]) == 3
    assert "did you mean eprints?" in capfd.readouterr().err


def test_dry_run_tells_and_leaves_everything(command: Command, solr: Solr, capfd: pytest.CaptureFixture[str]) -> None:
    solr.documents[0] = document(1, 5, title="Changed")
    assert command("update", "--dry-run") == 0
    assert "changed 1" in capfd.readouterr().err
    assert (edition(), "Changed" in titles()) == (1, False)
    command("update")
    assert "Changed" in titles()
