"""The crosswalk itself: one record in, its statements out. A pure function of record and tables.

No clock, no counter, no store: the same record gives the same statements in the same order, whatever
the order of its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from linkeddata.crosswalk.agents import authors, bodies, contributors, list_editors
from linkeddata.crosswalk.assembly import load_profile
from linkeddata.crosswalk.bounds import TOO_LONG, bounded
from linkeddata.crosswalk.citation import Mined, mine
from linkeddata.crosswalk.classes import classify
from linkeddata.crosswalk.container import STANDING, container
from linkeddata.crosswalk.dates import earliest, read_date
from linkeddata.crosswalk.excerpt import Piece, excerpt
from linkeddata.crosswalk.headings import split_subjects
from linkeddata.crosswalk.mined import mined_statements
from linkeddata.crosswalk.places import areas
from linkeddata.crosswalk.profile import About, Profile, Rule
from linkeddata.crosswalk.sheet import OF_EVERY_RECORD, A, Note, Origin, Sheet, origin_of
from linkeddata.crosswalk.text import is_absent, label, without_controls
from linkeddata.crosswalk.values import BUILDERS, Builder, collection, language_word, organisation
from linkeddata.errors import RecordRefused
from linkeddata.record import Record
from linkeddata.vocabulary.ntriples import Statement, Token, Triple, literal_token, terms, uri_token
from linkeddata.vocabulary.terms import DCTERMS, FOAF, PROV, RDAU, VOID
from linkeddata.vocabulary.uris import Uris

Whole: TypeAlias = Callable[[Sheet, Rule], None]

_DATE_NOTE: Final = uri_token(RDAU.P60333)
_LICENCE: Final = uri_token(DCTERMS.license)
_IS_TOPIC_OF, _TOPIC = uri_token(FOAF.isPrimaryTopicOf), uri_token(FOAF.primaryTopic)
_DOCUMENT, _ENTITY = uri_token(FOAF.Document), uri_token(PROV.Entity)
_IN_DATASET, _DERIVED = uri_token(VOID.inDataset), uri_token(PROV.wasDerivedFrom)
#: The ways to read who or what a field of `about` can be said of.
_OWNERS: Final[dict[str, Builder]] = {"organisation": organisation, "collection": collection}
_TITLES: Final = ("title", "title_full", "title_short")


class Mapping(NamedTuple):
    """What a record comes to: its statements, and notes on the values that were not stated.

    The first `owned` statements are about the record's own things (itself, its document, agents and
    list cells), the rest about things it shares with others. `origins` says of each what it came from,
    `mined` are those that were read out of free text, `pieces` that text with marks where it was read.
    """

    statements: list[Statement]
    owned: int
    notes: tuple[Note, ...]
    origins: dict[Statement, Origin]
    mined: list[Statement]
    pieces: list[Piece]

    @property
    def triples(self) -> list[Triple]:
        """The statements as triples of rdflib terms."""
        return terms(self.statements)


def identifier(sheet: Sheet, rule: Rule) -> None:
    """The record's own id, even where it looks like a placeholder."""
    sheet.say(rule.predicate, literal_token(without_controls(sheet.record.id)))


def dated(sheet: Sheet, rule: Rule) -> None:
    """The earliest date that can be believed; words that say more or less than a date are kept as words."""
    found = [read_date(label(value), sheet.profile.latest_year) for value in sheet.values_of(rule.fields)]
    stated = earliest(found).literal
    if stated is not None:
        sheet.say(rule.predicate, stated)
    for date in found:
        if date.words:
            sheet.say(_DATE_NOTE, literal_token(date.words))


def subjects(sheet: Sheet, rule: Rule) -> None:
    """Concepts for the subjects of a field, several in one string being cut at semicolons."""
    for value in sheet.values_of(rule.fields):
        sheet.now = origin_of((sheet.now.field, value, rule.place))
        for subject in split_subjects(label(value)):
            if not is_absent(subject):
                sheet.say(rule.predicate, sheet.concept(rule.scheme, subject))


WHOLES: Final[dict[str, Whole]] = {
    "identifier": identifier,
    "format": classify,
    "authors": authors,
    "contributors": contributors,
    "bodies": bodies,
    "container": container,
    "area": areas,
    "date": dated,
    "subjects": subjects,
}


