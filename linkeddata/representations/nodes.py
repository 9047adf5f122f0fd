"""Statements gathered by subject, with their lists made whole: what the writers of this room work on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Final, TypeAlias

from linkeddata.vocabulary.ntriples import Statement
from linkeddata.vocabulary.terms import RDF

#: The values of each property of a subject, all as tokens.
Properties: TypeAlias = dict[str, list[str]]

TYPE: Final = f"<{RDF.type}>"
_FIRST, _REST, _NIL = f"<{RDF.first}>", f"<{RDF.rest}>", f"<{RDF.nil}>"
_CELL: Final = frozenset({_FIRST, _REST})
#: How the tokens of blank nodes begin.
_BLANK: Final = "_"


@dataclass(frozen=True, slots=True)
class Nodes:
    """What is said of each subject, in first-seen order, and the members of each list by its head.

    The cells of a list are not among the subjects. Cells that make no proper list, or one that is
    pointed at twice and so cannot be written in place, are subjects like any other.
    """

    about: dict[str, Properties]
    lists: dict[str, tuple[str, ...]]


def gather(statements: Iterable[Statement], *, elsewhere: Collection[str] = ()) -> Nodes:
    """Statements by subject and property. Blank nodes that are used `elsewhere` too need their labels, so a list
    with one of them as a cell is not made whole."""
    statements = list(statements)
    about = by_subject(statements)
    return Nodes(about, _lists(about, _pointers(statements, _BLANK, elsewhere)))


def gather_whole(statements: Collection[Statement], *, cells: str) -> Nodes | None:
    """The same of statements whose list cells are URIs, the tokens of which begin with `cells`; None where one of
    them stands in no proper list, or any other node is blank, so that they need labels."""
    about = by_subject(statements)
    pointers = _pointers(statements, cells, ())
    lists = _lists(about, pointers)
    is_whole = sum(map(len, lists.values())) == len(pointers)
    return Nodes(about, lists) if is_whole and not any(map(str.startswith, about, repeat((cells, _BLANK)))) else None


def by_subject(statements: Iterable[Statement]) -> dict[str, Properties]:
    """The values of each property of each subject, all in the order in which they are met."""
    about: dict[str, Properties] = {}
    met, properties = "", dict[str, list[str]]()
    for subject, predicate, value in statements:
        # Mostly what was spoken of last.
        if subject != met:
            met, properties = subject, about.setdefault(subject, {})
        if (values := properties.get(predicate)) is None:
            properties[predicate] = [value]
        else:
            values.append(value)
    return about


def _lists(about: dict[str, Properties], pointers: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """The proper lists by their heads; their cells are taken out of the subjects."""
    lists: dict[str, tuple[str, ...]] = {_NIL: ()}
    for head, predicates in pointers.items():
        cells = _cells(head, about, pointers) if predicates[0] not in (_FIRST, _REST) else []
        if cells:
            lists[head] = tuple([about.pop(cell)[_FIRST][0] for cell in cells])
    return lists


def _pointers(statements: Iterable[Statement], cells: str, elsewhere: Collection[str]) -> dict[str, list[str]]:
    """The properties that point at each node that may be a cell; at one used elsewhere, two nameless ones do."""
    pointers: dict[str, list[str]] = {node: ["", ""] for node in elsewhere}
    for node, predicate in [(value, predicate) for _, predicate, value in statements if value.startswith(cells)]:
        pointers.setdefault(node, []).append(predicate)
    return pointers


def _cells(head: str, about: dict[str, Properties], pointers: Mapping[str, list[str]]) -> list[str]:
    """The cells of the list that begins here, or none where it is not a proper list, used once.

    It always ends: a circle would point at one of its cells twice.
    """
    cells: list[str] = []
    cell = head
    while cell != _NIL:
        properties = about.get(cell, {})
        if len(pointers.get(cell, ())) != 1 or properties.keys() != _CELL:
            return []
        if len(properties[_FIRST]) != 1 or len(properties[_REST]) != 1:
            return []
        cells.append(cell)
        cell = properties[_REST][0]
    return cells
