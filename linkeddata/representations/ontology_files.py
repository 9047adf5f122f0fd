"""The list of what `/ontologies/` offers: documents made from the tables, and the tables as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from linkeddata.representations.parts import Text
from linkeddata.representations.site_pages import size_text
from linkeddata.vocabulary.uris import Uris

#: What each file is, as its title.
TITLES: Final = {
    "crosswalk.toml": "The mapping: source field, property and way of reading, one line a property",
    "formats.toml": "Classes and resource types for the words that sources have for formats",
    "roles.toml": "Roles of contributors, by MARC relator code",
    "languages.toml": "Languages, with the codes and names by which sources call them",
    "readings.toml": "The ways of reading a value, in words",
    "mining.toml": "What is read from the texts of repository records, and by which rule",
    "labels.toml": "English labels of all terms",
    "labels.de.toml": "German labels of all terms",
    "comments.toml": "What each term says here, in a sentence",
    "domains.toml": "What each property may stand on and lead to",
    "context.jsonld": "The JSON-LD context that stands in every JSON-LD document",
    "shapes.ttl": "SHACL shapes that every record’s statements keep to",
}


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """Documents for reading, and files for taking away."""

    documents: tuple[Text, ...]
    files: tuple[Text, ...]


def ontology_page(
    documents: Iterable[tuple[str, str]], files: Iterable[tuple[str, int]], *, uris: Uris
) -> OntologyPage:
    """The list; `documents` as URI and title, `files` as name and number of bytes."""
    listed = (Text(name, href=uris.local(uris.ontology(name)), note=_note(name, size)) for name, size in files)
    return OntologyPage(tuple(Text(title, href=uris.local(uri)) for uri, title in documents), tuple(listed))


def _note(name: str, size: int) -> str:
    title = TITLES.get(name)
    return f"{title}; {size_text(size)}" if title else size_text(size)
