"""Where `ontologies/` is found, and what is read from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.terms import PREFIXES


@pytest.mark.parametrize("place", ["ontologies", "linkeddata/ontologies"])
def test_folder_is_found_beside_the_package_or_in_it(tmp_path: Path, place: str) -> None:
    """In a checkout, and in what a wheel installs."""
    (tmp_path / "linkeddata").mkdir()
    (tmp_path / place).mkdir()
    (tmp_path / place / "crosswalk.toml").touch()
    assert ontology.folder(tmp_path / "linkeddata") == tmp_path / place


@pytest.mark.parametrize("stray", [[], ["ontologies"]])
def test_missing_folder_is_said_to_be_missing(tmp_path: Path, stray: list[str]) -> None:
    """A folder that only has the name is not it."""
    for name in stray:
        (tmp_path / name).mkdir()
    with pytest.raises(ConfigurationError, match=r"the folder ontologies/ is missing beside or inside linkeddata/"):
        ontology.folder(tmp_path / "linkeddata")


def test_context_knows_all_prefixes() -> None:
    context = ontology.context()
    assert {prefix: context.get(prefix) for prefix in PREFIXES} == PREFIXES
    assert (context["id"], context["type"]) == ("@id", "@type")


def test_labels_are_read_by_prefixed_name() -> None:
    assert ontology.labels()["dcterms:title"] == "title"
    assert all(label == label.strip() and label for label in ontology.labels().values())
