"""A description made readable: its statements by subject and by object, with the words to show each node.

It knows nothing but the statements it was given, so a name that no statement tells is shown as the
last part of its URI rather than looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from urllib.parse import unquote

from linkeddata.representations.graph import Graph, plain
from linkeddata.representations.parts import Text, capital, literal_text, safe_href
from linkeddata.vocabulary.ntriples import Statement, Token, is_literal, read_literal, read_uri
from linkeddata.vocabulary.terms import shorten
from linkeddata.vocabulary.tokens import BIBO, DCTERMS, FOAF, ISO639_2, RDFS, SKOS
from linkeddata.vocabulary.uris import KINDS, Name, Uris
from linkeddata.wording import ENGLISH, Wording

_NAMES = (SKOS.prefLabel, DCTERMS.title, FOAF.name, RDFS.label, SKOS.notation)


class Described(Graph):
    """Statements with the labels of terms and the policy of URIs; `mined` are those read out of free text."""

    def __init__(
        self,
        statements: Iterable[Statement],
        *,
        uris: Uris,
        labels: Mapping[str, str],
        mined: Collection[Statement] = (),
        words: Wording = ENGLISH,
    ) -> None:
        super().__init__(statements)
        self.uris, self.words = uris, words
        self._ours = f"<{uris.things}"
        self._behind = len(self._ours)
        self.mined_count, self._mined = len(mined), frozenset(mined)
        self._labels = labels
        self._texts: dict[Token, Text] = {}

    def is_mined(self, subject: Token, predicate: Token, value: Token) -> bool:
        """Whether a statement was read out of free text."""
        return (subject, predicate, value) in self._mined

    def kind(self, node: Token) -> str:
        """The kind of a thing of ours (`journal`, `name`…), or nothing for what is not ours."""
        if not node.startswith(self._ours):
            return ""
        kind, _, key = node[self._behind : -1].partition("/")
        return kind if key and kind in KINDS else ""

    def name(self, node: Token) -> Name | None:
        return self.uris.name(read_uri(node)) if node.startswith(self._ours) else None

    def label(self, key: str, default: str) -> str:
        """What `labels.toml` says for a key such as `kind:journal`, capitalised, or the default."""
        return capital(self._labels.get(key, default))

    def term(self, node: Token) -> str:
        """A term in words: its label, else its local name."""
        return self._labels.get(_key(node)) or _tail(plain(node))

    def curie(self, node: Token) -> str:
        """A term as programs write it: its prefixed name, else its URI."""
        return _shortened(node) or plain(node)

    def href(self, node: Token) -> str | None:
        """Where a node leads: a path for our own, the URI for others that are safe to click."""
        if node[0] != "<":
            return None
        uri = read_uri(node)
        return self.uris.local(uri) if uri.startswith(self.uris.base) else safe_href(uri)

    def text(self, node: Token, *, note: str = "", mined: bool = False) -> Text:
        """A node for reading: a literal as it is, anything else by its name and with its link."""
        if is_literal(node):
            return literal_text(read_literal(node), note=note, mined=mined, words=self.words)
        if (known := self._texts.get(node)) is None:
            known = self._texts[node] = self._named(node)
        return known._replace(note=note, mined=mined) if note or mined else known

    def _named(self, node: Token) -> Text:
        """What is no literal; most stand on a page several times."""
        name, uri = self.literal(node, *_NAMES), read_uri(node) if node[0] == "<" else ""
        if name is None:
            return Text(self._nameless(node), None, self.href(node), uri=uri)
        return Text(name.text, name.language or None, self.href(node), "", None, False, uri)

    def texts(self, subject: Token, *predicates: Token) -> tuple[Text, ...]:
        """The values of properties whose order says nothing, for reading, in alphabetical order."""
        found = [
            self.text(value, mined=self.is_mined(subject, predicate, value))
            for predicate in predicates
            for value in self.values(subject, predicate)
        ]
        if len(found) < 2:
            return tuple(found)
        # What reads alike stands once, whatever it is the name of.
        alike = {text[:-1]: text for text in reversed(found)}
        return tuple(sorted(reversed(alike.values()), key=lambda text: text.value.casefold()))

    def _nameless(self, node: Token) -> str:
        name = self.name(node)
        if name is None:
            return self.term(node) if _key(node) else _without_scheme(plain(node))
        if name.kind == "issue":
            return self._issue(node)
        if name.kind == "journal" and name.key.startswith("issn-"):
            return f"ISSN {name.key.removeprefix('issn-')}"
        return self._labels.get(f"{name.kind}:{name.key}") or name.key.rpartition("/")[2]

    def _issue(self, issue: Token) -> str:
        journals = (self.literal(whole, DCTERMS.title) for whole in self.values(issue, DCTERMS.isPartOf))
        title = next((journal.text for journal in journals if journal is not None), "")
        numbers = volume_and_issue(self.said(issue, BIBO.volume), self.said(issue, BIBO.issue), self.words)
        return ", ".join(part for part in (title, numbers) if part) or _tail(read_uri(issue))


def volume_and_issue(volume: str | None, issue: str | None, words: Wording = ENGLISH) -> str:
    """Volume and issue as citations write them.

    >>> volume_and_issue("39", "7"), volume_and_issue("39", None), volume_and_issue(None, "7")
    ('39 (7)', '39', 'no. 7')
    """
    if volume and issue:
        return f"{volume} ({issue})"
    return str(volume) if volume else words.say("no. %(issue)s", issue=issue) if issue else ""


@lru_cache(maxsize=4_096)
def _key(node: Token) -> str:
    """Under which a term has its label; empty for what is no term."""
    return f"language:{_tail(plain(node))}" if node in ISO639_2 else _shortened(node) or ""


@lru_cache(maxsize=4_096)
def _shortened(node: Token) -> str | None:
    return shorten(plain(node))


def _tail(uri: str) -> str:
    return unquote(uri.rstrip("/").rpartition("#" if "#" in uri else "/")[2]) or uri


def _without_scheme(uri: str) -> str:
    return uri.removeprefix("https://").removeprefix("http://").rstrip("/") if safe_href(uri) else uri
