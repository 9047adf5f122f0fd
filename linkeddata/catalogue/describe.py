"""What is said of a thing: its own statements, and a page of what points at it.

Our own queries, each bounded; a record's description does not come from here but from the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from string import Template

from linkeddata.catalogue.paging import view
from linkeddata.catalogue.pointing import PAGE, Pointing, listed, pointing, query
from linkeddata.store.graph_store import GraphReader
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.terms import FOAF, RDF
from linkeddata.vocabulary.uris import Name, Uris

#: A thing's own statements are cut here; none of ours comes near, but a source may repeat a field for ever.
_MOST_OWN = 1000
_MOST_MAKERS = 4
#: So many other names and addresses of the persons of a heading are told.
_MOST_SPELLINGS = 100
#: So many things are asked for their labels in one query.
_AT_ONCE = 500
_TYPE = ntriples.uri_token(RDF.type).encode()
#: Kinds that can be browsed: the pattern that finds them and their label.
BROWSED = {
    "name": "?thing skos:inScheme <{base}id/scheme/name> ; skos:prefLabel ?label",
    "journal": "?thing a bibo:Journal ; dcterms:title ?label FILTER(STRSTARTS(STR(?thing), '{base}id/journal/'))",
    "concept": "?thing skos:inScheme <{base}id/scheme/topic> ; skos:prefLabel ?label",
    "org": "?thing a foaf:Organization ; foaf:name ?label FILTER(STRSTARTS(STR(?thing), '{base}id/org/'))",
}
# What is told of each pointing thing: its label, or the title, year and first authors of the work.
# Where a catalogue entry or a source's record points, the work is the one behind it.
_TOLD = Template("""
CONSTRUCT {
  ?from foaf:primaryTopic ?direct ; skos:prefLabel ?label ; foaf:name ?called .
  ?from bibo:volume ?volume ; bibo:issue ?issue .
  ?entry prov:wasDerivedFrom ?from ; foaf:primaryTopic ?behind .
  ?work a ?type ; dcterms:title ?title ; dcterms:issued ?issued
} WHERE {
  VALUES ?from { $uris }
  OPTIONAL { ?from foaf:primaryTopic ?direct }
  OPTIONAL { ?entry prov:wasDerivedFrom ?from ; foaf:primaryTopic ?behind }
  BIND(COALESCE(?direct, ?behind, ?from) AS ?work)
  OPTIONAL { ?work a ?type }
  OPTIONAL { ?work dcterms:title ?title }
  OPTIONAL { ?work dcterms:issued ?issued }
  OPTIONAL { ?from skos:prefLabel ?label }
  OPTIONAL { ?from foaf:name ?called }
  OPTIONAL { ?from bibo:issue ?issue OPTIONAL { ?from bibo:volume ?volume } }
}
""")
# Of many authors four: a list shows three and says that there are others. Each place in the list is asked for on
# its own, in order; a path of optional steps would be followed through every list of the store.
_MAKERS = Template("CONSTRUCT { ?work dcterms:creator ?author . ?author foaf:name ?name } WHERE { $ways }")
_MAKER = Template("""{ VALUES ?from { $uris } $behind
  ?work bibo:authorList$rests ?cell . ?cell rdf:first ?author . ?author foaf:name ?name }""")
_BEHIND = ("BIND(?from AS ?work)", "?from foaf:primaryTopic ?work .",
           "?entry prov:wasDerivedFrom ?from ; foaf:primaryTopic ?work .")  # fmt: skip
# The issue that each work of a journal is part of; its volume where that is all that is known. That an issue is one of
# the journal is asked last, for from the journal the engine would walk through all that is part of it.
_ISSUES = Template("""
CONSTRUCT {
  ?from bibo:volume ?volume ; dcterms:isPartOf ?whole . ?whole bibo:volume ?bound ; bibo:issue ?number
} WHERE {
  { VALUES ?from { $uris } ?from bibo:volume ?volume } UNION {
    VALUES ?from { $uris } ?from dcterms:isPartOf ?whole . ?whole bibo:issue ?number
    OPTIONAL { ?whole bibo:volume ?bound }
    FILTER EXISTS { ?whole dcterms:isPartOf <?> }
  }
}
""")
# Who else a person is known as, where an identifier says that it is one: in other systems, and under other headings.
_KNOWN_AS = Template("""
CONSTRUCT { ?to schema:sameAs ?same . ?other foaf:focus ?to ; skos:prefLabel ?label } WHERE {
  { VALUES ?to { $uris } ?to schema:sameAs ?same } UNION {
    VALUES ?to { $uris } ?other foaf:focus ?to ; skos:prefLabel ?label FILTER(?other != <?>) }
} LIMIT $most
""")
# What the things are called that its own statements lead to.
_CALLED = Template("""
CONSTRUCT { ?to ?calling ?label } WHERE {
  VALUES ?to { $uris } ?to ?calling ?label FILTER(?calling IN (skos:prefLabel, dcterms:title, foaf:name))
}
""")
_OWN = Template("CONSTRUCT { <?> ?by ?to } WHERE { $pattern }")


@dataclass(frozen=True, slots=True)
class Told:
    """Statements about a thing as N-Triples, and the page (from 1) of what points at it that they hold."""

    statements: bytes
    pointing: Pointing


def tell(reader: GraphReader, uris: Uris, name: Name, page: int) -> Told | None:
    """A thing's own statements and one page (from 1) of what points at it.

    None for an unknown thing, and for a page behind the last.
    """
    uri = uris.thing(name)
    found = pointing(reader, name, uri, page)
    if page > 1 and not found.links:
        return None
    own = reader.triples(query(_OWN.substitute(pattern=_own_pattern(name, uris)), uri))
    if not own and not found.links:
        return None
    own += _called(reader, own)
    links = [(start, by, to) for start, by, to in (map(ntriples.uri_token, link) for link in found.links)]
    before, behind = (_focused(uri, links), links) if name.kind == "name" else (links, [])
    told = ntriples.text([*before, *view(uris.document(name), found)]).encode() + _told(reader, uri, found.shown)
    if name.kind == "name":
        told += _known_as(reader, uris, uri, found)
    if name.kind == "journal":
        told += _issues(reader, uri, found.shown)
    return Told(own + told + ntriples.text(behind).encode(), found)


def exists(reader: GraphReader, uris: Uris, name: Name) -> bool:
    """Whether `tell` would tell anything of a thing on its first page; mostly one look-up says so."""
    uri = uris.thing(name)
    return reader.ask(query(f"ASK {{ {_own_pattern(name, uris)} }}", uri)) or bool(pointing(reader, name, uri, 1).links)


def _called(reader: GraphReader, own: bytes) -> bytes:
    """The names of the first things that statements about a thing lead to."""
    leading = (line.split(b" ", 2)[1:] for line in own.splitlines())
    ends = (to.removesuffix(b" .").decode() for by, to in leading if by != _TYPE and to.startswith(b"<"))
    found = list(dict.fromkeys(ends))[:PAGE]
    return _sorted(reader.triples(query(_CALLED.substitute(uris=" ".join(found)), ""))) if found else b""


def _told(reader: GraphReader, uri: str, shown: list[str]) -> bytes:
    """What is told of the pointing things; makers by their places, so that they stand in order."""
    if not shown:
        return b""
    uris = listed(shown)
    told = [reader.triples(query(_TOLD.substitute(uris=uris), uri))]
    for before in range(_MOST_MAKERS):
        rests = "/rdf:rest" * before
        ways = (_MAKER.substitute(uris=uris, behind=behind, rests=rests) for behind in _BEHIND)
        told.append(reader.triples(query(_MAKERS.substitute(ways=" UNION ".join(ways)), uri)))
    return b"".join(map(_sorted, told))


def _known_as(reader: GraphReader, uris: Uris, uri: str, found: Pointing) -> bytes:
    """Of the persons of a heading those that have an identifier: only they are the same in several records."""
    start = uris.orcid("")
    known = list(dict.fromkeys(to for _, _, to in found.links if to.startswith(start)))
    text = _KNOWN_AS.substitute(uris=listed(known), most=_MOST_SPELLINGS)
    return _sorted(reader.triples(query(text, uri))) if known else b""


def _issues(reader: GraphReader, uri: str, shown: list[str]) -> bytes:
    """In which volume and issue of a journal its works appeared."""
    return _sorted(reader.triples(query(_ISSUES.substitute(uris=listed(shown)), uri))) if shown else b""


def _sorted(lines: bytes) -> bytes:
    """In an order of our own: the engine promises none, and the same document must be the same bytes."""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def _own_pattern(name: Name, uris: Uris) -> str:
    """A scheme's statements stand in the vocabulary's graph; a heading's agents come with their works."""
    if name.kind == "scheme":
        return f"GRAPH <{uris.vocabulary_graph}> {{ <?> ?by ?to }}"
    limit = f"LIMIT {_MOST_OWN}"
    return f"{{ SELECT ?by ?to {{ <?> ?by ?to FILTER(?by != foaf:focus) }} {limit} }}"


def _focused(uri: str, links: Iterable[Statement]) -> list[Statement]:
    """A heading and the agents that works lead to; the works' own statements of them come behind those of all their
    makers, or else this one would stand before the others."""
    heading, focus = ntriples.uri_token(uri), ntriples.uri_token(FOAF.focus)
    return [(heading, focus, to) for _, _, to in links]


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
    while some := list(islice(left, _AT_ONCE)):
        yield from _labels(reader, f"VALUES ?thing {{ {listed(some)} }} {pattern}")


def _labels(reader: GraphReader, pattern: str) -> Iterator[tuple[str, str]]:
    rows = reader.rows(query(f"SELECT ?thing ?label {{ {pattern} }}", ""))
    return ((thing, label) for thing, label in rows if thing and label)
