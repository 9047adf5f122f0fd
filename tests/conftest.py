"""What every test may ask for: the folder of real records beside the checkout, and the seed record."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does, and says nothing about the code.
# In continuous integration examples are the same each time, so that a failure is one of the change.
settings.register_profile("here", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("here")

BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared`; without it the test is skipped, but in continuous integration it fails."""
    if not BESIDE_THE_CHECKOUT.is_dir():
        reason = f"the folder of real records is not there: {BESIDE_THE_CHECKOUT}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return BESIDE_THE_CHECKOUT


@pytest.fixture(scope="session")
def seed(shared: Path) -> dict[str, Any]:
    """The record everything is measured by, as its source has it."""
    record: dict[str, Any] = json.loads((shared / "seed-record.json").read_text(encoding="utf-8"))
    return record
