"""What was mined from a record's text, as statements; which rule gave which, and how far it can be trusted.

Confidence belongs to the rule, not to the statement: the table below is what `/def/mining-1` publishes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from linkeddata.crosswalk.citation import SOURCE_FIELD, Mined
from linkeddata.crosswalk.container import Isbn, Standing, standing_of, state_standing, year_of
from linkeddata.crosswalk.dates import read_date, timestamp
from linkeddata.crosswalk.headings import split_subjects
from linkeddata.crosswalk.profile import Rule
from linkeddata.crosswalk.sheet import OF_EVERY_RECORD, A, Origin, Sheet, origin_of
from linkeddata.crosswalk.text import clean, is_absent, label
from linkeddata.crosswalk.values import SAME_AS, organisation
from linkeddata.vocabulary.identifiers import clean_isbn, clean_url, doi_uri
from linkeddata.vocabulary.ntriples import Statement, Token, literal_token, uri_token
from linkeddata.vocabulary.terms import BIBO, COAR, DCTERMS, PROV, SCHEMA

#: Goes up when the same text would give other values.
MINING_VERSION: Final = "1"

_Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MinedRule:
    """How a key is read: its rule's name, its level, and what it is stated as.

    Level A: found by holding the text against the record's fields. B: A, and checked by itself (a check
    digit, an agreeing year) or the only one of its kind.
    """

    name: str
    level: str
    stated_as: str


def _rule(name: str, level: str, stated_as: str) -> MinedRule:
    return MinedRule(f"eprints-{name}/{MINING_VERSION}", level, stated_as)


_PAGES: Final = _rule("pages", "A", "bibo:pageStart, bibo:pageEnd; bibo:pages where these two do not say it all")
_NUMBERING: Final = _rule("numbering", "A", "bibo:volume; bibo:issue of the issue; bibo:number of the article")
_THESIS = _rule("thesis", "A", "bibo:degree and COAR type of doctoral, COAR type of master's theses; bibo:issuer")
RULES: Final[Mapping[str, MinedRule]] = {
    "source_datestamp": _rule("datestamp", "A", "dcterms:modified of the source's record"),
    "date": _rule("date", "B", "dcterms:date, where it says more than dcterms:issued"),
    "peer_reviewed": _rule("review", "A", "bibo:status peerReviewed; a conference item becomes a bibo:AcademicArticle"),
    "publication_status": _rule("status", "A", "bibo:status unpublished or forthcoming"),
    "citation": _rule("citation", "B", "dcterms:bibliographicCitation"),
    "container_title": _rule("container", "A", "dcterms:title of the journal or host book"),
    "volume": _NUMBERING,
    "issue": _NUMBERING,
    "article_number": _NUMBERING,
    "pages": _PAGES,
    "page_start": _PAGES,
    "page_end": _PAGES,
    "issn": _rule("issn", "B", "bibo:issn of the journal"),
    "isbn": _rule("isbn", "B", "bibo:isbn13 of the book or the host book"),
    "doi": _rule("doi", "B", "bibo:doi, schema:sameAs"),
    "keywords": _rule("keywords", "A", "dcterms:subject"),
    "thesis_type": _THESIS,
    "thesis_institution": _THESIS,
    "monograph_type": _rule("report", "A", "class and COAR type of technical reports, working papers and manuals"),
    "event": _rule("event", "A", "nothing: name, dates and place cannot be told apart"),
    "related_urls": _rule("links", "A", "dcterms:relation"),
}

_MODIFIED, _DATE, _ISSUED = uri_token(DCTERMS.modified), uri_token(DCTERMS.date), uri_token(DCTERMS.issued)
_STATUS, _DEGREE, _ISSUER = uri_token(BIBO.status), uri_token(BIBO.degree), uri_token(BIBO.issuer)
_NUMBER, _START, _END = uri_token(BIBO.number), uri_token(BIBO.pageStart), uri_token(BIBO.pageEnd)
_WHOLE_PAGES: Final = uri_token(BIBO.pages)
_CITATION, _RELATION, _TYPE = (
    uri_token(DCTERMS.bibliographicCitation),
    uri_token(DCTERMS.relation),
    uri_token(DCTERMS.type),
)
_SUBJECT, _DOI, _IS_PART_OF = uri_token(DCTERMS.subject), uri_token(BIBO.doi), uri_token(DCTERMS.isPartOf)
_HAS_PART, _CONFORMS = uri_token(DCTERMS.hasPart), uri_token(DCTERMS.conformsTo)
_ENTITY, _DERIVED = uri_token(PROV.Entity), uri_token(PROV.wasDerivedFrom)

_STATUSES: Final = {
    "Unpublished": uri_token(BIBO["status/unpublished"]),
    "In Press": uri_token(BIBO["status/forthcoming"]),
}
_PEER_REVIEWED: Final = uri_token(BIBO["status/peerReviewed"])
_CONFERENCE_ITEM: Final = "Conference or Workshop Item"
_SCHOLARLY: Final = (uri_token(BIBO.AcademicArticle), uri_token(SCHEMA.ScholarlyArticle))
_REPORT: Final = (uri_token(BIBO.Report), uri_token(SCHEMA.Report))
_MANUAL: Final = (uri_token(BIBO.Manual), uri_token(SCHEMA.TechArticle))
_PAPER_TYPE, _MANUAL_TYPE = uri_token(COAR["c_8042"]), uri_token(COAR["c_71bd"])
#: Kinds of report: their classes and COAR type.
_REPORTS: Final = {
    "Technical Report": (_REPORT, uri_token(COAR["c_18gh"])),
    "Working Paper": (_REPORT, _PAPER_TYPE),
    "Discussion Paper": (_REPORT, _PAPER_TYPE),
    "Manual": (_MANUAL, _MANUAL_TYPE),
    "Documentation": (_MANUAL, _MANUAL_TYPE),
}
_DOCTORAL: Final = (uri_token(BIBO["degrees/phd"]), uri_token(COAR["c_db06"]))
#: Kinds of thesis: the degree, where BIBO has one for it, and the COAR type.
_THESES: Final[Mapping[str, tuple[Token | None, Token]]] = {
    "PhD": _DOCTORAL,
    "Doctoral": _DOCTORAL,
    "Masters": (None, uri_token(COAR["c_bdcc"])),
}
_GRANTED_BY: Final = Rule((SOURCE_FIELD,), _ISSUER, "organisation", strip=" ,:;")
#: Which key a statement about the container came from, where its property tells.
_KEY_OF: Final[Mapping[Token, str]] = {
    uri_token(BIBO.volume): "volume",
    uri_token(BIBO.issue): "issue",
    uri_token(BIBO.issn): "issn",
    uri_token(BIBO.isbn13): "isbn",
    uri_token(BIBO.isbn10): "isbn",
}
_CONTAINER_KEYS: Final = ("container_title", "issn", "isbn", "volume", "issue")


def mined_statements(sheet: Sheet, mined: Mined) -> list[Statement]:
    """States what was mined, and gives the statements that were not on the sheet before.

    To be called behind all rules that read fields: what a field says already is not mined.
    """
    if not mined.values:
        return []
    before, noted = len(sheet.statements), len(sheet.notes)
    for key, say in _SAY.items():
        if key in mined.values:
            sheet.now = _origin(mined, key)
            say(sheet, mined.values[key], mined.values)
    _stand(sheet, mined)
    # What a mined value cannot be said of is no fault of the source.
    del sheet.notes[noted:]
    if len(sheet.statements) > before:
        _describe(sheet)
    return list(sheet.statements)[before:]


def _origin(mined: Mined, key: str) -> Origin:
    start, end = mined.spans[key]
    return origin_of((SOURCE_FIELD, mined.text[start:end], RULES[key].name))


def _describe(sheet: Sheet) -> None:
    """What is said of the graph of mined statements."""
    sheet.now = OF_EVERY_RECORD
    graph = uri_token(sheet.uris.mined_graph(sheet.record.id))
    sheet.own.add(graph)
    sheet.state(sheet.document, _HAS_PART, graph)
    sheet.state(graph, A, _ENTITY)
    sheet.state(graph, _DERIVED, sheet.source)
    sheet.state(graph, _CONFORMS, uri_token(sheet.uris.rule(f"mining-{MINING_VERSION}")))


def _datestamp(sheet: Sheet, value: str, _: _Values) -> None:
    if moment := timestamp(value):
        sheet.state(sheet.source, _MODIFIED, moment)


def _date(sheet: Sheet, value: str, _: _Values) -> None:
    date = read_date(value, sheet.profile.latest_year).literal
    if date and (sheet.subject, _ISSUED, date) not in sheet.statements:
        sheet.say(_DATE, date)


def _review(sheet: Sheet, _: bool, __: _Values) -> None:
    sheet.say(_STATUS, _PEER_REVIEWED)
    if _CONFERENCE_ITEM in map(label, sheet.values("format")):
        for each in _SCHOLARLY:
            sheet.say(A, each)


def _status(sheet: Sheet, value: str, _: _Values) -> None:
    if value in _STATUSES:
        sheet.say(_STATUS, _STATUSES[value])


def _citation(sheet: Sheet, value: str, _: _Values) -> None:
    sheet.say(_CITATION, literal_token(clean(value)))


def _numbered(predicate: Token) -> _Say:
    """A number of the record itself, of which BIBO's collections have none."""

    def say(sheet: Sheet, value: str, _: _Values) -> None:
        if not sheet.is_collection:
            sheet.say(predicate, literal_token(value))

    return say


