"""Typed links that lead a program through the site: FAIR Signposting, levels 1 and 2 (signposting.org/FAIR).

The page of a thing is its landing page, every other variant of its document a metadata resource. Level 1 is the
Link header (RFC 8288) of both, level 2 the set of all links of both as one document (RFC 9264). A header that
grows with the data would be refused by proxies, so it holds what fits; the link set holds everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urljoin

import orjson

from linkeddata.representations.formats import Format
from linkeddata.representations.graph import Graph, plain
from linkeddata.representations.parts import is_pdf
from linkeddata.representations.schema_things import CLASSES, classes_of
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.tokens import BIBO, DCTERMS, FOAF, SCHEMA, SKOS

#: Proxies refuse long headers; 8 kB for all of them together is common.
LONGEST_HEADER: Final = 4000
#: Both forms of a link set (RFC 9264, section 4).
LINKSET_FORMATS: Final[tuple[Format, ...]] = (
    Format("json", "json", "application/linkset+json", "application/linkset+json", 1.0, {"application/json": 1.0}),
    Format("txt", "txt", "application/linkset", "application/linkset", 0.9, {"text/plain": 0.9}),
)
_SCHEMA: Final = "https://schema.org/"
#: How parts point at their whole.
_PART_OF: Final = (DCTERMS.isPartOf, SKOS.inScheme)
_ORCID: Final = "https://orcid.org/"
_PDF: Final = "application/pdf"
#: What may stand in the target of a link as it is (RFC 3986); a character of an IRI becomes percent-encoded.
_IN_TARGET: Final = "%:/?#[]@!$&'()*+,;=-._~"
#: Most are nothing else; a pattern sees that in a tenth of the time that quoting takes.
_AS_IT_IS: Final = re.compile(rf"[A-Za-z0-9{re.escape(_IN_TARGET)}]*")
#: What every client needs.
_NEEDED: Final = ("cite-as", "linkset", "describedby")


class Link(NamedTuple):
    """A typed link; `type` is to the letter the Content-Type that its target answers with, or empty."""

    rel: str
    href: str
    type: str = ""


class Resource(NamedTuple):
    """An address and the Content-Type it answers with."""

    href: str
    type: str


#: What a landing page is, whatever it is about.
ABOUT_PAGE: Final = Link("type", f"{_SCHEMA}AboutPage")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the links of one document are made of.

    `canonical` is the address of the document that is negotiated, `page` the landing page, `metadata` the other
    variants, `linksets` both forms of the link set; `neighbours` are the links to other pages of a long document,
    `told` those that its statements say.
    """

    thing: str
    canonical: str
    page: Resource
    metadata: tuple[Resource, ...]
    linksets: tuple[Resource, ...]
    licence: str = ""
    neighbours: tuple[Link, ...] = ()
    told: tuple[Link, ...] = ()


def told_links(graph: Graph, uri: str, document: str) -> tuple[Link, ...]:
    """What a description says of a thing in links: its type, its makers, what it is part of, its parts, its files."""
    thing = uri_token(uri)
    links = [
        *(Link("type", f"{_SCHEMA}{name}") for name in _classes(graph, thing)),
        *(Link("author", _identified(graph, agent)) for agent in _makers(graph, thing)),
        *(Link("collection", whole) for whole in _wholes(graph, thing, uri_token(document))[:1]),
        *(Link("item", plain(part)) for by in _PART_OF for part in graph.subjects(by, thing)),
        *(Link("item", page, _PDF) for page in graph.plain(thing, FOAF.page) if is_pdf(page)),
    ]
    return tuple(dict.fromkeys(links))


def _classes(graph: Graph, thing: Token) -> list[str]:
    known = [CLASSES[kind] for kind in graph.types(thing) if kind in CLASSES]
    return classes_of(graph, thing) or known[:1]


def _makers(graph: Graph, thing: Token) -> list[Token]:
    listed = graph.members(graph.value(thing, BIBO.authorList))
    return list(dict.fromkeys([*listed, *graph.values(thing, DCTERMS.creator)]))


def _wholes(graph: Graph, thing: Token, document: Token) -> list[str]:
    """What the thing, else its entry, is part of; a journal before the issue. Clients take one collection and warn
    of more."""
    wholes = [*graph.values(thing, DCTERMS.isPartOf), *graph.values(document, DCTERMS.isPartOf)]
    found = [whole for whole in wholes if whole[0] == "<"]
    return [plain(whole) for whole in sorted(found, key=lambda whole: BIBO.Issue in graph.types(whole))]


def _identified(graph: Graph, agent: Token) -> str:
    """An author's ORCID iD where it is known, else the URI that the author has here."""
    return next((same for same in graph.plain(agent, SCHEMA.sameAs) if same.startswith(_ORCID)), plain(agent))


def landing_links(signs: Signs) -> list[Link]:
    """The links of the landing page, the most needed first (level 1, section "landing page")."""
    types, others = told_apart(signs.told)
    return [
        *_common(signs),
        ABOUT_PAGE,
        *types,
        *(Link("describedby", each.href, each.type) for each in signs.metadata if _is_bare(each.type)),
        *(Link("alternate", each.href, each.type) for each in signs.metadata),
        *others,
    ]


