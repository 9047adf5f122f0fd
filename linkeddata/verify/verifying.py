"""One thing after the other: all its doors are asked, and what they say is held against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from linkeddata.catalogue import Edition
from linkeddata.crosswalk import Mapping
from linkeddata.errors import RecordRefused
from linkeddata.translate import Site, crosswalk, restored
from linkeddata.verify.doors import FORMED, GRAPHS, PAGE, SCHEMA, SUFFIXES, Answer, Client, Door, blocks, value_of
from linkeddata.verify.endpoint import Endpoint
from linkeddata.verify.faults import Fault, Report, differs
from linkeddata.verify.graphs import Lines, Read, Unreadable, as_lines, canonical
from linkeddata.verify.targets import Target
from linkeddata.vocabulary import ntriples
from linkeddata.vocabulary.ntriples import Statement, Token, uri_token
from linkeddata.vocabulary.uris import DATASET, RECORD, Name

MAP: Final = "map"
SPARQL: Final = "sparql"
#: The answer of a page that is behind the last.
_NO_PAGE: Final = 404


@dataclass(slots=True)
class _Found:
    """What the doors of a document said, by door."""

    graphs: dict[str, Read] = field(default_factory=dict)

    def most(self) -> Lines:
        """What most doors say; of equal ones the first."""
        counted = Counter(read.default for read in self.graphs.values())
        return counted.most_common(1)[0][0] if counted else frozenset()


class Verifier:
    """Verifies the things of an edition at a site that serves it; `site` tells by which mapping."""

    def __init__(self, edition: Edition, site: Site, client: Client) -> None:
        self.report = Report()
        self._edition, self._uris, self._site = edition, edition.uris, site
        self._client, self._endpoint = client, Endpoint(client)

    def verify(self, target: Target) -> None:
        """Add to the report what is found of a thing. OSError where nobody answers."""
        self.report.things += 1
        self.report.faults += self._faults(target)

    def _faults(self, target: Target) -> Iterator[Fault]:
        if target.name is None:
            yield from self._document(target, _Found(), GRAPHS)
        elif target.name.kind == RECORD:
            yield from self._record(target, target.name)
        else:
            yield from self._shared(target, target.name)

    def _record(self, target: Target, name: Name) -> Iterator[Fault]:
        found = _Found()
        yield from self._document(target, found, (*GRAPHS, *FORMED), self._taken(name))
        yield from self._view(target, self._taken(name), needed=True)
        try:
            mapping = self._mapped(name)
        except RecordRefused as reason:
            yield Fault(target.uri, MAP, f"the record would be refused now: {reason}")
            return
        wanted = canonical(mapping.statements, genid=self._uris.genid)
        yield from differs(target.uri, MAP, found.most(), wanted)
        yield from self._mined(target, name, found, mapping.mined)
        is_own = self._uris.owner_test(name.key)
        own = dict.fromkeys(subject for subject, *_ in mapping.statements if is_own(subject[1:-1]))
        yield from self._stored(target, mapping.statements, own)

    def _mapped(self, name: Name) -> Mapping:
        """What the mapping as it is now makes of the source document that is kept."""
        source = self._edition.source(name.key)
        if source is None:
            raise RecordRefused("its source document is not kept")
        return crosswalk(self._site)(restored(*source))

    def _taken(self, name: Name) -> frozenset[str]:
        """The suffixes with which the address is that of another record."""
        records = self._edition.looked_up(f"{name.key}.{suffix}" for suffix in SUFFIXES)
        return frozenset(suffix for suffix in SUFFIXES if f"{name.key}.{suffix}" in records)

    def _shared(self, target: Target, name: Name) -> Iterator[Fault]:
        page, told = 1, set[Statement]()
        while True:
            found = _Found()
            yield from self._document(target, found, (*GRAPHS, *FORMED), page=page)
            yield from self._view(target, frozenset(), page=page)
            said = _statements(found.most())
            if page > 1 and said and said <= told:
                # A cache that leaves out the question gives the first page for every number, without end.
                yield Fault(target.uri, _at("all", page), "says nothing that the pages before it did not say")
                break
            told |= said
            page += 1
            # Where no door answers at all, none of the pages behind will.
            if not found.graphs or self._get(GRAPHS[0], target, page=page).status == _NO_PAGE:
                break
        if name.kind != DATASET:
            # Its run facts stand in no store, nor does how a document is cut into pages.
            document = f"<{self._uris.document(name)}"
            stored = [said for said in told if not said[0].startswith((f"{document}>", f"{document}?"))]
            yield from self._stored(target, stored, [uri_token(target.uri)], self._graph_of(name))

    def _graph_of(self, name: Name) -> str:
        """Where the statements about a thing stand: those about schemes are nobody's."""
        return self._uris.vocabulary_graph if name.kind == "scheme" else ""

    def _document(
        self, target: Target, found: _Found, doors: Iterable[Door], taken: frozenset[str] = frozenset(), page: int = 1
    ) -> Iterator[Fault]:
        """Ask the doors of a document (of one page of it), and hold them against each other."""
        known: dict[tuple[Callable[[bytes], Read], bytes], Read] = {}
        for door in doors:
            answer = self._get(door, target, taken, page)
            try:
                asked = door.read, _body(answer, door)
                # Several forms of JSON-LD may be the same bytes; what one reader takes, another need not.
                known[asked] = found.graphs[door.name] = known.get(asked) or door.read(asked[1])
            except Unreadable as problem:
                yield Fault(target.uri, _at(door.name, page), str(problem))
        self.report.documents += 1
        most = found.most()
        self.report.statements += len(most)
        if found.graphs and not most:
            yield Fault(target.uri, _at("all", page), "nothing is said")
        for name, read in found.graphs.items():
            yield from differs(target.uri, _at(name, page), most, read.default)

    def _view(self, target: Target, taken: frozenset[str], *, needed: bool = False, page: int = 1) -> Iterator[Fault]:
        """The block in the page is the view for crawlers; where one is `needed` there must be one."""
        try:
            view_body = _body(self._get(SCHEMA, target, taken, page), SCHEMA)
            SCHEMA.read(view_body)
            found = blocks(_body(self._get(PAGE, target, taken, page), PAGE))
        except Unreadable as problem:
            yield Fault(target.uri, _at(f"{PAGE.name}, {SCHEMA.name}", page), str(problem))
            return
        if len(found) > 1 or (needed and not found):
            yield Fault(target.uri, _at(PAGE.name, page), f"{len(found)} blocks of JSON-LD, and not one")
        elif found and (found[0] != (view := value_of(view_body))):
            keys = ", ".join(sorted(_differing(found[0], view)))
            yield Fault(target.uri, _at(PAGE.name, page), f"its block is not the schema.org view: {keys}")

    def _mined(self, target: Target, name: Name, found: _Found, mined: Iterable[Statement]) -> Iterator[Fault]:
        """The named graph of those formats that have one, and of the endpoint, is what was mined."""
        graph, wanted = self._uris.mined_graph(name.key), canonical(mined, genid=self._uris.genid)
        expected = {graph: wanted} if wanted else {}
        for door in ("nq", "trig"):
            if read := found.graphs.get(door):
                for each in expected.keys() | read.named.keys():
                    there = read.named.get(each, frozenset())
                    yield from differs(target.uri, f"{door} <{each}>", expected.get(each, frozenset()), there)
        try:
            stored = as_lines(self._endpoint.graph(graph))
        except Unreadable as problem:
            yield Fault(target.uri, SPARQL, str(problem))
            return
        yield from differs(target.uri, f"{SPARQL} <{graph}>", as_lines(mined), stored)

    def _stored(
        self, target: Target, statements: Iterable[Statement], own: Iterable[Token], graph: str = ""
    ) -> Iterator[Fault]:
        """Every statement stands in the endpoint, and of the thing's own subjects nothing else does."""
        told = [*statements]
        try:
            missing = self._endpoint.lacks(told, *{"", graph})
            surplus = as_lines(self._endpoint.says_of(own, graph)) - as_lines(told)
        except Unreadable as problem:
            yield Fault(target.uri, SPARQL, str(problem))
            return
        yield from differs(target.uri, SPARQL, missing, surplus) if missing or surplus else ()

    def _get(self, door: Door, target: Target, taken: frozenset[str] = frozenset(), page: int = 1) -> Answer:
        self.report.doors += 1
        return self._client.get(door.address(target.document, taken, page))


def _body(answer: Answer, door: Door) -> bytes:
    """The body of an answer that is what was asked for; else Unreadable."""
    if answer.status != 200:
        raise Unreadable(f"status {answer.status}: {answer.body[:300].decode('utf-8', 'replace')}")
    if answer.content_type != door.content_type:
        raise Unreadable(f"it comes as {answer.content_type}, and not as {door.content_type}")
    return answer.body


def _at(door: str, page: int) -> str:
    return door if page == 1 else f"{door} page {page}"


def _statements(found: Lines) -> set[Statement]:
    return {*ntriples.read("".join(f"{line}\n" for line in found))}


def _differing(one: Any, other: Any) -> set[str]:
    """The keys by which two objects differ."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return {"(all of it)"}
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
