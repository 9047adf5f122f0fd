"""What is shown as an example: chosen and counted when an edition is issued, so that no query is asked for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.catalogue.embedded_home import EmbeddedHome
from linkeddata.catalogue.folder import ORDERED, SEARCH
from linkeddata.errors import StoreError
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Deletion, Record

BASE = "https://data.example.org/"
SITE = Site(BASE)


def record(name: str, **fields: str | list[str]) -> Record:
    told = {field: [value] if isinstance(value, str) else value for field, value in fields.items()}
    return Record(name, {"id": [name], "title": [f"Title {name}"], "format": ["Article"], **told})


def load(data: Path, *records: Record) -> Edition:
    publish(records, Catalogue(data), SITE, processes=1)
    return Catalogue(data).current()


def labels(edition: Edition) -> dict[str, str]:
    return {kind: label for kind, (_, label) in edition.samples.items()}


def test_record_of_which_most_kinds_of_things_are_told_is_the_example(tmp_path: Path) -> None:
    """Many values of one kind make no better example than one; it is that of the dataset's description, too."""
    many = [f"Author {letter}" for letter in "ABCDEFGHIJ"]
    told = record("b", author="Curie, Marie", publisher="Wiley", publishDate="2017", topic="Care")
    edition = load(tmp_path, record("a", author=many), told, record("c"))
    assert edition.samples["record"] == (f"{BASE}id/record/b", "Title b")
    assert edition.facts["example"] == f"{BASE}id/record/b"


def test_record_without_a_title_is_no_example_while_there_is_another(tmp_path: Path) -> None:
    """However much else is told of it."""
    nameless = Record("a", {"id": ["a"], "author": ["Curie, Marie"], "publishDate": ["2017"], "topic": ["Care"]})
    assert load(tmp_path, nameless, record("b")).samples["record"][1] == "Title b"


NATURE = {"container_title": "Nature", "issn": "0028-0836"}
SCIENCE = {"container_title": "Science", "issn": "0036-8075"}
WORKS = (
    record("a", author=["Curie, Marie", "Meitner, Lise"], topic=["Care", "Light"], **NATURE),
    record("b", author=["Meitner, Lise"], topic=["Light"], **NATURE),
    record("c", author=["Curie, Pierre"], topic=["Care", "Light"], **SCIENCE),
)


def test_author_journal_and_subject_of_most_works_are_the_examples(tmp_path: Path) -> None:
    """Each leads to something of the graph, by the name that it has there."""
    edition = load(tmp_path, *WORKS)
    assert labels(edition) | {"record": ""} == {
        "record": "", "author": "Meitner, Lise", "journal": "Nature", "subject": "Light",
    }  # fmt: skip
    for uri, _ in edition.samples.values():
        name = edition.uris.name(uri)
        assert name is not None and edition.has(name)


def test_update_changes_the_examples_with_the_works(tmp_path: Path) -> None:
    """What most works count under is counted again, and what is withdrawn is no example."""
    load(tmp_path, *WORKS)
    gone = [Deletion("a"), Deletion("b"), record("d", **SCIENCE)]
    update([Run(lambda _: Given(gone))], Catalogue(tmp_path), Work(SITE, 1))
    now = Catalogue(tmp_path).current()
    assert labels(now)["journal"] == "Science"
    assert labels(now)["author"] == "Curie, Pierre"
    assert now.samples["record"][1] in ("Title c", "Title d")


def test_no_query_is_asked_for_examples(tmp_path: Path) -> None:
    """They are there even where the store does not answer at all."""
    told, folder = load(tmp_path, *WORKS).samples, tmp_path / "editions" / "000001"
    (folder / ORDERED).touch()
    edition = Edition(folder, EmbeddedHome())
    assert edition.samples == told
    with pytest.raises(StoreError):
        edition.named_graphs(1)


def test_without_a_search_index_only_the_record_is_known(tmp_path: Path) -> None:
    """Nothing has counted the works of the others."""
    load(tmp_path, *WORKS)
    (tmp_path / "editions" / "000001" / SEARCH).unlink()
    assert list(Catalogue(tmp_path).current().samples) == ["record"]
