"""The pieces of pages that stand there by the dozen: a macro of Jinja takes several times as long.

Every value in them is escaped here, once, and what they give is marked as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from markupsafe import Markup, escape

from linkeddata.representations.appearance import Appearance
from linkeddata.representations.issue_groups import Item
from linkeddata.representations.parts import Offer, Row, Text
from linkeddata.representations.statement_table import StatementRow
from linkeddata.wording import Wording

#: What stands for something else in HTML.
_SPECIAL: Final = re.compile("[&<>\"']")
#: A text of so many characters opens in place.
_LONG: Final = 6000
#: Prints something, given that and what else it takes.
Printer: TypeAlias = Callable[..., Markup]


def printers(current: Callable[[], Wording]) -> dict[str, Printer]:
    """All of them by name; what they say in words is in the language that `current` gives."""

    def worded(printer: Printer) -> Printer:
        return lambda *given, **named: printer(*given, **named, words=current())

    return {
        **{each.__name__: worded(each) for each in (show, listed, rows, appeared, works, statements)},
        **{each.__name__: each for each in (plain, plainly, alternates, offered, metas)},
    }


def _safe(text: str) -> str:
    """A text that can stand in an element or between quotes; most hold nothing to escape, and that is seen quickly."""
    return escape(text) if _SPECIAL.search(text) else text


def _html(pieces: Iterable[str]) -> Markup:
    """Pieces of HTML as one."""
    return Markup("".join(pieces))  # noqa: S704 - every value in it was escaped


def show(text: Text, rel: str = "", *, words: Wording) -> Markup:
    """A text with its link, its language, whether it was mined, and its note."""
    return Markup(_shown(text, rel, words))  # noqa: S704 - as above


def _shown(text: Text, rel: str, words: Wording) -> str:
    written, lang, href, note, moment, mined, _ = text
    value = _safe(written)
    if moment:
        said = f'<time datetime="{_safe(moment)}">{value}</time>'
    elif href:
        related = f' rel="{_safe(rel)}"' if rel else ""
        said = f'<a{related} href="{_safe(href)}"{_lang(lang)} dir="auto">{value}</a>'
    else:
        said = f'<span{_lang(lang)} dir="auto">{value}</span>'
    if mined:
        why = _safe(words.say("Read out of free text by a named rule, not a field of the source"))
        tag = f'<span class="tag" title="{why}">{_safe(words.say("mined"))}</span>'
        said = f'<span class="mined">{said}</span> {tag}'
    return f'{said} <span class="mute">({_safe(note)})</span>' if note else said


def listed(texts: Iterable[Text], rel: str = "", *, words: Wording) -> Markup:
    """Texts as the members of a list."""
    return _html([f"<li>{_shown(text, rel, words)}</li>" for text in texts])


def rows(rows: Iterable[Row], *, words: Wording) -> Markup:
    """Labels, and behind each what stands beside it; a long text opens in place."""
    said = [
        f"<dt>{_safe(row.label)}</dt>{''.join([f'<dd>{_beside(text, words)}</dd>' for text in row.values])}"
        for row in rows
    ]
    return _html(['<dl class="kv">\n', *said, "</dl>"])


def _beside(text: Text, words: Wording) -> str:
    said, length = _shown(text, "", words), len(text.value)
    if length <= _LONG:
        return said
    called = words.say("Show the whole text (%(count)s characters)", count=words.number(length))
    return f"<details><summary>{_safe(called)}</summary>{said}</details>"


def appeared(seen: Appearance, *, words: Wording) -> Markup:
    """Where and when a work appeared, in one line."""
    container, numbers, place = seen.container, seen.numbers, _safe(seen.place)
    within = [
        f"<i>{_shown(container, '', words)}</i>" if container else "",
        _shown(numbers, "", words) if numbers else "",
        f'<span class="mined">{place}</span>' if place and seen.pages_mined else place,
    ]
    around = [*seen.publishers, seen.date] if seen.date else seen.publishers
    first = ", ".join(filter(None, within))
    return _html(" · ".join([*([first] if first else []), *(_shown(text, "", words) for text in around)]))


def works(items: Iterable[Item], *, words: Wording) -> Markup:
    """A list of works: of each how many there are, where it stands for several, its title and remarks."""
    return _html(['<ul class="works">\n', *[_work(item, words) for item in items], "</ul>"])


def _work(item: Item, words: Wording) -> str:
    count = f'<span class="count small mute">{_safe(item.count)}</span>' if item.count else ""
    remarks = f'<br><span class="small mute" dir="auto">{_safe(item.remarks)}</span>' if item.remarks else ""
    return f'<li>{count}<span class="t">{_shown(item.title, "", words)}</span>{remarks}</li>\n'


def statements(rows: Iterable[StatementRow], *, words: Wording) -> Markup:
    """The rows of a table of statements."""
    mined = f"<td>{_safe(words.say('mined'))}</td>"
    return _html(
        [
            f'<tr><th scope="row">{_safe(label)} ({_safe(curie)})</th><td dir="auto">{_plainly(values)}</td>'
            f'{mined if is_mined else f"""<td translate="no">{_safe(field)}</td>"""}</tr>\n'
            for label, curie, values, field, is_mined in rows
        ]
    )


def plainly(texts: Iterable[Text]) -> Markup:
    """Texts one behind the other, with as few elements as it takes: for a cell that says where they come from."""
    return Markup(_plainly(texts))  # noqa: S704 - as above


def plain(text: Text) -> Markup:
    """One of these."""
    return Markup(_plain(text))  # noqa: S704 - as above


def _plainly(texts: Iterable[Text]) -> str:
    return " · ".join([_plain(text) for text in texts])


def _plain(text: Text) -> str:
    said = _safe(text.value)
    if text.href:
        said = f'<a href="{_safe(text.href)}"{_lang(text.lang)} dir="auto">{said}</a>'
    elif text.lang:
        said = f'<span{_lang(text.lang)} dir="auto">{said}</span>'
    return f"{said} ({_safe(text.note)})" if text.note else said


def _lang(lang: str | None) -> str:
    return f' lang="{_safe(lang)}"' if lang else ""


def alternates(offers: Iterable[Offer]) -> Markup:
    """A document's other formats, for the head of its page."""
    return _html(
        f'<link rel="alternate" type="{_safe(kind)}" href="{_safe(href)}">\n' for _, href, kind in offers
    )


def offered(offers: Iterable[Offer]) -> Markup:
    """The same for people, as the members of a list."""
    return _html(
        f'<li><a href="{_safe(href)}" type="{_safe(kind)}">{_safe(label)}</a></li>\n' for label, href, kind in offers
    )


def metas(named: Iterable[tuple[str, str]]) -> Markup:
    """Names and what they say, for the head of a page."""
    return _html(f'<meta name="{_safe(name)}" content="{_safe(content)}">\n' for name, content in named)
