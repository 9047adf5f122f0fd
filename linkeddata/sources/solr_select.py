"""One answer of Solr's `select`: asked for, checked, and cut into its documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from linkeddata.errors import RecordRefused, SourceError
from linkeddata.sources.http import AnswerRefused, Fetcher, NotWhole
from linkeddata.sources.json_object import json_object
from linkeddata.sources.json_values import JsonValues, Unreadable, elements, members
from linkeddata.sources.lines import MAX_DOCUMENT, Flaw

#: Said with every question, whatever the handler has for defaults: no work for what is not read.
_ALWAYS: Final = (("wt", "json"), ("facet", "false"), ("hl", "false"), ("spellcheck", "false"), ("omitHeader", "false"))
_SHOWN = 300
_MOST_DIGITS: Final = 18


class SolrRefused(SourceError):
    """Solr understood that it was asked, and refuses; `reason` is its own message."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: Solr says: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """How many documents there are, those of this page as they are written, and where the next page begins."""

    found: int
    documents: list[bytes | Flaw]
    next_mark: str | None


class Select:
    """Asks the `select` handler of one core; `url` may be that of the core."""

    def __init__(self, url: str, fetcher: Fetcher, name: str) -> None:
        parts = urlsplit(url)
        path = parts.path.rstrip("/")
        path = path if path.endswith("/select") else f"{path}/select"
        self._url = urlunsplit(parts._replace(path=path))
        self._fetcher = fetcher
        self.name = name

    def ask(self, parameters: Iterable[tuple[str, str]]) -> Answer:
        """The answer. SolrRefused with Solr's message; SourceError where none that is whole can be had."""
        try:
            return self._fetcher.read(self._url, [*_ALWAYS, *parameters], self._read)
        except AnswerRefused as refused:
            if reason := _error_of(refused.body):
                raise SolrRefused(self.name, reason) from refused
            raise

    def _read(self, body: bytes) -> Answer:
        answer = _cut(body)
        if answer.error:
            raise SolrRefused(self.name, answer.error)
        if answer.partial:
            raise NotWhole("Solr gives a part of the results (partialResults): it ran out of time, or lacks a shard")
        if answer.found is None:
            raise NotWhole("an answer without numFound")
        return Answer(answer.found, answer.documents, answer.next_mark)


@dataclass(slots=True)
class _Cut:
    """What an answer is found to hold, as it is gone through."""

    found: int | None = None
    documents: list[bytes | Flaw] = field(default_factory=list)
    next_mark: str | None = None
    partial: bool = False
    error: str = ""


def _cut(body: bytes) -> _Cut:
    """The parts of an answer; facets and the like are passed over. NotWhole where it ends too early or is no JSON."""
    values, cut = JsonValues(iter([body]), MAX_DOCUMENT), _Cut()
    if values.peek() != b"{":
        raise NotWhole(f"not JSON, it begins with {body[:60]!r}")
    try:
        for key in members(values):
            if key == b'"response"' and values.peek() == b"{":
                _cut_response(values, cut)
            else:
                _note(cut, key, values.value())
        if values.peek():
            raise NotWhole("there is more behind the end of the answer")
    except Unreadable as broken:
        raise NotWhole(f"the answer breaks off or is no JSON: {broken} (line {broken.line})") from broken
    return cut


def _cut_response(values: JsonValues, cut: _Cut) -> None:
    for key in members(values):
        if key == b'"docs"' and values.peek() == b"[":
            cut.documents = [text for _, text in elements(values)]
        else:
            value = values.value()
            if key == b'"numFound"':
                cut.found = whole_number(value)


def whole_number(value: bytes | Flaw) -> int | None:
    """A count, None where it is none that an index can have: Lucene numbers documents, of all shards, by 64 bits."""
    if isinstance(value, Flaw) or not value.isdigit() or len(value) > _MOST_DIGITS:
        return None
    return int(value)


def _note(cut: _Cut, key: bytes | Flaw, value: bytes | Flaw) -> None:
    """Keep what a member beside the documents says."""
    if key == b'"nextCursorMark"':
        mark = _parsed(value)
        cut.next_mark = mark if isinstance(mark, str) else None
    elif key == b'"responseHeader"':
        header = _parsed(value)
        cut.partial = isinstance(header, dict) and header.get("partialResults") not in (None, False, "false")
    elif key == b'"error"':
        cut.error = _message(_parsed(value))


def _parsed(value: bytes | Flaw) -> Any:
    if isinstance(value, Flaw):
        raise NotWhole(f"a part of the answer is {value.reason}")
    try:
        return json_object(b'{"value":' + value + b"}")["value"]
    except RecordRefused as refused:
        raise NotWhole(f"the answer is {refused}") from refused


def _message(error: Any) -> str:
    """Solr's own words; the trace that it gives instead, where it failed within itself, is cut."""
    told = error.get("msg") or error.get("trace") if isinstance(error, dict) else error
    return " ".join(str(told or "an error without a message").split())[:_SHOWN]


def _error_of(body: bytes) -> str:
    """The message of an error's body, nothing where it is not Solr's."""
    try:
        return _cut(body).error
    except NotWhole:
        return ""