def told_apart(told: Iterable[Link]) -> tuple[list[Link], list[Link]]:
    """Of what statements say in links the types, which come behind that of the page, and the rest, which comes last."""
    types: list[Link] = []
    others: list[Link] = []
    for link in told:
        (types if link.rel == "type" else others).append(link)
    return types, sorted(others, key=lambda link: _LAST.index(link.rel))


def _is_bare(content_type: str) -> bool:
    """Whether a Content-Type can be named to the letter in a link that Signposting clients read.

    Its `type` holds no parameters (RFC 8288, section 3.4.1), and the `signposting` library refuses a whole header
    for one. So Turtle and the page, sent with their charset, are told of as alternates, or without their type.
    """
    return ";" not in content_type


#: The order of what may be too much for a header.
_LAST: Final = ("author", "collection", "item")


def metadata_links(signs: Signs, own: str, *, alternates: bool = True) -> list[Link]:
    """The links of the metadata resource at an address (level 1, section "metadata resource").

    `alternates` are left out of `application/ld+json`: PyLD's loader fails on such an answer with several.
    """
    others = [each for each in (signs.page, *signs.metadata) if each.href != own]
    return [
        *_common(signs),
        Link("describes", signs.page.href),
        *(Link("alternate", each.href, each.type) for each in others if alternates),
    ]


def _common(signs: Signs) -> Iterator[Link]:
    yield Link("cite-as", signs.thing)
    yield from (Link("linkset", each.href, each.type) for each in signs.linksets)
    yield Link("canonical", signs.canonical)
    yield Link("describes", signs.thing)
    if signs.licence:
        yield Link("license", signs.licence)
    yield from signs.neighbours


def header(links: Iterable[Link], space: int = LONGEST_HEADER) -> str:
    """The value of a Link header no longer than `space`: relation by relation, each whole or not at all.

    Half of the authors would be taken for all of them. Only of what every client needs the first alone is of use,
    and has its place before anything else.
    """
    every = [(link.rel, _written(link)) for link in links]
    whole = ", ".join([text for _, text in every])
    if len(whole) <= space:
        return whole
    groups = [(rel, [text for _, text in group]) for rel, group in groupby(every, key=itemgetter(0))]
    kept: set[str] = set()
    needed = [texts[:1] for rel in _NEEDED for found, texts in groups if found == rel]
    # Between one link and the next stand a comma and a blank, but not behind the last.
    room = space + 2
    for some in (*needed, *(texts for _, texts in groups)):
        fresh = set(some) - kept
        length = sum(len(text) + 2 for text in fresh)
        if length <= room:
            kept |= fresh
            room -= length
    return ", ".join(text for _, texts in groups for text in texts if text in kept)


def _written(link: Link, anchor: str = "") -> str:
    target = link.href if _AS_IT_IS.fullmatch(link.href) else quote(link.href, safe=_IN_TARGET)
    kind = f'; type="{link.type}"' if link.type else ""
    return f'<{target}>; rel="{link.rel}"{kind}' + (f'; anchor="{anchor}"' if anchor else "")


def contexts(signs: Signs) -> list[tuple[str, list[Link]]]:
    """All links of a document, by the address they start from: the landing page, each metadata resource, each file.

    That the variants are each other's alternates is said once, of the page.
    """
    page = Link("collection", signs.page.href)
    files = [link.href for link in signs.told if link.rel == "item" and link.type]
    return [
        (signs.page.href, landing_links(signs)),
        *((each.href, metadata_links(signs, each.href, alternates=False)) for each in signs.metadata),
        *((each, [Link("cite-as", signs.thing), page]) for each in files),
    ]


def linkset(signs: Signs, fmt: Format, *, base: str) -> bytes:
    """The link set of a document; addresses are made absolute by `base`, as RFC 9264 (section 4) asks."""
    return _LINKSET_WRITERS[fmt.name](
        [
            (_absolute(start, base), [Link(link.rel, _absolute(link.href, base), link.type) for link in links])
            for start, links in contexts(signs)
        ]
    )


def _absolute(address: str, base: str) -> str:
    return quote(urljoin(base, address), safe=_IN_TARGET)


def _as_text(sets: Sequence[tuple[str, list[Link]]]) -> bytes:
    """RFC 9264, section 4.1: as a Link header, with line breaks."""
    return ",\n".join(_written(link, start) for start, links in sets for link in links).encode() + b"\n"


def _as_json(sets: Sequence[tuple[str, list[Link]]]) -> bytes:
    """RFC 9264, section 4.2: an object a start, a list a relation."""
    found = []
    for start, links in sets:
        relations: dict[str, Any] = {"anchor": start}
        for link in links:
            target = {"href": link.href, "type": link.type} if link.type else {"href": link.href}
            relations.setdefault(link.rel, []).append(target)
        found.append(relations)
    return orjson.dumps({"linkset": found}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


_LINKSET_WRITERS: Final[dict[str, Callable[[Sequence[tuple[str, list[Link]]]], bytes]]] = {
    "json": _as_json,
    "txt": _as_text,
}
