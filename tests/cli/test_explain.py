"""`map --explain` and `remap`: what came from what, and a changed mapping applied without fetching."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue
from linkeddata.crosswalk import Crosswalk
from linkeddata.publish import Site, publish, remap
from linkeddata.record import Record
from linkeddata.vocabulary.uris import Name, Uris

from .running import run

RECORD = {
    "id": "a",
    "title": "A title",
    "author": ["Waring, Justin"],
    "topic": "Health; Work",
    "author_facet": "Waring, Justin",
    "strange": "x",
    "url": "javascript:alert(1)",
}


@pytest.fixture
def explained(tmp_path: Path) -> dict[str, object]:
    """The explanation of one record, as JSON."""
    done = run(tmp_path, "map", "-", "--explain", "json", given=json.dumps(RECORD))
    explanation: dict[str, object] = json.loads(done.stdout)
    return explanation


def test_every_statement_is_explained(tmp_path: Path, explained: dict[str, list[dict[str, str]]]) -> None:
    """There are as many explanations as statements, each with the line of the tables behind it."""
    mapped = run(tmp_path, "map", "-", "--to", "nq", given=json.dumps(RECORD)).stdout.splitlines()
    assert [f"{' '.join(each['statement'])} ." for each in explained["statements"]] == mapped
    assert all(each["rule"].startswith(("crosswalk.toml:", "stated of")) for each in explained["statements"])


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [('"A title"', "title", "A title"), ('"Health"', "topic", "Health; Work"), ('"a"', "id", None)],
)
def test_statement_names_its_field_and_value(
    explained: dict[str, list[dict[str, str]]], words: str, field: str, value: str | None
) -> None:
    """The field and, where one value made it, the value as the source has it."""
    found = next(each for each in explained["statements"] if each["statement"][2] == words)
    assert (found["field"], found.get("value")) == (field, value)


def test_every_field_has_a_fate(explained: dict[str, list[dict[str, str]]]) -> None:
    """Mapped, left out for a reason, or unknown."""
    fates = {each["field"]: each["fate"] for each in explained["fields"]}
    assert set(fates) == set(RECORD)
    assert (fates["title"], fates["author_facet"], fates["strange"]) == ("mapped", "copy of another field", "unknown")


def test_value_left_out_has_its_reason(explained: dict[str, list[dict[str, str]]]) -> None:
    """What could not be said validly is named with its reason."""
    [left] = explained["left_out"]
    assert (left["field"], left["value"]) == ("url", "javascript:alert(1)")


def test_text_says_the_same_for_people(tmp_path: Path) -> None:
    """One line a statement, with prefixed names."""
    told = run(tmp_path, "map", "-", "--explain", given=json.dumps(RECORD)).stdout
    assert 'dcterms:title "A title"' in told
    assert '<- title "A title" [crosswalk.toml:' in told
    assert "author_facet: copy of another field" in told


def test_report_counts_fields_over_a_run(tmp_path: Path) -> None:
    """How many records each field was mapped in, and which fields nobody knew."""
    lines = json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "id": "b"}) + "\n"
    run(tmp_path, "load", "-", "--report", "report.json", given=lines)
    fields = json.loads((tmp_path / "report.json").read_text())["fields"]
    assert {"field": "title", "fate": "mapped", "records": 2} in fields
    assert {"field": "strange", "fate": "unknown", "records": 2} in fields


def test_rehearsed_remap_tells_and_leaves_everything(tmp_path: Path) -> None:
    """How many records the mapping would change, and no new edition."""
    (tmp_path / "in.jsonl").write_text(json.dumps(RECORD))
    run(tmp_path, "load", "in.jsonl")
    (tmp_path / "linkeddata.toml").write_text('[site]\nlicense = "https://example.org/licence"\n')
    done = run(tmp_path, "remap", "--dry-run")
    assert done.returncode == 0
    assert "changed 1, unchanged 0" in done.stderr and done.stderr.endswith("this was a rehearsal\n")
    assert Catalogue(tmp_path / "data").numbers() == [1] and not (tmp_path / "data" / "draft").exists()


def test_remap_needs_no_source(tmp_path: Path) -> None:
    """The kept documents give the same edition by the same mapping, and another by another."""
    (tmp_path / "in.jsonl").write_text(json.dumps(RECORD))
    run(tmp_path, "load", "in.jsonl")
    (tmp_path / "in.jsonl").unlink()
    before = (tmp_path / "data" / "current" / "dump.nq.gz").read_bytes()
    assert run(tmp_path, "remap").returncode == 0
    assert Catalogue(tmp_path / "data").current().number == 2
    assert (tmp_path / "data" / "current" / "dump.nq.gz").read_bytes() == before
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    remap(Catalogue(tmp_path / "data"), Site("http://localhost:8080/", licence=licence), processes=1)
    told = Catalogue(tmp_path / "data").current().describe(Name("record", "a"))
    assert told is not None and licence.encode() in told.statements


def test_half_a_surrogate_survives_being_kept(tmp_path: Path) -> None:
    """What JSON can only hold escaped is kept and mapped again as it was."""
    site = Site("http://localhost:8080/")
    publish([Record("a", {"title": ["half \ud800 a pair"]})], Catalogue(tmp_path), site, processes=1)
    before = Catalogue(tmp_path).current().describe(Name("record", "a"))
    remap(Catalogue(tmp_path), site, processes=1)
    after = Catalogue(tmp_path).current().describe(Name("record", "a"))
    assert before and after and before.statements == after.statements


def test_origins_cover_all_statements(seed: dict[str, object]) -> None:
    """Every statement of the seed record has an origin."""
    fields = {name: [str(v) for v in (value if isinstance(value, list) else [value])] for name, value in seed.items()}
    mapping = Crosswalk(Uris("https://data.example.org/"))(Record("nottingham-40697", fields))
    assert set(mapping.statements) == set(mapping.origins)
