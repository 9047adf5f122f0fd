"""What a search index holds, whatever the order in which it came: for comparing two."""

from __future__ import annotations

import sqlite3
from array import array
from contextlib import closing
from pathlib import Path

from linkeddata.catalogue.search_columns import doc_of

_HELD = (
    "SELECT id, title, names, within, letter, sort, exact, year, hex(terms) FROM shown JOIN under USING (doc)",
    "SELECT number, id FROM number JOIN shown USING (doc)",
    "SELECT term, kind, key, label, works FROM term",
    "SELECT term, kind, key, label, letter, sort FROM thing",
    "SELECT kind, letter, things FROM letter",
    "SELECT term, hex(years), hex(beside) FROM portrait",
    "SELECT word FROM spelling",
    "SELECT term, col, doc, cnt FROM used_in",
)


def index_content(folder: Path) -> list[list[tuple[object, ...]]]:
    """All rows of all tables of an edition's index, and every word with its number of records, in order."""
    with closing(sqlite3.connect(folder / "search.sqlite")) as opened:
        rows = [sorted(opened.execute(query), key=repr) for query in _HELD]
        return [*rows, *_columns(opened)]


def _columns(opened: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    """The columns, with ids in the place of numbers that tell the order in which records came."""
    ids = dict(opened.execute("SELECT doc, id FROM shown"))
    postings = opened.execute("SELECT kind, terms, works, docs FROM posting ORDER BY kind")
    told = [
        [(kind, terms, works, *sorted(ids[doc] for doc in array("I", docs)))] for kind, terms, works, docs in postings
    ]
    orders = opened.execute("SELECT name, docs FROM ordered ORDER BY name")
    told += [[(name, *(ids[doc] for doc in array("I", docs)))] for name, docs in orders]
    relating = opened.execute("SELECT term, works FROM relating ORDER BY term")
    return [*told, [(term, *(ids[doc_of(each)] for each in sorted(array("q", works)))) for term, works in relating]]
