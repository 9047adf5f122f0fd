"""What a request says of the bytes that it wants, whoever reads it: Flask's doors, and those before Flask."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from wsgiref.types import WSGIEnvironment

from werkzeug.http import parse_date, parse_etags

from linkeddata import __version__
from linkeddata.web import encoding
from linkeddata.web.encoding import Coding

#: What Vary does not tell of; who sends these asks otherwise.
_OTHERWISE: Final = frozenset({"HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE"})


@dataclass(frozen=True, slots=True)
class Asking:
    """The coding that a client wants, and what it has already: the values of If-None-Match and If-Modified-Since."""

    coding: Coding
    known: str | None = None
    since: str | None = None

    def tag(self, *parts: str) -> str:
        """A strong tag made of what the bytes depend on, without making them: the parts, our version, the coding."""
        stem = hashlib.blake2b("\0".join((__version__, *parts)).encode(), digest_size=12).hexdigest()
        return stem + self.coding.mark

    def has(self, tag: str, modified: str | None = None, *, exists: bool = True) -> bool:
        """Whether the client has these bytes already (RFC 9110, section 13.2.2).

        If-None-Match decides, compared weakly; only without it If-Modified-Since, against `modified` (ISO 8601).
        Where it is not sure yet that the thing `exists`, only its own tag proves it: who has that had it from us.
        """
        if self.known is not None:
            known = parse_etags(self.known)
            return known.is_strong(tag) or known.is_weak(tag) or (exists and known.star_tag)
        since = parse_date(self.since)
        return exists and modified is not None and since is not None and datetime.fromisoformat(modified) <= since


def asking(environ: WSGIEnvironment) -> Asking:
    """What the request of a WSGI environment says."""
    coding = encoding.wanted(environ.get("HTTP_ACCEPT_ENCODING"))
    return Asking(coding, environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE"))


def is_plain(environ: WSGIEnvironment) -> bool:
    """Whether a request asks by its address and by headers that Vary or conditions speak of, and by nothing else."""
    is_reading = environ["REQUEST_METHOD"] in ("GET", "HEAD")
    return is_reading and not environ.get("CONTENT_LENGTH") and _OTHERWISE.isdisjoint(environ)
