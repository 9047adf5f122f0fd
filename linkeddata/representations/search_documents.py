"""Search results for programs: JSON, CSV, JSON-LD (a page of a Hydra collection) and Atom (RFC 4287)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import orjson

from linkeddata.representations.formats import ATOM, CSV, JSON, JSONLD, Format
from linkeddata.vocabulary.terms import BIBO, DCTERMS, FOAF, HYDRA, XSD, expand

_COLUMNS: Final = ("uri", "title", "names", "container", "year", "type")
# What no XML 1.0 document may hold.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results: works as (URI, title, names, container, year, type as a prefixed name), at most `size`,
    the first of which has the place `start` (from 1) among all; `address` is its own, `following` and `previous`
    those of its neighbours, `issued` the time of the edition."""

    text: str
    total: int
    works: Sequence[tuple[str, str, str, str, int | None, str]]
    facets: Mapping[str, Sequence[tuple[str, str, int]]]
    address: str
    collection: str
    page_of: str
    issued: str
    site: str
    following: str | None = None
    previous: str | None = None
    start: int = 1
    size: int = 100


def search_document(found: Found, fmt: Format) -> bytes:
    """A page of results in a format for programs."""
    return _WRITERS[fmt.name](found)


def _json(found: Found) -> bytes:
    works = [{name: value for name, value in zip(_COLUMNS, work, strict=True) if value} for work in found.works]
    facets = {
        name: [{"key": key, "label": label, "works": works} for key, label, works in values]
        for name, values in found.facets.items()
    }
    whole = {"query": found.text, "total": found.total, "items": works, "facets": facets,
             "next": found.following, "previous": found.previous, "html": found.page_of}  # fmt: skip
    return orjson.dumps({name: value for name, value in whole.items() if value is not None})


def _csv(found: Found) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(
        (uri, title, names, within, year or "", kind) for uri, title, names, within, year, kind in found.works
    )
    return text.getvalue().encode()


_CONTEXT: Final = {
    "bibo": str(BIBO), "dcterms": str(DCTERMS), "foaf": str(FOAF), "hydra": str(HYDRA), "xsd": str(XSD),
    "title": "dcterms:title", "issued": {"@id": "dcterms:issued", "@type": "xsd:gYear"},
    "totalItems": "hydra:totalItems", "member": {"@id": "hydra:member", "@container": "@list"},
    "view": "hydra:view", "next": {"@id": "hydra:next", "@type": "@id"},
    "previous": {"@id": "hydra:previous", "@type": "@id"},
}  # fmt: skip


def _jsonld(found: Found) -> bytes:
    members = []
    for uri, title, _, _, year, kind in found.works:
        member: dict[str, object] = {"@id": uri, "title": title}
        if kind:
            member["@type"] = str(expand(kind))
        if year:
            member["issued"] = f"{year:04}"
        members.append(member)
    view: dict[str, object] = {"@id": found.address, "@type": "hydra:PartialCollectionView"}
    view |= {name: to for name, to in (("next", found.following), ("previous", found.previous)) if to}
    whole = {"@context": _CONTEXT, "@id": found.collection, "@type": "hydra:Collection",
             "totalItems": found.total, "view": view, "member": members}  # fmt: skip
    return orjson.dumps(whole)


def _atom(found: Found) -> bytes:
    links = [("self", found.address, ATOM.media_type), ("alternate", found.page_of, "text/html")]
    links += [(rel, to, ATOM.media_type) for rel, to in (("next", found.following), ("previous", found.previous)) if to]
    title = f"{found.text} · {found.site}" if found.text else found.site
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:os="http://a9.com/-/spec/opensearch/1.1/">',
        f"<title>{_text(title)}</title><id>{_text(found.address)}</id><updated>{found.issued}</updated>",
        *(f'<link rel="{rel}" type={quoteattr(kind)} href={_quoted(to)}/>' for rel, to, kind in links),
        # OpenSearch 1.1, "OpenSearch response elements".
        f"<os:totalResults>{found.total}</os:totalResults><os:startIndex>{found.start}</os:startIndex>",
        f"<os:itemsPerPage>{found.size}</os:itemsPerPage>",
        *(_entry(work, found) for work in found.works),
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _entry(work: tuple[str, str, str, str, int | None, str], found: Found) -> str:
    uri, title, names, within, year, _ = work
    summary = " · ".join(part for part in (names, within, str(year or "")) if part)
    makers = "".join(f"<author><name>{_text(name)}</name></author>" for name in [names or found.site])
    return (
        f"<entry><title>{_text(title)}</title><id>{_text(uri)}</id><updated>{found.issued}</updated>{makers}"
        f'<link rel="alternate" href={_quoted(uri)}/><summary>{_text(summary)}</summary></entry>'
    )


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


_WRITERS: Final = {JSON.name: _json, CSV.name: _csv, JSONLD.name: _jsonld, ATOM.name: _atom}
