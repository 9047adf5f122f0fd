"""The page of a record, as a value: everything the template prints, nothing it must decide.

The page is made of the same statements as the record's Turtle, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from linkeddata.representations.appearance import Appearance, appearance
from linkeddata.representations.byline import Author, authors, contributors
from linkeddata.representations.cite import Citation, Venue, citation, highwire
from linkeddata.representations.described import Described
from linkeddata.representations.facts import details, doi_of, identifiers, origin, source_type
from linkeddata.representations.formats import DOCUMENT_FORMATS
from linkeddata.representations.parts import MOST_NAMED, Data, Offer, Row, Text, is_pdf, safe_href, shortened
from linkeddata.representations.statement_table import StatementTable, statement_table
from linkeddata.representations.type_badges import type_badges
from linkeddata.representations.variants import SCHEMA, SCHEMA_JSONLD
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.tokens import BIBO, COAR, DCTERMS, FOAF
from linkeddata.vocabulary.uris import Name, Uris
from linkeddata.wording import Wording, marked

_T = TypeVar("_T")
_LONG_TITLE = 90
_LONG_ABSTRACT = 6000
_MOST_AUTHORS, _AUTHORS_BEFORE_MORE = 10, 9
_MOST_SUBJECTS, _SUBJECTS_BEFORE_MORE = 20, 19
_FORMAT_NAMES = {
    "jsonld": "JSON-LD",
    "json": "JSON",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF/XML",
    "nq": "N-Quads",
    "trig": "TriG",
}
_REPOSITORY_SOURCES = {"eprints", "dspace", "ojs", "doaj", "ndltd"}
#: Resource types of what was given at a conference: a paper, any output, a poster.
_CONFERENCE = {COAR.c_5794, COAR.c_c94f, COAR.c_6670}
#: What Google Scholar indexes; other works get no `citation_…` tags.
_SCHOLARLY = {
    BIBO.AcademicArticle,
    BIBO.Article,
    BIBO.Book,
    BIBO.BookSection,
    BIBO.Chapter,
    BIBO.EditedBook,
    BIBO.Manual,
    BIBO.Proceedings,
    BIBO.Report,
    BIBO.Thesis,
    *_CONFERENCE,
}


#: What is said where the source has no author, no date, no subject: whole sentences, as languages differ in them.
_LACKING = {
    (False, False, False): "",
    (True, False, False): marked("The source gives no author."),
    (False, True, False): marked("The source gives no date."),
    (False, False, True): marked("The source gives no subject."),
    (True, True, False): marked("The source gives no author or date."),
    (True, False, True): marked("The source gives no author or subject."),
    (False, True, True): marked("The source gives no date or subject."),
    (True, True, True): marked("The source gives no author, date or subject."),
}


@dataclass(frozen=True)
class RecordPage:
    """The page of a record, in the order of importance that a phone shows."""

    badges: tuple[str, ...]
    title: Text
    titled: bool
    authors: tuple[Author, ...]
    contributors: tuple[Text, ...]
    seen: Appearance
    missing: str
    doi_href: str | None
    repository: Text | None
    abstract: Text | None
    subjects: tuple[Text, ...]
    citation: Citation
    details: tuple[Row, ...]
    data: Data
    identifiers: tuple[Row, ...]
    origin: tuple[Row, ...]
    statements: StatementTable
    description: str
    meta: tuple[tuple[str, str], ...]
    exports: tuple[Offer, ...] = ()

    @property
    def long_title(self) -> bool:
        return len(self.title.value) > _LONG_TITLE

    @property
    def long_abstract(self) -> bool:
        return self.abstract is not None and len(self.abstract.value) > _LONG_ABSTRACT

    @property
    def named_authors(self) -> tuple[Text, ...]:
        return tuple(author.text for author in self.authors)

    @property
    def first_authors(self) -> tuple[Text, ...]:
        return _unfolded(self.named_authors, _MOST_AUTHORS, _AUTHORS_BEFORE_MORE)

    @property
    def more_authors(self) -> tuple[Text, ...]:
        return self.named_authors[len(self.first_authors) : MOST_NAMED]

    @property
    def named_contributors(self) -> tuple[Text, ...]:
        return self.contributors[:MOST_NAMED]

    @property
    def first_subjects(self) -> tuple[Text, ...]:
        return _unfolded(self.subjects, _MOST_SUBJECTS, _SUBJECTS_BEFORE_MORE)

    @property
    def more_subjects(self) -> tuple[Text, ...]:
        return self.subjects[len(self.first_subjects) : MOST_NAMED]


def _unfolded(values: tuple[_T, ...], most: int, before: int) -> tuple[_T, ...]:
    """What is read at once: all, or of more than `most` the first `before`; the rest opens in place."""
    return values[:before] if len(values) > most else values


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What the page of a record tells that its statements do not: the source's field of each property, by its CURIE;
    the addresses of formats, as for `data_links`; the entries for reference managers; by which rules it was mapped."""

    fields: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    exports: tuple[Offer, ...] = ()
    mapping: tuple[Row, ...] = ()


