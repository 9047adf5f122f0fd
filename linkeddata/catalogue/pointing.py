"""What points at a thing, a page at a time; each query is bounded, however much there is.

The order within an edition is fixed: up to `_SORTED` things stand by year, newest first; more come in the store's
own order, whose pages cost what lies before them (half a microsecond a thing) and no sorting of the whole. A server
promises no order of its own, so there they are sorted.
The patterns are written so that the engine begins at the thing: with the thing in VALUES, or two properties in
VALUES, it joins whole tables instead (seconds, where a journal has 100,000 works).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import Template
from typing import Final

from linkeddata.store.graph_store import GraphReader
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.terms import PREFIXES
from linkeddata.vocabulary.uris import Name

#: So many things that point at another are described on one page.
PAGE = 50
#: What points at a thing is counted up to here.
MOST_COUNTED = 10_000
_SORTED = 500
# A source may give a work any number of dates.
_MOST_ROWS = 4 * _SORTED
# How what points at a thing is found, by its kind; `<?>` stands for the thing. An author's list cells do not count.
_POINTING: Final = {
    "name": "<?> foaf:focus ?to . ?from (dcterms:creator|dcterms:contributor) ?to",
    "agent": "?from ?by <?> FILTER(?by != rdf:first)",
}
_ANY_POINTING = "?from ?by <?>"
# The same, where `?from` is known, with the statement itself.
_LINKING: Final = {
    "name": (
        "?from ?by ?to FILTER(?by IN (dcterms:creator, dcterms:contributor)) FILTER EXISTS { <?> foaf:focus ?to }"
    ),
    "agent": "?from ?by <?> BIND(<?> AS ?to) FILTER(?by != rdf:first)",
}
_ANY_LINKING = "?from ?by <?> BIND(<?> AS ?to)"
_PREFIXES = "".join(f"PREFIX {prefix}: <{uri}>\n" for prefix, uri in PREFIXES.items())
_COUNT = Template("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?from { $pattern } LIMIT $limit }")
# Each once without being asked to: what was mined of a record stands in its own graph only.
_MINED = Template(
    "SELECT (COUNT(*) AS ?n) { SELECT ?from { GRAPH ?graph { ?from dcterms:isPartOf <?> } "
    "FILTER(STRSTARTS(STR(?from), '$records')) } LIMIT $limit }"
)
_FEW = Template("SELECT DISTINCT ?from ?issued { $pattern OPTIONAL { ?from dcterms:issued ?issued } } LIMIT $limit")
_MANY = Template("SELECT DISTINCT ?from { $pattern } LIMIT $limit OFFSET $start")
# Sorted within, because Virtuoso sorts no more than 10,000 rows of a query that has a limit itself (SR353).
_MANY_SORTED = Template(
    "SELECT ?from { { SELECT DISTINCT ?from { $pattern } ORDER BY ?from } } LIMIT $limit OFFSET $start"
)
_LINKS = Template("SELECT ?from ?by ?to { VALUES ?from { $uris } $pattern }")

Link = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Pointing:
    """A page of statements (from, by, to) that point at a thing, all those of one `from` together; how many
    such things there are in all, and whether that is only where counting stopped."""

    page: int
    links: tuple[Link, ...]
    total: int
    capped: bool

    @property
    def shown(self) -> list[str]:
        """What points at the thing, each once, in order."""
        return list(dict.fromkeys(link[0] for link in self.links))

    @property
    def more(self) -> bool:
        """Whether pages follow."""
        return self.capped or self.page * PAGE < self.total

    @property
    def last(self) -> int | None:
        """The number of the last page; None where the end was not counted."""
        return None if self.capped else max(1, -(-self.total // PAGE))


def pointing(reader: GraphReader, name: Name, uri: str, page: int) -> Pointing:
    """A page (from 1) of what points at a thing; one behind the last has no links."""
    pattern = _POINTING.get(name.kind, _ANY_POINTING)
    counted = _counted(reader, pattern, uri)
    chosen = _few(reader, pattern, uri) if counted <= _SORTED else _many(reader, pattern, uri, page)
    if counted <= _SORTED:
        chosen = chosen[(page - 1) * PAGE :]
    shown, capped = chosen[:PAGE], counted > MOST_COUNTED
    # Where the end was not counted, a page that is not followed by another is the last.
    if capped and len(chosen) <= PAGE and chosen:
        return Pointing(page, _links(reader, name, uri, shown), (page - 1) * PAGE + len(chosen), False)
    return Pointing(page, _links(reader, name, uri, shown), min(counted, MOST_COUNTED), capped)


def _counted(reader: GraphReader, pattern: str, uri: str) -> int:
    ((count,),) = reader.rows(query(_COUNT.substitute(pattern=pattern, limit=MOST_COUNTED + 1), uri))
    return int(count or 0)


def mined_works(reader: GraphReader, uri: str, records: str) -> int:
    """How many works, whose URIs begin with `records`, are part of a thing by a statement that was read out of free
    text; counted up to `MOST_COUNTED`."""
    ((count,),) = reader.rows(query(_MINED.substitute(records=records, limit=MOST_COUNTED), uri))
    return int(count or 0)


def _few(reader: GraphReader, pattern: str, uri: str) -> list[str]:
    """All of few things, newest first."""
    rows = reader.rows(query(_FEW.substitute(pattern=pattern, limit=_MOST_ROWS), uri))
    years: dict[str, str] = {}
    for start, issued in rows:
        if start:
            years[start] = max(years.get(start, ""), issued or "")
    return sorted(sorted(years), key=lambda start: years[start][:4], reverse=True)


def _many(reader: GraphReader, pattern: str, uri: str, page: int) -> list[str]:
    """Those of a page, and one more."""
    text = (_MANY if reader.keeps_order else _MANY_SORTED).substitute(
        pattern=pattern, limit=PAGE + 1, start=(page - 1) * PAGE
    )
    return [row[0] for row in reader.rows(query(text, uri)) if row[0]]


def _links(reader: GraphReader, name: Name, uri: str, shown: list[str]) -> tuple[Link, ...]:
    if not shown:
        return ()
    text = _LINKS.substitute(uris=listed(shown), pattern=_LINKING.get(name.kind, _ANY_LINKING))
    order = {each: place for place, each in enumerate(shown)}
    found = {(start, by, to) for start, by, to in reader.rows(query(text, uri)) if start and by and to}
    return tuple(sorted(found, key=lambda link: (order[link[0]], link)))


def listed(uris: Iterable[str]) -> str:
    """URIs as the rows of a VALUES block."""
    return " ".join(map(ntriples.uri_token, uris))


def query(pattern: str, uri: str) -> str:
    """A query with all our prefixes, a thing's URI in the place of `<?>`."""
    return _PREFIXES + pattern.replace("<?>", ntriples.uri_token(uri))
