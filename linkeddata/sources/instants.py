"""Moments as sources write them and as we do: ISO 8601, UTC, whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from linkeddata.errors import SourceError

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?")


def moment(text: str) -> datetime | None:
    """The moment that a text names, or nothing.

    >>> moment("2026-01-31"), moment("NOW")
    (datetime.datetime(2026, 1, 31, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.partition(".")[0].removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None


def written(instant: datetime) -> str:
    """A moment as we write it.

    >>> written(datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=UTC))
    '2026-01-31T12:00:00Z'
    """
    # Not by `strftime`, which writes the year 1 as one digit.
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def since_text(text: str) -> str:
    """The beginning of a run as we write it, from a date or a moment; else a `SourceError`.

    >>> since_text("2026-01-31")
    '2026-01-31T00:00:00Z'
    """
    if (instant := moment(text)) is None:
        raise SourceError(f"{text!r} is neither a date like 2026-01-31 nor a moment like 2026-01-31T12:00:00Z")
    return written(instant)


def next_mark(since: str | None, latest: datetime | None, now: datetime, overlap: timedelta) -> str | None:
    """Where the next run begins: `overlap` before the latest change seen, never before this run's own beginning.

    A change that lies in the future comes from a clock that is wrong, and counts as one of now; before the first moment
    that there is (some software's word for no date) there is nothing.
    """
    if latest is None:
        return since
    earliest = datetime.min.replace(tzinfo=UTC) + overlap
    return max(written(max(min(latest, now), earliest) - overlap), since or "")
