"""What is searched of a record: made of its statements alone, so that the same statements give the same row.

A row is made when a record is translated, in the processes that do that, and made again of the kept
statements when the record is to be taken out of the index.
"""

from __future__ import annotations

import hashlib
import pickle
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from linkeddata.vocabulary.folding import fold, indexable, letter
from linkeddata.vocabulary.ntriples import Token, unescaped, uri_token
from linkeddata.vocabulary.terms import BIBO, COAR, DCMITYPE, DCTERMS, FOAF, PROV, RDF, SCHEMA, SKOS, shorten
from linkeddata.vocabulary.uris import Uris

#: Changes when rows come out otherwise than before, or the file they stand in has another shape.
SHAPE: Final = "3"
#: What records are narrowed by and counted under, by the kind of the thing; a term holds its place in this list.
TYPE, YEAR, JOURNAL, CONCEPT, NAME, COLLECTION, ORG = range(7)
KINDS: Final = ("type", "year", "journal", "concept", "name", "collection", "org")
_SHOWN_NAMES: Final = 3
#: What stands behind the names that are shown where there are more.
AND_OTHERS: Final = " and others"
#: Between the cells of the terms' names; labels lose it.
_CELL: Final = "\x1f"
#: So many characters of a title are sorted by.
SORTED: Final = 60

_TITLE, _ISSUED, _TYPE, _PART = map(uri_token, (DCTERMS.title, DCTERMS.issued, RDF.type, DCTERMS.isPartOf))
_MAKERS: Final = tuple(map(uri_token, (DCTERMS.creator, DCTERMS.contributor)))
_OTHERS: Final = tuple(map(uri_token, (BIBO.editor, DCTERMS.rightsHolder)))
_FOCUS, _SUBJECT, _SAYS = uri_token(FOAF.focus), uri_token(DCTERMS.subject), uri_token(DCTERMS.type)
_OWNERS: Final = tuple(map(uri_token, (DCTERMS.publisher, PROV.wasAttributedTo)))
_CALLED: Final = tuple(map(uri_token, (SKOS.prefLabel, FOAF.name, DCTERMS.title)))
_MORE_TITLES: Final = tuple(map(uri_token, (DCTERMS.alternative, BIBO.shortTitle)))
_TEXTS: Final = tuple(map(uri_token, (DCTERMS.abstract, DCTERMS.description, DCTERMS.tableOfContents)))
_NUMBERS: Final = tuple(
    map(uri_token, (BIBO.doi, BIBO.isbn13, BIBO.isbn10, BIBO.issn, BIBO.eissn, BIBO.handle, BIBO.oclcnum, BIBO.lccn))
)
_IDENTIFIERS: Final = (*_NUMBERS, uri_token(DCTERMS.identifier))
#: All that is looked at.
_WANTED: Final = (
    *(_TITLE, _ISSUED, _TYPE, _PART, *_MAKERS, *_OTHERS, _SUBJECT, _SAYS, _FOCUS, *_OWNERS, *_CALLED),
    *(*_MORE_TITLES, *_TEXTS, *_IDENTIFIERS),
)
#: The most telling class of a record is that of the first of these namespaces that it has one in.
_CLASSES: Final = tuple(f"<{namespace}" for namespace in (BIBO, DCMITYPE, COAR, SCHEMA))
_NOTHING_SAID: Final = tuple(map(uri_token, (BIBO.Document, SCHEMA.CreativeWork)))


#: A statement as a tuple of whatever length: one of three a compiled module would take apart and make anew.
_Whole: TypeAlias = tuple[Token, ...]