def record_page(view: Described, name: Name, around: Surrounding | None = None) -> RecordPage:
    """The page of the record that has this name, from its description."""
    record, document = uri_token(view.uris.thing(name)), uri_token(view.uris.document(name))
    around = around or Surrounding()
    data = data_links(name, uris=view.uris, addresses=around.addresses)
    seen, makers, subjects = appearance(view, record), authors(view, record), view.texts(record, DCTERMS.subject)
    title, abstract, doi = _title(view, record, name), _abstract(view, record), doi_of(view, record)
    sentence = citation([author.written for author in makers], title.value, seen, link=doi.href or data.uri)
    return RecordPage(
        badges=type_badges(view, record),
        title=title,
        titled=view.value(record, DCTERMS.title) is not None,
        authors=makers,
        contributors=contributors(view, record),
        seen=seen,
        missing=_missing(makers, seen, subjects, words=view.words),
        doi_href=doi.href,
        repository=_repository(view, record, document),
        abstract=abstract,
        subjects=subjects,
        citation=sentence,
        details=details(view, record),
        data=data,
        identifiers=identifiers(view, record, doi),
        origin=(*origin(view, document), *around.mapping),
        statements=statement_table(view, record, around.fields),
        description=shortened(abstract.value if abstract else sentence.sentence, 160),
        meta=_meta(view, record, makers, seen=seen, subjects=subjects, doi=doi.value, page=data.canonical),
        exports=around.exports,
    )


def data_links(name: Name, *, uris: Uris, addresses: Mapping[str, str] = MappingProxyType({})) -> Data:
    """The thing's URI, the address of its document, and every format of it but this page's.

    `addresses` gives the paths of all formats (by name, and of the schema.org view by `SCHEMA.token`) where some
    are not reached by their suffix.
    """
    document = uris.document(name)
    places = addresses or {
        **{fmt.name: uris.local(f"{document}.{fmt.extension}") for fmt in DOCUMENT_FORMATS},
        SCHEMA.token: uris.local(f"{document}.schema.jsonld"),
    }
    offer = Offer("schema.org", places[SCHEMA.token], SCHEMA_JSONLD.content_type)
    return Data(uris.thing(name), document, _offers(places), offer)


def document_links(document: str, *, uris: Uris) -> Data:
    """The same for a document that is about no one thing, from its URI."""
    return Data(
        document, document, _offers({f.name: uris.local(f"{document}.{f.extension}") for f in DOCUMENT_FORMATS})
    )


def _offers(paths: Mapping[str, str]) -> tuple[Offer, ...]:
    return tuple(
        Offer(_FORMAT_NAMES.get(fmt.name, fmt.name), paths[fmt.name], fmt.content_type)
        for fmt in DOCUMENT_FORMATS
        if fmt.name != "html"
    )


def _title(view: Described, record: Token, name: Name) -> Text:
    title = view.literal(record, DCTERMS.title)
    return (
        Text(title.text, title.language or None)
        if title is not None
        else Text(view.words.say("Untitled record %(id)s", id=name.key))
    )


def _abstract(view: Described, record: Token) -> Text | None:
    abstract = view.literal(record, DCTERMS.abstract)
    return Text(abstract.text, abstract.language or None) if abstract is not None else None


def _repository(view: Described, record: Token, document: Token) -> Text | None:
    page = view.value(record, FOAF.page)
    href = view.href(page) if page is not None else None
    if page is None or href is None:
        return None
    source = {text.value.lower() for text in source_type(view, document)}
    if source & _REPOSITORY_SOURCES:
        return Text(view.words.say("Open in the repository"), href=href)
    return Text(view.words.say("Open at %(site)s", site=view.text(page).value.split("/")[0]), href=href)


def _missing(makers: Sequence[Author], seen: Appearance, subjects: Sequence[Text], *, words: Wording) -> str:
    return words.say(_LACKING[(not makers, not seen.date, not subjects)])


def _meta(
    view: Described,
    record: Token,
    makers: Sequence[Author],
    *,
    seen: Appearance,
    subjects: Sequence[Text],
    doi: str,
    page: str,
) -> tuple[tuple[str, str], ...]:
    title = view.literal(record, DCTERMS.title)
    if title is None or not _SCHOLARLY.intersection([*view.types(record), *view.values(record, DCTERMS.type)]):
        return ()
    return highwire(
        [author.written for author in makers[:MOST_NAMED]],
        title.text,
        seen,
        doi=doi,
        keywords=[subject.value for subject in subjects[:MOST_NAMED]],
        venue=_venue(view, record, page),
        page=page,
    )


def _venue(view: Described, record: Token, page: str) -> Venue:
    """The body behind a thesis or report is its issuer, else its publisher."""
    types = view.types(record)
    bodies = view.texts(record, BIBO.issuer) or view.texts(record, DCTERMS.publisher)
    body = bodies[0].value if bodies else ""
    files = [each for each in view.plain(record, FOAF.page) if safe_href(each) and is_pdf(each)]
    site = urlsplit(page).netloc if files else ""
    return Venue(
        is_conference=not _CONFERENCE.isdisjoint(view.values(record, DCTERMS.type)),
        thesis_at=body if BIBO.Thesis in types else "",
        report_by=body if BIBO.Report in types else "",
        pdf=next((each for each in files if urlsplit(each).netloc == site), ""),
    )
