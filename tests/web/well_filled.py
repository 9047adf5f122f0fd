"""A site in which every kind of page and every state of the pages can be seen, hostile records among them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Given, Run, Site, Work, publish, update
from linkeddata.record import Deletion, Record
from linkeddata.sources import open_source

BASE = "http://localhost:8080/"
HUGE = "/id/name/prolific-anna-55567180"
SEED = "/doc/record/nottingham-40697.html"
CONCEPT = "/doc/concept/topic/organisational-theory-f5ed5535.html"
PUBLISHER = "/doc/org/wiley-206b7cc7.html"
#: What is missing in a record is shown by records that lack it.
PATHS = (
    "/", "/search?q=work", "/search?q=nothingofthekind", "/search?q=%3Cscript%3E", "/browse/name", "/browse/record",
    "/browse/name?year=1990-1999", "/type/Article", "/year/1990", "/data", "/about", "/sparql", "/sparql/help",
    "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3", "/sparql?query=SELECT+%7B",
    "/sparql?query=CONSTRUCT+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3",
    "/id/record/nottingham-4069", "/id/record/gone", SEED, "/doc/record/nottingham-40697?_mediatype=image/png",
    "/doc/record/sixty.html", "/doc/record/bare.html", "/doc/record/unknown.html", "/doc/record/long.html",
    "/doc/record/rtl.html", HUGE, f"{HUGE}?page=2", "/doc/journal/issn-1467-9566.html", CONCEPT, PUBLISHER,
    "/doc/agent/nottingham-40697/waring-justin-6f2d327e.html",
)  # fmt: skip
PLAIN = {"author": ["A, Ann"], "format": ["Article"], "publishDate": ["1990"], "topic": ["x"]}
#: Markup that would run, an override of direction, a word that cannot be broken, marks upon marks.
TEXT = (
    '"><img src=x onerror=alert(1)><script>alert(2)</script>&lt;b&gt; \u202egnp\u202c '
    f"{'W' * 130} \u05e7\u05d3\u05e1\u05d8\u05e8 \U0001f469\u200d\U0001f52c a{chr(0x300) * 9}"
)
_NAMED = (
    *("title", "title_alt", "author", "author2", "author_corporate", "publisher", "topic", "container_title", "series"),
    *("genre", "geographic", "era", "institution", "collection", "building", "edition", "physical", "description"),
    *("contents", "container_volume", "container_issue", "container_reference", "language", "callnumber-raw", "url"),
)


def hostile() -> Iterator[Record]:
    """Records all of whose fields are hostile, so that the page of everything that they speak of is."""
    for name, kind in {"hostile": "Article", "hostile-chapter": "Book Chapter", "hostile-kind": TEXT}.items():
        fields = {field: [f"{field} {TEXT}"] for field in _NAMED}
        yield Record(name, {"id": [name], **fields, "format": [kind], "publishDate": ["1990"]})


def composed() -> Iterator[Record]:
    """Records that show a state each, and an author of 5,000 works."""
    sixty = {"author": [f"Writer{n}, Will" for n in range(60)], "topic": [f"Subject of study {n}" for n in range(40)]}
    told: dict[str, dict[str, list[str]]] = {
        "sixty": {**PLAIN, "title": ["Sixty people"], **sixty},
        "bare": {"title": ["Bare"]},
        "unknown": {"title": ["Of a kind nobody knows"], "format": ["Zoetrope"]},
        "long": {**PLAIN, "title": ["Longwordwithoutanyspace" * 14], "author": ["Q" * 300]},
        "rtl": {**PLAIN, "title": ["קדסטר תלת-ממדי <b>👩‍🔬</b> a\u0300\u0301\u0302\u0303"]},
        "gone": {**PLAIN, "title": ["Gone"]},
    }
    for each, fields in told.items():
        yield Record(each, {"id": [each], **fields})
    for n in range(5000):
        fields = {**PLAIN, "title": [f"Work {n} on care"], "author": ["Prolific, Anna"]}
        yield Record(f"huge-{n}", {"id": [f"huge-{n}"], **fields, "publishDate": [str(1980 + n % 45)]})


def development(shared: Path) -> Iterator[Any]:
    """Every ninth of the development records."""
    return islice(open_source(str(shared / "data" / "dev.jsonl.gz")), None, None, 9)


def fill(data: Path, shared: Path) -> None:
    """Publish the seed, 200 development records, those made above, and all hostile ones; one is withdrawn again."""
    nasty, seed = (open_source(str(shared / name)) for name in ("data/nasty.jsonl", "seed-record.json"))
    publish([*composed(), *hostile(), *development(shared), *nasty, *seed], Catalogue(data), Site(BASE), processes=1)
    update([Run(lambda _: Given([Deletion("gone")]))], Catalogue(data), Work(Site(BASE), processes=1))
