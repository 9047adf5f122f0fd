"""Authors and contributors: agents minted per record, tied by name headings, in the source's order.

Equal strings in two records are no evidence of one person; a heading (a concept) ties the string
without claiming that. Only an ORCID iD makes an agent the same in every record.
"""

from __future__ import annotations

from itertools import zip_longest

from rdflib import Literal, URIRef

from linkeddata.crosswalk.headings import PersonName, read_name
from linkeddata.crosswalk.profile import Role, Rule
from linkeddata.crosswalk.sheet import CONCEPT, IN_SCHEME, PREF_LABEL, A, Sheet
from linkeddata.crosswalk.text import is_absent, label
from linkeddata.crosswalk.values import NAME, ORGANISATION, SAME_AS
from linkeddata.vocabulary.identifiers import clean_orcid
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, RDF, RDFS

CREATOR = URIRef(DCTERMS.creator)
CONTRIBUTOR = URIRef(DCTERMS.contributor)
AUTHOR_LIST = URIRef(BIBO.authorList)
FIRST, REST, NIL = URIRef(RDF.first), URIRef(RDF.rest), URIRef(RDF.nil)
_AGENT, _PERSON = URIRef(FOAF.Agent), URIRef(FOAF.Person)
_LABEL, _FOCUS = URIRef(RDFS.label), URIRef(FOAF.focus)
_PARTS = (
    ("family", URIRef(FOAF.familyName)),
    ("given", URIRef(FOAF.givenName)),
    ("prefix", URIRef(BIBO.prefixName)),
    ("suffix", URIRef(BIBO.suffixName)),
)
_CREATING_ROLES = frozenset({"aut", "cre", "author", "creator"})
ORCID_FIELD = "author_orcid_str_mv"


def authors(sheet: Sheet, rule: Rule) -> None:
    """Creators, flat and as a list in the source's order, repeats kept (not on journals and the like)."""
    field = rule.fields[0]
    names = sheet.record.fields.get(field, ())
    orcids = sheet.record.fields.get(ORCID_FIELD, ())
    found = [
        agent(sheet, name, orcid) for name, orcid in zip_longest(names, orcids[: len(names)]) if not is_absent(name)
    ]
    for uri in found:
        sheet.say(rule.predicate, uri)
    if found and not sheet.is_collection:
        _list(sheet, found)


def _list(sheet: Sheet, members: list[URIRef]) -> None:
    cells = [sheet.uris.cell(sheet.record.id, position) for position in range(1, len(members) + 1)]
    sheet.say(AUTHOR_LIST, cells[0])
    for cell, member, following in zip(cells, members, [*cells[1:], NIL], strict=True):
        sheet.state(cell, FIRST, member)
        sheet.state(cell, REST, following)


def contributors(sheet: Sheet, rule: Rule) -> None:
    """Contributors, with a property for the role beside each where it is a known one."""
    for name, word in _with_roles(sheet, rule.fields[0]):
        uri = agent(sheet, name)
        if predicate := _role_property(sheet, rule, word):
            sheet.say(predicate, uri)
        sheet.say(rule.predicate, uri)


def bodies(sheet: Sheet, rule: Rule) -> None:
    """Corporate authors: creators by their role or where nobody else is, contributors otherwise."""
    alone = not any(sheet.values("author"))
    for name, word in _with_roles(sheet, rule.fields[0]):
        creates = alone or word in _CREATING_ROLES
        sheet.say(rule.predicate if creates else CONTRIBUTOR, agent(sheet, name, is_body=True))


def has_editor(sheet: Sheet) -> bool:
    """Whether some contributor is an editor."""
    editor = sheet.profile.roles.get("edt")
    return any(sheet.profile.roles.get(word) == editor for _, word in _with_roles(sheet, "author2"))


def _with_roles(sheet: Sheet, field: str) -> list[tuple[str, str]]:
    """Names with the word for their role (case-folded, empty where none), aligned by position."""
    names, words = sheet.record.fields.get(field, ()), sheet.record.fields.get(f"{field}_role", ())
    pairs = zip_longest(names, words[: len(names)], fillvalue="")
    return [(name, label(word).rstrip(".").casefold()) for name, word in pairs if not is_absent(name)]


def _role_property(sheet: Sheet, rule: Rule, word: str) -> URIRef | None:
    role: Role | None = sheet.profile.roles.get(word)
    if role is None:
        if word:
            sheet.refuse(f"{rule.fields[0]}_role", word, "no role of the table")
        return None
    fits = role.only_on is None or str(role.only_on) in sheet.classes
    return role.predicate if role.predicate and fits else role.relator


def agent(sheet: Sheet, name: str, orcid: str | None = None, *, is_body: bool = False) -> URIRef:
    """An agent of this record by its name as the source has it, with its heading; statements on the sheet."""
    heading = label(name)
    uri = _identified(sheet, orcid) or sheet.uris.agent(sheet.record.id, heading)
    parsed = PersonName(heading) if is_body else read_name(heading)
    kind = ORGANISATION if is_body else _PERSON if parsed.family else _AGENT
    words = Literal(heading)
    sheet.state(uri, A, kind)
    sheet.state(uri, _LABEL, words)
    sheet.state(uri, NAME, Literal(parsed.name))
    for part, predicate in _PARTS:
        if value := getattr(parsed, part):
            sheet.state(uri, predicate, Literal(value))
    _tie(sheet, words, uri)
    return uri


def _tie(sheet: Sheet, words: Literal, uri: URIRef) -> None:
    name = sheet.uris.minted("name", str(words))
    sheet.state(name, A, CONCEPT)
    sheet.state(name, PREF_LABEL, words)
    sheet.state(name, IN_SCHEME, sheet.uris.scheme("name"))
    sheet.state(name, _FOCUS, uri)


def _identified(sheet: Sheet, orcid: str | None) -> URIRef | None:
    if not orcid or is_absent(orcid):
        return None
    found = clean_orcid(orcid)
    if found is None:
        sheet.refuse(ORCID_FIELD, orcid, "not an ORCID iD")
        return None
    uri = sheet.uris.orcid(found)
    sheet.state(uri, SAME_AS, URIRef(f"https://orcid.org/{found}"))
    return uri
