"""Languages of works as BCP 47 tags, by the table of `ontologies/languages.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rdflib.term import Node

from linkeddata.vocabulary import ontology

_LANGUAGES: Final = "http://id.loc.gov/vocabulary/iso639-2/"


def language_tags(languages: Iterable[Node]) -> list[str]:
    """The tags of languages named by their ISO 639-2 URIs; one without a tag is left out."""
    codes = (str(uri).removeprefix(_LANGUAGES) for uri in languages)
    return [tag for code in codes if (tag := _tags().get(code))]


@lru_cache(maxsize=1)
def _tags() -> dict[str, str]:
    with ontology.path("languages.toml").open("rb") as file:
        return {code: language["tag"] for code, language in tomllib.load(file).items()}
