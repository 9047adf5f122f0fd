"""Translated records in a file, one behind the other: a line of JSON that tells all that is short, then the pieces.

The pieces are packed already. Before each line stands a mark: whether the record is published, stands back behind
another source's, or is an id that was withdrawn.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import orjson

from linkeddata.catalogue import Translation
from linkeddata.catalogue.search_row import Row, unpacked
from linkeddata.errors import SourceError
from linkeddata.record import Deletion

SERVED: Final = b"+"
STANDS_BACK: Final = b"-"
WITHDRAWN: Final = b"x"
_TEXTS: Final = ("id", "source", "age", "owned", "title", "year", "place")
_HASHES: Final = ("source_hash", "fingerprint")
_PIECES: Final = ("statements", "document", "mined", "clues")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a frame holds: a record, and whether it is published, or the successor of a withdrawn id. `frame` is all
    of it but the mark."""

    outcome: Translation | Deletion
    frame: bytes
    is_served: bool = False


def frame(translation: Translation) -> bytes:
    """A record without its mark."""
    told: dict[str, Any] = {name: getattr(translation, name) for name in _TEXTS}
    told |= {name: getattr(translation, name).hex() for name in _HASHES}
    pieces = [getattr(translation, name) for name in _PIECES]
    told |= {"marks": _text(translation.marks), "lengths": [len(piece) for piece in pieces]}
    told["row"] = [_text(each) if isinstance(each, bytes) else each for each in unpacked(translation.row)]
    return b"".join((orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE), *pieces))


def withdrawal_frame(identifier: str, successor: str) -> bytes:
    """An id that was withdrawn, and which one took its place; without its mark."""
    return orjson.dumps({"id": identifier, "successor": successor}, option=orjson.OPT_APPEND_NEWLINE)


def read_frames(file: BinaryIO, name: str) -> Iterator[Kept]:
    """What a file holds, in its order. SourceError where it is none of these, or ends too early."""
    while mark := file.read(1):
        try:
            yield _read(mark, file)
        except (KeyError, TypeError, ValueError) as problem:
            raise SourceError(f"{name}: this is no file of mapped records, or it is damaged: {problem!r}") from problem


def _read(mark: bytes, file: BinaryIO) -> Kept:
    line = file.readline()
    told = orjson.loads(line)
    if mark == WITHDRAWN:
        return Kept(Deletion(told["id"], successor=told["successor"]), line)
    if mark not in (SERVED, STANDS_BACK):
        raise ValueError(mark)
    held = file.read(sum(told["lengths"]))
    if len(held) < sum(told["lengths"]):
        raise ValueError("it ends too early")
    return Kept(_translation(told, held), line + held, mark == SERVED)


def _translation(told: dict[str, Any], held: bytes) -> Translation:
    named: dict[str, Any] = {name: told[name] for name in _TEXTS}
    named |= {name: bytes.fromhex(told[name]) for name in _HASHES}
    named |= dict(zip(_PIECES, _cut(held, told["lengths"]), strict=True))
    row = Row(*told["row"])
    row = row._replace(terms=b64decode(row.terms), numbers=tuple(row.numbers))
    return Translation(**named, marks=b64decode(told["marks"]), row=row.packed())


def _cut(held: bytes, lengths: list[int]) -> Iterator[bytes]:
    start = 0
    for length in lengths:
        yield held[start : start + length]
        start += length


def _text(value: bytes) -> str:
    return b64encode(value).decode("ascii")
