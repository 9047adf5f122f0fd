"""Rules that a record's statements must keep, checked by tables alone: domains, ranges, literals, lists.

Quick, and without any library: what SHACL cannot say well (check digits, days that exist, subclasses)
or would say slowly. Each record is looked at for itself, since its document stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from linkeddata.crosswalk.domains import Domains, Property
from linkeddata.crosswalk.forms import not_of_kind, wrong_forms
from linkeddata.crosswalk.sheet import A
from linkeddata.vocabulary.ntriples import Statement, Token, read_literal, uri_token
from linkeddata.vocabulary.terms import BIBO, DCTERMS, PREFIXES, RDF, shorten

VIOLATION, WARNING = "violation", "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one statement or node: where it was found, and which rule says so.

    `focus` and `path` are URIs (`path` may be empty), `value` is the value's text or URI, cut.
    """

    focus: str
    path: str
    value: str
    message: str
    severity: str
    rule: str


@dataclass(frozen=True)
class Described:
    """A record's statements, and the classes that it gives to each thing, with all that are over them."""

    statements: Sequence[Statement]
    classes: Mapping[Token, frozenset[Token]]


def faults(statements: Sequence[Statement], domains: Domains) -> Iterator[Fault]:
    """What is wrong with the statements of one record."""
    told = Described(statements, _classes(statements, domains))
    for statement in statements:
        yield from _of_statement(statement, told, domains)
    yield from _of_classes(told, domains)
    yield from _of_lists(statements)


def _classes(statements: Iterable[Statement], domains: Domains) -> dict[Token, frozenset[Token]]:
    stated: dict[Token, list[Token]] = {}
    for subject, predicate, value in statements:
        classes = stated.setdefault(subject, [])
        if predicate == A:
            classes.append(value)
    return {subject: domains.over(classes) for subject, classes in stated.items()}


# Statements


def _of_statement(statement: Statement, told: Described, domains: Domains) -> Iterator[Fault]:
    predicate, value = statement[1:]
    known = domains.property(predicate)
    if known is None:
        if predicate.startswith(_OUR_NAMESPACES):
            yield _fault(statement, "property", "the ontology has no such property, or the table of domains lacks it")
    else:
        yield from _of_property(statement, known, told)
    yield from (_fault(statement, *wrong) for wrong in wrong_forms(predicate, value))
    if any(token.startswith("_:") for token in statement):
        yield _fault(statement, "blank-node", "a blank node, which cannot be compared or looked up")


#: Namespaces whose terms the table lists; of others (an operator's own) nothing is known and nothing refused.
_OUR_NAMESPACES: Final = tuple(
    f"<{PREFIXES[prefix]}" for prefix in ("bibo", "dcterms", "foaf", "prov", "rdf", "rdfs", "skos", "dcat")
)


def _of_property(statement: Statement, known: Property, told: Described) -> Iterator[Fault]:
    subject, predicate, value = statement
    classes = told.classes[subject]
    if known.domain and classes.isdisjoint(known.domain) and predicate not in _OF_LISTS:
        yield _fault(statement, "domain", f"stands only on {_named(known.domain)}; this is {_named(classes)}")
    if wrong := not_of_kind(known.value, value):
        yield _fault(statement, "value", wrong)
    if predicate in _OF_LISTS or predicate in _LISTS or not told.classes.get(value):
        return
    found = told.classes[value]
    if known.range and found.isdisjoint(known.range):
        yield _fault(statement, "range", f"points only to {_named(known.range)}; this is {_named(found)}")
    if known.includes and found.isdisjoint(known.includes):
        message = f"should point to {_named(known.includes)}; this is {_named(found)}"
        yield _fault(statement, "range-includes", message, WARNING)


# Lists are looked at as a whole, for their cells have no class.
_LISTS: Final = {
    uri_token(BIBO.authorList): (uri_token(DCTERMS.creator),),
    uri_token(BIBO.editorList): (uri_token(BIBO.editor),),
}
_FIRST, _REST, _NIL = uri_token(RDF.first), uri_token(RDF.rest), uri_token(RDF.nil)
_OF_LISTS: Final = frozenset({_FIRST, _REST})


def _named(classes: Iterable[Token]) -> str:
    return ", ".join(sorted(shorten(each[1:-1]) or each for each in classes)) or "without a class"


def _fault(statement: Statement, rule: str, message: str, severity: str = VIOLATION) -> Fault:
    subject, predicate, value = statement
    shown = value[1:-1] if value[0] == "<" else read_literal(value)[0] if value[0] == '"' else value
    return Fault(subject.strip("<>"), predicate[1:-1], shown[:200], message, severity, rule)


# Classes

_BIBO = f"<{PREFIXES['bibo']}"


def _of_classes(told: Described, domains: Domains) -> Iterator[Fault]:
    for subject, predicate, value in told.statements:
        if predicate == A and value.startswith(_BIBO) and value not in domains.classes:
            yield _fault((subject, predicate, value), "class", "BIBO has no such class")
    for subject, classes in told.classes.items():
        for one, other in domains.disjoint:
            if one in classes and other in classes:
                yield _fault((subject, A, one), "disjoint", f"nothing is both {_named((one,))} and {_named((other,))}")


# Lists


def _of_lists(statements: Iterable[Statement]) -> Iterator[Fault]:
    """A list goes from cell to cell to its end, and everybody in it is also said without the list."""
    said, cells, heads = set(statements), dict[Token, dict[Token, Token]](), list[Statement]()
    for statement in said:
        if statement[1] in _OF_LISTS:
            cells.setdefault(statement[0], {})[statement[1]] = statement[2]
        elif statement[1] in _LISTS:
            heads.append(statement)
    reached = set[Token]()
    for head in sorted(heads):
        members, broken = _walk(head[2], cells, reached)
        if broken:
            yield _fault(head, "list", broken)
        for member in members:
            if all((head[0], flat, member) not in said for flat in _LISTS[head[1]]):
                message = f"in the list, but not said with {_named(_LISTS[head[1]])}"
                yield _fault((head[0], head[1], member), "list-member", message)
    for cell in sorted(cells.keys() - reached):
        yield _fault((cell, _FIRST, cells[cell].get(_FIRST, _NIL)), "list", "a cell of no list")


def _walk(start: Token, cells: Mapping[Token, Mapping[Token, Token]], reached: set[Token]) -> tuple[list[Token], str]:
    """The members of a list, and what breaks it (nothing where it ends well)."""
    members, cell = list[Token](), start
    while cell != _NIL:
        if cell in reached:
            return members, "comes back to a cell it has been at"
        reached.add(cell)
        links = cells.get(cell, {})
        if _FIRST not in links or _REST not in links:
            return members, f"breaks off at {cell}"
        members.append(links[_FIRST])
        cell = links[_REST]
    return members, ""
