"""Things to look at and to ask about: a record of which much is told, and an author, a journal and a subject of
whom there is something to show.

No query is asked for them. The record is chosen when an edition is issued, and how many works there are of every
author, journal and subject is what the search index of the edition has counted by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from linkeddata.catalogue.search_lists import Lists
from linkeddata.store.graph_store import GraphReader
from linkeddata.vocabulary.ntriples import uri_token
from linkeddata.vocabulary.terms import DCTERMS
from linkeddata.vocabulary.uris import Name, Uris

#: The record is one of so many, those that were entered first.
LOOKED_AT: Final = 1000
_TITLE: Final = uri_token(DCTERMS.title).encode()
#: What each is among the kinds that works are counted under.
_KINDS: Final = {"author": "name", "journal": "journal", "subject": "concept"}


def richest(records: Iterable[tuple[str, bytes]], uris: Uris) -> str | None:
    """Of records (id, statements as N-Triples) the one that most kinds of statements are made about; None of none.

    By kinds, for most statements has the longest list of authors. One with a title stands before those without, of
    equals the first by id.
    """
    ranked = ((_weight(uri_token(uris.record(identifier)), told), identifier) for identifier, told in records)
    best = min(ranked, default=None)
    return best[1] if best else None


def _weight(record: str, statements: bytes) -> tuple[bool, int]:
    """Less for what is better shown."""
    start = f"{record} ".encode()
    kinds = {line.split(b" ", 2)[1] for line in statements.split(b"\n") if line.startswith(start)}
    return _TITLE not in kinds, -len(kinds)


def samples(lists: Lists, uris: Uris) -> dict[str, tuple[str, str]]:
    """URI and label of the `author`, the `journal` and the `subject` of most works, where there is one with a name."""
    most = ((kind, lists.busiest(counted)) for kind, counted in _KINDS.items())
    return {kind: (uris.thing(Name(each.kind, each.key)), each.label) for kind, each in most if each}


def named_graphs(reader: GraphReader, limit: int) -> list[str]:
    """The names of so many named graphs."""
    return [uri for (uri,) in reader.rows(f"SELECT ?graph WHERE {{ GRAPH ?graph {{}} }} LIMIT {limit}") if uri]
