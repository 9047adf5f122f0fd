"""A record as an entry for a list of references: what BibTeX, RIS and CSL-JSON are written from.

Every text is one line: white space of any kind, line separators of Unicode among it, becomes one blank, so
that no value can begin a line of its own in the formats that are read line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from linkeddata.representations.appearance import Appearance, appearance
from linkeddata.representations.byline import makers
from linkeddata.representations.described import Described
from linkeddata.representations.graph import plain
from linkeddata.representations.languages import language_tags
from linkeddata.representations.parts import safe_href
from linkeddata.representations.reference_types import Kind, kind_of
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.tokens import BIBO, DCTERMS, FOAF, RDFS
from linkeddata.vocabulary.uris import Name

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Person:
    """A name in parts, or, where it has none (a body, one name alone), `literal` as it is."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def inverted(self) -> str:
        """The name as lists of references sort it: family, given, suffix."""
        return self.literal or ", ".join(part for part in (self.family, self.given, self.suffix) if part)


@dataclass(frozen=True)
class Reference:
    """What is known of a work; each part is empty where it is not. `date` is year, month, day as far as known."""

    id: str
    uri: str
    kind: Kind
    title: str
    short_title: str
    authors: tuple[Person, ...]
    editors: tuple[Person, ...]
    translators: tuple[Person, ...]
    container: str
    in_journal: bool
    series: str
    volume: str
    issue: str
    number: str
    first_page: str
    last_page: str
    pages: str
    extent: str
    publisher: str
    institution: str
    edition: str
    date: tuple[int, ...]
    doi: str
    issns: tuple[str, ...]
    isbns: tuple[str, ...]
    url: str
    language: str
    abstract: str
    keywords: tuple[str, ...]


def reference(view: Described, name: Name) -> Reference:
    """The entry for the record that has this name, from its description."""
    uri = view.uris.thing(name)
    work = uri_token(uri)
    seen = appearance(view, work)
    return Reference(
        id=name.key,
        uri=uri,
        kind=kind_of([*view.types(work), *view.values(work, DCTERMS.type)]),
        title=_text(view, work, DCTERMS.title),
        authors=_people(view, makers(view, work)),
        translators=_people(view, view.values(work, BIBO.translator)),
        **_appeared(seen),
        **_identified(view, work),
        **_told(view, work),
    )


def _told(view: Described, work: Token) -> dict[str, Any]:
    """What stands on the work itself."""
    listed = list(view.members(view.value(work, BIBO.editorList)))
    editors = listed + [agent for agent in view.values(work, BIBO.editor) if agent not in listed]
    series = [whole for whole in view.values(work, DCTERMS.isPartOf) if view.kind(whole) == "series"]
    issuer = view.value(work, BIBO.issuer)
    return {
        "short_title": _text(view, work, BIBO.shortTitle),
        "editors": _people(view, editors),
        "series": one_line(view.text(series[0]).value) if series else "",
        "extent": _text(view, work, BIBO.numPages),
        "institution": one_line(view.text(issuer).value) if issuer is not None else "",
        "edition": _text(view, work, BIBO.edition),
        "language": next(iter(language_tags(view.values(work, DCTERMS.language))), ""),
        "abstract": _text(view, work, DCTERMS.abstract),
        "keywords": tuple(filter(None, (one_line(text.value) for text in view.texts(work, DCTERMS.subject)))),
    }


def _identified(view: Described, work: Token) -> dict[str, Any]:
    pages = (safe_href(plain(page)) for page in view.values(work, FOAF.page))
    return {"doi": _text(view, work, BIBO.doi), "url": next(filter(None, pages), plain(work))}


def _appeared(seen: Appearance) -> dict[str, Any]:
    container = one_line(seen.container.value) if seen.container else ""
    return {
        "container": container,
        "in_journal": seen.in_journal,
        "volume": one_line(seen.volume),
        "issue": one_line(seen.issue),
        "number": one_line(seen.article),
        "first_page": one_line(seen.first_page),
        "last_page": one_line(seen.last_page),
        "pages": one_line(seen.pages),
        "publisher": "; ".join(one_line(text.value) for text in seen.publishers),
        "date": date_parts((seen.date.moment or "") if seen.date else ""),
        "issns": seen.issns,
        "isbns": seen.isbns,
    }


def date_parts(moment: str) -> tuple[int, ...]:
    """Year, month and day of a date, as far as it goes.

    >>> date_parts("2017-06"), date_parts("2017"), date_parts("")
    ((2017, 6), (2017,), ())
    """
    found = _DATE.match(moment)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def one_line(text: str) -> str:
    """A text without controls, its white space folded to single blanks.

    >>> one_line("A\\u2028title\\r\\n TY  - JOUR")
    'A title TY - JOUR'
    """
    return _CONTROL.sub("", " ".join(text.split()))


def _text(view: Described, subject: Token, predicate: Token) -> str:
    return one_line(view.said(subject, predicate))


def _people(view: Described, agents: Iterable[Token]) -> tuple[Person, ...]:
    """The agents, each once: a source that lists all authors twice does not make them cite twice."""
    people = (_person(view, agent) for agent in dict.fromkeys(agents))
    return tuple(dict.fromkeys(person for person in people if person.inverted))


def _person(view: Described, agent: Token) -> Person:
    family, given = _text(view, agent, FOAF.familyName), _text(view, agent, FOAF.givenName)
    if family and FOAF.Person in view.types(agent):
        return Person(family, given, _text(view, agent, BIBO.suffixName))
    return Person(literal=_text(view, agent, FOAF.name) or _text(view, agent, RDFS.label))
