"""The command as people run it: what goes where, and the exit codes."""

from __future__ import annotations

import gzip
import json
import os
import pty
import socket
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.catalogue.lock import locked
from linkeddata.cli import common

from .running import run

GOOD = '{"id":"a","title":"A title","author":["Waring, Justin"],"publishDate":["2017"]}\n{"id":"b","title":"Another"}\n'
HERE = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    """A folder in which two records are published."""
    (tmp_path / "good.jsonl").write_text(GOOD)
    assert run(tmp_path, "load", "good.jsonl").returncode == 0
    return tmp_path


def test_load_reports_on_standard_error(tmp_path: Path) -> None:
    """Nothing but data goes to standard output."""
    done = run(tmp_path, "load", "-", given=GOOD)
    assert (done.returncode, done.stdout) == (0, "")
    assert (
        "read 2: new 2, changed 0, unchanged 0, read again 0, refused 0, deletions 0; withdrew 0; published 2"
        in done.stderr
    )
    assert Catalogue(tmp_path / "data").current().counts["records"] == 2


@pytest.mark.parametrize(("base", "told"), [("http://localhost:8080/", True), ("https://data.example.org/", False)])
def test_load_says_that_uris_of_this_machine_mean_nothing_to_others(tmp_path: Path, base: str, told: bool) -> None:
    """They are an identity, and best set before anybody uses them."""
    done = run(tmp_path, "--base-uri", base, "load", "-", given=GOOD)
    assert done.returncode == 0
    assert ("set site.base_uri" in done.stderr) is told


def test_refused_records_are_named_and_counted_in_the_exit_code(tmp_path: Path) -> None:
    """Exit 4 with file, line and reason of the first twenty, all in the report, which the edition keeps too; 0 where
    so many are tolerated."""
    (tmp_path / "mixed.jsonl").write_text(GOOD + '{"id":"c"}\n' + "broken\n" * 24)
    done = run(tmp_path, "load", "mixed.jsonl", "--report", "report.json")
    assert done.returncode == 4
    assert "mixed.jsonl:3: no title" in done.stderr
    assert "mixed.jsonl:22: not JSON" in done.stderr and "mixed.jsonl:23" not in done.stderr
    assert "and 5 more" in done.stderr
    told = json.loads((tmp_path / "report.json").read_text())
    assert [refusal["place"] for refusal in told["refused"]] == [f"mixed.jsonl:{line}" for line in range(3, 28)]
    assert json.loads(Catalogue(tmp_path / "data").current().report()) == told
    assert run(tmp_path, "load", "mixed.jsonl", "--tolerate", "25").returncode == 0


def test_same_records_loaded_again_are_unchanged(loaded: Path) -> None:
    """Every one that is published is new, changed or unchanged."""
    assert "new 0, changed 0, unchanged 2, " in run(loaded, "load", "good.jsonl").stderr
    (loaded / "other.jsonl").write_text(GOOD.replace("Another", "Other") + '{"id":"c","title":"C"}\n')
    assert "new 1, changed 1, unchanged 1, " in run(loaded, "load", "other.jsonl").stderr


@pytest.mark.parametrize(
    ("given", "why"),
    [("", "there was no record to read"), ("broken\n", "no record could be published")],
    ids=["nothing", "nothing that can be read"],
)
def test_load_of_nothing_says_why_and_withdraws_nothing(loaded: Path, given: str, why: str) -> None:
    """The site is not emptied, and the report does not say so either."""
    done = run(loaded, "load", "-", given=given)
    assert done.returncode == 7
    assert "withdrew 0; published 0" in done.stderr and f"{why}; what was served before" in done.stderr


