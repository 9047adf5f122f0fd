"""The pages of a long document, said in the document: Hydra's collections and their partial views.

A document that lists what points at a thing is a `hydra:Collection`; each of its pages is a
`hydra:PartialCollectionView` with its neighbours (Hydra Core Vocabulary, section 5). Documents of one page say
nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkeddata.catalogue.pointing import Pointing
from linkeddata.vocabulary.ntriples import Statement, literal_token, uri_token
from linkeddata.vocabulary.terms import HYDRA, RDF, RDFS, XSD

_TYPE, _COMMENT, _INTEGER = uri_token(RDF.type), uri_token(RDFS.comment), uri_token(XSD.integer)


def view(document: str, found: Pointing) -> Iterator[Statement]:
    """What a document says of this page of it; nothing where it has one page only."""
    if found.page == 1 and not found.more:
        return
    whole, here = uri_token(document), _address(document, found.page)
    yield whole, _TYPE, uri_token(HYDRA.Collection)
    yield whole, uri_token(HYDRA.totalItems), literal_token(str(found.total), datatype=_INTEGER)
    if found.capped:
        yield whole, _COMMENT, literal_token(f"more than {found.total:,}: counting stopped there", language="en")
    yield whole, uri_token(HYDRA.view), here
    yield here, _TYPE, uri_token(HYDRA.PartialCollectionView)
    for word, page in neighbours(found).items():
        yield here, uri_token(HYDRA[word]), _address(document, page)


def neighbours(found: Pointing) -> dict[str, int]:
    """The pages that a page leads to, by Hydra's words for them; only those that there are."""
    known = {
        "first": 1,
        "previous": found.page - 1 if found.page > 1 else None,
        "next": found.page + 1 if found.more else None,
        "last": found.last,
    }
    return {word: page for word, page in known.items() if page is not None}


def _address(document: str, page: int) -> str:
    return uri_token(f"{document}?page={page}")
