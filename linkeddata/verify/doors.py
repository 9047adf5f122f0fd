"""The doors of a document, in one table, and how their answers are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from linkeddata.representations.formats import DOCUMENT_FORMATS
from linkeddata.representations.jsonld_forms import FORMS
from linkeddata.verify.graphs import Read, Unreadable, read_jsonld, read_rdf

_JSON_LD: Final = "application/ld+json"
_OF_JSON: Final = ("jsonld", "json")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, Content-Type and body."""

    status: int
    content_type: str
    body: bytes


class Client(Protocol):
    """Asks a site; OSError where nobody answers."""

    def get(self, address: str) -> Answer:
        """What stands at an address, which is relative to the base of the site."""

    def query(self, text: str) -> Answer:
        """What the SPARQL endpoint answers to a SELECT or ASK, as results in JSON."""


@dataclass(frozen=True, slots=True)
class Door:
    """A variant of a document: the suffix that fixes it, parameters besides, what type it must come in, and
    what reads it as a graph."""

    name: str
    suffix: str
    content_type: str
    read: Callable[[bytes], Read]
    parameters: Mapping[str, str] = field(default_factory=dict)

    def address(self, document: str, taken: Collection[str], page: int = 1) -> str:
        """Where it is; by parameter where the address with the suffix is another record's."""
        parameters = {**self.parameters, **({"page": str(page)} if page > 1 else {})}
        path = f"{document}.{self.suffix}"
        if self.suffix in taken:
            view, _, name = self.suffix.rpartition(".")
            parameters = {"format": name, **({"_profile": view} if view else {}), **parameters}
            path = document
        return f"{path}?{urlencode(parameters)}" if parameters else path


def _reader(media_type: str) -> Callable[[bytes], Read]:
    return lambda body: read_rdf(body, media_type)


def _doors() -> Iterator[Door]:
    for fmt in DOCUMENT_FORMATS:
        if fmt.name != "html":
            read = read_jsonld if fmt.name in _OF_JSON else _reader(fmt.media_type)
            yield Door(fmt.name, fmt.extension, fmt.content_type, read)


#: Every door that gives the graph of any document.
GRAPHS: Final = tuple(_doors())
#: The forms of JSON-LD, which documents of things have besides.
FORMED: Final = tuple(
    Door(f"jsonld {name}", "jsonld", form.content_type, read_jsonld, {"form": name}) for name, form in FORMS.items()
)
SCHEMA: Final = Door("schema.jsonld", "schema.jsonld", _JSON_LD, read_jsonld)


def _no_graph(body: bytes) -> Read:
    raise Unreadable("a page is no graph")


PAGE: Final = Door("html", "html", "text/html; charset=utf-8", _no_graph)
#: All suffixes that an id may end in, so that an address with one is another record's.
SUFFIXES: Final = tuple(dict.fromkeys(door.suffix for door in (*GRAPHS, *FORMED, SCHEMA, PAGE)))


def blocks(page: bytes) -> list[Any]:
    """The blocks of JSON-LD in a page, as values; Unreadable where one is no JSON."""
    parser = _Blocks()
    parser.feed(page.decode("utf-8", "replace"))
    parser.close()
    return [value_of(block.encode()) for block in parser.found]


def value_of(body: bytes) -> Any:
    """JSON as a value; Unreadable where it is none."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise Unreadable(str(error)) from error


class _Blocks(HTMLParser):
    """Gathers the script elements that hold JSON-LD."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag == "script" and dict(attrs).get("type") == _JSON_LD
        if self._within:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._within = False

    def handle_data(self, data: str) -> None:
        if self._within:
            self.found[-1] += data
