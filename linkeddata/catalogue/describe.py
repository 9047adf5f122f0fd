"""What is said of a thing: its own statements, and a page of what points at it.

Our own queries, each bounded; a record's description does not come from here but from the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from string import Template

from linkeddata.store.graph_store import GraphReader
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.terms import FOAF, PREFIXES
from linkeddata.vocabulary.uris import Name, Uris

#: So many things that point at another are described on one page.
PAGE = 50
#: Up to so many are put in order of year; more come in the store's own order.
_SORTED = 500
#: A thing's own statements are cut here; none of ours comes near, but a source may repeat a field for ever.
_MOST_OWN = 1000
#: Kinds that can be browsed: the pattern that finds them and their label.
BROWSED = {
    "name": "?thing skos:inScheme <{base}id/scheme/name> ; skos:prefLabel ?label",
    "journal": "?thing a bibo:Journal ; dcterms:title ?label FILTER(STRSTARTS(STR(?thing), '{base}id/journal/'))",
    "concept": "?thing skos:inScheme <{base}id/scheme/topic> ; skos:prefLabel ?label",
    "org": "?thing a foaf:Organization ; foaf:name ?label FILTER(STRSTARTS(STR(?thing), '{base}id/org/'))",
}
# How what points at a thing is found, by its kind; `<?>` stands for the thing. An author's list cells do not count.
_POINTING = {
    "name": "<?> foaf:focus ?to . VALUES ?by { dcterms:creator dcterms:contributor } ?from ?by ?to",
    "agent": "VALUES ?to { <?> } ?from ?by ?to FILTER(?by != rdf:first)",
}
_ANY_POINTING = "VALUES ?to { <?> } ?from ?by ?to"
_PREFIXES = "".join(f"PREFIX {prefix}: <{uri}>\n" for prefix, uri in PREFIXES.items())
# What is told of each pointing thing: its label, or the title, year and first authors of the work.
# Of many authors four: a list shows three and says that there are others. Their cells sort in their order.
# Where a catalogue entry or a source's record points, the work is the one behind it.
_TOLD = Template("""
CONSTRUCT {
  ?from foaf:primaryTopic ?direct ; skos:prefLabel ?label ; foaf:name ?called .
  ?from bibo:volume ?volume ; bibo:issue ?issue .
  ?entry prov:wasDerivedFrom ?from ; foaf:primaryTopic ?behind .
  ?work a ?type ; dcterms:title ?title ; dcterms:issued ?issued ; dcterms:creator ?author .
  ?author foaf:name ?name
} WHERE {
  VALUES ?from { $uris }
  OPTIONAL { ?from foaf:primaryTopic ?direct }
  OPTIONAL { ?entry prov:wasDerivedFrom ?from ; foaf:primaryTopic ?behind }
  BIND(COALESCE(?direct, ?behind, ?from) AS ?work)
  OPTIONAL { ?work a ?type }
  OPTIONAL { ?work dcterms:title ?title }
  OPTIONAL { ?work dcterms:issued ?issued }
  OPTIONAL {
    ?work bibo:authorList ?list . ?list rdf:rest?/rdf:rest?/rdf:rest? ?cell .
    ?cell rdf:first ?author . ?author foaf:name ?name
  }
  OPTIONAL { ?from skos:prefLabel ?label }
  OPTIONAL { ?from foaf:name ?called }
  OPTIONAL { ?from bibo:issue ?issue OPTIONAL { ?from bibo:volume ?volume } }
} ORDER BY ?cell
""")


_FEW = Template("SELECT DISTINCT ?from ?issued { $pattern OPTIONAL { ?from dcterms:issued ?issued } } LIMIT $limit")
_MANY = Template("SELECT DISTINCT ?from { $pattern } LIMIT $limit OFFSET $start")
_LINKS = Template("SELECT ?from ?by ?to { VALUES ?from { $uris } $pattern }")
# What the things are called that its own statements lead to.
_NEIGHBOURS = f"""
CONSTRUCT {{ ?to ?calling ?label }} WHERE {{
  {{ SELECT ?to {{ <?> ?by ?to FILTER(?by NOT IN (foaf:focus, rdf:type) && ISIRI(?to)) }} LIMIT {PAGE} }}
  VALUES ?calling {{ skos:prefLabel dcterms:title foaf:name }} ?to ?calling ?label
}}
"""
_OWN = Template("CONSTRUCT { <?> ?by ?to } WHERE { $pattern }")


@dataclass(frozen=True, slots=True)
class Told:
    """Statements about a thing as N-Triples, and whether more points at it than this page holds."""

    statements: bytes
    more: bool


def tell(reader: GraphReader, uris: Uris, name: Name, page: int) -> Told | None:
    """A thing's own statements and one page (from 1) of what points at it; None for an unknown thing."""
    uri = uris.thing(name)
    own = reader.triples(_query(_OWN.substitute(pattern=_own_pattern(name, uris)), uri))
    own += reader.triples(_query(_NEIGHBOURS, uri))
    links = _links(reader, name, uri, page)
    if not own and not links and page == 1:
        return None
    shown = list(dict.fromkeys(link[0] for link in links))[:PAGE]
    lines = ntriples.text(_linked(uri, name, [link for link in links if link[0] in set(shown)]))
    told = reader.triples(_query(_TOLD.substitute(uris=_listed(shown)), uri)) if shown else b""
    return Told(own + lines.encode() + told, more=len({link[0] for link in links}) > PAGE)


