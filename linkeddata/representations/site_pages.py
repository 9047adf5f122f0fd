"""The pages about the whole: home, the data, the foot of every page, and what is said when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import urlencode

from linkeddata.errors import LinkedDataError
from linkeddata.representations.example_queries import Thing, examples
from linkeddata.representations.histogram import Histogram, histogram
from linkeddata.representations.issue_groups import Item
from linkeddata.representations.parts import Text, capital, date_text
from linkeddata.representations.search_page import Asked
from linkeddata.vocabulary.uris import Uris
from linkeddata.wording import ENGLISH, Wording, marked

#: What a dump is, its ending and its size in bytes.
Dump: TypeAlias = tuple[str, str, int]
#: What a thing that is shown as an example is.
_SAMPLES: Final = {
    "record": marked("record"),
    "author": marked("person"),
    "journal": marked("journal"),
    "subject": marked("subject"),
}
#: So many questions stand on the home page, behind the plainest.
_QUESTIONS: Final = 5
#: What the home page counts, in this order, and the list each count leads to.
_COUNTED = {
    "records": (marked("records"), "browse/record"),
    "people": (marked("people"), "browse/name"),
    "journals": (marked("journals"), "browse/journal"),
    "subjects": (marked("subjects"), "browse/concept"),
    "statements": (marked("statements"), "data"),
}
_HEADINGS = {
    400: marked("The request cannot be understood"),
    404: marked("There is nothing at this address"),
    405: marked("This address does not take that method"),
    406: marked("Not in that format"),
    410: marked("This record was withdrawn"),
    413: marked("The request is too large"),
    429: marked("Too many requests"),
    500: marked("Something went wrong here"),
    503: marked("Not ready at the moment"),
    504: marked("That took too long"),
}
_OTHERWISE = marked("That did not work")
_SENTENCES = {
    404: marked("Nothing with this address has ever been published here. It may be mistyped."),
    406: marked("This is not offered in the format you asked for. It is offered in these:"),
    410: marked("Its address stays, and answers “gone” to programs, but nothing is said about it any more."),
    500: marked("The fault is ours and has been written to the log."),
    503: marked("Please try again in a moment."),
}


#: What each dump is called, by its ending.
_DUMPS = {"nq.gz": marked("all statements as N-Quads"), "jsonl.gz": marked("records as JSON-LD, one document a line")}


@dataclass(frozen=True, slots=True)
class Footer:
    """What the foot of every page says of the edition that is served, and of the next one where it is being made;
    `searchable` whether it has a search index."""

    edition: int
    issued: Text
    searchable: bool = False
    coming: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of something."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class DumpRow:
    """A dump: what it is, where it is, and its size for reading."""

    words: str
    href: str
    size: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page: counts, and examples chosen from what is really there: records, other things (each noted with
    its kind), questions that lead to their answers."""

    counts: tuple[Count, ...]
    issued: Text
    recent: tuple[Item, ...]
    example: str
    histogram: Histogram | None = None
    samples: tuple[Text, ...] = ()
    questions: tuple[Text, ...] = ()
    dumps: tuple[DumpRow, ...] = ()


