"""What `ontologies/` holds: found here and nowhere else, in a checkout and in an installed wheel.

The folder is top level in the source tree, because its readers are cataloguers; a wheel carries it
inside the package. An editable install has only the former.
"""

from __future__ import annotations

import json
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from linkeddata.errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent.parent


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


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """The JSON-LD context: the object that stands under `@context`."""
    document: dict[str, Any] = json.loads(path("context.jsonld").read_text("utf-8"))
    inner: dict[str, Any] = document["@context"]
    return inner


@lru_cache(maxsize=1)
def labels() -> dict[str, str]:
    """English labels of every term we publish, by prefixed name (`dcterms:title`: "title")."""
    with path("labels.toml").open("rb") as file:
        tables: dict[str, dict[str, str]] = tomllib.load(file)
    return {f"{prefix}:{local}": label for prefix, table in tables.items() for local, label in table.items()}
