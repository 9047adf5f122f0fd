"""Whether a newer edition is being made, and when it can be expected.

Told by files alone: who asks the lock stands in the way of a writer that is just beginning.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from linkeddata.catalogue.folder import CURRENT, DRAFT, REPORT
from linkeddata.catalogue.lock import FILE

#: A draft that nothing was written in for so many seconds was left behind by a run that was ended.
_LEFT_BEHIND: Final = 600


def coming(directory: Path) -> datetime | None:
    """When the edition that is being made in a data directory can be expected, should it take as long as the one
    served now took; None where none is being made, or none is served."""
    draft = directory / DRAFT
    try:
        begun = (directory / FILE).stat().st_mtime
        written = max(each.stat().st_mtime for each in (draft, *draft.iterdir()))
        taken = sum(json.loads((directory / CURRENT / REPORT).read_bytes())["seconds"].values())
    except (OSError, ValueError, KeyError):
        return None
    return None if time.time() - written > _LEFT_BEHIND else datetime.fromtimestamp(begun + taken, UTC)
