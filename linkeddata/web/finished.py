"""An answer from its tag: 304 where the client has it, the kept bytes where we have them, else made now.

A door says what the answer would be (`Offer`) before making anything of it, so that an answer
nobody needs costs a tag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from werkzeug.datastructures import Headers

from linkeddata.web import answers, encoding, tongues
from linkeddata.web.cache import Answer, Cache


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer with status 200 that is not made yet.

    `tag` (of `answers.entity_tag`) depends on all that the bytes depend on; `modified` is ISO 8601;
    `headers` gives the others, Content-Type among them, and is asked only when they are sent anew.
    """

    tag: str
    headers: Callable[[], Mapping[str, str]]
    modified: str | None = None

    def whole_headers(self) -> dict[str, str]:
        """All headers but those of the coding."""
        dated = {"Last-Modified": answers.http_date(self.modified)} if self.modified else {}
        return {"ETag": f'"{self.tag}"', **dated, **self.headers()}


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where finished answers are kept. `frame` is what all pages depend on beside the edition: the site's settings;
    `coming` gives what their foot says of the next one."""

    cache: Cache
    frame: str = ""
    coming: Callable[[], str] = str

    def of(self, edition: int | None) -> Shelf:
        """Those of the edition in hand; None before the first load."""
        return Shelf(self.cache, edition, self.frame + self.coming())


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where finished answers of one edition are kept."""

    cache: Cache
    edition: int | None
    frame: str

    def page_tag(self, *parts: str) -> str:
        """The tag of an HTML page, whose foot names the edition and whose head the site."""
        return answers.entity_tag(f"edition-{self.edition or 0}", self.frame, tongues.mark(), *parts)

    def reply(self, offer: Offer, body: Callable[[], bytes]) -> Response:
        """The answer to this request; errors of `body` go through and nothing is kept then."""
        return self.known(offer) or self.made(offer, body)

    def known(self, offer: Offer, *, exists: bool = True) -> Response | None:
        """304 or the kept answer; None where it must be made.

        With `exists` false it is not sure that there is such an answer: then only our own tag or our
        own keeping proves it.
        """
        kept = self.cache.get(self.edition, offer.tag)
        assert kept is None or isinstance(kept, Answer)  # noqa: S101 - a tag names nothing else
        if answers.is_known(offer.tag, offer.modified, exists=exists or kept is not None):
            return answers.NotModified(dict(kept.headers) if kept else offer.whole_headers())
        return _response(kept) if kept else None

    def made(self, offer: Offer, body: Callable[[], bytes]) -> Response:
        """The answer, made and kept."""
        answer = _answer(offer, body())
        self.cache.put(self.edition, offer.tag, answer)
        return _response(answer)


def _answer(offer: Offer, body: bytes) -> Answer:
    coding = encoding.wanted(request.headers.get("Accept-Encoding"))
    headers = offer.whole_headers()
    if (packed := encoding.encoded(body, coding)) is not None:
        headers["Content-Encoding"] = coding.name
    return Answer(tuple(headers.items()), body if packed is None else packed)


class _Finished(Response):
    """An answer whose headers are all there and as they should be, so that Werkzeug need not look through them."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        return self.headers


def _response(answer: Answer) -> Response:
    return _Finished(answer.body, headers=list(answer.headers))
