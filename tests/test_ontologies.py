"""`ontologies/` agrees with what is published, and comes along however the package is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from rdflib import Literal, URIRef

from linkeddata.crosswalk import Crosswalk, Profile
from linkeddata.crosswalk.mined import MINING_VERSION, RULES
from linkeddata.errors import RecordRefused
from linkeddata.record import Record
from linkeddata.sources import open_source
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import COAR, PREFIXES, RDF, REL, expand, shorten
from linkeddata.vocabulary.uris import Uris

CHECKOUT = Path(__file__).resolve().parents[1]
FIND = "from linkeddata.vocabulary import ontology; print(ontology.folder())"
BASE = "https://data.example.org/"
#: Of what JSON-LD itself makes a keyword there is no term in the context.
KEYWORDS = {RDF.type, RDF.first, RDF.rest}


@pytest.fixture(scope="module")
def crosswalk() -> Crosswalk:
    return Crosswalk(Uris(BASE))


@pytest.fixture(scope="module")
def emitted(shared: Path, crosswalk: Crosswalk) -> dict[str, set[URIRef]]:
    """Properties, classes, resource types and datatypes of all that the development records come to."""
    found: dict[str, set[URIRef]] = {"property": set(), "value": set(), "datatype": set()}
    for _, what, value in _triples(shared / "data", crosswalk):
        found["property"].add(what)
        if isinstance(value, Literal) and value.datatype:
            found["datatype"].add(value.datatype)
        elif what == RDF.type or value.startswith(COAR):
            found["value"].add(URIRef(value))
    return found


def _triples(data: Path, crosswalk: Crosswalk) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    for name in ("dev.jsonl.gz", "dev_extended.jsonl.gz", "nasty.jsonl"):
        for reading in open_source(str(data / name)):
            if isinstance(reading, Record):
                try:
                    yield from crosswalk(reading).triples
                except RecordRefused:
                    continue


def _terms(profile: Profile) -> Iterator[URIRef | None]:
    """Every term that the tables of the crosswalk name."""
    for rule in (*profile.record, *profile.document, *profile.source):
        yield from (rule.predicate, rule.unless)
    for about in profile.about:
        yield about.predicate
    for each in profile.formats.values():
        yield from (*each.types, *each.scholarly, each.edited, each.coar)
    for role in profile.roles.values():
        yield from (role.predicate, role.only_on, role.relator)


def test_every_term_of_the_tables_has_a_label(crosswalk: Crosswalk) -> None:
    named = {shorten(term[1:-1]) for term in _terms(crosswalk.profile) if term}
    assert named - ontology.labels().keys() == set()


@pytest.mark.parametrize("kind", ["property", "value", "datatype"])
def test_every_term_published_has_a_label(emitted: dict[str, set[URIRef]], kind: str) -> None:
    """And lies in one of the vocabularies, else it had no short form."""
    assert {shorten(term) or str(term) for term in emitted[kind]} - ontology.labels().keys() == set()


def test_labels_are_of_known_prefixes_and_lists() -> None:
    lists = {"scheme", "kind", "list", "browse", "language"}
    assert {name.partition(":")[0] for name in ontology.labels()} <= {*PREFIXES, *lists}


def test_context_has_a_term_for_every_property_published(emitted: dict[str, set[URIRef]]) -> None:
    """But for relators, which are too many: their prefix must do."""
    values = (value["@id"] if isinstance(value, dict) else value for value in ontology.context().values())
    covered = {expand(value) for value in values if value.partition(":")[0] in PREFIXES}
    missing = {each for each in emitted["property"] if each not in covered | KEYWORDS and not each.startswith(REL)}
    assert missing == set()


def test_no_term_of_the_context_stands_for_two_things() -> None:
    """Two terms of one property would make the shape of a document depend on their order."""
    context = ontology.context()
    meant = [value["@id"] if isinstance(value, dict) else value for value in context.values()]
    assert sorted(meant) == sorted(set(meant))


def test_rules_of_mining_are_those_that_mine() -> None:
    """The document of mining tells every key with its level and the rule’s name, and no other."""
    told = ontology.table("mining.toml")
    assert {key: (row["name"], row["level"]) for key, row in told["keys"].items()} == {
        key: (rule.name, rule.level) for key, rule in RULES.items()
    }
    assert told["version"] == MINING_VERSION


# How it is installed. These tests build the package, for which pip fetches the build backend.


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints; the test fails with all it said if it does not succeed."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, CHECKOUT, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


def test_wheel_holds_all_that_is_not_code(wheel: Path) -> None:
    """The tables, the sample, templates, static files, catalogues and the mark that types are shipped."""
    inside = set(ZipFile(wheel).namelist())
    wanted = {f"linkeddata/{path.relative_to(CHECKOUT).as_posix()}" for path in (CHECKOUT / "ontologies").iterdir()}
    for folder in ("web/templates", "web/static"):
        files = [path for path in (CHECKOUT / "linkeddata" / folder).rglob("*") if path.is_file()]
        assert files
        wanted |= {path.relative_to(CHECKOUT).as_posix() for path in files}
    assert {
        *wanted,
        "linkeddata/py.typed",
        "linkeddata/sample/records.jsonl",
        "linkeddata/wording/de.po",
    } - inside == set()


def test_wheel_holds_all_code_and_no_tests(wheel: Path) -> None:
    inside = {name for name in ZipFile(wheel).namelist() if name.endswith(".py")}
    assert inside == {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "linkeddata").rglob("*.py")}


def test_installed_wheel_finds_its_tables(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target, wheel, cwd=tmp_path)
    found = run(sys.executable, "-c", FIND, cwd=tmp_path, PYTHONPATH=str(target))
    assert Path(found) == target / "linkeddata" / "ontologies"


def test_editable_install_finds_the_tables_of_the_checkout(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True, system_site_packages=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--editable", CHECKOUT, cwd=tmp_path)
    assert Path(run(python, "-c", FIND, cwd=tmp_path)) == CHECKOUT / "ontologies"