class Row(NamedTuple):
    """A record in the index: what is shown of it, what it is sorted by and known again by (a hash of its title); its
    year and the terms it counts under, as numbers; what it is found by, made for the index; what the terms are called,
    which is seldom looked at, and its identifiers. In the order in which the index's tables have them."""

    id: str
    title: str
    names: str
    within: str
    letter: str
    sort: str
    exact: int
    year: int | None
    terms: bytes
    titles: str
    people: str
    subjects: str
    besides: str
    text: str
    called: str
    numbers: tuple[str, ...]

    def named(self) -> list[str]:
        """The key of each term and what it is called, one after the other, in the order of their numbers."""
        return self.called.split(_CELL)

    def shown(self) -> tuple[str | int, ...]:
        """From its id to the hash of its title: what a list shows of it."""
        return self[:7]

    def words(self) -> tuple[str, ...]:
        """From its titles to its text: what it is found by."""
        return self[9:14]

    def packed(self) -> bytes:
        """The row, light to hand over and to lay by; for those who trust each other."""
        return pickle.dumps(tuple(self), pickle.HIGHEST_PROTOCOL)


def unpacked(row: bytes) -> Row:
    """The row that was packed."""
    return Row._make(pickle.loads(row))  # noqa: S301 - made by another process of ours


@lru_cache(maxsize=1 << 16)
def term_number(kind: int, key: str) -> int:
    """A term's number: 60 bits of a hash and the kind, so that the processes that make rows need not agree on one."""
    return hash_of(kind, key)


