"""The small values that pages are made of, and the wording of dates and numbers.

Templates print these and decide nothing: what leads somewhere has an `href`, and only schemes that
are safe to click get one, because every URI from a source is hostile text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from linkeddata.vocabulary.ntriples import Literal
from linkeddata.wording import ENGLISH, Wording

#: Of people and subjects a page names so many, also in the parts that open; the data formats have thousands.
MOST_NAMED = 100

_SAFE_TO_CLICK = ("http://", "https://", "ftp://", "mailto:")
_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-2]\d|3[01])"
    r"(?:T(?P<time>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)
#: How the tokens of datatypes that are dates end.
_DATES = ("#date>", "#dateTime>", "#gYear>", "#gYearMonth>")
_UTC = {"Z": " UTC", "+00:00": " UTC", "-00:00": " UTC"}


# A page has a hundred of these three; a tuple is made in a quarter of the time that a frozen dataclass takes.


class Text(NamedTuple):
    """Something to read: its language, where it leads, a remark, the moment it words if it is a date, whether it
    was read out of free text, and the URI of what it is the name of."""

    value: str
    lang: str | None = None
    href: str | None = None
    note: str = ""
    moment: str | None = None
    mined: bool = False
    uri: str = ""


class Row(NamedTuple):
    """A label and what stands beside it; `curie` is the property's prefixed name where that is shown."""

    label: str
    values: tuple[Text, ...]
    curie: str = ""


class Offer(NamedTuple):
    """One format of a document: its name, its address, and the exact Content-Type it is sent with."""

    label: str
    href: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Data:
    """What every page of a thing says for programs: the thing's URI, the formats, one line of curl.

    `view` is the one for crawlers, which readers of the whole graph must not meet first.
    """

    uri: str
    canonical: str
    offers: tuple[Offer, ...]
    view: Offer | None = None

    @property
    def curl(self) -> str:
        return f'curl -LH "Accept: text/turtle" {self.uri}'

    @property
    def query(self) -> str:
        """What asks the SPARQL endpoint for the thing."""
        return f"DESCRIBE <{self.uri}>"

    @property
    def described_by(self) -> Offer | None:
        """The format to name where only one may be: the first whose type has no parameter (RFC 8288, 3.4.1)."""
        bare = (offer for offer in self.offers if ";" not in offer.content_type)
        return next(bare, None)


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a list goes on; both None when it is one page. `begin` and `end` lead to its first and last page, where
    they are not neighbours."""

    page: int
    previous: str | None
    following: str | None
    last: int | None = None
    begin: str | None = None
    end: str | None = None

    @property
    def needed(self) -> bool:
        return bool(self.previous or self.following)


def pager(address: str, page: int, *, more: bool, last: int | None = None) -> Pager:
    """The neighbours of a page of the list at an address; the first page is the address itself.

    `last` is the number of the last page, where that is known.
    """
    before = address if page == 2 else f"{address}?page={page - 1}"
    return Pager(page, before if page > 1 else None, f"{address}?page={page + 1}" if more else None, last)


def safe_href(uri: str) -> str | None:
    """The URI if a page may link to it, else None.

    >>> safe_href("https://example.org/a"), safe_href("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    return uri if uri.lower().startswith(_SAFE_TO_CLICK) else None


def is_pdf(uri: str) -> bool:
    """Whether an address on the web is that of a PDF, by its ending.

    >>> is_pdf("https://example.org/a.PDF?x=1"), is_pdf("https://example.org/a.html#b.pdf")
    (True, False)
    """
    path = uri.lower().partition("#")[0].partition("?")[0]
    return path.startswith(("http://", "https://")) and path.endswith(".pdf")


def date_text(written: str, words: Wording = ENGLISH) -> Text:
    """A date or time in words, as precise as it was written; anything else stays as it is.

    >>> date_text("2017").value, date_text("2017-06").value, date_text("2017-06-21").value
    ('2017', 'June 2017', '21 June 2017')
    >>> date_text("2025-11-14T19:42:54Z").value
    '14 November 2025, 19:42 UTC'
    >>> date_text("199?").moment is None
    True
    """
    found = _MOMENT.fullmatch(written)
    if not found:
        return Text(written)
    said, month, day, time, zone = found.groups()
    try:
        if month:
            said = words.day(int(said), int(month), int(day) if day else None)
    except ValueError:
        # 30 February is a date to the eye only.
        return Text(written, moment=written)
    if time:
        said += f", {time}{_UTC.get(zone) or f' {zone}'}" if zone else f", {time}"
    return Text(said, moment=written)


def literal_text(literal: Literal, *, note: str = "", mined: bool = False, words: Wording = ENGLISH) -> Text:
    """A literal with its language; a date in words."""
    if literal.datatype.endswith(_DATES):
        said = date_text(literal.text, words)
        return said._replace(mined=True) if mined else said
    return Text(literal.text, literal.language or None, note=note, mined=mined)


def number(count: int) -> str:
    """A count as English readers group it.

    >>> number(61204)
    '61,204'
    """
    return f"{count:,}"


def shortened(text: str, limit: int) -> str:
    """A text cut at a word, with an ellipsis, when it is longer than the limit.

    >>> shortened("one two three", 9)
    'one two…'
    """
    # Of a long text the beginning is enough, if it is not mostly blanks.
    folded = " ".join(text[: 2 * limit].split())
    if len(folded) <= limit:
        folded = " ".join(text.split())
    if len(folded) <= limit:
        return folded
    return folded[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def capital(words: str) -> str:
    """The words with a capital first letter, the rest as it is.

    >>> capital("academic article"), capital("DOI")
    ('Academic article', 'DOI')
    """
    return words[:1].upper() + words[1:]