def _own_pattern(name: Name, uris: Uris) -> str:
    """A scheme's statements stand in the vocabulary's graph; a heading's agents come with their works."""
    if name.kind == "scheme":
        return f"GRAPH <{uris.vocabulary_graph}> {{ <?> ?by ?to }}"
    limit = f"LIMIT {_MOST_OWN}"
    return f"{{ SELECT ?by ?to {{ <?> ?by ?to FILTER(?by != foaf:focus) }} {limit} }}"


def _links(reader: GraphReader, name: Name, uri: str, page: int) -> list[tuple[str, str, str]]:
    """The statements (from, by, to) that point at a thing: those of one page, and one thing more."""
    pattern = _POINTING.get(name.kind, _ANY_POINTING)
    few = reader.rows(_query(_FEW.substitute(pattern=pattern, limit=_SORTED + 1), uri))
    if len(few) <= _SORTED:
        few.sort(key=lambda row: (-int(row[1][:4]) if row[1] else 0, row[0]))
        found = [row[0] for row in few]
        chosen = found[(page - 1) * PAGE : page * PAGE + 1]
    else:
        query = _MANY.substitute(pattern=pattern, limit=PAGE + 1, start=(page - 1) * PAGE)
        chosen = [row[0] for row in reader.rows(_query(query, uri))]
    if not chosen:
        return []
    uris = _listed(filter(None, chosen))
    rows = reader.rows(_query(_LINKS.substitute(uris=uris, pattern=pattern), uri))
    order = {each: place for place, each in enumerate(chosen)}
    return sorted(((f, b, t) for f, b, t in rows if f and b and t), key=lambda link: order[link[0]])


def _linked(uri: str, name: Name, links: Iterable[tuple[str, str, str]]) -> Iterator[Statement]:
    for link in links:
        start, by, to = map(ntriples.uri_token, link)
        if name.kind == "name":
            yield ntriples.uri_token(uri), ntriples.uri_token(FOAF.focus), to
        yield start, by, to


def labelled(
    reader: GraphReader, uris: Uris, kind: str, among: Iterable[str] | None = None
) -> Iterator[tuple[str, str]]:
    """The things of a kind that can be browsed, as (URI, label): all, or those among some URIs."""
    pattern = BROWSED[kind].format(base=uris.base)
    if among is None:
        yield from _labels(reader, pattern)
        return
    start = f"{uris.base}id/{kind}/"
    left = iter(uri for uri in among if uri.startswith(start))
    while some := list(islice(left, _SORTED)):
        yield from _labels(reader, f"VALUES ?thing {{ {_listed(some)} }} {pattern}")


def _labels(reader: GraphReader, pattern: str) -> Iterator[tuple[str, str]]:
    rows = reader.rows(f"{_PREFIXES}SELECT ?thing ?label {{ {pattern} }}")
    return ((thing, label) for thing, label in rows if thing and label)


def _listed(uris: Iterable[str]) -> str:
    return " ".join(map(ntriples.uri_token, uris))


def _query(pattern: str, uri: str) -> str:
    return _PREFIXES + pattern.replace("<?>", ntriples.uri_token(uri))
