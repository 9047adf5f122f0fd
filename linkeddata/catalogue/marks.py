"""How far each source has been harvested, where a run changed nothing and so issued no edition.

What an edition knows of it stands in its register. A run without changes leaves a note beside the
editions, which holds for the edition then served: after a rollback the sources are asked from where the
older edition ended.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from linkeddata.catalogue import folder
from linkeddata.catalogue.register import Mark

_FILE = "marks.json"
_log = logging.getLogger(__name__)


def write_marks(directory: Path, edition: int, marks: Mapping[str, Mark]) -> None:
    """Note the marks that hold while this edition is served."""
    beside = directory / f"{_FILE}.unfinished"
    beside.write_text(json.dumps({"edition": edition, "marks": marks}), "utf-8")
    folder.sync(beside)
    beside.rename(directory / _FILE)


def read_marks(directory: Path, edition: int) -> dict[str, Mark]:
    """The marks noted for an edition; none where there is no such note, or it is damaged: what is fetched once more
    for that changes nothing."""
    file = directory / _FILE
    try:
        noted = json.loads(file.read_text("utf-8"))
        marks = {source: Mark(*mark) for source, mark in noted["marks"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError):
        _log.warning("%s is damaged: the sources are asked from where the edition that is served ended", file)
        return {}
    return marks if noted.get("edition") == edition else {}
