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
from linkeddata.web.asking import Asking, asking
from linkeddata.web.cache import Answer, Cache
from linkeddata.web.encoding import Coding


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

    def of(self, edition: int | None, asked: Asking | None = None) -> Shelf:
        """Those of the edition in hand (None before the first load) for what is asked, else for Flask's request."""
        return Shelf(self.cache, edition, asked or asking(request.environ), self.frame + self.coming())


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where finished answers of one edition are kept, for one request."""

    cache: Cache
    edition: int | None
    asking: Asking
    frame: str = ""

    def page_tag(self, *parts: str) -> str:
        """The tag of an HTML page, whose foot names the edition and whose head the site."""
        return self.asking.tag(f"edition-{self.edition or 0}", self.frame, tongues.mark(), *parts)

    def reply(self, offer: Offer, body: Callable[[], bytes]) -> Response:
        """The answer to this request, as Flask has it; errors of `body` go through and nothing is kept then."""
        return response(self.answer(offer, body))

    def answer(self, offer: Offer, body: Callable[[], bytes]) -> Answer:
        """The answer to this request: that nothing has changed, the kept one, or one that is made, and kept, now."""
        return self.known(offer) or self._made(offer, body)

    def known(self, offer: Offer, *, exists: bool = True) -> Answer | None:
        """That nothing has changed, or the kept answer; None where it must be made.

        With `exists` false it is not sure that there is such an answer: then only our own tag or our
        own keeping proves it.
        """
        kept = self.cache.get(self.edition, offer.tag)
        assert kept is None or isinstance(kept, Answer)  # noqa: S101 - a tag names nothing else
        if self.asking.has(offer.tag, offer.modified, exists=exists or kept is not None):
            return Answer(kept.headers if kept else tuple(offer.whole_headers().items()), b"", unchanged=True)
        return kept

    def _made(self, offer: Offer, body: Callable[[], bytes]) -> Answer:
        answer = _answer(offer, body(), self.asking.coding)
        self.cache.put(self.edition, offer.tag, answer)
        return answer


def _answer(offer: Offer, body: bytes, coding: Coding) -> Answer:
    headers = offer.whole_headers()
    if (packed := encoding.encoded(body, coding)) is not None:
        headers["Content-Encoding"] = coding.name
    return Answer(tuple(headers.items()), body if packed is None else packed)


class _Finished(Response):
    """An answer whose headers are all there and as they should be, so that Werkzeug need not look through them."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        return self.headers


def response(answer: Answer) -> Response:
    """A finished answer as Flask has it."""
    if answer.unchanged:
        return answers.NotModified(dict(answer.headers))
    return _Finished(answer.body, headers=list(answer.headers))
