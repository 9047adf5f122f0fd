"""The first door, before Flask: who has asked too much is noted, and what was answered before is answered again.

Nothing is decided here that a door behind it decides. What is kept is what one of them answered, as a cache
on the way would keep it (RFC 9111, section 4.1): by address, and by those headers of the request
that the answer itself names in Vary. A 304 is kept by the very conditions that it answered, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias
from wsgiref.types import StartResponse, WSGIEnvironment

from linkeddata.web import encoding
from linkeddata.web.asking import is_plain
from linkeddata.web.budget import WAIT
from linkeddata.web.cache import OVERHEAD, Answer
from linkeddata.web.current import Current
from linkeddata.web.prompt import Prompt
from linkeddata.web.within_path import within

Key: TypeAlias = tuple[str | None, ...]

#: Where the door writes what it found, so that it looks once; None is nothing.
FOUND: Final = "linkeddata.found"
_CONDITIONS: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
#: Of these headers not the text matters, but what is made of it.
_OUTCOMES: Final[Mapping[str, Callable[[str | None], str]]] = {
    "HTTP_ACCEPT_ENCODING": lambda text: encoding.wanted(text).mark,
}
#: An address and headers longer than this are asked for once.
_LONGEST_KEY: Final = 2_000
#: Larger answers take their time on the way out, so Flask's threads give them.
_LARGEST: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Varying:
    """The headers of the request that the answers of an address depend on, as WSGI names them."""

    names: tuple[str, ...]
    size: int = OVERHEAD


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given. Its bytes are those kept under `tag`, or `body` where nobody else keeps them."""

    status: str
    headers: list[tuple[str, str]]
    tag: str
    body: bytes | None
    size: int


class Door:
    """The site as a WSGI application that knows beforehand which requests cost nothing (`is_ready`)."""

    def __init__(
        self,
        application: Prompt,
        current: Current,
        *,
        root: str,
        wait: Callable[[WSGIEnvironment], float] | None = None,
    ) -> None:
        """`root` is the base URI's path; `wait` tells how many seconds a client must wait, and counts the request."""
        self._application, self._current = application, current
        self._root, self._wait = root, wait

    def is_ready(self, environ: WSGIEnvironment) -> bool:
        """Whether the answer is at hand, so that giving it waits for nobody; counts the request."""
        if FOUND not in environ:
            environ["PATH_INFO"] = within(environ.get("PATH_INFO", ""), self._root)
            environ[WAIT] = self._wait(environ) if self._wait else 0.0
            environ[FOUND] = None if environ[WAIT] else self._find(environ)
        return environ[FOUND] is not None

    def is_prompt(self, environ: WSGIEnvironment) -> bool:
        """Whether an answer that is not at hand can be made in a few milliseconds, waiting for nobody."""
        return not self.is_ready(environ) and self._application.is_prompt(environ)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self.is_ready(environ):
            return self._asked(environ, start_response)
        kept, body = environ[FOUND]
        start_response(kept.status, [*kept.headers])
        return [body] if body and environ["REQUEST_METHOD"] == "GET" else []

    def _find(self, environ: WSGIEnvironment) -> tuple[Kept, bytes] | None:
        """An answer kept for this request, with its bytes; None where there is none."""
        edition = self._current.settled()
        if edition is None or not is_plain(environ) or not self._current.is_settled():
            return None
        answers, address = self._current.answers, _address(environ)
        varying = answers.get(edition.number, address)
        if not isinstance(varying, Varying):
            return None
        kept = answers.get(edition.number, (*_key(environ, varying), self._current.coming()))
        if not isinstance(kept, Kept):
            return None
        if kept.body is not None:
            return kept, kept.body
        made = answers.get(edition.number, kept.tag)
        return (kept, made.body) if isinstance(made, Answer) else None

    def _asked(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What Flask answers; kept where it may be."""
        edition, told = self._current.settled(), _Told(start_response)
        chunks = self._application(environ, told)
        if edition is None or not self._current.answers.is_open or not is_plain(environ) or not told.fits(environ):
            return chunks
        try:
            body = b"".join(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        self._keep(edition.number, environ, told, body)
        return [body]

    def _keep(self, edition: int, environ: WSGIEnvironment, told: _Told, body: bytes) -> None:
        answers, varying = self._current.answers, Varying(told.varying)
        key, tag = (*_key(environ, varying), self._current.coming()), told.named["etag"].strip('"')
        length = sum(len(each or "") for each in key)
        if length > _LONGEST_KEY:
            return
        made = answers.get(edition, tag)
        own = None if isinstance(made, Answer) and made.body is body else body
        size = OVERHEAD + length + sum(len(name) + len(value) for name, value in told.headers) + len(own or b"")
        answers.put(edition, _address(environ), varying)
        answers.put(edition, key, Kept(told.status, told.headers, tag, own, size))


class _Told:
    """Passes on how an answer begins, and remembers it."""

    def __init__(self, start_response: StartResponse) -> None:
        self._start = start_response
        self.status, self.headers = "", list[tuple[str, str]]()

    def __call__(
        self, status: str, headers: list[tuple[str, str]], failure: Any = None, /
    ) -> Callable[[bytes], object]:
        self.status, self.headers = status, [*headers]
        return self._start(status, headers, failure)

    @cached_property
    def named(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers}

    @property
    def varying(self) -> tuple[str, ...]:
        names = (name.strip().upper().replace("-", "_") for name in self.named["vary"].split(","))
        return tuple(f"HTTP_{name}" for name in names)

    def fits(self, environ: WSGIEnvironment) -> bool:
        """Whether an answer is all that its address and headers ask for: a whole one, or that nothing has changed.

        It must say what it depends on, be named by a strong tag, and be no larger than what is sent in one go.
        """
        is_asked_after = any(name in environ for name in _CONDITIONS)
        if environ["REQUEST_METHOD"] != "GET" or self.status[:3] != ("304" if is_asked_after else "200"):
            return False
        is_said = self.named.get("etag", "").startswith('"') and self.named.get("vary", "*") != "*"
        return is_said and int(self.named.get("content-length", 0 if is_asked_after else _LARGEST)) < _LARGEST


def _address(environ: WSGIEnvironment) -> Key:
    return environ["PATH_INFO"], environ.get("QUERY_STRING", "")


def _key(environ: WSGIEnvironment, varying: Varying) -> Key:
    """All that an answer depends on, but for its edition."""
    conditions = (environ.get(name) for name in _CONDITIONS)
    return (*_address(environ), *conditions, *(_asked(environ, name) for name in varying.names))


def _asked(environ: WSGIEnvironment, name: str) -> str | None:
    value = environ.get(name)
    return _OUTCOMES[name](value) if name in _OUTCOMES else value
