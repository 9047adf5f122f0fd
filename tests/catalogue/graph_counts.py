"""What the graph of an edition says of its works, asked by SPARQL: to hold against what its index has counted."""

from __future__ import annotations

from collections import Counter

from linkeddata.catalogue import Edition
from linkeddata.store import Reader
from linkeddata.vocabulary.terms import BIBO, COAR, DCMITYPE, PREFIXES, SCHEMA

_PREFIXES = "".join(f"PREFIX {prefix}: <{uri}>\n" for prefix, uri in PREFIXES.items())
WORKS = {
    "name": "?thing foaf:focus ?agent . ?work dcterms:creator|dcterms:contributor ?agent",
    "journal": "?work dcterms:isPartOf/dcterms:isPartOf? ?thing FILTER(CONTAINS(STR(?thing), '/journal/'))",
    "concept": "?work dcterms:subject ?thing",
    "org": "{ ?work dcterms:publisher ?thing } UNION { ?d prov:wasAttributedTo ?thing ; foaf:primaryTopic ?work }",
    "collection": "?doc dcterms:isPartOf ?thing ; foaf:primaryTopic ?work",
}
#: The most telling types first; those that say nothing do not count.
_NAMESPACES = tuple(map(str, (BIBO, DCMITYPE, COAR, SCHEMA)))
_NOTHING_SAID = (str(BIBO.Document), str(SCHEMA.CreativeWork))


def works_of(edition: Edition, kind: str) -> dict[str, dict[str, int]]:
    """By key the works of every thing of a kind, with their years (0: none)."""
    start = f"{edition.uris.base}id/"
    query = f"SELECT DISTINCT ?thing ?work ?issued {{ {WORKS[kind]} OPTIONAL {{ ?work dcterms:issued ?issued }} }}"
    things: dict[str, dict[str, int]] = {}
    for thing, work, issued in Reader(edition.folder / "store").rows(_PREFIXES + query):
        assert thing and work
        if work.startswith(f"{start}record/"):
            things.setdefault(thing.removeprefix(f"{start}{kind}/"), {})[work] = int((issued or "0")[:4])
    return things


def works_by_year(edition: Edition) -> dict[int, int]:
    """The number of works of each year."""
    query = "SELECT ?work (MIN(?issued) AS ?year) { ?work dcterms:issued ?issued } GROUP BY ?work"
    rows = Reader(edition.folder / "store").rows(_PREFIXES + query)
    return Counter(int(year[:4]) for _, year in rows if year and year[:4] != "0000")


def works_by_type(edition: Edition) -> tuple[Counter[str], Counter[str]]:
    """By the last part of their URIs, how many works certainly count under a type, and how many may: those that
    have several equally telling ones."""
    query = "SELECT DISTINCT ?work ?type { ?work a|dcterms:type ?type . ?work foaf:isPrimaryTopicOf ?document }"
    types: dict[str, list[str]] = {}
    for work, stated in Reader(edition.folder / "store").rows(_PREFIXES + query):
        assert work and stated
        types.setdefault(work, []).append(stated)
    telling = [_most_telling(stated) for stated in types.values()]
    return Counter(each[0] for each in telling if len(each) == 1), Counter(key for each in telling for key in each)


def _most_telling(types: list[str]) -> list[str]:
    stated = [each for each in types if each not in _NOTHING_SAID]
    for namespace in _NAMESPACES:
        if keys := [each.removeprefix(namespace) for each in stated if each.startswith(namespace)]:
            return keys
    return ["Document"]
