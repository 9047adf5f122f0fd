"""What `ontologies/` holds: found here and nowhere else, in a checkout and in an installed wheel.

The folder is top level in the source tree, because its readers are cataloguers; a wheel carries it
inside the package. An editable install has only the former.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from linkeddata.errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent.parent
#: The languages in which terms have labels, and the file of each.
LABELS: Final = {"en": "labels.toml", "de": "labels.de.toml"}
COMMENTS: Final = "comments.toml"


def folder(package: Path = _PACKAGE) -> Path:
    """The folder `ontologies/` that belongs to a package folder.

    ConfigurationError when neither place has it, which means that the installation is broken.
    """
    for candidate in (package / "ontologies", package.parent / "ontologies"):
        if (candidate / "crosswalk.toml").is_file():
            return candidate
    raise ConfigurationError(
        f"the folder ontologies/ is missing beside or inside {package.name}/; reinstall the package"
    )


def path(name: str) -> Path:
    """The file of that name in `ontologies/`."""
    return folder() / name


def files() -> list[Path]:
    """All files of `ontologies/`, by name; hidden ones are none of ours."""
    return sorted(file for file in folder().iterdir() if file.is_file() and not file.name.startswith("."))


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """The JSON-LD context: the object that stands under `@context`."""
    document: dict[str, Any] = json.loads(path("context.jsonld").read_text("utf-8"))
    inner: dict[str, Any] = document["@context"]
    return inner


def table(name: str) -> dict[str, Any]:
    """A table as it is written, for showing it: nothing is checked, which is the crosswalk's business."""
    return tomllib.loads(path(name).read_text("utf-8"))


@lru_cache(maxsize=2)
def fields(version: str) -> Mapping[str, str]:
    """The source's fields that state a property of a record, by its prefixed name, as the crosswalk lists them; none
    for a version of the mapping in which an operator's own table may say otherwise."""
    if "+" in version:
        return {}
    found: dict[str, list[str]] = {}
    for line in table("crosswalk.toml")["record"]:
        named = line["from"] if isinstance(line["from"], list) else [line["from"]]
        found.setdefault(line["property"], []).extend(named)
    return {curie: ", ".join(dict.fromkeys(names)) for curie, names in found.items()}


def own_mark(text: str) -> str:
    """What the version of the mapping says of an operator's own file, behind a `+`: eight digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def own_table(file: Path, mark: str) -> dict[str, Any] | None:
    """An operator's own file, for showing it; None where it is not, or no longer, the one with this mark."""
    try:
        text = file.read_text("utf-8")
    except (OSError, ValueError):
        return None
    return tomllib.loads(text) if own_mark(text) == mark else None


def labels(language: str = "en") -> dict[str, str]:
    """Labels of every term we publish, by prefixed name (`dcterms:title`: "title").

    KeyError for a language without labels.
    """
    return _by_prefixed_name(LABELS[language])


def comments() -> dict[str, str]:
    """What every term says here, in a sentence, by prefixed name; in English."""
    return _by_prefixed_name(COMMENTS)


@lru_cache(maxsize=len(LABELS) + 1)
def _by_prefixed_name(name: str) -> dict[str, str]:
    tables: dict[str, dict[str, str]] = table(name)
    return {f"{prefix}:{local}": words for prefix, words_of in tables.items() for local, words in words_of.items()}
