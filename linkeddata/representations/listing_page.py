"""The pages that list: what points at a journal, a name, a subject…, and the things of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from linkeddata.representations.described import Described
from linkeddata.representations.facts import resolver
from linkeddata.representations.histogram import Histogram
from linkeddata.representations.issue_groups import IssueGroup, Item, by_issue
from linkeddata.representations.page import data_links
from linkeddata.representations.parts import Data, Pager, Row, Text, capital, literal_text, pager
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.tokens import BIBO, DCTERMS, FOAF, PROV, RDF, RDFS, SCHEMA, SKOS
from linkeddata.vocabulary.uris import Name, Uris
from linkeddata.wording import Wording

_MOST_NAMES = 3
_LONG_TITLE = 90
#: How a heading says that another system knows the same person.
_SAME = (SCHEMA.sameAs, SKOS.exactMatch, SKOS.closeMatch)
_NAMING = (SKOS.prefLabel, DCTERMS.title, FOAF.name)
_ORDER = (
    RDFS.label,
    FOAF.familyName,
    FOAF.givenName,
    DCTERMS.identifier,
    BIBO.issn,
    BIBO.isbn13,
    BIBO.volume,
    BIBO.issue,
)
#: How a work points at these goes without saying; any other property is named in the list.
_UNSAID = {DCTERMS.creator, DCTERMS.isPartOf, DCTERMS.publisher, DCTERMS.subject, DCTERMS.contributor, SKOS.inScheme}
_SUBJECT_SCHEMES = ("topic/", "lcc/", "ddc/")


@dataclass(frozen=True, slots=True)
class Counted:
    """How much a list holds in all, whether that is only where counting stopped, its last page if known, and how many
    of it were read out of free text."""

    total: int
    capped: bool = False
    last: int | None = None
    mined: int = 0

    def said(self, words: Wording) -> str:
        """The number in words."""
        shown = words.number(self.total)
        return words.say("more than %(count)s", count=shown) if self.capped else shown

    def said_mined(self, words: Wording) -> str:
        """Of how many only a citation tells that they belong here; nothing where of none."""
        if not self.mined:
            return ""
        return words.plural(
            "That a work appeared here was read from its citation for %(num)s of them.",
            "That works appeared here was read from the citations of %(num)s of them.",
            self.mined,
        )


@dataclass(frozen=True)
class ThingPage:
    """The page of anything that is not a record.

    Of a journal, `groups` holds the items by issue, and `read_from` says of how many works only a citation tells that
    they appeared there.
    """

    kind: str
    badges: tuple[str, ...]
    title: Text
    rows: tuple[Row, ...]
    list_heading: str
    items: tuple[Item, ...]
    pager: Pager
    data: Data
    description: str
    counted: str = ""
    groups: tuple[IssueGroup, ...] = ()
    read_from: str = ""

    @property
    def long_title(self) -> bool:
        return len(self.title.value) > _LONG_TITLE

    @property
    def is_name(self) -> bool:
        """Whether the page lists a name, which is no proof of one person."""
        return self.kind == "name"


@dataclass(frozen=True)
class BrowsePage:
    """A page of the list of all things of a kind."""

    kind: str
    heading: str
    items: tuple[Item, ...]
    pager: Pager
    letters: tuple[Text, ...] = ()
    total: str = ""
    histogram: Histogram | None = None


def thing_page(
    view: Described,
    name: Name,
    *,
    page: int = 1,
    more: bool = False,
    counted: Counted | None = None,
) -> ThingPage:
    """The page of the thing that has this name, and a page of what points at it, in all so much as is `counted`."""
    uris, words = view.uris, view.words
    thing = uri_token(uris.thing(name))
    title, data, counted = view.text(thing), data_links(name, uris=uris), counted or Counted(0)
    badges, found = _badges(view, name), dict(_items(view, thing))
    return ThingPage(
        kind=name.kind,
        badges=badges,
        title=Text(title.value, title.lang),
        rows=_rows(view, thing),
        list_heading=view.label(f"list:{name.kind}", words.say("what points at it")),
        items=tuple(found.values()),
        pager=pager(uris.local(data.canonical), page, more=more, last=counted.last),
        data=_paged(data, page),
        description=f"{badges[0]}: {title.value}",
        counted=counted.said(words) if counted.total else "",
        groups=by_issue(view, found) if name.kind == "journal" else (),
        read_from=counted.said_mined(words),
    )


def browse_page(
    kind: str,
    listed: Iterable[tuple[str, str, str | None]],
    *,
    uris: Uris,
    labels: Mapping[str, str],
    page: int = 1,
    more: bool = False,
) -> BrowsePage:
    """A page of the things of a kind, from their URI, label and year."""
    items = tuple(Item(Text(label or uri, href=uris.local(uri)), year=year or "") for uri, label, year in listed)
    heading = capital(labels.get(f"browse:{kind}", kind))
    return BrowsePage(kind, heading, items, pager(f"{uris.local(uris.base)}browse/{kind}", page, more=more))


def _paged(data: Data, page: int) -> Data:
    """The same for a later page of the document, which has addresses of its own in every format."""
    if page == 1:
        return data
    offers = tuple(offer._replace(href=f"{offer.href}?page={page}") for offer in data.offers)
    view = data.view and data.view._replace(href=f"{data.view.href}?page={page}")
    return replace(data, canonical=f"{data.canonical}?page={page}", offers=offers, view=view)


def _badges(view: Described, name: Name) -> tuple[str, ...]:
    """The kind in one word; for a concept also the scheme it belongs to."""
    if name.kind != "concept":
        return (view.label(f"kind:{_finer_kind(view, name)}", name.kind),)
    if name.key.startswith(_SUBJECT_SCHEMES):
        return (view.label("kind:subject", "subject"),)
    scheme = name.key.partition("/")[0]
    return (view.label("kind:concept", "concept"), view.label(f"scheme:{scheme}", scheme))


def _finer_kind(view: Described, name: Name) -> str:
    types = view.types(uri_token(view.uris.thing(name)))
    if name.kind == "agent" and FOAF.Person in types:
        return "person"
    return "org" if name.kind == "agent" and FOAF.Organization in types else name.kind


def _rows(view: Described, thing: Token) -> tuple[Row, ...]:
    """What is said of the thing, property by property; its type and name stand above already."""
    hidden = {RDF.type, FOAF.focus, next((p for p in _NAMING if view.value(thing, p) is not None), None)}
    if view.kind(thing) == "name":
        hidden.add(SKOS.inScheme)  # all names stand in the one list of names
    stated = view.about(thing)
    ranked = [p for p in _ORDER if p in stated] + [p for p in stated if p not in _ORDER]
    rows = [Row(capital(view.term(p)), _resolved(view, thing, p), view.curie(p)) for p in ranked if p not in hidden]
    if view.kind(thing) == "name":
        rows += _persons(view, thing)
    return tuple(row for row in rows if row.values)


def _persons(view: Described, heading: Token) -> tuple[Row, Row]:
    """How else those are written who bear a name, and where else they are known, where an identifier tells."""
    persons = view.values(heading, FOAF.focus)
    others = dict.fromkeys(each for person in persons for each in view.subjects(FOAF.focus, person) if each != heading)
    elsewhere = dict.fromkeys(text for person in persons for text in view.texts(person, *_SAME))
    none = () if view.values_of(heading, *_SAME) else (Text(view.words.say("none known yet")),)
    spellings = tuple(sorted(map(view.text, others), key=lambda text: text.value.casefold()))
    return (
        Row(view.words.say("Other spellings"), spellings),
        Row(view.words.say("Same person elsewhere"), tuple(elsewhere) or none),
    )


def _resolved(view: Described, thing: Token, predicate: Token) -> tuple[Text, ...]:
    """The values of a property; an identifier leads to where it can be looked up."""
    found = ((text, resolver(predicate, text.value)) for text in view.texts(thing, predicate))
    return tuple(text._replace(href=href) if href else text for text, href in found)


def _items(view: Described, thing: Token) -> Iterable[tuple[Token, Item]]:
    """What points at the thing, or at an agent it is the heading of, each once, in the order given, with its line."""
    targets = [thing, *view.values(thing, FOAF.focus)]
    links: dict[Token, list[Token]] = {}
    for target in targets:
        for subject, predicate in view.pointing(target):
            work = _work(view, subject)
            # Another heading of a person stands among the spellings.
            is_heading = predicate == FOAF.focus and view.kind(thing) == "name"
            if work not in targets and view.kind(work) and not is_heading:
                links.setdefault(work, []).append(predicate)
    return ((work, _item(view, work, predicates)) for work, predicates in links.items())


def _work(view: Described, subject: Token) -> Token:
    """The record behind a catalogue entry or behind the source's record; anything else as it is."""
    entries = (subject, *view.subjects(PROV.wasDerivedFrom, subject))
    works = (view.value(entry, FOAF.primaryTopic) for entry in entries)
    return next((work for work in works if work is not None), subject)


def _item(view: Described, work: Token, predicates: list[Token]) -> Item:
    agents = view.values(work, DCTERMS.creator)
    # Only the first ones are told by name, and whoever the page is about.
    named = dict.fromkeys(name.text for each in agents if (name := view.literal(each, FOAF.name, RDFS.label)))
    issued = view.literal(work, DCTERMS.issued)
    parts = dict.fromkeys(view.term(predicate) for predicate in predicates if predicate not in _UNSAID)
    return Item(
        view.text(work),
        names=_names(list(named), view.words),
        year=(literal_text(issued).moment or "")[:4] if issued is not None else "",
        part=", ".join(parts),
    )


def _names(names: list[str], words: Wording) -> str:
    shown = "; ".join(names[:_MOST_NAMES])
    return words.say("%(names)s and others", names=shown) if len(names) > _MOST_NAMES else shown
