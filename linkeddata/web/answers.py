"""Headers that all answers share, and answers that are refusals."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from flask import Response, request

from linkeddata import __version__

VARY_ID: Final = "Accept, Accept-Profile, Accept-Language"
VARY_DOC: Final = f"{VARY_ID}, Accept-Encoding"
VARY_FIXED: Final = "Accept-Encoding"
PRIVATE: Final = "private, max-age=60"
SHARED: Final = "public, max-age=300, stale-while-revalidate=86400"
BRIEF: Final = "public, max-age=60"

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_COMMON: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, ETag, Location, Content-Location, Content-Profile, Memento-Datetime, Retry-After, X-Result-Truncated"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": _POLICY,
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept-Profile, Accept-Datetime, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def with_common_headers(response: Response) -> Response:
    """Every answer may be read by any page, is what its type says, and runs nothing that is not ours."""
    response.headers.update(_COMMON)
    return response


def options(allowed: str) -> Response:
    """The answer to OPTIONS, preflight included (Fetch standard, CORS protocol)."""
    return Response(status=204, headers={"Allow": allowed, "Access-Control-Allow-Methods": allowed, **_PREFLIGHT})


def page_number() -> int:
    """The page the request asks for, from 1; 1 where it asks for none, 0 for what is no page number."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def entity_tag(*parts: str) -> str:
    """A strong tag made of what the bytes depend on, without making the bytes."""
    return hashlib.blake2b("\0".join((__version__, *parts)).encode(), digest_size=12).hexdigest()


def is_known(tag: str) -> bool:
    """Whether the client has these bytes already (RFC 9110, section 13.1.2)."""
    return request.if_none_match.contains(tag)


def http_date(moment: str) -> str:
    """An ISO 8601 moment in UTC as HTTP writes it."""
    return format_datetime(datetime.fromisoformat(moment), usegmt=True)


def link(target: str, **attributes: str) -> str:
    """One entry of a Link header (RFC 8288)."""
    return f"<{target}>" + "".join(f'; {name}="{value}"' for name, value in attributes.items())
