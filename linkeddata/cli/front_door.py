"""What a request sees that comes in through the front door: the public address, with whatever stands before it.

Each check asks over HTTP and gives what it found; none follows a redirect, as where that leads is a finding.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Final, TypeAlias
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from linkeddata.cli.finding import Finding, fault, ok, warning

_PATIENCE: Final = 10
_MOST_BYTES: Final = 1 << 20
_DATASET: Final = "doc/dataset/catalogue"
_TURTLE, _JSON_LD, _ANY = "text/turtle", "application/ld+json", "*/*"
_SECONDS_OFF: Final = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers, and the beginning of the body."""

    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip()


#: Asks for an address, with headers; OSError where nobody answers.
Ask: TypeAlias = Callable[[str, Mapping[str, str]], Answer]
_Check: TypeAlias = Callable[[str, Ask], Finding]


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """Redirects are answers here."""


def asking() -> Ask:
    """A way to ask real addresses (http and https only)."""
    opener = build_opener(_Stay)
    return lambda address, headers: _asked(opener, Request(address, headers=dict(headers)))  # noqa: S310


def _asked(opener: OpenerDirector, request: Request) -> Answer:
    request.add_header("User-Agent", "linkeddata-doctor")
    try:
        with opener.open(request, timeout=_PATIENCE) as response:
            return Answer(response.status, response.headers, response.read(_MOST_BYTES))
    except HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read(_MOST_BYTES))
    except URLError as problem:
        raise OSError(str(problem.reason)) from problem
    except HTTPException as problem:
        raise OSError(f"the answer is no HTTP: {problem}") from problem


def examine(base: str, edition: int | None, ask: Ask) -> Iterator[Finding]:
    """What is found at a base URI, beginning with whether anybody answers; `edition` is the one we have."""
    try:
        ready = ask(f"{base}readyz", {})
    except OSError as problem:
        yield fault(
            "address", f"{base} does not answer: {problem}", "start `linkeddata serve`, and let its proxy lead there"
        )
        return
    yield _edition(ready, edition)
    yield _clock(ready)
    for check in CHECKS:
        try:
            yield check(base, ask)
        except OSError as problem:
            yield fault(check.__name__.strip("_"), f"no answer: {problem}", "look into the log of the proxy")


def _edition(ready: Answer, ours: int | None) -> Finding:
    number = _edition_number(ready.body)
    if number is None:
        heard = f"status {ready.status}, {ready.media_type or 'no type'}"
        return fault(
            "edition served", f"readyz does not name an edition ({heard})", "does the base URI lead to this site?"
        )
    if number != ours:
        advice = "restart `linkeddata serve`, and let it use this data directory"
        return fault("edition served", f"edition {number} is served, this data directory has {ours}", advice)
    return ok("edition served", f"edition {number}, ours")


def _edition_number(body: bytes) -> int | None:
    try:
        number = json.loads(body)["edition"]
    except (ValueError, TypeError, KeyError):
        return None
    return number if isinstance(number, int) else None


def _clock(answer: Answer) -> Finding:
    try:
        # Without a zone, which HTTP's dates always have, it cannot be held against ours: TypeError.
        off = abs((datetime.now(UTC) - parsedate_to_datetime(answer.headers["Date"])).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return warning("clock", "answers carry no Date", "let the proxy send one, caches need it")
    if off > _SECONDS_OFF:
        return warning("clock", f"the front door's clock is {off:.0f} seconds off ours", "set both by NTP")
    return ok("clock", "within a minute of the front door's")


def _redirect(base: str, ask: Ask) -> Finding:
    answer = ask(f"{base}.well-known/void", {"Accept": _TURTLE})
    target = urljoin(f"{base}.well-known/void", answer.headers.get("Location", ""))
    if answer.status != 303:
        return fault(
            "redirect", f".well-known/void answers {answer.status} and not 303", "the proxy must not follow redirects"
        )
    if not target.startswith(base):
        return fault(
            "redirect", f"a redirect leads to {target}, outside {base}", "let the proxy leave Location as it is"
        )
    return ok("redirect", f"leads to {target}")


def _types(base: str, ask: Ask) -> Finding:
    seen = [ask(base + _DATASET, {"Accept": wanted}).media_type for wanted in (_TURTLE, _JSON_LD)]
    if seen != [_TURTLE, _JSON_LD]:
        advice = "let the proxy pass the header Accept, and no cache answer for it"
        return fault("negotiation", f"Turtle and JSON-LD were asked for, {' and '.join(map(str, seen))} came", advice)
    return ok("negotiation", "two Accept headers give two types")


def _cache(base: str, ask: Ask) -> Finding:
    """The same address again and again: a cache that leaves out Vary gives what it kept first."""
    asked = (_TURTLE, _JSON_LD, _TURTLE, _JSON_LD)
    answers = [ask(base + _DATASET, {"Accept": wanted}) for wanted in asked]
    if tuple(answer.media_type for answer in answers) != asked:
        return fault(
            "cache", "a cache before the site mixes formats", "let it obey Vary, or cache only addresses with endings"
        )
    varies = {name.strip().lower() for name in answers[0].headers.get("Vary", "").split(",")}
    if not varies & {"accept", "*"}:
        return fault("cache", "Vary does not reach clients", "let the proxy pass the header Vary")
    return ok("cache", "formats stay apart")


def _tags(base: str, ask: Ask) -> Finding:
    address = f"{base}{_DATASET}.ttl"
    tag = ask(address, {}).headers.get("ETag")
    if not tag:
        return warning("tags", "no ETag reaches clients", "let the proxy pass the header ETag")
    if ask(address, {"If-None-Match": tag}).status != 304:
        return warning("tags", "what a client has is sent again", "let the proxy pass the header If-None-Match")
    return ok("tags", "what a client has is not sent again")


def _compression(base: str, ask: Ask) -> Finding:
    answer = ask(f"{base}{_DATASET}.ttl", {"Accept-Encoding": "gzip"})
    if answer.headers.get("Content-Encoding") != "gzip":
        return warning("compression", "answers are not compressed", "let the proxy compress, or pass Accept-Encoding")
    return ok("compression", "gzip")


def _cors(base: str, ask: Ask) -> Finding:
    answer = ask(f"{base}{_DATASET}.ttl", {"Origin": "https://example.org"})
    allowed = answer.headers.get_all("Access-Control-Allow-Origin") or []
    if allowed != ["*"]:
        heard = ", ".join(allowed) or "nothing"
        return fault(
            "CORS", f"pages elsewhere may not read the data ({heard})", "let the proxy pass our headers, and add none"
        )
    return ok("CORS", "any page may read the data")


CHECKS: Final[tuple[_Check, ...]] = (_redirect, _types, _cache, _tags, _compression, _cors)
