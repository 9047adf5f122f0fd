"""`map --explain`: for every statement the field, value and line it came from; for every field what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from linkeddata.crosswalk import Mapping, Origin
from linkeddata.record import Record
from linkeddata.vocabulary.ntriples import Statement, Token, read_literal
from linkeddata.vocabulary.terms import shorten

_LONGEST = 80
Fate = Callable[[str], str]


def as_json(record: Record, mapping: Mapping, fate: Fate) -> dict[str, Any]:
    """The explanation of one record for programs; statements as N-Triples tokens."""
    return {
        "id": record.id,
        "place": record.place,
        "statements": [{"statement": list(said), **_origin(mapping.origins[said])} for said in mapping.statements],
        "fields": [
            {"field": name, "fate": fate(name), "values": len(values)} for name, values in record.fields.items()
        ],
        "left_out": [{"field": note.field, "value": note.value, "reason": note.reason} for note in mapping.notes],
    }


def as_text(record: Record, mapping: Mapping, fate: Fate) -> Iterator[str]:
    """The explanation of one record in lines: what is said, and from what; then the fields; then what is left out."""
    yield f"record {record.id} ({record.place}), base {_base(mapping)}"
    shown = [(_sentence(said, mapping), _words(mapping.origins[said])) for said in mapping.statements]
    width = min(max(len(sentence) for sentence, _ in shown), 2 * _LONGEST)
    yield from (f"  {sentence:{width}}  <- {words}" for sentence, words in shown)
    yield "  fields:"
    yield from (f"    {name}: {fate(name)}" for name in record.fields)
    if mapping.notes:
        yield "  left out:"
        yield from (f"    {note.field} {_quoted(note.value)}: {note.reason}" for note in mapping.notes)


def _origin(origin: Origin) -> dict[str, str]:
    known = {"field": origin.field, "value": origin.value, "rule": origin.place}
    return {name: value for name, value in known.items() if value}


def _words(origin: Origin) -> str:
    return " ".join(filter(None, (origin.field, origin.value and _quoted(origin.value), f"[{origin.place}]")))


def _base(mapping: Mapping) -> str:
    """What all URIs of the site begin with: what stands before the record's own path."""
    return mapping.statements[0][0][1:].partition("/id/")[0] + "/"


def _sentence(said: Statement, mapping: Mapping) -> str:
    return " ".join(_short(token, _base(mapping)) for token in said)


def _short(token: Token, base: str) -> str:
    """A token as people read it: prefixed names, URIs of ours from behind the base, texts cut."""
    if token[0] == "<":
        uri = token[1:-1]
        return f"<{uri[len(base) :]}>" if uri.startswith(base) else shorten(uri) or token
    text, language, datatype = read_literal(token)
    ending = f"@{language}" if language else f"^^{shorten(datatype[1:-1])}" if datatype else ""
    return _quoted(text) + ending


def _quoted(text: str) -> str:
    folded = " ".join(text.split())
    return f'"{folded}"' if len(folded) <= _LONGEST else f'"{folded[:_LONGEST]}…"'
