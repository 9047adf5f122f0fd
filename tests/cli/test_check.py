"""`linkeddata check`: what is looked at, what is told, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linkeddata import check
from linkeddata.catalogue import Catalogue
from linkeddata.check import Told, published
from linkeddata.crosswalk import shapes
from linkeddata.record import Refusal

from .running import run

GOOD = '{"id":"a","title":"A title","author":["Waring, Justin"],"topic":["Care"]}\n{"id":"b","title":"Another"}\n'
TITLE, R = "<http://purl.org/dc/terms/title>", "<https://data.example.org/id/record/r>"
TOPIC, DOCUMENT = "<http://xmlns.com/foaf/0.1/isPrimaryTopicOf>", "<https://data.example.org/doc/record/r>"


def test_files_without_fault(tmp_path: Path) -> None:
    """Exit 0, the report on standard output, nothing stored."""
    done = run(tmp_path, "check", "-", given=GOOD)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("checked 2 records, ")
    assert done.stdout.endswith("refused 0\nno faults\n")
    assert list(tmp_path.iterdir()) == []


def test_what_is_published_is_checked(tmp_path: Path) -> None:
    """With --store or without files: the kept statements, and the schemes that they name."""
    assert run(tmp_path, "load", "-", given=GOOD).returncode == 0
    for arguments in (("check",), ("check", "--store")):
        done = run(tmp_path, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith("checked 2 records, ")
    *records, schemes = published(Catalogue(tmp_path / "data").current())
    assert [told.id for told in records] == ["a", "b"]
    assert {subject.rpartition("/")[2] for subject, *_ in schemes.statements} == {"name>", "topic>"}


def test_report_that_cannot_be_written_is_known_before_anything_is_checked(tmp_path: Path) -> None:
    """Exit 2: the check of a million records is not for nothing."""
    done = run(tmp_path, "check", "-", "--report", "none/report.json", given=GOOD)
    assert (done.returncode, done.stdout) == (2, "") and "no such folder" in done.stderr


def test_refused_records_are_exit_4(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "-", "--report", "report.json", given=GOOD + '{"id":"c"}\n')
    assert done.returncode == 4
    assert "refused: " in done.stdout
    told = json.loads((tmp_path / "report.json").read_text())
    assert (told["records"], told["rules"], told["faults"]) == (2, {}, [])
    assert [refusal["id"] for refusal in told["refused"]] == ["c"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "good.jsonl", "--store"), 2),
        (("check", "good.jsonl", "--limit", "0"), 2),
        (("--data", "elsewhere", "check"), 3),
        (("check", "none.jsonl"), 5),
        (("check", "good.jsonl", "--limit", "1", "--no-shapes"), 0),
    ],
)
def test_exit_codes(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    (tmp_path / "good.jsonl").write_text(GOOD)
    assert run(tmp_path, *arguments).returncode == code


def test_limit_stops_early(tmp_path: Path) -> None:
    assert run(tmp_path, "check", "-", "--limit", "1", given=GOOD).stdout.startswith("checked 1 records, ")


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file whose record comes to something faulty: a title that is a year."""
    (tmp_path / "good.jsonl").write_text('{"id":"r","title":"T"}\n')
    wrong = (R, TITLE, '"T"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    monkeypatch.setattr(
        "linkeddata.cli.checking.translated", lambda _: iter([Told("r", [wrong, (R, TOPIC, DOCUMENT)])])
    )
    return tmp_path


def test_faults_are_told_and_exit_8(faulty: Path) -> None:
    """Counts by rule, the first faults with their record, and all of it as JSON."""
    done = run(faulty, "check", "good.jsonl", "--report", "report.json")
    told, shown = json.loads((faulty / "report.json").read_text()), done.stdout
    assert done.returncode == 8
    assert told["rules"]["ill-typed"] == told["rules"]["Record dcterms:title Or"] == 1
    assert {fault["record"] for fault in told["faults"] if fault["focus"] == R[1:-1]} == {"r"}
    assert "1 ill-typed" in shown
    assert "r: dcterms:title 'T': no xsd:gYear is written so" in shown


def test_missing_extra_is_exit_3_and_tells_what_can_be_checked(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --no-shapes the rules are checked all the same."""
    monkeypatch.setattr(shapes, "pyshacl", None)
    done = run(faulty, "check", "good.jsonl")
    assert done.returncode == 3 and "check --no-shapes" in done.stderr
    done = run(faulty, "check", "good.jsonl", "--no-shapes")
    assert done.returncode == 8 and "the shapes were not checked" in done.stdout


def test_two_versions_of_a_record_are_checked_apart() -> None:
    """One id with two titles is two records in a file, and no record with two titles."""
    told = [Told("r", [(R, TITLE, f'"{title}"'), (R, TOPIC, DOCUMENT)]) for title in "AB"]
    assert not [rule for rule in check.check(told).rules if rule.startswith("Record dcterms:title")]


def test_all_faults_are_counted_and_the_first_told() -> None:
    """However many faults there are, the report stays short."""
    wrong = [Told(str(number), [(R, TITLE, "<urn:x>")]) for number in range(check.TOLD + 5)]
    report = check.check([*wrong, Refusal("f:1", "no title", "x")], shapes=False)
    assert report.rules["value"] == check.TOLD + 5
    assert len(report.found) == check.TOLD
    assert len(list(report.lines())) < 50
