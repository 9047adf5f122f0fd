"""Reads the tables that a cataloguer may edit; what is wrong in one is refused with its file and line.

The TOML reader keeps no line numbers, so they are looked up in the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary.ntriples import Token, uri_token
from linkeddata.vocabulary.terms import PREFIXES

_TERM = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z0-9/._-]+")
# RFC 3987, section 2.2, without its private use: absolute, and nothing in it that no URI may hold.
_URI = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f\ud800-\uf8ff]+)>")
# Strings and comments are passed over, so that braces inside them do not count.
_BRACE = re.compile(r"""\"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[{}]""")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column may hold: in words, and as a test."""

    words: str
    holds: Callable[[object], bool]


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


TEXT = Kind("a text", lambda value: isinstance(value, str))
TEXTS = Kind("a list of texts", _is_texts)
NAMES = Kind(
    "a text, or a list of one or more", lambda value: bool(value) and (isinstance(value, str) or _is_texts(value))
)
COUNT = Kind("a number from 1 on", lambda value: type(value) is int and value > 0)
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
ROWS = Kind("a list of tables", lambda value: isinstance(value, list) and all(isinstance(row, dict) for row in value))
PAIRS = Kind(
    "a table of texts",
    lambda value: isinstance(value, dict) and all(isinstance(each, str) for each in value.values()),
)
LISTS = Kind("a table of lists of texts", lambda value: isinstance(value, dict) and all(map(_is_texts, value.values())))
TABLE = Kind("a table", lambda value: isinstance(value, dict))


@dataclass(frozen=True)
class Table:
    """A TOML file read: its content, and where in it a key or a row stands."""

    name: str
    text: str
    content: Mapping[str, Any]

    def place_of(self, key: str, part: str = "") -> str:
        """File and line of a key at the beginning of a line, or at the head of a table; `part`: behind that head."""
        head = re.search(rf"^[ \t]*\[[ \t]*{part}[ \t.\]]", self.text, re.MULTILINE) if part else None
        word, dotted = (
            rf"""(?:{re.escape(key)}|"{re.escape(key)}"|'{re.escape(key)}')[ \t]*""",
            rf"{part}\." if part else "",
        )
        pattern = re.compile(rf"^[ \t]*(?:{word}=|\[+[ \t]*{dotted}{word}\])", re.MULTILINE)
        found = pattern.search(self.text, head.start() if head else 0)
        return self._place(found.start()) if found else self.name

    def rows(self, key: str) -> list[tuple[dict[str, Any], str]]:
        """The rows of a list of tables, each with its file and line."""
        places = chain(self._places_of_rows(key), repeat(self.name))
        return list(zip(self.content.get(key, ()), places, strict=False))

    def _places_of_rows(self, key: str) -> Iterable[str]:
        if (head := re.search(rf"^[ \t]*{key}[ \t]*=[ \t]*\[", self.text, re.MULTILINE)) is None:
            heads = re.finditer(rf"^[ \t]*\[\[[ \t]*{key}[ \t]*\]\]", self.text, re.MULTILINE)
            return [self._place(found.start()) for found in heads]
        places, depth = [], 0
        for brace in _BRACE.finditer(self.text, head.end()):
            if brace[0] == "{":
                places += [self._place(brace.start())] * (depth == 0)
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
        return places

    def _place(self, at: int) -> str:
        return f"{self.name}:{self.text.count(chr(10), 0, at) + 1}"


def read_table(file: Path) -> Table:
    """A TOML file; ConfigurationError names it and what is wrong with it."""
    try:
        text = file.read_text("utf-8")
        return Table(file.name, text, tomllib.loads(text))
    except (OSError, ValueError) as problem:
        raise ConfigurationError(f"{file.name}: {problem}") from problem


def check(row: Mapping[str, Any], columns: Mapping[str, Kind], needed: Iterable[str], place: str) -> None:
    """Refuses a row with a column that is unknown, missing, or holds what it may not."""
    for key, value in row.items():
        if key not in columns:
            raise ConfigurationError(f"{place}: unknown column {key!r}; known are {', '.join(columns)}")
        if not columns[key].holds(value):
            raise ConfigurationError(f"{place}: {key} = {value!r} is not {columns[key].words}")
    for key in needed:
        if key not in row:
            raise ConfigurationError(f"{place}: the column {key!r} is missing")


def term(name: str, place: str, prefixes: Mapping[str, str] = PREFIXES) -> Token:
    """The term that a prefixed name stands for, or a whole URI between angle brackets."""
    if _URI.fullmatch(name):
        return uri_token(name[1:-1])
    if not _TERM.fullmatch(name):
        raise ConfigurationError(f"{place}: {name!r} is no prefixed name such as 'dcterms:title', and no <URI>")
    prefix, _, local = name.partition(":")
    if prefix not in prefixes:
        raise ConfigurationError(f"{place}: unknown prefix {prefix!r} in {name!r}")
    return uri_token(prefixes[prefix] + local)


def with_prefixes(own: Mapping[str, str], place_of: Callable[[str], str]) -> Mapping[str, str]:
    """Our prefixes and somebody's own, which must name a namespace and may not give ours another meaning."""
    for prefix, namespace in own.items():
        if not _TERM.fullmatch(f"{prefix}:x") or not _URI.fullmatch(f"<{namespace}>"):
            raise ConfigurationError(f"{place_of(prefix)}: {prefix} = {namespace!r} is not a prefix with its namespace")
        if PREFIXES.get(prefix, namespace) != namespace:
            raise ConfigurationError(f"{place_of(prefix)}: the prefix {prefix!r} stands for {PREFIXES[prefix]}")
    return {**PREFIXES, **own}