def _pages(sheet: Sheet, value: str, values: _Values) -> None:
    """The pages as a whole, where first and last page do not say the same."""
    ends = [values[key] for key in ("page_start", "page_end") if key in values]
    if value != "-".join(ends):
        _numbered(_WHOLE_PAGES)(sheet, value, values)


def _doi(sheet: Sheet, value: str, _: _Values) -> None:
    sheet.say(_DOI, literal_token(value))
    sheet.say(SAME_AS, uri_token(doi_uri(value)))


def _keywords(sheet: Sheet, value: Sequence[str], _: _Values) -> None:
    for word in value:
        for subject in split_subjects(label(word)):
            if not is_absent(subject):
                sheet.say(_SUBJECT, sheet.concept("topic", subject))


def _thesis_type(sheet: Sheet, value: str, _: _Values) -> None:
    for predicate, kind in zip((_DEGREE, _TYPE), _THESES.get(value, ()), strict=False):
        if kind:
            sheet.say(predicate, kind)


def _thesis_institution(sheet: Sheet, value: str, _: _Values) -> None:
    if body := organisation(sheet, _GRANTED_BY, value):
        sheet.say(_ISSUER, body)


def _monograph_type(sheet: Sheet, value: str, _: _Values) -> None:
    if value in _REPORTS:
        classes, kind = _REPORTS[value]
        for each in classes:
            sheet.say(A, each)
        sheet.say(_TYPE, kind)


