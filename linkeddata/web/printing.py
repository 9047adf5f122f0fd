"""The smallest pieces of pages, which stand there by the dozen: a macro of Jinja takes several times as long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

from linkeddata.representations.parts import Text
from linkeddata.wording import Wording

#: What stands for something else in HTML.
_SPECIAL: Final = re.compile("[&<>\"']")


def _safe(text: str) -> str:
    """A text that can stand in an element or between quotes; most hold nothing to escape, and that is seen quickly."""
    return escape(text) if _SPECIAL.search(text) else text


def show(text: Text, rel: str = "", *, words: Wording) -> Markup:
    """A text with its link, its language, whether it was mined, and its note."""
    value, lang = _safe(text.value), _lang(text)
    if text.moment:
        said = f'<time datetime="{_safe(text.moment)}">{value}</time>'
    elif text.href:
        related = f' rel="{_safe(rel)}"' if rel else ""
        said = f'<a{related} href="{_safe(text.href)}"{lang} dir="auto">{value}</a>'
    else:
        said = f'<span{lang} dir="auto">{value}</span>'
    if text.mined:
        why = _safe(words.say("Read out of free text by a named rule, not a field of the source"))
        tag = f'<span class="tag" title="{why}">{_safe(words.say("mined"))}</span>'
        said = f'<span class="mined">{said}</span> {tag}'
    # Every value in it is escaped.
    return Markup(f'{said} <span class="mute">({_safe(text.note)})</span>' if text.note else said)  # noqa: S704


def plainly(texts: Iterable[Text]) -> Markup:
    """Texts one behind the other, with as few elements as it takes: for a cell that says where they come from."""
    return Markup(" · ".join([plain(text) for text in texts]))  # noqa: S704 - as above


def plain(text: Text) -> Markup:
    """One of these."""
    said, lang = _safe(text.value), _lang(text)
    if text.href:
        said = f'<a href="{_safe(text.href)}"{lang} dir="auto">{said}</a>'
    elif lang:
        said = f'<span{lang} dir="auto">{said}</span>'
    return Markup(f"{said} ({_safe(text.note)})" if text.note else said)  # noqa: S704 - as above


def _lang(text: Text) -> str:
    return f' lang="{_safe(text.lang)}"' if text.lang else ""
