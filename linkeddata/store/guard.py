"""Looks at a stranger's SPARQL before any parser does: one linear scan for words and brackets.

It gives good messages and cheap refusals; safety is the worker process, which has no network, no
file it could write and a deadline. Strings, IRIs, prefixed names, variables and comments are
skipped whole, so that `ex:service`, `?service` and `"SERVICE"` are what they look like.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from linkeddata.errors import QueryForbidden, QueryMalformed, QueryTooCostly, marked
from linkeddata.store.limits import Limits


class Form(Enum):
    """What a query asks for, which decides the formats it can be answered in."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        return self in (Form.CONSTRUCT, Form.DESCRIBE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind (a group of `_TOKEN`) and its text, words in upper case."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What the scan found: the form, and whether the query can only be a look-up (`cheap`)."""

    form: Form
    cheap: bool


# The terminals of SPARQL 1.1 (section 19.8). Quantifiers are possessive, and what one alternative has
# read to its end is taken, so that no text makes the scan slower than linear.
_TOKEN: Final = re.compile(
    r"""
    (?P<comment> \#[^\n\r]*+ )
  | (?P<iri>     <(?:[^<>"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]{4,8})*+> )
  | (?P<string>  "{3}(?:"{0,2}(?:[^"\\]|\\.))*+"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{3}
               | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
  | (?P<unclosed> ["'] )
  | (?P<var>     [?$]\w++ )
  | (?P<lang>    @[A-Za-z][A-Za-z0-9-]*+ )
  | (?P<word>    (?: [^\W\d][\w.-]*+ (?P<local> :LOCAL )? ) )
  | (?P<name>    :LOCAL )
  | (?P<number>  (?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)? )
  | (?P<open>    [({\[] )
  | (?P<close>   [)}\]] )
  | (?P<mark>    \S )
    """.replace("LOCAL", r"(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*+"),
    re.VERBOSE | re.DOTALL,
)
_PARTS: Final = re.compile(r"\w+|[.-]")
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
_OPERATOR_WORDS: Final = frozenset({"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH", "IN", "NOT", "EXISTS"})
_TOO_DEEP: Final = marked(
    "The query is too complex: its nesting depth is %(found)s, and %(bound)s is the most allowed."
)
_TOO_MANY_UNIONS: Final = marked(
    "The query is too complex: its number of UNIONs is %(found)s, and %(bound)s is the most allowed."
)
_TOO_MANY_OPERATORS: Final = marked(
    "The query is too complex: its number of patterns and operators is %(found)s, and %(bound)s is the most allowed."
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def examine(text: str, limits: Limits) -> Examined:
    """The form of a query that is worth parsing.

    QueryForbidden for SERVICE and updates, QueryTooCostly for what no parser should meet,
    QueryMalformed where there is no query at all.
    """
    if len(text.encode("utf-8", "surrogatepass")) > limits.max_query_bytes:
        raise QueryTooCostly("The query is longer than %(bytes)s bytes.", bytes=limits.max_query_bytes)
    # The standard decodes escapes before all else (19.2), Oxigraph only inside strings and IRIs: a
    # keyword must not hide from either reading.
    if _ESCAPE.search(text):
        _check(list(tokens(_ESCAPE.sub(_character, text))), limits)
    found = list(tokens(text))
    _check(found, limits)
    form = _form(found)
    return Examined(form, _is_look_up(form, found))


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        raise QueryMalformed("The escape %(escape)s names no character.", escape=escape[0])
    return chr(number)


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a query but for its comments; QueryMalformed where a string is never closed."""
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        if kind == "unclosed":
            line = text.count("\n", 0, found.start()) + 1
            raise QueryMalformed("Line %(line)s: this string is never closed.", line=line)
        if kind == "word" and found["local"] is None:
            yield from _words(found[0])
        elif kind != "comment":
            yield Token("name" if kind == "word" else kind, found[0])


def _words(text: str) -> Iterator[Token]:
    # Only a prefix may hold dots and dashes (`dc.terms:`); elsewhere they part words (`true.FILTER`).
    for part in _PARTS.findall(text):
        yield Token("mark", part) if part in ".-" else Token("word", part.upper())


def _check(tokens: list[Token], limits: Limits) -> None:
    words = [token.text for token in tokens if token.kind == "word"]
    if "SERVICE" in words:
        raise QueryForbidden("SERVICE is refused: this endpoint never asks other servers.")
    for word in words:
        if word in _UPDATES:
            raise QueryForbidden("%(word)s is refused: this endpoint is read-only.", word=word)
    unions = words.count("UNION")
    operators = sum(token.kind == "mark" or token.text in _OPERATOR_WORDS for token in tokens)
    for message, found, bound in (
        (_TOO_DEEP, _depth(tokens), limits.max_depth),
        (_TOO_MANY_UNIONS, unions, limits.max_unions),
        (_TOO_MANY_OPERATORS, operators, limits.max_operators),
    ):
        if found > bound:
            raise QueryTooCostly(message, found=found, bound=bound)


def _depth(tokens: list[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        if token.kind == "open":
            depth += 1
            deepest = max(deepest, depth)
        elif token.kind == "close":
            depth -= 1
    return deepest


def _form(tokens: list[Token]) -> Form:
    for token in tokens:
        if token.kind == "word" and token.text not in _PROLOGUE:
            if token.text in Form.__members__:
                return Form(token.text)
            break
    raise QueryMalformed("The query has no SELECT, ASK, CONSTRUCT or DESCRIBE.")


_LOOK_UP_WORDS: Final = _PROLOGUE | {"SELECT", "ASK", "DESCRIBE", "WHERE", "A", "LIMIT"}
_FIXED: Final = ("iri", "name", "close")
_MOST_PATTERNS: Final = 8


def _is_look_up(form: Form, tokens: list[Token]) -> bool:
    """Whether a query can only touch a few statements, by its looks.

    Every pattern has a fixed subject, or the only pattern is bounded by ASK or LIMIT; nothing sorts,
    groups, filters or walks a path.
    """
    for before, token in zip([Token("mark", "."), *tokens], tokens, strict=False):
        if token.kind == "word" and token.text not in _LOOK_UP_WORDS:
            return False
        if token.kind == "mark" and token.text not in ".;," and before.text != "SELECT":
            return False
    subjects = _subjects(tokens)
    # Even of one subject the values of many patterns multiply.
    if len(subjects) + sum(token.text in (";", ",") for token in tokens) > _MOST_PATTERNS:
        return False
    if all(token.kind in _FIXED for token in subjects):
        return form is not Form.SELECT or bool(subjects)
    single = len(subjects) == 1 and not any(token.text in (";", ",") for token in tokens)
    return single and (form is Form.ASK or (form is Form.SELECT and "LIMIT" in {token.text for token in tokens}))


def _subjects(tokens: list[Token]) -> list[Token]:
    """The tokens that begin a statement; a `}` after a last full stop is none."""
    after = [token for before, token in itertools.pairwise(tokens) if before.text in ("{", ".")]
    return [token for token in after if token.kind != "close"] or after[:1]
