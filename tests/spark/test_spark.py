"""Mapping on a real Spark gives what one machine gives, whatever it was cut into; and the folder is loaded as the
records themselves would be, or refused, and by a server's own loader. One file, for one Java machine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import virtuoso

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.cli import run
from linkeddata.mapped import read_manifest
from linkeddata.vocabulary.ntriples import QUAD

from .jobs import BASE, CLUSTER, Input, Single, command, lines_of, losing_an_executor, sorted_dump


def test_statements_are_those_of_one_machine_byte_for_byte(mapped: Path, single: Single) -> None:
    """All files in their order are the dump, sorted: named graphs and the vocabulary with it."""
    assert lines_of(mapped) == single.lines()


def test_report_is_that_of_one_machine(mapped: Path, single: Single) -> None:
    """Every refusal and every version that is not published has its file and line, and all counts are the same."""
    told = json.loads((mapped / "report.json").read_text())
    different = {"edition", "new", "changed", "seconds", "statements"}
    assert {name for name in told if told[name] != single.report[name]} <= different
    assert len(told["refused"]) > 10 and len(told["superseded"]) > 40


def test_manifest_lists_every_file_with_its_checksum_and_count(mapped: Path, single: Single) -> None:
    """Nothing is in the folder that it does not list."""
    manifest = read_manifest(mapped)
    found = {str(path.relative_to(mapped)): path for path in mapped.rglob("*") if path.is_file()}
    assert found.keys() - {"manifest.json"} == {listed.file for listed in manifest.files}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}
    assert all(digests[listed.file] == listed.sha256 for listed in manifest.files)
    assert manifest.statements == sum(listed.count for listed in manifest.quads) == len(single.lines())
    assert manifest.records == single.report["published"] == sum(listed.count for listed in manifest.kept)


def test_neither_partitions_nor_executors_change_a_byte(
    mapped: Path, spark: Callable[..., int], records: Input, tmp_path: Path
) -> None:
    """On a cluster of two executors, one of which is killed on the way, from files cut into many blocks, in another
    order, into five files."""
    out, files = tmp_path / "out", records.files[::-1]
    with losing_an_executor(out) as killed:
        assert spark(out, *files, "--parts", "5", "--tolerate", "99", master=CLUSTER, **CUT) == 0
    assert len(killed) == 1
    assert len(read_manifest(out).quads) == 5 and len(read_manifest(out).kept) > 5
    assert lines_of(out) == lines_of(mapped)
    assert (out / "report.json").read_bytes() == (mapped / "report.json").read_bytes()


def test_everything_again_is_told_from_an_earlier_folder(
    mapped: Path, spark: Callable[..., int], records: Input, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without --changes the input is all there is: what came and went leads from the earlier folder to this one, and
    the report counts what was read now, and both differences."""
    spark(tmp_path / "out", records.changes, "--previous", str(mapped))
    before, after = lines_of(mapped), lines_of(tmp_path / "out")
    come, gone = (lines_of(tmp_path / "out", kind) for kind in ("insert", "delete"))
    assert come == sorted({*after} - {*before}) and gone == sorted({*before} - {*after}) and come and gone
    report, manifest = json.loads((tmp_path / "out/report.json").read_text()), read_manifest(tmp_path / "out")
    assert report["read"] == len(Path(records.changes).read_bytes().splitlines())
    assert report["published"] == manifest.records == sum(listed.count for listed in manifest.kept)
    assert f"of which {len(come)} are new, and {len(gone)} have gone" in capfd.readouterr().err


def test_changes_on_top_of_a_folder_are_an_update(
    mapped: Path, spark: Callable[..., int], records: Input, changed: Single, tmp_path: Path
) -> None:
    """What changed is mapped, the rest is taken over: the same graph as an update makes, and the files of what came
    and went lead to it from the folder before."""
    spark(tmp_path / "out", records.changes, "--previous", str(mapped), "--changes")
    before, after = set(lines_of(mapped)), lines_of(tmp_path / "out")
    come, gone = (lines_of(tmp_path / "out", kind) for kind in ("insert", "delete"))
    assert after == changed.lines()
    assert sorted((before - set(gone)) | set(come)) == after
    assert come == sorted(set(come) - before) and gone == sorted(before & set(gone)) and come and gone