def test_port_that_is_taken_is_exit_3(loaded: Path) -> None:
    """It is named, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(loaded, "serve", "--host", "127.0.0.1", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 3
    assert "Address already in use; try another --port" in done.stderr


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    """The report is that of a load, the data directory is not even made."""
    done = run(tmp_path, "load", "-", "--dry-run", given=GOOD)
    assert done.returncode == 0
    assert "published 2" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["load"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["load", "none.jsonl"], 5, "none.jsonl"),
        (["load", "good.pdf"], 5, "good.pdf"),
        (["--base-uri", "nonsense", "load", "good.jsonl"], 3, "site.base_uri"),
        (["--config", "none.toml", "load", "good.jsonl"], 3, "none.toml"),
        (["--base-uri", "http://other.example/", "load", "good.jsonl"], 7, "--rebase"),
        (["--data", "elsewhere", "get", "/id/record/a"], 1, ""),
        (["--data", "elsewhere", "query", "ASK { ?s ?p ?o }"], 3, "linkeddata load FILE"),
        (["--data", "elsewhere", "export"], 3, "linkeddata load FILE"),
        (["query", "SELECT nonsense"], 2, "line 1"),
        (["query", "DELETE WHERE { ?s ?p ?o }"], 2, ""),
        (["query", "nonsense"], 2, "nonsense: no SPARQL, and no file"),
        (["load", "good.jsonl", "--bulk-loaded"], 2, "good.jsonl is no folder"),
        (["withdraw", "a", "--successor", "a"], 2, "no record takes its own place"),
        (["--data", "/proc/none", "load", "good.jsonl"], 1, "linkeddata: /proc/none: No such file or directory"),
        (["get", "/id/record/none"], 1, ""),
    ],
)
def test_exit_code_tells_what_was_wrong(loaded: Path, arguments: list[str], code: int, words: str) -> None:
    """Every kind of failure has its own code, a message and no traceback."""
    done = run(loaded, *arguments)
    assert done.returncode == code, done.stderr
    assert words.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_help_gives_the_first_sentence_of_every_command_whole(tmp_path: Path) -> None:
    """Over as many lines as it takes; nothing is cut."""
    listed = run(tmp_path, "--help").stdout.partition("Commands:")[2]
    assert "..." not in listed
    assert "List the editions that are kept, the one that is served marked with *." in " ".join(listed.split())


def test_locked_data_directory_is_exit_6_and_names_the_writer(loaded: Path) -> None:
    """A second writer is told the pid of the first."""
    with locked(loaded / "data"):
        done = run(loaded, "load", "good.jsonl")
    assert done.returncode == 6
    assert f"process {os.getpid()}" in done.stderr


@pytest.mark.parametrize("target", ["turtle", "jsonld", "nt"])
def test_map_gives_what_the_site_serves(loaded: Path, target: str) -> None:
    """`map` prints the document of each record, byte for byte."""
    mapped = run(loaded, "map", "good.jsonl", "--to", target).stdout
    accept = {"turtle": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}[target]
    served = [run(loaded, "get", f"/doc/record/{name}", "--accept", accept).stdout for name in "ab"]
    assert mapped.split() == " ".join(served).split()


def test_map_to_quads_is_what_the_dump_holds(loaded: Path) -> None:
    """The lines of `map --to nq`, each once, are the dump but for the vocabulary's graph."""
    mapped = set(run(loaded, "map", "good.jsonl", "--to", "nq").stdout.splitlines())
    dumped = {line for line in run(loaded, "export").stdout.splitlines() if "/graph/vocab> ." not in line}
    assert mapped == dumped


def test_staff_view_is_read(tmp_path: Path) -> None:
    """The saved text of a record's staff view maps like the record."""
    done = run(tmp_path, "map", str(HERE / "staff-view.txt"))
    assert done.returncode == 0
    assert "id/record/nottingham-40697>" in done.stdout


@pytest.mark.parametrize(("form", "count"), [("nq", None), ("nt", None), ("ttl", 2), ("jsonld", 2)])
def test_export_writes_everything(loaded: Path, form: str, count: int | None) -> None:
    """Each form holds both records; a name ending in .gz is compressed."""
    run(loaded, "export", "-f", form, "-o", "out.gz")
    text = gzip.decompress((loaded / "out.gz").read_bytes())
    assert b"id/record/a" in text
    assert b"id/record/b" in text
    if count:
        assert text.count(b"foaf:primaryTopic" if form == "ttl" else b'"@context"') == count


def test_export_that_breaks_off_leaves_the_file_as_it_was(loaded: Path) -> None:
    """What was exported before is whole still; a device is written as it is, and stays one."""
    (loaded / "out.nq").write_text("of yesterday")
    (loaded / "data" / "current" / "dump.nq.gz").write_bytes(gzip.compress(b"<half> ." * 9000)[:-20])
    done = run(loaded, "export", "-o", "out.nq")
    assert done.returncode == 1 and "the dump of edition 1 is damaged" in done.stderr
    assert (loaded / "out.nq").read_text() == "of yesterday"
    assert run(loaded, "export", "-f", "ttl", "-o", os.devnull).returncode == 0
    assert Path(os.devnull).is_char_device()