@dataclass(frozen=True, slots=True)
class DataPage:
    """How to take the data away: the dumps with their sizes, and an example for curl."""

    base: str
    example: str
    statements: str
    issued: Text
    dumps: tuple[DumpRow, ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, in words; `links` lead on, `reference` is what to quote to the keeper, `sought` what to search
    for."""

    status: int
    heading: str
    sentence: str
    links: tuple[Text, ...] = ()
    reference: str = ""
    sought: str = ""
    #: Whether the sentence is in English, whatever the page speaks.
    foreign: bool = False


@lru_cache(maxsize=64)
def footer(
    edition: int, issued: str, *, searchable: bool = False, coming: str = "", words: Wording = ENGLISH
) -> Footer:
    """The foot of the page, from the edition's number and time of issue (ISO 8601); `coming` is when the next one is
    expected, or another word where that cannot be said."""
    return Footer(edition, date_text(issued, words), searchable, _coming(date_text(coming, words), words))


def _coming(expected: Text, words: Wording) -> str:
    if not expected.value:
        return ""
    if expected.moment is None:
        return words.say("A newer edition is being made and should be here soon.")
    return words.say("A newer edition is being made and expected at about %(when)s.", when=expected.value)


def home_page(
    counts: Mapping[str, int],
    issued: str,
    recent: Sequence[tuple[str, str, str | None]],
    *,
    uris: Uris,
    years: Mapping[int, int] | None = None,
    words: Wording = ENGLISH,
) -> HomePage:
    """The home page; `recent` are URI, label and year of the newest records, `years` the works of each year."""
    items = tuple(Item(Text(label or uri, href=uris.local(uri)), year=year or "") for uri, label, year in recent)
    first = next((uri for uri, _, _ in recent), f"{uris.base}id/record/ID")
    root = uris.local(uris.base)
    shown = tuple(
        Count(words.say(message), words.number(counts.get(key, 0)), root + path)
        for key, (message, path) in _COUNTED.items()
    )
    return HomePage(shown, date_text(issued, words), items, first, years_picture(years or {}, root))


def with_examples(
    page: HomePage,
    samples: Mapping[str, tuple[str, str]],
    dumps: Iterable[Dump],
    *,
    uris: Uris,
    words: Wording = ENGLISH,
) -> HomePage:
    """The home page with `samples` (URI and label of a `record`, an `author`, a `journal` and a `subject`), questions
    about them, and `dumps` (what each is, its ending and bytes)."""
    things = (
        Text(label, href=uris.local(uri), note=words.say(_SAMPLES[kind])) for kind, (uri, label) in samples.items()
    )
    asked = tuple(_questions(samples, uris.local(uris.base), words))
    example, _ = samples.get("record", (page.example, ""))
    rows = _dump_rows(dumps, uris, words)
    return replace(page, example=example, samples=tuple(things), questions=asked, dumps=rows)


def _questions(samples: Mapping[str, tuple[str, str]], root: str, words: Wording) -> Iterator[Text]:
    """The first questions that the query page has as examples, each leading to its answer."""
    asked = examples({kind: Thing(*thing) for kind, thing in samples.items()})
    for example in asked[1 : 1 + _QUESTIONS]:
        said = words.say(example.message, label=example.label)
        yield Text(said, href=f"{root}sparql?{urlencode({'query': example.query})}")


def _dump_rows(dumps: Iterable[Dump], uris: Uris, words: Wording) -> tuple[DumpRow, ...]:
    latest = uris.local(f"{uris.base}dump/latest.")
    return tuple(
        DumpRow(capital(words.say(_DUMPS.get(ending, what))), latest + ending, size_text(size, words))
        for what, ending, size in dumps
    )


def years_picture(years: Mapping[int, int], root: str, narrowed: tuple[str, str] | None = None) -> Histogram | None:
    """Works by year, each bar leading to a search for those of its years, `narrowed` by a parameter and a key."""
    asked = Asked(root, under=(narrowed,) if narrowed else ())
    return histogram(years, lambda span: replace(asked, years=span).address())


def data_page(
    counts: Mapping[str, int],
    issued: str,
    *,
    example: str | None,
    dumps: Iterable[Dump],
    uris: Uris,
    words: Wording = ENGLISH,
) -> DataPage:
    """The page about the data; `example` is the URI of any record, `dumps` are what each is, its ending and bytes."""
    shown = example or f"{uris.base}id/record/ID"
    rows = _dump_rows(dumps, uris, words)
    return DataPage(uris.base, shown, words.number(counts.get("statements", 0)), date_text(issued, words), rows)


def error_page(
    status: int,
    said: str | LinkedDataError | None = None,
    *,
    links: Sequence[Text] = (),
    reference: str = "",
    sought: str = "",
    words: Wording = ENGLISH,
) -> ErrorPage:
    """What is said of a status; the message or the error given wins over the usual sentence."""
    heading = words.say(_HEADINGS.get(status, _OTHERWISE))
    error = said if isinstance(said, LinkedDataError) else LinkedDataError(said or _SENTENCES.get(status, ""))
    foreign = not words.knows(error.message)
    return ErrorPage(status, heading, words.told(error), tuple(links), reference, sought, foreign)


def size_text(count: int, words: Wording = ENGLISH) -> str:
    """A number of bytes for reading.

    >>> size_text(512), size_text(38_400_000)
    ('512 bytes', '38.4 MB')
    """
    for unit, worth in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= worth:
            return f"{words.number(count / worth, 1)} {unit}"
    return words.plural("%(num)s byte", "%(num)s bytes", count)
