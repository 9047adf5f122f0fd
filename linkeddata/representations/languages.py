"""Languages of works as BCP 47 tags, by the table of `ontologies/languages.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache

from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Token
from linkeddata.vocabulary.tokens import ISO639_2


def language_tags(languages: Iterable[Token]) -> list[str]:
    """The tags of languages named by their ISO 639-2 URIs; one without a tag is left out."""
    return [tag for language in languages if (tag := _tags().get(language))]


@lru_cache(maxsize=1)
def _tags() -> dict[Token, str]:
    with ontology.path("languages.toml").open("rb") as file:
        return {ISO639_2[code]: language["tag"] for code, language in tomllib.load(file).items()}
