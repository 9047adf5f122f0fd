"""The search index of an edition: one SQLite file beside the register, its tables and what both its sides know.

`word` finds records by their words (FTS5, without the text itself, which the kept pieces hold); `shown` is
what a list shows of each, `under` the terms it counts under. The terms stand in `word` too, as words that
nobody can type: so "works of this journal that speak of fish" is one look-up.
"""

from __future__ import annotations

import sqlite3
import sys
from array import array
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from linkeddata.catalogue.search_columns import most_of
from linkeddata.catalogue.search_row import CONCEPT, JOURNAL, NAME, ORG

#: What a term stands behind in the index: a character of the private use area, which folding takes out of any text.
MARK: Final = "\ue000"
_BETWEEN: Final = "-"
# The weights of `rank`: how much a word counts by where it stands; terms count not at all.
TABLES: Final = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE shown (
    doc INTEGER PRIMARY KEY, id TEXT NOT NULL, version BLOB NOT NULL,   -- version: the fingerprint of what it says
    title TEXT NOT NULL, names TEXT NOT NULL, within TEXT NOT NULL,
    letter TEXT NOT NULL, sort TEXT NOT NULL, exact INTEGER NOT NULL    -- exact: a hash of the folded title
);
CREATE TABLE under (doc INTEGER PRIMARY KEY, year INTEGER, terms BLOB NOT NULL);
CREATE TABLE number (number TEXT NOT NULL, doc INTEGER NOT NULL);       -- identifiers of records
CREATE TABLE term (
    term INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,
    works INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE thing (                                                    -- what can be browsed, as the graph calls it
    term INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,
    letter TEXT NOT NULL, sort TEXT NOT NULL
);
CREATE TABLE letter (kind TEXT NOT NULL, letter TEXT NOT NULL, things INTEGER NOT NULL);
CREATE TABLE portrait (term INTEGER PRIMARY KEY, years BLOB NOT NULL, beside BLOB NOT NULL);
CREATE TABLE posting (kind INTEGER PRIMARY KEY, terms BLOB NOT NULL, works BLOB NOT NULL, docs BLOB NOT NULL);
CREATE TABLE ordered (name TEXT PRIMARY KEY, docs BLOB NOT NULL);       -- all records, by year or title
CREATE TABLE relating (term INTEGER PRIMARY KEY, works BLOB NOT NULL);  -- what few records share, with these
CREATE TABLE spelling (number INTEGER PRIMARY KEY, word TEXT NOT NULL);
CREATE VIRTUAL TABLE word USING fts5(
    titles, people, subjects, besides, text, terms, content='', tokenize='ascii'
);
CREATE VIRTUAL TABLE used USING fts5vocab(word, row);
CREATE VIRTUAL TABLE used_in USING fts5vocab(word, col);
CREATE VIRTUAL TABLE piece USING fts5(
    word, content='spelling', content_rowid='number', tokenize='trigram', detail=none
);
INSERT INTO word(word, rank) VALUES ('rank', 'bm25(10.0, 6.0, 4.0, 3.0, 1.0, 0.0)');
INSERT INTO word(word, rank) VALUES ('hashsize', 33554432);
"""
INDEXES: Final = """
CREATE INDEX shown_by_id ON shown (id);
CREATE INDEX shown_by_title ON shown (letter, sort, id);
CREATE INDEX shown_exact ON shown (exact);
CREATE INDEX under_by_year ON under (year);
CREATE INDEX number_by_number ON number (number);
CREATE INDEX number_by_doc ON number (doc);
CREATE INDEX term_by_works ON term (kind, works);
CREATE UNIQUE INDEX spelling_by_word ON spelling (word);
"""
#: A new index is written from front to back: what was written is merged only where there is very much of it, some
#: 200,000 records of 200 words. (FTS5, sections 6.1 and 6.3.)
FILLING: Final = """
INSERT INTO word(word, rank) VALUES ('automerge', 0);
INSERT INTO word(word, rank) VALUES ('crisismerge', 8);
"""
#: When it is full: these are the engine's own.
FILLED: Final = """
INSERT INTO word(word, rank) VALUES ('automerge', 4);
INSERT INTO word(word, rank) VALUES ('crisismerge', 16);
"""
#: Those of the table that is filled last.
THING_INDEXES: Final = """
CREATE INDEX thing_in_order ON thing (kind, letter, sort, key);
CREATE INDEX thing_by_term ON thing (term);
"""
#: The kinds that have pages with a picture of their works, and the works from which on that is kept, not made anew.
PICTURED: Final = (JOURNAL, CONCEPT, NAME, ORG)
KEPT_FROM: Final = 50
#: So many neighbours of each kind are told.
NEIGHBOURS: Final = 10
BESIDE: Final = (JOURNAL, CONCEPT, NAME)


class Portrait(NamedTuple):
    """The works of a thing: how many by year (0: without one), and what stands beside it most often in them,
    as (term, works) by kind."""

    years: dict[int, int]
    beside: dict[int, list[tuple[int, int]]]

    @property
    def works(self) -> int:
        return sum(self.years.values())


def kind_of(term: int) -> int:
    """The kind of a term, a place in `KINDS`."""
    return term & 7


def token(term: int) -> str:
    """The word that stands for a term."""
    return f"{MARK}{term:x}"


def tokens(terms: bytes) -> str:
    """The words that stand for the terms in a column of such, in their order."""
    found = numbers(terms)
    if sys.byteorder == "little":
        found.byteswap()
    # All at once: to write one number at a time takes four times as long.
    words = f"{MARK}{found.tobytes().hex(_BETWEEN, -found.itemsize)}".replace(_BETWEEN, f" {MARK}") if found else ""
    while f"{MARK}0" in words:
        words = words.replace(f"{MARK}0", MARK)
    return words


def match_term(*terms: int) -> str:
    """What finds the records under one of some terms."""
    return "terms : (" + " OR ".join(f'"{token(term)}"' for term in terms) + ")"


def numbers(blob: bytes) -> array[int]:
    """The numbers in a column of terms, or of pairs."""
    found = array("q")
    found.frombytes(blob)
    return found


def draw(connection: sqlite3.Connection, term: int) -> Portrait:
    """The portrait of a term, from the records under it; ties go to the lower number."""
    query = "SELECT under.year, under.terms FROM word JOIN under ON under.doc = word.rowid WHERE word MATCH ?"
    rows = connection.execute(query, (match_term(term),)).fetchall()
    return portrait_of(term, (year or 0 for year, _ in rows), numbers(b"".join([terms for _, terms in rows])))


def portrait_of(term: int, years: Iterable[int], beside: Iterable[int]) -> Portrait:
    """The portrait of a term, from the years of its records and the terms that these are under."""
    counted = Counter(beside)
    del counted[term]
    return Portrait(dict(sorted(Counter(years).items())), most_of(counted, NEIGHBOURS, BESIDE))


def packed(portrait: Portrait) -> tuple[bytes, bytes]:
    """A portrait as its two columns."""
    years = array("q", (each for pair in portrait.years.items() for each in pair))
    beside = array("q", (each for pairs in portrait.beside.values() for pair in pairs for each in pair))
    return years.tobytes(), beside.tobytes()


def unpacked(years: bytes, beside: bytes) -> Portrait:
    """A portrait of its two columns."""
    found: dict[int, list[tuple[int, int]]] = {kind: [] for kind in BESIDE}
    for other, works in _pairs(beside):
        found[kind_of(other)].append((other, works))
    return Portrait(dict(_pairs(years)), found)


def _pairs(blob: bytes) -> list[tuple[int, int]]:
    flat = numbers(blob)
    return list(zip(flat[::2], flat[1::2], strict=True))
