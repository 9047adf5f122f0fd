"""The smallest pieces of pages, which stand there by the dozen: a macro of Jinja takes several times as long."""

from __future__ import annotations

from markupsafe import Markup, escape

from linkeddata.representations.parts import Text
from linkeddata.wording import Wording


def show(text: Text, rel: str = "", *, words: Wording) -> Markup:
    """A text with its link, its language, whether it was mined, and its note."""
    value, lang = escape(text.value), _lang(text)
    if text.moment:
        said = f'<time datetime="{escape(text.moment)}">{value}</time>'
    elif text.href:
        related = f' rel="{escape(rel)}"' if rel else ""
        said = f'<a{related} href="{escape(text.href)}"{lang} dir="auto">{value}</a>'
    else:
        said = f'<span{lang} dir="auto">{value}</span>'
    if text.mined:
        why = words.say("Read out of free text by a named rule, not a field of the source")
        said = f'<span class="mined">{said}</span> <span class="tag" title="{why}">{words.say("mined")}</span>'
    # Every value in it is escaped.
    return Markup(f'{said} <span class="mute">({escape(text.note)})</span>' if text.note else said)  # noqa: S704


def plain(text: Text) -> Markup:
    """The same with as few elements as it takes, for a cell that says where it comes from."""
    said, lang = str(escape(text.value)), _lang(text)
    if text.href:
        said = f'<a href="{escape(text.href)}"{lang} dir="auto">{said}</a>'
    elif lang:
        said = f'<span{lang} dir="auto">{said}</span>'
    return Markup(f"{said} ({escape(text.note)})" if text.note else said)  # noqa: S704 - as above


def _lang(text: Text) -> str:
    return f' lang="{escape(text.lang)}"' if text.lang else ""