def hash_of(kind: int, text: str) -> int:
    """The same of what does not come again, and is not remembered: a hash of a kind and a text."""
    digest = hashlib.blake2b(f"{kind} {text}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 1 & ~7) | kind


def _words(literal: Token) -> str:
    """The text of a literal; most have no escapes, and no language."""
    text = literal[1:-1] if literal.endswith('"') else literal[1 : literal.rindex('"')]
    return unescaped(text) if "\\" in text else text


@lru_cache(maxsize=1)
def _starts(uris: Uris) -> list[Token]:
    """What the names of each kind begin with."""
    return [f"<{uris.base}id/{kind}/" for kind in KINDS]


class _Said:
    """The statements of a record that matter, by property."""

    def __init__(self, statements: Sequence[_Whole], uris: Uris, identifier: str) -> None:
        self.subject = uri_token(uris.record(identifier))
        self.starts = _starts(uris)
        by: dict[Token, list[_Whole]] = {predicate: [] for predicate in _WANTED}
        self._by = by
        # Done with every statement of a load.
        for statement in statements:
            if (found := by.get(statement[1])) is not None:
                found.append(statement)
        labels: dict[Token, str] = {}
        self.labels = labels
        for each in _CALLED:
            for statement in by[each]:
                # The first name that is said counts.
                if statement[0] not in labels:
                    labels[statement[0]] = _words(statement[2])
        self.subjects, self.parts, self.makers = self.own(_SUBJECT), self.own(_PART), self.own(*_MAKERS)
        # What the record is part of, and what that is part of.
        wholes = [statement[2] for statement in by[_PART] if statement[0] in self.parts]
        self.journals = list(dict.fromkeys((*self.parts, *wholes))) if wholes else self.parts

    def own(self, *predicates: Token) -> list[Token]:
        """Values of the record's own properties, each once."""
        ours = self.subject
        found = [statement[2] for each in predicates for statement in self._by[each] if statement[0] == ours]
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def all(self, *predicates: Token) -> list[_Whole]:
        """The statements that have these properties, whatever they are about."""
        return [statement for each in predicates for statement in self._by[each]]

    def words(self, *predicates: Token) -> list[str]:
        return [_words(value) for value in self.own(*predicates) if value.startswith('"')]

    def called(self, things: Iterable[Token]) -> list[str]:
        """What things are called, those that are called something."""
        labels = self.labels
        return [labels[thing] for thing in dict.fromkeys(things) if thing in labels]


def row_of(uris: Uris, identifier: str, statements: Sequence[_Whole]) -> Row:
    """What is searched of a record that makes these statements."""
    said = _Said(statements, uris, identifier)
    titles, year = said.words(_TITLE) or [identifier], _year(said)
    people = [said.labels.get(agent, "") for agent in dict.fromkeys((*said.makers, *said.own(*_OTHERS)))]
    headings = [said.labels.get(statement[0], "") for statement in said.all(_FOCUS)]
    numbers = said.words(*_IDENTIFIERS)
    within = said.called(said.parts) + said.called(said.journals)
    owners = [statement[2] for statement in said.all(*_OWNERS)]
    terms, called = _terms(said, year, owners)
    title, sort = _folded(titles[0])
    return Row(
        id=identifier,
        title=titles[0],
        names=_shown(people),
        within=within[0] if within else "",
        letter=letter(sort),
        sort=sort,
        exact=hash_of(0, title),
        year=year,
        terms=terms,
        titles=indexable(" ".join([*titles, *said.words(*_MORE_TITLES)])),
        people=indexable(" ".join([*people, *headings])),
        subjects=indexable(" ".join(said.called(said.subjects))),
        besides=indexable(" ".join([identifier, *within, *numbers, *said.called(owners), str(year or "")])),
        text=indexable(" ".join(said.words(*_TEXTS))),
        called=called,
        numbers=tuple({number.lower().replace("-", "") for number in numbers}),
    )


def _folded(title: str) -> tuple[str, str]:
    """A title folded, and what is sorted by of it."""
    folded = fold(title)
    return folded, (folded if len(title) <= 2 * SORTED else fold(title[: 2 * SORTED]))[:SORTED]


def _terms(said: _Said, year: int | None, owners: list[Token]) -> tuple[bytes, str]:
    """The terms of a record as numbers, and what they are called."""
    # The type stands first: a list shows it.
    kind = _kind(said)
    numbers, cells = [term_number(TYPE, kind.partition(":")[2])], [kind.partition(":")[2], kind]
    if year is not None:
        numbers.append(term_number(YEAR, str(year)))
        cells += [str(year), str(year)]
    labels = said.labels
    for place, things in _things(said, owners):
        start = said.starts[place]
        for thing in dict.fromkeys(things):
            if thing.startswith(start):
                key = thing[len(start) : -1]
                numbers.append(term_number(place, key))
                cells.append(key)
                # A journal is called differently by different records; the graph says what it is called in the end.
                cells.append(key if place == JOURNAL else labels.get(thing, key))
    return array("q", numbers).tobytes(), _joined(cells)


def _joined(cells: list[str]) -> str:
    """Cells with what stands between them, which they lose."""
    joined = _CELL.join(cells)
    # In almost none there is any.
    return joined if joined.count(_CELL) < len(cells) else _CELL.join([cell.replace(_CELL, " ") for cell in cells])


def _things(said: _Said, owners: list[Token]) -> tuple[tuple[int, list[Token]], ...]:
    """By kind the things that may be terms."""
    makers = set(said.makers)
    return (
        (JOURNAL, said.journals),
        (CONCEPT, said.subjects),
        (NAME, [statement[0] for statement in said.all(_FOCUS) if statement[2] in makers]),
        (COLLECTION, [statement[2] for statement in said.all(_PART) if statement[0] != said.subject]),
        (ORG, owners),
    )


def _year(said: _Said) -> int | None:
    issued = next(iter(said.words(_ISSUED)), "")[:4]
    return int(issued) if issued.isascii() and issued.isdecimal() and len(issued) == 4 else None


def _kind(said: _Said) -> str:
    """The most telling class of a record, as a prefixed name."""
    stated = [value for value in said.own(_TYPE, _SAYS) if value not in _NOTHING_SAID]
    found = [value for namespace in _CLASSES for value in stated if value.startswith(namespace)]
    return _curie(found[0] if found else _NOTHING_SAID[0])


@lru_cache(maxsize=1 << 10)
def _curie(token: Token) -> str:
    return shorten(token[1:-1]) or ""


def _shown(people: list[str]) -> str:
    named = list(dict.fromkeys(name for name in people if name))
    shown = "; ".join(named[:_SHOWN_NAMES])
    return shown + AND_OTHERS if len(named) > _SHOWN_NAMES else shown
