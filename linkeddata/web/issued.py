"""Answers that stay the same until the next edition is issued, and are asked after by their tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Response, request

from linkeddata.catalogue import Edition
from linkeddata.web import answers, encoding


def issued(
    edition: Edition, content_type: str, body: Callable[[], bytes | Iterable[bytes]], *depends: str, modified: str = ""
) -> Response:
    """An answer made of the edition and of what else it `depends` on; 304 where the client has it.

    `modified` (ISO 8601) is when the bytes last changed, where that is not the issue of the edition.
    """
    changed = modified or edition.issued
    tag = answers.entity_tag(f"edition-{edition.number}", edition.issued, request.full_path, *depends)
    headers = {
        "ETag": f'"{tag}"',
        "Last-Modified": answers.http_date(changed),
        "Cache-Control": answers.SHARED,
        "Vary": answers.VARY_FIXED,
    }
    if answers.is_known(tag, changed):
        return answers.NotModified(headers)
    made = body()
    if isinstance(made, bytes):
        return Response(made, headers=headers, content_type=content_type)
    coding = encoding.wanted(request.headers.get("Accept-Encoding"))
    if coding.name != encoding.IDENTITY:
        headers["Content-Encoding"] = coding.name
    return Response(encoding.stream(made, coding), headers=headers, content_type=content_type)
