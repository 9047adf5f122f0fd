"""The folder of the suites, which is beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def sparql11(shared: Path) -> Path:
    """SPARQL 1.1: queries, results, protocol and service description."""
    return shared / "w3c" / "sparql" / "sparql11"
