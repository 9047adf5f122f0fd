"""What a document's links are made of, gathered from the edition and the addresses of its variants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from linkeddata.catalogue import Description, Edition
from linkeddata.catalogue.paging import neighbours
from linkeddata.representations.formats import Format
from linkeddata.representations.graph import Graph
from linkeddata.representations.signposting import LINKSET_FORMATS, Link, Resource, Signs, told_links
from linkeddata.representations.variants import HTML, Variant
from linkeddata.vocabulary.uris import Name, Uris

#: Hydra's words for neighbouring pages that links call otherwise (RFC 8288; HTML, 4.6.6.13).
_RELATIONS = {"previous": "prev"}


class Imprint(NamedTuple):
    """What all documents of an edition have in common: names, the version of their profile, and their licence."""

    uris: Uris
    version: str
    licence: str

    @property
    def profile(self) -> str:
        """The URI of the profile that the data follow: its document of rules."""
        return self.uris.rule(f"profile-{self.version}")


def imprint(edition: Edition) -> Imprint:
    """That of an edition."""
    return Imprint(edition.uris, edition.facts["version"], edition.facts.get("licence", ""))


def our_profile(edition: Edition) -> str:
    """The URI of the profile that this edition's data follow."""
    return imprint(edition).profile


def signs(
    said: Imprint,
    description: Description,
    variants: Iterable[tuple[Variant, str]],
    document: str,
    *,
    taken: Collection[str],
) -> Signs:
    """The signs of a document, which has these variants at these paths and is negotiated at the path `document`.

    `taken` are the suffixes under which other records stand.
    """
    resources = [(variant.format, Resource(path, variant.content_type)) for variant, path in variants]
    (page,) = (each for fmt, each in resources if fmt == HTML)
    return Signs(
        thing=description.uri,
        canonical=paged(document, description.page),
        page=page,
        metadata=tuple(each for fmt, each in resources if fmt != HTML),
        linksets=tuple(
            Resource(paged(path, description.page), content_type)
            for path, content_type in linkset_paths(said.uris, description.name, taken)
        ),
        licence=said.licence,
        neighbours=_neighbours(description, document),
    )


def told(description: Description, graph: Graph) -> tuple[Link, ...]:
    """The links that the description's own statements, which are these, make."""
    return told_links(graph, description.uri, description.document)


def linkset_path(uris: Uris, name: Name, fmt: Format, taken: Collection[str]) -> str:
    """The path of one form of a link set: by suffix; by parameter where that address is another record's."""
    path = uris.local(f"{uris.base}linkset/{name.path}")
    return f"{path}?format={fmt.name}" if fmt.extension in taken else f"{path}.{fmt.extension}"


def linkset_paths(uris: Uris, name: Name, taken: Collection[str]) -> Iterator[tuple[str, str]]:
    """The path of each form of a link set, and its Content-Type."""
    return ((linkset_path(uris, name, fmt, taken), fmt.content_type) for fmt in LINKSET_FORMATS)


def _neighbours(description: Description, document: str) -> tuple[Link, ...]:
    """The first, previous, next and last page of a document that has several."""
    if description.pointing is None or (description.page == 1 and not description.more):
        return ()
    pages = neighbours(description.pointing).items()
    return tuple(Link(_RELATIONS.get(word, word), paged(document, page)) for word, page in pages)


def paged(path: str, page: int) -> str:
    """The address of a page; the first has none but the document's."""
    if page == 1:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'page': page})}"
