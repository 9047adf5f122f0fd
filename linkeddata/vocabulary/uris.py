"""The URI policy: how things are named, and how a name is read back. The only place that knows a path.

Things live under `/id/…`, their documents under `/doc/…`; `mint` names what has no identifier of
its own by its text, `encode` carries an identifier verbatim, so two of them can never meet.
"""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import quote, unquote, urlsplit

#: What becomes of each byte of a text in lower case: what stands in no slug becomes a blank.
_SLUG = bytes(code if chr(code) in string.ascii_lowercase + string.digits else ord(" ") for code in range(256))
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")
_PLAIN = re.compile(r"[A-Za-z0-9]+")
_CELL = re.compile(r"(?P<id>.+)/(?:authors|editors)/(?P<n>[0-9]+)", re.DOTALL)
_SLUG_LENGTH = 60

ID, DOC, GENID, DEF, ONTOLOGIES = "id/", "doc/", ".well-known/genid/", "def/", "ontologies/"
DUMP: Final = "dump/"
RECORD, AGENT, DATASET = "record", "agent", "dataset"
#: Kinds of things whose key is made by us and holds no character that needs encoding.
MINTED_KINDS: Final = ("name", "org", "journal", "issue", "host", "series", "concept", "scheme", "place", "collection")
KINDS: Final = (RECORD, AGENT, DATASET, *MINTED_KINDS)


@lru_cache(maxsize=65536)
def mint(text: str) -> str:
    """A key for a text: a readable slug and eight hex digits of its SHA-256.

    Two texts that differ after NFC and folding of white space get two keys.

    >>> mint("Quality of care"), mint("C++"), mint("李, 小明")
    ('quality-of-care-ca73edcb', 'c-f1deb75f', 'x-9505090a')
    """
    key = " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())
    plain = key if key.isascii() else _without_marks(key)
    slug = b"-".join(plain.lower().encode().translate(_SLUG).split()).decode()[:_SLUG_LENGTH] or "x"
    return f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=1024)
def encode(identifier: str) -> str:
    """An identifier as one path segment: all but RFC 3986 unreserved characters percent-encoded.

    >>> encode("a/b"), encode("a%2Fb")
    ('a%2Fb', 'a%252Fb')
    """
    return identifier if _UNRESERVED.fullmatch(identifier) else quote(identifier, safe="")


@dataclass(frozen=True, slots=True)
class Name:
    """A thing of ours: its kind, and its key with nothing encoded."""

    kind: str
    key: str

    @property
    def path(self) -> str:
        """Kind and key as they stand in a URI."""
        if self.kind == AGENT:
            owner, slash, minted = self.key.rpartition("/")
            # What is read from an address may end in anything.
            return f"{AGENT}/{encode(owner)}{slash}{quote(minted, safe='')}"
        return f"{self.kind}/{encode(self.key) if self.kind == RECORD else quote(self.key, safe='/')}"


def read(path: str) -> Name | None:
    """Kind and key from a *decoded* path behind `/id/` or `/doc/`; None where it names nothing of ours.

    >>> read("agent/a/b/waring-justin-6f2d327e")
    Name(kind='agent', key='a/b/waring-justin-6f2d327e')
    """
    kind, _, key = path.partition("/")
    return Name(kind, key) if key and kind in KINDS else None


