"""Documents that are given in a moment, before Flask: those of records at addresses that fix their variant.

Nothing is negotiated at these and nobody is waited for, so that to find the route, to begin a request's context and to
wake a thread would take longer than to write the document, and for a page half as long. What is said is what the door
of documents says (`given`), in the language of the site. What it would refuse, or needs longer for, is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from jinja2 import TemplateError

from linkeddata.catalogue import Edition
from linkeddata.errors import LinkedDataError
from linkeddata.representations.variants import HTML, by_suffix
from linkeddata.vocabulary.uris import DOC, RECORD
from linkeddata.web import answers
from linkeddata.web.asking import asking, is_plain
from linkeddata.web.budget import WAIT
from linkeddata.web.cache import Answer
from linkeddata.web.current import Current
from linkeddata.web.finished import Shelf, Shelves
from linkeddata.web.given import variant_answer
from linkeddata.web.located import Located, locate
from linkeddata.web.tongues import words
from linkeddata.web.wishes import Wish

#: Where it is written which document a request is for, so that it is looked up once; None is for none of these.
_LOCATED: Final = "linkeddata.located"
_START: Final = f"/{DOC}{RECORD}/"
#: A document of so many bytes of statements is written, and packed, in a few milliseconds.
_SHORT: Final = 1 << 16
_STATUSES: Final = {False: "200 OK", True: "304 NOT MODIFIED"}
#: Headers that speak of bytes that a 304 does not send (RFC 9110, section 15.4.5).
_OF_BYTES: Final = frozenset({"Content-Type", "Content-Encoding", "Content-Language"})


class Prompt:
    """A door that gives short documents of records itself, and leaves all else to the application behind it."""

    def __init__(self, app: Flask, current: Current, shelves: Shelves) -> None:
        self._application, self._context = app.wsgi_app, app.app_context
        self._current, self._shelves = current, shelves

    def is_prompt(self, environ: WSGIEnvironment) -> bool:
        """Whether a request is answered here, by looking up one record; asked by whoever has but a moment."""
        if _LOCATED not in environ:
            environ[_LOCATED] = self._located(environ)
        return environ[_LOCATED] is not None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._made(environ) if self.is_prompt(environ) else None
        if answer is None:
            return self._application(environ, start_response)
        start_response(_STATUSES[answer.unchanged], _headers(answer))
        return [answer.body] if answer.body and environ["REQUEST_METHOD"] == "GET" else []

    def _located(self, environ: WSGIEnvironment) -> tuple[Edition, Located] | None:
        path = environ["PATH_INFO"]
        # How other characters are read in a path is Flask's matter.
        if not path.startswith(_START) or not path.isascii() or not is_plain(environ):
            return None
        if environ.get("QUERY_STRING") or environ.get(WAIT):
            return None
        found, edition = by_suffix(path, RECORD), self._current.settled()
        if found is None or edition is None or not self._current.is_settled():
            return None
        try:
            located = locate(edition, path[len(DOC) + 1 :], 1)
            return (edition, located) if located and _is_short(edition, located) else None
        except LinkedDataError:
            return None

    def _made(self, environ: WSGIEnvironment) -> Answer | None:
        """The answer; None where there is something that the door behind can say better."""
        edition, located = environ[_LOCATED]
        wish, asked = Wish(located.fixed), asking(environ)
        try:
            if wish.variant.format != HTML:
                return variant_answer(edition, located, wish, shelf=Shelf(self._current.answers, edition.number, asked))
            # Templates belong to an application, and so does what they say of the site.
            with self._context():
                shelf = self._shelves.of(edition.number, asked)
                return variant_answer(edition, located, wish, shelf=shelf, words=words)
        except (LinkedDataError, TemplateError):
            return None


def _is_short(edition: Edition, located: Located) -> bool:
    return located.fixed is not None and located.entry is not None and edition.is_short(located.entry, _SHORT)


def _headers(answer: Answer) -> list[tuple[str, str]]:
    if answer.unchanged:
        return [*(each for each in answer.headers if each[0] not in _OF_BYTES), *answers.COMMON.items()]
    return [*answer.headers, ("Content-Length", str(len(answer.body))), *answers.COMMON.items()]
