"""What kind of reference a record becomes: one table for CSL, RIS and BibTeX.

CSL types as in the CSL 1.0.2 specification, appendix III; RIS types as in the RIS specification of 2011, BibTeX
entry types as in the four standard styles (btxdoc, section 3.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linkeddata.vocabulary.ntriples import Token
from linkeddata.vocabulary.tokens import BIBO, COAR, DCMITYPE, SCHEMA


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of reference by its three names, and the word for it where the type alone is too wide."""

    csl: str
    ris: str
    bibtex: str
    genre: str = ""


_PAPER = Kind("paper-conference", "CPAPER", "inproceedings")
_REPORT = Kind("report", "RPRT", "techreport")
_CHAPTER = Kind("chapter", "CHAP", "incollection")
_BOOK = Kind("book", "BOOK", "book")
_THESIS = Kind("thesis", "THES", "phdthesis")
_PERIODICAL = Kind("periodical", "JFULL", "misc")
_SOFTWARE = Kind("software", "COMP", "misc")
_ANYTHING: Final = Kind("document", "GEN", "misc")

#: From a COAR resource type, which says more than a class, or from a class; the first row that fits a record.
KINDS: Final[Mapping[Token, Kind]] = {
    COAR.c_db06: Kind("thesis", "THES", "phdthesis", "Doctoral thesis"),
    COAR.c_bdcc: Kind("thesis", "THES", "mastersthesis", "Master’s thesis"),
    COAR.c_7a1f: Kind("thesis", "THES", "mastersthesis", "Bachelor’s thesis"),
    COAR.c_5794: _PAPER,
    COAR.c_c94f: _PAPER,
    COAR.c_6670: Kind("paper-conference", "CPAPER", "misc", "Poster"),
    COAR.c_8544: Kind("speech", "SLIDE", "misc", "Lecture"),
    COAR.c_816b: Kind("article", "UNPB", "unpublished", "Preprint"),
    COAR.c_8042: Kind("report", "RPRT", "techreport", "Working paper"),
    COAR.c_18gh: Kind("report", "RPRT", "techreport", "Technical report"),
    BIBO.Thesis: _THESIS,
    BIBO.BookSection: _CHAPTER,
    BIBO.Chapter: _CHAPTER,
    DCMITYPE.Dataset: Kind("dataset", "DATA", "misc"),
    DCMITYPE.Software: _SOFTWARE,
    BIBO.Patent: Kind("patent", "PAT", "misc"),
    BIBO.Standard: Kind("standard", "STAND", "misc"),
    BIBO.Manual: Kind("report", "RPRT", "manual", "Manual"),
    BIBO.Report: _REPORT,
    BIBO.Proceedings: Kind("book", "CONF", "proceedings"),
    BIBO.EditedBook: Kind("book", "EDBOOK", "book"),
    BIBO.ReferenceSource: _BOOK,
    BIBO.Book: _BOOK,
    BIBO.Newspaper: Kind("periodical", "NEWS", "misc"),
    BIBO.Journal: _PERIODICAL,
    BIBO.Magazine: _PERIODICAL,
    BIBO.Periodical: _PERIODICAL,
    SCHEMA.Review: Kind("review", "JOUR", "article"),
    BIBO.AcademicArticle: Kind("article-journal", "JOUR", "article"),
    BIBO.Article: Kind("article-journal", "JOUR", "article"),
    BIBO.Map: Kind("map", "MAP", "misc"),
    SCHEMA.SheetMusic: Kind("musical_score", "MUSIC", "misc"),
    SCHEMA.MusicComposition: Kind("musical_score", "MUSIC", "misc"),
    BIBO.Image: Kind("graphic", "ART", "misc"),
    SCHEMA.VisualArtwork: Kind("graphic", "ART", "misc"),
    BIBO.AudioVisualDocument: Kind("motion_picture", "VIDEO", "misc"),
    BIBO.AudioDocument: Kind("song", "SOUND", "misc"),
    BIBO.Website: Kind("webpage", "ELEC", "misc"),
    BIBO.Manuscript: Kind("manuscript", "UNPB", "unpublished"),
    BIBO.Letter: Kind("personal_communication", "PCOMM", "misc"),
}


def kind_of(classes: Iterable[Token]) -> Kind:
    """The kind for a record's classes and resource types; that of any document where none is known."""
    held = set(classes)
    return next((kind for known, kind in KINDS.items() if known in held), _ANYTHING)