def test_file_that_ends_too_early_is_no_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever command reads it: its words are told, and the exit code is not that of Ctrl-C."""

    def catalogue(_: object) -> None:
        raise EOFError("the file is cut short")

    monkeypatch.setattr("linkeddata.cli.editions.catalogue", catalogue)
    done = run(tmp_path, "status")
    assert (done.returncode, done.stderr.strip()) == (1, "linkeddata: the file is cut short")


@pytest.mark.parametrize(
    "command",
    [
        *(["load"], ["load", "--report", "r.json"], ["load", "--dry-run"], ["check", "--report", "c.json"]),
        *(["map", "--explain", "text"], ["map", "--explain", "json"], ["map", "--to", "jsonld"]),
    ],
    ids=" ".join,
)
def test_half_a_surrogate_pair_costs_nothing(tmp_path: Path, command: list[str]) -> None:
    """JSON may hold it, in names of fields too, and names of files may: it stops no run, and reports are written."""
    line = json.dumps({"id": "c", "title": "T", "\ud800x": "v", "author": "\ud800 Waring", "issn": "\udfff"})
    name = os.fsdecode(b"a\xff.jsonl")
    (tmp_path / name).write_text(f"{GOOD}{line}\nbroken\n")
    done = run(tmp_path, *command, name)
    assert done.returncode == 4, done.stderr
    assert "a\\udcff.jsonl:4: not JSON" in done.stderr + done.stdout


def test_terminal_obeys_nothing_that_a_source_sent(tmp_path: Path) -> None:
    """Names of fields are quoted in the report, with what would clear a screen or name a window written out."""
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "title": "T\x1b[2J", "\x1b]0;owned\x07": "x"}))
    told = run(tmp_path, "load", "a.jsonl").stderr
    assert "\\x1b]0;owned\\x07 (1)" in told and "\x1b" not in told
    told = run(tmp_path, "map", "a.jsonl", "--explain").stdout
    assert "T\\x1b[2J" in told and "\x1b" not in told


def test_export_to_triples_is_the_default_graph(tmp_path: Path) -> None:
    """`nt` parses as N-Triples, though the dump has named graphs: the vocabulary's, and that of what was mined."""
    view = str(HERE / "staff-view.txt")
    run(tmp_path, "load", view)
    triples = list(ox.parse(run(tmp_path, "export", "-f", "nt").stdout, format=ox.RdfFormat.N_TRIPLES))
    mapped = list(ox.parse(run(tmp_path, "map", view, "--to", "nq").stdout, format=ox.RdfFormat.N_QUADS))
    assert len(triples) == len([quad for quad in mapped if quad.graph_name == ox.DefaultGraph()]) < len(mapped)


@pytest.mark.parametrize(
    ("form", "words"),
    [("table", "title"), ("json", '"bindings"'), ("csv", "title\r\n"), ("tsv", "?title"), ("xml", "<sparql")],
)
def test_query_answers_in_every_form(loaded: Path, form: str, words: str) -> None:
    """A question given as text is answered without a server."""
    question = "SELECT ?title { ?s <http://purl.org/dc/terms/title> ?title } ORDER BY ?title"
    done = run(loaded, "query", "-f", form, question)
    assert done.returncode == 0
    assert words in done.stdout
    assert "A title" in done.stdout


def test_query_is_read_from_a_file_and_from_standard_input(loaded: Path) -> None:
    """A file's name and `-` do as well as the text."""
    (loaded / "ask.rq").write_text("ASK { ?s ?p ?o }")
    assert run(loaded, "query", "ask.rq").stdout == "true\n"
    assert run(loaded, "query", "-", given="ASK { ?s ?p 99 }").stdout == "false\n"
    assert "A title" in run(loaded, "query", "-f", "nt", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }").stdout


def test_get_shows_status_and_headers(loaded: Path) -> None:
    """One request without a server."""
    done = run(loaded, "get", "/id/record/a", "--accept", "text/turtle", "--headers")
    assert done.returncode == 0
    assert done.stdout.startswith("HTTP/1.1 303 SEE OTHER")
    assert "Location: /doc/record/a.ttl" in done.stdout


def test_demo_checks_every_door(tmp_path: Path) -> None:
    """`demo --check` asks a real server and leaves nothing behind."""
    done = run(tmp_path, "demo", "--check")
    assert done.returncode == 0, done.stdout
    assert "every door answers as it should" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_settings_are_shown_with_their_origin(tmp_path: Path) -> None:
    """`init` writes a file that changes nothing, and refuses to write over one."""
    assert run(tmp_path, "init").returncode == 0
    assert "site.title = 'Linked data'   (default)" in run(tmp_path, "config", "show").stdout
    assert "exists already" in run(tmp_path, "init").stderr


@pytest.mark.parametrize(("order", "winner"), [("one two", "First"), ("two one", "Second"), ("", "Second")])
def test_source_named_first_wins_an_id_that_two_use(tmp_path: Path, order: str, winner: str) -> None:
    """The order of `mapping.sources` decides before age does; without it the newer record is published."""
    for name, title, version in (("one", "First", 1), ("two", "Second", 2)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"id": "a", "title": title, "_version_": version}))
    (tmp_path / "linkeddata.toml").write_text(f'[mapping]\nsources = "{order}"\n')
    done = run(tmp_path, "load", "one=one.jsonl", "two=two.jsonl")
    assert "read again 1" in done.stderr
    assert winner in run(tmp_path, "export").stdout


def test_terminal_is_told_what_is_done_when_all_is_read(tmp_path: Path) -> None:
    """Each step of the report is announced in words, one over the other, and the line is free in the end."""
    (tmp_path / "good.jsonl").write_text(GOOD)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "linkeddata", "load", "good.jsonl", "--report", "report.json"]
    subprocess.run(command, cwd=tmp_path, stderr=theirs, check=True, timeout=60)
    os.close(theirs)
    told = os.read(ours, 1 << 16).decode()
    os.close(ours)
    steps = json.loads((tmp_path / "report.json").read_text())["seconds"].keys() - {"translated"} | {"switch"}
    announced = [words for words in common.STEPS.values() if f"\r\x1b[K{words} …" in told]
    assert steps == common.STEPS.keys() and announced == [*common.STEPS.values()]
    assert "read 2: new 2" in told.rpartition("\r\x1b[K")[2]
