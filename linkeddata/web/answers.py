"""Headers that all answers share, and answers that are refusals."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from flask import Response, request
from werkzeug.datastructures import Headers

from linkeddata.web import encoding
from linkeddata.web.asking import asking

VARY_ID: Final = "Accept, Accept-Profile, Accept-Language"
VARY_DOC: Final = f"{VARY_ID}, Accept-Encoding"
VARY_FIXED: Final = "Accept-Encoding"
PRIVATE: Final = "private, max-age=60"
SHARED: Final = "public, max-age=300, stale-while-revalidate=86400"
BRIEF: Final = "public, max-age=60"
#: For addresses that name their bytes.
FOREVER: Final = "public, max-age=31536000, immutable"

#: Headers of a page that may be kept a while.
PAGE: Final = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": SHARED, "Vary": VARY_FIXED}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: What every answer says: any page may read it, it is what its type says, and runs nothing that is not ours.
COMMON: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, ETag, Location, Content-Location, Content-Profile, Memento-Datetime, Retry-After, X-Result-Truncated, "
        "X-Total-Count"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": _POLICY,
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept-Profile, Accept-Datetime, Content-Type",
    "Access-Control-Max-Age": "86400",
}


class NotModified(Response):
    """304, with what a cache may renew by it (RFC 9110, section 15.4.5), Last-Modified among it."""

    def __init__(self, headers: Headers | dict[str, str]) -> None:
        super().__init__(status=304, headers=headers)

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Werkzeug takes Last-Modified off; a client that has no other validator needs it."""
        headers = super().get_wsgi_headers(environ)
        if "Last-Modified" in self.headers:
            headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


def with_common_headers(response: Response) -> Response:
    """An answer with what every answer says."""
    # Nobody else says them; to replace would be to look through all headers for each.
    response.headers.extend(COMMON)
    return response


def passing(response: Response) -> Response:
    """An answer that may mix two editions: nobody is to keep it, nor to ask later whether it is still so."""
    if response.status_code == 200 and response.headers.get("Cache-Control") != FOREVER:
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("ETag", None)
        response.headers.pop("Last-Modified", None)
    return response


def with_coding(response: Response) -> Response:
    """A finished 200 of text, in the coding that the client wants, and varying by it; all else as it is.

    304 varies as the 200 in its place would (RFC 9110, section 15.4.5).

    An answer whose tag does not name the coding (see `entity_tag`) is left alone: it would be other bytes
    under the same strong tag.
    """
    # A file that the server sends itself is no text here: it is a dump, packed already.
    as_it_is = response.direct_passthrough or response.is_streamed
    is_text = encoding.is_compressible(response.content_type or "")
    if response.status_code not in (200, 304) or as_it_is or not is_text:
        return response
    _vary_by_coding(response)
    if response.status_code == 304:
        return response
    coding = encoding.wanted(request.headers.get("Accept-Encoding"))
    tag = response.headers.get("ETag")
    if "Content-Encoding" in response.headers or (tag is not None and not tag.endswith(f'{coding.mark}"')):
        return response
    if (packed := encoding.encoded(response.get_data(), coding)) is not None:
        response.set_data(packed)
        response.headers["Content-Encoding"] = coding.name
    return response


def _vary_by_coding(response: Response) -> None:
    vary = response.headers.get("Vary", "")
    if VARY_FIXED not in vary:
        response.headers["Vary"] = f"{vary}, {VARY_FIXED}" if vary else VARY_FIXED


def options(allowed: str) -> Response:
    """The answer to OPTIONS, preflight included (Fetch standard, CORS protocol)."""
    response = Response(status=204, headers={"Allow": allowed, "Access-Control-Allow-Methods": allowed, **_PREFLIGHT})
    del response.headers["Content-Type"]
    return response


def page_number() -> int:
    """The page the request asks for, from 1; 1 where it asks for none, 0 for what is no page number."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def entity_tag(*parts: str) -> str:
    """A strong tag of what is given to the request in hand (see `Asking.tag`)."""
    return asking(request.environ).tag(*parts)


def is_known(tag: str, modified: str | None = None) -> bool:
    """Whether the client of the request in hand has these bytes already (see `Asking.has`)."""
    return asking(request.environ).has(tag, modified)


@lru_cache(maxsize=1_024)
def http_date(moment: str) -> str:
    """An ISO 8601 moment in UTC as HTTP writes it."""
    return format_datetime(datetime.fromisoformat(moment), usegmt=True)


def link(target: str, **attributes: str) -> str:
    """One entry of a Link header (RFC 8288)."""
    return f"<{target}>" + "".join(f'; {name}="{value}"' for name, value in attributes.items())
