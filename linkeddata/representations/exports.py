"""The formats in which only a record comes: an entry for a list of references, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from linkeddata.representations import bibtex, csl_json, ris
from linkeddata.representations.described import Described
from linkeddata.representations.formats import Format
from linkeddata.representations.reference import Reference, reference
from linkeddata.vocabulary.uris import Name

_BIBTEX_TYPE, _RIS_TYPE = "application/x-bibtex", "application/x-research-info-systems"
_CSL_TYPE = "application/vnd.citationstyles.csl+json"

#: Less liked by us than any RDF, so that no wide range leads here.
EXPORT_FORMATS: Final[tuple[Format, ...]] = (
    Format("bib", "bib", _BIBTEX_TYPE, _BIBTEX_TYPE, 0.3, {"text/x-bibtex": 0.3}),
    Format("ris", "ris", _RIS_TYPE, _RIS_TYPE, 0.3),
    Format("csl", "csl.json", _CSL_TYPE, _CSL_TYPE, 0.3),
)
#: How people call them.
EXPORT_NAMES: Final[Mapping[str, str]] = {"bib": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}
_WRITERS: Final[Mapping[str, Callable[[Reference], bytes]]] = {
    "bib": bibtex.write,
    "ris": ris.write,
    "csl": csl_json.write,
}


def export(view: Described, fmt: Format, name: Name) -> bytes:
    """A record, from its description, in one of the formats above; KeyError for any other."""
    return _WRITERS[fmt.name](reference(view, name))
