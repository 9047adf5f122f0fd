"""Authors and contributors: agents minted per record, tied by name headings, in the source's order.

Equal strings in two records are no evidence of one person; a heading (a concept) ties the string
without claiming that. Only an ORCID iD makes an agent the same in every record.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest
from typing import Final, NamedTuple, TypeAlias

from linkeddata.crosswalk.headings import PersonName, read_name
from linkeddata.crosswalk.profile import Role, Rule
from linkeddata.crosswalk.sheet import CONCEPT, IN_SCHEME, PREF_LABEL, A, Sheet, Statements
from linkeddata.crosswalk.text import is_absent, label
from linkeddata.crosswalk.values import NAME, ORGANISATION, SAME_AS
from linkeddata.vocabulary.identifiers import clean_orcid
from linkeddata.vocabulary.ntriples import Token, literal_token, uri_token
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDF, RDFS, REL, SKOS
from linkeddata.vocabulary.uris import Uris, mint

#: A name, the word for its role, an ORCID iD, a fuller form; empty where there is none.
_Person: TypeAlias = tuple[str, str, str, str]

CREATOR: Final = uri_token(DCTERMS.creator)
CONTRIBUTOR: Final = uri_token(DCTERMS.contributor)
AUTHOR_LIST: Final = uri_token(BIBO.authorList)
FIRST: Final = uri_token(RDF.first)
REST: Final = uri_token(RDF.rest)
NIL: Final = uri_token(RDF.nil)
_AGENT: Final = uri_token(FOAF.Agent)
_PERSON: Final = uri_token(FOAF.Person)
_LABEL: Final = uri_token(RDFS.label)
_FOCUS: Final = uri_token(FOAF.focus)
_ALT_LABEL: Final = uri_token(SKOS.altLabel)
#: How the parts of a `PersonName` behind the name are stated, in their order.
_PARTS: Final = tuple(map(uri_token, (FOAF.familyName, FOAF.givenName, BIBO.prefixName, BIBO.suffixName)))
_EDITOR: Final = uri_token(BIBO.editor)
_EDITOR_LIST: Final = uri_token(BIBO.editorList)
_CREATING: Final = frozenset({uri_token(REL.aut), uri_token(REL.cre)})


def authors(sheet: Sheet, rule: Rule) -> None:
    """Creators, flat and as a list in the source's order, repeats kept (not on journals and the like)."""
    found = []
    for name, word, orcid, fuller in _people(sheet, rule):
        uri = agent(sheet, name, _checked(sheet, rule, orcid), fuller)
        found.append(uri)
        sheet.say(rule.predicate, uri)
        if word and (role := _role(sheet, rule, word)) and role.relator not in _CREATING:
            _say_role(sheet, role, uri)
    _list(sheet, AUTHOR_LIST, "authors", found)


def contributors(sheet: Sheet, rule: Rule) -> None:
    """Contributors, with a property for the role beside each where it is a known one."""
    for name, word, orcid, fuller in _people(sheet, rule):
        uri = agent(sheet, name, _checked(sheet, rule, orcid), fuller)
        if role := _role(sheet, rule, word):
            _say_role(sheet, role, uri)
        sheet.say(rule.predicate, uri)


def bodies(sheet: Sheet, rule: Rule) -> None:
    """Corporate authors: creators by their role or where nobody else is, contributors otherwise."""
    people = _people(sheet, rule)
    alone = bool(people) and not sheet.has("author")
    for name, word, orcid, _ in people:
        _checked(sheet, rule, orcid)
        uri, role = agent(sheet, name, is_body=True), _role(sheet, rule, word)
        by_role = role is not None and role.relator in _CREATING
        if role and not by_role:
            _say_role(sheet, role, uri)
        sheet.say(rule.predicate if alone or by_role else CONTRIBUTOR, uri)


def list_editors(sheet: Sheet) -> None:
    """All editors as a list, in the order in which they were met; to be called behind all other rules."""
    _list(sheet, _EDITOR_LIST, "editors", sheet.editors)


def has_editor(sheet: Sheet) -> bool:
    """Whether some contributor is an editor."""
    words = (word for name, word, *_ in _columns(sheet, "author2") if not is_absent(name))
    roles = (sheet.profile.roles.get(_role_word(word)) for word in words)
    return any(role is not None and role.predicate == _EDITOR for role in roles)


def _list(sheet: Sheet, predicate: Token, whose: str, members: list[Token]) -> None:
    if not members or sheet.is_collection:
        return
    start = uri_token(sheet.uris.cells(sheet.record.id, whose))[:-1]
    cells = [f"{start}{position}>" for position in range(1, len(members) + 1)]
    sheet.own.update(cells)
    sheet.say(predicate, cells[0])
    stated, now = sheet.statements, sheet.now
    for cell, member, following in zip(cells, members, [*cells[1:], NIL], strict=True):
        stated.setdefault((cell, FIRST, member), now)
        stated.setdefault((cell, REST, following), now)