def _related(sheet: Sheet, value: Sequence[str], _: _Values) -> None:
    for url in filter(None, map(clean_url, value)):
        sheet.say(_RELATION, uri_token(url))


_Say: TypeAlias = Callable[[Sheet, Any, _Values], None]
_SAY: Final[Mapping[str, _Say]] = {
    "source_datestamp": _datestamp,
    "date": _date,
    "peer_reviewed": _review,
    "publication_status": _status,
    "citation": _citation,
    "article_number": _numbered(_NUMBER),
    "page_start": _numbered(_START),
    "page_end": _numbered(_END),
    "pages": _pages,
    "doi": _doi,
    "keywords": _keywords,
    "thesis_type": _thesis_type,
    "thesis_institution": _thesis_institution,
    "monograph_type": _monograph_type,
    "related_urls": _related,
}


def _stand(sheet: Sheet, mined: Mined) -> None:
    """The container with its numbers: what the fields say of it, and for the rest what was mined.

    A container that the fields name keeps that name, and so does an issue, whatever else is mined of it.
    """
    values = mined.values
    if not (keys := [key for key in _CONTAINER_KEYS if key in values]):
        return
    sheet.now, start = _origin(mined, keys[0]), len(sheet.statements)
    known = standing_of(sheet)
    is_stated = bool(known.title or known.issns)
    whole = Standing(
        title=known.title or values.get("container_title"),
        issns=known.issns or values.get("issn", ()),
        isbns=known.isbns or _isbns(values.get("isbn", ())),
        volume=known.volume or values.get("volume"),
        issue=values.get("issue") or (None if is_stated else known.issue),
        year=year_of(sheet) or str(values.get("date", ""))[:4] or None,
    )
    state_standing(sheet, _IS_PART_OF, whole, known)
    for said in list(sheet.statements)[start:]:
        if (key := _KEY_OF.get(said[1])) in values:
            sheet.statements[said] = _origin(mined, str(key))


def _isbns(values: Sequence[str]) -> list[Isbn]:
    return [found for found in map(clean_isbn, values) if found]