#: Of which fields a record must have one to be said anything of, where these are not the rule's own; or of none.
_NEEDED: Final[dict[str, tuple[str, ...]]] = {"container": STANDING, "identifier": (), "format": ()}


def _silent(sheet: Sheet, rule: Rule) -> None:
    """What reads a whole record says of one that has none of its fields."""


@lru_cache(maxsize=1)
def bundled_profile() -> Profile:
    """The profile of `ontologies/`, read once."""
    return load_profile((*BUILDERS, *WHOLES))


def profile_with(overrides: str) -> Profile:
    """That profile with the operator's own file over it; without one (empty), that profile."""
    return load_profile((*BUILDERS, *WHOLES), overrides=Path(overrides)) if overrides else bundled_profile()


class Crosswalk:
    """Translates records of one site: its names, its tables, its licence where one is configured, and
    whether free text is mined.

    `Crosswalk(uris)(record)` gives a `Mapping`; RecordRefused where the record has no title, or an id beyond bounds.
    """

    def __init__(self, uris: Uris, profile: Profile | None = None, licence: str = "", *, mines: bool = True) -> None:
        self.uris = uris
        self.mines = mines
        self.profile = profile or bundled_profile()
        self.licence = uri_token(licence) if licence else None
        self._dataset = uri_token(uris.dataset)
        self._known = self.profile.known_fields()
        self._fate = lru_cache(maxsize=4096)(self._look_up)
        self._rules = lru_cache(maxsize=1024)(self._meant)
        self._about = [(about, _owner_rule(self.profile, about.of)) for about in self.profile.about]

    def __call__(self, record: Record) -> Mapping:
        sheet = self.sheet(record)
        found = mine(sheet.record) if self.mines else Mined()
        return _finished(sheet, found, mined_statements(sheet, found))

    def sheet(self, record: Record) -> Sheet:
        """What a record comes to by its fields, before its text is mined; RecordRefused as above."""
        record, left_out = bounded(record)
        sheet = Sheet(record, self.uris, self.profile)
        for field, value in left_out:
            sheet.refuse(field, value, TOO_LONG)
        if not sheet.chosen_field(_TITLES):
            raise RecordRefused("no title, title_full or title_short")
        sheet.tag = _one_tag(sheet)
        rules = self._rules(frozenset(record.fields))
        for line in rules.record:
            _apply(sheet, line, sheet.subject)
        list_editors(sheet)
        sheet.now = OF_EVERY_RECORD
        sheet.say(_IS_TOPIC_OF, sheet.document)
        self._entry(sheet, rules)
        self._source(sheet, rules.source)
        return sheet

    def fate(self, name: str) -> str:
        """What becomes of a source field: "mapped", "unknown", or why it is left out on purpose."""
        return self._fate(name)

    def _entry(self, sheet: Sheet, rules: _Rules) -> None:
        """What is said of the record's document: the catalogue entry."""
        for kind in (_DOCUMENT, _ENTITY):
            sheet.state(sheet.document, A, kind)
        sheet.state(sheet.document, _TOPIC, sheet.subject)
        for line in rules.document:
            _apply(sheet, line, sheet.document)
        sheet.now = OF_EVERY_RECORD
        if self.licence:
            sheet.state(sheet.document, _LICENCE, self.licence)
        sheet.state(sheet.document, _IN_DATASET, self._dataset)
        sheet.state(sheet.document, _DERIVED, sheet.source)
        for about, owner_rule in rules.about:
            _describe(sheet, about, owner_rule)

    def _look_up(self, name: str) -> str:
        return "mapped" if name in self._known else self.profile.why_ignored(name) or "unknown"

    def _source(self, sheet: Sheet, rules: Iterable[_Line]) -> None:
        sheet.now = OF_EVERY_RECORD
        sheet.state(sheet.source, A, _ENTITY)
        for line in rules:
            _apply(sheet, line, sheet.source)

    def _meant(self, fields: frozenset[str]) -> _Rules:
        """The rules that a record with these fields can meet; found once for all records that have the same."""

        def meant(rules: Iterable[Rule]) -> tuple[_Line, ...]:
            # Those that read a whole record decide for themselves.
            met = [rule for rule in rules if rule.read_as in WHOLES or not fields.isdisjoint(rule.fields)]
            return tuple([_Line(rule, fields) for rule in met])

        about = tuple([each for each in self._about if each[0].field in fields])
        profile = self.profile
        return _Rules(meant(profile.record), meant(profile.document), meant(profile.source), about)


