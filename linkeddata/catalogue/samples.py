"""Things to look at and to ask about: a record of which much is told, and an author, a journal and a subject of
whom there is something to show.

Of the links that the store comes upon first, the thing that most of them lead to: nearly the greatest of all,
at the price of a look at some thousands of links, however many there are.
"""

from __future__ import annotations

from string import Template
from typing import Final

from linkeddata.store.graph_store import GraphReader
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, SKOS

_LOOKED_AT: Final = 20_000
_QUERY: Final = Template("""
SELECT ?thing ?label (COUNT(*) AS ?links) WHERE {
  { SELECT ?thing WHERE { $link } LIMIT $most }
  $about
} GROUP BY ?thing ?label ORDER BY DESC(?links) ?thing LIMIT 1""")
# By kinds of statements, for most statements has the longest list of authors.
_RICHEST: Final = f"""
SELECT ?thing ?label (COUNT(DISTINCT ?by) AS ?kinds) WHERE {{
  {{ SELECT ?thing WHERE {{ ?entry <{FOAF.primaryTopic}> ?thing }} LIMIT 1000 }}
  ?thing <{DCTERMS.title}> ?label ; ?by ?to
}} GROUP BY ?thing ?label ORDER BY DESC(?kinds) ?thing LIMIT 1"""
_KINDS: Final = {
    "author": (f"?thing <{FOAF.focus}> ?person", f"?thing <{SKOS.prefLabel}> ?label"),
    "journal": (f"?work <{DCTERMS.isPartOf}> ?thing", f"?thing a <{BIBO.Journal}> ; <{DCTERMS.title}> ?label"),
    "subject": (f"?work <{DCTERMS.subject}> ?thing", f"?thing <{SKOS.prefLabel}> ?label"),
}


def samples(reader: GraphReader) -> dict[str, tuple[str, str]]:
    """URI and label of a `record`, an `author`, a `journal` and a `subject`; what there is none of is missing."""
    found = {}
    asked = {kind: _QUERY.substitute(link=link, about=about, most=_LOOKED_AT) for kind, (link, about) in _KINDS.items()}
    for kind, query in {"record": _RICHEST, **asked}.items():
        for uri, label, _ in reader.rows(query):
            if uri and label:
                found[kind] = (uri, label)
    return found


def named_graphs(reader: GraphReader, limit: int) -> list[str]:
    """The names of so many named graphs."""
    return [uri for (uri,) in reader.rows(f"SELECT ?graph WHERE {{ GRAPH ?graph {{}} }} LIMIT {limit}") if uri]
