"""The words that titles, names and subjects are written with, to say what a mistyped one may have meant.

Words that one edit makes of a mistyped one are looked up; where none is known, its pieces of three letters find
those that resemble it, and the distance in edits decides. Words of
abstracts are not learnt: they are many, and mistyped themselves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from string import ascii_lowercase
from typing import Final

#: Shorter words resemble too many others.
_SHORTEST: Final = 4
_LONGEST: Final = 40
#: In words up to this length one edit is enough to make another word of it; longer ones may have two.
_SHORT: Final = 5
_FURTHEST: Final = 2
#: So many words that share pieces are looked at.
_CANDIDATES: Final = 60
_WHERE: Final = "('titles', 'people', 'subjects')"


def learn_all(db: sqlite3.Connection) -> None:
    """Learn every word of a new index."""
    db.execute(
        f"""INSERT INTO spelling (word) SELECT DISTINCT term FROM used_in
            WHERE term > '9' AND term < '\ue000' AND col IN {_WHERE}
            AND length(term) BETWEEN {_SHORTEST} AND {_LONGEST}"""  # noqa: S608
    )
    db.execute("INSERT INTO piece (piece) VALUES ('rebuild')")


def learn(db: sqlite3.Connection, words: Iterable[str]) -> None:
    """Learn or forget words, as the index now has or has not got them."""
    for word in words:
        if not (_SHORTEST <= len(word) <= _LONGEST and word > "9"):
            continue
        used = db.execute(f"SELECT 1 FROM used_in WHERE term = ? AND col IN {_WHERE} LIMIT 1", (word,)).fetchone()  # noqa: S608
        known = db.execute("SELECT number FROM spelling WHERE word = ?", (word,)).fetchone()
        if used and not known:
            number = db.execute("INSERT INTO spelling (word) VALUES (?)", (word,)).lastrowid
            db.execute("INSERT INTO piece (rowid, word) VALUES (?, ?)", (number, word))
        elif known and not used:
            db.execute("INSERT INTO piece (piece, rowid, word) VALUES ('delete', ?, ?)", (known[0], word))
            db.execute("DELETE FROM spelling WHERE number = ?", known)


def is_used(db: sqlite3.Connection, word: str) -> bool:
    """Whether any record has a word, wherever."""
    return db.execute("SELECT 1 FROM used WHERE term = ? LIMIT 1", (word,)).fetchone() is not None


def resembling(db: sqlite3.Connection, word: str) -> str | None:
    """The known word that differs least from a (folded) word; of equals, the one that more records have."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return None
    near = [(1, other) for other in _known(db, _one_edit(word))]
    if not near and len(word) > _SHORT:
        near = [
            (distance, other) for other in _sharing_pieces(db, word) if (distance := edits(word, other)) <= _FURTHEST
        ]
    return min(near, key=lambda pair: (pair[0], -_records(db, pair[1]), pair[1]))[1] if near else None


def _one_edit(word: str) -> set[str]:
    """Every word that one edit makes of this one; letters are added and changed in the Latin alphabet only."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[skip:] for head, tail in cuts for letter in ascii_lowercase for skip in (0, 1)}
    return found - {word}


def _known(db: sqlite3.Connection, words: set[str]) -> list[str]:
    marks = ",".join("?" * len(words))
    return [row[0] for row in db.execute(f"SELECT word FROM spelling WHERE word IN ({marks})", tuple(words))]  # noqa: S608


def _sharing_pieces(db: sqlite3.Connection, word: str) -> list[str]:
    """The known words that share most pieces of three letters."""
    pieces = {word[place : place + 3] for place in range(len(word) - 2)}
    match = " OR ".join(f'"{piece}"' for piece in sorted(pieces))
    query = """SELECT spelling.word FROM piece JOIN spelling ON spelling.number = piece.rowid
               WHERE piece MATCH ? ORDER BY piece.rank LIMIT ?"""
    return [row[0] for row in db.execute(query, (match, _CANDIDATES))]


def _records(db: sqlite3.Connection, word: str) -> int:
    found = db.execute("SELECT doc FROM used WHERE term = ?", (word,)).fetchone()
    return found[0] if found else 0


def edits(one: str, other: str) -> int:
    """How many letters to change, add, take out, or swap with their neighbour, lie between two words.

    >>> edits("harmoney", "harmony"), edits("hte", "the"), edits("cat", "dog")
    (1, 1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, last, row = row, before, [place]
        for spot, another in enumerate(other, start=1):
            cost = min(before[spot] + 1, row[spot - 1] + 1, before[spot - 1] + (letter != another))
            if last and spot > 1 and letter == other[spot - 2] and one[place - 2] == another:
                cost = min(cost, last[spot - 2] + 1)
            row.append(cost)
    return row[-1]
