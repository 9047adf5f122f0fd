"""What the SPARQL page shows: a form, examples, and the table, graph or error of a query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from linkeddata.catalogue import Answer, QueryLimits
from linkeddata.representations.example_queries import Example
from linkeddata.representations.sparql_service import service_address
from linkeddata.vocabulary.terms import PREFIXES, shorten
from linkeddata.vocabulary.uris import Uris
from linkeddata.web.query_request import Refusal
from linkeddata.wording import ENGLISH, Wording, marked

#: So many rows the page shows; downloads go to the endpoint's limit.
ROWS: Final = 1_000
TITLES: Final = {
    400: marked("The query cannot be read"),
    403: marked("The query is refused"),
    406: marked("There is no such format"),
    413: marked("The query is too long"),
    414: marked("The query is too long"),
    415: marked("The request is not in a form this endpoint reads"),
    429: marked("Too much query time"),
    503: marked("The query was not answered"),
}
REFUSED: Final = marked("The query was refused")
_PLACE = re.compile(r"Line (\d+), column (\d+)")

_TABLES: Final = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}
_GRAPHS: Final = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF/XML",
    "nq": "N-Quads",
    "trig": "TriG",
}
CHOICES: Final = {"html": marked("Table on this page"), **_TABLES, **_GRAPHS}


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of the table: shown text, the whole of it where it was shortened, where it leads, its language."""

    text: str = ""
    whole: str = ""
    href: str | None = None
    lang: str | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """An answer to show: a table (`columns`, `rows`), or a `graph` as text, or one word of ASK."""

    heading: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    graph: str = ""
    downloads: tuple[Link, ...] = ()
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the line of the query with a mark below the place."""

    title: str
    detail: str
    excerpt: str = ""
    #: Whether the words are the engine's own, in English.
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class SparqlPage:
    """The page: address and limits of the endpoint, the query in the box, and what came of it."""

    address: str
    path: str
    limits: str
    query: str
    examples: tuple[Link, ...]
    prefixes: Mapping[str, str]
    choices: Mapping[str, str]
    result: Result | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What every page of an endpoint shares: where it stands, its limits, and examples of what it holds."""

    uris: Uris
    limits: QueryLimits
    examples: Sequence[Example]
    words: Wording = ENGLISH


def blank(setting: Setting) -> SparqlPage:
    """The page with an example in the box."""
    limits, address, words = setting.limits, service_address(setting.uris), setting.words
    path = setting.uris.local(address)
    return SparqlPage(
        address,
        path,
        words.say(
            "%(seconds)s s and %(rows)s rows per query",
            seconds=f"{limits.timeout_seconds:g}",
            rows=words.number(limits.max_rows),
        ),
        setting.examples[0].query,
        tuple(
            Link(words.say(each.message, label=each.label), f"{path}?{urlencode({'query': each.query})}")
            for each in setting.examples
        ),
        PREFIXES,
        {name: words.say(said) for name, said in CHOICES.items()},
    )


def refused(setting: Setting, query: str | None, *, refusal: Refusal) -> SparqlPage:
    """The page with the query kept in the box and what is wrong with it."""
    title = setting.words.say(TITLES.get(refusal.status, REFUSED))
    page = blank(setting)
    words = setting.words
    said, foreign = words.told(refusal), not words.knows(refusal.message)
    problem = Problem(title, said, _excerpt(query or "", refusal.detail), foreign)
    return replace(page, query=page.query if query is None else query, problem=problem)


def answered(
    setting: Setting, query: str, *, answer: Answer, media: str, graphs: Sequence[tuple[str, str]] = ()
) -> SparqlPage:
    """The page with an answer, which is JSON results, or a graph in Turtle; `graphs` are the parameters for graphs."""
    page = blank(setting)
    words = setting.words
    result = _graph(answer, words) if media == "ttl" else _table(answer, setting.uris, words)
    names = _GRAPHS if media == "ttl" else _TABLES
    links = tuple(
        Link(label, f"{page.path}?{urlencode([('query', query), *graphs, ('format', name)])}")
        for name, label in names.items()
    )
    cut = (
        words.say(
            "Only the first %(shown)s are shown here; downloads go to %(most)s.",
            shown=words.number(answer.rows or 0),
            most=words.number(setting.limits.max_rows),
        )
        if answer.truncated
        else ""
    )
    return replace(page, query=query, result=replace(result, downloads=links, cut=cut))


def place(detail: str) -> tuple[int, int] | None:
    """The line and column an error message names."""
    found = _PLACE.search(detail)
    return (int(found[1]), int(found[2])) if found else None


def _excerpt(query: str, detail: str) -> str:
    lines, where = query.splitlines(), place(detail)
    if where is None or not 0 < where[0] <= len(lines):
        return ""
    number, column = where
    margin = f"{number} | "
    return f"{margin}{lines[number - 1]}\n{' ' * (len(margin) + column - 1)}^"


def _timed(what: str, answer: Answer, words: Wording) -> str:
    return words.say("%(what)s in %(time)s ms", what=what, time=words.number(round(answer.seconds * 1000)))


def _graph(answer: Answer, words: Wording) -> Result:
    count = words.plural("%(num)s statement", "%(num)s statements", answer.rows or 0)
    return Result(_timed(count, answer, words), graph=answer.body.decode("utf-8"))


def _table(answer: Answer, uris: Uris, words: Wording) -> Result:
    found: dict[str, Any] = orjson.loads(answer.body)
    if "boolean" in found:
        return Result(_timed(words.say("Yes,") if found["boolean"] else words.say("No,"), answer, words))
    columns: Sequence[str] = found["head"]["vars"]
    rows = tuple(tuple(_cell(row.get(name), uris) for name in columns) for row in found["results"]["bindings"])
    return Result(_timed(words.plural("%(num)s row", "%(num)s rows", len(rows)), answer, words), tuple(columns), rows)


#: What stands in columns by its digits; a year stands with other dates.
_NUMBERS: Final = ("integer", "decimal", "double", "float")


def _cell(term: Mapping[str, Any] | None, uris: Uris) -> Cell:
    if term is None:
        return Cell()
    value = term["value"]
    if term["type"] == "uri":
        return _uri_cell(value, uris)
    if term["type"] == "literal":
        datatype = term.get("datatype", "").rpartition("#")[2]
        return Cell(value, lang=term.get("xml:lang"), number=datatype in _NUMBERS)
    return Cell(f"_:{value}" if term["type"] == "bnode" else orjson.dumps(value).decode())


def _uri_cell(uri: str, uris: Uris) -> Cell:
    """A URI of ours shown by its end, a term by its prefixed name; only web addresses are links."""
    if uri.startswith(uris.base):
        return Cell(f"…/{uri[len(uris.base) :].partition('/')[2]}", uri, uris.local(uri))
    href = uri if uri.startswith(("http://", "https://")) else None
    return Cell(shorten(uri) or uri, uri, href)
