"""Answers that stay the same until the next edition is issued, and are asked after by their tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Response, request

from linkeddata.catalogue import Edition
from linkeddata.web import answers


def issued(
    edition: Edition, content_type: str, body: Callable[[], bytes | Iterable[bytes]], *depends: str, modified: str = ""
) -> Response:
    """An answer made of the edition and of what else it `depends` on; 304 where the client has it.

    `modified` (ISO 8601) is when the bytes last changed, where that is not the issue of the edition.
    """
    tag = answers.entity_tag(f"edition-{edition.number}", edition.issued, request.full_path, *depends)
    response = Response(content_type=content_type)
    response.headers.update({
        "ETag": f'"{tag}"',
        "Last-Modified": answers.http_date(modified or edition.issued),
        "Cache-Control": answers.SHARED,
        "Vary": answers.VARY_FIXED,
    })  # fmt: skip
    response.make_conditional(request)
    if response.status_code == 304:
        return answers.NotModified(response.headers)
    made = body()
    if isinstance(made, bytes):
        response.data = made
    else:
        response.response = made
    return response
