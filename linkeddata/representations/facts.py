"""The facts beside a record's main text: more about the work, its identifiers, where the entry came from."""

from __future__ import annotations

from urllib.parse import quote, unquote

from linkeddata.representations.described import Described
from linkeddata.representations.parts import Row, Text, capital
from linkeddata.vocabulary.ntriples import Token, literal_token, read_uri
from linkeddata.vocabulary.tokens import BIBO, DCTERMS, FOAF, PROV, RDAU, SCHEMA
from linkeddata.vocabulary.uris import Uris
from linkeddata.wording import ENGLISH, Wording

_DETAILS: tuple[Token, ...] = (
    DCTERMS.alternative,
    DCTERMS.description,
    DCTERMS.tableOfContents,
    BIBO.edition,
    RDAU.P60550,
    RDAU.P60135,
    RDAU.P60333,
    DCTERMS.date,
    DCTERMS.language,
    BIBO.degree,
    BIBO.issuer,
    BIBO.locator,
    DCTERMS.spatial,
    DCTERMS.temporal,
    DCTERMS.replaces,
    DCTERMS.isReplacedBy,
    DCTERMS.relation,
)
_IDENTIFIERS = (BIBO.isbn13, BIBO.isbn10, BIBO.handle, BIBO.oclcnum, BIBO.lccn, BIBO.upc)


def details(view: Described, record: Token) -> tuple[Row, ...]:
    """What else is known of the work: edition, extent, language, series…"""
    told = view.about(record)
    rows = [Row(capital(view.term(each)), view.texts(record, each)) for each in _DETAILS if each in told]
    wholes = [whole for whole in view.values(record, DCTERMS.isPartOf) if view.kind(whole) in {"series", "record"}]
    kinds = [value for value in view.values(record, DCTERMS.type) if view.kind(value) == "concept"]
    rows += [
        Row(view.label("dcterms:isPartOf", "part of"), tuple(map(view.text, wholes))),
        Row(view.label("dcterms:type", "type"), tuple(map(view.text, kinds))),
    ]
    return tuple(row for row in rows if row.values)


def identifiers(view: Described, record: Token, doi: Text) -> tuple[Row, ...]:
    """The identifiers of the work and of what it appeared in, with links to where they resolve."""
    wholes = [record, *(w for w in view.values(record, DCTERMS.isPartOf) if view.kind(w) in {"journal", "host"})]
    rows = [Row(view.label("bibo:doi", "DOI"), (doi,) if doi.value else ())]
    rows += [_identifier_row(view, whole, BIBO.issn) for whole in wholes if BIBO.issn in view.about(whole)]
    rows += [
        _identifier_row(view, whole, each) for whole in wholes for each in _IDENTIFIERS if each in view.about(whole)
    ]
    rows += [
        Row(view.words.say("Web page"), view.texts(record, FOAF.page)),
        Row(view.words.say("Catalogue"), tuple(map(Text, view.literals(record, DCTERMS.identifier)))),
    ]
    return tuple(row for row in rows if row.values)


def _identifier_row(view: Described, subject: Token, predicate: Token) -> Row:
    values = tuple(
        Text(
            value,
            href=_same(view, subject, value) or resolver(predicate, value),
            mined=view.is_mined(subject, predicate, literal_token(value)),
        )
        for value in view.literals(subject, predicate)
    )
    return Row(capital(view.term(predicate)), values)


def origin(view: Described, document: Token) -> tuple[Row, ...]:
    """Whose entry it is and when it was indexed; said of the document, not of the work."""
    source = view.value(document, PROV.wasDerivedFrom) or document
    rows = (
        Row(view.words.say("Institution"), view.texts(document, PROV.wasAttributedTo)),
        Row(view.words.say("Collection"), view.texts(document, DCTERMS.isPartOf)),
        Row(view.words.say("Source type"), source_type(view, document)),
        Row(view.words.say("First indexed"), view.texts(document, DCTERMS.created)),
        Row(view.words.say("Last indexed"), view.texts(document, DCTERMS.modified)),
        Row(view.words.say("Changed at source"), view.texts(source, DCTERMS.modified) if source != document else ()),
    )
    return tuple(row for row in rows if row.values)


def mapping_row(version: str, *, uris: Uris, words: Wording = ENGLISH) -> Row:
    """By which rules the source's record was mapped; the record's statements do not say so."""
    href = uris.local(uris.rule(f"profile-{version}"))
    return Row(words.say("Mapping"), (Text(words.say("Version %(version)s", version=version), href=href),))


def source_type(view: Described, document: Token) -> tuple[Text, ...]:
    """The kind of record the entry was made from."""
    source = view.value(document, PROV.wasDerivedFrom)
    return view.texts(source, DCTERMS.type) if source is not None else ()


def doi_of(view: Described, record: Token) -> Text:
    """The DOI with its link, or an empty text."""
    doi = view.said(record, BIBO.doi)
    if not doi:
        return Text("")
    href = _same(view, record, doi) or f"https://doi.org/{quote(doi, safe='/:;().-_')}"
    return Text(doi, href=href, mined=view.is_mined(record, BIBO.doi, literal_token(doi)))


def resolver(predicate: Token, identifier: str) -> str | None:
    """Where an identifier of this kind can be looked up, whoever has it: an ISSN in the ISSN Portal."""
    return f"https://portal.issn.org/resource/ISSN/{quote(identifier, safe='')}" if predicate == BIBO.issn else None


def _same(view: Described, subject: Token, identifier: str) -> str | None:
    """The address under which another system knows the subject by this identifier."""
    known = view.values(subject, SCHEMA.sameAs)
    return next((view.href(other) for other in known if unquote(read_uri(other)).endswith(identifier)), None)
