"""What kind of door a path leads to: few words, whatever is asked for, so that counts by them stay few."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

#: From the first part of a path to its kind.
_FIRST: Final = MappingProxyType(
    {
        "id": "thing",
        "doc": "document",
        "linkset": "linkset",
        "sparql": "sparql",
        "search": "search",
        "search.json": "search",
        "search.csv": "search",
        "search.jsonld": "search",
        "search.atom": "search",
        **dict.fromkeys(("browse", "type", "year"), "list"),
        **dict.fromkeys(("", "data", "about"), "page"),
        "static": "static",
        "dump": "dump",
        **dict.fromkeys(("sitemap.xml", "sitemap"), "sitemap"),
        **dict.fromkeys(("changes", "feed.atom"), "changes"),
        **dict.fromkeys(("ontologies", "def", "context", "context.jsonld"), "ontology"),
        **dict.fromkeys((".well-known", "graph"), "description"),
        **dict.fromkeys(("healthz", "readyz"), "health"),
        **dict.fromkeys(("robots.txt", "llms.txt"), "crawlers"),
    }
)
_PAGE: Final = ".html"
_FIXED: Final = frozenset({"jsonld", "json", "ttl", "nt", "rdf", "nq", "trig", "bib", "ris"})
OTHER: Final = "other"
DOCUMENT_PAGE, DOCUMENT_DATA = "document-page", "document-data"
#: Every kind there is.
KINDS: Final = tuple(dict.fromkeys((*_FIRST.values(), DOCUMENT_PAGE, DOCUMENT_DATA, OTHER)))


def kind_of(path: str) -> str:
    """The kind of a path below the site's root.

    >>> kind_of("/doc/record/1"), kind_of("/doc/record/1.html"), kind_of("/doc/record/1.ttl"), kind_of("/wp-login.php")
    ('document', 'document-page', 'document-data', 'other')
    """
    first = path[1 : path.find("/", 1) if "/" in path[1:] else None]
    kind = _FIRST.get(first, OTHER)
    if kind == "document":
        if path.endswith(_PAGE):
            return DOCUMENT_PAGE
        return DOCUMENT_DATA if path.rpartition(".")[2] in _FIXED else kind
    return kind