def _people(sheet: Sheet, rule: Rule) -> list[_Person]:
    """The people of a field; what says that there is nobody is none of them."""
    return [person for person in _columns(sheet, rule.fields[0]) if not is_absent(person[0])]


def _columns(sheet: Sheet, field: str) -> Iterable[_Person]:
    """The fields about the people of one field, aligned by position; fuller forms only where all have one."""
    fields = sheet.fields
    names = fields.get(field)
    if not names:
        return ()
    words = fields.get(f"{field}_role", ())[: len(names)]
    # A field may be called by an empty text: it is nobody's.
    beside = sheet.profile.orcids.get(field)
    orcids = fields.get(beside, ())[: len(names)] if beside else ()
    fuller = fields.get(f"{field}_fuller", ())
    return zip_longest(names, words, orcids, fuller if len(fuller) == len(names) else (), fillvalue="")


def _checked(sheet: Sheet, rule: Rule, orcid: str) -> str:
    if not orcid:
        return ""
    found = clean_orcid(orcid)
    if found is None and not is_absent(orcid):
        sheet.refuse(sheet.profile.orcids[rule.fields[0]], orcid, "not an ORCID iD")
    return found or ""


def _role_word(word: str) -> str:
    return label(word).rstrip(".").casefold()


def _role(sheet: Sheet, rule: Rule, word: str) -> Role | None:
    if is_absent(word):
        return None
    role = sheet.profile.roles.get(_role_word(word))
    if role is None:
        sheet.refuse(f"{rule.fields[0]}_role", word, "no role of the table")
    return role


def _say_role(sheet: Sheet, role: Role, uri: Token) -> None:
    """States a role by its property where that may stand on this record, else by its relator."""
    fits = role.only_on is None or role.only_on in sheet.classes
    predicate = role.predicate if role.predicate and fits else role.relator
    sheet.say(predicate, uri)
    if predicate == _EDITOR:
        sheet.editors.append(uri)


def agent(sheet: Sheet, name: str, orcid: str = "", fuller: str = "", *, is_body: bool = False) -> Token:
    """An agent of this record by its name as the source has it, with its heading; statements on the sheet.

    `orcid` is an iD whose check digit holds, `fuller` a fuller form of the name, or empty.
    """
    heading = label(name)
    read, stated, now = _read(sheet.uris, heading, is_body), sheet.statements, sheet.now
    uri = _identified(sheet, orcid) if orcid else sheet.agents.get(heading) or _named(sheet, read.key)
    sheet.agents[heading] = uri
    for predicate, value in read.said:
        stated.setdefault((uri, predicate, value), now)
    tied = sheet.take(read.tied)
    if fuller and not is_absent(fuller) and (also := literal_token(label(fuller))) != read.words:
        sheet.state(tied, _ALT_LABEL, also)
    sheet.state(tied, _FOCUS, uri)
    return uri


class _Heading(NamedTuple):
    """What a name heading comes to in whichever record: its key, its words, what is said of an agent of that name,
    and of the heading itself."""

    key: str
    words: Token
    said: tuple[tuple[Token, Token], ...]
    tied: Statements


@lru_cache(maxsize=8192)
def _read(uris: Uris, heading: str, is_body: bool) -> _Heading:
    """Kept, because names return in record after record."""
    name, *parts = PersonName(heading) if is_body else read_name(heading)
    kind = ORGANISATION if is_body else _PERSON if parts[0] else _AGENT
    key, words, (names, scheme) = mint(heading), literal_token(heading), _headings(uris)
    uri = f"{names}{key}>"
    said = [(A, kind), (_LABEL, words), (NAME, literal_token(name))]
    for predicate, value in zip(_PARTS, parts, strict=True):
        if value:
            said.append((predicate, literal_token(value)))
    tied = (uri, A, CONCEPT), (uri, PREF_LABEL, words), (uri, IN_SCHEME, scheme)
    return _Heading(key, words, tuple(said), tied)


@lru_cache(maxsize=1)
def _headings(uris: Uris) -> tuple[Token, Token]:
    """What the URIs of all name headings begin with, and the scheme that they are in."""
    return uri_token(uris.kind("name"))[:-1], uri_token(uris.scheme("name"))


def _named(sheet: Sheet, key: str) -> Token:
    """An agent of this record alone."""
    uri = f"{sheet.own_agents}{key}>"
    sheet.own.add(uri)
    return uri


def _identified(sheet: Sheet, orcid: str) -> Token:
    uri = uri_token(sheet.uris.orcid(orcid))
    sheet.state(uri, SAME_AS, uri_token(f"https://orcid.org/{orcid}"))
    return uri
