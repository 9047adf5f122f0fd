"""What makes the documents of the dump of documents: the catalogue writes them, but cannot make them itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Final, TypeAlias

from linkeddata.errors import NotAcceptable
from linkeddata.representations import represent
from linkeddata.representations.formats import DOCUMENT_FORMATS
from linkeddata.vocabulary.uris import Uris

_LOG = logging.getLogger(__name__)
#: The name of the dump of documents in the setting.
JSON_LINES: Final = "jsonld"
_FORMAT: Final = next(fmt for fmt in DOCUMENT_FORMATS if fmt.name == JSON_LINES)

#: Makes a record's document of its URI and its statements (N-Triples): one line of JSON.
DocumentWriter: TypeAlias = Callable[[str, bytes], bytes]


def document_writer(uris: Uris, dumps: Collection[str]) -> DocumentWriter | None:
    """What makes the documents, where the dump of documents is among the names of `dumps`."""
    return partial(_document, uris) if JSON_LINES in dumps else None


def _document(uris: Uris, uri: str, statements: bytes) -> bytes:
    """A record as one line of JSON-LD; nothing for one that JSON-LD cannot express, as at its own address."""
    try:
        return represent(statements, _FORMAT, focus=uri, genid=uris.genid, base=uris.base)
    except NotAcceptable as reason:
        _LOG.warning("not in the dump of documents: %s: %s", uri, reason)
        return b""
