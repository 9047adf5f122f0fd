"""The pieces of pages that stand there by the dozen: a macro of Jinja takes several times as long.

Each function gives HTML, in which every value and message was escaped, once. Templates know them all by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from markupsafe import escape

from linkeddata.representations.issue_groups import Item
from linkeddata.representations.parts import Data, Offer, Row, Text
from linkeddata.wording import Wording

#: What stands for something else in HTML.
_SPECIAL: Final = re.compile("[&<>\"']")
#: A text of more characters opens in place.
_LONG: Final = 6000


def safe(text: str) -> str:
    """A text that can stand in an element or between quotes; most hold nothing to escape, and that is seen quickly."""
    return escape(text) if _SPECIAL.search(text) else text


def lang(tag: str | None) -> str:
    """The attribute for a language, where there is one."""
    return f' lang="{safe(tag)}"' if tag else ""


def show(text: Text, rel: str = "", *, words: Wording) -> str:
    """A text with its link, its language, whether it was mined, and its note."""
    written, tag, href, note, moment, is_mined, _ = text
    value = safe(written)
    if moment:
        said = f'<time datetime="{safe(moment)}">{value}</time>'
    elif href:
        related = f' rel="{safe(rel)}"' if rel else ""
        said = f'<a{related} href="{safe(href)}"{lang(tag)} dir="auto">{value}</a>'
    else:
        said = f'<span{lang(tag)} dir="auto">{value}</span>'
    if is_mined:
        said = f'<span class="mined">{said}</span> {_mined(words)}'
    return f'{said} <span class="mute">({safe(note)})</span>' if note else said


def _mined(words: Wording) -> str:
    why = words.say("Read out of free text by a named rule, not a field of the source")
    tag = words.say("mined")
    return f'<span class="tag" title="{safe(why)}">{safe(tag)}</span>'


def listed(texts: Iterable[Text], rel: str = "", *, words: Wording) -> str:
    """Texts as the members of a list."""
    return "".join([f"<li>{show(text, rel, words=words)}</li>" for text in texts])


def rows(rows: Iterable[Row], *, words: Wording) -> str:
    """Labels, and behind each what stands beside it; a long text opens in place."""
    said = [
        f"<dt>{safe(label)}</dt>{''.join([f'<dd>{_beside(text, words)}</dd>' for text in values])}"
        for label, values, _ in rows
    ]
    return f'<dl class="kv">\n{"".join(said)}</dl>'


def _beside(text: Text, words: Wording) -> str:
    said, length = show(text, words=words), len(text.value)
    if length <= _LONG:
        return said
    called = words.say("Show the whole text (%(count)s characters)", count=words.number(length))
    return f"<details><summary>{safe(called)}</summary>{said}</details>"


def works(items: Iterable[Item], *, words: Wording) -> str:
    """A list of works: of each how many there are, where it stands for several, its title and remarks."""
    return f'<ul class="works">\n{"".join([_work(item, words) for item in items])}</ul>'


def _work(item: Item, words: Wording) -> str:
    count = f'<span class="count small mute">{safe(item.count)}</span>' if item.count else ""
    remarks = f'<br><span class="small mute" dir="auto">{safe(item.remarks)}</span>' if item.remarks else ""
    return f'<li>{count}<span class="t">{show(item.title, words=words)}</span>{remarks}</li>\n'


def plainly(texts: Iterable[Text]) -> str:
    """Texts one behind the other, with as few elements as it takes: for a cell that says where they come from."""
    return " · ".join([plain(text) for text in texts])


def plain(text: Text) -> str:
    """One of these."""
    said = safe(text.value)
    if text.href:
        said = f'<a href="{safe(text.href)}"{lang(text.lang)} dir="auto">{said}</a>'
    elif text.lang:
        said = f'<span{lang(text.lang)} dir="auto">{said}</span>'
    return f"{said} ({safe(text.note)})" if text.note else said


def head(data: Data, description: str) -> str:
    """What the head of the page of a thing says: where it lives, and in which formats it is to be had."""
    view, bare = (data.view,) if data.view else (), data.described_by
    return (
        f'<meta name="description" content="{safe(description)}">\n'
        f'<link rel="canonical" href="{safe(data.canonical)}">\n{alternates((*data.offers, *view))}'
    ) + (f'<link rel="describedby" type="{safe(bare.content_type)}" href="{safe(bare.href)}">' if bare else "")


def alternates(offers: Iterable[Offer]) -> str:
    """Formats of a document, for the head of its page."""
    return "".join([f'<link rel="alternate" type="{safe(kind)}" href="{safe(href)}">\n' for _, href, kind in offers])


def offered(offers: Iterable[Offer]) -> str:
    """The same for people: as the members of a list."""
    return "".join(
        [f'<li><a href="{safe(href)}" type="{safe(kind)}">{safe(label)}</a></li>\n' for label, href, kind in offers]
    )


def data_card(data: Data, root: str = "", *, words: Wording) -> str:
    """What a page says of its thing for programs; with the site's `root`, of what the SPARQL endpoint knows."""
    title, permanent = safe(words.say("This page as data")), safe(words.say("Permanent URI"))
    copy, same = safe(words.say("Copy URI")), safe(words.say("The same by SPARQL"))
    query = f"{safe(root)}sparql?query={quote(data.query)}"
    asked = f'<p class="small"><a rel="nofollow" href="{query}">{same}</a></p>\n' if root else ""
    return (
        f'<section class="card noprint" aria-labelledby="fmt"><h2 id="fmt">{title}</h2>\n'
        f'<p class="small mute">{permanent}</p>\n<p><code id="uri">{safe(data.uri)}</code></p>\n'
        f'<p><button type="button" hidden data-copy="uri">{copy}</button></p>\n'
        f'<ul class="chips">\n{offered(data.offers)}</ul>\n<pre><code>{safe(data.curl)}</code></pre>\n{asked}</section>'
    )


#: What says something in words, and what says the same in every language.
WORDED: Final = (show, listed, rows, works, data_card)
ALIKE: Final = (plain, plainly, head, alternates, offered)