def test_changes_go_on_top_of_the_same_mapping_only(
    mapped: Path, spark: Callable[..., int], records: Input, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else half of the graph would be of one mapping, and half of another: refused before anything is made."""
    monkeypatch.setenv("LINKEDDATA_SITE_LICENSE", "https://creativecommons.org/publicdomain/zero/1.0/")
    assert spark(tmp_path / "out", records.changes, "--previous", str(mapped), "--changes") == 7
    assert not any(tmp_path.iterdir())


def test_a_killed_job_leaves_nothing_that_looks_finished(
    spark: Callable[..., int], records: Input, tmp_path: Path
) -> None:
    """Killed between its two halves, no folder has the name that was asked for, and the next job takes it."""
    work, out = tmp_path / ".out.unfinished", tmp_path / "out"
    with subprocess.Popen(
        command(out, records.files[-1]), stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            deadline = time.monotonic() + 120
            while not any((work / "records").glob("*.records")) and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    assert work.is_dir() and not out.exists() and not (work / "manifest.json").exists()
    assert spark(out, records.files[-1]) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_a_broken_source_makes_no_folder(
    spark: Callable[..., int], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Input that is not there, or cut short, is named, and exit code 5, as anywhere."""
    (tmp_path / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xffcut")
    assert [spark(tmp_path / "out", str(tmp_path / name)) for name in ("none.jsonl", "cut.jsonl.gz")] == [5, 5]
    assert [path.name for path in tmp_path.iterdir()] == ["cut.jsonl.gz"]
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("linkeddata: ")]
    assert "none.jsonl" in told[0] and "cut.jsonl.gz: " in told[1]


#: Runs the command as if some libraries were not there.
_WITHOUT = "import sys; sys.modules |= dict.fromkeys({lacking!r}); from linkeddata.cli import main; main()"


@pytest.mark.parametrize(
    ("lacking", "words"),
    [(("pyspark", "py4j"), "pip install 'linkeddata[spark]'"), ((), "Java 17 or later is needed")],
    ids=["no pyspark", "no Java"],
)
def test_what_is_not_installed_is_named(
    spark: Callable[..., int], tmp_path: Path, lacking: tuple[str, ...], words: str
) -> None:
    """Exit code 3 and what to do; all other commands are as they were."""
    started = [sys.executable, "-c", _WITHOUT.format(lacking=lacking), *command(tmp_path / "out", "none.jsonl")[3:]]
    nowhere = os.environ | {"JAVA_HOME": str(tmp_path)}
    done = subprocess.run(started, env=nowhere, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, words in done.stderr) == (3, True), done.stderr
    assert not any(tmp_path.iterdir())


def test_nothing_is_written_over(mapped: Path, spark: Callable[..., int], records: Input) -> None:
    """A folder that has something in it is refused, and stays as it is."""
    before = asdict(read_manifest(mapped))
    assert spark(mapped, records.files[0]) == 7
    assert asdict(read_manifest(mapped)) == before


GRAPH = f"{BASE}graph"
#: Many blocks of little, and nothing waited for that has gone.
CUT = {
    "spark__sql__files__maxPartitionBytes": "150k",
    "spark__sql__files__openCostInBytes": "1k",
    "spark__shuffle__io__retryWait": "100ms",
}


def load(folder: Path, data: Path, base: str = BASE, *options: str) -> int:
    return run(["--base-uri", base, "--data", str(data), "--quiet", "load", str(folder), *options])


@pytest.fixture(scope="module")
def loaded(mapped: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition made of the folder."""
    data = tmp_path_factory.mktemp("loaded") / "data"
    assert load(mapped, data) == 4
    return Catalogue(data).current()


def test_graph_is_that_of_the_records_themselves(loaded: Edition, single: Single) -> None:
    """Statement for statement."""
    assert sorted_dump(loaded) == single.lines()


def test_register_and_documents_are_those_of_the_records_themselves(loaded: Edition, single: Single) -> None:
    """All that is entered of a record but the row and the place of its pieces; source documents and clues, too."""

    def told(edition: Edition) -> dict[str, tuple[object, ...]]:
        return {entry.id: (*entry[1:6], *entry[7:12]) for entry in edition.entries()}

    assert told(loaded) == told(single.edition)
    assert sorted(loaded.sources()) == sorted(single.edition.sources())


def test_report_keeps_what_the_job_refused(loaded: Edition, single: Single) -> None:
    """As a load of the records would have told it."""
    told = json.loads((loaded.folder / "report.json").read_text())
    assert {name for name in told if told[name] != single.report[name]} <= {"seconds"}


def damaged(folder: Path) -> None:
    with next((folder / "records").iterdir()).open("r+b") as file:
        file.seek(300)
        file.write(b"????")


@pytest.mark.parametrize(
    ("spoil", "base", "code", "words"),
    [
        (damaged, BASE, 5, "is not what the manifest says"),
        (lambda folder: next((folder / "quads").iterdir()).unlink(), BASE, 5, "cannot be read"),
        (lambda folder: (folder / "manifest.json").unlink(), BASE, 5, "their job did not end"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), BASE, 5, "its format is None"),
        (lambda folder: None, "https://other.example/", 7, "map again with the same software and settings"),
    ],
    ids=["a file differs", "a file is missing", "no manifest", "another format", "another base"],
)
def test_a_folder_that_is_not_whole_is_refused(
    mapped: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], None],
    base: str,
    code: int,
    words: str,
) -> None:
    """In words that say what to do, and before anything is made."""
    shutil.copytree(mapped, tmp_path / "folder")
    spoil(tmp_path / "folder")
    assert load(tmp_path / "folder", tmp_path / "data", base) == code
    assert words in capsys.readouterr().err
    assert not (tmp_path / "data" / "current").exists()


def needed() -> None:
    if virtuoso.is_installed() and shutil.which("isql-vt"):
        return
    reason = f"{virtuoso.PACKAGE} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True)
class Bulk:
    """A Virtuoso that has taken the files of a folder by its own loader."""

    address: str

    def counts(self) -> dict[str, int]:
        """How many statements there are of ours, by graph."""
        query = f"SELECT ?g (count(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{BASE}')) }}"
        asked = urlencode({"query": f"{query} GROUP BY ?g", "format": "text/csv"})
        with urlopen(f"{self.address}/sparql?{asked}", timeout=60) as answer:
            rows = (row.rpartition(",") for row in answer.read().decode().splitlines()[1:])
            return {graph.strip('"'): int(number) for graph, _, number in rows}


@pytest.fixture(scope="module")
def bulk(mapped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bulk]:
    needed()
    folder = tmp_path_factory.mktemp("virtuoso")
    shutil.copytree(mapped / "quads", folder / "quads")
    with virtuoso.running(folder) as server:
        server.load(folder / "quads" / "*.nq.gz", GRAPH)
        yield Bulk(server.address)


def counted(lines: list[bytes]) -> dict[str, int]:
    graphs = (QUAD.fullmatch(line)[4] or f"<{GRAPH}> ".encode() for line in lines)  # type: ignore[index]
    return {graph.decode()[1:-2]: number for graph, number in Counter(graphs).items()}


def test_virtuoso_takes_the_files_by_its_own_bulk_loader(mapped: Path, bulk: Bulk) -> None:
    """All statements are there afterwards, the named graphs of the files as such."""
    assert bulk.counts() == counted(lines_of(mapped))


def test_an_edition_takes_over_what_was_loaded_in_bulk(
    mapped: Path, bulk: Bulk, records: Input, changed: Single, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent; the next update sends its difference, and the server holds what one machine has then."""
    endpoint = f"{bulk.address}/sparql"
    given = {"endpoint": endpoint, "update_endpoint": f"{endpoint}-auth", "graph": GRAPH, "user": "dba"}
    for name, value in {**given, "password": virtuoso.PASSWORD}.items():
        monkeypatch.setenv(f"LINKEDDATA_STORE_{name.upper()}", value)
    assert load(mapped, tmp_path / "data") == 7
    assert load(mapped, tmp_path / "data", BASE, "--bulk-loaded") == 4
    assert bulk.counts() == counted(lines_of(mapped))
    told = ["--base-uri", BASE, "--data", str(tmp_path / "data"), "--quiet", "update", "--from", records.changes]
    assert run(told) == 4
    assert bulk.counts() == counted(changed.lines())