@dataclass(frozen=True)
class Uris:
    """Names things under one base URI (absolute http or https, ending in a slash)."""

    base: str

    def __hash__(self) -> int:
        # Asked for at each look-up of what was made before; the text knows its own.
        return hash(self.base)

    def thing(self, name: Name) -> str:
        return f"{self.base}{ID}{name.path}"

    def document(self, name: Name) -> str:
        return f"{self.base}{DOC}{name.path}"

    def record(self, identifier: str) -> str:
        return f"{self.base}{ID}{RECORD}/{encode(identifier)}"

    def entry(self, identifier: str) -> str:
        """The document of a record: the entry in the catalogue."""
        return f"{self.base}{DOC}{RECORD}/{encode(identifier)}"

    def minted(self, kind: str, text: str) -> str:
        """A thing named by its text: `name`, `org`, `journal`, `host`, `series`, `place`, `collection`."""
        return f"{self.kind(kind)}{mint(text)}"

    def kind(self, kind: str) -> str:
        """What the URIs of all things of a kind begin with."""
        return f"{self.base}{ID}{kind}/"

    def agent(self, identifier: str, name: str) -> str:
        """An author of one record; equal names in one record are one agent."""
        return f"{self.agents(identifier)}{mint(name)}"

    def agents(self, identifier: str) -> str:
        """What the URIs of all agents of one record begin with; a minted key follows."""
        return f"{self.base}{ID}{AGENT}/{encode(identifier)}/"

    def mined_graph(self, identifier: str) -> str:
        """The named graph with a second copy of what was mined from a record's free text."""
        return f"{self.base}{DOC}{RECORD}/{encode(identifier)}#mined"

    def orcid(self, orcid: str) -> str:
        """An author known by an ORCID iD: the same agent in every record."""
        return f"{self.base}{ID}{AGENT}/orcid-{orcid}"

    def journal_key(self, title: str | None, issn: str | None) -> str:
        """The key of a journal: its ISSN where there is one, else its title."""
        return f"issn-{issn}" if issn else mint(title or "")

    def journal(self, key: str) -> str:
        return f"{self.base}{ID}journal/{key}"

    def host(self, title: str | None, isbn13: str | None) -> str:
        return f"{self.base}{ID}host/{f'isbn-{isbn13}' if isbn13 else mint(title or '')}"

    def issue(self, journal_key: str, *, volume: str | None, issue: str, year: str | None) -> str:
        """An issue of a journal, by volume and issue; without a volume by year."""
        first = _plain(volume) if volume else f"y{year or ''}"
        return f"{self.base}{ID}issue/{journal_key}/{first}-{_plain(issue)}"

    def concept(self, scheme: str, label: str) -> str:
        return f"{self.base}{ID}concept/{scheme}/{mint(label)}"

    def scheme(self, scheme: str) -> str:
        return f"{self.base}{ID}scheme/{scheme}"

    def cell(self, identifier: str, position: int, whose: str = "authors") -> str:
        """The list cell at a position (from 1) of a record's list of `authors` or `editors`."""
        return f"{self.cells(identifier, whose)}{position}"

    def cells(self, identifier: str, whose: str) -> str:
        """What the URIs of all cells of such a list begin with; a position follows."""
        return f"{self.genid}{encode(identifier)}/{whose}/"

    @property
    def genid(self) -> str:
        """What the URIs of all list cells begin with (RDF 1.1 Concepts, section 3.5)."""
        return f"{self.base}{GENID}"

    @property
    def dataset(self) -> str:
        return f"{self.base}{ID}{DATASET}/catalogue"

    @cached_property
    def things(self) -> str:
        """What the URIs of all things begin with."""
        return f"{self.base}{ID}"

    def dump(self, edition: int, issued: str, ending: str) -> str:
        """The address of a dump that never changes: number and day of issue (ISO 8601) of its edition."""
        return f"{self.base}{DUMP}{edition:06d}-{issued[:10]}.{ending}"

    def rule(self, name: str) -> str:
        """A document of rules: `profile-1`, `mining-1`."""
        return f"{self.base}{DEF}{name}"

    def ontology(self, name: str) -> str:
        """A table, or the document `terms`."""
        return f"{self.base}{ONTOLOGIES}{name}"

    def parts(self, identifier: str) -> tuple[str, ...]:
        """What the URIs of a record's own parts begin with: fragments of its document, agents, list cells."""
        code = encode(identifier)
        return (
            f"{self.base}{DOC}{RECORD}/{code}#",
            f"{self.base}{ID}{AGENT}/{code}/",
            f"{self.genid}{code}/",
        )

    def owner_test(self, identifier: str) -> Callable[[str], bool]:
        """Whether a subject is a record's own: itself, its document, agents and list cells; all else is shared."""
        code, parts = encode(identifier), self.parts(identifier)
        own = {f"{self.base}{ID}{RECORD}/{code}", f"{self.base}{DOC}{RECORD}/{code}"}
        # As plain text: a term of rdflib equals no str, and its own `startswith` is written in Python.
        return lambda subject: str(subject) in own or str.startswith(subject, parts)

    @property
    def vocabulary_graph(self) -> str:
        """The named graph of statements about concept schemes, which no record makes."""
        return f"{self.base}graph/vocab"

    def name(self, uri: str) -> Name | None:
        """The thing a URI under `/id/` names, or None for any other URI."""
        return read(unquote(uri[len(self.things) :])) if uri.startswith(self.things) else None

    def local(self, uri: str) -> str:
        """A URI of ours as a path from the host's root, any other unchanged; for links and Location."""
        return self._root + uri[len(self.base) :] if uri.startswith(self.base) else uri

    @cached_property
    def _root(self) -> str:
        return urlsplit(self.base).path


def cell_owner(path: str) -> str | None:
    """The record whose list cell a decoded path behind `/.well-known/genid/` names, or None.

    >>> cell_owner("a/b/authors/2")
    'a/b'
    """
    found = _CELL.fullmatch(path)
    return found["id"] if found else None


def _plain(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else mint(text)
