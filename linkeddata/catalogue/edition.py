"""An issued edition, read-only: what it says of a thing, and lists of things to browse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, partial
from pathlib import Path

from linkeddata.catalogue import kept, store_format
from linkeddata.catalogue.changes import Changes
from linkeddata.catalogue.describe import exists, tell
from linkeddata.catalogue.folder import DATASET, KEPT, REGISTER, REPORT, SEARCH, size
from linkeddata.catalogue.home import Home
from linkeddata.catalogue.kept import KeptReader
from linkeddata.catalogue.known_as import thing_called
from linkeddata.catalogue.pointing import PAGE, Pointing, mined_works
from linkeddata.catalogue.register import Entry, Mark, Register, Tombstone
from linkeddata.catalogue.samples import named_graphs, samples
from linkeddata.catalogue.search import Search
from linkeddata.catalogue.search_lists import Lists
from linkeddata.catalogue.search_writer import fits
from linkeddata.catalogue.store_format import NoStore
from linkeddata.errors import EditionOutdated
from linkeddata.store import Limits, QueryPool
from linkeddata.vocabulary.ntriples import uri_token
from linkeddata.vocabulary.uris import AGENT, RECORD, Name, Uris
from linkeddata.vocabulary.uris import DATASET as DATASET_KIND

_COUNTED = {
    "records": "records",
    "people": "name",
    "journals": "journal",
    "subjects": "concept",
    "statements": "statements",
}
_LONGEST_CHAIN = 20
#: So many ids of records are told that were merged into one.
_MOST_MERGED = 10
_CATALOGUE = "catalogue"
#: A page further on than this is not looked up: its cost grows with the offset.
DEEPEST_PAGE = 20_000
#: So many close ids are told, of those that stand so near in the order of ids; only so long ones are compared.
_CLOSE, _LOOKED_AT, _LONGEST_ID = 3, 10, 200


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list: a thing's URI, what it is called, and the year of a record."""

    uri: str
    label: str
    year: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page (from 1) of things of one kind, and whether there are more."""

    kind: str
    page: int
    rows: tuple[Listed, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Description:
    """Statements about one thing as N-Triples. `version` changes when they may have changed;
    `modified` (ISO 8601) is when they last did; `pointing` is the page of what points at it, and how much does.
    Of a record,
    `mined` are those of them that were mined; `clues` gives what they were mined from (JSON)."""

    name: Name
    uri: str
    document: str
    statements: bytes
    version: str
    modified: str
    pointing: Pointing | None = None
    mined: bytes = b""
    clues: Callable[[], bytes] = field(default=bytes, compare=False)

    @property
    def page(self) -> int:
        return self.pointing.page if self.pointing else 1

    @property
    def more(self) -> bool:
        """Whether further pages follow."""
        return self.pointing is not None and self.pointing.more


class Edition:
    """An edition's folder, opened for reading; threads may share it."""

    def __init__(self, folder: Path, home: Home) -> None:
        self.folder = folder
        self._home = home
        self.number = int(folder.name)
        self._register = Register(folder / REGISTER)
        kept.check(folder / KEPT, self._register.facts.get("kept", ""))
        self._kept = KeptReader(folder / KEPT)
        self._fits = store_format.fits(folder, self._register.facts)
        self._reader = home.reader(folder) if self._fits else NoStore(self._outdated("store"))
        #: None where the edition was made before there was a search index, or by another version of it.
        index = folder / SEARCH if fits(folder / SEARCH) else None
        self.search = Search(index) if index else None
        self.lists = Lists(index) if index else None
        self.changes = Changes(self._register)
        self.facts: Mapping[str, str] = self._register.facts
        self.uris = Uris(self.facts["base_uri"])
        self.issued = self.facts["issued"]
        self.counts: Mapping[str, int] = {shown: int(self.facts[fact]) for shown, fact in _COUNTED.items()}

    def check_store(self) -> None:
        """EditionOutdated where its store is of a format that this version does not read."""
        if not self._fits:
            raise self._outdated("store")

    def check_index(self) -> None:
        """EditionOutdated where it has a search index, but none of this version."""
        if self.search is None and (self.folder / SEARCH).exists():
            raise self._outdated("search index")

    def _outdated(self, what: str) -> EditionOutdated:
        return EditionOutdated(
            f"the {what} of edition {self.number} was written by another version of linkeddata: "
            "linkeddata remap makes the edition anew from the documents that are kept"
        )

    def warm_up(self) -> None:
        """Look something up in the register, the kept pieces and the store; StoreError where one does not answer."""
        example = self.facts["example"]
        if name := self.uris.name(example):
            self.describe(name)
        self._reader.ask(f"ASK {{ {uri_token(example or self.uris.base)} ?p ?o }}")

    def describe(self, name: Name, *, page: int = 1) -> Description | None:
        """What this edition says of a thing; None for a thing it does not know, or a page it does not have."""
        if name.kind == RECORD:
            return self._describe_record(name) if page == 1 else None
        if not 1 <= page <= DEEPEST_PAGE:
            return None
        if name.kind == DATASET_KIND:
            known = name.key == _CATALOGUE and page == 1
            return self._described(name, (self.folder / DATASET).read_bytes()) if known else None
        told = tell(self._reader, self.uris, name, page)
        return self._described(name, told.statements, told.pointing) if told else None

    def _describe_record(self, name: Name) -> Description | None:
        entry = self._register.entry(name.key)
        return self.describe_entry(entry) if entry else None

    def describe_entry(self, entry: Entry) -> Description:
        """What this edition says of a record that was looked up; reads what is kept of it, and nothing else."""
        name = Name(RECORD, entry.id)
        return Description(
            name,
            self.uris.thing(name),
            self.uris.document(name),
            self._kept.statements(entry.pieces),
            entry.fingerprint.hex(),
            entry.modified,
            mined=self._kept.mined(entry.pieces),
            clues=partial(self._kept.clues, entry.pieces),
        )

    def is_short(self, entry: Entry, most_bytes: int) -> bool:
        """Whether the statements of a record that was looked up take no more bytes; none of them is read for that."""
        return self._kept.length(entry.pieces) <= most_bytes

    def _described(self, name: Name, statements: bytes, found: Pointing | None = None) -> Description:
        thing, document = self.uris.thing(name), self.uris.document(name)
        return Description(name, thing, document, statements, f"edition-{self.number}", self.issued, found)

    def read_from(self, journal: Name) -> int:
        """Of how many works only a citation tells that they appeared in a journal."""
        return mined_works(self._reader, self.uris.thing(journal), f"{self.uris.base}id/{RECORD}/")

    def looked_up(self, identifiers: Iterable[str]) -> dict[str, Entry | None]:
        """Those of these records that are served, by id, and None for those that are gone. One look-up for all."""
        return self._register.looked_up(identifiers)

    def has(self, name: Name) -> bool:
        """Whether this edition knows a thing: whether `describe` would say anything of it, without saying it."""
        if name.kind == RECORD:
            return self._register.has(name.key)
        if name.kind == DATASET_KIND:
            return name.key == _CATALOGUE
        return exists(self._reader, self.uris, name)

    def called(self, text: str) -> Name | None:
        """The thing that a text is exactly the name of: an id, a URI of ours, a DOI, an ISSN, an ISBN, a handle."""
        return thing_called(text, self.uris, self.has, self.search.by_number if self.search else lambda _: [])

    def close_to(self, identifier: str) -> list[str]:
        """Ids of records that are served and much like one that is not, the likest first."""
        if len(identifier) > _LONGEST_ID:
            return []
        starts = (identifier, identifier[:-1], identifier.lower())
        near = dict.fromkeys(each for start in starts for each in self._register.around(start, _LOOKED_AT))
        return get_close_matches(identifier, (each for each in near if len(each) <= _LONGEST_ID), _CLOSE)

    def knew(self, identifier: str) -> bool:
        """Whether a record of this id is or was published."""
        return self._register.has(identifier) or self._register.tombstone(identifier) is not None

    def gone(self, name: Name) -> Tombstone | None:
        """The tombstone of a withdrawn record, or of the record that an agent came with; None for anything else.

        Its successor is one that is served: where a chain of successors leads nowhere, there is none.
        """
        identifier = name.key if name.kind == RECORD else name.key.rpartition("/")[0] if name.kind == AGENT else ""
        found = self._register.tombstone(identifier) if identifier else None
        return found._replace(successor=self._last_successor(found)) if found else None

    def merged_into(self, name: Name) -> list[str]:
        """The ids of records that were published before and lead to this one now, the first of them."""
        return self._register.merged_into(name.key, _MOST_MERGED) if name.kind == RECORD else []

    def _last_successor(self, tombstone: Tombstone) -> str | None:
        """Where a chain of successors ends, if it ends at a record; one that turns in a circle does not."""
        next_one = tombstone.successor
        for _ in range(_LONGEST_CHAIN):
            if next_one is None or self._register.has(next_one):
                return next_one
            found = self._register.tombstone(next_one)
            next_one = found.successor if found else None
        return None

    def open_pool(self, *, workers: int, limits: Limits, prefixes: Mapping[str, str]) -> QueryPool:
        """What answers strangers' SPARQL on this edition; the caller closes the pool."""
        return self._home.open_pool(self.folder, workers=workers, limits=limits, prefixes=prefixes)

    @cached_property
    def samples(self) -> Mapping[str, tuple[str, str]]:
        """URI and label of a `record`, an `author`, a `journal` and a `subject` to show something by, where there are
        any; the last three only where there is a search index, which has counted their works."""
        name = self.uris.name(self.facts["example"])
        entry = self._register.entry(name.key) if name else None
        told = samples(self.lists, self.uris) if self.lists else {}
        return {"record": (self.facts["example"], entry.title), **told} if entry else told

    def named_graphs(self, limit: int) -> list[str]:
        """The names of so many named graphs."""
        return named_graphs(self._reader, limit)

    def sources(self) -> Iterator[tuple[bytes, str]]:
        """The source's document of every record, as it was given to `translation`, and where it was read."""
        return ((self._kept.source(entry.pieces), entry.place) for entry in self._register.entries())

    def source(self, identifier: str) -> tuple[bytes, str] | None:
        """The same of one record that is served, or None."""
        entry = self._register.entry(identifier)
        return (self._kept.source(entry.pieces), entry.place) if entry else None

    def entries(self) -> Iterator[Entry]:
        """What the register says of every record of every source."""
        return self._register.entries()

    def marks(self) -> dict[str, Mark]:
        """How far each source had been harvested when this edition was issued."""
        return self._register.marks()

    def sizes(self) -> dict[str, int]:
        """The number of records by source."""
        return self._register.sizes()

    def disk(self) -> int:
        """Bytes on disk, what it shares with other editions included."""
        return size(self.folder)

    def report(self) -> bytes:
        """The report of the run that made it, as JSON."""
        return (self.folder / REPORT).read_bytes()

    def ids(self) -> Iterator[str]:
        """The ids of all records, in the order in which they were entered."""
        return self._register.ids()

    def recent(self, limit: int) -> list[Listed]:
        """The records changed last."""
        return [self._listed(*row) for row in self._register.recent(limit)]

    def listing(self, kind: str, *, page: int) -> Listing:
        """A page of the things of a kind (`record`, `name`, `journal`, `concept`, `org`), by label."""
        start = (page - 1) * PAGE
        if kind == RECORD:
            rows = [self._listed(*row) for row in self._register.records(limit=PAGE + 1, offset=start)]
        else:
            rows = [Listed(*row) for row in self._register.things(kind, limit=PAGE + 1, offset=start)]
        return Listing(kind, page, tuple(rows[:PAGE]), len(rows) > PAGE)

    def _listed(self, identifier: str, title: str, year: str | None) -> Listed:
        return Listed(self.uris.record(identifier), title, year)
