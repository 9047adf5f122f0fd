"""Values of dc:type to the names of formats that VuFind documents have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_PREFIXES = re.compile(
    r"info:eu-repo/semantics/|https?://purl\.org/(?:coar/resource_type/|dc/dcmitype/)|doc-type:", re.IGNORECASE
)

#: By the last part of the value, in lower case: info:eu-repo/semantics (OpenAIRE Guidelines 3.0), COAR resource
#: types and DCMI types. What is empty says how a work was reviewed or which version it is, not what it is.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "article": "Article",
        "contributiontoperiodical": "Article",
        "c_6501": "Article",
        "c_2df8fbb1": "Article",
        "book": "Book",
        "c_2f33": "Book",
        "bookpart": "Book Section",
        "c_3248": "Book Section",
        "review": "Review",
        "bookreview": "Book Review",
        "conferenceobject": "Conference or Workshop Item",
        "conferenceitem": "Conference or Workshop Item",
        "conferenceitemnotinproceedings": "Conference or Workshop Item",
        "conferencecontribution": "Conference or Workshop Item",
        "c_c94f": "Conference or Workshop Item",
        "conferencepaper": "Conference Paper",
        "c_5794": "Conference Paper",
        "conferenceposter": "Poster",
        "c_6670": "Poster",
        "conferenceproceedings": "Conference Proceeding",
        "c_f744": "Conference Proceeding",
        "lecture": "Lecture",
        "c_8544": "Lecture",
        "thesis": "Thesis",
        "c_46ec": "Thesis",
        "doctoralthesis": "Doctoral Thesis",
        "c_db06": "Doctoral Thesis",
        "masterthesis": "Master Thesis",
        "c_bdcc": "Master Thesis",
        "bachelorthesis": "Bachelor Thesis",
        "c_7a1f": "Bachelor Thesis",
        "studentthesis": "Thesis",
        "preprint": "Preprint",
        "c_816b": "Preprint",
        "workingpaper": "Working Paper",
        "c_8042": "Working Paper",
        "technicalreport": "Technical Report",
        "c_18gh": "Technical Report",
        "report": "Report",
        "externalresearchreport": "Report",
        "internalreport": "Report",
        "c_93fc": "Report",
        "patent": "Patent",
        "c_15cd": "Patent",
        "dataset": "Dataset",
        "c_ddb1": "Dataset",
        "software": "Software",
        "c_5ce6": "Software",
        "image": "Image",
        "stillimage": "Image",
        "c_c513": "Image",
        "movingimage": "Video",
        "video": "Video",
        "c_12ce": "Video",
        "sound": "Audio",
        "c_18cc": "Audio",
        "map": "Map",
        "c_12cd": "Map",
        "musicalnotation": "Musical Score",
        "c_18cw": "Musical Score",
        "website": "Website",
        "c_7ad9": "Website",
        "physicalobject": "Physical Object",
        "other": "Other",
        "c_1843": "Other",
        "text": "Text",
        "peerreviewed": "",
        "nonpeerreviewed": "",
        "draft": "",
        "submittedversion": "",
        "acceptedversion": "",
        "publishedversion": "",
        "updatedversion": "",
        "openaccess": "",
        "restrictedaccess": "",
        "closedaccess": "",
        "embargoedaccess": "",
    }
)


def format_name(value: str) -> str:
    """The name of a format; a value that is not known as it is, and nothing for what is no type.

    >>> format_name("info:eu-repo/semantics/article"), format_name("PeerReviewed"), format_name("Inaugural")
    ('Article', '', 'Inaugural')
    """
    bare = _PREFIXES.sub("", value, count=1)
    return NAMES.get(bare.replace(" ", "").casefold(), bare)
