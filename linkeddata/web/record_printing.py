"""The parts of a record's page that have most in them; such pages are made more often than all others.

As in `printing`, each function gives HTML in which every value and message was escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from linkeddata.representations.appearance import Appearance
from linkeddata.representations.page import RecordPage
from linkeddata.representations.parts import MOST_NAMED
from linkeddata.representations.shelf_page import RelatedList
from linkeddata.representations.statement_table import StatementRow, StatementTable
from linkeddata.web.printing import alternates, head, lang, listed, plainly, safe, show, works
from linkeddata.wording import Wording, marked

#: What a table of statements says of itself.
_TABLE: Final = (marked("Table of statements"), marked("Property"), marked("Value"), marked("Field"), marked("mined"))


def record_head(page: RecordPage) -> str:
    """What the head of the page says but for the block of schema.org."""
    metas = [f'<meta name="{name}" content="{safe(content)}">\n' for name, content in page.meta]
    cited = f'<link rel="cite-as" href="{safe(page.data.uri)}">\n'
    return f"{head(page.data, page.description)}\n{alternates(page.exports)}{cited}{''.join(metas)}"


def opening(page: RecordPage, *, words: Wording) -> str:
    """What it is, what it is called, who made it, and where it appeared."""
    badges = [f'<span class="type" dir="auto">{safe(badge)}</span> ' for badge in page.badges]
    kind = ' class="long"' if page.long_title else "" if page.titled else ' class="mono"'
    seen = f'<p class="src">{appeared(page.seen, words=words)}</p>' if page.seen else ""
    return (
        f'<p class="badges">{"".join(badges)}</p>\n'
        f'<h1 id="t"{kind}{lang(page.title.lang)} dir="auto">{safe(page.title.value)}</h1>\n'
        f"{_makers(page, words)}{_others(page, words)}{seen}"
    )


def _makers(page: RecordPage, words: Wording) -> str:
    """The authors, of whom the first are read at once and others where the list opens."""
    first, others = page.first_authors, page.more_authors
    if not first:
        return ""
    names = safe(words.say("Authors"))
    said = f'<ul class="plain by" aria-label="{names}">{listed(first, "author", words=words)}</ul>\n'
    if not others:
        return said
    whole = len(page.authors)
    more, names = words.say("and %(count)s more", count=words.number(whole - len(first))), words.say("More authors")
    return (
        f'{said}<details class="more"><summary>{safe(more)}</summary><ul class="plain by" aria-label="{safe(names)}">'
        f"{listed(others, 'author', words=words)}</ul>{rest(whole, words=words)}</details>"
    )


def _others(page: RecordPage, words: Wording) -> str:
    """Everybody else who had a part in it."""
    if not page.contributors:
        return ""
    said, names = safe(words.say("With")), ", ".join([show(person, words=words) for person in page.named_contributors])
    return f'<p class="with">{said} {names}</p>{rest(len(page.contributors), words=words)}'


def rest(count: int, *, words: Wording) -> str:
    """Where those are that even the list which opens leaves out, if there are so many."""
    if count <= MOST_NAMED:
        return ""
    said = words.say("All %(count)s are in the data.", count=words.number(count))
    return f'<p class="small"><a href="#fmt">{safe(said)}</a></p>'


def appeared(seen: Appearance, *, words: Wording) -> str:
    """Where and when a work appeared, in one line."""
    container, numbers, place = seen.container, seen.numbers, safe(seen.place)
    within = [
        f"<i>{show(container, words=words)}</i>" if container else "",
        show(numbers, words=words) if numbers else "",
        f'<span class="mined">{place}</span>' if place and seen.pages_mined else place,
    ]
    around = [*seen.publishers, seen.date] if seen.date else seen.publishers
    line = [", ".join(filter(None, within)), *[show(text, words=words) for text in around]]
    return " · ".join(filter(None, line))


def related_works(lists: Iterable[RelatedList], *, words: Wording) -> str:
    """Lists of related works, each with the way to all of them."""
    return "".join(
        [f"<h3>{safe(each.heading)}</h3>{works(each.items, words=words)}\n{_whole(each, words)}" for each in lists]
    )


def _whole(related: RelatedList, words: Wording) -> str:
    whole = related.whole
    if whole is None:
        return ""
    called = safe(words.say("All %(count)s works:", count=whole.note))
    link = f'<a href="{safe(whole.href or "")}">{called} <span dir="auto">{safe(whole.value)}</span></a>'
    return f'<p class="small">{link}</p>'


def statements(table: StatementTable, *, words: Wording) -> str:
    """The table of what is stated of a work, which opens in place."""
    shown, own, whole = map(words.number, (table.shown, table.own, table.whole))
    cut = words.say("%(shown)s of %(count)s statements about this work", shown=shown, count=own)
    all_of_them = words.say("All %(count)s statements about this work", count=own)
    name, by, value, field, mined = (safe(words.say(each)) for each in _TABLE)
    around = words.say(
        "With what is said of the names, subjects and publications around it, "
        "the data formats hold %(count)s statements.",
        count=whole,
    )
    return (
        f"<details><summary>{safe(cut if table.shown < table.own else all_of_them)}</summary>\n"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table>\n'
        f"<caption>{safe(around)}</caption>\n"
        f'<thead><tr><th scope="col">{by}</th><th scope="col">{value}</th><th scope="col">{field}</th></tr></thead>'
        f"<tbody>\n{''.join([_row(row, f'<td>{mined}</td>') for row in table.rows])}</tbody></table></div></details>"
    )


def _row(row: StatementRow, mined: str) -> str:
    label, curie, values, field, is_mined = row
    source = mined if is_mined else f'<td translate="no">{safe(field)}</td>'
    return f'<tr><th scope="row">{safe(label)} ({safe(curie)})</th><td dir="auto">{plainly(values)}</td>{source}</tr>\n'


def excerpt(pieces: Iterable[tuple[str, str]]) -> str:
    """A text in pieces, those marked that something was read from, each with what that was."""
    return "".join([_marked(safe(text), safe(read_as)) for text, read_as in pieces])


def _marked(text: str, read_as: str) -> str:
    return f'<mark title="{read_as}">{text}</mark>' if read_as else text


#: What says something in words, and what says the same in every language.
WORDED: Final = (opening, rest, appeared, related_works, statements)
ALIKE: Final = (record_head, excerpt)
