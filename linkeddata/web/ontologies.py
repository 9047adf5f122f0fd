"""The door to the words and the rules: the tables of `ontologies/`, the terms, and `/def/…` made from them.

What is made from tables is negotiated like any document, and each format has its suffix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, render_template

from linkeddata.catalogue import Edition
from linkeddata.errors import NotAcceptable, NothingPublished
from linkeddata.representations import represent
from linkeddata.representations.formats import DOCUMENT_FORMATS, Format, by_extension
from linkeddata.representations.made_documents import Made, made_documents
from linkeddata.representations.ontology_files import ontology_page
from linkeddata.representations.page import document_links
from linkeddata.representations.parts import Text
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.uris import Uris
from linkeddata.web import answers
from linkeddata.web.finished import Offer, Shelf, Shelves
from linkeddata.web.problems import problem
from linkeddata.web.tongues import words
from linkeddata.web.typed_links import JSON_CONTEXT
from linkeddata.web.wishes import asked_format

_CONTEXT: Final = "context.jsonld"
_HTML: Final = DOCUMENT_FORMATS[0]
#: How files are sent, by the end of their names; others are not.
_TYPES: Final = {
    ".jsonld": "application/ld+json",
    ".toml": "text/plain; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
}


def blueprint(edition: Callable[[], Edition], uris: Uris, own: Path | None = None, *, shelves: Shelves) -> Blueprint:
    """The routes of `/ontologies/…`, `/context.jsonld` and `/def/…`; they work before the first load too.

    `own` is the operator's own mapping, whose lines the page of the mapping shows.
    """
    door = Blueprint("ontologies", __name__)

    def shelf() -> Shelf:
        return _shelf(_served(edition), shelves)

    def document(uri: str) -> Response:
        served = _served(edition)
        made = {each.uri: each for each in made_documents(_version(served), uris=uris, own=own)}
        return _document(uri, made, _shelf(served, shelves), uris)

    @door.get("/context.jsonld")
    def context() -> Response:
        response = _file(ontology.path(_CONTEXT), shelf())
        response.headers["Content-Location"] = uris.local(f"{uris.base}context/{_context_mark()}.jsonld")
        return response

    @door.get("/context/<mark>.jsonld")
    def context_version(mark: str) -> Response:
        if mark != _context_mark():
            return problem(404)
        response = _file(ontology.path(_CONTEXT), shelf())
        response.headers["Cache-Control"] = answers.FOREVER
        return response

    # Not by Flask's own redirect from the address without a slash: that one repeats the Host header.
    @door.get("/ontologies/", strict_slashes=False)
    def index() -> Response:
        served = _served(edition)
        documents = [(made.uri, made.title) for made in made_documents(_version(served), uris=uris, own=own)]
        files = [(file.name, file.stat().st_size) for file in _files()]
        page = ontology_page(documents, files, uris=uris)
        shelf = _shelf(served, shelves)
        offer = Offer(shelf.page_tag("ontologies", repr(page)), lambda: _headers(_HTML.content_type))
        return shelf.reply(offer, lambda: render_template("ontologies.html", page=page).encode())

    @door.get("/ontologies/<name>")
    def table(name: str) -> Response:
        file = next((file for file in _files() if file.name == name), None)
        return _file(file, shelf()) if file else document(uris.ontology(name))

    @door.get("/def/<name>")
    def rules(name: str) -> Response:
        return document(uris.rule(name))

    return door


def _served(edition: Callable[[], Edition]) -> Edition | None:
    try:
        return edition()
    except NothingPublished:
        return None


def _version(served: Edition | None) -> str | None:
    """The version of the rules by which the data were mapped."""
    return served.facts["version"] if served else None


def _shelf(served: Edition | None, shelves: Shelves) -> Shelf:
    return shelves.of(served.number if served else None)


def _context_mark() -> str:
    """What the address of this version of the context is told by."""
    return _hash(ontology.path(_CONTEXT).read_bytes())


def _files() -> list[Path]:
    return [file for file in ontology.files() if file.suffix in _TYPES]


def _file(file: Path, shelf: Shelf) -> Response:
    body = file.read_bytes()
    offer = Offer(answers.entity_tag(file.name, _hash(body)), lambda: _headers(_TYPES[file.suffix]))
    return shelf.reply(offer, lambda: body)


def _document(uri: str, made: Mapping[str, Made], shelf: Shelf, uris: Uris) -> Response:
    """The document of that URI, or the one of its URI less the suffix of a format."""
    if uri in made:
        return _negotiated(made[uri], shelf, uris)
    stem, _, extension = uri.rpartition(".")
    fmt = by_extension(extension)
    if fmt is None or stem not in made:
        return _varied(problem(404), answers.VARY_DOC)
    return _variant(made[stem], fmt, shelf, uris)


def _negotiated(made: Made, shelf: Shelf, uris: Uris) -> Response:
    try:
        fmt = asked_format()
    except NotAcceptable:
        links = [Text(fmt.media_type, href=_path(made, fmt, uris)) for fmt in DOCUMENT_FORMATS]
        response = problem(406, links=links)
        response.headers["Link"] = ", ".join(_alternates(made, uris))
        return _varied(response, answers.VARY_DOC)
    response = _variant(made, fmt, shelf, uris)
    response.headers["Cache-Control"] = answers.PRIVATE
    response.headers["Content-Location"] = _path(made, fmt, uris)
    return _varied(response, answers.VARY_DOC)


def _variant(made: Made, fmt: Format, shelf: Shelf, uris: Uris) -> Response:
    """One format of a document, or 304; the tag is made of the files and costs no serialising."""
    content = _hash(*(ontology.path(name).read_bytes() for name in made.files))
    if fmt == _HTML:
        tag = shelf.page_tag(made.uri, content, made.mark)
    else:
        tag = answers.entity_tag(made.uri, content, fmt.name)
    offer = Offer(tag, lambda: {**_headers(fmt.content_type), "Link": ", ".join(_links(made, fmt, uris))})
    return shelf.reply(offer, lambda: _body(made, fmt, uris))


def _body(made: Made, fmt: Format, uris: Uris) -> bytes:
    if fmt == _HTML:
        page = made.page(document_links(made.uri, uris=uris), words())
        return render_template(f"{made.kind}.html", page=page, title=made.title).encode()
    return represent(made.statements(), fmt, focus=made.uri, genid=uris.genid, base=uris.base)


def _path(made: Made, fmt: Format, uris: Uris) -> str:
    return f"{uris.local(made.uri)}.{fmt.extension}"


def _alternates(made: Made, uris: Uris) -> list[str]:
    return [answers.link(_path(made, f, uris), rel="alternate", type=f.content_type) for f in DOCUMENT_FORMATS]


def _links(made: Made, fmt: Format, uris: Uris) -> list[str]:
    found = [answers.link(uris.local(made.uri), rel="canonical")]
    # As for things: a JSON-LD answer with several alternates is more than PyLD's loader can take.
    if fmt.media_type != "application/ld+json":
        found += [link for link in _alternates(made, uris) if f"<{_path(made, fmt, uris)}>" not in link]
    if fmt.name == "json":
        found.append(answers.link(uris.local(f"{uris.base}{_CONTEXT}"), rel=JSON_CONTEXT, type="application/ld+json"))
    return found


def _headers(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type, "Cache-Control": answers.SHARED, "Vary": answers.VARY_FIXED}


def _varied(response: Response, vary: str) -> Response:
    response.headers["Vary"] = vary
    return response


def _hash(*parts: bytes) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()
