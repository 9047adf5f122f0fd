"""One JSON object out of bytes, exactly, or the reason why not; and into bytes.

orjson is fast and strict, but says nothing of a key that stands twice, makes floats of long
integers and refuses lone surrogates, which JSON allows (RFC 8259, 8.2) and broken sources have. So
what it gives is taken only where none of this can be at stake; the rest is read again by the
standard library, which is slower and can be asked for all of it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NoReturn

import orjson

from linkeddata.errors import RecordRefused

MAX_DEPTH = 100
MAX_VALUES = 500_000  # 32 MiB of "[],[],…" would otherwise become a gigabyte of empty lists

_FLAT = frozenset({str, int, bool, type(None)})
_FLAT_OR_LIST = _FLAT | {list}
# So many of a mark outside strings. All repetitions are possessive, so nothing is kept of what was passed.
_OVERFULL = {
    mark: re.compile(
        rb'(?:(?:[^"\%b]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+\%b){%d}+' % (mark, mark, MAX_VALUES + 1), re.DOTALL
    )
    for mark in (b",", b"[", b"{")
}
_KEY_END = re.compile(rb'"[ \t\r\n]*:')
_UP_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+[\[\]{}]', re.DOTALL)


def json_object(text: bytes) -> dict[str, Any]:
    """The object a text holds; numbers may come as their text. Raises `RecordRefused` with the reason.

    >>> json_object(b'{"id": 40697, "score": 1.50}')
    {'id': '40697', 'score': '1.50'}
    >>> json_object(b'{"title": "a", "title": "b"}')
    Traceback (most recent call last):
    linkeddata.errors.RecordRefused: key 'title' stands twice
    """
    if len(text) > MAX_VALUES and _is_overfull(text):
        raise RecordRefused(f"more than {MAX_VALUES:,} values")
    value = _quickly(text)
    if value is None:
        value = _carefully(text)
    if not isinstance(value, dict):
        raise RecordRefused("not a JSON object")
    return value


def json_line(document: dict[str, Any]) -> bytes:
    """The object on a line of its own; half a surrogate pair, which UTF-8 cannot carry, is escaped.

    >>> json_line({"id": "é"}), json_line({"id": "\\ud800"})
    (b'{"id":"\\xc3\\xa9"}\\n', b'{"id":"\\\\ud800"}\\n')
    """
    try:
        return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _is_overfull(text: bytes) -> bool:
    """Whether it holds too many values. Commas and brackets in strings are text, which matters where there are many."""
    return any(text.count(mark) > MAX_VALUES and overfull.match(text) for mark, overfull in _OVERFULL.items())


def _quickly(text: bytes) -> dict[str, Any] | None:
    """What orjson gives, or nothing where its answer might not be the whole truth.

    Every key is followed by a quote and a colon, so as many of these as keys means that no key
    stands twice. Strings may hold the pair too: then the count is higher, never lower.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if type(value) is not dict or len(_KEY_END.findall(text)) != len(value) or not _is_flat(value):
        return None
    return value


def _is_flat(value: dict[str, Any]) -> bool:
    """Whether all values are plain texts and integers or lists of them, as Solr documents have them."""
    listed = itertools.chain.from_iterable(each for each in value.values() if type(each) is list)
    return _FLAT.issuperset(map(type, listed)) and _FLAT_OR_LIST.issuperset(map(type, value.values()))


def _carefully(text: bytes) -> Any:
    """What the standard library gives, with numbers as their text; depth is bounded first, it recurses."""
    if _depth(text) > MAX_DEPTH:
        raise RecordRefused(f"nested deeper than {MAX_DEPTH} levels")
    try:
        return json.loads(
            text.decode(),
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repeats,
        )
    except UnicodeDecodeError as error:
        raise RecordRefused(f"not UTF-8: byte 0x{text[error.start]:02x} at position {error.start + 1}") from error
    except json.JSONDecodeError as error:
        line = f"line {error.lineno} of the document, " if error.lineno > 1 else ""
        raise RecordRefused(f"not JSON: {error.msg.removesuffix(' at')} at {line}column {error.colno}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise RecordRefused(f"not JSON: {name} is not a number")


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise RecordRefused(f"key {key!r} stands twice")
    return value


def _depth(text: bytes) -> int:
    """How deep the brackets outside strings go; no further than just past the limit is looked."""
    depth = deepest = at = 0
    while deepest <= MAX_DEPTH and (found := _UP_TO_BRACKET.match(text, at)):
        at = found.end()
        depth += 1 if text[at - 1] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
