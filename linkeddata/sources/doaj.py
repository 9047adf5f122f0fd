"""Articles in the format of the Directory of Open Access Journals (oai_doaj) to the fields of a VuFind document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from linkeddata.sources.xml import Element, local_name, text_of

_NAMESPACE = "{http://doaj.org/features/oai_doaj/1.0/}"
ROOT = f"{_NAMESPACE}doajArticle"
_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "name": "author",
        "publisher": "publisher",
        "journalTitle": "container_title",
        "issn": "issn",
        "eissn": "issn",
        "publicationDate": "publishDate",
        "volume": "container_volume",
        "issue": "container_issue",
        "startPage": "container_start_page",
        "endPage": "container_end_page",
        "doi": "doi_str_mv",
        "abstract": "description",
        "fullTextUrl": "url",
        "language": "language",
    }
)
# DOAJ knows a year and perhaps a month, and writes the first day of them.
_PADDING = re.compile(r"(?:-01)?-01$")
_KEYWORD_EDGES = " ;,"  # keywords were cut out of lists, and the marks between them stayed behind


def fields(root: Element) -> dict[str, list[str]]:
    """The fields of one `doajArticle`; affiliations have none."""
    found: defaultdict[str, list[str]] = defaultdict(list, {"recordtype": ["doaj"], "format": ["Article"]})
    for element in root.iter():
        name, text = local_name(element), text_of(element)
        if name == "keyword":
            found["topic"].append(text.strip(_KEYWORD_EDGES))
        elif name in _FIELDS and text:
            found[_FIELDS[name]].append(text)
    found["publishDate"] = [_PADDING.sub("", date) for date in found["publishDate"]]
    found["issn"] = list(dict.fromkeys(found["issn"]))
    found["topic"] = [word for word in found["topic"] if word]
    return dict(found)
