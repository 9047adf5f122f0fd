"""What a thing is, in the few words of the badges above its title."""

from __future__ import annotations

from collections.abc import Sequence

from linkeddata.representations.described import Described
from linkeddata.representations.parts import capital
from linkeddata.vocabulary.ntriples import Token
from linkeddata.vocabulary.tokens import BIBO, COAR, DCMITYPE, DCTERMS, SCHEMA, Vocabulary

#: COAR types that say no more than the class beside them ("journal article" beside "academic article").
_NO_NEWS = {COAR[code] for code in ("c_6501", "c_2f33", "c_3248", "c_0640", "c_12ce", "c_18cc", "c_c513", "c_1843")}


def type_badges(view: Described, work: Token) -> tuple[str, ...]:
    """The type and the status of a work, most telling word first; "Document" where nothing is known."""
    words = _type_words(view, work)
    status = [view.term(value) for value in view.values(work, BIBO.status)]
    return tuple(dict.fromkeys(capital(word) for word in words + status))


def _type_words(view: Described, work: Token) -> list[str]:
    stated = view.values(work, DCTERMS.type)
    classes = [view.term(kind) for kind in _in(BIBO, view.types(work)) if kind != BIBO.Document]
    narrower = [view.term(kind) for kind in _in(COAR, stated) if not (classes and kind in _NO_NEWS)]
    if narrower or classes:
        # "Thesis" goes where "doctoral thesis" says it too
        return [word for word in classes if not any(word.lower() in other.lower() for other in narrower)] + narrower
    others = view.types(work)
    general = (*_in(DCMITYPE, others), *(kind for kind in _in(SCHEMA, others) if kind != SCHEMA.CreativeWork))
    return [view.term(kind) for kind in general[:1]] or [_document(view, stated)]


def _document(view: Described, stated: Sequence[Token]) -> str:
    """The class of everything, with the source's own word where we had none for it."""
    own = [view.text(value).value for value in stated if _is_format(view, value)]
    return f"{view.term(BIBO.Document)} ({own[0]})" if own else view.term(BIBO.Document)


def _is_format(view: Described, value: Token) -> bool:
    name = view.name(value)
    return name is not None and name.kind == "concept" and name.key.startswith("format/")


def _in(vocabulary: Vocabulary, terms: Sequence[Token]) -> list[Token]:
    return [term for term in terms if term in vocabulary]
