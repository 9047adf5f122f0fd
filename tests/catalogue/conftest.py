"""An edition of all development records, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.catalogue import Catalogue, Edition
from linkeddata.publish import Site, publish
from linkeddata.sources import open_source

SITE = Site("http://localhost:8080/", "Development")


@pytest.fixture(scope="session")
def dev(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition that a load of the development records gives."""
    data = tmp_path_factory.mktemp("dev")
    publish(open_source(str(shared / "data" / "dev.jsonl.gz")), Catalogue(data), SITE)
    return Catalogue(data).current()
