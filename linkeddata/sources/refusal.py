"""What a server that refuses says: how long to wait, and why; pure."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_TEXT: Final = re.compile(r"text/|json|xml", re.IGNORECASE)
# What is not closed hides all behind it, in a browser too; and is looked through once, and not again from each "<".
_UNSEEN: Final = re.compile(r"<(script|style|title)\b.*?(?:</\1\s*+>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
_LONGEST: Final = 200  # characters of a text in a message


def seconds_to_wait(retry_after: str, date: str = "") -> float:
    """What `Retry-After` says (RFC 9110, 10.2.3), seconds or a date; nothing, or nonsense, is no time at all.

    A date is held against the server's own clock (its header `Date`), which need not be ours.

    >>> seconds_to_wait("120"), seconds_to_wait(""), seconds_to_wait("soon")
    (120.0, 0.0, 0.0)
    >>> seconds_to_wait("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:29 GMT")
    30.0
    """
    text = retry_after.strip()
    if text.isdecimal() and text.isascii():
        return float(text[:9])
    then = _moment(text)
    return max((then - (_moment(date) or datetime.now(UTC))).total_seconds(), 0.0) if then else 0.0


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a zone that is further away than clocks can say
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def beginning(body: bytes, content_type: str) -> str:
    """How a body begins that says why, without markup; nothing, if it is no text.

    >>> beginning(b"<html><title>Error</title><p>No such &lt;core&gt;", "text/html")
    'No such <core>'
    """
    if not _TEXT.search(content_type):
        return ""
    text = body.decode("utf-8", "replace")
    return plain(html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", text))) if "<" in text else text)


def plain(text: str) -> str:
    """A text of others on one line of bounded length, with nothing in it that a terminal would obey."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text[: 20 * _LONGEST]).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
