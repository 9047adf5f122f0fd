"""A request of the SPARQL 1.1 Protocol, read strictly: one query, in UTF-8, within bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from flask import Request

from linkeddata.errors import LinkedDataError

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_LONGEST_BODY: Final = 256 * 1024
_MOST_PARAMETERS: Final = 200


class Refusal(LinkedDataError):
    """The request gets no answer; `retry_after` is seconds, where trying again may help."""

    def __init__(self, status: int, message: str, /, *, retry_after: int | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.status = status
        self.retry_after = retry_after

    @classmethod
    def of(cls, error: LinkedDataError, status: int, retry_after: int | None = None) -> Refusal:
        """What an error is to the client, in its words."""
        refusal = cls(status, str(error), retry_after=retry_after)
        refusal.message, refusal.values = error.message, error.values
        return refusal

    @property
    def detail(self) -> str:
        """What is wrong, in English."""
        return str(self)


@dataclass(frozen=True)
class Question:
    """What is asked: a query and its dataset; no query asks for the page, or the description of the endpoint.

    `format` is the page's own parameter; `seconds` is how long the client wants to wait at most.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    seconds: float | None = None

    @property
    def graphs(self) -> tuple[tuple[str, str], ...]:
        """The parameters that name graphs, as they came."""
        default = (("default-graph-uri", uri) for uri in self.default_graphs)
        return (*default, *(("named-graph-uri", uri) for uri in self.named_graphs))


def read(request: Request, *, longest_query: int) -> Question:
    """What a GET, a form POST or a direct POST asks for (SPARQL 1.1 Protocol, 2.1); Refusal for what breaks it.

    Parameters the protocol does not know are read over.
    """
    try:
        values = _parameters(request)
    except ValueError as error:
        raise Refusal(400, "The request is not well-formed UTF-8 in URL encoding.") from error
    if "update" in values:
        raise Refusal(403, "Updates are refused: this endpoint is read-only.")
    queries = values.get("query", [])
    if request.method == "POST" and not queries:
        raise Refusal(400, "There must be a query parameter.")
    if len(queries) > 1:
        raise Refusal(400, "There must be exactly one query parameter.")
    if queries and len(queries[0].encode()) > longest_query:
        status = 413 if request.method == "POST" else 414
        raise Refusal(status, "The query is longer than %(bytes)s bytes.", bytes=longest_query)
    return Question(
        queries[0] if queries else None,
        tuple(values.get("default-graph-uri", ())),
        tuple(values.get("named-graph-uri", ())),
        values.get("format", [None])[0],
        _seconds(values.get("timeout", [""])[0]),
    )


def _seconds(text: str) -> float | None:
    """A number of seconds above nothing; what other endpoints mean by other texts means nothing here."""
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 < seconds < math.inf else None


def _parameters(request: Request) -> Mapping[str, list[str]]:
    pairs = _decoded(request.query_string)
    if request.method == "POST":
        pairs += _posted(request)
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _decoded(text: bytes) -> list[tuple[str, str]]:
    """The pairs of a query string or form; ValueError where they are not UTF-8 or too many."""
    return parse_qsl(
        text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS, separator="&"
    )


def _posted(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, "Compressed requests are refused.")
    if request.mimetype == _UPDATE:
        raise Refusal(403, "Updates are refused: this endpoint is read-only.")
    if request.mimetype == _FORM:
        return _decoded(_body(request))
    if request.mimetype == _QUERY and request.mimetype_params.get("charset", "utf-8").lower() in ("utf-8", "utf8"):
        return [("query", _body(request).decode("utf-8"))]
    raise Refusal(415, "A POST must be %(form)s or %(query)s, in UTF-8.", form=_FORM, query=_QUERY)


def _body(request: Request) -> bytes:
    body = b"" if (request.content_length or 0) > _LONGEST_BODY else request.stream.read(_LONGEST_BODY + 1)
    if len(body) > _LONGEST_BODY or (request.content_length or 0) > _LONGEST_BODY:
        raise Refusal(413, "The request is longer than %(kilobytes)s kB.", kilobytes=_LONGEST_BODY // 1024)
    return body