class _Line:
    """A rule, made ready for records that have the same fields."""

    __slots__ = ("build", "fields", "is_for_all", "rule", "whole")

    def __init__(self, rule: Rule, fields: frozenset[str]) -> None:
        self.rule = rule
        self.fields = tuple([field for field in rule.fields if field in fields])  # that the records have
        self.is_for_all = not (rule.when or rule.documents)
        self.build = BUILDERS.get(rule.read_as)
        needed = _NEEDED.get(rule.read_as, rule.fields)
        self.whole = _silent if needed and fields.isdisjoint(needed) else WHOLES.get(rule.read_as, _silent)


class _Rules(NamedTuple):
    """Rules by what they say something of."""

    record: tuple[_Line, ...]
    document: tuple[_Line, ...]
    source: tuple[_Line, ...]
    about: tuple[tuple[About, Rule | None], ...]


def _finished(sheet: Sheet, found: Mined, mined: list[Statement]) -> Mapping:
    said: list[Any] = list(sheet.statements)  # as in `Sheet.take`
    ours = sheet.own
    own = [statement for statement in said if statement[0] in ours]
    shared = [statement for statement in said if statement[0] not in ours]
    pieces = excerpt(found.text, found.spans) if mined else []
    return Mapping(own + shared, len(own), tuple(sheet.notes), sheet.statements, mined, pieces)


def _one_tag(sheet: Sheet) -> str | None:
    """The tag of a record's only language; None where it has none or several."""
    words = [language_word(value) for value in sheet.values("language")]
    found = {language for word in words if (language := sheet.profile.languages.get(word))} if words else set()
    return found.pop().tag if len(found) == 1 else None


def _apply(sheet: Sheet, line: _Line, subject: Token) -> None:
    rule = line.rule
    if not (line.is_for_all or _holds(sheet, rule)):
        return
    if line.build is None:
        sheet.now = origin_of((sheet.chosen_field(line.fields), "", rule.place))
        line.whole(sheet, rule)
        return
    (field, values), build, left = sheet.chosen(line.fields), line.build, rule.most
    for value in values:
        sheet.now = origin_of((field, value, rule.place))
        if left == 0:
            sheet.refuse(rule.fields[0], value, f"more than {rule.most} of what is stated once")
            continue
        built = build(sheet, rule, value)
        if built is None or (rule.unless and (subject, rule.unless, built) in sheet.statements):
            continue
        sheet.state(subject, rule.predicate, built)
        if rule.first:
            break
        left = left and left - 1


def _holds(sheet: Sheet, rule: Rule) -> bool:
    """Whether a rule applies to this record at all."""
    if rule.when and (rule.when == "repository") != sheet.is_repository:
        return False
    return not (rule.documents and sheet.is_collection)


def _describe(sheet: Sheet, about: About, owner_rule: Rule | None) -> None:
    """What a field says of the one institution or building; of the entry where it is not one."""
    word = sheet.first(about.field)
    if word is None:
        return
    sheet.now = Origin(about.field, word, about.place)
    owners = _owners(sheet, about.of, owner_rule)
    owner = owners[0] if owners and owners.count(owners[0]) == len(owners) else sheet.document
    sheet.state(owner, about.predicate, sheet.concept(about.scheme, word))


def _owner_rule(profile: Profile, field: str) -> Rule | None:
    """The line by which a field names institutions or buildings."""
    rule = next((rule for rule in profile.document if field in rule.fields), None)
    return rule if rule and rule.read_as in _OWNERS else None


def _owners(sheet: Sheet, field: str, rule: Rule | None) -> list[Token]:
    if rule is None:
        return []
    build = _OWNERS[rule.read_as]
    return [owner for value in sheet.values(field) if (owner := build(sheet, rule, value))]
