"""The forms of JSON-LD (JSON-LD 1.1, appendix C), and the schema.org view turned into them by PyLD.

Whoever asks for `application/ld+json` with a `profile` gets the form that it names; several in one
parameter are asked for together. The wall round PyLD, which is slow and so does only what nobody asks
for every day; nothing it is given here makes it fetch anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final, NoReturn, TypeAlias

import orjson
from pyld import jsonld as pyld

from linkeddata.errors import NotAcceptable

#: A JSON-LD document with its context inline, or a part of one.
Json: TypeAlias = Any

#: What the URIs of the forms begin with (the IANA registration of `application/ld+json`, parameter `profile`).
NAMESPACE: Final = "http://www.w3.org/ns/json-ld#"
#: A document of more values is not given to PyLD, whose work grows faster than their number (measured: 15,000 take
#: it 2 seconds to frame), while all threads wait for it. How long a text is makes no difference.
MOST_VALUES: Final = 15_000


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its name in `?form=`, and the local names of the profiles it conforms to."""

    name: str
    profiles: tuple[str, ...]

    @property
    def shape(self) -> str:
        """What it looks like: `compacted`, `expanded`, `flattened` or `framed`. Ours when compacted is flat, too."""
        return "compacted" if self.name == "flattened-compacted" else self.profiles[0]

    @property
    def content_type(self) -> str:
        """JSON-LD with the profiles echoed; the quotes are needed, for the URIs hold colons."""
        return f'application/ld+json;profile="{" ".join(NAMESPACE + each for each in self.profiles)}"'


def form_asked(profiles: Iterable[str]) -> Form | None:
    """The form that profiles (URIs) ask for together; None where none of them is the name of a form.

    Profiles that nobody here knows are read over (RFC 6906, section 3.1). Of forms that exclude each
    other the one named first is meant.

    >>> form_asked(["http://www.w3.org/ns/json-ld#flattened", "http://www.w3.org/ns/json-ld#compacted"]).name
    'flattened-compacted'
    """
    known = [each.removeprefix(NAMESPACE) for each in profiles if each.startswith(NAMESPACE)]
    names = [name for name in dict.fromkeys(known) if name in FORMS]
    together = next((form for form in FORMS.values() if set(form.profiles) == set(names)), None)
    return together or (FORMS[names[0]] if names else None)


def in_form(document: Json, form: Form, *, focus: str) -> bytes:
    """A compacted document (the schema.org view) in a form, as bytes; `focus` is the URI that framing begins from.

    NotAcceptable where the document is too long or too odd for PyLD; the compacted forms are ours and have no limit.
    """
    write = _WRITERS[form.name]
    formed = document if write is _as_it_is else _by_pyld(document, lambda: write(document, focus))
    return orjson.dumps(formed, option=orjson.OPT_APPEND_NEWLINE)


def statements_of(document: Json) -> bytes:
    """A document as N-Triples; NotAcceptable where it is too long or too odd for PyLD."""
    options = {**_OFFLINE, "format": "application/n-quads"}
    quads: str = _by_pyld(document, lambda: pyld.to_rdf(document, options))
    return quads.encode()


def _values(part: Json) -> int:
    inner = part.values() if isinstance(part, dict) else part
    return sum(map(_values, inner)) if isinstance(part, dict | list) else 1


def _by_pyld(document: Json, work: Callable[[], Json]) -> Json:
    if _values(document) > MOST_VALUES:
        raise NotAcceptable("this description is too long for that; it can be had in the other formats")
    try:
        # Its caches are shared by all threads and made for one (cachetools).
        with _one_at_a_time():
            return work()
    except (pyld.JsonLdError, RecursionError) as error:
        raise NotAcceptable("this description cannot be given in that form of JSON-LD") from error


@lru_cache(maxsize=1)
def _one_at_a_time() -> Lock:
    return Lock()


def _refuse(url: str, _options: object = None) -> NoReturn:
    """Every context of ours stands inline, so whoever asks for a document was sent by hostile data."""
    raise pyld.JsonLdError(f"no document is fetched: {url}", "jsonld.LoadDocumentError")


_OFFLINE: Final = {"documentLoader": _refuse}


def _as_it_is(document: Json, _focus: str) -> Json:
    """Ours is compact."""
    return document


def _flat(document: Json, _focus: str) -> Json:
    return pyld.flatten(document, {"@context": document["@context"]}, dict(_OFFLINE))


def _expanded(document: Json, _focus: str) -> Json:
    return pyld.expand(document, dict(_OFFLINE))


def _flattened(document: Json, _focus: str) -> Json:
    return pyld.flatten(document, None, dict(_OFFLINE))


def _framed(document: Json, focus: str) -> Json:
    """A tree that begins at the focus; what it does not lead to follows as further trees, so nothing is lost."""
    flat = pyld.flatten(document, None, dict(_OFFLINE))
    frame = {"@context": document["@context"], "@id": _roots(flat, focus)}
    options = {**_OFFLINE, "embed": "@once", "omitGraph": True}
    framed = pyld.frame(document, frame, options)
    if "@graph" in framed:
        key = next((name for name, meaning in document["@context"].items() if meaning == "@id"), "@id")
        framed["@graph"].sort(key=lambda node: node.get(key) != focus)
    return framed


def _roots(flat: list[dict[str, Json]], focus: str) -> list[str]:
    """The focus, and as few others as lead to all nodes that it does not lead to."""
    leads = {node["@id"]: set(_ids(node)) - {node["@id"]} for node in flat}
    pointed_at = {target for targets in leads.values() for target in targets}
    reached: set[str] = set()
    roots = []
    for node in sorted(leads, key=lambda each: (each != focus, each in pointed_at)):
        if node not in reached:
            roots.append(node)
            _reach(node, leads, reached)
    return roots


def _reach(start: str, leads: Mapping[str, set[str]], reached: set[str]) -> None:
    """Add to `reached` all that a node leads to."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += leads.get(node, ())


def _ids(value: Json) -> Iterable[str]:
    """The nodes that a value of expanded JSON-LD names."""
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, dict) and "@value" not in value:
        if isinstance(value.get("@id"), str):
            yield value["@id"]
        for key, inner in value.items():
            if key not in ("@id", "@type"):
                yield from _ids(inner)


_Writer: TypeAlias = Callable[[Json, str], Json]
_FORMS: Final[tuple[tuple[Form, _Writer], ...]] = (
    (Form("compacted", ("compacted",)), _as_it_is),
    (Form("expanded", ("expanded",)), _expanded),
    (Form("flattened", ("flattened",)), _flattened),
    (Form("framed", ("framed",)), _framed),
    (Form("flattened-compacted", ("flattened", "compacted")), _flat),
    (Form("flattened-expanded", ("flattened", "expanded")), _flattened),
    (Form("framed-compacted", ("framed", "compacted")), _framed),
)
_WRITERS: Final[Mapping[str, _Writer]] = {form.name: write for form, write in _FORMS}
#: Every form by its name.
FORMS: Final[Mapping[str, Form]] = {form.name: form for form, _ in _FORMS}
